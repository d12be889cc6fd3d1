package campaign

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Calendar is the working calendar of a campaign: the holidays and make-up
// days of the State Council's yearly notices (国务院办公厅关于部分节假日安排的通知).
// A day it does not name is a workday from Monday to Friday.
type Calendar struct {
	Holidays []Holiday `json:"holidays,omitempty"`
	MakeUps  []Date    `json:"workdays,omitempty"` // 调休上班: Saturdays and Sundays that are worked
}

// Holiday is a run of days off, both ends included.
type Holiday struct {
	From Date `json:"from"`
	To   Date `json:"to"`
	Name Text `json:"name"`
}

// longestHoliday is the most days one holiday may last: the longest ever, the
// Spring Festival of 2020, had ten; a longer run is a slip of the year.
const longestHoliday = 31

// DaysUntil is the number of natural days from d to the other day, negative
// when that lies before d; 0 when either is no day.
func (d Date) DaysUntil(other Date) int {
	from, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	to, err := time.Parse(time.DateOnly, string(other))
	if err != nil {
		return 0
	}
	return int((to.Unix() - from.Unix()) / (24 * 60 * 60))
}

// Holiday is the holiday that the day belongs to.
func (c Calendar) Holiday(d Date) (Holiday, bool) {
	for _, h := range c.Holidays {
		if h.From <= d && d <= h.To {
			return h, true
		}
	}
	return Holiday{}, false
}

// IsWorkday says whether the day is worked; a malformed day is not.
func (c Calendar) IsWorkday(d Date) bool {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return false
	}
	if isWeekend(t) {
		return slices.Contains(c.MakeUps, d)
	}
	_, off := c.Holiday(d)
	return !off
}

// AddWorkdays is the n-th workday after the day, for n < 0 the n-th before it;
// the day itself for n = 0 and where it is malformed.
func (c Calendar) AddWorkdays(d Date, n int) Date {
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		next := d.AddDays(step)
		if next == d { // malformed, or the end of the calendar of four-digit years
			return d
		}
		if d = next; c.IsWorkday(d) {
			n -= step
		}
	}
	return d
}

// Workdays counts the workdays after the first day up to and with the last, as
// AddWorkdays does: Workdays(d, AddWorkdays(d, n)) = n. Where the last day lies
// before the first, it is minus the number from the last to the day before the first.
func (c Calendar) Workdays(from, to Date) int {
	n := 0
	days := from.DaysUntil(to)
	for i := 1; i <= days; i++ {
		n += c.worked(from.AddDays(i))
	}
	for i := days; i < 0; i++ {
		n -= c.worked(from.AddDays(i))
	}
	return n
}

func (c Calendar) worked(d Date) int {
	if c.IsWorkday(d) {
		return 1
	}
	return 0
}

func isWeekend(t time.Time) bool {
	return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
}

// Check reports malformed days, holidays that overlap or end before they
// begin, and make-up days that are repeated, off, or no weekend.
func (c Calendar) Check() error {
	for i, h := range c.Holidays {
		if err := h.check(); err != nil {
			return err
		}
		for _, other := range c.Holidays[:i] {
			if h.From <= other.To && other.From <= h.To {
				return fmt.Errorf("holidays %s and %s overlap", other.From, h.From)
			}
		}
	}
	seen := make(map[Date]bool, len(c.MakeUps))
	for _, w := range c.MakeUps {
		t, err := time.Parse(time.DateOnly, string(w))
		if err != nil {
			return fmt.Errorf("make-up day %q: %w", w, err)
		}
		if _, off := c.Holiday(w); off || seen[w] || !isWeekend(t) {
			return fmt.Errorf("make-up day %s is repeated, a holiday, or no Saturday or Sunday", w)
		}
		seen[w] = true
	}
	return nil
}

func (h Holiday) check() error {
	if err := (Span{From: h.From, To: h.To}).Check(); err != nil {
		return fmt.Errorf("holiday: %w", err)
	}
	if h.From.DaysUntil(h.To) >= longestHoliday {
		return fmt.Errorf("holiday %s to %s is longer than %d days", h.From, h.To, longestHoliday)
	}
	if h.Name.ZH == "" || h.Name.EN == "" {
		return fmt.Errorf("holiday %s: a name in both languages is needed", h.From)
	}
	return nil
}

// Span is a run of natural days, both ends included.
type Span struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// Days is the number of days of the span.
func (s Span) Days() int { return s.From.DaysUntil(s.To) + 1 }

// Check reports a malformed day and an end before the beginning.
func (s Span) Check() error {
	for _, d := range []Date{s.From, s.To} {
		if _, err := ParseDate(string(d)); err != nil {
			return err
		}
	}
	if s.To < s.From {
		return fmt.Errorf("%s ends before it begins on %s", s.To, s.From)
	}
	return nil
}

// Term is a time limit (办理时限) of N days, all of them or workdays only.
type Term struct {
	N       int  `json:"n"`
	Working bool `json:"working,omitempty"`
}

// longestTerm is the most days of a term: ten years.
const longestTerm = 3660

// Check reports a term of less than one day or more than ten years.
func (t Term) Check() error {
	if t.N < 1 || t.N > longestTerm {
		return errors.New("a term has 1 to 3660 days")
	}
	return nil
}

// Due is the last day of the term; the day after `from` is day 1. A term in
// natural days ends on its last day even where that is a holiday: the order
// prints the date, and the date is what binds.
func (t Term) Due(from Date, c Calendar) Date {
	if t.Working {
		return c.AddWorkdays(from, t.N)
	}
	return from.AddDays(t.N)
}

// Wording says what the term counts: 15日内（自然日）, 5个工作日内.
func (t Term) Wording() Text {
	days := "days"
	if t.N == 1 {
		days = "day"
	}
	if t.Working {
		return Text{fmt.Sprintf("%d个工作日内", t.N), fmt.Sprintf("within %d working %s", t.N, days)}
	}
	return Text{fmt.Sprintf("%d日内（自然日）", t.N), fmt.Sprintf("within %d calendar %s", t.N, days)}
}
