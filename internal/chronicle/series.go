package chronicle

import (
	"math"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
)

// Series is what a metric counted at the end of each day of a span, in its
// exact unit, as known then: each value is that of the figures as of the day.
// A span beyond the view's day ends with it. Unit "" is the district.
func (v *View) Series(code campaign.MetricCode, unit string, over campaign.Span) []int64 {
	over.To = min(over.To, v.Day)
	if over.To < over.From {
		return nil
	}
	ends := v.dayEnds(over)
	grown := make([]int64, len(ends)+1)
	for _, s := range v.segments() {
		s.add(v, code, unit, ends, grown)
	}
	sum := int64(0)
	for i := range ends {
		sum += grown[i]
		grown[i] = sum
	}
	return grown[:len(ends)]
}

// dayEnds are the last revisions of each day of a span.
func (v *View) dayEnds(over campaign.Span) []int64 {
	var ends []int64
	for day := over.From; day <= over.To; day = day.AddDays(1) {
		end := v.Revision
		if day < v.Day {
			end = min(end, v.page.lastOn(day))
		}
		ends = append(ends, end)
	}
	return ends
}

// segment is the revisions in which one definition held.
type segment struct {
	definition campaign.Definition
	from, to   int64 // from ≤ r < to
}

func (v *View) segments() []segment {
	var all []segment
	for i, row := range v.page.definitions {
		s := segment{row.Definition, row.From, math.MaxInt64}
		if i == 0 {
			s.from = 0
		}
		if i > 0 {
			all[i-1].to = row.From
		}
		all = append(all, s)
	}
	return all
}

// add adds what each version counted to the day from which it was known, and
// takes it off the day from which it was known no longer.
func (s segment) add(v *View, code campaign.MetricCode, unit string, ends, grown []int64) {
	m, ok := s.definition.Metric(code)
	if !ok {
		return
	}
	counter := (&View{book: v.book, page: v.page, Definition: s.definition, rules: rulesOf(s.definition)}).Counter(m)
	for _, h := range v.page.cases {
		versions := h.all()
		for i, c := range versions {
			if c.gone || unit != "" && c.Unit != unit {
				continue
			}
			n, ok := counter.Of(c)
			if !ok {
				continue
			}
			until := s.to
			if i+1 < len(versions) {
				until = min(until, versions[i+1].From)
			}
			if from := max(c.From, s.from); from < until {
				grown[firstAt(ends, from)] += n
				grown[firstAt(ends, until)] -= n
			}
		}
	}
}

// firstAt is the place of the first revision of a rising list that is not below one.
func firstAt(rising []int64, revision int64) int {
	i, _ := slices.BinarySearch(rising, revision)
	return i
}
