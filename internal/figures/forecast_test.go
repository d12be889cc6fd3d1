package figures_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
)

// burnUp is a series that ends with `done` on a day after four weeks with
// these increments, each spread evenly over its seven days.
func burnUp(last campaign.Date, done int64, increments ...int64) figures.Series {
	value := done
	for _, i := range increments {
		value -= i
	}
	s := figures.Series{From: last.AddDays(-7 * len(increments)), Values: []int64{value}}
	for _, i := range increments {
		for day := range int64(7) {
			s.Values = append(s.Values, value+i*(day+1)/7)
		}
		value += i
	}
	return s
}

func goal(t *testing.T, code campaign.MetricCode) figures.Goal {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	target, ok := d.Target("", code, campaign.PeriodYear)
	require.True(t, ok)
	return figures.Goal{Metric: metric(t, code), Period: campaign.PeriodYear, Task: target.Task, End: d.End}
}

// mu are exact areas of figures in 0.01 mu.
func mu(hundredths ...int64) []int64 {
	areas := make([]int64, len(hundredths))
	for i, h := range hundredths {
		areas[i] = exact(land, h)
	}
	return areas
}

const end = campaign.Date("2020-09-30")

// TestTheSentencesUnderTheBurnUp: from 1,464.53 mu on, 40 to 55 mu a week meet
// the task in time, 30 mu a week do not.
func TestTheSentencesUnderTheBurnUp(t *testing.T) {
	t.Parallel()
	recovered, rectified := goal(t, campaign.MetricRecovered), goal(t, campaign.MetricRectified)
	floorGoal := goal(t, campaign.MetricParkFloor)
	june := recovered
	june.End = "2021-06-30"
	untasked := recovered
	untasked.Task = 0
	odd := recovered
	odd.Task = 2000_50
	three := recovered
	three.Period = campaign.PeriodThreeYears
	for name, v := range map[string]struct {
		goal   figures.Goal
		series figures.Series
		zh, en string
	}{
		"enough data": {
			recovered, burnUp(end, exact(land, 1464_53), mu(45_00, 40_00, 55_00, 50_00)...),
			"按近四周进度，预计12月18日完成2,000亩（12月9日—12月30日）。",
			"At the pace of the last four weeks, 2,000 mu will be reached on 18 December (9 December – 30 December).",
		},
		"late": {
			recovered, burnUp(end, exact(land, 1464_53), mu(30_80, 30_90, 30_80, 30_90)...),
			"按近四周进度，年底预计完成1,870亩，缺口130亩。",
			"At the pace of the last four weeks, 1,870 mu are expected by the end of the year, 130 mu short.",
		},
		"too little data": {
			recovered, burnUp(end, exact(land, 1464_53), mu(45_00, 40_00, 55_00)...),
			"数据不足四周，暂不预测。", "Less than four weeks of data: no forecast yet.",
		},
		"no data": {recovered, figures.Series{}, "数据不足四周，暂不预测。", "Less than four weeks of data: no forecast yet."},
		"reached": {
			recovered, burnUp(end, exact(land, 2000_00), mu(45_00)...),
			"已完成年度任务2,000亩。", "The target of the year has been met: 2,000 mu.",
		},
		"reached in three years": {
			three, burnUp(end, exact(land, 2100_00), mu(45_00)...),
			"已完成三年总任务2,000亩。", "The target of three years has been met: 2,000 mu.",
		},
		"no task": {untasked, burnUp(end, exact(land, 12_00), mu(1_00)...), "无任务", "no target"},
		"steady pace, one day": {
			rectified, burnUp(end, 330, 7, 7, 7, 7),
			"按近四周进度，预计12月9日完成400家。", "At the pace of the last four weeks, 400 firms will be reached on 9 December.",
		},
		"late end next year": {
			rectified, burnUp(end, 297, 5, 14, 6, 11),
			"按近四周进度，预计12月20日完成400家（11月24日—2021年2月16日）。",
			"At the pace of the last four weeks, 400 firms will be reached on 20 December (24 November – 16 February 2021).",
		},
		"late end open": {
			rectified, burnUp(end, 297, 0, 34, 0, 4),
			"按近四周进度，预计12月15日完成400家（最早10月25日）。",
			"At the pace of the last four weeks, 400 firms will be reached on 15 December (25 October at the earliest).",
		},
		"late end more than a year ahead": { // 67.5 weeks
			rectified, burnUp(end, 297, 0, 20, 4, 12),
			"按近四周进度，预计12月20日完成400家（最早11月8日）。",
			"At the pace of the last four weeks, 400 firms will be reached on 20 December (8 November at the earliest).",
		},
		"nothing moved": {
			rectified, burnUp(end, 297, 0, 0, 0, 0),
			"按近四周进度，年底预计完成297家，缺口103家。",
			"At the pace of the last four weeks, 297 firms are expected by the end of the year, 103 firms short.",
		},
		"rebounds": {
			rectified, burnUp(end, 297, 1, -3, 0, -2),
			"按近四周进度，年底预计完成284家，缺口116家。",
			"At the pace of the last four weeks, 284 firms are expected by the end of the year, 116 firms short.",
		},
		"short by less than a mu": {
			recovered, burnUp("2020-12-30", exact(land, 1999_50), mu(1_40, 1_40, 1_40, 1_40)...),
			"按近四周进度，年底预计完成1,999亩，缺口1亩。",
			"At the pace of the last four weeks, 1,999 mu are expected by the end of the year, 1 mu short.",
		},
		"a task of half mu": {
			odd, burnUp(end, exact(land, 1464_53), mu(30_80, 30_90, 30_80, 30_90)...),
			"按近四周进度，年底预计完成1,870亩，缺口130.50亩。",
			"At the pace of the last four weeks, 1,870 mu are expected by the end of the year, 130.50 mu short.",
		},
		"floor area": {
			floorGoal, burnUp(end, exact(floor, 15_27), exact(floor, 10), exact(floor, 15), exact(floor, 20), exact(floor, 15)),
			"按近四周进度，年底预计完成17.24万㎡，缺口7.76万㎡。",
			"At the pace of the last four weeks, 17.24 × 10,000 m² are expected by the end of the year, 7.76 × 10,000 m² short.",
		},
		"another end": {
			june, burnUp(end, exact(land, 1464_53), mu(10_00, 10_00, 10_00, 10_00)...),
			"按近四周进度，2021年6月30日预计完成1,855亩，缺口145亩。",
			"At the pace of the last four weeks, 1,855 mu are expected by 30 June 2021, 145 mu short.",
		},
		"the year is over": {
			recovered, burnUp("2021-01-10", exact(land, 1962_40), mu(10_00, 10_00, 0, 0)...),
			"年度任务已到期，完成1,962.40亩，缺口37.60亩。", "The target of the year is over: 1,962.40 mu done, 37.60 mu short.",
		},
	} {
		assert.Equal(t, campaign.Text{ZH: v.zh, EN: v.en}, figures.Predict(v.series, v.goal).Sentence(figures.Screen), name)
	}
	f := figures.Predict(burnUp(end, exact(land, 1464_53), mu(45_00, 40_00, 55_00, 50_00)...), recovered)
	assert.Equal(t, "按近四周进度，预计12月18日完成2000亩（12月9日—12月30日）。", f.Sentence(figures.Document).ZH)
}

// TestTheForecastIsThatOfARandomWalkWithDrift: numbers worked out by hand for
// increments of 5, 14, 6 and 11 firms: m = 9, s = √18, k = 1.6377·√18 = 6.948;
// 92 days are h = 13.143 weeks.
func TestTheForecastIsThatOfARandomWalkWithDrift(t *testing.T) {
	t.Parallel()
	f := figures.Predict(burnUp(end, 297, 5, 14, 6, 11), goal(t, campaign.MetricRectified))
	assert.Equal(t, figures.OutlookOnTime, f.Outlook)
	assert.Equal(t, end, f.On)
	assert.Equal(t, int64(415), f.AtEnd)  // 297 + 36·92/28 = 415.3
	assert.Equal(t, int64(415-52), f.Low) // k·√(13.143 + 43.184) = 52.1
	assert.Equal(t, int64(415+52), f.High)
	assert.Equal(t, end.AddDays(81), f.Met) // 28·103/36 = 80.1
	// R = 103, b = 2·9·103 + 48.28 = 1902.3, √D = 6.948·√(10609 + 3708 + 48.28) = 832.8
	assert.Equal(t, end.AddDays(55), f.Earliest) // 2·103²/2735.1 = 7.758 weeks, 54.3 days
	assert.Equal(t, end.AddDays(139), f.Latest)  // 2735.1/(162 − 24.14) = 19.84 weeks, 138.9 days
}

// TestTheIntervalHoldsEightOfTen: where weeks really are independent, the
// figure at the end lies in the interval in 80 % of cases.
func TestTheIntervalHoldsEightOfTen(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(17, 18))
	g := goal(t, campaign.MetricRectified)
	g.Task, g.End = 1_000_000_000, end.AddDays(70)
	const runs = 4000
	held := 0
	for range runs {
		week := func() int64 { return int64(math.Round(100_000 + 20_000*r.NormFloat64())) }
		f := figures.Predict(burnUp(end, 1_000_000, week(), week(), week(), week()), g)
		later := f.Done
		for range 10 {
			later += week()
		}
		if f.Low <= later && later <= f.High {
			held++
		}
	}
	assert.InDelta(t, 0.8, float64(held)/runs, 0.02)
}

// TestForecastsHangTogether: dates stand in order, the date agrees with the
// figure at the end, and a shortfall is never none.
func TestForecastsHangTogether(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(19, 20))
	seen := make(map[figures.Outlook]int)
	goals := []figures.Goal{goal(t, campaign.MetricRectified), goal(t, campaign.MetricRecovered), goal(t, campaign.MetricParkFloor)}
	for range 4000 {
		g := goals[r.IntN(len(goals))]
		of := g.Metric.Measure
		task := exact(of, g.Task)
		week := func() int64 { return r.Int64N(1+task/10) - task/60 }
		on := campaign.Date("2020-03-01").AddDays(r.IntN(306))
		f := figures.Predict(burnUp(on, r.Int64N(task+task/20), week(), week(), week(), week()), g)
		seen[f.Outlook]++
		require.NotEmpty(t, f.Sentence(figures.Screen).ZH)
		if f.Met != "" {
			require.Less(t, f.On, f.Earliest)
			require.LessOrEqual(t, f.Earliest, f.Met)
			require.True(t, f.Latest == "" || f.Latest >= f.Met)
		}
		switch f.Outlook {
		case figures.OutlookOnTime:
			require.LessOrEqual(t, f.Met, g.End)
			require.GreaterOrEqual(t, figures.Steps(f.AtEnd, of), g.Task)
		case figures.OutlookShort:
			require.True(t, f.Met == "" || f.Met > g.End)
			require.Less(t, f.Projection(), g.Task)
			require.LessOrEqual(t, f.AtEnd, task)
		case figures.OutlookReached:
			require.GreaterOrEqual(t, figures.Steps(f.Done, of), g.Task)
			continue
		case figures.OutlookNone, figures.OutlookOver, figures.OutlookTooFew:
			require.Fail(t, "unexpected", f.Outlook)
		}
		require.LessOrEqual(t, f.Low, f.AtEnd)
		require.GreaterOrEqual(t, f.High, f.AtEnd)
	}
	for _, o := range []figures.Outlook{figures.OutlookOnTime, figures.OutlookShort, figures.OutlookReached} {
		assert.Greater(t, seen[o], 100, o)
	}
}

// TestFourWeeksAreTwentyNineDays: their increments need the day before them.
func TestFourWeeksAreTwentyNineDays(t *testing.T) {
	t.Parallel()
	s := burnUp(end, 297, 5, 14, 6, 11)
	require.Len(t, s.Values, 29)
	g := goal(t, campaign.MetricRectified)
	assert.Equal(t, figures.OutlookOnTime, figures.Predict(s, g).Outlook)
	s = figures.Series{From: s.From.AddDays(1), Values: s.Values[1:]}
	assert.Equal(t, figures.OutlookTooFew, figures.Predict(s, g).Outlook)
}

func TestAMalformedDayGivesNoForecast(t *testing.T) {
	t.Parallel()
	s := burnUp(end, 297, 5, 14, 6, 11)
	s.From = "soon"
	g := goal(t, campaign.MetricRectified)
	assert.NotPanics(t, func() { figures.Predict(s, g).Sentence(figures.Screen) })
	s.From = ""
	assert.NotPanics(t, func() { figures.Predict(s, g).Sentence(figures.Screen) })
	g.End = "x"
	assert.NotPanics(t, func() { figures.Predict(burnUp(end, 297, 1, 1, 1, 1), g).Sentence(figures.Screen) })
}
