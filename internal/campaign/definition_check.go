package campaign

import (
	"errors"
	"fmt"
	"slices"
)

// Check reports what is wrong with the definition: missing codes, slots out of
// range or falling along the main order, unknown groups, a malformed calendar,
// targets of unknown metrics or with checkpoints out of order, crossed lights.
func (d Definition) Check() error {
	if d.Code == "" || len(d.Tracks) == 0 {
		return fmt.Errorf("campaign %q: code and at least one track are needed", d.Code)
	}
	if d.Clock.Mode != "real" && d.Clock.Mode != "offset" {
		return fmt.Errorf("campaign %q: clock mode %q is neither real nor offset", d.Code, d.Clock.Mode)
	}
	groups := make(map[string]bool, len(d.Groups))
	for _, g := range d.Groups {
		groups[g.Code] = true
	}
	for i, s := range d.Slots {
		if s.Slot != i+1 || !groups[s.Group] {
			return fmt.Errorf("campaign %q: slot %d: slots count from 1 and name a group", d.Code, s.Slot)
		}
	}
	for _, t := range d.Tracks {
		if err := t.check(len(d.Slots)); err != nil {
			return fmt.Errorf("campaign %q: track %q: %w", d.Code, t.Code, err)
		}
	}
	if d.SupervisedAfter < 0 {
		return fmt.Errorf("campaign %q: supervised after %d days", d.Code, d.SupervisedAfter)
	}
	if err := errors.Join(d.checkPlan(), d.checkLists(), d.checkTodos(), d.checkSheets(), d.checkLadder(), d.checkAppraisal(), d.Turning().check()); err != nil {
		return fmt.Errorf("campaign %q: %w", d.Code, err)
	}
	return nil
}

func (t Track) check(slots int) error {
	if len(t.Milestones) == 0 {
		return errors.New("no milestone")
	}
	seen := map[string]bool{}
	last := 1
	for i, m := range t.Milestones {
		if m.Code == "" || seen[m.Code] {
			return fmt.Errorf("milestone %d: code %q is empty or repeated", i+1, m.Code)
		}
		if m.Slot < last || m.Slot > slots {
			return fmt.Errorf("milestone %q: slot %d falls along the main order or is unknown", m.Code, m.Slot)
		}
		if err := m.check(seen); err != nil {
			return fmt.Errorf("milestone %q: %w", m.Code, err)
		}
		seen[m.Code], last = true, m.Slot
	}
	for _, code := range t.Funnel {
		if !seen[code] {
			return fmt.Errorf("funnel: unknown milestone %q", code)
		}
	}
	if t.Milestones[0].MayBeNotApplicable {
		return errors.New("the first milestone lists the case and cannot be not applicable")
	}
	return nil
}

// check reports unknown roles, references to milestones that do not come before, repeated boxes and slots, and bad time limits.
func (m Milestone) check(earlier map[string]bool) error {
	for _, role := range m.By {
		if !KnownRole(role) {
			return fmt.Errorf("by: unknown role %q", role)
		}
	}
	for _, code := range m.OtherThan {
		if !earlier[code] {
			return fmt.Errorf("other than %q, which does not come before", code)
		}
	}
	if m.Within != nil {
		if err := m.Within.Check(); err != nil {
			return err
		}
		if !earlier[m.Within.From] {
			return fmt.Errorf("a time limit from %q, which does not come before", m.Within.From)
		}
	}
	if err := m.checkPhotos(earlier); err != nil {
		return err
	}
	// A code means one box of the milestone, whether it has to be ticked or not.
	return checkChoices("check", slices.Concat(m.Checks, m.Observe))
}

// checkChoices reports empty and repeated codes and words that lack a language.
func checkChoices(what string, list []Choice) error {
	seen := make(map[string]bool, len(list))
	for _, c := range list {
		if c.Code == "" || seen[c.Code] || c.Name.ZH == "" || c.Name.EN == "" {
			return fmt.Errorf("%s %q: code is empty or repeated, or a language is missing", what, c.Code)
		}
		seen[c.Code] = true
	}
	return nil
}

// checkLists covers side states, templates, code lists and villages.
func (d Definition) checkLists() error {
	for what, list := range map[string][]Choice{"kind": d.Kinds, "disposal": d.Disposals} {
		if err := checkChoices(what, list); err != nil {
			return err
		}
	}
	if d.Coverage != nil {
		if t, ok := d.Track(d.Coverage.Track); !ok || t.Index(d.Coverage.Milestone) < 0 {
			return errors.New("coverage: unknown track or milestone")
		}
	}
	if err := d.LandRule().check(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, s := range d.Sides {
		if s.Code == "" || seen[s.Code] || s.Name.ZH == "" || s.Name.EN == "" || len([]rune(s.Badge)) != 1 {
			return fmt.Errorf("side state %q: code is empty or repeated, a language is missing, or the badge is not one character", s.Code)
		}
		if err := checkChoices("reason of "+s.Code, s.Reasons); err != nil {
			return err
		}
		seen[s.Code] = true
	}
	if err := d.checkSides(); err != nil {
		return err
	}
	for _, v := range d.Villages {
		if v.Code == "" || seen[v.Code] || v.Name.ZH == "" || v.Unit == "" {
			return fmt.Errorf("village %q: code is empty or repeated, or it lacks a name or a unit", v.Code)
		}
		seen[v.Code] = true
	}
	if err := d.checkMeasured(); err != nil {
		return err
	}
	if err := errors.Join(checkBulletins(d.Bulletins), d.Issuing.check()); err != nil {
		return err
	}
	for _, p := range d.Past {
		if _, ok := d.Metric(p.Metric); !ok {
			return fmt.Errorf("past figure of %s: unknown metric %q", p.On, p.Metric)
		}
	}
	for _, t := range d.Templates {
		for _, code := range t.Milestones {
			if m, ok := d.milestone(code); !ok || !m.MayBeNotApplicable {
				return fmt.Errorf("template %q: milestone %q is unknown or must not be skipped", t.Code, code)
			}
		}
	}
	return nil
}

// checkMeasured reports outcomes that the campaign does not know.
func (d Definition) checkMeasured() error {
	for _, t := range d.Tracks {
		for _, m := range t.Milestones {
			if m.Measured == nil || len(d.Disposals) == 0 {
				continue
			}
			for _, code := range m.Measured.Unless {
				if !slices.ContainsFunc(d.Disposals, func(c Choice) bool { return c.Code == code }) {
					return fmt.Errorf("milestone %q: measured unless %q, which is no outcome", m.Code, code)
				}
			}
		}
	}
	return nil
}
