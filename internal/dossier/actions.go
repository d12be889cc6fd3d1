package dossier

import (
	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Need is something the user must, or may, say before an action is sent.
type Need string

// What actions ask for.
const (
	NeedReason    Need = "reason"    // must be given
	NeedNote      Need = "note"      // may be given
	NeedUntil     Need = "until"     // the day to move to
	NeedMilestone Need = "milestone" // one of Milestones
	NeedLand      Need = "land"      // recovered and effective land
	NeedFloor     Need = "floor"     // floor area of a park
	NeedPlans     Need = "plans"     // days of Milestones
	NeedFields    Need = "fields"    // label, person responsible, disposal, …
)

// Action is something that can be asked for now. With a Refusal it is shown off, with the sentence beside it.
type Action struct {
	Kind       string
	Milestone  string
	Side       string
	Template   string
	Approve    *bool // of a decision: 通过 or 退回
	Batch      uuid.UUID
	Button     campaign.Text
	Main       bool
	Approval   bool // another person decides
	Needs      []Need
	Reasons    []campaign.Choice // usual ones, to choose from
	Milestones []string          // to choose from, or those a template would mark
	Until      campaign.Date     // the last day of a side state that has a term, where no other is said
	Refusal    *fault.Error

	author string // of the batch to be taken back
}

// file is a case as an actor looks at it.
type file struct {
	definition campaign.Definition
	track      campaign.Track
	c          campaign.Case
	actor      string // code of who looks
	today      campaign.Date
}

// actions offers what the actor may do now: the milestones, the next one first,
// side states in the order of the campaign, templates, land, plans, fields, undo.
// What is refused carries the sentence.
func actions(f *file, events []Event) []Action {
	list := f.milestones()
	for _, s := range f.track.Sides() {
		list = append(list, f.side(s)...)
	}
	list = append(list, f.applicable()...)
	list = append(list, f.templates()...)
	list = append(list, f.land()...)
	list = append(list, f.amendments()...)
	list = append(list, f.reorderings()...)
	return append(list, undoOf(events)...)
}

// milestones offers the next milestone and whether it may be skipped, then the later ones with why not yet.
func (f *file) milestones() []Action {
	var list []Action
	next := f.track.Standing(f.c).Next
	for _, m := range f.track.Milestones {
		if f.c.Marks[m.Code].Passed() {
			continue
		}
		a := Action{Kind: ledger.KindCaseMilestone, Milestone: m.Code, Button: m.Button, Main: m.Code == next}
		list = append(list, a.unless(f.track.MayMark(f.c, m.Code, f.actor)))
		if m.Code == next && m.MayBeNotApplicable {
			skip := Action{Kind: ledger.KindCaseNotApplicable, Milestone: m.Code, Button: campaign.Text{ZH: "不适用", EN: "not applicable"}, Needs: []Need{NeedReason}}
			list = append(list, skip.unless(f.track.MayMark(f.c, m.Code, "")))
		}
	}
	return list
}

// unless is the action with the refusal, if there is one.
func (a Action) unless(err error) Action {
	if err != nil {
		a.Refusal, _ = fault.As(err)
	}
	return a
}

// applicable offers to take “not applicable” back where nothing was marked upon it.
func (f *file) applicable() []Action {
	var list []Action
	for _, m := range f.track.Milestones {
		if _, err := f.track.MarkApplicable(f.c, m.Code); err != nil {
			continue
		}
		list = append(list, Action{
			Kind: ledger.KindCaseApplicable, Milestone: m.Code, Needs: []Need{NeedNote}, Button: campaign.Text{ZH: "取消不适用", EN: "applicable again"},
		})
	}
	return list
}

// templates offers what marks several milestones not applicable at once.
func (f *file) templates() []Action {
	var list []Action
	for _, t := range f.definition.TemplatesOf(f.track) {
		codes, err := f.definition.Skips(f.track, f.c, t.Code)
		a := Action{
			Kind: ledger.KindCaseTemplate, Template: t.Code, Milestones: codes, Needs: []Need{NeedNote},
			Button: campaign.Text{ZH: "不适用（" + t.Name.ZH + "）", EN: "not applicable (" + t.Name.EN + ")"},
		}
		list = append(list, a.unless(err))
	}
	return list
}

// land offers to enter land as accepted, for a case on parcels or of a track whose acceptance asks for it, or the floor area of a park.
func (f *file) land() []Action {
	var needs []Need
	if len(f.c.Shares) > 0 || f.track.MeasuresLand() {
		needs = append(needs, NeedLand)
	}
	if f.definition.CountsFloor(f.track.Code) {
		needs = append(needs, NeedFloor)
	}
	if len(needs) == 0 {
		return nil
	}
	a := Action{Kind: ledger.KindCaseMeasure, Button: campaign.Text{ZH: "认定面积", EN: "enter accepted areas"}, Needs: append(needs, NeedNote)}
	return []Action{a.unless(f.track.MayMeasure(f.c))}
}

// amendments offers to plan what is open, and to change fields.
func (f *file) amendments() []Action {
	plan := Action{Kind: ledger.KindCaseAmend, Button: campaign.Text{ZH: "调整计划", EN: "change the plan"}, Needs: []Need{NeedPlans}}
	for _, m := range f.track.Milestones {
		if !f.c.Marks[m.Code].Passed() {
			plan.Milestones = append(plan.Milestones, m.Code)
		}
	}
	fields := Action{Kind: ledger.KindCaseAmend, Button: campaign.Text{ZH: "修改资料", EN: "change the record"}, Needs: []Need{NeedFields}}
	if len(plan.Milestones) == 0 {
		return []Action{fields}
	}
	return []Action{plan, fields}
}

// undoOf offers to take back the newest batch that stands.
func undoOf(events []Event) []Action {
	for _, e := range events {
		if e.Undone || e.Kind == ledger.KindUndo {
			continue
		}
		return []Action{{Kind: ledger.KindUndo, Batch: e.BatchID, author: e.Actor, Needs: []Need{NeedReason}, Button: campaign.Text{
			ZH: "撤销“" + e.Text.ZH + "”", EN: "take back “" + e.Text.EN + "”",
		}}}
	}
	return nil
}
