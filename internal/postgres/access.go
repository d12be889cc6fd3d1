package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

var (
	_ audit.Appender = (*Store)(nil)
	_ audit.Keeping  = (*Store)(nil)
	_ audit.Evidence = (*logEvidence)(nil)
)

// AppendAccess appends to the access log; see audit.Appender.
func (s *Store) AppendAccess(ctx context.Context, at time.Time, lines []audit.Line, job audit.Job) (bool, error) {
	n := len(lines)
	happened := make([]time.Time, n)
	columns := make([][]string, 9)
	for c := range columns {
		columns[c] = make([]string, n)
	}
	for i, l := range lines {
		happened[i] = l.HappenedAt
		for c, text := range []string{string(l.Kind), l.Outcome, l.Actor, l.Login, l.Address, l.Agent, l.Request, l.Object, l.Text} {
			columns[c][i] = text
		}
	}
	args := []any{at, happened}
	for _, c := range columns {
		args = append(args, c)
	}
	var name *string
	var due *time.Time
	if job.Name != "" {
		name, due = &job.Name, &job.Due
	}
	var first, last int64
	err := s.gate.QueryRow(ctx, statement("access_append"), append(args, name, due)...).Scan(&first, &last)
	if errors.Is(err, pgx.ErrNoRows) {
		return false, nil
	}
	return err == nil, translate(err)
}

// auditing runs f in a transaction that reads the logs in one view for an actor: the database itself looks who that is.
func (s *Store) auditing(ctx context.Context, actor auth.Actor, f func(pgx.Tx) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return translate(pgx.BeginTxFunc(ctx, s.audit, options, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, actFor, actor.ID); err != nil {
			return err
		}
		return f(t)
	}))
}

// actFor tells the database who acts, until the transaction ends.
const actFor = `SELECT set_config('guatu.person', $1, true)`

const headsOfBoth = `SELECT j.id, j.hash, a.id, a.hash FROM journal_head j, access_head a`

func scanHeads(row pgx.Row) (audit.Heads, error) {
	var h audit.Heads
	err := row.Scan(&h.Journal.ID, &h.Journal.Hash, &h.Access.ID, &h.Access.Hash)
	return h, err
}

// Heads are the last entries of both chains; see audit.Keeping.
func (s *Store) Heads(ctx context.Context) (audit.Heads, error) {
	var h audit.Heads
	err := s.auditing(ctx, auth.System(), func(t pgx.Tx) (err error) {
		h, err = scanHeads(t.QueryRow(ctx, headsOfBoth))
		return err
	})
	return h, err
}

// Anchors are those of the log; see audit.Keeping.
func (s *Store) Anchors(ctx context.Context, from campaign.Date) ([]audit.Anchor, error) {
	var list []audit.Anchor
	err := s.auditing(ctx, auth.System(), func(t pgx.Tx) error {
		rows, err := t.Query(ctx, `SELECT details FROM access_log WHERE kind = $1 AND object >= $2 ORDER BY id`, audit.Anchored, string(from))
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanAnchor)
		return err
	})
	return list, err
}

func scanAnchor(row pgx.CollectableRow) (audit.Anchor, error) {
	var a audit.Anchor
	var text string
	if err := row.Scan(&text); err != nil {
		return a, err
	}
	err := json.Unmarshal([]byte(text), &a)
	return a, err
}

// LastBefore is the newest entry before a time; see audit.Keeping.
func (s *Store) LastBefore(ctx context.Context, before time.Time) (audit.Head, error) {
	var h audit.Head
	err := s.auditing(ctx, auth.System(), func(t pgx.Tx) error {
		err := t.QueryRow(ctx, `SELECT id, hash FROM access_log WHERE recorded_at < $1 ORDER BY recorded_at DESC, id DESC LIMIT 1`, before).Scan(&h.ID, &h.Hash)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	return h, err
}

// Trim removes what the newest cut names, as a role that can do nothing else; see audit.Keeping.
func (s *Store) Trim(ctx context.Context) (int64, error) {
	var cut, n int64
	err := s.auditing(ctx, auth.System(), func(t pgx.Tx) error {
		return t.QueryRow(ctx, `SELECT id FROM access_log WHERE kind = $1 ORDER BY id DESC LIMIT 1`, audit.Cut).Scan(&cut)
	})
	if err != nil {
		return 0, err
	}
	cfg, err := s.server.config(RoleArchive)
	if err != nil {
		return 0, err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg.ConnConfig)
	if err != nil {
		return 0, translate(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, `SELECT access_trim($1)`, cut).Scan(&n)
	return n, translate(err)
}

// AccessEntries reads the log; see audit.Library.
func (s *Store) AccessEntries(ctx context.Context, reader auth.Actor, q audit.Query) ([]audit.Row, error) {
	var list []audit.Row
	err := s.auditing(ctx, reader, func(t pgx.Tx) error {
		rows, err := t.Query(ctx, statement("access_entries"), orNilTime(q.From), orNilTime(q.Until), orNone(q.Kinds), q.Person, q.Address, q.Outcome, q.Object, q.Before, q.Limit)
		if err != nil {
			return err
		}
		list, err = pgx.CollectRows(rows, scanAccess)
		return err
	})
	return list, err
}

func orNilTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// VerifyLog verifies the access log, and both chains against what lies outside the database, in one consistent view.
func (s *Store) VerifyLog(ctx context.Context, w audit.Witnesses) (audit.Report, error) {
	var report audit.Report
	err := s.auditing(ctx, auth.System(), func(t pgx.Tx) (err error) {
		report, err = audit.Verify(ctx, &logEvidence{t}, w)
		return err
	})
	return report, err
}

// logEvidence implements audit.Evidence.
type logEvidence struct{ tx pgx.Tx }

// Heads implements audit.Evidence.
func (e *logEvidence) Heads(ctx context.Context) (audit.Heads, error) {
	return scanHeads(e.tx.QueryRow(ctx, headsOfBoth))
}

const accessColumns = `id, prev_hash, hash, recorded_at, happened_at, kind, outcome, actor, login, address, agent, request, object, details`

func scanAccess(row pgx.CollectableRow) (audit.Row, error) {
	var r audit.Row
	err := row.Scan(&r.ID, &r.PrevHash, &r.Hash, &r.RecordedAt, &r.HappenedAt, &r.Kind, &r.Outcome, &r.Actor, &r.Login, &r.Address, &r.Agent, &r.Request, &r.Object, &r.Text)
	return r, err
}

// Log implements audit.Evidence.
func (e *logEvidence) Log(ctx context.Context) iter.Seq2[audit.Row, error] {
	return sequence(ctx, e.tx, scanAccess, `SELECT `+accessColumns+` FROM access_log ORDER BY id`)
}

// JournalHashes implements audit.Evidence.
func (e *logEvidence) JournalHashes(ctx context.Context, ids []int64) (map[int64][]byte, error) {
	rows, err := e.tx.Query(ctx, `SELECT id, hash FROM journal WHERE id = ANY($1)`, ids)
	if err != nil {
		return nil, err
	}
	hashes := map[int64][]byte{}
	var id int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &hash}, func() error {
		hashes[id] = append([]byte(nil), hash...)
		return nil
	})
	return hashes, err
}

// Entered implements audit.Evidence.
func (e *logEvidence) Entered(ctx context.Context) ([]audit.Entered, error) {
	rows, err := e.tx.Query(ctx, `SELECT id, version, body FROM journal WHERE noun = $1 ORDER BY id`, ledger.NounLog)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (audit.Entered, error) {
		var t audit.Entered
		var text string
		if err := row.Scan(&t.Revision, &t.ID, &text); err != nil {
			return t, err
		}
		var body struct{ After struct{ Hash string } }
		if err := json.Unmarshal([]byte(text), &body); err != nil {
			return t, fmt.Errorf("entry %d of the journal: %w", t.Revision, err)
		}
		var err error
		t.Hash, err = hex.DecodeString(body.After.Hash)
		return t, err
	})
}
