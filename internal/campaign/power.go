package campaign

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// Power (用电核查) says how readings of electricity are held against cases that are through.
type Power struct {
	Readings string  `json:"readings"` // sheet of a case: a row for each account and month
	Checks   string  `json:"checks"`   // sheet of a case: what was found on the spot
	After    string  `json:"after"`    // milestone from which on nothing should be drawn
	FromKWh  float64 `json:"from_kwh"` // a month of all accounts of a case from this on is looked at
	Days     int     `json:"days"`     // from the day of the reading until somebody has looked
}

// Fields of the readings and of what was found.
const (
	PowerAccount = "account"
	PowerMonth   = "month"
	PowerKWh     = "kwh"
	PowerReadOn  = "read_on"
	PowerThrough = "through"
)

// PowerFlag is a case that draws power after it was through, and that nobody has looked at since.
type PowerFlag struct {
	Month Date   // the last month with too much, as its first day
	KWh   string // of that month, all accounts
	Since Date   // the first such month that was not looked at
	DueOn Date   // by when somebody must have looked
}

// hundredths of a kWh are what readings are added up in.
const hundredths = 100

var months = regexp.MustCompile(`^20\d\d-(0[1-9]|1[012])$`)

// Month is a month as it is written (2020-09), as its first day; "" where it is none.
func Month(text string) Date {
	if !months.MatchString(text) {
		return ""
	}
	return Date(text + "-01")
}

// Flag judges the readings of a case that was through on a day. The month of that day counts as before: a part of it was. Months
// up to the last one that somebody looked at are settled.
func (p Power) Flag(through Date, filled []Filled) (PowerFlag, bool) {
	if through == "" {
		return PowerFlag{}, false
	}
	settled := through[:len("2020-01")]
	sums, read := map[string]int64{}, map[string]Date{}
	for _, f := range filled {
		if f.Sheet == p.Checks {
			settled = max(settled, Date(f.Values[PowerThrough]))
		}
		if kwh, err := parseDecimal(f.Values[PowerKWh], numbers[FieldQuantity]); f.Sheet == p.Readings && err == nil {
			month := f.Values[PowerMonth]
			sums[month] += kwh
			read[month] = max(read[month], Date(f.Values[PowerReadOn]))
		}
	}
	return p.flag(settled, sums, read)
}

func (p Power) flag(settled Date, sums map[string]int64, read map[string]Date) (flag PowerFlag, found bool) {
	least := int64(p.FromKWh * hundredths)
	var over []string
	for month, sum := range sums {
		if Date(month) > settled && sum >= least && Month(month) != "" {
			over = append(over, month)
		}
	}
	if len(over) == 0 {
		return flag, false
	}
	slices.SortFunc(over, cmp.Compare)
	first, last := over[0], over[len(over)-1]
	return PowerFlag{Month: Month(last), KWh: decimal(sums[last], numbers[FieldQuantity]), Since: Month(first), DueOn: read[first].AddDays(p.Days)}, true
}

func (d Definition) checkPower() error {
	if d.Power == nil {
		return nil
	}
	p := *d.Power
	wrong := []error{
		d.plays(p.Readings, OfCase, []string{PowerAccount, PowerMonth, PowerKWh, PowerReadOn}),
		d.plays(p.Checks, OfCase, []string{PowerThrough}),
	}
	if _, ok := d.milestone(p.After); !ok {
		wrong = append(wrong, fmt.Errorf("power: unknown milestone %q", p.After))
	}
	if p.FromKWh <= 0 || p.Days < 1 {
		wrong = append(wrong, errors.New("power: the threshold and the days must be more than nothing"))
	}
	return errors.Join(wrong...)
}
