package figures_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
)

// TestTheRankingOfTheWall: table E1, with the movement against the issue before.
func TestTheRankingOfTheWall(t *testing.T) {
	t.Parallel()
	now := figures.Rank([]figures.Contender{
		{Unit: "王江泾", Order: 1, Rate: figures.Share(71, 100)},
		{Unit: "油车港", Order: 2, Rate: figures.Share(30, 50)},
		{Unit: "新塍", Order: 3, Rate: figures.Share(66, 85)},
		{Unit: "王店", Order: 4, Rate: figures.Share(62, 75)},
		{Unit: "洪合", Order: 5, Rate: figures.Share(43, 60)},
		{Unit: "高新区", Order: 6, Rate: figures.Share(25, 30)},
	})
	before := figures.Rank([]figures.Contender{
		{Unit: "王江泾", Order: 1, Rate: figures.Share(69, 100)},
		{Unit: "油车港", Order: 2, Rate: figures.Share(29, 50)},
		{Unit: "新塍", Order: 3, Rate: figures.Share(64, 85)},
		{Unit: "王店", Order: 4, Rate: figures.Share(61, 75)},
		{Unit: "洪合", Order: 5, Rate: figures.Share(41, 60)},
		{Unit: "高新区", Order: 6, Rate: figures.Share(24, 30)},
	})
	var lines []string
	for _, p := range now {
		lamp := p.Rate.Gap(750).Light(campaign.DefaultLightRule()).Lamp().ZH
		lines = append(lines, fmt.Sprintf("%d %s %s %s %s", p.Place, p.Unit, p.Rate, now.Movement(p.Unit, before), lamp))
	}
	assert.Equal(t, []string{
		"1 高新区 83.3% ↑1 绿",
		"2 王店 82.7% ↓1 绿",
		"3 新塍 77.6% — 绿",
		"4 洪合 71.7% ↑1 黄",
		"5 王江泾 71.0% ↓1 黄",
		"6 油车港 60.0% — 红",
	}, lines)
	assert.Equal(t, campaign.Text{ZH: "最快与最慢相差 23.3 个百分点", EN: "fastest and slowest differ by 23.3 points"}, now.SpreadWording())
}

// TestEqualPrintedRatesShareThePlace: 2/3 and 667/1000 both print 66.7%.
func TestEqualPrintedRatesShareThePlace(t *testing.T) {
	t.Parallel()
	ranking := figures.Rank([]figures.Contender{
		{Unit: "d", Order: 4, Rate: figures.Share(1, 2)},
		{Unit: "c", Order: 3, Rate: figures.Share(667, 1000)},
		{Unit: "b", Order: 2, Rate: figures.Share(2, 3)},
		{Unit: "idle", Order: 5, Rate: figures.Share(9, 0)},
		{Unit: "a", Order: 1, Rate: figures.Share(9, 8)},
	})
	var places []string
	for _, p := range ranking {
		places = append(places, fmt.Sprintf("%d%s", p.Place, p.Unit))
	}
	assert.Equal(t, []string{"1a", "2b", "2c", "4d"}, places)
	assert.Zero(t, ranking.Place("idle"), "without a task there is no place")
	assert.Empty(t, ranking.Movement("idle", ranking).String())
	assert.Empty(t, ranking.Movement("a", nil).String(), "not ranked before")
	assert.Equal(t, "—", ranking.Movement("a", ranking).String())
	assert.Empty(t, ranking[:1].SpreadWording(), "one unit has no spread")
}

// TestRankDoesNotDependOnTheOrderOfTheRows, leaves the argument alone, and
// gives each the number of strictly faster units plus one.
func TestRankDoesNotDependOnTheOrderOfTheRows(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(13, 14))
	for range 300 {
		var all []figures.Contender
		for i := range 1 + r.IntN(12) {
			all = append(all, figures.Contender{Unit: fmt.Sprint("u", i), Order: i, Rate: figures.Share(r.Int64N(8), r.Int64N(8))})
		}
		want := figures.Rank(all)
		shuffled := append([]figures.Contender(nil), all...)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		copied := append([]figures.Contender(nil), shuffled...)
		require.Equal(t, want, figures.Rank(shuffled))
		require.Equal(t, copied, shuffled)
		for _, p := range want {
			faster := 0
			for _, other := range all {
				if other.Rate.Known && other.Rate.Tenths > p.Rate.Tenths {
					faster++
				}
			}
			require.Equal(t, faster+1, p.Place)
		}
	}
}

// TestTheFunnelOfTheWall: the legend's counts by stage make the seven rows of C1.
func TestTheFunnelOfTheWall(t *testing.T) {
	t.Parallel()
	reached := figures.Reached([]int{7, 38, 33, 37, 33, 20, 21, 16, 281})
	assert.Equal(t, []int{486, 479, 441, 408, 371, 338, 318, 297, 281}, reached)
	var steps []figures.FunnelStep
	for _, slot := range []int{2, 4, 5, 6, 7, 8, 9} {
		steps = append(steps, figures.FunnelStep{Count: reached[slot-1]})
	}
	steps[4].NotApplicable = 58
	var counts []int
	var losses []string
	rows := figures.Funnel(steps)
	for _, r := range rows {
		counts = append(counts, r.Count)
		losses = append(losses, r.LossText())
	}
	assert.Equal(t, []int{479, 408, 371, 338, 318, 297, 281}, counts)
	assert.Equal(t, []string{"", "−71", "−37", "−33", "−20", "−21", "−16"}, losses)
	assert.Equal(t, 58, rows[4].NotApplicable)
	assert.Empty(t, figures.Funnel(nil))
}
