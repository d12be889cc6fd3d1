package campaign

import (
	"fmt"
	"slices"

	"github.com/guatu/guatu/internal/fault"
)

// EvidenceSlot names a photo slot of a milestone.
type EvidenceSlot struct {
	Milestone string `json:"milestone"`
	Slot      string `json:"slot"`
}

// has tells whether cases of the track may come into a side state: what it names is there.
func (t Track) has(s SideState) bool {
	if s.After != "" && t.Index(s.After) < 0 {
		return false
	}
	if s.During != "" {
		if other, known := findSide(t.sides, s.During); !known || !t.has(other) {
			return false
		}
	}
	if s.Evidence == nil {
		return true
	}
	i := t.Index(s.Evidence.Milestone)
	if i < 0 {
		return false
	}
	_, known := t.Milestones[i].PhotoSlot(s.Evidence.Slot)
	return known
}

// Awaits is the side state in which cases of the track wait for a document to come back (待盖章); false where none does.
func (t Track) Awaits() (SideState, bool) {
	i := slices.IndexFunc(t.sides, func(s SideState) bool { return s.Evidence != nil && t.has(s) })
	if i < 0 {
		return SideState{}, false
	}
	return t.sides[i], true
}

// Back tells whether the document that a side state waits for has come back.
func (s SideState) Back(c Case) bool {
	return s.Evidence != nil && slices.ContainsFunc(c.Photos, func(p Photo) bool {
		return p.Arrived && p.Milestone == s.Evidence.Milestone && p.Slot == s.Evidence.Slot
	})
}

// SideState finds a side state that cases of the track may come into.
func (t Track) SideState(code string) (SideState, bool) {
	s, known := findSide(t.sides, code)
	return s, known && t.has(s)
}

func in(c Case, code string) bool {
	_, is := c.Sides[code]
	return is
}

func (t Track) notDuring(s SideState) error {
	other := t.known(s.During)
	return fault.New(fault.KindConflict, "not_during", fmt.Sprintf("不能%s：该事项不在“%s”状态", s.ButtonIn.ZH, other.Name.ZH),
		fmt.Sprintf("cannot %s: the case is not %s", s.ButtonIn.EN, other.Name.EN))
}

// mayAwait refuses to wait for a document before its milestone is the next one, or when it has come back.
func (t Track) mayAwait(c Case, s SideState) error {
	if s.Back(c) {
		return fault.New(fault.KindConflict, "already_back", "盖章件已回传", "the stamped copy has come back already")
	}
	for _, m := range t.Milestones[:max(0, t.Index(s.Evidence.Milestone))] {
		if !c.Marks[m.Code].Passed() {
			s.After = m.Code
			return t.tooEarly(s)
		}
	}
	return nil
}

// lasts is the last day of what is asked for: the one that was said, else that of the side state's term.
func (t Track) lasts(s SideState, r Request) (Date, error) {
	if s.Lasts == nil || s.Extends {
		return r.Until, nil
	}
	if r.Until == "" {
		return s.Lasts.Due(r.On, t.calendar), nil
	}
	if _, err := ParseDate(string(r.Until)); err != nil || r.Until < r.On {
		return "", fault.New(fault.KindInvalid, "until_too_early", "期限不能早于"+r.On.Short(), "the last day cannot be before "+r.On.Short()).Because(err)
	}
	if least := s.Lasts.Due(r.On, t.calendar); s.Holds && r.Until < least {
		return "", fault.New(fault.KindInvalid, "until_too_early", "期限至少到"+least.Short(), fmt.Sprintf("%s lasts until %s at least", s.Name.EN, least.Short()))
	}
	return r.Until, nil
}

// LastDay is until when a side state entered on a day is meant to last; "" where it has no end.
func (t Track) LastDay(s SideState, on Date) Date {
	if s.Lasts == nil {
		return ""
	}
	return s.Lasts.Due(on, t.calendar)
}

// takeBack takes back the milestones that return, and gives them as they were. What is
// to be done again is planned for the last day, its first plan kept.
func (t Track) takeBack(c Case, until Date) (next Case, took map[string]Mark) {
	took = map[string]Mark{}
	for _, m := range t.Milestones {
		mark := c.Marks[m.Code]
		if !m.Returns || mark.DoneOn == "" {
			continue
		}
		took[m.Code] = mark
		again := Mark{PlanOn: mark.PlanOn, PlanOriginal: mark.PlanOriginal}
		if until != "" {
			again.PlanOn = until
		}
		if again.PlanOriginal == "" {
			again.PlanOriginal = again.PlanOn
		}
		c = c.withMark(m.Code, again)
	}
	return c, took
}

// overturn ends a side state that should not have been, and gives back the marks it took.
func (t Track) overturn(c Case, code string) Case {
	for milestone, mark := range c.Sides[code].Took {
		if !c.Marks[milestone].Passed() {
			c = c.withMark(milestone, mark)
		}
	}
	return t.end(c, code)
}

// end ends a side state; what was asked for during it is asked for no more.
func (t Track) end(c Case, code string) Case {
	c.Sides = without(c.Sides, code)
	for _, s := range t.sides {
		if _, asked := c.Requests[s.Code]; asked && s.During == code {
			c.Requests = without(c.Requests, s.Code)
		}
	}
	return c
}

// Leave ends a side state on a day.
func (t Track) Leave(c Case, code string, on Date) (Case, error) {
	if err := t.MayLeave(c, code, on); err != nil {
		return c, err
	}
	return t.end(c, code), nil
}

// MayLeave says whether a side state could be ended on a day, else why not.
func (t Track) MayLeave(c Case, code string, on Date) error {
	s, err := t.side(code)
	if err != nil {
		return err
	}
	side, is := c.Sides[code]
	switch {
	case !is:
		return fault.New(fault.KindConflict, "not_in_side", fmt.Sprintf("该事项不在“%s”状态", s.Name.ZH), "the case is not "+s.Name.EN)
	case s.Holds && on <= side.Until:
		return fault.New(fault.KindConflict, "still_held", fmt.Sprintf("%s，%s期满后才能%s", s.Name.ZH, side.Until.Short(), s.ButtonOut.ZH), fmt.Sprintf("%s until %s", s.Name.EN, side.Until.Short()))
	case s.Evidence != nil && !s.Back(c):
		name := t.Milestones[t.Index(s.Evidence.Milestone)].slotName(s.Evidence.Slot)
		return LacksEvidence([]Text{name})
	}
	for _, other := range t.sides {
		if other.During == code && in(c, other.Code) {
			return fault.New(fault.KindConflict, "not_settled", fmt.Sprintf("该事项%s，请先%s", other.Name.ZH, other.ButtonOut.ZH), fmt.Sprintf("the case is %s; first: %s", other.Name.EN, other.ButtonOut.EN))
		}
	}
	return nil
}

// checkSides reports side states that are not sound.
func (d Definition) checkSides() error {
	for _, s := range d.Sides {
		if s.Lasts != nil {
			if err := s.Lasts.Check(); err != nil {
				return fmt.Errorf("side state %q: %w", s.Code, err)
			}
		}
		other, known := d.Side(s.During)
		if s.During != "" && (!known || other.During != "" || s.During == s.Code) {
			return fmt.Errorf("side state %q is during %q, which is none or is during another itself", s.Code, s.During)
		}
		if s.Holds && s.Lasts == nil || s.Overturns && (s.During == "" || !s.Approval) {
			return fmt.Errorf("side state %q: what holds has a term; what overturns is during another and approved", s.Code)
		}
		for _, role := range slices.Concat(s.By, s.Deciders) {
			if !KnownRole(role) {
				return fmt.Errorf("side state %q: unknown role %q", s.Code, role)
			}
		}
		if s.Evidence != nil && !slices.ContainsFunc(d.Tracks, func(t Track) bool { return t.has(s) }) {
			return fmt.Errorf("side state %q: no track has the photo slot that ends it", s.Code)
		}
	}
	return nil
}
