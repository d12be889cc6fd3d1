package ledger

import (
	"context"
	"fmt"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// changedByAnother refuses a change that replaces what somebody else changed
// since its author looked, and says who and what: the last of them.
func (w *work) changedByAnother(ctx context.Context, noun string, id, base int64) error {
	since, err := w.tx.Entries(ctx, Query{Noun: noun, NounIDs: []int64{id}, AfterVersion: base})
	if err != nil {
		return err
	}
	who, what := campaign.Text{ZH: "他人", EN: "somebody else"}, campaign.Text{ZH: "这一项", EN: "this"}
	if n := len(since); n > 0 {
		who = campaign.Text{ZH: since[n-1].ActorName, EN: since[n-1].ActorName}
		what = firstField(since[n-1], what)
	}
	return fault.New(fault.KindStale, "changed_by_another",
		fmt.Sprintf("%s刚刚修改了“%s”，请核对后再保存", who.ZH, what.ZH), fmt.Sprintf("%s just changed “%s”; please compare and save again", who.EN, what.EN))
}

// firstField is the wording of the first field of an entry that has one.
func firstField(e Recorded, otherwise campaign.Text) campaign.Text {
	for _, key := range e.Body.Keys() {
		if name, known := campaign.FieldName(key); known {
			return name
		}
	}
	return otherwise
}
