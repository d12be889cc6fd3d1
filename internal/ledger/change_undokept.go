package ledger

import (
	"context"

	"github.com/guatu/guatu/internal/fault"
)

// allKept takes back what contradicted and waits to be compared (撤回我的): what
// stands stays, and nobody needs to choose any more. What somebody has compared stays as they decided.
func (u *undo) allKept(context.Context) error {
	for _, id := range u.touched.Nouns[NounQuarantine] {
		k, there := u.there.Conflicts[id]
		if !there || k.Resolution != "" {
			return fault.New(fault.KindConflict, "already_resolved", "这条内容已核对过", "this conflict was resolved already")
		}
		before, err := KeptFields(k)
		if err != nil {
			return err
		}
		k.Resolution = ChooseStanding
		k.Version++
		after, err := KeptFields(k)
		if err != nil {
			return err
		}
		body, said := diff(before, after), u.said()
		body.Undoes, body.Note = said.Undoes, said.Note
		u.writes.Conflicts = append(u.writes.Conflicts, k)
		u.entries = append(u.entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: NounQuarantine, NounID: id, Version: k.Version, Body: body})
	}
	return nil
}
