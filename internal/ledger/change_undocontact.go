package ledger

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/fault"
)

// allContacts gives contacts back that a merge of enterprises handed on. What is sealed of a person is never taken back.
func (u *undo) allContacts(ctx context.Context) error {
	ids := u.touched.Nouns[NounContact]
	if len(ids) == 0 {
		return nil
	}
	if err := u.load(ctx, NounContact, ids); err != nil {
		return err
	}
	there := u.contactsByID()
	for _, id := range ids {
		now, exists := there[id]
		if !exists || slices.ContainsFunc(u.batch[id], putOrErased) {
			return fault.New(fault.KindConflict, "not_undoable", "这类改动不能撤销", "changes of this kind cannot be taken back")
		}
		if err := u.undoContact(now); err != nil {
			return err
		}
	}
	return u.blocked()
}

func (u *undo) contactsByID() map[int64]Contact {
	there := map[int64]Contact{}
	for _, c := range u.there.Contacts {
		there[c.ID] = c
	}
	return there
}

// putOrErased says whether an entry changed more than whose the contact is.
func putOrErased(e Recorded) bool {
	return slices.ContainsFunc(e.Body.Keys(), func(key string) bool { return key != "enterprise" })
}

func (u *undo) undoContact(now Contact) error {
	fields, err := ContactFields(now)
	if err != nil {
		return err
	}
	before, _ := u.before(now.ID, fields, "subject")
	if len(u.inTheWay) > 0 {
		return nil
	}
	var enterprise int64
	r := &reader{fields: before}
	r.get("enterprise", &enterprise)
	if r.err != nil {
		return r.err
	}
	return u.handContact(now, enterprise, Entry{Kind: KindUndo, Body: u.said()})
}
