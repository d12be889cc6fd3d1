package demo

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
)

// apportion splits a total in proportion to weights into whole parts, each
// within its bounds; the bounds must leave room for the total.
func apportion(total int64, weights []float64, lower, upper []int64) []int64 {
	sum := 0.
	for _, w := range weights {
		sum += w
	}
	parts := make([]int64, len(weights))
	rest := total
	for i, w := range weights {
		parts[i] = min(max(int64(math.Round(float64(total)*w/sum)), lower[i]), upper[i])
		rest -= parts[i]
	}
	for rest != 0 {
		before := rest
		for i := range parts {
			step := min(max(rest, -1), 1)
			if next := parts[i] + step; next >= lower[i] && next <= upper[i] {
				parts[i] = next
				rest -= step
			}
		}
		if rest == before {
			break // no room left: the caller's test of the sum says so
		}
	}
	return parts
}

// The smallest and the largest parcel, in hundredths of a mu.
const (
	smallest = 30
	largest  = 40_00
)

// land splits a total of hundredths of a mu among matters as a log-normal
// distribution would; those that count no land get none.
func land(r *rand.Rand, total int64, among []*matter) {
	const spread = 0.75
	weights, lower, upper := make([]float64, len(among)), make([]int64, len(among)), make([]int64, len(among))
	for i, m := range among {
		weights[i] = math.Exp(spread * r.NormFloat64())
		if m.firm.kind == enterprise {
			weights[i] *= 1.8
		}
		lower[i], upper[i] = smallest, largest
		if m.fixed {
			weights[i], lower[i], upper[i] = 0, m.area, m.area
		}
	}
	for i, part := range apportion(total, weights, lower, upper) {
		among[i].area = part
	}
}

// effective splits a unit's effective land: a part of what each matter recovers.
func effective(r *rand.Rand, total int64, among []*matter) {
	weights, lower, upper := make([]float64, len(among)), make([]int64, len(among)), make([]int64, len(among))
	for i, m := range among {
		weights[i] = float64(m.area) * (0.6 + 0.35*r.Float64())
		lower[i], upper[i] = m.area*2/5, m.area*49/50
	}
	for i, part := range apportion(total, weights, lower, upper) {
		among[i].effective = part
	}
}

// Work stood still in the first weeks of 2020: the Spring Festival and the epidemic.
const (
	haltFrom = campaign.Date("2020-01-22")
	haltTo   = campaign.Date("2020-02-16")
)

// worked are the days of work of a span, both ends included.
func worked(c campaign.Calendar, from, to campaign.Date) []campaign.Date {
	var days []campaign.Date
	for d := from; d <= to; d = d.AddDays(1) {
		if c.IsWorkday(d) && (d < haltFrom || d > haltTo) {
			days = append(days, d)
		}
	}
	return days
}

// visits are days of work without Wednesdays, on which the district office
// meets: nothing is accepted then.
func visits(c campaign.Calendar, from, to campaign.Date) []campaign.Date {
	const wednesday = campaign.Date("2020-01-01")
	return slices.DeleteFunc(worked(c, from, to), func(d campaign.Date) bool { return wednesday.DaysUntil(d)%7 == 0 })
}

// spread puts n events evenly on days.
func spread(days []campaign.Date, n int) []campaign.Date {
	on := make([]campaign.Date, n)
	for i := range on {
		on[i] = days[i*len(days)/n]
	}
	return on
}

// march chooses n+1 rising days of work from the first to the last, at about
// the given paces between them.
func march(r *rand.Rand, c campaign.Calendar, first, last campaign.Date, paces []int) []campaign.Date {
	days := worked(c, first, last)
	n := len(paces)
	along := make([]float64, n+1)
	for i, p := range paces {
		along[i+1] = along[i] + float64(p)*(0.4+r.Float64())
	}
	on := make([]campaign.Date, n+1)
	at := -1
	for i := range on {
		wish := 0
		if along[n] > 0 {
			wish = int(along[i] / along[n] * float64(len(days)-1))
		}
		at = min(max(wish, at+1), len(days)-1-(n-i))
		on[i] = days[max(at, 0)]
	}
	return on
}
