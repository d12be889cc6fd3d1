package campaign

import (
	"errors"
	"fmt"
)

// JointVisits says which sheets and side states play which part in joint acceptance (验收批次).
type JointVisits struct {
	Visits      string `json:"visits"`      // ledger of a unit: a row a visit
	Inspections string `json:"inspections"` // ledger of a case: what a visit found of it
	Returned    string `json:"returned"`    // side state of what is returned for rework
	Held        string `json:"held"`        // side state of what is put off
}

// What the sheets of these parts must have: the page fills it.
var (
	visitFields      = []string{"number", "on", "departments", "members", "route", "cases", "passed"} //nolint:gochecknoglobals // a constant list
	inspectionFields = []string{"visit", "on", "departments", "result", "due_on", "opinion"}          //nolint:gochecknoglobals // a constant list
	results          = []string{"pass", "return", "hold"}                                             //nolint:gochecknoglobals // a constant list
)

func (d Definition) checkVisits() error {
	if d.Acceptance == nil {
		return nil
	}
	a := *d.Acceptance
	wrong := []error{d.plays(a.Visits, OfUnit, visitFields), d.plays(a.Inspections, OfCase, inspectionFields)}
	if s, ok := d.Sheet(a.Inspections); ok {
		result, _ := s.Field("result")
		for _, code := range results {
			if _, err := result.among(code, result.codes()); err != nil {
				wrong = append(wrong, fmt.Errorf("acceptance: sheet %q has no result %q", s.Code, code))
			}
		}
	}
	for _, code := range []string{a.Returned, a.Held} {
		if _, ok := findSide(d.Sides, code); !ok {
			wrong = append(wrong, fmt.Errorf("acceptance: unknown side state %q", code))
		}
	}
	return errors.Join(wrong...)
}

// plays reports a sheet that cannot play its part.
func (d Definition) plays(code, of string, fields []string) error {
	s, ok := d.Sheet(code)
	if !ok || s.Of != of || !s.Many {
		return fmt.Errorf("sheet %q is unknown, not of a %s or has no rows", code, of)
	}
	for _, field := range fields {
		if _, ok := s.Field(field); !ok {
			return fmt.Errorf("sheet %q has no field %q", code, field)
		}
	}
	return nil
}
