package campaign

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Done is what is said of a milestone when it is marked.
type Done struct {
	On     Date
	Actor  string
	Note   string
	Checks []string // codes of the boxes ticked
}

// MarkDone marks a milestone done on a day. Every earlier milestone of the main
// order must be done or not applicable, and no side state may stop the case;
// the day is neither after today nor before the day of an earlier milestone;
// the boxes it asks for are ticked, by another person than the campaign forbids,
// and the accepted areas it asks for are there.
// Later milestones with a time limit from this one are planned by it.
func (t Track) MarkDone(c Case, code string, said Done, today Date) (Case, error) {
	i := t.Index(code)
	if i < 0 {
		return c, unknownMilestone(code)
	}
	m := t.Milestones[i]
	if err := t.mayMark(c, i); err != nil {
		return c, err
	}
	if err := t.mayBeOn(c, i, said.On, today); err != nil {
		return c, err
	}
	if err := m.mayBeBy(c, t, said.Actor); err != nil {
		return c, err
	}
	ticked, err := m.ticked(said.Checks)
	if err != nil {
		return c, err
	}
	if err := t.measured(c, m); err != nil {
		return c, err
	}
	mark := c.Marks[code]
	mark.DoneOn, mark.Note, mark.Actor, mark.Checks = said.On, said.Note, said.Actor, ticked
	return t.limit(c.withMark(code, mark), code, said.On), nil
}

func (t Track) mayBeOn(c Case, i int, on, today Date) error {
	if on > today {
		return fault.New(fault.KindConflict, "later_than_today", "完成日期不能晚于今天", "the day of completion cannot be after today")
	}
	m := t.Milestones[i]
	for _, earlier := range slices.Backward(t.Milestones[:i]) { // the nearest step is named
		if before := c.Marks[earlier.Code].DoneOn; before > on {
			return fault.New(fault.KindConflict, "before_the_step_before",
				fmt.Sprintf("%s日期（%s）早于%s日期（%s）", m.Name.ZH, on.Short(), earlier.Name.ZH, before.Short()),
				fmt.Sprintf("the day of %s (%s) is before the day of %s (%s)", m.Name.EN, on.Short(), earlier.Name.EN, before.Short()))
		}
	}
	return nil
}

// mayBeBy refuses the person who marked what this milestone checks.
func (m Milestone) mayBeBy(c Case, t Track, actor string) error {
	for _, code := range m.OtherThan {
		if c.Marks[code].Actor == actor && actor != "" {
			other := t.Milestones[t.Index(code)]
			return fault.New(fault.KindConflict, "same_person",
				fmt.Sprintf("%s人不能是标记%s的人", m.inspector(), other.Name.ZH), fmt.Sprintf("%s cannot be done by the person who marked %s", m.Name.EN, other.Name.EN))
		}
	}
	return nil
}

// inspector is the milestone's name as it is said of a person: 验收 of 区验收.
func (m Milestone) inspector() string {
	for _, word := range []string{"验收", "初验"} {
		if strings.HasSuffix(m.Name.ZH, word) {
			return word
		}
	}
	return m.Name.ZH
}

// ticked checks that every box that has to be is ticked, and gives the codes of all that are in the campaign's order.
func (m Milestone) ticked(codes []string) (string, error) {
	var have, missing []string
	var missingEN []string
	for _, box := range m.Checks {
		if slices.Contains(codes, box.Code) {
			have = append(have, box.Code)
			continue
		}
		missing, missingEN = append(missing, box.Name.ZH), append(missingEN, box.Name.EN)
	}
	if len(missing) > 0 {
		return "", fault.New(fault.KindConflict, "evidence_missing",
			fmt.Sprintf("还缺 %d 项材料：%s", len(missing), strings.Join(missing, "、")), fmt.Sprintf("%d items are missing: %s", len(missing), strings.Join(missingEN, ", ")))
	}
	for _, box := range m.Observe {
		if slices.Contains(codes, box.Code) {
			have = append(have, box.Code)
		}
	}
	for _, code := range codes {
		if !slices.Contains(have, code) {
			return "", fault.New(fault.KindInvalid, "unknown_check", fmt.Sprintf("“%s”没有“%s”这一项", m.Name.ZH, code), fmt.Sprintf("%s has no item %q", m.Name.EN, code))
		}
	}
	return strings.Join(have, ","), nil
}

// limit plans the milestones whose time limit begins with this one.
func (t Track) limit(c Case, from string, on Date) Case {
	for _, m := range t.Milestones {
		mark := c.Marks[m.Code]
		if m.Within == nil || m.Within.From != from || mark.PlanOn != "" || mark.Passed() {
			continue
		}
		mark.PlanOn = m.Within.Due(on, t.calendar)
		mark.PlanOriginal = mark.PlanOn
		c = c.withMark(m.Code, mark)
	}
	return c
}

// MarkNotApplicable marks a milestone as not applicable (不适用) with the reason.
// The same order holds as for marking it done.
func (t Track) MarkNotApplicable(c Case, code, reason, actor string) (Case, error) {
	i := t.Index(code)
	if i < 0 {
		return c, unknownMilestone(code)
	}
	m := t.Milestones[i]
	if !m.MayBeNotApplicable {
		return c, fault.New(fault.KindConflict, "not_applicable_forbidden",
			fmt.Sprintf("“%s”不能标记为不适用", m.Name.ZH), m.Name.EN+" cannot be marked not applicable")
	}
	if reason == "" {
		return c, fault.New(fault.KindInvalid, "reason_missing", "请填写原因", "please give the reason")
	}
	if err := t.mayMark(c, i); err != nil {
		return c, err
	}
	mark := c.Marks[code]
	mark.NotApplicable, mark.Reason, mark.Actor = true, reason, actor
	return c.withMark(code, mark), nil
}

func (t Track) mayMark(c Case, i int) error {
	if err := t.stopped(c); err != nil {
		return err
	}
	m := t.Milestones[i]
	mark := c.Marks[m.Code]
	if mark.DoneOn != "" {
		return fault.New(fault.KindConflict, "already_done",
			fmt.Sprintf("该事项%s（%s），不能重复标记", m.State.ZH, mark.DoneOn.Short()),
			fmt.Sprintf("already %s (%s)", m.State.EN, mark.DoneOn.Short()))
	}
	if mark.NotApplicable {
		return fault.New(fault.KindConflict, "already_not_applicable",
			fmt.Sprintf("“%s”已标记为不适用", m.Name.ZH), m.Name.EN+" is marked not applicable")
	}
	for _, earlier := range t.Milestones[:i] {
		if !c.Marks[earlier.Code].Passed() {
			return fault.New(fault.KindConflict, "prerequisite_missing",
				fmt.Sprintf("还不能%s：%s", m.act().ZH, earlier.Missing.ZH),
				fmt.Sprintf("cannot %s: %s", m.act().EN, earlier.Missing.EN))
		}
	}
	return t.evidenced(c, m)
}

// act is what is done by marking it: 标记已腾空, 验收.
func (m Milestone) act() Text {
	if m.Act == (Text{}) {
		return m.Button
	}
	return m.Act
}

// Plan sets the day a milestone is planned for; the first plan is frozen as the original.
func (t Track) Plan(c Case, code string, on Date) (Case, error) {
	if t.Index(code) < 0 {
		return c, unknownMilestone(code)
	}
	mark := c.Marks[code]
	mark.PlanOn = on
	if mark.PlanOriginal == "" {
		mark.PlanOriginal = on
	}
	return c.withMark(code, mark), nil
}

// Legal reports the first milestone that is done or not applicable although an
// earlier one is open; nil when the case obeys the main order.
func (t Track) Legal(c Case) error {
	var open *Milestone
	for i, m := range t.Milestones {
		if !c.Marks[m.Code].Passed() {
			if open == nil {
				open = &t.Milestones[i]
			}
			continue
		}
		if open != nil {
			return fault.New(fault.KindConflict, "order_broken",
				fmt.Sprintf("%s，但%s", m.State.ZH, open.Missing.ZH), fmt.Sprintf("%s, but %s", m.State.EN, open.Missing.EN))
		}
	}
	return nil
}

// MayMark says whether the person could mark the milestone done today, boxes and
// day apart; else why not. Nobody ("") is judged by the case alone.
func (t Track) MayMark(c Case, code, actor string) error {
	i := t.Index(code)
	if i < 0 {
		return unknownMilestone(code)
	}
	if err := t.mayMark(c, i); err != nil {
		return err
	}
	if err := t.Milestones[i].mayBeBy(c, t, actor); err != nil {
		return err
	}
	return t.measured(c, t.Milestones[i])
}

// MarkApplicable takes “not applicable” back from a milestone (取消不适用), as
// long as no later one was marked upon it.
func (t Track) MarkApplicable(c Case, code string) (Case, error) {
	i := t.Index(code)
	if i < 0 {
		return c, unknownMilestone(code)
	}
	m := t.Milestones[i]
	mark := c.Marks[code]
	if !mark.NotApplicable {
		return c, fault.New(fault.KindConflict, "not_not_applicable", fmt.Sprintf("“%s”没有标记为不适用", m.Name.ZH), m.Name.EN+" is not marked not applicable")
	}
	for _, later := range t.Milestones[i+1:] {
		if c.Marks[later.Code].Passed() {
			return c, fault.New(fault.KindConflict, "later_marked",
				fmt.Sprintf("“%s”之后的“%s”已办理，不能取消不适用", m.Name.ZH, later.Name.ZH), fmt.Sprintf("%s comes after %s and is marked already", later.Name.EN, m.Name.EN))
		}
	}
	return c.withMark(code, Mark{PlanOn: mark.PlanOn, PlanOriginal: mark.PlanOriginal}), nil
}

func unknownMilestone(code string) error {
	return fault.New(fault.KindInvalid, "unknown_milestone", fmt.Sprintf("没有“%s”这个节点", code), fmt.Sprintf("there is no milestone %q", code))
}
