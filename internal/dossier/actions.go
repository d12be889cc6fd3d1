package dossier

import (
	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Action is something that can be asked for now. With a Refusal it is shown off, with the sentence beside it.
type Action struct {
	Kind      string
	Milestone string
	Batch     uuid.UUID
	Button    campaign.Text
	Main      bool
	Refusal   *fault.Error
}

// actions offers the next milestone first, then the later ones with why not, then not-applicable and undo.
func actions(track campaign.Track, c campaign.Case, events []Event) []Action {
	var list []Action
	next := track.Standing(c).Next
	for _, m := range track.Milestones {
		if c.Marks[m.Code].Passed() {
			continue
		}
		a := Action{Kind: ledger.KindCaseMilestone, Milestone: m.Code, Button: m.Button, Main: m.Code == next}
		if err := track.MayMark(c, m.Code); err != nil {
			a.Refusal, _ = fault.As(err)
		}
		list = append(list, a)
		if m.Code == next && m.MayBeNotApplicable {
			list = append(list, Action{Kind: ledger.KindCaseNotApplicable, Milestone: m.Code, Button: campaign.Text{ZH: "不适用", EN: "not applicable"}})
		}
	}
	for _, e := range events {
		if !e.Undone && e.Kind != ledger.KindUndo {
			return append(list, Action{Kind: ledger.KindUndo, Batch: e.BatchID, Button: campaign.Text{
				ZH: "撤销“" + e.Text.ZH + "”", EN: "take back “" + e.Text.EN + "”",
			}})
		}
	}
	return list
}

// ListingActions is what can be done on a parcel: put it on the list.
func ListingActions() []Action {
	return []Action{{Kind: ledger.KindCaseList, Button: campaign.Text{ZH: "列入清单", EN: "list"}, Main: true}}
}
