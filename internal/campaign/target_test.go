package campaign_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// TestTheDistrictsTasks: 秀洲政办发〔2020〕22号, part two (一).
func TestTheDistrictsTasks(t *testing.T) {
	t.Parallel()
	d := rectify(t)
	require.Len(t, d.Targets, 8)
	for i, v := range []struct {
		metric campaign.MetricCode
		zh     string
		unit   string
		task   int64
		due    campaign.Tenths // at the end of September
	}{
		{campaign.MetricRectified, "整治完成", "家", 400, 750},
		{campaign.MetricRectifiedEnterprises, "其中企业", "家", 200, 750},
		{campaign.MetricRecovered, "腾退面积", "亩", 2000_00, 750},
		{campaign.MetricEffective, "其中有效面积", "亩", 1500_00, 750},
		{campaign.MetricUpgraded, "低效企业提升", "家", 150, 750},
		{campaign.MetricParks, "小微园建成", "个", 5, 600},
		{campaign.MetricParkFloor, "小微园面积", "万㎡", 25_00, 600},
		{campaign.MetricMovedIn, "企业入园", "家", 200, 750},
	} {
		assert.Equal(t, v.metric, d.Metrics[i].Code, "the order of the headline figures")
		m, ok := d.Metric(v.metric)
		require.True(t, ok)
		assert.Equal(t, v.zh, m.Name.ZH)
		assert.Equal(t, v.unit, m.Unit.ZH)
		target, ok := d.Target("", v.metric, campaign.PeriodYear)
		require.True(t, ok)
		assert.Equal(t, v.task, target.Task)
		assert.Equal(t, v.due, d.Baseline(target, "2020-09-30"), v.zh)
		_, ok = d.Target("", v.metric, campaign.PeriodThreeYears)
		assert.False(t, ok, "never mixed")
	}
	assert.Equal(t, campaign.Span{From: "2020-01-01", To: "2020-12-31"}, d.Span(campaign.PeriodYear))
	assert.Equal(t, "年度任务", campaign.PeriodYear.Name().ZH)
	assert.Equal(t, "三年总任务", campaign.PeriodThreeYears.Name().ZH)
}

// TestStepsAgreeWithAreas: the fraction of a step is that of package geo.
func TestStepsAgreeWithAreas(t *testing.T) {
	t.Parallel()
	units, per := campaign.MeasureLand.Step()
	assert.Equal(t, int64(geo.FromHundredths(3)), 3*units/per)
	units, per = campaign.MeasureFloor.Step()
	assert.Equal(t, int64(100*geo.SquareMetre), units/per)
	units, per = campaign.MeasureCount.Step()
	assert.Equal(t, int64(1), units/per)
	assert.Equal(t, []int{0, 2, 2}, []int{campaign.MeasureCount.Decimals(), campaign.MeasureLand.Decimals(), campaign.MeasureFloor.Decimals()})
}

func TestBaseline(t *testing.T) {
	t.Parallel()
	year := campaign.Span{From: "2020-01-01", To: "2020-12-31"}
	quarter := []campaign.Checkpoint{{On: "2020-09-30", Share: 750}, {On: "2020-12-31", Share: 1000}}
	steps := []campaign.Checkpoint{{On: "2020-10-31", Share: 300}, {On: "2020-12-31", Share: 800}} // 30 % by 31 Oct, 80 % by 31 Dec
	for _, v := range []struct {
		points []campaign.Checkpoint
		over   campaign.Span
		on     campaign.Date
		want   campaign.Tenths
	}{
		{quarter, year, "2019-06-01", 0},
		{quarter, year, "2020-01-01", 0},
		{quarter, year, "2020-01-02", 3},   // two and three quarters
		{quarter, year, "2020-05-16", 374}, // 750·136/273 = 373.6
		{quarter, year, "2020-09-29", 747},
		{quarter, year, "2020-09-30", 750},
		{quarter, year, "2020-11-15", 875}, // half of 92 days: 750 + 125
		{quarter, year, "2020-12-31", 1000},
		{quarter, year, "2021-03-01", 1000},
		{nil, year, "2020-07-02", 501}, // 1000·183/365 = 501.4
		{nil, campaign.Span{From: "2020-01-01", To: "2020-01-09"}, "2020-01-02", 125},
		{nil, campaign.Span{From: "2020-01-01", To: "2020-03-21"}, "2020-01-02", 13}, // 1000/80 = 12.5, half up
		{steps, campaign.Span{From: "2020-10-01", To: "2021-03-01"}, "2020-10-16", 150},
		{steps, campaign.Span{From: "2020-10-01", To: "2021-03-01"}, "2020-12-31", 800},
		{steps, campaign.Span{From: "2020-10-01", To: "2021-03-01"}, "2021-01-30", 900},
	} {
		target := campaign.Target{Checkpoints: v.points}
		assert.Equal(t, v.want, target.Baseline(v.on, v.over), "%v on %s", v.points, v.on)
	}
}

// TestBaselineNeverFalls, starts at nothing, ends whole and meets its checkpoints.
func TestBaselineNeverFalls(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	over := campaign.Span{From: "2020-01-01", To: "2020-12-31"}
	for range 100 {
		shares := []int{r.IntN(1001), r.IntN(1001), r.IntN(1001)}
		days := r.Perm(364)[:3]
		slices.Sort(shares)
		slices.Sort(days)
		var target campaign.Target
		for i, s := range shares {
			target.Checkpoints = append(target.Checkpoints, campaign.Checkpoint{On: over.From.AddDays(1 + days[i]), Share: campaign.Tenths(s)})
		}
		last := campaign.Tenths(0)
		for n := range 370 {
			on := over.From.AddDays(n)
			now := target.Baseline(on, over)
			require.GreaterOrEqual(t, now, last, "%v on %s", target.Checkpoints, on)
			last = now
			for _, c := range target.Checkpoints {
				if c.On == on {
					require.Equal(t, c.Share, now)
				}
			}
		}
		require.EqualValues(t, campaign.Whole, last)
	}
}

func TestAUnitTakesOverTheDistrictsCheckpoints(t *testing.T) {
	t.Parallel()
	d := rectify(t)
	own := []campaign.Checkpoint{{On: "2020-09-30", Share: 500}}
	d.Targets = append(d.Targets,
		campaign.Target{Unit: "honghe", Metric: campaign.MetricRectified, Period: campaign.PeriodYear, Task: 60},
		campaign.Target{Unit: "xincheng", Metric: campaign.MetricRectified, Period: campaign.PeriodYear, Task: 85, Checkpoints: own})
	require.NoError(t, d.Check())
	honghe, ok := d.Target("honghe", campaign.MetricRectified, campaign.PeriodYear)
	require.True(t, ok)
	assert.Equal(t, campaign.Tenths(750), d.Baseline(honghe, "2020-09-30"))
	xincheng, _ := d.Target("xincheng", campaign.MetricRectified, campaign.PeriodYear)
	assert.Equal(t, campaign.Tenths(500), d.Baseline(xincheng, "2020-09-30"))
	_, ok = d.Target("wangdian", campaign.MetricRectified, campaign.PeriodYear)
	assert.False(t, ok)
}

func TestTasksOfUnitsThatDoNotAddUpAreAFinding(t *testing.T) {
	t.Parallel()
	d := rectify(t)
	assert.Empty(t, d.TaskFindings(), "a district that is not split has nothing to compare")
	for unit, task := range map[string]int64{"wangjiangjing": 100, "youchegang": 50, "xincheng": 85, "wangdian": 75, "honghe": 60, "gaoxin": 30} {
		d.Targets = append(d.Targets, campaign.Target{Unit: unit, Metric: campaign.MetricRectified, Period: campaign.PeriodYear, Task: task})
	}
	assert.Empty(t, d.TaskFindings())
	d.Targets = append(d.Targets, campaign.Target{Unit: "honghe", Metric: campaign.MetricRecovered, Period: campaign.PeriodYear, Task: 240_00})
	require.NoError(t, d.Check(), "no error")
	assert.Equal(t, []campaign.TaskFinding{{Metric: campaign.MetricRecovered, Period: campaign.PeriodYear, District: 2000_00, Units: 240_00}}, d.TaskFindings())
}

// TestThreeYearsHaveASpanOfTheirOwn: 秀洲政办发〔2018〕21号 runs from 2018 to 2020.
func TestThreeYearsHaveASpanOfTheirOwn(t *testing.T) {
	t.Parallel()
	d := rectify(t)
	d.Targets = append(d.Targets, campaign.Target{Metric: campaign.MetricRectified, Period: campaign.PeriodThreeYears, Task: 1000})
	require.Error(t, d.Check(), "nobody says when the three years began")
	d.ThreeYears = campaign.Span{From: "2018-01-01", To: "2020-12-31"}
	require.NoError(t, d.Check())
	target, ok := d.Target("", campaign.MetricRectified, campaign.PeriodThreeYears)
	require.True(t, ok)
	assert.Equal(t, campaign.Tenths(916), d.Baseline(target, "2020-09-30")) // 1003 of 1095 days
}

// TestAnOldDefinitionStaysAsItWas: one without a plan is valid and is written
// back without the fields it never had.
func TestAnOldDefinitionStaysAsItWas(t *testing.T) {
	t.Parallel()
	d := rectify(t)
	old := campaign.Definition{
		Code: d.Code, Year: d.Year, CasePrefix: d.CasePrefix, Name: d.Name, Title: d.Title,
		Clock: d.Clock, Groups: d.Groups, Slots: d.Slots, Tracks: d.Tracks,
	}
	require.NoError(t, old.Check())
	text, err := json.Marshal(old)
	require.NoError(t, err)
	var fields map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &fields))
	for _, later := range []string{"start", "end", "three_years", "calendar", "metrics", "targets", "lights"} {
		assert.NotContains(t, fields, later)
	}
	text, err = json.Marshal(d)
	require.NoError(t, err)
	again, err := campaign.ParseDefinition(text)
	require.NoError(t, err)
	assert.Equal(t, d, again)
}

func TestAMalformedPlanIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*campaign.Definition){
		"no start":           func(d *campaign.Definition) { d.Start = "" },
		"no day":             func(d *campaign.Definition) { d.End = "2020-12-32" },
		"ends first":         func(d *campaign.Definition) { d.End = "2019-12-31" },
		"a single day":       func(d *campaign.Definition) { d.Targets, d.End = nil, d.Start },
		"no span at all":     func(d *campaign.Definition) { d.Start, d.End = "", "" },
		"three years":        func(d *campaign.Definition) { d.ThreeYears.From = "2018-01-01" },
		"metric twice":       func(d *campaign.Definition) { d.Metrics[1].Code = d.Metrics[0].Code },
		"metric unnamed":     func(d *campaign.Definition) { d.Metrics[1].Name.EN = "" },
		"metric unit":        func(d *campaign.Definition) { d.Metrics[1].Unit.ZH = "" },
		"measure":            func(d *campaign.Definition) { d.Metrics[1].Measure = "weight" },
		"unknown metric":     func(d *campaign.Definition) { d.Targets[0].Metric = "beauty" },
		"target twice":       func(d *campaign.Definition) { d.Targets[1].Metric = d.Targets[0].Metric },
		"period":             func(d *campaign.Definition) { d.Targets[0].Period = "month" },
		"negative task":      func(d *campaign.Definition) { d.Targets[0].Task = -1 },
		"absurd task":        func(d *campaign.Definition) { d.Targets[0].Task = 1 << 60 },
		"checkpoint no day":  func(d *campaign.Definition) { d.Targets[0].Checkpoints[0].On = "2020-09-31" },
		"before the start":   func(d *campaign.Definition) { d.Targets[0].Checkpoints[0].On = "2019-09-30" },
		"after the end":      func(d *campaign.Definition) { d.Targets[0].Checkpoints[1].On = "2021-01-01" },
		"days fall":          func(d *campaign.Definition) { d.Targets[0].Checkpoints[0].On = "2020-12-31" },
		"shares fall":        func(d *campaign.Definition) { d.Targets[0].Checkpoints[1].Share = 700 },
		"share below none":   func(d *campaign.Definition) { d.Targets[0].Checkpoints[0].Share = -1 },
		"share above whole":  func(d *campaign.Definition) { d.Targets[0].Checkpoints[0].Share = 1001 },
		"not whole at last":  func(d *campaign.Definition) { d.Targets[0].Checkpoints[1].Share = 990 },
		"calendar":           func(d *campaign.Definition) { d.Calendar.MakeUps[0] = "Monday" },
		"lights that cross":  func(d *campaign.Definition) { d.Lights.Red = 1 },
		"talk before orders": func(d *campaign.Definition) { d.Lights.TalkAfter = 1 },
	} {
		d := rectify(t)
		spoil(&d)
		assert.Error(t, d.Check(), name)
	}
}
