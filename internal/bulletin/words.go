package bulletin

import (
	"fmt"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/report"
)

// Message is what is sent to the work group (发群): one paragraph, of units and figures alone.
func (c *Content) Message() string {
	return "【" + c.Definition().Name.ZH + c.series() + "】" + c.until() + "，" + standing(&c.Sheet, fresh) + leaders(&c.Sheet) + troubles(&c.Sheet.Total) + "。"
}

// Daily is the message of a day that goes on (日报), at a time of it; its figures count since yesterday. Unsigned are the orders
// (督办单) that wait to be signed for.
func Daily(f *report.Figures, unsigned int, at time.Time) string {
	until := fmt.Sprintf("截至%s%d时%02d分", shortDay(campaign.DateOf(at)), at.Hour(), at.Minute())
	return "【" + f.View.Definition.Name.ZH + "日报】" + until + "，" + standing(f, sinceYesterday) + leaders(f) + troubles(&f.Total) + fmt.Sprintf("，未签收督办%d份。", unsigned)
}

// until is the cut-off: issues end with their day.
func (c *Content) until() string { return "截至" + shortDay(c.Bulletin.On) + "24时" }

// shortDay is a day of the year that is spoken of: 9月30日.
func shortDay(d campaign.Date) string {
	_, rest, _ := strings.Cut(d.Written(), "年")
	return rest
}

// standing says how the main figures stand; change says the gain of the period.
func standing(f *report.Figures, change func(*report.Row, *report.Metric) string) string {
	var b strings.Builder
	for i := range f.Total.Metrics {
		m := &f.Total.Metrics[i]
		switch m.Metric.Code {
		case campaign.MetricRectified:
			b.WriteString("全区完成整治" + done(m) + against(m, "，完成率", gap(m)) + "，" + change(&f.Total, m))
		case campaign.MetricRectifiedEnterprises:
			b.WriteString("，其中企业" + done(m) + against(m, "，", ""))
		case campaign.MetricRecovered:
			b.WriteString("；腾退面积" + done(m) + against(m, "，", "") + "，" + change(&f.Total, m))
		case campaign.MetricEffective:
			b.WriteString("，其中有效面积" + done(m) + against(m, "，", ""))
		case campaign.MetricUpgraded, campaign.MetricParks, campaign.MetricParkFloor, campaign.MetricMovedIn: // see others
		}
	}
	return b.String() + "。"
}

func done(m *report.Metric) string {
	return figures.Done(m.Done, m.Metric.Measure, figures.Document) + m.Metric.Unit.ZH
}

// against holds what is done against its task; nothing where there is none.
func against(m *report.Metric, rate, more string) string {
	if !m.HasTask {
		return ""
	}
	return "（任务" + figures.Task(m.Task, m.Metric.Measure, figures.Document) + m.Metric.Unit.ZH + rate + m.Rate.String() + more + "）"
}

// gap says how far ahead of the schedule a figure is, or behind.
func gap(m *report.Metric) string {
	points := figures.Number(int64(max(m.Gap.Tenths, -m.Gap.Tenths)), 1, figures.Document) + "个百分点"
	switch {
	case !m.Gap.Known:
		return ""
	case m.Gap.Tenths < 0:
		return "，落后序时进度" + points
	case m.Gap.Tenths > 0:
		return "，超序时进度" + points
	}
	return "，与序时进度持平"
}

// fresh is what is new in the period; rebounds may have taken more away.
func fresh(r *report.Row, m *report.Metric) string {
	n := figures.Steps(added(r, m.Metric.Code), m.Metric.Measure)
	amount := func(n int64) string {
		return figures.Number(n, m.Metric.Measure.Decimals(), figures.Document) + m.Metric.Unit.ZH
	}
	if n < 0 {
		return "本期净减" + amount(-n)
	}
	return "本期新增" + amount(n)
}

func sinceYesterday(r *report.Row, m *report.Metric) string {
	n := figures.Steps(added(r, m.Metric.Code), m.Metric.Measure)
	return "较昨日" + figures.Signed(n, m.Metric.Measure.Decimals(), figures.Document) + m.Metric.Unit.ZH
}

// added is what a metric gained in the period, exact.
func added(r *report.Row, code campaign.MetricCode) int64 {
	for _, a := range r.Added {
		if a.Metric == code {
			return a.Done
		}
	}
	return 0
}

// leaders are the first three places.
func leaders(f *report.Figures) string {
	var first []string
	for _, p := range f.Ranking.Places {
		if len(first) < 3 {
			first = append(first, unitOf(f.View, p.Unit).Short.ZH+p.Rate.String())
		}
	}
	if len(first) == 0 {
		return ""
	}
	return "完成率前三位：" + strings.Join(first, "、") + "。"
}

func troubles(r *report.Row) string {
	return fmt.Sprintf("逾期%d件，反弹%d件", r.Late.Cases, r.Rebounds)
}

// others says the figures of the other tracks.
func others(f *report.Figures) string {
	var said []string
	for i := range f.Total.Metrics {
		m := &f.Total.Metrics[i]
		if m.Metric.Counts.Track != f.View.Definition.Tracks[0].Code {
			said = append(said, m.Metric.Name.ZH+done(m)+against(m, "，完成率", ""))
		}
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, "；") + "。"
}

// Compared holds the period against the closed one before it, and the standing against last year's.
func (c *Content) Compared() string {
	cycle := figures.CycleWeek
	if c.Bulletin.Monthly {
		cycle = figures.CycleMonth
	}
	var b strings.Builder
	for i := range c.Sheet.Total.Metrics {
		m := &c.Sheet.Total.Metrics[i]
		code := m.Metric.Code
		if code != campaign.MetricRectified && code != campaign.MetricRecovered {
			continue
		}
		now, before := figures.Steps(added(&c.Sheet.Total, code), m.Metric.Measure), figures.Steps(added(&c.Earlier.Total, code), m.Metric.Measure)
		b.WriteString(m.Metric.Name.ZH + fresh(&c.Sheet.Total, m) + "，" + plain(figures.CountChange(cycle, now, before, m.Metric, figures.Document)))
		b.WriteString("，完成率" + plain(figures.RateChange(cycle, m.Rate, metricOf(&c.Earlier.Total, code).Rate)) + "；")
	}
	if m := metricOf(&c.Sheet.Total, campaign.MetricRecovered); m.Metric.Code != "" {
		b.WriteString("累计" + m.Metric.Name.ZH + plain(figures.YearOnYear(m.Done, c.lastYear(m.Metric.Code))))
	}
	return strings.TrimSuffix(b.String(), "；") + "。"
}

// plain is a wording without the spaces that screens have around figures.
func plain(t campaign.Text) string { return strings.ReplaceAll(t.ZH, " ", "") }

func metricOf(r *report.Row, code campaign.MetricCode) report.Metric {
	for _, m := range r.Metrics {
		if m.Metric.Code == code {
			return m
		}
	}
	return report.Metric{}
}

// lastYear is what the district had reached a year before, where that is in the system.
func (c *Content) lastYear(code campaign.MetricCode) figures.LastYear {
	on := c.Bulletin.On.YearBefore()
	for _, p := range c.Definition().Past {
		if p.Unit == "" && p.Metric == code && p.On == on {
			return figures.LastYear{Amount: p.Done, Known: true}
		}
	}
	return figures.LastYear{}
}
