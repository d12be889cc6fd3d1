package ledger_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// house is a ledger over a database of its own, with a campaign, two units and a clock that stands.
type house struct {
	*ledger.Ledger
	store *postgres.Store
	db    *dbtest.DB
	now   time.Time
}

var (
	shen = auth.Actor{ID: "shen", Name: "沈某", Role: "district"}
	lu   = auth.Actor{ID: "lu", Name: "陆某", Role: "district"}
)

func setup(t *testing.T) *house {
	t.Helper()
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	h := &house{store: store, db: db, now: time.Date(2020, 9, 30, 6, 12, 0, 0, time.UTC)}
	h.Ledger = ledger.New(store, func() time.Time { return h.now }, slog.New(slog.DiscardHandler))
	def, err := campaign.Rectify2020()
	require.NoError(t, err)
	h.apply(t, auth.System(), ledger.SetUpCampaign{
		Definition: def,
		Units: []ledger.UnitDraft{
			{Unit: unit("honghe", 1, "洪合镇", "洪合"), Boundary: square(120.60, 30.65, 0.05)},
			{Unit: unit("wangdian", 2, "王店镇", "王店"), Boundary: square(120.70, 30.60, 0.05)},
		},
		People: []ledger.Person{{Code: "shen", Sort: 1, Name: "沈某", Role: "field"}, {Code: "lu", Sort: 2, Name: "陆某", Role: "field"}},
	})
	return h
}

func unit(code string, sort int, name, short string) ledger.Unit {
	return ledger.Unit{Code: code, Sort: sort, Name: campaign.Text{ZH: name, EN: code}, Short: campaign.Text{ZH: short, EN: code}}
}

// square has its south-west corner at lon, lat and the given side in degrees.
func square(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

func operation(changes ...ledger.Change) ledger.Operation {
	return ledger.Operation{OpID: uuid.New(), Device: "test", Changes: changes}
}

func (h *house) apply(t *testing.T, actor auth.Actor, changes ...ledger.Change) ledger.Outcome {
	t.Helper()
	out, err := h.Apply(t.Context(), actor, operation(changes...))
	require.NoError(t, err)
	return out
}

func drafts(parcels ...ledger.ParcelDraft) ledger.ImportParcels {
	sum := sha256.Sum256(fmt.Append(nil, parcels))
	return ledger.ImportParcels{Digest: hex.EncodeToString(sum[:]), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for _, p := range parcels {
			if err := each(p); err != nil {
				return err
			}
		}
		return nil
	}}
}

// parcels makes n parcels of about 5 mu in 洪合 and returns their ids.
func (h *house) parcels(t *testing.T, n int) []int64 {
	t.Helper()
	list := make([]ledger.ParcelDraft, n)
	for i := range list {
		list[i] = ledger.ParcelDraft{Row: i + 1, Code: fmt.Sprintf("P%05d", i+1), Label: fmt.Sprintf("凤桥村作坊%d号", i+1), Geometry: square(120.60+0.0006*float64(i%80), 30.65+0.0006*float64(i/80), 0.0005)}
	}
	out := h.apply(t, auth.System(), drafts(list...))
	ids := make([]int64, n)
	for i, e := range out.Entries {
		ids[i] = e.NounID
	}
	return ids
}

// listed is a case on a new parcel, stage 1.
func (h *house) listed(t *testing.T) int64 {
	t.Helper()
	return h.list(t, h.parcels(t, 1)...)
}

func (h *house) list(t *testing.T, parcels ...int64) int64 {
	t.Helper()
	out := h.apply(t, shen, ledger.ListCase{Parcels: parcels, On: "2020-03-01"})
	require.Len(t, out.Entries, 1)
	return out.Entries[0].NounID
}

// verify fails with the first finding.
func (h *house) verify(t *testing.T) error {
	t.Helper()
	report, err := h.store.Verify(t.Context())
	if err == nil && len(report.Findings) > 0 {
		return fmt.Errorf("%d findings: %s", len(report.Findings), report.Findings[0].Text.EN)
	}
	return err
}
