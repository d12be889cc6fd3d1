package finding_test

import (
	"context"
	"log/slog"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// district has two units of 0.05 degrees side by side: 洪合 from 120.60, 王店 from 120.65.
type district struct {
	*ledger.Ledger

	db    *dbtest.DB
	store *postgres.Store
	desk  *finding.Desk
	now   time.Time
	files int
}

var planner = auth.Actor{ID: "lu", Role: campaign.RolePlanner}

func setup(t *testing.T) *district {
	t.Helper()
	d := &district{db: server.Open(t), now: time.Date(2020, 9, 30, 9, 0, 0, 0, campaign.Shanghai())}
	quiet := slog.New(slog.DiscardHandler)
	d.store = d.open(t)
	d.Ledger = ledger.New(d.store, d.clock, quiet)
	definition, err := campaign.Rectify2020()
	require.NoError(t, err)
	unit := func(code string, sort int, lon float64) ledger.UnitDraft {
		name := campaign.Text{ZH: code, EN: code}
		return ledger.UnitDraft{Unit: ledger.Unit{Code: code, Sort: sort, Name: name, Short: name}, Boundary: square(lon, 30.60, 0.05)}
	}
	d.apply(t, auth.System(), ledger.SetUpCampaign{Definition: definition, Units: []ledger.UnitDraft{unit("honghe", 1, 120.60), unit("wangdian", 2, 120.65)}})
	d.apply(t, auth.System(), ledger.PutPerson{Code: "lu", Name: "陆某", Role: campaign.RolePlanner})
	d.desk = finding.NewDesk(d.store, d.clock, quiet)
	return d
}

// open opens the database as one more server does.
func (d *district) open(t *testing.T) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: d.db.DSN}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	return store
}

func (d *district) clock() time.Time { return d.now }

func (d *district) apply(t *testing.T, actor auth.Actor, changes ...ledger.Change) ledger.Outcome {
	t.Helper()
	out, err := d.Apply(t.Context(), actor, operation(changes...))
	require.NoError(t, err)
	return out
}

func operation(changes ...ledger.Change) ledger.Operation {
	return ledger.Operation{OpID: uuid.New(), Device: "test", Changes: changes}
}

// parcel lets one parcel in, or its new shape under a code that is there.
func (d *district) parcel(t *testing.T, code string, shape orb.MultiPolygon) int64 {
	t.Helper()
	d.files++
	out := d.apply(t, auth.System(), ledger.ImportParcels{Digest: strconv.Itoa(d.files), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		return each(ledger.ParcelDraft{Row: 1, Code: code, Label: code, Geometry: shape})
	}})
	return out.Entries[0].NounID
}

func (d *district) listed(t *testing.T, parcels ...int64) int64 {
	t.Helper()
	return d.apply(t, auth.System(), ledger.ListCase{Parcels: parcels, Unit: "honghe", Label: "作坊", On: "2020-03-01"}).Entries[0].NounID
}

// found are the findings as a reader sees them.
func (d *district) found(t *testing.T) finding.List {
	t.Helper()
	revision, _, err := d.store.Revision(t.Context())
	require.NoError(t, err)
	list, err := d.desk.All(t.Context(), revision)
	require.NoError(t, err)
	require.GreaterOrEqual(t, list.Revision, revision)
	return list
}

// rules are how many findings there are by rule.
func (d *district) rules(t *testing.T) map[string]int {
	t.Helper()
	rules := map[string]int{}
	for _, f := range d.found(t).Findings {
		rules[f.Rule]++
	}
	return rules
}

// tamper changes rows past the program and its triggers, as a superuser can.
func (d *district) tamper(t *testing.T, statements ...string) {
	t.Helper()
	d.db.Exec(t, "postgres", append([]string{`SET session_replication_role = replica`, `SET search_path = guatu, public`}, statements...)...)
}

// square has its south-west corner at lon, lat and the given side in degrees.
func square(lon, lat, side float64) orb.MultiPolygon { return rect(lon, lat, lon+side, lat+side) }

func rect(west, south, east, north float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}}}
}
