package live_test

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dbtest"
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

// patience is how long a test waits for what must happen; passing tests never wait so long.
const patience = 60 * time.Second

// house is a journal with a feed over a database of its own. The feed is not running yet.
type house struct {
	db    *dbtest.DB
	store *postgres.Store
	book  *ledger.Ledger
	model *layer.Model
	feed  *live.Feed
	from  int64 // revision the feed starts at
}

// deaf is a source whose notifications are all lost: it listens and never hears.
type deaf struct{ *postgres.Store }

func (deaf) Listen(ctx context.Context, _ func()) error {
	<-ctx.Done()
	return ctx.Err()
}

func setup(t *testing.T, over func(*postgres.Store) live.Source) *house {
	t.Helper()
	return setupAt(t, over, func() time.Time { return time.Date(2020, 9, 30, 14, 12, 0, 0, campaign.Shanghai()) })
}

// setupAt is setup with a clock.
func setupAt(t *testing.T, over func(*postgres.Store) live.Source, clock func() time.Time) *house {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	h := &house{db: server.Open(t)}
	var err error
	h.store, err = postgres.Open(t.Context(), postgres.Server{DSN: h.db.DSN}, quiet)
	require.NoError(t, err)
	t.Cleanup(h.store.Close)
	h.book = ledger.New(h.store, clock, quiet)
	definition, err := campaign.Rectify2020()
	require.NoError(t, err)
	name := campaign.Text{ZH: "洪合", EN: "Honghe"}
	h.apply(t, ledger.SetUpCampaign{
		Definition: definition,
		Units:      []ledger.UnitDraft{{Unit: ledger.Unit{Code: "honghe", Sort: 1, Name: name, Short: name}, Boundary: square(120.60, 30.60, 0.2)}},
		People:     []ledger.Person{{Code: "shen", Sort: 1, Name: "沈某", Role: "field"}},
	})
	pages, err := chronicle.Open(t.Context(), h.store)
	require.NoError(t, err)
	h.model, err = layer.NewModel(t.Context(), h.store, pages, block.NewDesk(h.store))
	require.NoError(t, err)
	h.feed = live.NewFeed(over(h.store), h.model, pages, clock, quiet)
	h.from = h.model.Now().Revision
	return h
}

// asItIs listens to the database.
func asItIs(s *postgres.Store) live.Source { return s }

// unheard loses every notification.
func unheard(s *postgres.Store) live.Source { return deaf{s} }

// run lets the feed run until the test ends.
func (h *house) run(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); h.feed.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
}

// square has its south-west corner at lon, lat and the given side in degrees.
func square(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

func (h *house) apply(t *testing.T, changes ...ledger.Change) ledger.Outcome {
	t.Helper()
	out, err := h.try(t, changes...)
	require.NoError(t, err)
	return out
}

func (h *house) try(t *testing.T, changes ...ledger.Change) (ledger.Outcome, error) {
	t.Helper()
	actor := auth.Actor{ID: "shen", Name: "沈某", Role: "district"}
	if _, isSetUp := changes[0].(ledger.SetUpCampaign); isSetUp {
		actor = auth.System()
	}
	return h.book.Apply(t.Context(), actor, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: changes})
}

// parcels are n new parcels, by id.
func (h *house) parcels(t *testing.T, n int) []int64 {
	t.Helper()
	out := h.apply(t, ledger.ImportParcels{Digest: uuid.NewString(), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i := range n {
			d := ledger.ParcelDraft{Row: i + 1, Label: "凤桥村作坊", Geometry: square(120.601+0.001*float64(i%100), 30.601+0.001*float64(i/100), 0.0005)}
			if err := each(d); err != nil {
				return err
			}
		}
		return nil
	}})
	ids := make([]int64, n)
	for i, e := range out.Entries {
		ids[i] = e.NounID
	}
	return ids
}

// watcher reads the feed as a stream does.
type watcher struct {
	feed *live.Feed
	last int64
}

// next are the next events; it waits for them.
func (w *watcher) next(t *testing.T) []live.Event {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		events, moved, err := w.feed.After(ctx, auth.ScopeOf(auth.System()), w.last)
		require.NoError(t, err)
		if len(events) > 0 {
			w.last = events[len(events)-1].Last
			return events
		}
		select {
		case <-moved:
		case <-ctx.Done():
			require.Fail(t, "nothing came", "after revision %d", w.last)
		}
	}
}

// until are all events up to a revision.
func (w *watcher) until(t *testing.T, revision int64) []live.Event {
	t.Helper()
	var all []live.Event
	for w.last < revision {
		all = append(all, w.next(t)...)
	}
	return all
}
