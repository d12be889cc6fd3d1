package live_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
)

// never is a safety check that comes too late for any test: only notifications wake the feed.
const never = time.Hour

// writeAtOnce lists n cases from several sides and returns the last revision.
func (h *house) writeAtOnce(t *testing.T, sides, n int) int64 {
	t.Helper()
	var wg sync.WaitGroup
	for side := range sides {
		wg.Go(func() {
			for i := range n {
				_, err := h.try(t, ledger.ListCase{Unit: "honghe", Label: "作坊" + strconv.Itoa(side) + "-" + strconv.Itoa(i)})
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	last, _, err := h.store.Revision(t.Context())
	require.NoError(t, err)
	return last
}

// requireGapless says that the events tell revisions from..to once each and in order.
func requireGapless(t *testing.T, events []live.Event, from, to int64) {
	t.Helper()
	for _, e := range events {
		require.Equal(t, from+1, e.First, "no miss and no repeat")
		from = e.Last
	}
	require.Equal(t, to, from)
}

func TestEveryOperationIsToldOnceAndInOrder(t *testing.T) {
	t.Parallel()
	n := 15
	if testing.Short() {
		n = 4
	}
	h := setup(t, asItIs)
	h.feed.Pace(never, time.Millisecond, 1024, 3) // a small page: catching up takes several
	h.run(t)
	var wg sync.WaitGroup
	to := make(chan int64, 1)
	wg.Go(func() { to <- h.writeAtOnce(t, 4, n) })
	w := &watcher{h.feed, h.from}
	events := w.until(t, h.from+int64(4*n))
	wg.Wait()
	requireGapless(t, events, h.from, <-to)
	for _, e := range events {
		assert.Equal(t, []string{ledger.KindCaseList}, e.Kinds)
		assert.Equal(t, "沈某", e.ActorName)
		assert.Len(t, e.Touched, 1)
	}
}

func TestLostNotificationsOnlyDelay(t *testing.T) {
	t.Parallel()
	h := setup(t, unheard)
	h.feed.Pace(time.Millisecond, time.Millisecond, 1024, 256)
	h.run(t)
	to := h.writeAtOnce(t, 2, 3)
	requireGapless(t, (&watcher{h.feed, h.from}).until(t, to), h.from, to)
}

func TestWhoWasAwayLongerThanEventsAreHeldReadsTheJournal(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	h.feed.Pace(never, time.Millisecond, 4, 3)
	h.run(t)
	to := h.writeAtOnce(t, 1, 20)
	ahead := &watcher{h.feed, to - 1}
	ahead.until(t, to) // by now the feed holds the last few alone

	for from := h.from; from < to; from++ {
		requireGapless(t, (&watcher{h.feed, from}).until(t, to), from, to)
	}
	events, _, err := h.feed.After(t.Context(), auth.ScopeOf(auth.System()), to)
	require.NoError(t, err)
	assert.Empty(t, events, "who is up to date hears nothing twice")
}

func TestAFeedThatStartsLaterTellsWhatWasBefore(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	to := h.writeAtOnce(t, 1, 5)
	h.feed.Pace(never, time.Millisecond, 1024, 256)
	h.run(t)
	requireGapless(t, (&watcher{h.feed, h.from}).until(t, to), h.from, to)
	requireGapless(t, (&watcher{h.feed, 0}).until(t, to), 0, to)
}

func TestAnEventHoldsTheNewStateOfWhatItTouched(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	h.run(t)
	w := &watcher{h.feed, h.from}

	parcels := h.parcels(t, 2)
	imported := w.next(t)[0]
	assert.Equal(t, []string{layer.Parcels}, imported.Reload, "new geometry is fetched")
	assert.Empty(t, imported.Changed)

	listing := h.apply(t, ledger.ListCase{Parcels: parcels[:1], On: "2020-03-01"})
	listed := w.next(t)[0]
	assert.Equal(t, parcels[:1], listed.Parcels)
	require.Len(t, listed.Changed, 1)
	assert.Equal(t, 1, listed.Changed[0].Stage)
	require.Len(t, listed.Touched, 1)
	assert.Equal(t, "filed", listed.Touched[0].Next)
	assert.Empty(t, listed.Reload)

	filed := h.apply(t, ledger.MarkMilestone{Case: listed.Cases[0], Milestone: "filed", On: "2020-03-25"})
	marked := w.next(t)[0]
	assert.Equal(t, 2, marked.Changed[0].Stage)
	assert.Equal(t, 2, marked.Touched[0].Stage)
	assert.Equal(t, filed.BatchID, marked.BatchID)
	definition, err := campaign.Rectify2020()
	require.NoError(t, err)
	said := marked.Touched[0].Code + " " + marked.Touched[0].Label
	assert.Equal(t, "沈某 完成建档 · "+said, dossier.Sentence(definition, marked.Told()).ZH)
	assert.Equal(t, "沈某 列入清单 · "+said, dossier.Sentence(definition, listed.Told()).ZH)
	assert.Equal(t, "沈某 导入地块 · 2 个地块", dossier.Sentence(definition, imported.Told()).ZH)

	h.apply(t, ledger.UndoBatch{Batch: filed.BatchID, Reason: "误操作"})
	w.next(t)
	h.apply(t, ledger.UndoBatch{Batch: listing.BatchID, Reason: "误列"})
	gone := w.next(t)[0]
	assert.Equal(t, parcels[:1], gone.Parcels, "the parcel of a case that is gone is touched all the same")
	assert.Equal(t, 0, gone.Changed[0].Stage)
	assert.Empty(t, gone.Touched)
}

func TestTheMapIsUpToDateBeforeTheEventIsTold(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	h.run(t)
	w := &watcher{h.feed, h.from}
	parcels := h.parcels(t, 1)
	w.next(t)
	h.apply(t, ledger.ListCase{Parcels: parcels})
	e := w.next(t)[0]
	assert.GreaterOrEqual(t, h.model.Now().Revision, e.Last)
}

func TestAnEventOfManyParcelsSaysReload(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	h.run(t)
	w := &watcher{h.feed, h.from}
	parcels := h.parcels(t, 501)
	w.next(t)
	h.apply(t, ledger.ListCase{Parcels: parcels})
	e := w.next(t)[0]
	assert.Equal(t, []string{layer.Parcels}, e.Reload)
	assert.Empty(t, e.Changed)
	assert.Len(t, e.Touched, 1)
}

// TestTheDatabaseGoesAwayAndComesBack: connections are cut and refused, then admitted again.
func TestTheDatabaseGoesAwayAndComesBack(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	h.feed.Pace(time.Millisecond, time.Millisecond, 4, 256)
	h.run(t)
	w := &watcher{h.feed, h.from}
	h.writeAtOnce(t, 1, 6)
	w.until(t, h.from+6)

	h.db.Exec(t, "postgres", `ALTER DATABASE `+h.db.Name+` CONNECTION LIMIT 0`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND usename <> 'postgres'`)
	_, err := h.try(t, ledger.ListCase{Unit: "honghe", Label: "作坊"})
	assert.Equal(t, fault.KindUnavailable, fault.KindOf(err), "%v", err)
	_, _, err = h.feed.After(t.Context(), auth.ScopeOf(auth.System()), 0)
	assert.Equal(t, fault.KindUnavailable, fault.KindOf(err), "the journal cannot be read: %v", err)
	events, _, err := h.feed.After(t.Context(), auth.ScopeOf(auth.System()), w.last-1)
	require.NoError(t, err, "what is held is told all the same")
	assert.Len(t, events, 1)

	for range 10 { // each attempt throws away a connection that was cut: the feed has some of its own
		_, _, err = h.store.Revision(t.Context())
		require.Error(t, err)
	}

	h.db.Exec(t, "postgres", `ALTER DATABASE `+h.db.Name+` CONNECTION LIMIT -1`)
	before := w.last
	to := h.writeAtOnce(t, 1, 3)
	requireGapless(t, w.until(t, to), before, to)
}

func TestAScopeThatSeesNothingHearsNothing(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	_, err := h.feed.Revision(auth.Scope{})
	assert.Equal(t, fault.KindDenied, fault.KindOf(err))
	_, _, err = h.feed.After(t.Context(), auth.Scope{}, 0)
	assert.Equal(t, fault.KindDenied, fault.KindOf(err))
}

func TestAnEventAboutLandNamesTheCaseAndTheLayers(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	h.run(t)
	w := &watcher{h.feed, h.from}
	id := h.apply(t, ledger.ListCase{Parcels: h.parcels(t, 1), On: "2020-03-01"}).Entries[0].NounID
	h.apply(t, ledger.RecordLand{Case: id})
	var recorded live.Event
	for len(recorded.Kinds) == 0 || recorded.Kinds[0] != ledger.KindLandRecord {
		events := w.next(t)
		recorded = events[len(events)-1]
	}
	assert.Equal(t, []string{layer.Recovered, layer.Effective, layer.Blocks}, recorded.Reload)
	assert.Equal(t, []int64{id}, recorded.Cases, "the case whose land it is")
	require.Len(t, recorded.Touched, 1)
	definition, err := campaign.Rectify2020()
	require.NoError(t, err)
	said := recorded.Touched[0].Code + " " + recorded.Touched[0].Label
	assert.Equal(t, "沈某 登记腾退范围 · "+said, dossier.Sentence(definition, recorded.Told()).ZH)
}
