package chronicle

import (
	"slices"

	"github.com/guatu/guatu/internal/campaign"
)

// Counter says what a metric counts of a case at a view.
type Counter struct {
	view      *View
	counts    campaign.Counting
	milestone uint16
}

// Counter prepares a metric; one that counts nothing (filled by hand) counts no case.
func (v *View) Counter(m campaign.Metric) Counter {
	return Counter{view: v, counts: m.Counts, milestone: v.book.words.code(m.Counts.Milestone)}
}

// Of is what the metric counts of a case in its exact unit (firms; 0.0001 m²),
// false when it does not count it at all: another track, another kind, not done,
// struck out, or rebounded.
func (k Counter) Of(c *Case) (int64, bool) {
	if c == nil || c.Track != k.counts.Track || k.milestone == 0 || len(k.counts.Kinds) > 0 && !slices.Contains(k.counts.Kinds, c.Kind) {
		return 0, false
	}
	if day, _ := find(c.passed, k.milestone); day == 0 || k.view.Excluded(c) || k.view.Uncounted(c) {
		return 0, false
	}
	return k.amount(c), true
}

func (k Counter) amount(c *Case) int64 {
	switch k.counts.Of {
	case campaign.OfRecovered:
		return int64(c.Recovered)
	case campaign.OfEffective:
		return int64(c.Effective)
	case campaign.OfFloor:
		return int64(c.Floor)
	case campaign.OfCases:
	}
	return 1
}

// Gross is what the metric would count if nothing had rebounded.
func (k Counter) Gross(c *Case) (int64, bool) {
	if n, ok := k.Of(c); ok || c.Track != k.counts.Track || !k.view.Uncounted(c) {
		return n, ok
	}
	open := *k.view
	open.rules.uncounts = nil
	k.view = &open
	return k.Of(c)
}

// Reach says how far cases of a track have come: whether they passed a
// milestone or have done a later one. What rebounded counts as reached only
// before the milestones by which the campaign counts. Along the main order
// fewer and fewer have reached a milestone.
type Reach struct {
	view      *View
	track     string
	later     []uint16 // the milestone and those after it
	completes bool     // the campaign counts by this milestone or an earlier one
}

// Reach prepares a milestone of a track; false when there is none of that code.
func (v *View) Reach(track, milestone string) (Reach, bool) {
	t, ok := v.Definition.Track(track)
	i := t.Index(milestone)
	if !ok || i < 0 {
		return Reach{}, false
	}
	r := Reach{view: v, track: track}
	for _, m := range t.Milestones[i:] {
		r.later = append(r.later, v.book.words.code(m.Code))
	}
	for _, m := range v.Definition.Metrics {
		if j := t.Index(m.Counts.Milestone); m.Counts.Track == track && j >= 0 && j <= i {
			r.completes = true
		}
	}
	return r, true
}

// By says whether a case has reached the milestone, and whether only because it does not apply.
func (r Reach) By(c *Case) (reached, skipped bool) {
	if c.Track != r.track || r.view.Excluded(c) || r.completes && r.view.Uncounted(c) {
		return false, false
	}
	for i, code := range r.later {
		day, passed := find(c.passed, code)
		if i == 0 && passed {
			return true, day == 0
		}
		if day != 0 {
			return true, false
		}
	}
	return false, false
}
