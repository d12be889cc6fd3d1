package campaign

import (
	"fmt"
	"time"
)

// Date is a civil day, written 2006-01-02; the empty Date is no day.
// Dates compare as strings.
type Date string

// DateOf is the civil day of t in the time zone of t.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// ParseDate accepts a civil day written 2006-01-02.
func ParseDate(s string) (Date, error) {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fmt.Errorf("parse day %q: %w", s, err)
	}
	return Date(s), nil
}

// AddDays is the day n days later; the empty Date stays empty.
func (d Date) AddDays(n int) Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return DateOf(t.AddDate(0, 0, n))
}

// Month is the month of the day, 0 of none, and whether it is the month's last day.
func (d Date) Month() (month int, last bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0, false
	}
	return int(t.Month()), t.AddDate(0, 0, 1).Day() == 1
}

// YearBefore is the same day a year earlier; of February the 29th it is the 28th.
func (d Date) YearBefore() Date {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	month, _ := d.Month()
	if before := t.AddDate(-1, 0, 0); int(before.Month()) == month {
		return DateOf(before)
	}
	return DateOf(t.AddDate(-1, 0, -1))
}

// Year is the year of the day, 0 for none.
func (d Date) Year() int {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return 0
	}
	return t.Year()
}

// Written is the day as documents write it: 2020年9月30日.
func (d Date) Written() string {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return string(d)
	}
	return t.Format("2006年1月2日")
}

// Short is the day as 01-02, for sentences about the running year.
func (d Date) Short() string {
	if len(d) < len("2006-01-02") {
		return string(d)
	}
	return string(d[5:])
}
