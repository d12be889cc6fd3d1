package simulate

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/ledger"
)

// TestPhonesLoseNothing plays worlds of new seeds for a while (all of make test has 15 minutes): what fails here names its seed, and
// "guatu simulate --seed N" plays it again. Long runs are of scripts/proof.sh.
func TestPhonesLoseNothing(t *testing.T) { //nolint:tparallel // one world after the other until the time is over
	t.Parallel()
	began := time.Now()
	goOn := func() bool { return !testing.Short() && time.Since(began) < 20*time.Second }
	seed := uint64(began.UnixMilli())
	for more := true; more; more = goOn() {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			r, err := RunIn(t.Context(), Scratch(), seed, 1200)
			require.NoError(t, err)
			for _, line := range r.Lines() {
				t.Log(line)
			}
			require.NotZero(t, r.Results[ledger.Quarantined], "phones contradicted each other")
			require.NotZero(t, r.Repeated, "operations were sent again")
			require.NotZero(t, r.Stored)
		})
		seed++
	}
}

// TestOrderOfArrival sends the same day of work in two orders.
func TestOrderOfArrival(t *testing.T) {
	t.Parallel()
	first := uint64(time.Now().UnixMilli())
	for i := range uint64(6) {
		require.NoError(t, Orders(t.Context(), Scratch(), first+i, 150))
	}
}

// TestSameSeedSameWorld is what makes a failure worth its seed.
func TestSameSeedSameWorld(t *testing.T) {
	t.Parallel()
	play := func() *Report {
		r, err := RunIn(t.Context(), Scratch(), 1, 400)
		require.NoError(t, err)
		return r
	}
	first := play()
	require.Equal(t, first, play())
}

// TestBrokenPromisesAreFound breaks one promise after the other: a check that finds nothing proves nothing.
func TestBrokenPromisesAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sabotage func(t *testing.T, w *world)
		found    string
	}{
		"an operation is answered and not entered": {func(_ *testing.T, w *world) { w.store.fails = func() breakage { return pretended } }, "answered"},
		"an operation is forgotten and entered twice": {func(_ *testing.T, w *world) {
			for id, told := range w.acks {
				if told.outcome.Revision != 0 {
					delete(w.store.operations, id)
				}
			}
			for _, p := range w.phones {
				for _, d := range p.deeds {
					d.answer = nil // the answer did not arrive
				}
			}
		}, "answered"},
		"an entry is changed":   {func(_ *testing.T, w *world) { w.store.journal[20].Body += " " }, "was edited"},
		"an entry is put in":    {func(_ *testing.T, w *world) { w.store.seal(w.store.journal[len(w.store.journal)-1]) }, "differs from the journal"},
		"what was kept is gone": {func(_ *testing.T, w *world) { clear(w.store.kept) }, "not in the state"},
		"a case goes back": {func(_ *testing.T, w *world) {
			id := w.store.idsOf(ledger.NounCase)[0]
			c := w.store.cases[id]
			c.Case.Label += "?"
			w.store.cases[id] = c
		}, "differs from the journal"},
		"a photo with a receipt is gone": {func(t *testing.T, w *world) {
			t.Helper()
			stored, err := filepath.Glob(filepath.Join(w.folder, "files", "*", "*"))
			require.NoError(t, err)
			for _, path := range stored {
				require.NoError(t, os.Remove(path))
			}
		}, "has a receipt"},
		"a phone takes a photo for sent": {func(_ *testing.T, w *world) {
			for _, d := range w.sent {
				for _, p := range d.photos {
					p.stored = true
				}
			}
		}, "no phone has lost it"},
		"a phone drops what it has not sent": {func(_ *testing.T, w *world) {
			for _, p := range w.phones {
				p.deeds = nil
			}
		}, "never answered"},
		"a phone misses news": {func(_ *testing.T, w *world) {
			for _, p := range w.phones {
				clear(p.view)
			}
		}, "knows"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, remove, err := scratch(Scratch())
			require.NoError(t, err)
			defer remove()
			w, err := newWorld(t.Context(), 7, Options{Operations: 600, Folder: folder})
			require.NoError(t, err)
			w.after(4*time.Hour, func() { c.sabotage(t, w) })
			require.ErrorContains(t, w.run(), c.found)
		})
	}
}
