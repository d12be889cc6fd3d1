package report

import (
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// Moves is what changed between the ends of two days.
type Moves struct {
	From, To *chronicle.View
	Metrics  []Added // what each metric gained
	Stages   [][]int // number of cases by slot then and slot now; 0 is not listed
	Cases    []Move  // those that moved, by code
}

// Move is one case that moved.
type Move struct {
	Before, After *chronicle.Case // nil: not there
	Milestones    []Passed        // passed by the second day and not by the first
	TakenBack     []string        // milestones passed by the first day and no longer
	Deltas        []Added         // of the metrics it counts in differently
}

// Passed is a milestone that was passed.
type Passed struct {
	Milestone string
	On        campaign.Date // "" where it is not applicable
	// Late says that it happened by the first day, but became known after it (补报).
	Late bool
}

// MoveQuery asks for moves. Unit and Metric narrow them; To "" is now.
type MoveQuery struct {
	From, To campaign.Date
	Unit     string
	Metric   campaign.MetricCode
}

// Moves compares two days. A case counts for a unit if it was the unit's on either day.
func (d *Desk) Moves(scope auth.Scope, q MoveQuery) (Moves, error) {
	after, err := d.View(scope, q.To)
	if err != nil {
		return Moves{}, err
	}
	if q.From == "" || q.From > after.Day {
		return Moves{}, fault.New(fault.KindInvalid, "days_out_of_order", "对比的前一日不能晚于后一日", "the first day of a comparison cannot be after the second")
	}
	before, err := d.before(after, q.From)
	if err != nil {
		return Moves{}, err
	}
	if _, ok := after.Definition.Metric(q.Metric); !ok && q.Metric != "" {
		return Moves{}, fault.New(fault.KindInvalid, "unknown_metric", "没有“"+string(q.Metric)+"”这个指标", "there is no metric "+string(q.Metric))
	}
	c := newComparison(before, after)
	c.run(q)
	return c.moves, nil
}

type comparison struct {
	moves     Moves
	was, is   []chronicle.Counter
	mainTrack string
}

func newComparison(before, after *chronicle.View) *comparison {
	c := &comparison{moves: Moves{From: before, To: after}, mainTrack: mainTrack(after.Definition).Code}
	for _, m := range after.Definition.Metrics {
		then, _ := before.Definition.Metric(m.Code) // the zero metric counts nothing
		c.was = append(c.was, before.Counter(then))
		c.is = append(c.is, after.Counter(m))
		c.moves.Metrics = append(c.moves.Metrics, Added{Metric: m.Code})
	}
	c.moves.Stages = make([][]int, len(after.Definition.Slots)+1)
	for i := range c.moves.Stages {
		c.moves.Stages[i] = make([]int, len(after.Definition.Slots)+1)
	}
	return c
}

func (c *comparison) run(q MoveQuery) {
	for _, after := range c.moves.To.Cases() {
		c.compare(c.moves.From.Case(after.ID), after, q)
	}
	for _, before := range c.moves.From.Cases() {
		if c.moves.To.Case(before.ID) == nil {
			c.compare(before, nil, q)
		}
	}
	slices.SortFunc(c.moves.Cases, func(a, b Move) int { return strings.Compare(a.Case().Code, b.Case().Code) })
}

// Case is the case as it is now, else as it was.
func (m Move) Case() *chronicle.Case {
	if m.After != nil {
		return m.After
	}
	return m.Before
}

func (c *comparison) compare(before, after *chronicle.Case, q MoveQuery) {
	if q.Unit != "" && (before == nil || before.Unit != q.Unit) && (after == nil || after.Unit != q.Unit) {
		return
	}
	if m := (Move{Before: before, After: after}); m.Case().Track == c.mainTrack {
		c.moves.Stages[slot(c.moves.From, before)][slot(c.moves.To, after)]++
	}
	if before == after && c.moves.From.DefinedAt == c.moves.To.DefinedAt {
		return
	}
	m := Move{Before: before, After: after, Deltas: c.deltas(before, after, q.Unit)}
	m.passed(c.moves.From.Day)
	relevant := before == nil || after == nil || before.Stage != after.Stage || len(m.Milestones)+len(m.TakenBack)+len(m.Deltas) > 0
	if q.Metric != "" {
		relevant = slices.ContainsFunc(m.Deltas, func(a Added) bool { return a.Metric == q.Metric })
	}
	if relevant {
		c.moves.Cases = append(c.moves.Cases, m)
	}
}

// slot is where a case stands on the map; 0 where it is not listed.
func slot(v *chronicle.View, c *chronicle.Case) int {
	if c == nil || v.Excluded(c) || c.Stage > len(v.Definition.Slots) {
		return 0
	}
	return c.Stage
}

// deltas are the metrics that count the case differently, added to the sums as well.
func (c *comparison) deltas(before, after *chronicle.Case, unit string) []Added {
	var deltas []Added
	for i := range c.is {
		delta := counted(c.is[i], after, unit) - counted(c.was[i], before, unit)
		if delta != 0 {
			deltas = append(deltas, Added{c.moves.Metrics[i].Metric, delta})
			c.moves.Metrics[i].Done += delta
		}
	}
	return deltas
}

func counted(k chronicle.Counter, c *chronicle.Case, unit string) int64 {
	if c == nil || unit != "" && c.Unit != unit {
		return 0
	}
	n, _ := k.Of(c)
	return n
}

// passed lists what was passed since, and what was taken back.
func (m *Move) passed(first campaign.Date) {
	was, is := map[string]campaign.Date{}, map[string]campaign.Date{}
	if m.Before != nil {
		was = m.Before.Days()
	}
	if m.After != nil {
		is = m.After.Days()
	}
	for code, on := range is {
		if before, known := was[code]; !known || before != on {
			m.Milestones = append(m.Milestones, Passed{code, on, on != "" && on <= first})
		}
	}
	for code := range was {
		if _, still := is[code]; !still && m.After != nil {
			m.TakenBack = append(m.TakenBack, code)
		}
	}
	slices.SortFunc(m.Milestones, func(a, b Passed) int {
		return strings.Compare(string(a.On)+a.Milestone, string(b.On)+b.Milestone)
	})
	slices.Sort(m.TakenBack)
}
