package campaign

import (
	"fmt"

	"github.com/guatu/guatu/internal/fault"
)

// MarkDone marks a milestone done on a day. Every earlier milestone of the main
// order must be done or not applicable; the day is neither after today nor
// before the day of an earlier milestone.
func (t Track) MarkDone(c Case, code string, on, today Date, actor, note string) (Case, error) {
	i := t.Index(code)
	if i < 0 {
		return c, unknownMilestone(code)
	}
	m := t.Milestones[i]
	old := c.Marks[code]
	if err := t.mayMark(c, i); err != nil {
		return c, err
	}
	if on > today {
		return c, fault.New(fault.KindConflict, "later_than_today", "完成日期不能晚于今天", "the day of completion cannot be after today")
	}
	for _, earlier := range t.Milestones[:i] {
		if before := c.Marks[earlier.Code].DoneOn; before > on {
			return c, fault.New(fault.KindConflict, "before_the_step_before",
				fmt.Sprintf("%s日期（%s）早于%s日期（%s）", m.Name.ZH, on.Short(), earlier.Name.ZH, before.Short()),
				fmt.Sprintf("the day of %s (%s) is before the day of %s (%s)", m.Name.EN, on.Short(), earlier.Name.EN, before.Short()))
		}
	}
	old.DoneOn, old.Note, old.Actor = on, note, actor
	return c.withMark(code, old), nil
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
				fmt.Sprintf("还不能%s：%s", m.Button.ZH, earlier.Missing.ZH),
				fmt.Sprintf("cannot %s: %s", m.Button.EN, earlier.Missing.EN))
		}
	}
	return nil
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

// MayMark says whether the milestone could be marked done today, else why not.
func (t Track) MayMark(c Case, code string) error {
	i := t.Index(code)
	if i < 0 {
		return unknownMilestone(code)
	}
	return t.mayMark(c, i)
}

func unknownMilestone(code string) error {
	return fault.New(fault.KindInvalid, "unknown_milestone", fmt.Sprintf("没有“%s”这个节点", code), fmt.Sprintf("there is no milestone %q", code))
}
