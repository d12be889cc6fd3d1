package ledger

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/fault"
)

// undoCase puts a case back as it was before the batch.
func (u *undo) undoCase(ctx context.Context, id int64) error {
	cw, err := u.caseNow(id)
	switch {
	case fault.Is(err, "case_not_found"):
		if !u.wasRemoval(id) {
			return u.gone(id, err)
		}
		cw = &caseWork{fields: Fields{}} // an undone listing is being taken back itself
	case err != nil:
		return err
	}
	before, version := u.before(id, cw.fields, "code")
	if len(u.inTheWay) > 0 {
		return nil
	}
	if !hasContent(before) {
		return u.removeCase(ctx, id, cw, version)
	}
	next, err := CaseOf(id, version, before)
	if err != nil {
		return err
	}
	track, err := u.track(next)
	if err != nil {
		return err
	}
	if illegal := track.Legal(next); illegal != nil {
		u.block(id)
		if len(u.inTheWay) == 0 {
			return illegal
		}
		return nil
	}
	if differs := next.Land() - cw.now.Land(); max(differs, -differs) > scrap && track.Locked(next) {
		if err := lockedThroughout(track, cw.now, next); err != nil {
			return err // its parcels were split or merged before it was accepted
		}
	}
	return u.record(cw, next, Entry{Kind: KindUndo, Body: u.said()})
}

func hasContent(f Fields) bool {
	for k := range f {
		if !isDerived(k) {
			return true
		}
	}
	return false
}

func (u *undo) removeCase(ctx context.Context, id int64, cw *caseWork, version int64) error {
	if l, has := u.there.Lands[id]; has && !slices.Contains(u.touched.Nouns[NounLand], l.ID) {
		return fault.New(fault.KindConflict, "case_has_land", "不能撤销：该事项已登记腾退范围，请先删除", "cannot take it back: land is recorded for the case; please remove it first")
	}
	if err := u.withoutSheets(ctx, NounCase, id); err != nil {
		return err
	}
	for _, p := range u.there.Photos[id] {
		if !slices.Contains(u.touched.Nouns[NounPhoto], p.ID) {
			return fault.New(fault.KindConflict, "case_has_photos", "不能撤销：该事项已有照片，请先删除", "cannot take it back: the case has photos; please remove them first")
		}
	}
	u.removed[id] = true
	delete(u.cases, id)
	body := u.said()
	body.Before = cw.fields
	u.entries = append(u.entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: NounCase, NounID: id, Version: version + 1, Body: body})
	return nil
}
