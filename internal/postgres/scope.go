package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/guatu/guatu/internal/auth"
)

// Contexts of row-level security: who looks (migrations/00030_context.sql).
const (
	contextProgram = "program"
	contextMemory  = "memory"
	contextAudit   = "audit"
	contextGate    = "gate"
	contextArchive = "archive"
)

// roleContext is the context that a role's connections have from their beginning.
// The application's have none: each of its transactions says for whom it is.
func roleContext(role string) string {
	switch role {
	case RoleReader:
		return contextMemory
	case RoleAuditor:
		return contextAudit
	case RoleGate:
		return contextGate
	case RoleArchive:
		return contextArchive
	}
	return ""
}

// contextOf is the context of a scope; empty, which sees nothing, for nobody and for codes that are none.
func (s *Store) contextOf(ctx context.Context, scope auth.Scope) (string, error) {
	a := scope.Actor()
	if a.ID == "" {
		return "", nil
	}
	if a == auth.System() {
		return contextProgram, nil
	}
	unit, err := s.unitID(ctx, a.Unit)
	parts := []string{"person", a.Role, a.Unit, a.Village, a.ID, unit}
	text := strings.Join(parts, "|")
	if strings.Count(text, "|") != len(parts)-1 {
		return "", err
	}
	return text, err
}

// unitID is the id of a unit as text, "" for none. Units neither go nor change their codes: each is looked up once.
func (s *Store) unitID(ctx context.Context, code string) (string, error) {
	if code == "" {
		return "", nil
	}
	if known, ok := s.units.Load(code); ok {
		return known.(string), nil //nolint:forcetypeassert // nothing else is stored
	}
	var id string
	err := s.program().QueryRow(ctx, `SELECT id::text FROM unit WHERE code = $1 ORDER BY id DESC LIMIT 1`, code).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return "0", nil // no unit has this id: nothing is theirs
	}
	if err == nil {
		s.units.Store(code, id)
	}
	return id, err
}

// setContext says who looks, and that plans are made once: with policies planning is what costs.
const setContext = `SELECT set_config('guatu.context', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true)`

// asked is the application's pool for somebody.
type asked struct {
	store *Store
	scope auth.Scope
}

// as asks for somebody.
func (s *Store) as(scope auth.Scope) asked { return asked{s, scope} }

// program asks for the program itself.
func (s *Store) program() asked { return asked{s, auth.Everything()} }

// begin takes a connection and the context that its first statement sets.
func (a asked) begin(ctx context.Context) (*pgxpool.Conn, string, error) {
	in, err := a.store.contextOf(ctx, a.scope)
	if err != nil {
		return nil, "", err
	}
	conn, err := a.store.app.Acquire(ctx)
	if err != nil {
		return nil, "", fmt.Errorf("acquire a connection: %w", err)
	}
	return conn, in, nil
}

// Query runs one statement; the context travels with it, in one round trip and one transaction.
func (a asked) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	conn, in, err := a.begin(ctx)
	if err != nil {
		return nil, err
	}
	b := &pgx.Batch{}
	b.Queue(setContext, in)
	b.Queue(sql, args...)
	sent := conn.SendBatch(ctx, b)
	if _, err := sent.Exec(); err != nil {
		_ = sent.Close() // its error is the one at hand
		conn.Release()
		return nil, err
	}
	rows, err := sent.Query()
	return &askedRows{Rows: rows, end: func() error { defer conn.Release(); return sent.Close() }}, err
}

// QueryRow runs a statement for its first row.
func (a asked) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	rows, err := a.Query(ctx, sql, args...)
	return askedRow{rows, err}
}

// askedRows give their connection back when they are closed.
type askedRows struct {
	pgx.Rows
	end func() error
	err error
}

func (r *askedRows) Next() bool {
	if r.Rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *askedRows) Close() {
	r.Rows.Close()
	if r.end != nil {
		r.err, r.end = r.end(), nil
	}
}

func (r *askedRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	return r.err
}

type askedRow struct {
	rows pgx.Rows
	err  error
}

func (r askedRow) Scan(dest ...any) error {
	if r.rows == nil {
		return r.err
	}
	defer r.rows.Close()
	switch {
	case r.err != nil:
		return r.err
	case !r.rows.Next():
		if err := r.rows.Err(); err != nil {
			return err
		}
		return pgx.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	r.rows.Close()
	return r.rows.Err()
}

// reading is one transaction that reads.
type reading interface {
	querier
	rowsQuerier
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// inside runs f in a transaction of a context that sees one revision and writes nothing. It begins with its first reading, of the revision.
func (a asked) inside(ctx context.Context, f func(t reading, revision int64) error) error {
	conn, in, err := a.begin(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var revision int64
	b := &pgx.Batch{}
	b.Queue(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
	b.Queue(setContext, in)
	b.Queue(`SELECT id FROM journal_head`).QueryRow(func(row pgx.Row) error { return row.Scan(&revision) })
	err = conn.SendBatch(ctx, b).Close()
	if err == nil {
		err = f(conn.Conn(), revision)
	}
	// It wrote nothing: the end takes nothing back. A connection that cannot even do that is thrown away by the pool.
	if _, endErr := conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`); err == nil {
		err = endErr
	}
	return err
}
