package figures

import (
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// Cycle is the rhythm of a comparison: 日, 周, 旬, 月.
type Cycle string

// The cycles. A week runs from Monday to Sunday (GB/T 7408), a 旬 from the 1st
// to the 10th, the 11th to the 20th, the 21st to the end of the month.
const (
	CycleDay     Cycle = "day"
	CycleWeek    Cycle = "week"
	CycleTenDays Cycle = "ten_days"
	CycleMonth   Cycle = "month"
)

// This is the wording of the period that a figure belongs to: 本周, 本旬, 本月.
func (c Cycle) This() campaign.Text {
	switch c {
	case CycleWeek:
		return campaign.Text{ZH: "本周", EN: "this week"}
	case CycleTenDays:
		return campaign.Text{ZH: "本旬", EN: "these ten days"}
	case CycleMonth:
		return campaign.Text{ZH: "本月", EN: "this month"}
	case CycleDay:
	}
	return campaign.Text{ZH: "本日", EN: "this day"}
}

// Last is the wording of the period before it: 上周, 上旬, 上月.
func (c Cycle) Last() campaign.Text {
	switch c {
	case CycleWeek:
		return campaign.Text{ZH: "上周", EN: "last week"}
	case CycleTenDays:
		return campaign.Text{ZH: "上旬", EN: "the last ten days"}
	case CycleMonth:
		return campaign.Text{ZH: "上月", EN: "last month"}
	case CycleDay:
	}
	return campaign.Text{ZH: "昨日", EN: "yesterday"}
}

// Closed is the last period of the cycle that ended before the day; the day
// itself is not over. A malformed day gives the empty span.
func (c Cycle) Closed(before campaign.Date) campaign.Span {
	t, err := time.Parse(time.DateOnly, string(before))
	if err != nil {
		return campaign.Span{}
	}
	to := c.start(t).AddDate(0, 0, -1)
	return campaign.Span{From: campaign.DateOf(c.start(to)), To: campaign.DateOf(to)}
}

// Previous is the closed period before a closed one, what 较上期 is measured against.
func (c Cycle) Previous(of campaign.Span) campaign.Span { return c.Closed(of.From) }

// EndingOn is the span that an issue of a bulletin covers: the seven days up to its day, or the month that the day ends.
func EndingOn(on campaign.Date, monthly bool) campaign.Span {
	if monthly {
		return CycleMonth.Closed(on.AddDays(1))
	}
	return campaign.Span{From: on.AddDays(-6), To: on}
}

// start is the first day of the period that t lies in.
func (c Cycle) start(t time.Time) time.Time {
	back := 0
	switch c {
	case CycleWeek:
		back = (int(t.Weekday()) + 6) % 7
	case CycleTenDays:
		back = t.Day() - 1 - 10*min(2, (t.Day()-1)/10)
	case CycleMonth:
		back = t.Day() - 1
	case CycleDay:
	}
	return t.AddDate(0, 0, -back)
}

// Series is what was done in all by the end of each day: Values[i] on the day
// From+i, in exact units of a measure.
type Series struct {
	From   campaign.Date
	Values []int64
}

// Last is the last day of the series; the day before From when it is empty.
func (s Series) Last() campaign.Date { return s.From.AddDays(len(s.Values) - 1) }

// At is the value at the end of a day, if the series knows it.
func (s Series) At(d campaign.Date) (int64, bool) {
	i := s.From.DaysUntil(d)
	if i < 0 || i >= len(s.Values) || s.From.AddDays(i) != d { // a malformed day is no day of the series
		return 0, false
	}
	return s.Values[i], true
}

// Added is what came in a span of days (本期新增): the value at its end less
// the value at the end of the day before it; negative when rebounds took away
// more. It is unknown where the series does not hold both days.
func (s Series) Added(in campaign.Span) (int64, bool) {
	before, ok := s.At(in.From.AddDays(-1))
	after, known := s.At(in.To)
	return after - before, ok && known
}
