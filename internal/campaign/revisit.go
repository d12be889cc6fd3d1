package campaign

import (
	"errors"
	"fmt"
	"slices"
)

// Revisits (回头看) says how closed cases are looked at again.
type Revisits struct {
	Sheet      string   `json:"sheet"`      // rows of a case: what was found on the spot
	After      string   `json:"after"`      // milestone from which on a case may be drawn
	Inspectors []string `json:"inspectors"` // roles that are drawn from
	OtherThan  []string `json:"other_than"` // milestones whose marker does not look at the case again (回避)
	Each       int      `json:"each"`       // inspectors of a case, where nothing else is said
	Days       int      `json:"days"`       // until it is due, likewise
}

// Fields of the sheet of what was found again.
const (
	RevisitDraw       = "draw"
	RevisitInspectors = "inspectors"
	RevisitDueOn      = "due_on"
	RevisitOn         = "on"
	RevisitResult     = "result"
	ResultHeld        = "held" // its values
	ResultRebound     = "rebound"
)

// MayDraw tells whether a case with these sheets is among those drawn from: it is through, nothing takes that
// back at present, and no revisit of it is still to be made.
func (d Definition) MayDraw(c Case, filled []Filled) bool {
	if d.Revisits == nil || c.Marks[d.Revisits.After].DoneOn == "" {
		return false
	}
	for code := range c.Sides {
		if s, _ := d.Side(code); s.Excludes || s.Uncounts {
			return false
		}
	}
	return !slices.ContainsFunc(filled, func(f Filled) bool { return d.Revisits.Open(f) })
}

// Open tells whether a sheet is a revisit that is still to be made.
func (r Revisits) Open(f Filled) bool {
	return f.Sheet == r.Sheet && f.Values[RevisitDueOn] != "" && f.Values[RevisitResult] == ""
}

// Apart are the persons who may not look at a case again, for they have said themselves that it is done.
func (r Revisits) Apart(c Case) []string {
	var codes []string
	for _, milestone := range r.OtherThan {
		if by := c.Marks[milestone].Actor; by != "" {
			codes = append(codes, by)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func (d Definition) checkRevisits() error {
	if d.Revisits == nil {
		return nil
	}
	r := *d.Revisits
	wrong := []error{d.plays(r.Sheet, OfCase, []string{RevisitDraw, RevisitInspectors, RevisitDueOn, RevisitOn, RevisitResult})}
	if r.Each < 1 || r.Days < 1 || len(r.Inspectors) == 0 {
		wrong = append(wrong, errors.New("revisits: there are no inspectors, or no days to make them in"))
	}
	for _, role := range r.Inspectors {
		if !KnownRole(role) {
			wrong = append(wrong, fmt.Errorf("revisits: unknown role %q", role))
		}
	}
	for _, code := range append([]string{r.After}, r.OtherThan...) {
		if _, ok := d.milestone(code); !ok {
			wrong = append(wrong, fmt.Errorf("revisits: unknown milestone %q", code))
		}
	}
	return errors.Join(wrong...)
}
