package campaign

import (
	"fmt"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Assign says who is to end a side state that is in force (卡点责任人), and by when; an empty day leaves its own.
func (t Track) Assign(c Case, code, owner string, until Date) (Case, error) {
	s, err := t.side(code)
	if err != nil {
		return c, err
	}
	side, in := c.Sides[code]
	owner = strings.TrimSpace(owner)
	switch {
	case !in:
		return c, fault.New(fault.KindConflict, "not_in_side", fmt.Sprintf("该事项不在“%s”状态", s.Name.ZH), "the case is not "+s.Name.EN)
	case owner == "":
		return c, fault.New(fault.KindInvalid, "owner_missing", "请填写责任人或责任部门", "please say which person or department it is")
	case until != "" && (s.Holds || s.Returns):
		return c, fault.New(fault.KindInvalid, "until_fixed", fmt.Sprintf("“%s”的期限不能另定", s.Name.ZH), "its last day stands: "+s.Name.EN)
	}
	if _, err := ParseDate(string(until)); until != "" && (err != nil || until < side.Since) {
		return c, fault.New(fault.KindInvalid, "until_too_early", "期限不能早于"+side.Since.Short(), "the last day cannot be before "+side.Since.Short()).Because(err)
	}
	side.Owner = owner
	if until != "" {
		side.Until = until
	}
	c.Sides = with(c.Sides, code, side)
	return c, nil
}

// Ends is the last day of a side state in force: its own, else that of its term; "" where it has no end.
func (t Track) Ends(code string, side Side) Date {
	if side.Until != "" {
		return side.Until
	}
	return t.LastDay(t.known(code), side.Since)
}
