package ledger

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
)

// judge refuses what the actor has no right to: before anything is decided, so
// that a refusal tells nothing of what the actor may not see.
func (w *work) judge(ctx context.Context, changes []Change) error {
	for _, c := range changes {
		if err := w.may(ctx, c); err != nil {
			return err
		}
	}
	if w.doubt != "" {
		if err := w.mayBeKept(changes); err != nil {
			return err
		}
	}
	return w.inArea(ctx)
}

// may is whether the actor's role has the right.
func (w *work) may(ctx context.Context, c Change) error {
	switch c := c.(type) {
	case MarkMilestone:
		if m, known := w.milestone(c); known {
			return w.actor.MayMark(m)
		}
	case AskSide:
		return w.maySide(c.Case, c.Side, c.kind())
	case DecideSide:
		return w.maySide(c.Case, c.Side, c.kind())
	case LeaveSide:
		return w.maySide(c.Case, c.Side, c.kind())
	case FillSheet:
		return w.mayFill(c.Sheet, c.kind())
	case FillSheets:
		for _, f := range c.Fills {
			if err := w.mayFill(f.Sheet, c.kind()); err != nil {
				return err
			}
		}
		return nil
	case rowSheet:
		return w.mayFill(c.Sheet, c.kind())
	case RemoveRow:
		return w.mayFill(c.found.row.Sheet, c.kind())
	case UndoBatch:
		touched, err := w.tx.Touched(ctx, c.Batch)
		if err != nil {
			return err
		}
		if touched.Last != 0 || w.actor.Unit != "" { // what somebody of a unit does not see is not theirs
			return w.actor.MayUndo(touched.Author)
		}
	}
	return w.actor.May(c.kind())
}

// mayFill is whether the actor's role fills the sheet: those it names, or whoever may fill sheets.
func (w *work) mayFill(code, kind string) error {
	_, s, err := w.sheet(code)
	if err != nil {
		return w.actor.May(kind)
	}
	return w.actor.MayFill(s, kind)
}

// maySide is whether the actor's role uses the side state: those it names, or whoever may use side states.
func (w *work) maySide(id int64, code, kind string) error {
	cw, exists := w.there.Cases[id]
	if !exists {
		return w.actor.May(kind)
	}
	track, err := w.track(cw)
	if err != nil {
		return w.actor.May(kind)
	}
	s, _ := track.SideState(code)
	return w.actor.MaySide(s, kind)
}

func (w *work) milestone(c MarkMilestone) (campaign.Milestone, bool) {
	cw, err := w.caseNow(c.Case)
	if err != nil {
		return campaign.Milestone{}, false
	}
	track, err := w.track(cw.now)
	if err != nil {
		return campaign.Milestone{}, false
	}
	i := track.Index(c.Milestone)
	if i < 0 {
		return campaign.Milestone{}, false
	}
	return track.Milestones[i], true
}

// inArea refuses what belongs to another unit, of everything that was named.
func (w *work) inArea(ctx context.Context) error {
	if w.actor.Unit == "" {
		return nil
	}
	for _, p := range w.there.Places {
		if !w.actor.Has(p.Unit, p.Village) {
			return w.otherUnit(ctx, p.Unit)
		}
	}
	return nil
}

// leavesInArea refuses to put something into another unit.
func (w *work) leavesInArea(ctx context.Context) error {
	if w.actor.Unit == "" {
		return nil
	}
	for _, c := range w.cases {
		if !w.actor.Has(c.now.Unit, c.now.Village) {
			return w.otherUnit(ctx, c.now.Unit)
		}
	}
	for _, e := range w.writes.Enterprises {
		if !w.actor.Has(e.Unit, e.Village) {
			return w.otherUnit(ctx, e.Unit)
		}
	}
	for _, s := range w.writes.Sheets {
		if s.Unit != "" && s.Unit != w.actor.Unit {
			return w.otherUnit(ctx, s.Unit)
		}
	}
	return nil
}

func (w *work) otherUnit(ctx context.Context, unit string) error {
	if unit == w.actor.Unit {
		return auth.OtherVillage()
	}
	names, err := w.tx.UnitNames(ctx)
	if err != nil {
		return err
	}
	return auth.OtherUnit(names[unit], names[w.actor.Unit])
}
