package campaign

import (
	"fmt"
	"maps"
	"strings"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/fault"
)

// SideState is a state beside the main order (暂缓, 争议, 强制执法, 验收退回, 反弹重开, 剔除, 卡点, 延期).
type SideState struct {
	Code      string `json:"code"`
	Badge     string `json:"badge"` // one character
	Name      Text   `json:"name"`
	ButtonIn  Text   `json:"button_in"`
	ButtonOut Text   `json:"button_out,omitzero"`
	// Approval says that it is asked for and approved by another person.
	Approval bool `json:"approval,omitempty"`
	// Stops says that no milestone can be marked while it is in force.
	Stops bool `json:"stops,omitempty"`
	// Pauses says that the case is not late while it is in force.
	Pauses bool `json:"pauses,omitempty"`
	// Excludes says that the case is out of every figure while it is in force.
	Excludes bool `json:"excludes,omitempty"`
	// Uncounts says that what the case completed does not count while it is in force (反弹).
	Uncounts bool `json:"uncounts,omitempty"`
	// After names a milestone that must be done before.
	After string `json:"after,omitempty"`
	// Returns says that it takes back the milestones marked so (退回整改).
	Returns bool `json:"returns,omitempty"`
	// Extends says that approving it moves a plan and leaves no state behind (延期).
	Extends bool `json:"extends,omitempty"`
	// Unlocks says that land that stands since its acceptance may be measured again while it is in force (解锁).
	Unlocks bool `json:"unlocks,omitempty"`
	// Reasons are the usual ones, to choose from; where there is one alone it need not be said.
	Reasons []Choice `json:"reasons,omitempty"`

	// By are the roles that put a case in and take it out, Deciders those that decide what was asked for; empty: whoever may at all.
	By       []string `json:"by,omitempty"`
	Deciders []string `json:"deciders,omitempty"`
	// Lasts is how long it is meant to last, unless another last day is said (公示期，整改期限).
	Lasts *Term `json:"lasts,omitempty"`
	// Holds says that it cannot be left before its last day is over.
	Holds bool `json:"holds,omitempty"`
	// During names the side state that must be in force, and cannot end while this one is (公示异议).
	During string `json:"during,omitempty"`
	// Overturns says that approving it ends the one it is during and gives back what that took; nothing of it remains (申请复核).
	Overturns bool `json:"overturns,omitempty"`
	// Evidence is the photo whose arrival ends it (待盖章：验收表盖章件).
	Evidence *EvidenceSlot `json:"evidence,omitempty"`
}

// Side is a side state in force.
type Side struct {
	Since    Date   `json:"since"`
	Reason   string `json:"reason"`
	Code     string `json:"code,omitempty"`     // of the usual reason, where it is one; older entries have none
	By       string `json:"by"`                 // who asked for it
	Approved string `json:"approved,omitempty"` // who approved it
	Until    Date   `json:"until,omitempty"`    // its last day, where it has one
	Owner    string `json:"owner,omitempty"`    // the person or department that is to end it (卡点责任人)

	// Took are the marks that it took back (退回整改), by milestone.
	Took map[string]Mark `json:"took,omitempty"`
}

// Request is a side state that was asked for and not decided.
type Request struct {
	On        Date   `json:"on"`
	Reason    string `json:"reason"`
	Code      string `json:"code,omitempty"` // of the usual reason, where it is one; older entries have none
	By        string `json:"by"`
	Milestone string `json:"milestone,omitempty"` // whose plan is to move (延期)
	Until     Date   `json:"until,omitempty"`     // the day it is to move to, or the last day of the side state
}

func findSide(sides []SideState, code string) (SideState, bool) {
	for _, s := range sides {
		if s.Code == code {
			return s, true
		}
	}
	return SideState{}, false
}

func (t Track) side(code string) (SideState, error) {
	s, ok := findSide(t.sides, code)
	if !ok {
		return s, fault.New(fault.KindInvalid, "unknown_side", fmt.Sprintf("没有“%s”这种状态", code), fmt.Sprintf("there is no side state %q", code))
	}
	return s, nil
}

// known is a side state whose code was checked before.
func (t Track) known(code string) SideState {
	s, _ := findSide(t.sides, code)
	return s
}

// stopped refuses marks on a case that a side state stops.
func (t Track) stopped(c Case) error {
	for _, s := range t.sides {
		if _, in := c.Sides[s.Code]; in && s.Stops {
			return fault.New(fault.KindConflict, "stopped",
				fmt.Sprintf("该事项%s，请先%s", s.Name.ZH, s.ButtonOut.ZH), fmt.Sprintf("the case is %s; first: %s", s.Name.EN, s.ButtonOut.EN))
		}
	}
	return nil
}

// Ask asks for a side state with a reason, or puts the case into one that needs
// no approval. The reason is a usual one of the side state, by its code or its
// words, a text of one's own, or both.
func (t Track) Ask(c Case, code string, r Request) (Case, error) {
	s, err := t.side(code)
	if err != nil {
		return c, err
	}
	if r, err = s.because(r); err != nil {
		return c, err
	}
	if err := t.MayAsk(c, code); err != nil {
		return c, err
	}
	if r.Until, err = t.lasts(s, r); err != nil {
		return c, err
	}
	if !s.Approval {
		return t.enter(c, s, Side{Since: r.On, Reason: r.Reason, Code: r.Code, By: r.By, Until: r.Until}), nil
	}
	if s.Extends {
		if err := t.mayExtend(c, r); err != nil {
			return c, err
		}
	}
	c.Requests = with(c.Requests, code, r)
	return c, nil
}

// because gives the request its reason in words and, where it is a usual one, its code.
func (s SideState) because(r Request) (Request, error) {
	r.Reason = strings.TrimSpace(r.Reason)
	if r.Reason == "" && r.Code == "" && len(s.Reasons) == 1 {
		r.Code = s.Reasons[0].Code
	}
	if r.Code == "" {
		r.Code = s.usual(r.Reason)
	} else if choice, ok := findChoice(s.Reasons, r.Code); !ok {
		return r, fault.New(fault.KindInvalid, "unknown_reason", fmt.Sprintf("“%s”没有“%s”这个原因", s.Name.ZH, r.Code), fmt.Sprintf("%s has no reason %q", s.Name.EN, r.Code))
	} else if r.Reason == "" {
		r.Reason = choice.Name.ZH
	} else if s.usual(r.Reason) != r.Code {
		r.Reason = choice.Name.ZH + "：" + r.Reason
	}
	if r.Reason == "" {
		return r, fault.New(fault.KindInvalid, "reason_missing", "请填写原因", "please give the reason")
	}
	return r, nil
}

// usual is the code of the usual reason that a text names or begins with (补偿未谈拢：差价三万元); "" where it does neither.
func (s SideState) usual(reason string) string {
	for _, c := range s.Reasons {
		rest, begins := strings.CutPrefix(reason, c.Name.ZH)
		first, _ := utf8.DecodeRuneInString(rest)
		if begins && (rest == "" || strings.ContainsRune("：:，,；;。", first)) || strings.EqualFold(reason, c.Name.EN) {
			return c.Code
		}
	}
	return ""
}

func findChoice(list []Choice, code string) (Choice, bool) {
	for _, c := range list {
		if c.Code == code {
			return c, true
		}
	}
	return Choice{}, false
}

// Sides are the side states that cases of the track may come into, in the order of the campaign.
func (t Track) Sides() []SideState {
	var list []SideState
	for _, s := range t.sides {
		if t.has(s) {
			list = append(list, s)
		}
	}
	return list
}

// MayAsk says whether the side state could be asked for, the reason apart; else why not.
func (t Track) MayAsk(c Case, code string) error {
	s, err := t.side(code)
	if err != nil {
		return err
	}
	if _, in := c.Sides[code]; in {
		return fault.New(fault.KindConflict, "already_in_side", "该事项已"+s.Name.ZH, "the case is "+s.Name.EN+" already")
	}
	if _, asked := c.Requests[code]; asked {
		return fault.New(fault.KindConflict, "already_asked", fmt.Sprintf("已提出%s，待审批", s.ButtonIn.ZH), "asked already: "+s.ButtonIn.EN)
	}
	switch {
	case s.After != "" && c.Marks[s.After].DoneOn == "":
		return t.tooEarly(s)
	case s.Unlocks && !t.Locked(c):
		return fault.New(fault.KindConflict, "not_locked", "该事项的数据没有锁定，不需要解锁", "the case's data are not locked")
	case s.During != "" && !in(c, s.During):
		return t.notDuring(s)
	case s.Evidence != nil:
		return t.mayAwait(c, s)
	case (s.Pauses || s.Extends || s.Holds) && t.Standing(c).Next == "":
		return fault.New(fault.KindConflict, "nothing_open", fmt.Sprintf("不能%s：该事项已全部办结", s.ButtonIn.ZH), fmt.Sprintf("cannot %s: every milestone is done", s.ButtonIn.EN))
	case s.Returns && t.Legal(t.enter(c, s, Side{})) != nil:
		return fault.New(fault.KindConflict, "too_late_to_return",
			fmt.Sprintf("不能%s：该事项%s", s.ButtonIn.ZH, t.Reached(c).State.ZH), fmt.Sprintf("cannot %s: the case is %s", s.ButtonIn.EN, t.Reached(c).State.EN))
	}
	return nil
}

func (t Track) tooEarly(s SideState) error {
	missing := Text{ZH: "这条线没有这个节点", EN: "the track has no such milestone"}
	if i := t.Index(s.After); i >= 0 {
		missing = t.Milestones[i].Missing
	}
	return fault.New(fault.KindConflict, "prerequisite_missing", fmt.Sprintf("还不能%s：%s", s.ButtonIn.ZH, missing.ZH), fmt.Sprintf("cannot %s: %s", s.ButtonIn.EN, missing.EN))
}

func (t Track) mayExtend(c Case, r Request) error {
	if t.Index(r.Milestone) < 0 {
		return unknownMilestone(r.Milestone)
	}
	mark := c.Marks[r.Milestone]
	if _, err := ParseDate(string(r.Until)); err != nil || r.Until <= mark.PlanOn || mark.Passed() {
		return fault.New(fault.KindInvalid, "no_extension", "延期后的日期应晚于现在的计划日期，且该节点尚未完成", "an extension moves an open milestone to a later day").Because(err)
	}
	return nil
}

// enter puts the case into a side state. 退回整改 takes back the milestones that
// return and plans them for its last day; 反弹 is counted for ever.
func (t Track) enter(c Case, s SideState, side Side) Case {
	if s.Returns {
		c, side.Took = t.takeBack(c, side.Until)
	}
	if s.Uncounts {
		c.Rebounds++
	}
	c.Sides = with(c.Sides, s.Code, side)
	return c
}

// Beside is the case in a side state that nobody has to ask for.
func (c Case) Beside(code string, side Side) Case {
	c.Sides = with(c.Sides, code, side)
	return c
}

// Decide approves or rejects what was asked for, by another person than asked.
func (t Track) Decide(c Case, code string, approve bool, by string, on Date) (Case, error) {
	if err := t.MayDecide(c, code, by); err != nil {
		return c, err
	}
	s, r := t.known(code), c.Requests[code]
	c.Requests = without(c.Requests, code)
	switch {
	case !approve:
		return c, nil
	case s.Extends:
		if err := t.mayExtend(c, r); err != nil {
			return c, err
		}
		return t.Plan(c, r.Milestone, r.Until)
	case s.Overturns:
		return t.overturn(c, s.During), nil
	}
	return t.enter(c, s, Side{Since: on, Reason: r.Reason, Code: r.Code, By: r.By, Approved: by, Until: r.Until}), nil
}

// MayDecide says whether the person could decide what was asked for, else why not.
func (t Track) MayDecide(c Case, code, by string) error {
	s, err := t.side(code)
	if err != nil {
		return err
	}
	r, asked := c.Requests[code]
	if !asked {
		return fault.New(fault.KindConflict, "not_asked", "没有待审批的"+s.ButtonIn.ZH, "nothing was asked for: "+s.ButtonIn.EN)
	}
	if r.By == by {
		return fault.New(fault.KindConflict, "own_request", "审批人不能是申请人", "a request cannot be approved by the person who made it")
	}
	return nil
}

// Late is how many days the case is late on a day: 0 when it is not, or when a side state pauses it.
func (d Definition) Late(st Standing, sides []string, today Date) int {
	for _, code := range sides {
		if s, ok := d.Side(code); ok && (s.Pauses || s.Excludes) {
			return 0
		}
	}
	if st.Next == "" || st.Deadline == "" {
		return 0
	}
	return max(0, st.Deadline.DaysUntil(today))
}

// with is a copy of the map with one more value; the argument stays as it was.
func with[V any](m map[string]V, key string, value V) map[string]V {
	m = maps.Clone(m)
	if m == nil {
		m = map[string]V{}
	}
	m[key] = value
	return m
}

func without[V any](m map[string]V, key string) map[string]V {
	m = maps.Clone(m)
	delete(m, key)
	return m
}
