package dossier

import (
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// reorderings offer what is done with the case as a whole: handing it over, splitting it, joining it with its duplicates.
func (f *file) reorderings() []Action {
	reason := []Need{NeedReason}
	move := Action{Kind: ledger.KindCaseMove, Button: campaign.Text{ZH: "移交责任主体", EN: "hand over to another unit"}, Needs: reason}
	split := Action{Kind: ledger.KindCaseSplit, Button: campaign.Text{ZH: "分户", EN: "split into two cases"}, Needs: reason}
	merge := Action{Kind: ledger.KindCaseMerge, Button: campaign.Text{ZH: "合并重复事项", EN: "merge duplicates"}, Needs: reason}
	return []Action{move, split.unless(f.track.MayMeasure(f.c)), merge}
}
