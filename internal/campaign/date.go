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

// Short is the day as 01-02, for sentences about the running year.
func (d Date) Short() string {
	if len(d) < len("2006-01-02") {
		return string(d)
	}
	return string(d[5:])
}
