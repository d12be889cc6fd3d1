package live_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
)

// nextDay waits until the feed tells a day.
func (h *house) nextDay(t *testing.T, want campaign.Date) {
	t.Helper()
	for deadline := time.After(patience); ; {
		_, moved, err := h.feed.After(t.Context(), auth.Everything(), h.from)
		require.NoError(t, err)
		if h.feed.Day() == want {
			return
		}
		select {
		case <-moved:
		case <-deadline:
			require.Fail(t, "the day did not turn", "it is %s", h.feed.Day())
		}
	}
}

// TestMidnightWakesEverybody: by the campaign's zone, with nothing in the journal and no check that would find it by chance.
func TestMidnightWakesEverybody(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64 // real time runs on, from where the test puts it
	began := time.Now()
	clock := func() time.Time {
		return time.Date(2020, 9, 30, 14, 12, 0, 0, campaign.Shanghai()).Add(time.Duration(ahead.Load()) + time.Since(began)).UTC()
	}
	h := setupAt(t, asItIs, clock)
	assert.Equal(t, campaign.Date("2020-09-30"), h.feed.Day())
	h.feed.Pace(never, time.Millisecond, 4, 3)
	ahead.Store(int64(9*time.Hour + 48*time.Minute - time.Since(began) - 50*time.Millisecond))
	h.run(t)
	h.nextDay(t, "2020-10-01")
}

// TestAClockThatIsSetIsSeenByTheNextCheck also backwards: the server's clock is right, not the one who reads it.
func TestAClockThatIsSetIsSeenByTheNextCheck(t *testing.T) {
	t.Parallel()
	var now atomic.Int64
	set := func(day int) { now.Store(time.Date(2020, 9, day, 14, 12, 0, 0, campaign.Shanghai()).Unix()) }
	set(30)
	h := setupAt(t, asItIs, func() time.Time { return time.Unix(now.Load(), 0) })
	h.feed.Pace(time.Millisecond, time.Millisecond, 4, 3)
	h.run(t)
	set(31)
	h.nextDay(t, "2020-10-01")
	set(29)
	h.nextDay(t, "2020-09-29")
}
