package live_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/live"
)

func TestTheLatestAreTheNewestWantedFromTheFeedAndTheJournal(t *testing.T) {
	t.Parallel()
	h := setup(t, asItIs)
	var want []int64
	for i := range 6 {
		outcome, err := h.try(t, ledger.ListCase{Unit: "honghe", Label: "作坊" + strconv.Itoa(i)})
		require.NoError(t, err)
		want = append([]int64{outcome.Revision}, want...)
	}
	h.feed.Pace(never, time.Millisecond, 4, 3) // the feed holds the last few alone; the journal has the others
	h.run(t)
	(&watcher{h.feed, h.from}).until(t, want[0])

	about := func(e live.Event) bool { return e.Subject != 0 }
	found, err := h.feed.Latest(t.Context(), auth.Everything(), 5, about)
	require.NoError(t, err)
	var got []int64
	for _, e := range found {
		got = append(got, e.Last)
	}
	assert.Equal(t, want[:5], got)

	odd := func(e live.Event) bool { return e.Last == want[5] || e.Last == want[2] }
	found, err = h.feed.Latest(t.Context(), auth.Everything(), 5, odd)
	require.NoError(t, err)
	require.Len(t, found, 2)
	assert.Equal(t, want[5], found[1].Last)

	_, err = h.feed.Latest(t.Context(), auth.Scope{}, 5, about)
	require.Error(t, err, "nobody hears nothing")
}
