package layer_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

var shen = auth.Actor{ID: "shen", Name: "沈某", Role: "district"}

type house struct {
	store *postgres.Store
	book  *ledger.Ledger
	model *layer.Model
	pages *chronicle.Book
	db    *dbtest.DB
}

func setup(t *testing.T) *house {
	t.Helper()
	return setupWith(t, func(*campaign.Definition) {})
}

// setupWith is a house of a campaign whose data are the offered ones, changed.
func setupWith(t *testing.T, change func(*campaign.Definition)) *house {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, quiet)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	h := &house{db: db, store: store, book: ledger.New(store, time.Now, quiet)}
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	change(&d)
	name := campaign.Text{ZH: "洪合", EN: "Honghe"}
	h.apply(t, ledger.SetUpCampaign{Definition: d, Units: []ledger.UnitDraft{{Unit: ledger.Unit{Code: "honghe", Sort: 1, Name: name, Short: name}, Boundary: square(120.6, 30.6, 0.2)}}})
	pages, err := chronicle.Open(t.Context(), store)
	require.NoError(t, err)
	h.pages = pages
	h.model, err = layer.NewModel(t.Context(), store, pages, block.NewDesk(store))
	require.NoError(t, err)
	feed := live.NewFeed(store, h.model, pages, time.Now, quiet)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); feed.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return h
}

// fresh are the layers read anew.
func (h *house) fresh(t *testing.T) *layer.Model {
	t.Helper()
	pages, err := chronicle.Open(t.Context(), h.store)
	require.NoError(t, err)
	model, err := layer.NewModel(t.Context(), h.store, pages, block.NewDesk(h.store))
	require.NoError(t, err)
	return model
}

func square(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

func (h *house) apply(t *testing.T, c ledger.Change) ledger.Outcome {
	t.Helper()
	actor := shen
	if _, isSetUp := c.(ledger.SetUpCampaign); isSetUp {
		actor = auth.System()
	}
	out, err := h.book.Apply(t.Context(), actor, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{c}})
	if _, refused := fault.As(err); refused {
		return out // a random step may be refused
	}
	require.NoError(t, err)
	return out
}

func (h *house) importParcels(t *testing.T, r *rand.Rand) ledger.Outcome {
	t.Helper()
	return h.apply(t, ledger.ImportParcels{Digest: uuid.NewString(), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for row := range 1 + r.IntN(8) {
			n := r.IntN(40)
			side := 0.0004 + 0.0001*float64(r.IntN(3))
			d := ledger.ParcelDraft{Row: row + 1, Code: "P" + strconv.Itoa(n) + "-" + strconv.Itoa(row), Label: "作坊" + strconv.Itoa(r.IntN(3)), Geometry: square(120.61+0.001*float64(n), 30.61+0.001*float64(row), side)}
			if err := each(d); err != nil {
				return err
			}
		}
		return nil
	}})
}

func encode(t *testing.T, m *layer.Snapshot, name string) string {
	t.Helper()
	return string(answer(t, m, name, layer.Query{}, layer.Identity))
}

// answer is what a reader gets.
func answer(t *testing.T, s *layer.Snapshot, name string, q layer.Query, coding layer.Coding) []byte {
	t.Helper()
	selected, err := s.Select(auth.ScopeOf(auth.System()), name, q)
	require.NoError(t, err)
	a, err := selected.Encode(t.Context(), coding)
	require.NoError(t, err)
	b, err := a.Bytes(t.Context())
	require.NoError(t, err)
	require.True(t, a.Length < 0 || a.Length == len(b), "as long as was said")
	return b
}

func etag(t *testing.T, s *layer.Snapshot, name string) string {
	t.Helper()
	selected, err := s.Select(auth.ScopeOf(auth.System()), name, layer.Query{})
	require.NoError(t, err)
	return selected.ETag(layer.Identity)
}

// TestFedEqualsFresh: after any sequence of imports, listings, marks, land and undos the
// map fed by the journal equals one read afresh, byte for byte, while readers read.
func TestFedEqualsFresh(t *testing.T) {
	t.Parallel()
	h := setup(t)
	r := rand.New(rand.NewPCG(7, 7))
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for _, coding := range []layer.Coding{layer.Gzip, layer.Zstd} {
		readers.Go(func() { h.follow(t, coding, stop) })
	}
	var parcels, cases []int64
	var batches []uuid.UUID
	last := int64(0)
	for range 160 {
		var out ledger.Outcome
		switch kind := r.IntN(8); {
		case kind == 0 || len(parcels) == 0:
			out = h.importParcels(t, r)
		case kind <= 2 || len(cases) == 0:
			out = h.apply(t, ledger.ListCase{Parcels: parcels[r.IntN(len(parcels)):][:1], Unit: "honghe"})
		case kind == 6:
			out = h.apply(t, ledger.RecordLand{Case: cases[r.IntN(len(cases))]})
		case kind == 7:
			out = h.apply(t, ledger.RemoveLand{Case: cases[r.IntN(len(cases))], Reason: "重测"})
		case kind == 3 && len(batches) > 0:
			out = h.apply(t, ledger.UndoBatch{Batch: batches[r.IntN(len(batches))], Reason: "误操作"})
		default:
			out, _ = h.book.Apply(t.Context(), shen, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{ledger.MarkMilestone{Case: cases[r.IntN(len(cases))], Milestone: "filed"}}})
		}
		batches = append(batches, out.BatchID)
		parcels, cases = collect(out, parcels, cases)
		last = max(last, out.Revision)
	}
	fed, err := h.model.At(t.Context(), last)
	require.NoError(t, err)
	close(stop)
	readers.Wait()
	fresh := h.fresh(t)
	for _, name := range []string{layer.Parcels, layer.Units, layer.Recovered, layer.Effective, layer.Blocks, layer.Parks} {
		assert.Equal(t, encode(t, fresh.Now(), name), encode(t, fed, name), name)
		h.sameInEveryCoding(t, fed, name)
	}
	sameWithin(t, r, fresh.Now(), fed)
	assert.Contains(t, encode(t, fed, layer.Recovered), `"counted":false`, "some land is recorded in the end")
	report, err := h.store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}

// collect keeps the ids of what an operation made, and forgets what it removed.
func collect(out ledger.Outcome, parcels, cases []int64) (stillParcels, stillCases []int64) {
	for _, e := range out.Entries {
		switch e.Kind {
		case ledger.KindParcelImport:
			parcels = append(parcels, e.NounID)
		case ledger.KindCaseList:
			cases = append(cases, e.NounID)
		case ledger.KindUndo:
			parcels, cases = without(parcels, e.NounID), without(cases, e.NounID)
		}
	}
	return parcels, cases
}

func without(ids []int64, id int64) []int64 {
	kept := ids[:0:0]
	for _, other := range ids {
		if other != id {
			kept = append(kept, other)
		}
	}
	return kept
}

func TestWaitingForARevisionThatNeverComesIsAFault(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := h.model.At(ctx, 1<<40)
	require.True(t, fault.Is(err, "revision_not_here"), err)
	_, err = h.model.Now().Select(auth.Scope{}, layer.Parcels, layer.Query{})
	require.Equal(t, fault.KindDenied, fault.KindOf(err), "the zero scope sees nothing")
}

// TestCasesOnAParcel: a parcel names its cases of every track, so that a page can show one track.
func TestCasesOnAParcel(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels, _ := collect(h.importParcels(t, rand.New(rand.NewPCG(1, 1))), nil, nil)
	parcel := parcels[0]
	_, first := collect(h.apply(t, ledger.ListCase{Parcels: []int64{parcel}, Unit: "honghe"}), nil, nil)
	require.Len(t, first, 1)
	out := h.apply(t, ledger.ListCase{Parcels: []int64{parcel}, Unit: "honghe", Track: "move_in", Landless: true})
	_, cases := collect(out, nil, first)
	require.Len(t, cases, 2)
	now, err := h.model.At(t.Context(), out.Revision)
	require.NoError(t, err)
	assert.Equal(t, cases, now.Properties(auth.Everything(), []int64{parcel})[0].Cases)
	assert.Contains(t, encode(t, now, layer.Parcels), fmt.Sprintf(`"cases":[%d,%d]`, cases[0], cases[1]))
}
