package ledger

import (
	"context"

	"github.com/guatu/guatu/internal/fault"
)

// allPhotos puts the photos of the batch back: what it attached goes, what it
// removed returns. A receipt is no act of anybody and is not taken back.
func (u *undo) allPhotos(ctx context.Context) error {
	ids := u.touched.Nouns[NounPhoto]
	if len(ids) == 0 {
		return nil
	}
	if err := u.load(ctx, NounPhoto, ids); err != nil {
		return err
	}
	for _, id := range ids {
		if err := u.undoPhoto(ctx, id); err != nil {
			return err
		}
	}
	return u.blocked()
}

func (u *undo) undoPhoto(ctx context.Context, id int64) error {
	newest := u.batch[id][0]
	if newest.Kind == KindPhotoReceive {
		return fault.New(fault.KindConflict, "not_undoable", "这类改动不能撤销", "changes of this kind cannot be taken back")
	}
	old, now, err := u.photoNow(id)
	if err != nil {
		return err
	}
	if old.ID == 0 && len(newest.Body.After) > 0 {
		return u.gone(id, errUnknownPhoto())
	}
	fields, version := u.before(id, now, "case")
	if len(u.inTheWay) > 0 {
		return nil
	}
	if !hasContent(fields) {
		if err := u.mayDrop(old); err != nil {
			return err
		}
		return u.removePhoto(old, Entry{Kind: KindUndo, Body: u.said()})
	}
	after, err := PhotoOf(id, version+1, fields)
	if err != nil {
		return err
	}
	if _, err := u.caseNow(after.Case); err != nil {
		return err
	}
	// Its file may be gone by now, or have come since.
	if after.Size, after.Arrived, err = u.tx.PhotoHeld(ctx, after.Author, after.SHA256); err != nil {
		return err
	}
	return u.recordPhoto(old, after, Entry{Kind: KindUndo, Body: u.said()})
}

// photoNow is a photo as it is, without an id where it is gone.
func (u *undo) photoNow(id int64) (Photo, Fields, error) {
	for _, list := range u.there.Photos {
		for _, p := range list {
			if p.ID == id {
				fields, err := PhotoFields(p)
				return p, fields, err
			}
		}
	}
	return Photo{}, Fields{}, nil
}

// mayDrop refuses to take evidence away behind the acceptance that locks it; a
// batch that is taken back with the acceptance itself is free to.
func (u *undo) mayDrop(p Photo) error {
	if u.removed[p.Case] {
		return nil // the case goes with it
	}
	cw, err := u.caseNow(p.Case)
	if err != nil {
		return err
	}
	track, err := u.track(cw.now)
	if err != nil {
		return err
	}
	return lockedThroughout(track, u.there.Cases[p.Case], cw.now)
}
