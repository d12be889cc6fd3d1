package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Append writes state and journal and commits, in one round trip, the head lock
// last; an operation in parts takes two round trips a part. See ledger.Tx.
func (t *tx) Append(ctx context.Context, w ledger.Writes, end ledger.Ending) (ledger.Revisions, error) {
	var revs ledger.Revisions
	b := &pgx.Batch{}
	if err := queueWrites(b, w); err != nil {
		return revs, err
	}
	if end.Parts != nil {
		if err := t.appendParts(ctx, b, end); err != nil {
			return revs, err
		}
		b = &pgx.Batch{}
	}
	if err := queueEntries(b, end, end.Entries, &revs); err != nil {
		return revs, err
	}
	if err := t.commit(ctx, b); err != nil {
		return revs, fmt.Errorf("append to the journal: %w", err)
	}
	return revs, nil
}

// appendParts writes b and the parts; after an error nothing of them is left, and the transaction goes on.
func (t *tx) appendParts(ctx context.Context, b *pgx.Batch, end ledger.Ending) error {
	if _, err := t.Exec(ctx, "SAVEPOINT parts"); err != nil {
		return err
	}
	err := t.SendBatch(ctx, b).Close()
	if err == nil {
		err = end.Parts(ctx, func(p ledger.Part) error { return t.appendPart(ctx, p, end) })
	}
	if err == nil {
		return nil
	}
	if _, rollbackErr := t.Exec(ctx, "ROLLBACK TO SAVEPOINT parts"); rollbackErr != nil {
		return errors.Join(err, rollbackErr)
	}
	return err
}

func (t *tx) appendPart(ctx context.Context, p ledger.Part, end ledger.Ending) error {
	b := &pgx.Batch{}
	if err := queueWrites(b, p.Writes); err != nil {
		return err
	}
	part := end
	part.Conflicts = nil
	if err := queueEntries(b, part, p.Entries, nil); err != nil {
		return err
	}
	if err := t.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("append a part to the journal: %w", err)
	}
	return nil
}

func queueWrites(b *pgx.Batch, w ledger.Writes) error {
	if err := queueSetUp(b, w); err != nil {
		return err
	}
	if w.Staged {
		b.Queue(statement("staged_insert"))
		b.Queue(statement("staged_update"))
	}
	// A credit code that moves from one to another is given up before it is taken.
	slices.SortStableFunc(w.Enterprises, func(a, b ledger.Enterprise) int { return cmp.Compare(min(len(a.Code), 1), min(len(b.Code), 1)) })
	for _, e := range w.Enterprises {
		b.Queue(statement("write_enterprise"), e.ID, e.Version, e.Code, e.Name, e.Label, e.Kind, e.Unit, e.Village, e.Industry, e.AboveScale, orEmptyMap(e.Evaluations), orEmptyMap(e.TaxPerMu), e.MergedInto)
	}
	queueContacts(b, w)
	for _, p := range w.Parcels { // before the cases that stand on them
		b.Queue(statement("write_parcel"), p.ID, p.Version, p.Code, p.Label, p.Unit, p.Shape, p.Attributes)
	}
	if err := queueCases(b, w.Cases); err != nil {
		return err
	}
	if err := queueSheets(b, w); err != nil {
		return err
	}
	queueRemovedLands(b, w)
	queueRemovedPhotos(b, w)
	queueRemoved(b, w)
	if err := queueLands(b, w); err != nil {
		return err
	}
	queuePhotos(b, w)
	queueWaivers(b, w)
	queueBulletins(b, w)
	queueOrders(b, w)
	queueNotices(b, w)
	queueSettled(b, w)
	queueMeetings(b, w)
	if err := queueReferences(b, w); err != nil {
		return err
	}
	for _, k := range w.Conflicts {
		b.Queue(statement("write_conflict"), k.ID, k.Version, k.Noun, k.NounID, k.Field, k.Standing, k.Kept, k.Actor, k.HappenedAt, k.Resolution, k.Why)
	}
	return nil
}

func queueSetUp(b *pgx.Batch, w ledger.Writes) error {
	for _, c := range w.Campaigns {
		b.Queue(`INSERT INTO campaign (id, version, code, definition) VALUES ($1, $2, $3, $4)
			ON CONFLICT ON CONSTRAINT campaign_pk DO UPDATE SET version = excluded.version, code = excluded.code, definition = excluded.definition`,
			c.ID, c.Version, c.Definition.Code, c.Definition)
	}
	for _, mp := range w.Shapes {
		wire, err := ewkb.MarshalMultiPolygon(mp, srid)
		if err != nil {
			return fmt.Errorf("encode a boundary: %w", err)
		}
		area, plane := measured(mp)
		b.Queue(statement("write_shape"), wire, area, plane)
	}
	for _, u := range w.Units {
		b.Queue(`INSERT INTO unit (id, version, campaign_id, code, sort, name_zh, name_en, short_zh, short_en, outside, shape)
			VALUES ($1, $2, (SELECT c.id FROM campaign c WHERE c.code = $3), $4, $5, $6, $7, $8, $9, $10, $11)`,
			u.ID, u.Version, u.Campaign, u.Code, u.Sort, u.Name.ZH, u.Name.EN, u.Short.ZH, u.Short.EN, u.Outside, u.Shape)
	}
	for _, p := range w.People {
		b.Queue(`INSERT INTO person (id, version, code, sort, name, role, unit_id, village) VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 <> '' THEN coalesce((SELECT u.id FROM unit u WHERE u.code = $7), 0) END, $8)
			ON CONFLICT ON CONSTRAINT person_pk DO UPDATE SET version = excluded.version, name = excluded.name, role = excluded.role, unit_id = excluded.unit_id, village = excluded.village`,
			p.ID, p.Version, p.Code, p.Sort, p.Name, p.Role, p.Unit, p.Village)
	}
	return nil
}

// markRow is a milestone as the statement takes it.
type markRow struct {
	Case int64  `json:"case_id"`
	Code string `json:"code"`
	campaign.Mark
}

// queueCases writes cases, then the milestones of all of them in one statement: the policies of rows make each cost its start.
func queueCases(b *pgx.Batch, list []ledger.CaseWrite) error {
	if len(list) == 0 {
		return nil
	}
	ids, marks := make([]int64, len(list)), []markRow{}
	for i, w := range list {
		c, st := w.Case, w.Standing
		b.Queue(statement("write_case"), c.ID, c.Version, c.Campaign, c.Track, c.Code, c.Label, c.Unit, c.Responsible, c.Note, st.Stage, st.Next, string(st.Deadline),
			c.Batch, c.Village, c.Kind, c.Disposal, c.Enterprise, int64(c.Recovered), int64(c.Effective), int64(c.Floor), orEmptyMap(c.Sides), orEmptyMap(c.Requests), c.Rebounds)
		ids[i] = c.ID
		for code, m := range c.Marks {
			if m != (campaign.Mark{}) {
				marks = append(marks, markRow{c.ID, code, m})
			}
		}
	}
	text, err := json.Marshal(marks)
	if err != nil {
		return fmt.Errorf("encode milestones: %w", err)
	}
	b.Queue(statement("write_milestones"), ids, string(text))
	for _, w := range list {
		queueShares(b, w)
	}
	return nil
}

func queueShares(b *pgx.Batch, w ledger.CaseWrite) {
	if !w.SharesChanged {
		return
	}
	parcels, areas := make([]int64, len(w.Case.Shares)), make([]int64, len(w.Case.Shares))
	for i, s := range w.Case.Shares {
		parcels[i], areas[i] = s.Parcel, int64(s.Area)
	}
	b.Queue(statement("write_shares"), w.Case.ID, parcels, areas)
}

// orEmptyMap writes {} for a nil map, where null would be another value.
func orEmptyMap[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

// queueRemoved removes what other rows referred to until now.
func queueRemoved(b *pgx.Batch, w ledger.Writes) {
	if len(w.RemovedCases) > 0 {
		b.Queue(`DELETE FROM case_file WHERE id = ANY($1)`, w.RemovedCases)
	}
	if len(w.RemovedEnterprises) > 0 {
		b.Queue(`DELETE FROM enterprise WHERE id = ANY($1)`, w.RemovedEnterprises)
	}
	if len(w.RemovedParcels) > 0 {
		b.Queue(`DELETE FROM parcel WHERE id = ANY($1)`, w.RemovedParcels)
	}
}

// queueEntries appends entries; with revs it is the last part, which closes the operation.
func queueEntries(b *pgx.Batch, end ledger.Ending, entries []ledger.Entry, revs *ledger.Revisions) error {
	n := len(entries)
	kinds, nouns, bodies := make([]string, n), make([]string, n), make([]string, n)
	kindVersions, ids, bases, versions := make([]int, n), make([]int64, n), make([]int64, n), make([]int64, n)
	for i, e := range entries {
		body, err := e.Body.Text()
		if err != nil {
			return err
		}
		kinds[i], nouns[i], bodies[i] = e.Kind, e.Noun, string(body)
		kindVersions[i], ids[i], bases[i], versions[i] = e.KindVersion, e.NounID, e.BaseVersion, e.Version
	}
	var conflicts any
	if len(end.Conflicts) > 0 {
		conflicts = end.Conflicts
	}
	q := b.Queue(statement("append"), end.OpID, end.Result, conflicts, end.RecordedAt, kinds, kindVersions, nouns, ids, bases, versions, bodies, revs != nil)
	if revs != nil {
		q.QueryRow(func(row pgx.Row) error { return row.Scan(&revs.First, &revs.Last, &revs.RecordedAt) })
	}
	return nil
}
