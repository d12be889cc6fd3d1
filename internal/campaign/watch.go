package campaign

import (
	"fmt"
	"slices"
)

// SheetEligibility is the sheet that the program itself keeps for each enterprise: its verdict with the reason, on record.
const SheetEligibility = "eligibility"

// Fields of the sheet of eligibility; those of the rules are their codes.
const (
	EligibleResult = "result"
	EligibleWhy    = "why"
	EligibleWhyEN  = "why_en"
	EligibleOn     = "on"
)

// Verdicts are the values of the sheet of eligibility.
func (j Judgement) Values(on Date) map[string]string {
	values := map[string]string{EligibleResult: string(j.Verdict), EligibleWhy: j.Words.ZH, EligibleWhyEN: j.Words.EN, EligibleOn: string(on)}
	for _, r := range j.Rules {
		values[r.Rule.Code] = string(r.Verdict)
	}
	return values
}

// Watch is a list that the campaign keeps an eye on (名单): the enterprises, cases
// or rows of a sheet that fit a condition.
type Watch struct {
	Code  string    `json:"code"`
	Name  Text      `json:"name"`
	Of    string    `json:"of"`              // case or enterprise
	Track string    `json:"track"`           // on whose page it stands; of cases: theirs
	Where Condition `json:"where"`           // of facts
	Shows []string  `json:"shows,omitempty"` // facts told beside each
	Note  Text      `json:"note,omitzero"`   // what is done with it
}

// Watch finds a list by its code.
func (d Definition) Watch(code string) (Watch, bool) {
	i := slices.IndexFunc(d.Watches, func(w Watch) bool { return w.Code == code })
	if i < 0 {
		return Watch{}, false
	}
	return d.Watches[i], true
}

func (d Definition) checkWatches() error {
	seen := map[string]bool{}
	for _, w := range d.Watches {
		if w.Code == "" || seen[w.Code] || w.Name.ZH == "" || w.Name.EN == "" || w.Of != OfCase && w.Of != OfEnterprise {
			return fmt.Errorf("list %q: code is empty or repeated, a language is missing, or it is of neither cases nor enterprises", w.Code)
		}
		if _, ok := d.Track(w.Track); !ok {
			return fmt.Errorf("list %q: unknown track %q", w.Code, w.Track)
		}
		if err := w.Where.check(); err != nil {
			return fmt.Errorf("list %q: %w", w.Code, err)
		}
		seen[w.Code] = true
	}
	return nil
}
