package figures

import (
	"fmt"
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// Sentence is the line under the burn-up.
func (f Forecast) Sentence(m Medium) campaign.Text {
	switch f.Outlook {
	case OutlookReached:
		return f.reached(m)
	case OutlookOver:
		return f.over(m)
	case OutlookTooFew:
		return campaign.Text{ZH: "数据不足四周，暂不预测。", EN: "Less than four weeks of data: no forecast yet."}
	case OutlookOnTime:
		return f.onTime(m)
	case OutlookShort:
		return f.short(m)
	case OutlookNone:
	}
	return campaign.LightNone.Name()
}

func (f Forecast) reached(m Medium) campaign.Text {
	task := f.amount(f.Goal.Task, m)
	return campaign.Text{
		ZH: "已完成" + f.Goal.Period.Name().ZH + task.ZH + "。",
		EN: "The " + f.Goal.Period.Name().EN + " has been met: " + task.EN + ".",
	}
}

func (f Forecast) over(m Medium) campaign.Text {
	measure := f.Goal.Metric.Measure
	done := Done(f.Done, measure, m)
	gap := f.amount(f.Goal.Task-Steps(f.Done, measure), m)
	return campaign.Text{
		ZH: fmt.Sprintf("%s已到期，完成%s%s，缺口%s。", f.Goal.Period.Name().ZH, done, f.Goal.Metric.Unit.ZH, gap.ZH),
		EN: fmt.Sprintf("The %s is over: %s %s done, %s short.", f.Goal.Period.Name().EN, done, f.Goal.Metric.Unit.EN, gap.EN),
	}
}

func (f Forecast) onTime(m Medium) campaign.Text {
	task := f.amount(f.Goal.Task, m)
	met, between := f.day(f.Met), f.between()
	return campaign.Text{
		ZH: fmt.Sprintf("按近四周进度，预计%s完成%s%s。", met.ZH, task.ZH, between.ZH),
		EN: fmt.Sprintf("At the pace of the last four weeks, %s will be reached on %s%s.", task.EN, met.EN, between.EN),
	}
}

// between is the interval in brackets, nothing where it is a single day.
func (f Forecast) between() campaign.Text {
	early, late := f.day(f.Earliest), f.day(f.Latest)
	switch f.Latest {
	case f.Earliest:
		return campaign.Text{}
	case "":
		return campaign.Text{ZH: "（最早" + early.ZH + "）", EN: " (" + early.EN + " at the earliest)"}
	}
	return campaign.Text{ZH: "（" + early.ZH + "—" + late.ZH + "）", EN: " (" + early.EN + " – " + late.EN + ")"}
}

func (f Forecast) short(m Medium) campaign.Text {
	expected := f.Projection()
	will, gap := f.amount(expected, m), f.amount(f.Goal.Task-expected, m)
	by := f.day(f.Goal.End)
	if f.Goal.End == year(f.On)+"-12-31" {
		by = campaign.Text{ZH: "年底", EN: "the end of the year"}
	}
	return campaign.Text{
		ZH: fmt.Sprintf("按近四周进度，%s预计完成%s，缺口%s。", by.ZH, will.ZH, gap.ZH),
		EN: fmt.Sprintf("At the pace of the last four weeks, %s are expected by %s, %s short.", will.EN, by.EN, gap.EN),
	}
}

// Projection is the printed figure expected at the end of the period, in steps
// of the measure: whole mu for land, because hundredths would feign precision.
// A forecast that falls short never rounds up to the task.
func (f Forecast) Projection() int64 {
	coarse := int64(1)
	if f.Goal.Metric.Measure == campaign.MeasureLand {
		coarse = 100
	}
	size, per := f.Goal.Metric.Measure.Step()
	expected := coarse * max(0, quotient(product(f.AtEnd, per), product(size, coarse)))
	if f.Outlook == OutlookShort && expected >= f.Goal.Task {
		return (f.Goal.Task - 1) / coarse * coarse
	}
	return expected
}

// amount prints steps with the metric's unit: 2,000亩, 2,000 mu.
func (f Forecast) amount(steps int64, m Medium) campaign.Text {
	n := Task(steps, f.Goal.Metric.Measure, m)
	return campaign.Text{ZH: n + f.Goal.Metric.Unit.ZH, EN: n + " " + f.Goal.Metric.Unit.EN}
}

// day prints 12月18日; the year stands before it where it is not the running one.
func (f Forecast) day(d campaign.Date) campaign.Text {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return campaign.Text{}
	}
	zh, en := fmt.Sprintf("%d月%d日", t.Month(), t.Day()), t.Format("2 January")
	if year(d) != year(f.On) {
		return campaign.Text{ZH: fmt.Sprintf("%d年%s", t.Year(), zh), EN: en + t.Format(" 2006")}
	}
	return campaign.Text{ZH: zh, EN: en}
}

func year(d campaign.Date) campaign.Date { return d[:min(len(d), len("2006"))] }
