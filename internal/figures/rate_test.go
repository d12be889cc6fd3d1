package figures_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
)

const (
	count = campaign.MeasureCount
	land  = campaign.MeasureLand
	floor = campaign.MeasureFloor
)

// exact is a figure as it is written in the examples, hundredths for areas, in exact units.
func exact(of campaign.Measure, printed int64) int64 {
	switch of {
	case land:
		return int64(geo.FromHundredths(printed))
	case floor:
		return printed * 100 * int64(geo.SquareMetre)
	case count:
	}
	return printed
}

func progress(of campaign.Measure, done, task int64) figures.Progress {
	return figures.Progress{Measure: of, Done: exact(of, done), Task: task}
}

// TestTheHeadlineFigures: the eight cards of the wall on 2020-09-30.
func TestTheHeadlineFigures(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	for _, v := range []struct {
		metric                      campaign.MetricCode
		done                        int64
		number, task, rate, gap, zh string
	}{
		{campaign.MetricRectified, 297, "297", "400", "74.3%", "−0.7", "黄"},
		{campaign.MetricRectifiedEnterprises, 151, "151", "200", "75.5%", "+0.5", "绿"},
		{campaign.MetricRecovered, 1464_53, "1,464.53", "2,000", "73.2%", "−1.8", "黄"},
		{campaign.MetricEffective, 1085_93, "1,085.93", "1,500", "72.4%", "−2.6", "黄"},
		{campaign.MetricUpgraded, 110, "110", "150", "73.3%", "−1.7", "黄"},
		{campaign.MetricParks, 3, "3", "5", "60.0%", "0.0", "绿"},
		{campaign.MetricParkFloor, 15_27, "15.27", "25", "61.1%", "+1.1", "绿"},
		{campaign.MetricMovedIn, 149, "149", "200", "74.5%", "−0.5", "黄"},
	} {
		m, ok := d.Metric(v.metric)
		require.True(t, ok)
		target, ok := d.Target("", v.metric, campaign.PeriodYear)
		require.True(t, ok)
		p := progress(m.Measure, v.done, target.Task)
		gap := p.Rate().Gap(d.Baseline(target, "2020-09-30"))
		assert.Equal(t, v.number, figures.Done(p.Done, m.Measure, figures.Screen), v.metric)
		assert.Equal(t, v.task, figures.Task(p.Task, m.Measure, figures.Screen), v.metric)
		assert.Equal(t, v.rate, p.Rate().String(), v.metric)
		assert.Equal(t, v.gap, gap.String(), v.metric)
		assert.Equal(t, v.zh, gap.Light(d.LightRule()).Lamp().ZH, v.metric)
	}
}

// row is a unit of the example table; rates are worked out by hand.
type row struct {
	unit       string
	done, task int64
	rate, gap  string
	light      campaign.Light
}

const (
	green  = campaign.LightGreen
	yellow = campaign.LightYellow
	red    = campaign.LightRed
	none   = campaign.LightNone
)

// TestTheExampleTable: every unit, every metric, with the total of the rows.
func TestTheExampleTable(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		of       campaign.Measure
		baseline campaign.Tenths
		rows     []row
		total    row
	}{
		"整治": {count, 750, []row{
			{"王江泾镇", 71, 100, "71.0%", "−4.0", yellow},
			{"油车港镇", 30, 50, "60.0%", "−15.0", red},
			{"新塍镇", 66, 85, "77.6%", "+2.6", green},
			{"秀洲经济开发区（王店镇）", 62, 75, "82.7%", "+7.7", green},
			{"洪合镇", 43, 60, "71.7%", "−3.3", yellow},
			{"秀洲国家高新区", 25, 30, "83.3%", "+8.3", green},
		}, row{"合计", 297, 400, "74.3%", "−0.7", yellow}},
		"其中企业": {count, 750, []row{
			{"王江泾镇", 33, 45, "73.3%", "−1.7", yellow},
			{"油车港镇", 16, 25, "64.0%", "−11.0", red},
			{"新塍镇", 31, 40, "77.5%", "+2.5", green},
			{"秀洲经济开发区（王店镇）", 34, 40, "85.0%", "+10.0", green},
			{"洪合镇", 20, 30, "66.7%", "−8.3", yellow},
			{"秀洲国家高新区", 17, 20, "85.0%", "+10.0", green},
		}, row{"合计", 151, 200, "75.5%", "+0.5", green}},
		"腾退": {land, 750, []row{
			{"王江泾镇", 361_27, 520_00, "69.5%", "−5.5", yellow},
			{"油车港镇", 127_46, 220_00, "57.9%", "−17.1", red},
			{"新塍镇", 322_18, 420_00, "76.7%", "+1.7", green},
			{"秀洲经济开发区（王店镇）", 311_05, 380_00, "81.9%", "+6.9", green},
			{"洪合镇", 158_93, 240_00, "66.2%", "−8.8", yellow},
			{"秀洲国家高新区", 183_64, 220_00, "83.5%", "+8.5", green},
		}, row{"合计", 1464_53, 2000_00, "73.2%", "−1.8", yellow}},
		"有效": {land, 750, []row{
			{"王江泾镇", 262_41, 390_00, "67.3%", "−7.7", yellow},
			{"油车港镇", 92_30, 165_00, "55.9%", "−19.1", red},
			{"新塍镇", 241_75, 315_00, "76.7%", "+1.7", green},
			{"秀洲经济开发区（王店镇）", 236_88, 285_00, "83.1%", "+8.1", green},
			{"洪合镇", 113_52, 180_00, "63.1%", "−11.9", red},
			{"秀洲国家高新区", 139_07, 165_00, "84.3%", "+9.3", green},
		}, row{"合计", 1085_93, 1500_00, "72.4%", "−2.6", yellow}},
		"提升": {count, 750, []row{
			{"王江泾镇", 24, 35, "68.6%", "−6.4", yellow},
			{"油车港镇", 9, 15, "60.0%", "−15.0", red},
			{"新塍镇", 23, 30, "76.7%", "+1.7", green},
			{"秀洲经济开发区（王店镇）", 24, 30, "80.0%", "+5.0", green},
			{"洪合镇", 13, 20, "65.0%", "−10.0", red},
			{"秀洲国家高新区", 17, 20, "85.0%", "+10.0", green},
		}, row{"合计", 110, 150, "73.3%", "−1.7", yellow}},
		"园（个）": {count, 600, []row{
			{"王江泾镇", 0, 1, "0.0%", "−60.0", red},
			{"油车港镇", 0, 0, "—", "—", none},
			{"新塍镇", 1, 1, "100.0%", "+40.0", green},
			{"秀洲经济开发区（王店镇）", 1, 1, "100.0%", "+40.0", green},
			{"洪合镇", 0, 1, "0.0%", "−60.0", red},
			{"秀洲国家高新区", 1, 1, "100.0%", "+40.0", green},
		}, row{"合计", 3, 5, "60.0%", "0.0", green}},
		"园（万㎡）": {floor, 600, []row{
			{"王江泾镇", 0, 6_00, "0.0%", "−60.0", red},
			{"油车港镇", 0, 0, "—", "—", none},
			{"新塍镇", 5_12, 5_00, "102.4%", "+42.4", green},
			{"秀洲经济开发区（王店镇）", 6_05, 6_00, "100.8%", "+40.8", green},
			{"洪合镇", 0, 4_00, "0.0%", "−60.0", red},
			{"秀洲国家高新区", 4_10, 4_00, "102.5%", "+42.5", green},
		}, row{"合计", 15_27, 25_00, "61.1%", "+1.1", green}},
		"入园": {count, 750, []row{
			{"王江泾镇", 31, 50, "62.0%", "−13.0", red},
			{"油车港镇", 0, 0, "—", "—", none},
			{"新塍镇", 33, 40, "82.5%", "+7.5", green},
			{"秀洲经济开发区（王店镇）", 38, 45, "84.4%", "+9.4", green},
			{"洪合镇", 20, 35, "57.1%", "−17.9", red},
			{"秀洲国家高新区", 27, 30, "90.0%", "+15.0", green},
		}, row{"合计", 149, 200, "74.5%", "−0.5", yellow}},
	} {
		var parts []figures.Progress
		for _, r := range v.rows {
			p := progress(v.of, r.done, r.task)
			agrees(t, name, r, p.Rate(), v.baseline)
			parts = append(parts, p)
		}
		sum := figures.Sum(v.of, parts...)
		assert.Equal(t, v.total.task, sum.Task, name)
		assert.Equal(t, v.total.done, figures.Steps(sum.Done, v.of), name)
		agrees(t, name, v.total, sum.Rate(), v.baseline)
	}
}

func agrees(t *testing.T, metric string, want row, rate figures.Rate, baseline campaign.Tenths) {
	t.Helper()
	gap := rate.Gap(baseline)
	assert.Equal(t, want.rate, rate.String(), "%s %s", metric, want.unit)
	assert.Equal(t, want.gap, gap.String(), "%s %s", metric, want.unit)
	assert.Equal(t, want.light, gap.Light(campaign.DefaultLightRule()), "%s %s", metric, want.unit)
}

// TestPercentIsRoundedHalfAwayFromZero, never half to even.
func TestPercentIsRoundedHalfAwayFromZero(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		done, task int64
		want       string
	}{
		{297, 400, "74.3%"}, // 74.25
		{299, 400, "74.8%"}, // 74.75
		{1, 2000, "0.1%"},   // 0.05
		{3, 2000, "0.2%"},   // 0.15
		{-1, 2000, "−0.1%"},
		{1, 2001, "0.0%"},
		{0, 5, "0.0%"},
		{512, 500, "102.4%"},
		{5000, 400, "1250.0%"},
		{7, 0, "—"},
		{7, -1, "—"},
		{math.MaxInt64, math.MaxInt64, "100.0%"},
		{math.MaxInt64, 1, "922337203685477580.7%"}, // the end of the range
		{math.MinInt64, 1, "−922337203685477580.8%"},
	} {
		assert.Equal(t, v.want, figures.Share(v.done, v.task).String(), "%d of %d", v.done, v.task)
	}
	assert.Equal(t, "−1.8 个百分点", figures.Points{Tenths: -18, Known: true}.Wording().ZH)
	assert.Equal(t, "+0.5 points", figures.Points{Tenths: 5, Known: true}.Wording().EN)
	assert.Equal(t, "—", figures.Points{}.Wording().ZH)
}

// TestPercentAgreesWithRationalArithmetic: for any area and task, also at the halves.
func TestPercentAgreesWithRationalArithmetic(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	for range 6000 {
		of := []campaign.Measure{count, land, floor}[r.IntN(3)]
		task := 1 + r.Int64N([]int64{9, 400, 2000_00, 1 << 40}[r.IntN(4)])
		size, per := of.Step()
		done := r.Int64N(1 << (1 + r.IntN(62)))
		if r.IntN(2) == 0 { // as near to a half as the units allow
			half := new(big.Int).Mul(big.NewInt(2*r.Int64N(1200)+1), big.NewInt(task))
			half.Mul(half, big.NewInt(size)).Quo(half, big.NewInt(2000*per))
			done = half.Int64() + r.Int64N(3) - 1
		}
		rate := new(big.Rat).SetFrac(big.NewInt(done), big.NewInt(task))
		rate.Mul(rate, big.NewRat(1000*per, size))
		// FloatString rounds halves away from zero.
		want, ok := new(big.Int).SetString(rate.FloatString(0), 10)
		require.True(t, ok)
		if !want.IsInt64() {
			want.SetInt64(math.MaxInt64)
		}
		require.Equal(t, figures.Rate{Tenths: campaign.Tenths(want.Int64()), Known: true}, figures.Percent(done, task, of), "%d of %d %s", done, task, of)
	}
}

// TestGapsComeFromPrintedFigures: the printed gap is the difference of what
// stands beside it, so a calculator gives the same.
func TestGapsComeFromPrintedFigures(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		rate := figures.Share(r.Int64N(500), 1+r.Int64N(400))
		baseline := campaign.Tenths(r.IntN(1001))
		gap := rate.Gap(baseline)
		printed, ok := new(big.Rat).SetString(rate.String()[:len(rate.String())-1])
		require.True(t, ok)
		want := printed.Sub(printed, big.NewRat(int64(baseline), 10))
		require.Equal(t, want.RatString(), big.NewRat(int64(gap.Tenths), 10).RatString())
		switch {
		case gap.Tenths >= 0:
			require.Equal(t, green, gap.Light(campaign.DefaultLightRule()))
		case gap.Tenths <= -100:
			require.Equal(t, red, gap.Light(campaign.DefaultLightRule()))
		default:
			require.Equal(t, yellow, gap.Light(campaign.DefaultLightRule()))
		}
	}
}
