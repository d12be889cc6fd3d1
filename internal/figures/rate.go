package figures

import (
	"math"

	"github.com/guatu/guatu/internal/campaign"
)

// dash is printed where there is no task.
const dash = "—"

// Rate is a printed 完成率 in tenths of one per cent. The zero Rate is that of
// a figure without a task.
type Rate struct {
	Tenths campaign.Tenths
	Known  bool // false: no task
}

// Percent is done/task, rounded once to 0.1 %, exact in between; rates above
// 100 % stay as they are. Done is in exact units of the measure, the task in
// its steps of size s, so that the rate is done / (task · s):
//
//	land:  1000 · A · 3 / (200000 · T)   A in 0.0001 m², T in 0.01 mu
//	floor: 1000 · A / (1000000 · T)      T in 0.01 万㎡
//	count: 1000 · n / T
//
// A task of 0 has no rate.
func Percent(done, task int64, of campaign.Measure) Rate {
	if task <= 0 {
		return Rate{}
	}
	size, per := of.Step()
	return Rate{tenths(quotient(product(campaign.Whole, done, per), product(size, task))), true}
}

// Share is the printed rate of a part in a whole of the same unit, such as
// 签约率; it has none where the whole is 0.
func Share(part, whole int64) Rate { return Percent(part, whole, campaign.MeasureCount) }

func tenths(v int64) campaign.Tenths {
	return campaign.Tenths(max(math.MinInt, min(v, math.MaxInt)))
}

// String prints 74.3%, or — without a task.
func (r Rate) String() string {
	if !r.Known {
		return dash
	}
	return Number(int64(r.Tenths), 1, Document) + "%"
}

// Minus is the difference of two printed rates, unknown where one of them is.
func (r Rate) Minus(other Rate) Points {
	if !r.Known || !other.Known {
		return Points{}
	}
	return Points{r.Tenths - other.Tenths, true}
}

// Gap is the 序时差: the printed rate less the printed baseline.
func (r Rate) Gap(baseline campaign.Tenths) Points { return r.Minus(Rate{baseline, true}) }

// Points is a difference of two printed rates in tenths of a percentage point
// (个百分点). The zero Points is that of a figure without a task.
type Points struct {
	Tenths campaign.Tenths
	Known  bool
}

// String prints +0.5, 0.0, −1.8, or — where there is none.
func (p Points) String() string {
	if !p.Known {
		return dash
	}
	return Signed(int64(p.Tenths), 1, Document)
}

// Wording prints −1.8 个百分点.
func (p Points) Wording() campaign.Text {
	if !p.Known {
		return campaign.Text{ZH: dash, EN: dash}
	}
	return campaign.Text{ZH: p.String() + " 个百分点", EN: p.String() + " points"}
}

// Light is the light of a gap: campaign.LightNone without a task.
func (p Points) Light(r campaign.LightRule) campaign.Light {
	if !p.Known {
		return campaign.LightNone
	}
	return r.Light(p.Tenths)
}

// Progress is one metric of one unit: what is done against its task.
type Progress struct {
	Measure campaign.Measure
	Done    int64 // exact units of the measure
	Task    int64 // steps of the measure
}

// Rate is the printed 完成率.
func (p Progress) Rate() Rate { return Percent(p.Done, p.Task, p.Measure) }

// Sum adds done and task of progress in the same measure; the rate of the sum
// is Σ完成 ÷ Σ任务, never the mean of rates.
func Sum(of campaign.Measure, parts ...Progress) Progress {
	sum := Progress{Measure: of}
	for _, p := range parts {
		sum.Done += p.Done
		sum.Task += p.Task
	}
	return sum
}

// RoundingShows says whether the printed rows do not add up to the printed
// total, and the sheet has to say so.
func RoundingShows(of campaign.Measure, done ...int64) bool {
	var units, steps int64
	for _, d := range done {
		units += d
		steps += Steps(d, of)
	}
	return Steps(units, of) != steps
}
