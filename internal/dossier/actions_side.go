package dossier

import (
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// side offers what may be done about one side state: its button out when it is
// in force, the decision when it was asked for, else its button in.
func (f *file) side(s campaign.SideState) []Action {
	if _, in := f.c.Sides[s.Code]; in {
		leave := Action{Kind: ledger.KindCaseLeave, Side: s.Code, Button: s.ButtonOut, Needs: []Need{NeedNote}}
		return []Action{leave.unless(f.track.MayLeave(f.c, s.Code, f.today))}
	}
	if _, asked := f.c.Requests[s.Code]; asked {
		return f.decisions(s)
	}
	if _, is := f.c.Sides[s.During]; s.During != "" && !is {
		return nil // it has a meaning only then
	}
	a := Action{Kind: ledger.KindCaseAsk, Side: s.Code, Button: s.ButtonIn, Approval: s.Approval, Reasons: s.Reasons, Needs: []Need{NeedReason}}
	if s.Extends {
		a.Needs = append(a.Needs, NeedMilestone, NeedUntil)
		a.Milestones = f.extendable()
	}
	if a.Until = f.track.LastDay(s, f.today); a.Until != "" && !s.Extends {
		a.Needs = append(a.Needs, NeedUntil)
	}
	a = a.unless(f.track.MayAsk(f.c, s.Code))
	if s.Extends && len(a.Milestones) == 0 && a.Refusal == nil {
		a.Refusal = fault.New(fault.KindConflict, "no_plan", "没有可延期的节点：未完成的节点都没有计划日期", "nothing can be extended: no open milestone has a plan")
	}
	return []Action{a}
}

// extendable are the open milestones that have a plan to move.
func (f *file) extendable() []string {
	var codes []string
	for _, m := range f.track.Milestones {
		if mark := f.c.Marks[m.Code]; !mark.Passed() && mark.PlanOn != "" {
			codes = append(codes, m.Code)
		}
	}
	return codes
}

// decisions are 通过 and 退回 of what was asked for, refused to the person who asked.
func (f *file) decisions(s campaign.SideState) []Action {
	refusal := f.track.MayDecide(f.c, s.Code, f.actor)
	decision := func(approve bool, zh, en string) Action {
		a := Action{
			Kind: ledger.KindCaseDecide, Side: s.Code, Approve: &approve, Needs: []Need{NeedNote},
			Button: campaign.Text{ZH: zh + "“" + s.ButtonIn.ZH + "”", EN: en + ": " + s.Name.EN},
		}
		return a.unless(refusal)
	}
	return []Action{decision(true, "通过", "approve"), decision(false, "退回", "return")}
}
