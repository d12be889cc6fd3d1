package report

import (
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/figures"
)

// BurnUp is a metric day by day against its baseline, with its forecast.
type BurnUp struct {
	View     *chronicle.View
	Metric   campaign.Metric
	Unit     string
	Task     int64             // printed steps; 0: none
	Series   figures.Series    // done, exact, at the end of each day; the last is now
	Baseline []campaign.Tenths // of each day
	Forecast figures.Forecast  // at the pace of the last four weeks that are over
}

// BurnUp tells a metric's year up to a day, "" being today.
func (d *Desk) BurnUp(scope auth.Scope, code campaign.MetricCode, unit string, asOf campaign.Date) (BurnUp, error) {
	v, err := d.View(scope, asOf)
	if err != nil {
		return BurnUp{}, err
	}
	m, ok := v.Definition.Metric(code)
	if !ok {
		return BurnUp{}, fault.New(fault.KindInvalid, "unknown_metric", "没有“"+string(code)+"”这个指标", "there is no metric "+string(code))
	}
	if unit != "" && unitOf(v, unit) == nil {
		return BurnUp{}, unknownUnit(unit)
	}
	target, _ := v.Definition.Target(unit, code, campaign.PeriodYear)
	span := campaign.Span{From: v.Definition.Start, To: min(v.Day, v.Definition.End)}
	b := BurnUp{View: v, Metric: m, Unit: unit, Task: target.Task, Series: figures.Series{From: span.From, Values: v.Series(code, unit, span)}}
	for day := span.From; day <= span.To; day = day.AddDays(1) {
		b.Baseline = append(b.Baseline, v.Definition.Baseline(target, day))
	}
	goal := figures.Goal{Metric: m, Period: campaign.PeriodYear, Task: target.Task, End: v.Definition.End}
	b.Forecast = figures.Predict(b.over(), goal)
	return b, nil
}

// over is the series without the day that still goes on.
func (b *BurnUp) over() figures.Series {
	s := b.Series
	if n := len(s.Values); n > 0 && s.Last() == b.View.Day {
		s.Values = s.Values[:n-1]
	}
	return s
}
