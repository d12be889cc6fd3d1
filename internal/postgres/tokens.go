package postgres

import (
	"context"
	"errors"
	"net/netip"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

var _ auth.TokenStore = (*Store)(nil)

//nolint:gosec // a statement, no secret
const tokenRows = `SELECT t.id, t.kind, t.name, t.login, t.made_by, t.unit, t.may_change, t.networks, t.made_at, t.expires_at, t.used_at, t.used_from, t.revoked_at, t.revoked_by, t.unsent, t.unsent_at,
	a.disabled, p.code, p.name, p.role, coalesce(u.code, ''), p.village
	FROM token t JOIN account a ON a.login = t.login JOIN person p ON p.code = a.person LEFT JOIN unit u ON u.id = p.unit_id `

func scanToken(row pgx.CollectableRow) (auth.Token, error) {
	var t auth.Token
	var closed bool
	var expires, used, revoked, told *time.Time
	err := row.Scan(&t.ID, &t.Kind, &t.Name, &t.Login, &t.MadeBy, &t.Unit, &t.MayChange, &t.Networks, &t.MadeAt, &expires, &used, &t.UsedFrom, &revoked, &t.RevokedBy, &t.Unsent, &told,
		&closed, &t.Owner.ID, &t.Owner.Name, &t.Owner.Role, &t.Owner.Unit, &t.Owner.Village)
	for _, each := range []struct {
		from *time.Time
		to   *time.Time
	}{{expires, &t.ExpiresAt}, {used, &t.UsedAt}, {revoked, &t.RevokedAt}, {told, &t.UnsentAt}} {
		if each.from != nil {
			*each.to = *each.from
		}
	}
	return t.Closed(closed), err
}

func (s *Store) token(ctx context.Context, where string, by any) (auth.Token, error) {
	rows, err := s.gate.Query(ctx, tokenRows+where, by)
	if err != nil {
		return auth.Token{}, translate(err)
	}
	t, err := pgx.CollectExactlyOneRow(rows, scanToken)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, fault.New(fault.KindNotFound, "token_not_found", "没有这个令牌", "there is no such token")
	}
	return t, translate(err)
}

// TokenBySecret finds a token; see auth.TokenStore.
func (s *Store) TokenBySecret(ctx context.Context, hash []byte) (auth.Token, error) {
	return s.token(ctx, `WHERE t.hash = $1`, hash)
}

// TokenByID finds a token; see auth.TokenStore.
func (s *Store) TokenByID(ctx context.Context, id int64) (auth.Token, error) {
	return s.token(ctx, `WHERE t.id = $1`, id)
}

// Tokens lists tokens; see auth.TokenStore.
func (s *Store) Tokens(ctx context.Context, login string) ([]auth.Token, error) {
	rows, err := s.gate.Query(ctx, tokenRows+`WHERE $1 = '' OR t.login = $1 ORDER BY t.id DESC`, login)
	if err != nil {
		return nil, translate(err)
	}
	list, err := pgx.CollectRows(rows, scanToken)
	return list, translate(err)
}

// AddToken stores a token; see auth.TokenStore.
func (s *Store) AddToken(ctx context.Context, hash []byte, t auth.Token) (id int64, err error) {
	networks := t.Networks
	if networks == nil {
		networks = []netip.Prefix{}
	}
	err = s.gate.QueryRow(ctx, `INSERT INTO token (kind, hash, name, login, made_by, unit, may_change, networks, made_at, expires_at, used_at, used_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id`,
		t.Kind, hash, t.Name, t.Login, t.MadeBy, t.Unit, t.MayChange, networks, t.MadeAt, orNull(t.ExpiresAt), orNull(t.UsedAt), t.UsedFrom).Scan(&id)
	return id, translate(err)
}

// TouchToken notes a use; see auth.TokenStore.
func (s *Store) TouchToken(ctx context.Context, id int64, at time.Time, from string, expires time.Time) error {
	_, err := s.gate.Exec(ctx, `UPDATE token SET used_at = $2, used_from = $3, expires_at = coalesce($4, expires_at) WHERE id = $1 AND revoked_at IS NULL`, id, at, from, orNull(expires))
	return translate(err)
}

// TellUnsent keeps what a phone says; see auth.TokenStore.
func (s *Store) TellUnsent(ctx context.Context, id int64, unsent int, at time.Time) error {
	_, err := s.gate.Exec(ctx, `UPDATE token SET unsent = $2, unsent_at = $3 WHERE id = $1`, id, unsent, at)
	return translate(err)
}

// RevokeToken ends a token; see auth.TokenStore.
func (s *Store) RevokeToken(ctx context.Context, id int64, at time.Time, by string) error {
	_, err := s.gate.Exec(ctx, `UPDATE token SET revoked_at = $2, revoked_by = $3 WHERE id = $1 AND revoked_at IS NULL`, id, at, by)
	return translate(err)
}

// AddEnrolment stores a code, and forgets the login's others and what has expired; see auth.TokenStore.
func (s *Store) AddEnrolment(ctx context.Context, code []byte, login string, now, expires time.Time) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM enrolment WHERE login = $1 OR expires_at < $2`, login, now)
	b.Queue(`INSERT INTO enrolment (code, login, expires_at) VALUES ($1, $2, $3)`, code, login, expires)
	return translate(s.gate.SendBatch(ctx, b).Close())
}

// TakeEnrolment takes a code once; see auth.TokenStore.
func (s *Store) TakeEnrolment(ctx context.Context, code []byte, now time.Time) (login string, err error) {
	err = s.gate.QueryRow(ctx, `DELETE FROM enrolment WHERE code = $1 AND expires_at > $2 RETURNING login`, code, now).Scan(&login)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fault.New(fault.KindNotFound, "enrolment_unknown", "没有这个二维码", "there is no such code")
	}
	return login, translate(err)
}

var _ auth.Links = (*Store)(nil)

// LinkedLogin finds the account of another system's account; see auth.Links.
func (s *Store) LinkedLogin(ctx context.Context, system, subject string) (login string, err error) {
	err = s.gate.QueryRow(ctx, `SELECT login FROM outside_account WHERE system = $1 AND subject = $2`, system, subject).Scan(&login)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", fault.New(fault.KindNotFound, "link_not_found", "没有对应的账号", "no account belongs to it")
	}
	return login, translate(err)
}

// Link says that an account of another system belongs to an account; "" takes that back.
func (s *Store) Link(ctx context.Context, system, subject, login string) error {
	b := &pgx.Batch{}
	b.Queue(`DELETE FROM outside_account WHERE system = $1 AND subject = $2`, system, subject)
	if login != "" {
		b.Queue(`INSERT INTO outside_account (system, subject, login) VALUES ($1, $2, $3)`, system, subject, login)
	}
	return translate(s.gate.SendBatch(ctx, b).Close())
}
