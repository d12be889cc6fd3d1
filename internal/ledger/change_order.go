package ledger

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about orders. Those of the steps are kindOrder and campaign.OrderStep.Code.
const (
	kindOrder         = "order."
	KindOrderIssue    = kindOrder + "issue"
	KindOrderSign     = kindOrder + "sign"
	KindOrderAnswer   = kindOrder + "answer"
	KindOrderReturn   = kindOrder + "return"
	KindOrderClose    = kindOrder + "close"
	KindOrderWithdraw = kindOrder + "withdraw"
)

// IssueOrder sends an order (督办单) to a unit, about cases of it or another matter.
type IssueOrder struct {
	Unit   string        `json:"unit"`
	Matter string        `json:"matter"`
	Cases  []int64       `json:"cases,omitempty"`
	DueOn  campaign.Date `json:"due_on"`
}

func (IssueOrder) kind() string     { return KindOrderIssue }
func (c IssueOrder) content() any   { return c }
func (c IssueOrder) names(l *Locks) { l.Cases = append(l.Cases, c.Cases...) }

func (c IssueOrder) decide(ctx context.Context, w *work) error {
	_, err := c.issue(ctx, w, 0)
	return err
}

// issue makes the order, of a meeting that decided it or (0) of the office itself.
func (c IssueOrder) issue(ctx context.Context, w *work, meeting int64) (after Order, err error) {
	def, err := w.definition(w.there.Running)
	if err != nil {
		return after, err
	}
	if c.Matter = strings.TrimSpace(c.Matter); c.Matter == "" {
		return after, fault.New(fault.KindInvalid, "matter_missing", "请填写督办事项和要求", "please say what is to be seen to")
	}
	if c.DueOn < w.today() {
		return after, fault.New(fault.KindInvalid, "due_is_over", "办理期限不能早于今天", "it cannot be due on a day that is over")
	}
	if err := c.cases(w); err != nil {
		return after, err
	}
	year := w.now.In(campaign.Shanghai()).Year()
	last, known, err := w.tx.OrdersBegun(ctx, def.Code, year, c.Unit)
	if err != nil {
		return after, err
	}
	if !known {
		return after, fault.New(fault.KindInvalid, "unknown_unit", "没有“"+c.Unit+"”这个责任主体", "there is no unit "+c.Unit)
	}
	after = Order{
		Version: 1, Campaign: def.Code, Year: year, Number: last + 1, Unit: c.Unit, Matter: c.Matter, Cases: c.Cases, DueOn: c.DueOn, Stage: campaign.OrderIssued,
		Acts: map[string]Act{campaign.OrderIssued: {w.actor.ID, w.now}}, Meeting: meeting,
	}
	if after.ID, err = w.newID(ctx); err != nil {
		return after, err
	}
	return after, w.recordOrder(Order{}, after, c.kind())
}

// cases puts them in order, none twice, and refuses those of other units.
func (c *IssueOrder) cases(w *work) error {
	slices.Sort(c.Cases)
	c.Cases = slices.Compact(c.Cases)
	for _, id := range c.Cases {
		cw, err := w.caseNow(id)
		if err != nil {
			return err
		}
		if cw.now.Unit != c.Unit {
			return fault.New(fault.KindInvalid, "case_of_another", "事项“"+cw.now.Code+"”不属于该责任主体", "case "+cw.now.Code+" is not the unit's")
		}
	}
	return nil
}

// StepOrder leads an order on, or back: 签收, 反馈, 退回, 办结, 撤回.
type StepOrder struct {
	Order       int64  `json:"order"`
	BaseVersion int64  `json:"base_version"`
	Step        string `json:"step"`
	Text        string `json:"text,omitempty"`
}

func (c StepOrder) kind() string { return kindOrder + c.Step }
func (c StepOrder) content() any { return c }
func (StepOrder) names(*Locks)   {}

func (c StepOrder) decide(ctx context.Context, w *work) error {
	step, known := campaign.OrderStepOf(c.Step)
	if !known {
		return fault.New(fault.KindInvalid, "unknown_change", "没有“"+c.kind()+"”这种改动", "there is no change of kind "+c.kind())
	}
	before, err := w.tx.OrderNow(ctx, c.Order)
	text := strings.TrimSpace(c.Text)
	switch {
	case err != nil:
		return err
	case before.ID == 0: // one to another unit is not even said to be there
		return fault.New(fault.KindNotFound, "order_not_found", "没有这张督办单", "there is no such order")
	case before.Version != c.BaseVersion:
		return w.changedByAnother(ctx, NounOrder, before.ID, c.BaseVersion)
	case text == "" && step.Says.ZH != "":
		return fault.New(fault.KindInvalid, "reason_missing", "请填写"+step.Says.ZH, "please say "+step.Says.EN)
	}
	if err := step.Allow(before.Stage); err != nil {
		return err
	}
	after := before
	after.Version++
	after.Stage = step.To
	after.Acts = maps.Clone(before.Acts)
	if step.Code == "return" { // it is signed for as it was
		delete(after.Acts, campaign.OrderAnswered)
	} else {
		after.Acts[after.Stage] = Act{w.actor.ID, w.now}
	}
	switch step.Code {
	case "answer":
		after.Answer, after.Reason = text, ""
	case "return", "withdraw":
		after.Reason = text
	}
	return w.recordOrder(before, after, c.kind())
}

func (w *work) recordOrder(before, after Order, kind string) error {
	w.writes.Orders = append(w.writes.Orders, after)
	return w.recordNoun(before.ID != 0, Entry{Kind: kind, Noun: NounOrder, NounID: after.ID, Version: after.Version},
		func() (Fields, error) { return OrderFields(before) }, func() (Fields, error) { return OrderFields(after) })
}
