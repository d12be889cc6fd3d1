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

const (
	accountColumns = `a.login, a.person, a.password, a.changed_at, a.must_change, a.disabled, a.created_at, a.created_by, coalesce(a.approved_by, ''),
		coalesce(a.approved_at, '0001-01-01 00:00:00+00'), coalesce(a.signed_in_at, '0001-01-01 00:00:00+00'), p.role`
	accountsAndPeople = ` FROM account a JOIN person p ON p.code = a.person`
)

func accountFields(a *auth.Account) []any {
	return []any{&a.Login, &a.Person, &a.Password, &a.ChangedAt, &a.MustChange, &a.Disabled, &a.CreatedAt, &a.CreatedBy, &a.ApprovedBy, &a.ApprovedAt, &a.SignedInAt, &a.Role}
}

// acting runs statements as one transaction in which the database knows who acts.
func (s *Store) acting(ctx context.Context, by string, queue func(*pgx.Batch)) error {
	b := &pgx.Batch{} // sent at once, it is one transaction
	b.Queue(actFor, by)
	queue(b)
	return translate(s.gate.SendBatch(ctx, b).Close())
}

// Account finds an account; see auth.Accounts.
func (s *Store) Account(ctx context.Context, login string) (auth.Account, error) {
	var a auth.Account
	err := s.gate.QueryRow(ctx, `SELECT `+accountColumns+accountsAndPeople+` WHERE a.login = $1`, login).Scan(accountFields(&a)...)
	if errors.Is(err, pgx.ErrNoRows) {
		return a, fault.New(fault.KindNotFound, "account_not_found", "没有这个账号", "there is no such account")
	}
	return a, translate(err)
}

// Listed gives every account with its person; see auth.Accounts.
func (s *Store) Listed(ctx context.Context) ([]auth.Listed, error) {
	rows, err := s.gate.Query(ctx, `SELECT `+accountColumns+`, p.code, p.name, p.role, coalesce(u.code, ''), p.village`+accountsAndPeople+` LEFT JOIN unit u ON u.id = p.unit_id ORDER BY a.login`)
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
func (s *Store) AddAccounts(ctx context.Context, by string, all []auth.Account) error {
	return s.acting(ctx, by, func(b *pgx.Batch) {
		for _, a := range all {
			var approvedAt *time.Time
			if a.ApprovedBy != "" {
				approvedAt = &a.ApprovedAt
			}
			b.Queue(`INSERT INTO account (login, person, password, changed_at, must_change, created_at, created_by, approved_by, approved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, nullif($8, ''), $9)`,
				a.Login, a.Person, a.Password, a.ChangedAt, a.MustChange, a.CreatedAt, a.CreatedBy, a.ApprovedBy, approvedAt)
		}
	})
}

// SetPassword replaces a password and ends the account's sessions; see auth.Accounts.
func (s *Store) SetPassword(ctx context.Context, by string, a auth.Account) error {
	return s.acting(ctx, by, func(b *pgx.Batch) {
		b.Queue(`DELETE FROM session WHERE login = $1`, a.Login)
		b.Queue(`UPDATE account SET password = $2, changed_at = $3, must_change = $4 WHERE login = $1`, a.Login, a.Password, a.ChangedAt, a.MustChange)
	})
}

// SetDisabled closes or opens an account; see auth.Accounts.
func (s *Store) SetDisabled(ctx context.Context, by, login string, disabled bool) error {
	return s.acting(ctx, by, func(b *pgx.Batch) {
		b.Queue(`DELETE FROM session WHERE login = $1 AND $2`, login, disabled)
		b.Queue(`UPDATE account SET disabled = $2 WHERE login = $1`, login, disabled)
	})
}

// Approve lets an account in; see auth.Accounts.
func (s *Store) Approve(ctx context.Context, by, login string, at time.Time) error {
	return s.acting(ctx, by, func(b *pgx.Batch) {
		b.Queue(`UPDATE account SET approved_by = $2, approved_at = $3 WHERE login = $1 AND approved_by IS NULL`, login, by, at)
	})
}

// OpenSession stores a session; see auth.Sessions.
func (s *Store) OpenSession(ctx context.Context, token, replaced []byte, v auth.Session, stale time.Time) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM session WHERE token = $1 OR began_at < $2`, replaced, stale)
	b.Queue(`INSERT INTO session (token, login, address, agent, began_at, active_at, outside) VALUES ($1, $2, $3, $4, $5, $6, $7)`, token, v.Login, v.Address, v.Agent, v.BeganAt, v.ActiveAt, v.Outside)
	b.Queue(`UPDATE account SET signed_in_at = $2 WHERE login = $1`, v.Login, v.BeganAt)
	return translate(s.gate.SendBatch(ctx, b).Close())
}

// Session finds a session; see auth.Sessions.
func (s *Store) Session(ctx context.Context, token []byte) (v auth.Session, mustChange bool, err error) {
	err = s.gate.QueryRow(ctx, statement("session"), token).Scan(&v.Login, &v.Address, &v.Agent, &v.BeganAt, &v.ActiveAt, &v.Outside, &v.ChangedAt, &mustChange,
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

// Sessions are the sessions of an account; see auth.Sessions.
func (s *Store) Sessions(ctx context.Context, login string) ([]auth.Open, error) {
	rows, err := s.gate.Query(ctx, `SELECT encode(substr(token, 1, 8), 'hex'), address, agent, began_at, active_at FROM session WHERE login = $1 ORDER BY began_at DESC`, login)
	if err != nil {
		return nil, translate(err)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (auth.Open, error) {
		var o auth.Open
		err := row.Scan(&o.Name, &o.Address, &o.Agent, &o.BeganAt, &o.ActiveAt)
		return o, err
	})
	return list, translate(err)
}

// CloseNamed ends one session of an account; see auth.Sessions.
func (s *Store) CloseNamed(ctx context.Context, login, name string) (bool, error) {
	tag, err := s.gate.Exec(ctx, `DELETE FROM session WHERE login = $1 AND encode(substr(token, 1, 8), 'hex') = $2`, login, name)
	return err == nil && tag.RowsAffected() > 0, translate(err)
}

// WatchSessions listens; see auth.Sessions.
func (s *Store) WatchSessions(ctx context.Context, changed func()) error {
	return s.listen(ctx, RoleGate, "guatu_sessions", changed)
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
