package campaign

import (
	"errors"
	"fmt"
)

// Tenths is a share, or a difference of two shares, in tenths of one per
// cent: 743 is 74.3 %, −18 is −1.8 个百分点.
type Tenths int

// Whole is 100.0 % in Tenths.
const Whole = 1000

// Measure is what a metric counts: it fixes the exact unit of what is done,
// the unit of the task and the decimals on paper.
type Measure string

// The measures. What is done is kept exactly: firms and parks as whole
// numbers, areas as geo.Area in 0.0001 m².
const (
	MeasureCount Measure = "count" // 家, 个; no decimals
	MeasureLand  Measure = "land"  // 亩, two decimals
	MeasureFloor Measure = "floor" // 万㎡ of floor area, two decimals
)

// Decimals is the number of decimals of a printed figure.
func (m Measure) Decimals() int {
	if m == MeasureCount {
		return 0
	}
	return 2
}

// Step is the size of one printed step in exact units, as a fraction: 1 for
// counts; 0.01 mu is 200000/3 units of 0.0001 m², because 1 mu is 2000/3 m²;
// 0.01 万㎡ is 100 m², 1,000,000 units.
func (m Measure) Step() (units, per int64) {
	switch m {
	case MeasureLand:
		return 200_000, 3
	case MeasureFloor:
		return 1_000_000, 1
	case MeasureCount:
	}
	return 1, 1
}

func (m Measure) known() bool {
	return m == MeasureCount || m == MeasureLand || m == MeasureFloor
}

// MetricCode names a metric.
type MetricCode string

// The eight headline figures of the wall.
const (
	MetricRectified            MetricCode = "rectified"             // 整治完成
	MetricRectifiedEnterprises MetricCode = "rectified_enterprises" // 其中企业
	MetricRecovered            MetricCode = "recovered"             // 腾退面积
	MetricEffective            MetricCode = "effective"             // 其中有效面积
	MetricUpgraded             MetricCode = "upgraded"              // 低效企业提升
	MetricParks                MetricCode = "parks"                 // 小微园建成
	MetricParkFloor            MetricCode = "park_floor"            // 小微园面积
	MetricMovedIn              MetricCode = "moved_in"              // 企业入园
)

// Metric is a figure that has a task, with its words.
type Metric struct {
	Code    MetricCode `json:"code"`
	Name    Text       `json:"name"`
	Measure Measure    `json:"measure"`
	Unit    Text       `json:"unit"` // 家, 亩, 个, 万㎡
	Counts  Counting   `json:"counts,omitzero"`
	// UnitsByPlan says that units are judged by the planned day of what is open, not
	// by the straight baseline, which has no meaning for one park.
	UnitsByPlan bool `json:"units_by_plan,omitempty"`
}

// Counting says what a metric adds up: over the cases of a track whose milestone is done.
type Counting struct {
	Track     string   `json:"track"`
	Milestone string   `json:"milestone"`
	Kinds     []string `json:"kinds,omitempty"` // of operators; empty: all
	Of        Quantity `json:"of"`
}

// Quantity is what of a case is added.
type Quantity string

// The quantities. Areas are geo.Area, in 0.0001 m².
const (
	OfCases     Quantity = "cases"
	OfRecovered Quantity = "recovered"
	OfEffective Quantity = "effective"
	OfFloor     Quantity = "floor"
)

// CountsFloor says that the campaign counts floor area of a track's cases (小微企业园).
func (d Definition) CountsFloor(track string) bool {
	for _, m := range d.Metrics {
		if m.Counts.Track == track && m.Counts.Of == OfFloor {
			return true
		}
	}
	return false
}

// Period is the time a task is set for. Tasks of a year and of three years are
// kept apart and never added.
type Period string

// The periods of a task.
const (
	PeriodYear       Period = "year"        // 年度任务
	PeriodThreeYears Period = "three_years" // 三年总任务
)

// Name is the wording of the period's task.
func (p Period) Name() Text {
	switch p {
	case PeriodYear:
		return Text{"年度任务", "target of the year"}
	case PeriodThreeYears:
		return Text{"三年总任务", "target of three years"}
	}
	return Text{}
}

// Target is the task of one unit, or of the district, in one metric.
type Target struct {
	Unit   string     `json:"unit,omitempty"` // code of the 责任主体; empty: the district
	Metric MetricCode `json:"metric"`
	Period Period     `json:"period"`
	// Task is exact, in printed steps of the metric's measure: 1 家, 0.01 亩,
	// 0.01 万㎡. 2000 mu are 200000 steps, but no whole number of 0.0001 m².
	Task        int64        `json:"task"`
	Checkpoints []Checkpoint `json:"checkpoints,omitempty"`
}

// Checkpoint is the share of the task that is due at the end of a day.
type Checkpoint struct {
	On    Date   `json:"on"`
	Share Tenths `json:"share"`
}

// Metric finds a metric by its code.
func (d Definition) Metric(code MetricCode) (Metric, bool) {
	for _, m := range d.Metrics {
		if m.Code == code {
			return m, true
		}
	}
	return Metric{}, false
}

// Target finds the task of a unit, of the district for "". A unit's task
// without checkpoints of its own takes over those of the district's task.
func (d Definition) Target(unit string, metric MetricCode, period Period) (Target, bool) {
	found, ok := d.ownTarget(unit, metric, period)
	if ok && unit != "" && len(found.Checkpoints) == 0 {
		district, _ := d.ownTarget("", metric, period)
		found.Checkpoints = district.Checkpoints
	}
	return found, ok
}

func (d Definition) ownTarget(unit string, metric MetricCode, period Period) (Target, bool) {
	for _, t := range d.Targets {
		if t.Unit == unit && t.Metric == metric && t.Period == period {
			return t, true
		}
	}
	return Target{}, false
}

// Span is the first and the last day of a period: the campaign's for a year.
func (d Definition) Span(p Period) Span {
	if p == PeriodThreeYears {
		return d.ThreeYears
	}
	return Span{From: d.Start, To: d.End}
}

// Baseline is the 序时进度 of the target at the end of a day, over its period.
func (d Definition) Baseline(t Target, on Date) Tenths {
	return t.Baseline(on, d.Span(t.Period))
}

// Baseline is the share of the task due at the end of a day: 0 up to the
// first day of the span, straight by natural days to each checkpoint, 100.0 %
// on the last day and after it; rounded once, 四舍五入, to 0.1 %:
//
//	s₀ + (s₁ − s₀) · (on − d₀) / (d₁ − d₀)
func (t Target) Baseline(on Date, over Span) Tenths {
	if on <= over.From {
		return 0
	}
	last := Checkpoint{On: over.From}
	for _, next := range t.Checkpoints {
		if on <= next.On {
			return between(last, next, on)
		}
		last = next
	}
	if on >= over.To {
		return Whole
	}
	return between(last, Checkpoint{On: over.To, Share: Whole}, on)
}

// between is exact: the shares do not fall, so adding half the divisor rounds half away from zero.
func between(a, b Checkpoint, on Date) Tenths {
	days, whole := a.On.DaysUntil(on), a.On.DaysUntil(b.On)
	return a.Share + (2*(b.Share-a.Share)*Tenths(days)+Tenths(whole))/Tenths(2*whole)
}

// TaskFinding says that the units' tasks do not add up to the district's.
type TaskFinding struct {
	Metric   MetricCode
	Period   Period
	District int64 // steps of the measure
	Units    int64 // their sum
}

// TaskFindings compares, for each task of the district that is split among
// units, the sum with the whole. A difference is for the office to look at,
// not an error: districts do hand out more than they owe.
func (d Definition) TaskFindings() []TaskFinding {
	var found []TaskFinding
	for _, whole := range d.Targets {
		if whole.Unit != "" {
			continue
		}
		f := TaskFinding{Metric: whole.Metric, Period: whole.Period, District: whole.Task}
		split := false
		for _, t := range d.Targets {
			if t.Unit != "" && t.Metric == whole.Metric && t.Period == whole.Period {
				f.Units += t.Task
				split = true
			}
		}
		if split && f.Units != f.District {
			found = append(found, f)
		}
	}
	return found
}

// checkPlan covers the campaign's days, calendar, metrics, targets and lights.
func (d Definition) checkPlan() error {
	if err := d.Calendar.Check(); err != nil {
		return err
	}
	if d.Lights != nil {
		if err := d.Lights.Check(); err != nil {
			return err
		}
	}
	for _, p := range []Period{PeriodYear, PeriodThreeYears} {
		if s := d.Span(p); s != (Span{}) && (s.Check() != nil || s.Days() < 2) {
			return fmt.Errorf("%s: %q to %q is no span of days", p, s.From, s.To)
		}
	}
	if err := d.checkMetrics(); err != nil {
		return err
	}
	return d.checkTargets()
}

func (d Definition) checkMetrics() error {
	seen := make(map[MetricCode]bool, len(d.Metrics))
	for _, m := range d.Metrics {
		switch {
		case m.Code == "" || seen[m.Code]:
			return fmt.Errorf("metric %q: code is empty or repeated", m.Code)
		case !m.Measure.known():
			return fmt.Errorf("metric %q: unknown measure %q", m.Code, m.Measure)
		case m.Name.ZH == "" || m.Name.EN == "" || m.Unit.ZH == "" || m.Unit.EN == "":
			return fmt.Errorf("metric %q: name and unit are needed in both languages", m.Code)
		}
		if err := d.checkCounting(m); err != nil {
			return err
		}
		seen[m.Code] = true
	}
	return nil
}

// checkCounting covers what a metric adds up; a metric without counts is filled by hand.
func (d Definition) checkCounting(m Metric) error {
	if m.Counts.Track == "" {
		return nil
	}
	t, ok := d.Track(m.Counts.Track)
	if !ok || t.Index(m.Counts.Milestone) < 0 {
		return fmt.Errorf("metric %q: counts an unknown track or milestone", m.Code)
	}
	fits := map[Quantity]Measure{OfCases: MeasureCount, OfRecovered: MeasureLand, OfEffective: MeasureLand, OfFloor: MeasureFloor}
	if measure, known := fits[m.Counts.Of]; !known || measure != m.Measure {
		return fmt.Errorf("metric %q: %q is no quantity of measure %q", m.Code, m.Counts.Of, m.Measure)
	}
	return nil
}

func (d Definition) checkTargets() error {
	type key struct {
		unit   string
		metric MetricCode
		period Period
	}
	seen := map[key]bool{}
	for _, t := range d.Targets {
		k := key{t.Unit, t.Metric, t.Period}
		if seen[k] {
			return fmt.Errorf("target %+v is repeated", k)
		}
		seen[k] = true
		if _, ok := d.Metric(t.Metric); !ok {
			return fmt.Errorf("target %+v: unknown metric", k)
		}
		if err := t.check(d.Span(t.Period)); err != nil {
			return fmt.Errorf("target %+v: %w", k, err)
		}
	}
	return nil
}

// maxTask keeps sums over all units far from the end of int64: 10¹² steps of
// 0.01 mu are two thirds of the area of China.
const maxTask = 1_000_000_000_000

func (t Target) check(over Span) error {
	if t.Period != PeriodYear && t.Period != PeriodThreeYears {
		return fmt.Errorf("unknown period %q", t.Period)
	}
	if over == (Span{}) {
		return errors.New("the campaign does not say when the period begins and ends")
	}
	if t.Task < 0 || t.Task > maxTask {
		return fmt.Errorf("task %d is negative or absurd", t.Task)
	}
	last := Checkpoint{On: over.From}
	for _, c := range t.Checkpoints {
		if _, err := ParseDate(string(c.On)); err != nil {
			return err
		}
		if c.On <= last.On || c.On > over.To {
			return fmt.Errorf("checkpoint %s is out of order or outside the period", c.On)
		}
		if c.Share < last.Share || c.Share > Whole || (c.On == over.To && c.Share != Whole) {
			return fmt.Errorf("checkpoint %s: shares rise from 0 to 1000 tenths, which the last day demands", c.On)
		}
		last = c
	}
	return nil
}
