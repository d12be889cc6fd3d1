package ledger

import (
	"bytes"
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// allLands puts the recovered land of the batch back.
func (u *undo) allLands(ctx context.Context) error {
	ids := u.touched.Nouns[NounLand]
	if len(ids) == 0 {
		return nil
	}
	if err := u.load(ctx, NounLand, ids); err != nil {
		return err
	}
	there := make(map[int64]Land, len(u.there.Lands))
	for _, l := range u.there.Lands {
		there[l.ID] = l
	}
	for _, id := range ids {
		if err := u.undoLand(ctx, id, there[id]); err != nil {
			return err
		}
	}
	return u.blocked()
}

// undoLand puts one back; old is the land as it is, without an id where it is gone.
func (u *undo) undoLand(ctx context.Context, id int64, old Land) error {
	now := Fields{}
	if old.ID != 0 {
		var err error
		if now, err = LandFields(old); err != nil {
			return err
		}
	} else if len(u.batch[id][0].Body.After) > 0 {
		return u.gone(id, fault.New(fault.KindNotFound, "no_land", "腾退范围已被删除", "the recovered land has been removed since"))
	}
	fields, version := u.before(id, now, "case")
	if len(u.inTheWay) > 0 {
		return nil
	}
	if err := u.mayRestoreLand(now, fields); err != nil {
		return err
	}
	if len(fields) == 0 {
		old.Version = version
		return u.removeLand(old, Entry{Kind: KindUndo, Body: u.said()})
	}
	after, err := LandOf(id, version+1, fields)
	if err != nil {
		return err
	}
	if other, taken := u.there.Lands[after.Case]; taken && other.ID != id {
		return fault.New(fault.KindConflict, "land_case_taken", "不能撤销：该事项已另行登记腾退范围", "cannot take it back: other land has been recorded for this case")
	}
	return u.recordLand(ctx, old, after, Entry{Kind: KindUndo, Body: u.said()})
}

// mayRestoreLand refuses to change polygons behind the acceptance that locks
// them; a batch that is taken back with the acceptance itself is free to.
func (u *undo) mayRestoreLand(now, before Fields) error {
	if bytes.Equal(now["recovered"], before["recovered"]) && bytes.Equal(now["effective"], before["effective"]) {
		return nil
	}
	fields := before
	if len(fields) == 0 {
		fields = now
	}
	l, err := LandOf(0, 0, fields)
	if err != nil {
		return err
	}
	was, listed := u.there.Cases[l.Case]
	if u.removed[l.Case] && len(before) == 0 {
		return nil // the case goes with it
	}
	if _, comes := u.cases[l.Case]; !listed && comes {
		return nil // it comes back with it
	}
	if !listed {
		return errUnknownCase(l.Case)
	}
	cw, err := u.caseNow(l.Case)
	if err != nil {
		return err
	}
	track, err := u.track(was)
	if err != nil {
		return err
	}
	return lockedThroughout(track, was, cw.now)
}

func lockedThroughout(track campaign.Track, before, after campaign.Case) error {
	if !track.Locked(before) {
		return nil
	}
	return track.MayMeasure(after)
}
