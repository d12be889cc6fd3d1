package httpapi

import (
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

func toActions(actions []dossier.Action) []gen.Action {
	list := make([]gen.Action, len(actions))
	for i, a := range actions {
		list[i] = gen.Action{
			Kind: gen.ActionKind(a.Kind), Milestone: optional(a.Milestone), Side: optional(a.Side), Template: optional(a.Template), Approve: a.Approve, Until: toDatePtr(a.Until),
			Button: toText(a.Button), Main: a.Main, Reasons: toChoices(a.Reasons), Refusal: toRefusal(a.Refusal),
		}
		if a.Approval {
			list[i].Approval = &a.Approval
		}
		if len(a.Milestones) > 0 {
			list[i].Milestones = &a.Milestones
		}
		if len(a.Needs) > 0 {
			needs := make([]gen.ActionNeeds, len(a.Needs))
			for j, n := range a.Needs {
				needs[j] = gen.ActionNeeds(n)
			}
			list[i].Needs = &needs
		}
		if a.Kind == ledger.KindUndo {
			list[i].BatchId = &actions[i].Batch
		}
	}
	return list
}
