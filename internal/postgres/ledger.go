package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

var _ ledger.Store = (*Store)(nil)

// InTx runs f in one read-committed transaction; see ledger.Store.
//
// The transaction begins with its first statement and, after Append or Refuse,
// has ended with theirs: what holds the head lock waits for no round trip.
func (s *Store) InTx(ctx context.Context, scope auth.Scope, f func(ledger.Tx) error) error {
	conn, in, err := s.as(scope).begin(ctx)
	if err != nil {
		return translate(err)
	}
	defer conn.Release()
	t := &tx{Conn: conn.Conn(), store: s, context: in, somewhere: scope.Actor().Unit != ""}
	err = f(t)
	if t.ended {
		return translate(err)
	}
	// Whatever f left open is taken back; a connection that cannot do that is thrown away by the pool.
	if _, rollbackErr := t.Exec(context.WithoutCancel(ctx), "ROLLBACK"); rollbackErr != nil {
		s.log.WarnContext(ctx, "roll back", slog.Any("error", rollbackErr))
	}
	return translate(err)
}

// PersonEntries reads what the journal says of a person; see ledger.Store.
func (s *Store) PersonEntries(ctx context.Context, code string) ([]ledger.Recorded, error) {
	var id int64
	err := s.program().QueryRow(ctx, `SELECT id FROM person WHERE code = $1`, code).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, translate(fmt.Errorf("find person %s: %w", code, err))
	}
	return entries(ctx, s.program(), ledger.Query{Noun: ledger.NounPerson, NounIDs: []int64{id}})
}

// Outcome finds the recorded answer of an operation; see ledger.Store.
func (s *Store) Outcome(ctx context.Context, opID uuid.UUID) (ledger.Outcome, error) {
	out := ledger.Outcome{OpID: opID}
	var refusal, conflicts []byte
	var recordedAt *time.Time
	err := s.program().QueryRow(ctx, `SELECT batch_id, outcome, refusal, conflicts, coalesce(first_revision, 0), coalesce(last_revision, 0), recorded_at
		FROM operation WHERE op_id = $1`, opID).Scan(&out.BatchID, &out.Result, &refusal, &conflicts, &out.First, &out.Revision, &recordedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return out, fault.New(fault.KindNotFound, "operation_not_found", "没有这个操作", "there is no such operation")
	}
	if err != nil {
		return out, translate(fmt.Errorf("read operation %s: %w", opID, err))
	}
	if recordedAt != nil {
		out.RecordedAt = *recordedAt
	}
	if err := errors.Join(unmarshal(refusal, &out.Refusal), unmarshal(conflicts, &out.Conflicts)); err != nil {
		return out, err
	}
	rows, err := s.program().Query(ctx, `SELECT id, kind, noun, noun_id, version FROM journal WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3`, out.First, out.Revision, ledger.MostListed)
	if err != nil {
		return out, translate(err)
	}
	out.Entries, err = pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.EntryRef])
	if len(out.Entries) == 0 {
		out.Entries = nil
	}
	return out, translate(err)
}

func unmarshal(text []byte, into any) error {
	if text == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}

// tx is one open transaction of the ledger.
type tx struct {
	*pgx.Conn
	store     *Store
	context   string // of row-level security
	somewhere bool   // the actor's area is not the whole district
	ended     bool   // committed by Append or Refuse
	// leftOut are the codes of staged drafts that a person left out.
	leftOut []string
}

// commit sends the batch with COMMIT as its last statement, in one round trip.
func (t *tx) commit(ctx context.Context, b *pgx.Batch) error {
	b.Queue("COMMIT")
	if err := t.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	t.ended = true
	return nil
}

// Claim takes an operation id; see ledger.Tx.
func (t *tx) Claim(ctx context.Context, c ledger.Claim) (*ledger.Claim, error) {
	claimed := false
	b := &pgx.Batch{}
	b.Queue("BEGIN")
	b.Queue(setContext, t.context)
	b.Queue(statement("claim"), c.OpID, c.Actor, c.Device, c.BodyHash, c.BatchID, c.HappenedAt, c.ReceivedAt).Exec(func(tag pgconn.CommandTag) error {
		claimed = tag.RowsAffected() == 1
		return nil
	})
	if err := t.SendBatch(ctx, b).Close(); err != nil {
		return nil, fmt.Errorf("claim operation: %w", err)
	}
	if claimed {
		return nil, nil //nolint:nilnil // no earlier claim is the ordinary case
	}
	earlier := ledger.Claim{OpID: c.OpID}
	err := t.QueryRow(ctx, `SELECT actor, device, body_hash, batch_id, happened_at, received_at FROM operation WHERE op_id = $1`, c.OpID).
		Scan(&earlier.Actor, &earlier.Device, &earlier.BodyHash, &earlier.BatchID, &earlier.HappenedAt, &earlier.ReceivedAt)
	if errors.Is(err, pgx.ErrNoRows) { // somebody else's, of whom the actor learns nothing
		return &earlier, nil
	}
	return &earlier, err
}

// Lock locks what is named in the one order of the house and reads it; see ledger.Tx.
func (t *tx) Lock(ctx context.Context, l ledger.Locks) (ledger.Locked, error) {
	there := ledger.Locked{Cases: map[int64]campaign.Case{}, Parcels: map[int64]ledger.LockedParcel{}, Enterprises: map[int64]ledger.Enterprise{}, Conflicts: map[int64]ledger.Kept{}, People: map[string]ledger.Person{}, Campaigns: map[int64]ledger.Campaign{}, Lands: map[int64]ledger.Land{}, Photos: map[int64][]ledger.Photo{}, Contacts: map[int64]ledger.Contact{}}
	versions := map[int64]int64{}
	b := &pgx.Batch{}
	if len(l.Sheets) > 0 {
		b.Queue(statement("lock_sheets"), l.Sheets)
	}
	if len(l.Cases) > 0 {
		b.Queue(statement("lock_cases"), l.Cases)
		b.Queue(casesByID(), l.Cases).Query(func(rows pgx.Rows) error { return scanCases(rows, there.Cases) })
		b.Queue(photosOfCases(), l.Cases).Query(func(rows pgx.Rows) error { return scanPhotos(rows, there.Photos) })
	}
	if len(l.Enterprises) > 0 {
		b.Queue(statement("lock_enterprises"), l.Enterprises)
		b.Queue(enterprisesByID(), l.Enterprises).Query(func(rows pgx.Rows) error { return scanEnterprises(rows, there.Enterprises) })
		b.Queue(contactsOfEnterprises(), l.Enterprises).Query(func(rows pgx.Rows) error { return scanContacts(rows, there.Contacts) })
	}
	if len(l.Parcels)+len(l.ParcelRows) > 0 {
		b.Queue(statement("lock_parcels"), slices.Concat(l.Parcels, l.ParcelRows))
	}
	if len(l.Parcels) > 0 {
		b.Queue(statement("parcels"), l.Parcels).Query(func(rows pgx.Rows) error { return scanParcels(rows, there.Parcels) })
	}
	if l.References {
		b.Queue(statement("lock_references"))
	}
	if l.Land {
		b.Queue(`SELECT land_take_turn()`)
		b.Queue(landsOfCases(), l.Cases).Query(func(rows pgx.Rows) error { return scanLands(rows, there.Lands) })
	}
	if len(l.Conflicts) > 0 {
		b.Queue(`SELECT id, version, noun, noun_id, field, standing, kept, actor, happened_at, resolution, why
			FROM quarantine WHERE id = ANY($1) ORDER BY id FOR UPDATE`, l.Conflicts).Query(func(rows pgx.Rows) error { return scanConflicts(rows, there.Conflicts) })
	}
	if len(l.People) > 0 {
		b.Queue(statement("lock_people"), l.People).Query(func(rows pgx.Rows) error { return scanPeople(rows, there.People) })
	}
	queueHeldNow(b, l, &there)
	t.queuePlaces(b, l, &there)
	b.Queue(`SELECT id, version FROM campaign ORDER BY id`).Query(func(rows pgx.Rows) error {
		var id, version int64
		_, err := pgx.ForEachRow(rows, []any{&id, &version}, func() error {
			versions[id], there.Running = version, id
			return nil
		})
		return err
	})
	if err := t.SendBatch(ctx, b).Close(); err != nil {
		return there, fmt.Errorf("lock: %w", err)
	}
	for id, version := range versions {
		c, err := t.store.campaign(ctx, t, id, version)
		if err != nil {
			return there, err
		}
		there.Campaigns[id] = c
	}
	return there, nil
}

// queuePlaces reads in whose area lies what was named, also where the actor does not see it.
func (t *tx) queuePlaces(b *pgx.Batch, l ledger.Locks, there *ledger.Locked) {
	if !t.somewhere {
		return
	}
	b.Queue(statement("places"), orNone(l.Cases), slices.Concat(orNone(l.Parcels), l.ParcelRows), orNone(l.Enterprises), orNone(l.Conflicts)).Query(func(rows pgx.Rows) (err error) {
		there.Places, err = pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Place])
		return err
	})
}

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// campaign gives a definition at a version, read once per version.
func (s *Store) campaign(ctx context.Context, q querier, id, version int64) (ledger.Campaign, error) {
	s.mu.Lock()
	known, ok := s.campaigns[id]
	s.mu.Unlock()
	if ok && known.Version == version {
		return known, nil
	}
	c := ledger.Campaign{ID: id}
	if err := q.QueryRow(ctx, `SELECT version, definition FROM campaign WHERE id = $1`, id).Scan(&c.Version, &c.Definition); err != nil {
		return c, fmt.Errorf("read campaign: %w", err)
	}
	s.mu.Lock()
	s.campaigns[id] = c
	s.mu.Unlock()
	return c, nil
}

func scanCases(rows pgx.Rows, into map[int64]campaign.Case) error {
	cases, err := pgx.CollectRows(rows, scanCase)
	for _, c := range cases {
		into[c.ID] = c.Case
	}
	return err
}

// standingCase is a case as it is stored, with what the rules derived from it.
type standingCase struct {
	campaign.Case
	campaign.Standing
}

func scanCase(row pgx.CollectableRow) (standingCase, error) {
	var c standingCase
	err := row.Scan(&c.ID, &c.Version, &c.Campaign, &c.Track, &c.Code, &c.Label, &c.Unit, &c.Responsible, &c.Note, &c.Marks, &c.Shares,
		&c.Batch, &c.Village, &c.Kind, &c.Disposal, &c.Enterprise, &c.Recovered, &c.Effective, &c.Floor, &c.Sides, &c.Requests, &c.Rebounds,
		&c.Stage, &c.Next, &c.Deadline)
	return c, err
}

func scanParcels(rows pgx.Rows, into map[int64]ledger.LockedParcel) error {
	var p ledger.LockedParcel
	var attributes map[string]string
	var counted map[string]int64
	_, err := pgx.ForEachRow(rows, []any{&p.ID, &p.Version, &p.Code, &p.Label, &p.Unit, &p.Shape, &attributes, &p.Area, &counted, &p.Cases}, func() error {
		p.Attributes, p.Counted = attributes, counted
		into[p.ID] = p
		p.Shape, p.Cases, attributes, counted = nil, nil, nil, nil
		return nil
	})
	return err
}

func scanEnterprises(rows pgx.Rows, into map[int64]ledger.Enterprise) error {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Enterprise])
	for _, e := range found {
		into[e.ID] = e
	}
	return err
}

func scanPeople(rows pgx.Rows, into map[string]ledger.Person) error {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Person])
	for _, p := range found {
		into[p.Code] = p
	}
	return err
}

func scanConflicts(rows pgx.Rows, into map[int64]ledger.Kept) error {
	kept, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Kept])
	for _, k := range kept {
		into[k.ID] = k
	}
	return err
}

func scanLands(rows pgx.Rows, into map[int64]ledger.Land) error {
	found, err := pgx.CollectRows(rows, scanLand)
	for _, l := range found {
		into[l.Case] = l
	}
	return err
}

// Entries reads the journal; see ledger.Tx.
func (t *tx) Entries(ctx context.Context, q ledger.Query) ([]ledger.Recorded, error) {
	return entries(ctx, t, q)
}

type rowsQuerier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func entries(ctx context.Context, from rowsQuerier, q ledger.Query) ([]ledger.Recorded, error) {
	rows, err := from.Query(ctx, statement("entries"), q.Noun, q.NounIDs, q.AfterVersion, q.From)
	if err != nil {
		return nil, fmt.Errorf("read the journal: %w", err)
	}
	return pgx.CollectRows(rows, scanRecorded)
}

// UnitNames reads the names of the units; see ledger.Tx.
func (t *tx) UnitNames(ctx context.Context) (map[string]campaign.Text, error) {
	rows, err := t.Query(ctx, `SELECT code, name_zh, name_en FROM unit`)
	if err != nil {
		return nil, fmt.Errorf("read the units: %w", err)
	}
	names := map[string]campaign.Text{}
	var code string
	var name campaign.Text
	_, err = pgx.ForEachRow(rows, []any{&code, &name.ZH, &name.EN}, func() error {
		names[code] = name
		return nil
	})
	return names, err
}

// Touched names the nouns of a batch; see ledger.Tx.
func (t *tx) Touched(ctx context.Context, batch uuid.UUID) (ledger.Touched, error) {
	touched := ledger.Touched{Nouns: map[string][]int64{}}
	rows, err := t.Query(ctx, statement("touched"), batch)
	if err != nil {
		return touched, fmt.Errorf("read the batch: %w", err)
	}
	var noun string
	var ids []int64
	var first, last int64
	_, err = pgx.ForEachRow(rows, []any{&noun, &ids, &first, &last, &touched.Author}, func() error {
		touched.Nouns[noun] = unique(ids)
		if touched.First == 0 || first < touched.First {
			touched.First = first
		}
		touched.Last = max(touched.Last, last)
		ids = nil
		return nil
	})
	return touched, err
}

// unique keeps the first of each.
func unique(ids []int64) []int64 {
	seen := make(map[int64]bool, len(ids))
	return slices.DeleteFunc(ids, func(id int64) bool {
		was := seen[id]
		seen[id] = true
		return was
	})
}

// ParcelsNow reads parcels that are locked; see ledger.Tx.
func (t *tx) ParcelsNow(ctx context.Context, ids []int64) (map[int64]ledger.LockedParcel, error) {
	rows, err := t.Query(ctx, statement("parcels"), ids)
	if err != nil {
		return nil, fmt.Errorf("read parcels: %w", err)
	}
	parcels := make(map[int64]ledger.LockedParcel, len(ids))
	return parcels, scanParcels(rows, parcels)
}

func scanRecorded(row pgx.CollectableRow) (ledger.Recorded, error) {
	var r ledger.Recorded
	var body string
	err := row.Scan(&r.ID, &r.RecordedAt, &r.HappenedAt, &r.Actor, &r.ActorName, &r.Device, &r.OpID, &r.BatchID,
		&r.Kind, &r.KindVersion, &r.Noun, &r.NounID, &r.BaseVersion, &r.Version, &body)
	if err != nil {
		return r, err
	}
	r.Body, err = ledger.ParseBody([]byte(body))
	return r, err
}

// Refuse ends an operation with a refusal; see ledger.Tx.
func (t *tx) Refuse(ctx context.Context, opID uuid.UUID, r ledger.Refusal, held *ledger.HeldOperation) error {
	b := &pgx.Batch{}
	if held != nil {
		queueHeld(b, *held)
	}
	b.Queue(`UPDATE operation SET outcome = 'refused', refusal = $2 WHERE op_id = $1`, opID, r)
	if err := t.commit(ctx, b); err != nil {
		return fmt.Errorf("record the refusal: %w", err)
	}
	return nil
}

// NewIDs gives ids for nouns; see ledger.Tx.
func (t *tx) NewIDs(ctx context.Context, n int) ([]int64, error) {
	rows, err := t.Query(ctx, `SELECT nextval('noun_id_seq') FROM generate_series(1, $1)`, n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// NextCaseNumber counts up the case codes; see ledger.Tx.
func (t *tx) NextCaseNumber(ctx context.Context, campaignID int64, prefix string) (int64, error) {
	var n int64
	err := t.QueryRow(ctx, `INSERT INTO case_counter AS c (campaign_id, prefix, next) VALUES ($1, $2, 2)
		ON CONFLICT ON CONSTRAINT case_counter_pk DO UPDATE SET next = c.next + 1 RETURNING next - 1`, campaignID, prefix).Scan(&n)
	return n, err
}
