package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

var _ auth.Store = (*Store)(nil)

const accountColumns = `a.login, a.person, a.password, a.changed_at, a.must_change, a.disabled, a.created_at, coalesce(a.signed_in_at, '0001-01-01 00:00:00+00')`

func accountFields(a *auth.Account) []any {
	return []any{&a.Login, &a.Person, &a.Password, &a.ChangedAt, &a.MustChange, &a.Disabled, &a.CreatedAt, &a.SignedInAt}
}

// Account finds an account; see auth.Accounts.
func (s *Store) Account(ctx context.Context, login string) (auth.Account, error) {
	var a auth.Account
	err := s.gate.QueryRow(ctx, `SELECT `+accountColumns+` FROM account a WHERE a.login = $1`, login).Scan(accountFields(&a)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, fault.New(fault.KindNotFound, "account_not_found", "没有这个账号", "there is no such account")
	}
	return a, translate(err)
}

// Listed gives every account with its person; see auth.Accounts.
func (s *Store) Listed(ctx context.Context) ([]auth.Listed, error) {
	rows, err := s.gate.Query(ctx, `SELECT `+accountColumns+`, p.code, p.name, p.role, coalesce(u.code, ''), p.village
		FROM account a JOIN person p ON p.code = a.person LEFT JOIN unit u ON u.id = p.unit_id ORDER BY a.login`)
	if err != nil {
		return nil, translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (auth.Listed, error) {
		var l auth.Listed
		err := row.Scan(append(accountFields(&l.Account), &l.Actor.ID, &l.Actor.Name, &l.Actor.Role, &l.Actor.Unit, &l.Actor.Village)...)
		return l, err
	})
	return list, translate(err)
}

// AddAccounts stores new accounts; see auth.Accounts.
func (s *Store) AddAccounts(ctx context.Context, all []auth.Account) error {
	b := &pgx.Batch{} // sent at once, it is one transaction
	for _, a := range all {
		b.Queue(`INSERT INTO account (login, person, password, changed_at, must_change, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			a.Login, a.Person, a.Password, a.ChangedAt, a.MustChange, a.CreatedAt)
	}
	return translate(s.gate.SendBatch(ctx, b).Close())
}

// SetPassword replaces a password and ends the account's sessions; see auth.Accounts.
func (s *Store) SetPassword(ctx context.Context, a auth.Account) error {
	_, err := s.gate.Exec(ctx, `WITH ended AS (DELETE FROM session WHERE login = $1)
		UPDATE account SET password = $2, changed_at = $3, must_change = $4 WHERE login = $1`, a.Login, a.Password, a.ChangedAt, a.MustChange)
	return translate(err)
}

// SetDisabled closes or opens an account; see auth.Accounts.
func (s *Store) SetDisabled(ctx context.Context, login string, disabled bool) error {
	_, err := s.gate.Exec(ctx, `WITH ended AS (DELETE FROM session WHERE login = $1 AND $2)
		UPDATE account SET disabled = $2 WHERE login = $1`, login, disabled)
	return translate(err)
}

// OpenSession stores a session; see auth.Sessions.
func (s *Store) OpenSession(ctx context.Context, token, replaced []byte, v auth.Session, stale time.Time) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM session WHERE token = $1 OR began_at < $2`, replaced, stale)
	b.Queue(`INSERT INTO session (token, login, address, agent, began_at, active_at) VALUES ($1, $2, $3, $4, $5, $6)`, token, v.Login, v.Address, v.Agent, v.BeganAt, v.ActiveAt)
	b.Queue(`UPDATE account SET signed_in_at = $2 WHERE login = $1`, v.Login, v.BeganAt)
	return translate(s.gate.SendBatch(ctx, b).Close())
}

// Session finds a session; see auth.Sessions.
func (s *Store) Session(ctx context.Context, token []byte) (v auth.Session, mustChange bool, err error) {
	err = s.gate.QueryRow(ctx, statement("session"), token).Scan(&v.Login, &v.Address, &v.Agent, &v.BeganAt, &v.ActiveAt, &v.ChangedAt, &mustChange,
		&v.Actor.ID, &v.Actor.Name, &v.Actor.Role, &v.Actor.Unit, &v.Actor.Village)
	if errors.Is(err, pgx.ErrNoRows) {
		return v, false, fault.New(fault.KindNotFound, "session_not_found", "没有登录", "nobody is signed in")
	}
	return v, mustChange, translate(err)
}

// TouchSession notes activity; see auth.Sessions.
func (s *Store) TouchSession(ctx context.Context, token []byte, at time.Time) error {
	_, err := s.gate.Exec(ctx, `UPDATE session SET active_at = greatest(active_at, $2) WHERE token = $1`, token, at)
	return translate(err)
}

// CloseSession ends a session; see auth.Sessions.
func (s *Store) CloseSession(ctx context.Context, token []byte) error {
	_, err := s.gate.Exec(ctx, `DELETE FROM session WHERE token = $1`, token)
	return translate(err)
}

// CloseSessions ends every session of an account; see auth.Sessions.
func (s *Store) CloseSessions(ctx context.Context, login string) error {
	_, err := s.gate.Exec(ctx, `DELETE FROM session WHERE login = $1`, login)
	return translate(err)
}

// CountAttempt counts an attempt to sign in; see auth.Store.
func (s *Store) CountAttempt(ctx context.Context, login []byte, address string, now time.Time, limit int, lock time.Duration) (int, error) {
	var n int
	b := &pgx.Batch{}
	// Skipping what another attempt holds: two sweeps at once must not wait for each other.
	b.Queue(`DELETE FROM sign_in_attempt WHERE ctid = ANY (ARRAY(SELECT a.ctid FROM sign_in_attempt a WHERE a.last_at < $1 LIMIT 100 FOR UPDATE SKIP LOCKED))`, now.Add(-lock))
	b.Queue(statement("count_attempt"), login, address, now, limit, lock.Seconds()).QueryRow(func(row pgx.Row) error { return row.Scan(&n) })
	return n, translate(s.gate.SendBatch(ctx, b).Close())
}

// ForgetAttempts clears the count; see auth.Store.
func (s *Store) ForgetAttempts(ctx context.Context, login []byte, address string) error {
	_, err := s.gate.Exec(ctx, `DELETE FROM sign_in_attempt WHERE login = $1 AND address = $2`, login, address)
	return translate(err)
}
