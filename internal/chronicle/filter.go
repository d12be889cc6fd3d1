package chronicle

import (
	"fmt"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Filter narrows a list of cases; its zero values do not. Every figure names
// the Filter that lists what makes it.
type Filter struct {
	Track      string
	Unit       string
	Village    string
	Batch      string
	Kind       string
	Disposal   string
	Stages     []int
	Listed     bool                // without what was struck out (剔除)
	Done       string              // milestone done, with a day
	Reached    string              // milestone passed, or a later one done; needs Track
	Skipped    string              // milestone not applicable; needs Track
	Metric     campaign.MetricCode // counted by the metric
	Side       string              // side state in force
	Rebounds   bool                // rebounded at some time
	Late       bool
	LateFrom   int    // late by at least so many days
	Ready      bool   // stopped by no side state
	Next       string // milestone to be done next
	Parcel     int64
	Enterprise int64 // whose operator it is
	// OperatorsOf leaves the cases whose operator is on the list of another track (其中整治企业).
	OperatorsOf string

	Query     string  // part of code, label, village, or their pinyin initials
	Operators []int64 // enterprises that the query found where this room does not look

	Among map[int64]bool // cases found where this room does not look; nil: all
}

// Total sums a list up. Areas are 0.0001 m².
type Total struct {
	Cases     int64
	Land      geo.Area // of the parcels, as far as the cases count it
	Recovered geo.Area
	Effective geo.Area
	Floor     geo.Area
}

func (t *Total) add(c *Case) {
	t.Cases++
	t.Land += c.Land()
	t.Recovered += c.Recovered
	t.Effective += c.Effective
	t.Floor += c.Floor
}

// Select lists the cases that a filter leaves, by code, with their total. A
// filter that names what the campaign does not have is a fault.
func (v *View) Select(f Filter) ([]*Case, Total, error) {
	var found []*Case
	var total Total
	match, err := v.matcher(f)
	if err != nil {
		return nil, total, err
	}
	for _, c := range v.Cases() {
		if match(c) {
			found = append(found, c)
			total.add(c)
		}
	}
	return found, total, nil
}

// test is one condition.
type test func(*Case) bool

// matcher turns a filter into one test.
func (v *View) matcher(f Filter) (test, error) {
	tests := f.plain()
	if err := v.KnowsUnit(f.Unit); err != nil {
		return nil, err
	}
	for _, prepare := range []func(Filter) (test, error){v.progress, v.metric, v.side} {
		t, err := prepare(f)
		if err != nil {
			return nil, err
		}
		if t != nil {
			tests = append(tests, t)
		}
	}
	if f.OperatorsOf != "" {
		tests = append(tests, v.operatorsOf(f.OperatorsOf))
	}
	if f.Listed {
		tests = append(tests, func(c *Case) bool { return !v.Excluded(c) })
	}
	if from := max(f.LateFrom, 1); f.Late || f.LateFrom > 0 {
		tests = append(tests, func(c *Case) bool { return v.Late(c) >= from })
	}
	if f.Ready {
		tests = append(tests, func(c *Case) bool { return !inAny(c, v.rules.stops) })
	}
	if f.Among != nil {
		tests = append(tests, func(c *Case) bool { return f.Among[c.ID] })
	}
	if f.Query != "" {
		tests = append(tests, v.search(f))
	}
	return func(c *Case) bool {
		return !slices.ContainsFunc(tests, func(t test) bool { return !t(c) })
	}, nil
}

// plain are the conditions that need no rules.
func (f Filter) plain() []test {
	var tests []test
	for _, field := range []struct {
		want string
		of   func(*Case) string
	}{
		{f.Track, func(c *Case) string { return c.Track }},
		{f.Unit, func(c *Case) string { return c.Unit }},
		{f.Village, func(c *Case) string { return c.Village }},
		{f.Batch, func(c *Case) string { return c.Batch }},
		{f.Kind, func(c *Case) string { return c.Kind }},
		{f.Disposal, func(c *Case) string { return c.Disposal }},
		{f.Next, func(c *Case) string { return c.Next }},
	} {
		if field.want != "" {
			tests = append(tests, func(c *Case) bool { return field.of(c) == field.want })
		}
	}
	if len(f.Stages) > 0 {
		tests = append(tests, func(c *Case) bool { return slices.Contains(f.Stages, c.Stage) })
	}
	if f.Rebounds {
		tests = append(tests, func(c *Case) bool { return c.Rebounds > 0 })
	}
	if f.Enterprise != 0 {
		tests = append(tests, func(c *Case) bool { return c.Enterprise == f.Enterprise })
	}
	if f.Parcel != 0 {
		tests = append(tests, func(c *Case) bool {
			return slices.ContainsFunc(c.Shares, func(s campaign.Share) bool { return s.Parcel == f.Parcel })
		})
	}
	return tests
}

// progress tests Done, Reached and Skipped.
func (v *View) progress(f Filter) (test, error) {
	switch {
	case f.Done != "":
		code := v.book.words.code(f.Done)
		return func(c *Case) bool { day, _ := find(c.passed, code); return day != 0 }, nil
	case f.Reached != "":
		reach, ok := v.Reach(f.Track, f.Reached)
		if !ok {
			return nil, unknown("节点", "milestone", f.Reached)
		}
		return func(c *Case) bool { reached, _ := reach.By(c); return reached }, nil
	case f.Skipped != "":
		reach, ok := v.Reach(f.Track, f.Skipped)
		if !ok {
			return nil, unknown("节点", "milestone", f.Skipped)
		}
		return func(c *Case) bool { _, skipped := reach.By(c); return skipped }, nil
	}
	return nil, nil //nolint:nilnil // no condition is the ordinary case
}

func (v *View) metric(f Filter) (test, error) {
	if f.Metric == "" {
		return nil, nil //nolint:nilnil // no condition is the ordinary case
	}
	m, ok := v.Definition.Metric(f.Metric)
	if !ok {
		return nil, unknown("指标", "metric", string(f.Metric))
	}
	counter := v.Counter(m)
	return func(c *Case) bool { _, counted := counter.Of(c); return counted }, nil
}

func (v *View) side(f Filter) (test, error) {
	if f.Side == "" {
		return nil, nil //nolint:nilnil // no condition is the ordinary case
	}
	if _, ok := v.Definition.Side(f.Side); !ok {
		return nil, unknown("状态", "side state", f.Side)
	}
	return func(c *Case) bool { return c.In(f.Side) }, nil
}

// operatorsOf tests whether the case's operator is listed in a track.
func (v *View) operatorsOf(track string) test {
	listed := map[int64]bool{}
	for _, c := range v.Cases() {
		if c.Track == track && c.operator != 0 && !v.Excluded(c) {
			listed[c.operator] = true
		}
	}
	return func(c *Case) bool { return listed[c.operator] }
}

// KnowsUnit refuses a unit that the campaign does not have: a list of it would look as if there were nothing. "" is all.
func (v *View) KnowsUnit(code string) error {
	if code != "" && !slices.ContainsFunc(v.Units, func(u Unit) bool { return u.Code == code }) {
		return unknown("责任主体", "unit", code)
	}
	return nil
}

func unknown(zh, en, code string) error {
	return fault.New(fault.KindInvalid, "bad_filter", fmt.Sprintf("筛选条件有误：没有“%s”这个%s", code, zh), fmt.Sprintf("the filter is wrong: there is no %s %q", en, code))
}
