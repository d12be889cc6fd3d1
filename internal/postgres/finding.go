package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/ledger"
)

var _ finding.Register = (*Store)(nil)

// Bring brings the findings up to what is committed; see finding.Register. Each statement sees what was committed
// before it, so what is newer than the revision is looked through again the next time.
func (s *Store) Bring(ctx context.Context, at time.Time) (revision int64, err error) {
	err = s.keeping(ctx, func(t pgx.Tx) error {
		from, head, err := lockFindings(ctx, t)
		if revision = head; err != nil || from >= head {
			return err
		}
		whole := from == 0
		_, err = makeFindings(ctx, t, at, whole, head, func(into ...any) error {
			if whole {
				return t.QueryRow(ctx, statement("findings_all")).Scan(into...)
			}
			return t.QueryRow(ctx, statement("findings_changed"), from).Scan(into...)
		})
		return err
	})
	return revision, err
}

// MakeAnew finds everything again; see finding.Register.
func (s *Store) MakeAnew(ctx context.Context, at time.Time) (r finding.Report, err error) {
	err = s.keeping(ctx, func(t pgx.Tx) error {
		_, head, err := lockFindings(ctx, t)
		if err != nil {
			return err
		}
		r, err = makeFindings(ctx, t, at, true, head, func(into ...any) error { return t.QueryRow(ctx, statement("findings_all")).Scan(into...) })
		return err
	})
	return r, err
}

// lockFindings makes the writers of findings wait for each other, and says the revision of what is kept and the newest.
func lockFindings(ctx context.Context, t pgx.Tx) (from, head int64, err error) {
	if err := t.QueryRow(ctx, `SELECT revision FROM finding_state FOR UPDATE`).Scan(&from); err != nil {
		return 0, 0, fmt.Errorf("lock the findings: %w", err)
	}
	err = t.QueryRow(ctx, `SELECT id FROM journal_head`).Scan(&head)
	return from, head, err
}

// makeFindings finds anew for what scope names, and enters the revision.
func makeFindings(ctx context.Context, t pgx.Tx, at time.Time, whole bool, head int64, scope func(into ...any) error) (finding.Report, error) {
	var r finding.Report
	var lands, parcels, cases, counted []int64
	if err := scope(&lands, &parcels, &cases, &counted); err != nil {
		return r, fmt.Errorf("ask what changed: %w", err)
	}
	if err := t.QueryRow(ctx, statement("findings_make"), lands, parcels, cases, counted, at, whole).Scan(&r.Findings, &r.Strayed); err != nil {
		return r, fmt.Errorf("look the land through: %w", err)
	}
	_, err := t.Exec(ctx, `UPDATE finding_state SET revision = $1`, head)
	return r, err
}

// Findings reads what is found; see finding.Register.
func (s *Store) Findings(ctx context.Context) ([]finding.Finding, campaign.Date, error) {
	found, err := collect(ctx, s.reader, scanFinding, statement("findings"))
	if err != nil {
		return nil, "", translate(err)
	}
	var night campaign.Date
	err = s.reader.QueryRow(ctx, `SELECT coalesce(max(due)::text, '') FROM finding_run WHERE ended IS NOT NULL`).Scan(&night)
	return found, night, translate(err)
}

func scanFinding(row pgx.CollectableRow) (finding.Finding, error) {
	var f finding.Finding
	var wire []byte
	var w struct {
		id             *int64
		reason, author *string
		at             *time.Time
		batch          *uuid.UUID
	}
	err := row.Scan(&f.Rule, &f.Noun, &f.One, &f.Other, &f.Area, &f.Place[0], &f.Place[1], &wire, &f.FoundAt, &f.Cases, &w.id, &w.reason, &w.author, &w.at, &w.batch)
	if err != nil {
		return f, err
	}
	if w.id != nil && w.batch != nil {
		f.Waiver = &finding.Waiver{ID: *w.id, Reason: *w.reason, Author: *w.author, MadeAt: *w.at, Batch: *w.batch}
	}
	f.Ground, err = ground(wire)
	return f, err
}

// NightDue enters the check of a day; see finding.Register.
func (s *Store) NightDue(ctx context.Context, day campaign.Date, at time.Time) (bool, error) {
	n, err := s.order(ctx, `INSERT INTO finding_run (due, began) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT finding_run_pk
		DO UPDATE SET began = excluded.began WHERE finding_run.ended IS NULL AND finding_run.began < excluded.began - interval '6 hours'`, string(day), at)
	return n == 1, err
}

// NightEnded enters what the check found; see finding.Register.
func (s *Store) NightEnded(ctx context.Context, day campaign.Date, r finding.Report) error {
	_, err := s.order(ctx, `UPDATE finding_run SET ended = $2, findings = $3, strayed = $4 WHERE due = $1`, string(day), r.Ended, r.Findings, r.Strayed)
	return err
}

// FindingNow reads a finding and the waiver on it; see ledger.Ground.
func (t *tx) FindingNow(ctx context.Context, rule string, one, other int64) (area geo.Area, w ledger.Waiver, found bool, err error) {
	err = t.QueryRow(ctx, `SELECT f.area, coalesce(w.id, 0) FROM finding f LEFT JOIN waiver w ON w.rule = f.rule AND w.one = f.one AND w.other = f.other
		WHERE f.rule = $1 AND f.one = $2 AND f.other = $3`, rule, one, other).Scan(&area, &w.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, w, false, nil
	}
	if err != nil || w.ID == 0 {
		return area, w, err == nil, err
	}
	there, err := t.Waivers(ctx, []int64{w.ID})
	return area, there[w.ID], true, err
}

const waiverColumns = `id, version, rule, one, other, area, reason, author, made_at, batch`

// Waivers reads and locks waivers; see ledger.Ground.
func (t *tx) Waivers(ctx context.Context, ids []int64) (map[int64]ledger.Waiver, error) {
	found, err := collect(ctx, t, pgx.RowToStructByPos[ledger.Waiver], `SELECT `+waiverColumns+` FROM waiver WHERE id = ANY($1) ORDER BY id FOR UPDATE`, ids)
	waivers := make(map[int64]ledger.Waiver, len(found))
	for _, w := range found {
		waivers[w.ID] = w
	}
	return waivers, err
}

func scanWaiverState(row pgx.CollectableRow) (ledger.NounState, error) {
	w, err := pgx.RowToStructByPos[ledger.Waiver](row)
	return state(w.ID, w.Version, err, func() (ledger.Fields, error) { return ledger.WaiverFields(w) })
}

func queueWaivers(b *pgx.Batch, w ledger.Writes) {
	if len(w.RemovedWaivers) > 0 {
		b.Queue(`DELETE FROM waiver WHERE id = ANY($1)`, w.RemovedWaivers)
	}
	for _, each := range w.Waivers {
		// One that no longer holds, because its finding has grown, gives way to the new one by name: its id stays.
		b.Queue(`INSERT INTO waiver (`+waiverColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT ON CONSTRAINT waiver_pk DO UPDATE SET version = excluded.version, area = excluded.area, reason = excluded.reason, author = excluded.author, made_at = excluded.made_at, batch = excluded.batch`,
			each.ID, each.Version, each.Rule, each.One, each.Other, each.Area, each.Reason, each.Author, each.MadeAt, each.Batch)
	}
}
