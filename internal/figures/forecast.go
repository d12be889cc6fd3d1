package figures

import (
	"math"
	"math/big"

	"github.com/guatu/guatu/internal/campaign"
)

// Goal is what a forecast is made for.
type Goal struct {
	Metric campaign.Metric
	Period campaign.Period
	Task   int64         // steps of the metric's measure
	End    campaign.Date // last day of the period
}

// Outlook says which sentence a forecast has.
type Outlook string

// The outlooks.
const (
	OutlookNone    Outlook = "none"      // no task
	OutlookReached Outlook = "reached"   // the task is met already
	OutlookOver    Outlook = "over"      // the period ended without
	OutlookTooFew  Outlook = "too_few"   // less than four weeks of data
	OutlookOnTime  Outlook = "on_time"   // met by the end at this pace
	OutlookShort   Outlook = "shortfall" // not met by the end at this pace
)

// Forecast is how a burn-up goes on at the pace of the last four weeks. Dates
// and the figures at the end are set for OutlookOnTime and OutlookShort only.
type Forecast struct {
	Outlook Outlook
	Goal    Goal
	On      campaign.Date // last day known
	Done    int64         // by then, exact units

	Met      campaign.Date // day the task is met; empty: not within ten years
	Earliest campaign.Date // the interval of Met: 8 of 10 hold; empty where Met is
	Latest   campaign.Date // empty: open, or more than a year ahead

	AtEnd, Low, High int64 // exact units at the end of the period, with their interval
}

const (
	weeks       = 4
	fourWeeks   = 7 * weeks
	inSight     = 3660 // days; farther off nobody reads a date
	latestKnown = 366  // days; farther off the late end is as good as open

	// quantile is the 0.90 quantile of Student's t with 3 degrees of freedom,
	// which leaves one tenth out on either side.
	quantile = 1.6377443536962102
)

// Predict carries the series on at the pace of its last 28 days, which should
// all be over. Seven days hold every weekday once, so weeks are counted back
// from the last day and need no calendar; a holiday among them slows the pace
// as it did the work.
//
// Method: random walk with drift (R. J. Hyndman, G. Athanasopoulos,
// Forecasting: Principles and Practice, 3rd ed., 5.2 and 5.5). With m and s
// the mean and the standard deviation of the four weekly increments, h weeks
// ahead
//
//	expected  C + h·m
//	interval  ± t · s · √(h + h²/4)     t = 0.90 quantile, 3 degrees of freedom
//
// where h is the spread of the weeks to come and h²/4 that of the mean of four
// weeks. Met is where the expected line meets the task (in integers: the first
// whole day), Earliest and Latest are where the ends of the interval do. Where
// m ≤ t·s/2 the lower end never gets there and the late end is open.
func Predict(s Series, g Goal) Forecast {
	f := Forecast{Goal: g, On: s.Last()}
	if n := len(s.Values); n > 0 {
		f.Done = s.Values[n-1]
	}
	switch {
	case g.Task <= 0:
		f.Outlook = OutlookNone
	case Steps(f.Done, g.Metric.Measure) >= g.Task: // as printed: 2000 mu are no whole number of 0.0001 m²
		f.Outlook = OutlookReached
	case len(s.Values) > 0 && f.On > g.End:
		f.Outlook = OutlookOver
	case len(s.Values) <= fourWeeks:
		f.Outlook = OutlookTooFew
	default:
		f.extend(s.Values[len(s.Values)-1-fourWeeks:])
	}
	return f
}

// extend fills in dates and figures from the last 29 values.
func (f *Forecast) extend(values []int64) {
	grown := values[fourWeeks] - values[0]
	left := f.On.DaysUntil(f.Goal.End)
	f.AtEnd = f.Done + quotient(product(grown, int64(left)), big.NewInt(fourWeeks))
	mean, spread := pace(values)
	ahead := float64(left) / 7
	width := int64(math.Round(spread * math.Sqrt(ahead+ahead*ahead/weeks)))
	f.Low, f.High = f.AtEnd-width, f.AtEnd+width
	if grown >= 0 { // while work goes on, what is done is not expected to be lost
		f.Low = max(f.Low, f.Done)
	}
	f.Outlook = OutlookShort
	if days := f.daysTo(grown); days > 0 {
		f.Met = f.On.AddDays(days)
		f.interval(days, mean, spread)
		if f.Met <= f.Goal.End {
			f.Outlook = OutlookOnTime
		}
	}
}

// daysTo is the number of days to the task, ⌈28 · rest / grown⌉, 0 when it is
// not in sight. The rest is exact: (T · size − C · per) / per.
func (f *Forecast) daysTo(grown int64) int {
	if grown <= 0 {
		return 0
	}
	size, per := f.Goal.Metric.Measure.Step()
	rest := new(big.Int).Sub(product(f.Goal.Task, size), product(f.Done, per))
	rest.Mul(rest, big.NewInt(fourWeeks))
	divisor := product(grown, per)
	days := rest.Add(rest, divisor).Sub(rest, big.NewInt(1)).Quo(rest, divisor)
	if !days.IsInt64() || days.Int64() > inSight {
		return 0
	}
	return max(1, int(days.Int64()))
}

// interval sets Earliest and Latest, the roots of (h·m − R)² = k²·(h + h²/4),
// R the rest and k the spread:
//
//	b = 2mR + k²,  √D = k · √(R² + 4mR + k²)
//	early = 2R² / (b + √D),  late = (b + √D) / (2m² − k²/2)
func (f *Forecast) interval(days int, m, k float64) {
	size, per := f.Goal.Metric.Measure.Step()
	rest := float64(f.Goal.Task)*float64(size)/float64(per) - float64(f.Done)
	root := 2*m*rest + k*k + k*math.Sqrt(rest*rest+4*m*rest+k*k)
	early := 2 * rest * rest / root
	f.Earliest = f.On.AddDays(max(1, min(days, wholeDays(early))))
	slope := 2*m*m - k*k/2
	if slope <= 0 || root/slope > latestKnown/7. {
		return
	}
	f.Latest = f.On.AddDays(max(days, wholeDays(root/slope)))
}

// wholeDays rounds weeks up to days; what floating point adds to a whole day is not a day.
func wholeDays(weeks float64) int { return int(math.Ceil(7*weeks - 1e-9)) }

// pace is the mean of the four weekly increments, and t times their standard deviation.
func pace(values []int64) (mean, spread float64) {
	mean = float64(values[fourWeeks]-values[0]) / weeks
	squares := 0.
	for w := range weeks {
		off := float64(values[7*w+7]-values[7*w]) - mean
		squares += off * off
	}
	return mean, quantile * math.Sqrt(squares/(weeks-1))
}
