package report

import (
	"slices"
	"strconv"

	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/figures"
)

// counting goes over the cases of a view once and adds them to their rows.
type counting struct {
	view   *chronicle.View
	before *chronicle.View // the end of the period before, for 本期新增
	kept   *kept[sums]     // of such days; they are over and stay what they are
	query  Query
	blocks []block.Block

	main     string // track whose stages and funnel are shown where a row names none
	metrics  []campaign.Metric
	counters []chronicle.Counter
}

// tally is a row while it is counted.
type tally struct {
	row    Row
	filter chronicle.Filter
	reach  []chronicle.Reach // of the row's steps
	// Of metrics judged by plan: the first planned day of what is open, and the longest delay in days.
	plan plans
	late delays
}

type (
	plans  map[campaign.MetricCode]campaign.Date
	delays map[campaign.MetricCode]int
)

// rows are the total and the lines asked for.
func (k *counting) rows() (total Row, lines []Row) {
	k.prepare()
	keys, index := k.keys()
	all := k.tally("", campaign.Text{ZH: "合计", EN: "total"}, chronicle.Filter{Unit: k.query.Unit, Track: k.query.Track})
	if u := unitOf(k.view, k.query.Unit); u != nil {
		all.row.Name = u.Name
	}
	k.count(all, keys, index)
	k.addBefore(all, keys, index)
	k.addBlocks(all, keys, index)
	lines = make([]Row, len(keys))
	for i, t := range keys {
		lines[i] = k.finish(t, k.unitFor(t))
	}
	return k.finish(all, k.query.Unit), lines
}

func (k *counting) prepare() {
	k.main = k.query.Track
	if k.main == "" {
		k.main = mainTrack(k.view.Definition).Code
	}
	k.metrics = metricsOf(k.view.Definition, k.query.Track)
	for _, m := range k.metrics {
		k.counters = append(k.counters, k.view.Counter(m))
	}
}

// wanted says whether a case is of the unit and track asked for.
func (k *counting) wanted(c *chronicle.Case) bool {
	return (k.query.Unit == "" || c.Unit == k.query.Unit) && (k.query.Track == "" || c.Track == k.query.Track)
}

// tally is an empty row with the filters of its figures.
func (k *counting) tally(code string, name campaign.Text, f chronicle.Filter) *tally {
	t := &tally{row: Row{Code: code, Name: name, Sides: map[string]Count{}}, filter: f, plan: make(plans), late: make(delays)}
	r := &t.row
	listed := f
	if listed.Track == "" {
		listed.Track = k.main
	}
	k.steps(t, listed)
	listed.Listed = true
	r.Listed.Filter = listed
	if len(f.Stages) == 0 { // the row of a stage has no others
		r.Stages = make([]Count, len(k.view.Definition.Slots))
	}
	for i := range r.Stages {
		r.Stages[i].Filter = listed
		r.Stages[i].Filter.Stages = []int{i + 1}
	}
	r.Late.Filter, r.Rebounded.Filter = f, f
	r.Late.Filter.Late, r.Rebounded.Filter.Rebounds = true, true
	for _, m := range k.metrics {
		filter := f
		filter.Metric = m.Code
		r.Metrics = append(r.Metrics, Metric{Metric: m, Filter: filter})
		r.Added = append(r.Added, Added{Metric: m.Code})
	}
	return t
}

// steps are the empty steps of the row's track.
func (k *counting) steps(t *tally, f chronicle.Filter) {
	track, _ := k.view.Definition.Track(f.Track) // the filter names one of its tracks
	for _, m := range track.Steps() {
		step := Step{Milestone: m}
		step.Reached.Filter, step.Skipped.Filter = f, f
		step.Reached.Filter.Reached, step.Skipped.Filter.Skipped = m.Code, m.Code
		reach, _ := k.view.Reach(f.Track, m.Code)
		t.reach = append(t.reach, reach)
		t.row.Steps = append(t.row.Steps, step)
	}
}

// keys are the empty rows, with their index by key.
func (k *counting) keys() (rows []*tally, index map[string]int) {
	index = map[string]int{}
	put := func(code string, name campaign.Text, f chronicle.Filter) {
		f.Unit = k.query.Unit
		if f.Track == "" {
			f.Track = k.query.Track
		}
		if k.query.By == ByUnit {
			f.Unit = code
		}
		index[code] = len(rows)
		rows = append(rows, k.tally(code, name, f))
	}
	d := k.view.Definition
	switch k.query.By {
	case ByUnit:
		for _, u := range k.view.Units {
			if !u.Outside && (k.query.Unit == "" || k.query.Unit == u.Code) {
				put(u.Code, u.Name, chronicle.Filter{})
			}
		}
	case ByVillage:
		for _, v := range d.Villages {
			if k.query.Unit == "" || v.Unit == k.query.Unit {
				put(v.Code, v.Name, chronicle.Filter{Village: v.Code})
			}
		}
	case ByTrack:
		for _, t := range d.Tracks {
			put(t.Code, t.Name, chronicle.Filter{Track: t.Code})
		}
	case ByStage:
		for _, s := range d.Slots {
			put(stageKey(s.Slot), s.Name, chronicle.Filter{Track: k.main, Stages: []int{s.Slot}})
		}
	}
	return rows, index
}

func stageKey(slot int) string { return strconv.Itoa(slot) }

func (k *counting) key(c *chronicle.Case) string {
	switch k.query.By {
	case ByVillage:
		return c.Village
	case ByTrack:
		return c.Track
	case ByStage:
		if c.Track != k.main {
			return ""
		}
		return stageKey(c.Stage)
	case ByUnit:
	}
	return c.Unit
}

// add counts a case into a row.
func (k *counting) add(t *tally, c *chronicle.Case) {
	r := &t.row
	late := k.view.Late(c)
	if late > 0 {
		r.Late.add(c)
	}
	for _, s := range c.Sides {
		side := r.Sides[s.Code]
		side.Filter = t.filter
		side.Filter.Side = s.Code
		side.add(c)
		r.Sides[s.Code] = side
	}
	if c.Rebounds > 0 {
		r.Rebounds += int64(c.Rebounds)
		r.Rebounded.add(c)
	}
	for i := range r.Metrics {
		k.addMetric(t, &r.Metrics[i], k.counters[i], c, late)
	}
	if c.Track != r.Listed.Filter.Track || k.view.Excluded(c) {
		return
	}
	r.Listed.add(c)
	if i := c.Stage - 1; i >= 0 && i < len(r.Stages) {
		r.Stages[i].add(c)
	}
	for i := range r.Steps {
		reached, skipped := t.reach[i].By(c)
		if reached {
			r.Steps[i].Reached.add(c)
		}
		if skipped {
			r.Steps[i].Skipped.add(c)
		}
	}
}

func (n *Count) add(c *chronicle.Case) {
	n.Cases++
	n.Land += c.Land()
}

// addMetric adds what a metric counts; of what is open it keeps the first plan and the longest delay.
func (k *counting) addMetric(t *tally, m *Metric, counter chronicle.Counter, c *chronicle.Case, late int) {
	done, ok := counter.Of(c)
	if ok {
		m.Done += done
		m.Gross += done
		return
	}
	if gross, ok := counter.Gross(c); ok {
		m.Gross += gross
	}
	if !m.Metric.UnitsByPlan || c.Track != m.Metric.Counts.Track || k.view.Excluded(c) {
		return
	}
	code := m.Metric.Code
	if plan := c.Planned(m.Metric.Counts.Milestone); plan != "" && (t.plan[code] == "" || plan < t.plan[code]) {
		t.plan[code] = plan
	}
	t.late[code] = max(t.late[code], late)
}

// sums are what the metrics counted at a view: in all, and by the key of a row.
type sums struct {
	total []int64
	rows  map[string][]int64
}

// addBefore takes off what the metrics counted at the end of the period before.
func (k *counting) addBefore(total *tally, rows []*tally, index map[string]int) {
	before := k.doneBefore()
	for i := range k.metrics {
		total.row.Added[i].Done = total.row.Metrics[i].Done - before.total[i]
		for key, n := range index {
			t := rows[n]
			t.row.Added[i].Done = t.row.Metrics[i].Done
			if done := before.rows[key]; done != nil {
				t.row.Added[i].Done -= done[i]
			}
		}
	}
}

// countDone counts what the metrics of today count at the view before.
func (k *counting) countDone() (sums, error) {
	out := sums{total: make([]int64, len(k.metrics)), rows: map[string][]int64{}}
	counters := make([]chronicle.Counter, len(k.metrics))
	for i, m := range k.metrics {
		counters[i] = k.before.Counter(m)
	}
	for _, c := range k.before.Cases() {
		if !k.wanted(c) {
			continue
		}
		row := out.rows[k.key(c)]
		if row == nil {
			row = make([]int64, len(k.metrics))
			out.rows[k.key(c)] = row
		}
		for i := range counters {
			done, _ := counters[i].Of(c)
			out.total[i] += done
			row[i] += done
		}
	}
	return out, nil
}

// unitFor is the unit whose tasks a row is held against: "" for the district, "-" for none.
func (k *counting) unitFor(t *tally) string {
	switch k.query.By {
	case ByUnit:
		return t.row.Code
	case ByTrack:
		return k.query.Unit
	case ByVillage, ByStage:
	}
	return noTask
}

// noTask is no unit's code.
const noTask = "-"

// finish holds a row against its tasks.
func (k *counting) finish(t *tally, unit string) Row {
	d := k.view.Definition
	r := &t.row
	for i := range r.Metrics {
		m := &r.Metrics[i]
		target, ok := d.Target(unit, m.Metric.Code, campaign.PeriodYear)
		m.Task, m.HasTask = target.Task, ok && unit != noTask && (t.filter.Track == "" || t.filter.Track == m.Metric.Counts.Track)
		if !m.HasTask {
			m.Task = 0
		}
		if k.query.By == ByVillage && t.filter.Village != "" && m.Metric.Code == k.query.Rank && m.Metric.Counts.Of == campaign.OfCases {
			m.Task, m.OfListed = r.Listed.Cases, true
			target, _ = d.Target("", m.Metric.Code, campaign.PeriodYear)
		}
		m.Baseline = d.Baseline(target, k.view.Day)
		m.judge(d.LightRule())
		if m.Metric.UnitsByPlan && unit != "" && unit != noTask {
			m.byPlan(d.LightRule(), t)
		}
	}
	for i := range r.Steps {
		if i > 0 {
			r.Steps[i].Loss = r.Steps[i-1].Reached.Cases - r.Steps[i].Reached.Cases
		}
	}
	return *r
}

// judge compares printed rate and printed baseline.
func (m *Metric) judge(rule campaign.LightRule) {
	m.Rate = figures.Percent(m.Done, m.Task, m.Metric.Measure)
	m.Gap = m.Rate.Gap(m.Baseline)
	m.Light = m.Gap.Light(rule)
}

// byPlan judges a unit's parks by their planned days: one park has no straight baseline.
func (m *Metric) byPlan(rule campaign.LightRule, t *tally) {
	m.Gap = figures.Points{}
	if !m.Rate.Known {
		return
	}
	m.Light = rule.ByPlan(t.late[m.Metric.Code])
	if m.Rate.Tenths < campaign.Whole {
		m.Planned = t.plan[m.Metric.Code]
	}
}

// rounding says whether printed rows do not add up to a printed total.
func rounding(f *Figures) bool {
	for i, m := range f.Total.Metrics {
		var done []int64
		for n := range f.Rows {
			done = append(done, f.Rows[n].Metrics[i].Done)
		}
		if figures.RoundingShows(m.Metric.Measure, done...) {
			return true
		}
	}
	return false
}

// rowOf finds a row by its code, nil when there is none.
func rowOf(rows []Row, code string) *Row {
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Code == code })
	if i < 0 {
		return nil
	}
	return &rows[i]
}
