package campaign

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Score is points of an appraisal (考核) in hundredths of a point.
type Score int64

// String prints 12.5 points as 12.50, and what is taken off with U+2212: −0.50.
func (s Score) String() string {
	sign := ""
	if s < 0 {
		sign, s = "−", -s
	}
	return fmt.Sprintf("%s%d.%02d", sign, s/hundred, s%hundred)
}

const hundred = 100

// What an item of an appraisal counts.
const (
	AppraiseMetric  = "metric"  // a metric against the unit's task of the year: earns points
	AppraiseLate    = "late"    // cases that are late on the day
	AppraiseRebound = "rebound" // each time something rebounded
	AppraiseOrder   = "order"   // orders (督办单) not answered by their day
	AppraiseAnswer  = "answer"  // frozen figures not answered by their day (未按期核对)
	AppraiseSheet   = "sheet"   // rows of a sheet of units: what was criticised
)

// Appraisal (考核) is the formula by which units are appraised: every item is the sum of the points of its facts.
type Appraisal struct {
	Items []AppraisalItem `json:"items"`
}

// AppraisalItem earns points by a metric, or takes points off for each thing that went wrong.
type AppraisalItem struct {
	Code   string     `json:"code"`
	Name   Text       `json:"name"`
	Counts string     `json:"counts"`
	Metric MetricCode `json:"metric,omitempty"` // of AppraiseMetric
	Weight Score      `json:"weight,omitempty"` // what the whole task earns
	Off    Score      `json:"off,omitempty"`    // what one fact takes off
	// Cap is the most that the item earns (with what goes beyond the task), or takes off.
	Cap   Score  `json:"cap"`
	Sheet string `json:"sheet,omitempty"` // of AppraiseSheet: rows with day, matter and level
	// Levels are what a row takes off by its level; of several rows of one matter the highest alone counts.
	Levels []AppraisalLevel `json:"levels,omitempty"`
}

// AppraisalLevel is what is taken off for being criticised on a level.
type AppraisalLevel struct {
	Code string `json:"code"` // option of the sheet's field level
	Off  Score  `json:"off"`
}

// Fields of the sheet that AppraiseSheet counts.
const (
	CriticismOn     = "on"
	CriticismMatter = "matter"
	CriticismLevel  = "level"
)

// Earns says that the item is one of those that make up the whole.
func (i AppraisalItem) Earns() bool { return i.Counts == AppraiseMetric }

// Earned is what each amount of a metric earns, in exact units of the measure and in the order given: together
// weight · done / task, rounded half up once and never above the cap. A task of 0 earns nothing.
func (i AppraisalItem) Earned(task int64, of Measure, amounts []int64) []Score {
	out := make([]Score, len(amounts))
	var done int64
	var before Score
	for n, amount := range amounts {
		done += amount
		now := i.earned(task, of, done)
		out[n], before = now-before, now
	}
	return out
}

func (i AppraisalItem) earned(task int64, of Measure, done int64) Score {
	if task <= 0 || done <= 0 {
		return 0
	}
	size, per := of.Step()
	twice := big.NewInt(2) //nolint:mnd // half up: (2a + b) / 2b
	above := new(big.Int).Mul(big.NewInt(done), big.NewInt(per))
	above.Mul(above, big.NewInt(int64(i.Weight))).Mul(above, twice)
	below := new(big.Int).Mul(big.NewInt(size), big.NewInt(task))
	above.Add(above, below).Quo(above, below.Mul(below, twice))
	if !above.IsInt64() || above.Int64() > int64(i.Cap) {
		return i.Cap
	}
	return Score(above.Int64())
}

// TakenOff is what each fact takes off (0 or less), in the order given, given what it would without the cap.
func (i AppraisalItem) TakenOff(each []Score) []Score {
	out, left := make([]Score, len(each)), i.Cap
	for n, off := range each {
		taken := min(off, left)
		out[n], left = -taken, left-taken
	}
	return out
}

// Criticised is what each row of the sheet takes off before the cap: of rows of one matter the highest level alone, the
// first of equal ones.
func (i AppraisalItem) Criticised(rows []Filled) []Score {
	highest := map[string]int{}
	off := make([]Score, len(rows))
	for n, row := range rows {
		off[n] = i.levelOff(row.Values[CriticismLevel])
		matter := row.Values[CriticismMatter]
		if at, ok := highest[matter]; !ok || off[n] > off[at] {
			highest[matter] = n
		}
	}
	for n, row := range rows {
		if highest[row.Values[CriticismMatter]] != n {
			off[n] = 0
		}
	}
	return off
}

func (i AppraisalItem) levelOff(code string) Score {
	for _, l := range i.Levels {
		if l.Code == code {
			return l.Off
		}
	}
	return 0
}

// OrderMissed says that a unit did not answer an order by its day: it owes the answer still, or gave it later.
func OrderMissed(stage string, due, answered, today Date) bool {
	return stage != OrderWithdrawn && (OrderLate(stage, due, today) > 0 || answered > due)
}

// AnswerMissed says that a unit did not answer frozen figures by the end of the day on which they were to be checked.
func AnswerMissed(checkBy, answered, today Date) bool {
	return today > checkBy && (answered == "" || answered > checkBy)
}

// Appraised is what a unit has: points earned, points taken off (0 or less), and the points of the items it has a task in.
type Appraised struct{ Earned, Off, Full Score }

// Score is what a unit has of the whole: what it earned of the items it has a task in stands for the whole, so that who
// carries no task is neither better nor worse for it; less what is taken off. Rounded half up; 0 without any task.
func (a Appraised) Score(whole Score) Score {
	if a.Full == 0 {
		return 0
	}
	return (2*a.Earned*whole+a.Full)/(2*a.Full) + a.Off //nolint:mnd // half up
}

// Whole is what all items together earn where every task is done.
func (a *Appraisal) Whole() (sum Score) {
	for _, i := range a.Items {
		sum += i.Weight
	}
	return sum
}

// Item finds an item by its code.
func (a *Appraisal) Item(code string) (AppraisalItem, bool) {
	if a == nil {
		return AppraisalItem{}, false
	}
	n := slices.IndexFunc(a.Items, func(i AppraisalItem) bool { return i.Code == code })
	if n < 0 {
		return AppraisalItem{}, false
	}
	return a.Items[n], true
}

// maxScore keeps products of scores far from the end of int64: ten thousand points.
const maxScore = 10_000 * hundred

// checkAppraisal reports repeated items, unknown metrics and sheets, and points that are none.
func (d Definition) checkAppraisal() error {
	if d.Appraisal == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, i := range d.Appraisal.Items {
		if i.Code == "" || seen[i.Code] || i.Name.ZH == "" || i.Name.EN == "" {
			return fmt.Errorf("appraisal %q: code is empty or repeated, or a language is missing", i.Code)
		}
		seen[i.Code] = true
		if err := d.checkAppraised(i); err != nil {
			return fmt.Errorf("appraisal %q: %w", i.Code, err)
		}
	}
	return nil
}

func (d Definition) checkAppraised(i AppraisalItem) error {
	if i.Cap <= 0 || i.Cap > maxScore || i.Weight < 0 || i.Weight > maxScore || i.Off < 0 || i.Off > maxScore {
		return errors.New("points are more than nothing and at most ten thousand")
	}
	switch i.Counts {
	case AppraiseMetric:
		if m, ok := d.Metric(i.Metric); !ok || m.Counts.Track == "" || i.Weight == 0 || i.Cap < i.Weight {
			return errors.New("it needs a metric that counts cases, a weight, and a cap not below it")
		}
		return nil
	case AppraiseSheet:
		return d.checkCriticism(i)
	case AppraiseLate, AppraiseRebound, AppraiseOrder, AppraiseAnswer:
		if i.Off == 0 || i.Weight != 0 {
			return errors.New("it takes points off, and earns none")
		}
		return nil
	}
	return fmt.Errorf("it counts %q, which nobody knows", i.Counts)
}

func (d Definition) checkCriticism(i AppraisalItem) error {
	if err := d.plays(i.Sheet, OfUnit, []string{CriticismOn, CriticismMatter, CriticismLevel}); err != nil {
		return err
	}
	s, _ := d.Sheet(i.Sheet)
	level, _ := s.Field(CriticismLevel)
	for _, l := range i.Levels {
		known := slices.ContainsFunc(level.Options, func(o Option) bool { return o.Code == l.Code })
		if !known || l.Off <= 0 || l.Off > maxScore {
			return fmt.Errorf("level %q is no option of the sheet, or takes nothing off", l.Code)
		}
	}
	if len(i.Levels) == 0 || i.Weight != 0 {
		return errors.New("it takes points off by levels, and earns none")
	}
	return nil
}
