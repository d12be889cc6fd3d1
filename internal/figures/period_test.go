package figures_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
)

func TestClosedPeriods(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		cycle          figures.Cycle
		before         campaign.Date
		from, to       campaign.Date
		earlier, until campaign.Date
	}{
		{figures.CycleDay, "2020-03-01", "2020-02-29", "2020-02-29", "2020-02-28", "2020-02-28"},
		{figures.CycleWeek, "2020-09-30", "2020-09-21", "2020-09-27", "2020-09-14", "2020-09-20"}, // Wednesday
		{figures.CycleWeek, "2020-09-28", "2020-09-21", "2020-09-27", "2020-09-14", "2020-09-20"}, // Monday
		{figures.CycleWeek, "2020-09-27", "2020-09-14", "2020-09-20", "2020-09-07", "2020-09-13"}, // Sunday: its week is not over
		{figures.CycleWeek, "2020-01-03", "2019-12-23", "2019-12-29", "2019-12-16", "2019-12-22"},
		{figures.CycleTenDays, "2020-09-30", "2020-09-11", "2020-09-20", "2020-09-01", "2020-09-10"},
		{figures.CycleTenDays, "2020-10-01", "2020-09-21", "2020-09-30", "2020-09-11", "2020-09-20"},
		{figures.CycleTenDays, "2020-03-11", "2020-03-01", "2020-03-10", "2020-02-21", "2020-02-29"},
		{figures.CycleTenDays, "2020-01-31", "2020-01-11", "2020-01-20", "2020-01-01", "2020-01-10"}, // the 31st belongs to the third
		{figures.CycleMonth, "2020-09-30", "2020-08-01", "2020-08-31", "2020-07-01", "2020-07-31"},
		{figures.CycleMonth, "2020-03-01", "2020-02-01", "2020-02-29", "2020-01-01", "2020-01-31"},
	} {
		closed := v.cycle.Closed(v.before)
		assert.Equal(t, campaign.Span{From: v.from, To: v.to}, closed, "%s before %s", v.cycle, v.before)
		assert.Equal(t, campaign.Span{From: v.earlier, To: v.until}, v.cycle.Previous(closed), "%s before %s", v.cycle, v.before)
	}
	assert.Equal(t, campaign.Span{}, figures.CycleWeek.Closed("soon"))
}

// TestClosedPeriodsTileTime: each ends the day before the next begins, and the
// last one ended before the day, which the next one would hold.
func TestClosedPeriodsTileTime(t *testing.T) {
	t.Parallel()
	longest := map[figures.Cycle]int{figures.CycleDay: 1, figures.CycleWeek: 7, figures.CycleTenDays: 11, figures.CycleMonth: 31}
	r := rand.New(rand.NewPCG(15, 16))
	for range 500 {
		day := campaign.Date("2019-01-01").AddDays(r.IntN(1500))
		for cycle, most := range longest {
			closed := cycle.Closed(day)
			require.Less(t, closed.To, day)
			require.Less(t, closed.To.DaysUntil(day), most+1)
			require.LessOrEqual(t, closed.Days(), most)
			require.Equal(t, closed.From, cycle.Previous(closed).To.AddDays(1))
			require.Equal(t, closed, cycle.Closed(closed.To.AddDays(1)))
		}
	}
}

func TestTheWordsOfCycles(t *testing.T) {
	t.Parallel()
	for cycle, want := range map[figures.Cycle][2]string{
		figures.CycleDay: {"本日", "昨日"}, figures.CycleWeek: {"本周", "上周"}, figures.CycleTenDays: {"本旬", "上旬"}, figures.CycleMonth: {"本月", "上月"},
	} {
		assert.Equal(t, want, [2]string{cycle.This().ZH, cycle.Last().ZH})
		assert.NotEmpty(t, cycle.This().EN)
		assert.NotEmpty(t, cycle.Last().EN)
	}
}

func TestWhatCameInAPeriod(t *testing.T) {
	t.Parallel()
	s := figures.Series{From: "2020-09-13", Values: []int64{100, 101, 103, 103, 106, 106, 110, 110, 111, 111, 109, 115, 115, 120, 120}}
	assert.Equal(t, campaign.Date("2020-09-27"), s.Last())
	for _, v := range []struct {
		in    campaign.Span
		want  int64
		known bool
	}{
		{campaign.Span{From: "2020-09-14", To: "2020-09-20"}, 10, true},
		{campaign.Span{From: "2020-09-21", To: "2020-09-27"}, 10, true},
		{campaign.Span{From: "2020-09-23", To: "2020-09-23"}, -2, true}, // a rebound takes away
		{campaign.Span{From: "2020-09-13", To: "2020-09-20"}, 0, false}, // the day before is unknown
		{campaign.Span{From: "2020-09-21", To: "2020-09-28"}, 0, false},
		{campaign.Span{From: "soon", To: "later"}, 0, false},
	} {
		got, known := s.Added(v.in)
		assert.Equal(t, v.known, known, v.in)
		if known {
			assert.Equal(t, v.want, got, v.in)
		}
	}
}
