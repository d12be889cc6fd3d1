package postgres_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
	"github.com/guatu/guatu/internal/postgres"
	"github.com/guatu/guatu/internal/report"
)

// district is an invented district of three units over two days: parcels of one unit with cases of
// another, shared ones, some outside every unit, cases without a village, operators without a unit; changed by its people.
type district struct {
	db    *dbtest.DB
	store *postgres.Store
	book  *chronicle.Book
	model *layer.Model
	feed  *live.Feed
	names *directory.Directory
	desk  *report.Desk
	now   atomic.Int64

	people         []auth.Actor
	parcels, cases []int64
	before         int64 // revision at the end of the first day
}

const firstDay, secondDay = campaign.Date("2020-09-29"), campaign.Date("2020-09-30")

func noon(day campaign.Date) time.Time {
	at, _ := time.ParseInLocation(time.DateOnly, string(day), campaign.Shanghai())
	return at.Add(12 * time.Hour)
}

// area is a unit of the district with two of its villages.
type area struct {
	unit     string
	villages []string
	lon      float64
}

func areas() []area {
	return []area{
		{"honghe", []string{"330411106001", "330411106002"}, 120.60}, {"wangdian", []string{"330411105001", "330411105002"}, 120.70}, {"gaoxin", []string{"330411002001", "330411002003"}, 120.80},
	}
}

func newDistrict(t *testing.T, seed uint64) *district {
	t.Helper()
	d := &district{db: server.Open(t)}
	d.now.Store(noon(firstDay).UnixNano())
	clock := func() time.Time { return time.Unix(0, d.now.Load()).In(campaign.Shanghai()) }
	quiet := slog.New(slog.DiscardHandler)
	var err error
	d.store, err = postgres.Open(t.Context(), postgres.Server{DSN: d.db.DSN}, quiet)
	require.NoError(t, err)
	t.Cleanup(d.store.Close)
	book := ledger.New(d.store, clock, quiet)
	r := rand.New(rand.NewPCG(seed, 6))
	d.settle(t, book, r)
	d.before, _, err = d.store.Revision(t.Context())
	require.NoError(t, err)
	d.openRooms(t, clock, quiet)
	d.now.Store(noon(secondDay).UnixNano())
	d.goOn(t, book, r)
	return d
}

func (d *district) openRooms(t *testing.T, clock func() time.Time, quiet *slog.Logger) {
	t.Helper()
	var err error
	d.book, err = chronicle.Open(t.Context(), d.store)
	require.NoError(t, err)
	blocks := block.NewDesk(d.store)
	// Half of the geometries are read from the database when somebody asks: what is seen is the same.
	d.model, err = layer.NewModelWithin(t.Context(), d.store, d.book, blocks, 15_000)
	require.NoError(t, err)
	d.feed = live.NewFeed(d.store, d.model, d.book, clock, quiet)
	d.names, d.desk = directory.New(d.store, d.book.Names()), report.NewDesk(d.book, blocks, clock)
	running, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); d.feed.Run(running) }()
	t.Cleanup(func() { stop(); <-ended })
}

// settle is the first day.
func (d *district) settle(t *testing.T, book *ledger.Ledger, r *rand.Rand) {
	t.Helper()
	do := func(changes ...ledger.Change) ledger.Outcome {
		out, err := book.Apply(t.Context(), auth.System(), op(changes...))
		require.NoError(t, err)
		return out
	}
	definition, err := campaign.Rectify2020()
	require.NoError(t, err)
	setUp := ledger.SetUpCampaign{Definition: definition}
	for i, a := range areas() {
		name := campaign.Text{ZH: a.unit, EN: a.unit}
		setUp.Units = append(setUp.Units, ledger.UnitDraft{Unit: ledger.Unit{Code: a.unit, Sort: i + 1, Name: name, Short: name}, Boundary: box(a.lon, 30.60, 0.05)})
	}
	do(setUp)
	d.enterPeople(do)
	out := do(ledger.ImportParcels{Digest: "first", Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i := range 90 {
			at := areas()[i%3].lon
			if i >= 84 {
				at = 121.5 // outside every unit
			}
			ground := box(at+0.004*float64(i/3%10), 30.601+0.004*float64(i/30), 0.002)
			if err := each(ledger.ParcelDraft{Row: i + 1, Label: fmt.Sprintf("地块%d号", i), Geometry: ground, Attributes: map[string]string{"权利人": "某"}}); err != nil {
				return err
			}
		}
		return nil
	}})
	for _, e := range out.Entries {
		d.parcels = append(d.parcels, e.NounID)
	}
	for i := range 120 {
		d.cases = append(d.cases, d.list(do, r, i))
	}
}

// enterPeople enters somebody of every role, of every unit and of a village of each.
func (d *district) enterPeople(do func(...ledger.Change) ledger.Outcome) {
	put := func(role, unit, village string) {
		code := fmt.Sprintf("%s_%s_%s", role, unit, village)
		do(ledger.PutPerson{Code: code, Name: "某" + code, Role: role, Unit: unit, Village: village})
		d.people = append(d.people, auth.Actor{ID: code, Name: "某" + code, Role: role, Unit: unit, Village: village})
	}
	for _, role := range campaign.Roles() {
		switch role.Code {
		case campaign.RoleTown, campaign.RoleField, campaign.RoleVillage, campaign.RolePark:
			for _, a := range areas() {
				put(role.Code, a.unit, "")
			}
		default:
			put(role.Code, "", "")
		}
	}
	for _, a := range areas() {
		put(campaign.RoleVillage, a.unit, a.villages[0])
	}
}

// list puts some parcels on the list, whose ever they are, as a case of any unit.
func (d *district) list(do func(...ledger.Change) ledger.Outcome, r *rand.Rand, i int) int64 {
	a := areas()[r.IntN(3)]
	village := append([]string{""}, a.villages...)[r.IntN(3)]
	c := ledger.ListCase{Unit: a.unit, Village: village, Label: fmt.Sprintf("毛衫%d厂", i), Kind: "enterprise"}
	for range r.IntN(3) {
		c.Parcels = append(c.Parcels, d.parcels[r.IntN(len(d.parcels)-10)]) // ten stay free
	}
	slices.Sort(c.Parcels)
	c.Parcels = slices.Compact(c.Parcels)
	switch r.IntN(3) {
	case 0:
		c.Operator = &ledger.EnterpriseDraft{Name: c.Label, Kind: "enterprise"} // its unit is the case's
	case 1:
		draft := ledger.EnterpriseDraft{Name: c.Label, Kind: "enterprise"}
		if r.IntN(2) == 0 {
			draft.Unit = areas()[r.IntN(3)].unit // perhaps another one's
		}
		c.Enterprise = do(ledger.EnterEnterprise{EnterpriseDraft: draft}).Entries[0].NounID
	}
	for _, e := range do(c).Entries {
		if e.Noun == ledger.NounCase {
			return e.NounID
		}
	}
	return 0
}

// goOn is the second day: people change what is theirs.
func (d *district) goOn(t *testing.T, book *ledger.Ledger, r *rand.Rand) {
	t.Helper()
	v := d.book.Now(auth.Everything(), secondDay)
	last := int64(0)
	for i := range 150 {
		c := v.Case(d.cases[r.IntN(len(d.cases))])
		var able []auth.Actor
		for _, p := range d.people {
			if p.Has(c.Unit, c.Village) && p.May(ledger.KindCaseAsk) == nil {
				able = append(able, p)
			}
		}
		who := able[r.IntN(len(able))]
		var change ledger.Change = ledger.AskSide{Case: c.ID, Side: "blocked", Reason: fmt.Sprintf("卡点%d", i)}
		if who.May(ledger.KindCaseAmend) == nil && r.IntN(2) == 0 {
			change = ledger.MarkMilestone{Case: c.ID, Milestone: "filed", On: secondDay, Note: "备案"}
		}
		out, err := book.Apply(t.Context(), who, op(change))
		if out.Result == ledger.Refused {
			continue // it was marked or blocked already
		}
		require.NoError(t, err)
		last = out.Revision
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := d.model.At(ctx, last)
	require.NoError(t, err)
}

// as is a connection of the application for somebody.
func (d *district) as(t *testing.T, a auth.Actor) *pgx.Conn {
	t.Helper()
	unit := ""
	if a.Unit != "" {
		require.NoError(t, connect(t, d.db.DSN(postgres.RoleApp)).QueryRow(t.Context(), `SELECT id::text FROM unit WHERE code = $1`, a.Unit).Scan(&unit))
	}
	return connectIn(t, d.db.DSN(postgres.RoleApp), fmt.Sprintf("person|%s|%s|%s|%s|%s", a.Role, a.Unit, a.Village, a.ID, unit))
}

func query[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[T])
	require.NoError(t, err)
	return found
}

// shown is a parcel as layer and SQL show it.
type shown struct {
	ID       int64   `json:"id"`
	Code     string  `json:"code"`
	Label    string  `json:"label"`
	Reduced  bool    `json:"reduced"`
	Unit     string  `json:"unit"`
	Stage    int     `json:"stage"`
	Deadline string  `json:"deadline"`
	Cases    []int64 `json:"cases"`
}

// parcelsInSQL reads the layer as somebody's own rights let it be read: the label is that of the least advanced case, where its row is there.
const parcelsInSQL = `WITH here AS (
		SELECT cp.parcel_id, c.id, c.stage, c.deadline, own.label, row_number() OVER w AS place, count(*) OVER (PARTITION BY cp.parcel_id) AS n
		FROM case_parcel cp JOIN public_case c ON c.id = cp.case_id LEFT JOIN case_file own ON own.id = c.id
		WINDOW w AS (PARTITION BY cp.parcel_id ORDER BY c.stage, c.id)
	)
	SELECT p.id, p.code, coalesce(CASE WHEN h.id IS NULL THEN mine.label ELSE h.label || CASE WHEN h.n > 1 THEN '等' || h.n || '家' ELSE '' END END, ''),
		CASE WHEN h.id IS NULL THEN mine.id IS NULL ELSE h.label IS NULL END, coalesce(u.code, ''), coalesce(h.stage, 0), coalesce(h.deadline::text, ''),
		ARRAY(SELECT cp.case_id FROM case_parcel cp WHERE cp.parcel_id = p.id ORDER BY 1)
	FROM public_parcel p JOIN shape s ON s.hash = p.shape LEFT JOIN unit u ON u.id = p.unit_id
		LEFT JOIN here h ON h.parcel_id = p.id AND h.place = 1 LEFT JOIN parcel mine ON mine.id = p.id
	WHERE $1::float8[] IS NULL OR s.geom && ST_MakeEnvelope($1[1], $1[2], $1[3], $1[4], 4490)
	ORDER BY p.id`

// inMemory decodes what a layer answers.
func inMemory(t *testing.T, s layer.Selection, err error) []shown {
	t.Helper()
	require.NoError(t, err)
	answer, err := s.Encode(t.Context(), layer.Identity)
	require.NoError(t, err)
	var fc struct{ Features []struct{ Properties shown } }
	text, err := answer.Bytes(t.Context())
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &fc))
	list := make([]shown, len(fc.Features))
	for i, f := range fc.Features {
		list[i] = f.Properties
	}
	return list
}

// TestMemoryShowsWhatSQLShows: for people of every role, unit and village, what memory gives in every way out is
// what SQL gives under row-level security to the same person.
func TestMemoryShowsWhatSQLShows(t *testing.T) {
	t.Parallel()
	d := newDistrict(t, 26)
	nameless := 0
	for _, who := range d.people {
		conn, scope := d.as(t, who), auth.ScopeOf(who)
		d.sameLayer(t, conn, scope)
		d.sameCases(t, conn, scope)
		d.sameThen(t, conn, scope)
		d.sameEvents(t, conn, scope)
		d.samePeople(t, conn, scope)
		d.sameEnterprises(t, conn, scope)
		d.sameFigures(t, conn, scope)
		nameless += d.sameNeighbours(t, scope)
		require.NoError(t, conn.Close(t.Context()))
		if t.Failed() {
			t.Fatalf("as %s", who.ID)
		}
	}
	assert.Positive(t, nameless, "neighbours without a name")
}

func (d *district) sameLayer(t *testing.T, conn *pgx.Conn, scope auth.Scope) {
	t.Helper()
	now := d.model.Now()
	want := query[shown](t, conn, parcelsInSQL, nil)
	selected, err := now.Select(scope, layer.Parcels, layer.Query{})
	assert.Equal(t, want, inMemory(t, selected, err), "whole")
	bound := orb.Bound{Min: orb.Point{120.6111, 30.6001}, Max: orb.Point{120.7233, 30.6073}}
	selected, err = now.Select(scope, layer.Parcels, layer.Query{Bound: &bound})
	box := query[shown](t, conn, parcelsInSQL, []float64{bound.Min[0], bound.Min[1], bound.Max[0], bound.Max[1]})
	assert.NotEmpty(t, box)
	assert.Equal(t, box, inMemory(t, selected, err), "box")
	selected, err = now.Since(scope, layer.Parcels, d.before)
	delta := inMemory(t, selected, err)
	changed := query[struct{ ID int64 }](t, connect(t, d.db.DSN(postgres.RoleApp)), `SELECT DISTINCT unnest(parcels) FROM case_history WHERE from_rev > $1 OR to_rev > $1 ORDER BY 1`, d.before)
	var part []shown
	for _, p := range want {
		if slices.Contains(changed, struct{ ID int64 }{p.ID}) {
			part = append(part, p)
		}
	}
	assert.Equal(t, part, delta, "what changed")
}

// listed is a case as lists and SQL show it.
type listed struct {
	ID, Version int64
	Code, Label string
	Reduced     bool
	Unit        string
	Stage       int
	Enterprise  int64
	Sides       map[string]string // code of the reason
}

func listedOf(cases []*chronicle.Case) []listed {
	list := make([]listed, len(cases))
	for i, c := range cases {
		list[i] = listed{c.ID, c.Version, c.Code, c.Label, c.Reduced, c.Unit, c.Stage, c.Enterprise, map[string]string{}}
		for _, s := range c.Sides {
			list[i].Sides[s.Code] = s.Reason
		}
	}
	return list
}

func (d *district) sameCases(t *testing.T, conn *pgx.Conn, scope auth.Scope) {
	t.Helper()
	want := query[listed](t, conn, `SELECT c.id, c.version, c.code, coalesce(own.label, ''), own.id IS NULL, u.code, c.stage, coalesce(own.enterprise_id, 0),
		coalesce((SELECT jsonb_object_agg(s, coalesce(own.sides->s->>'code', '')) FROM unnest(c.sides) AS s), '{}')
		FROM public_case c JOIN unit u ON u.id = c.unit_id LEFT JOIN case_file own ON own.id = c.id ORDER BY c.code COLLATE "C"`)
	assert.Equal(t, want, listedOf(d.book.Now(scope, secondDay).Cases()), "cases")
}

// sameThen compares the first day: which versions somebody may read, and what they say.
func (d *district) sameThen(t *testing.T, conn *pgx.Conn, scope auth.Scope) {
	t.Helper()
	then := `SELECT case_id, label FROM case_history WHERE from_rev <= $1 AND (to_rev IS NULL OR to_rev > $1)`
	readable := map[int64]string{}
	for _, row := range query[struct {
		ID    int64
		Label string
	}](t, conn, then, d.before) {
		readable[row.ID] = row.Label
	}
	v, err := d.desk.View(scope, firstDay)
	require.NoError(t, err)
	require.Len(t, v.Cases(), len(d.cases))
	for _, c := range v.Cases() {
		label, seen := readable[c.ID]
		assert.Equal(t, label, c.Label, "%s on the first day", c.Code)
		assert.Equal(t, !seen, c.Reduced, "%s on the first day", c.Code)
	}
	snapshot, err := d.model.AsOf(t.Context(), v)
	require.NoError(t, err)
	selected, err := snapshot.Select(scope, layer.Parcels, layer.Query{})
	for _, p := range inMemory(t, selected, err) {
		if on := v.OnParcel(p.ID); len(on) > 0 {
			label, seen := readable[on[0].ID]
			if len(on) > 1 && seen {
				label += fmt.Sprintf("等%d家", len(on))
			}
			assert.Equal(t, shown{Label: label, Reduced: !seen}, shown{Label: p.Label, Reduced: p.Reduced}, "parcel %s on the first day", p.Code)
		}
	}
}

// sameEvents compares what is told live: names of cases, of parcels, of people.
func (d *district) sameEvents(t *testing.T, conn *pgx.Conn, scope auth.Scope) {
	t.Helper()
	events, _, err := d.feed.After(t.Context(), scope, d.before)
	require.NoError(t, err)
	require.NotEmpty(t, events)
	whole, _, err := d.feed.After(t.Context(), auth.Everything(), d.before)
	require.NoError(t, err)
	require.Len(t, events, len(whole))
	for i, e := range events {
		var visible bool
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM person WHERE code = $1)`, whole[i].Actor).Scan(&visible))
		assert.Equal(t, visible || whole[i].Actor == scope.Actor().ID, e.ActorName != "", "%s of an event", whole[i].Actor)
		for k, c := range e.Touched {
			labels := query[struct{ Label string }](t, conn, `SELECT label FROM case_file WHERE id = $1`, c.ID)
			assert.Equal(t, len(labels) == 0, c.Reduced, "an event about %s", c.Code)
			assert.Equal(t, len(labels) == 0, c.Label == "", "an event about %s", c.Code)
			assert.Equal(t, whole[i].Touched[k].Stage, c.Stage)
		}
		for k, p := range e.Changed {
			if first := e.View.OnParcel(p.ID); len(first) > 0 {
				assert.Equal(t, first[0].Reduced, p.Reduced, "an event about parcel %s", p.Code)
				assert.Equal(t, p.Reduced, p.Label == "")
			}
			assert.Equal(t, whole[i].Changed[k].Code, p.Code)
		}
	}
}

func (d *district) samePeople(t *testing.T, conn *pgx.Conn, scope auth.Scope) {
	t.Helper()
	there := map[string]bool{}
	for _, p := range query[struct{ Code string }](t, conn, `SELECT code FROM person`) {
		there[p.Code] = true
	}
	for _, p := range d.people {
		assert.Equal(t, there[p.ID], scope.SeesPeople(p.Unit) || p.ID == scope.Actor().ID, p.ID)
	}
}

func (d *district) sameEnterprises(t *testing.T, conn *pgx.Conn, scope auth.Scope) {
	t.Helper()
	type firm struct {
		ID   int64
		Name string
	}
	list, err := d.names.List(t.Context(), scope, d.book.Now(scope, secondDay), directory.Filter{}, directory.Paging{Limit: 1000})
	require.NoError(t, err)
	is := map[int64]string{}
	for _, row := range list.Rows {
		is[row.ID] = row.Name
	}
	want := map[int64]string{}
	for _, f := range query[firm](t, conn, `SELECT id, name FROM enterprise`) {
		want[f.ID] = f.Name
	}
	assert.Equal(t, want, is, "enterprises")
}

// sameFigures: figures are everybody's, and those of one's own area are what one counts oneself.
func (d *district) sameFigures(t *testing.T, conn *pgx.Conn, scope auth.Scope) {
	t.Helper()
	whole, err := d.desk.Figures(t.Context(), auth.Everything(), report.Query{})
	require.NoError(t, err)
	is, err := d.desk.Figures(t.Context(), scope, report.Query{})
	require.NoError(t, err)
	whole.View, is.View = nil, nil
	assert.Equal(t, whole, is, "figures")
	if scope.Actor().Village != "" || scope.Actor().Role == campaign.RolePark {
		return
	}
	counted := map[string]int64{}
	for _, row := range query[struct {
		Unit string
		N    int64
	}](t, conn, `SELECT u.code, count(*) FROM case_file c JOIN unit u ON u.id = c.unit_id GROUP BY 1`) {
		counted[row.Unit] = row.N
	}
	figures := map[string]int64{}
	for i := range is.Rows {
		row := &is.Rows[i]
		if scope.Whole() || row.Code == scope.Actor().Unit {
			figures[row.Code] = row.Listed.Cases
		}
	}
	assert.Equal(t, counted, figures)
	assert.Equal(t, slices.Sorted(maps.Keys(counted)), slices.Sorted(maps.Keys(figures)))
}
