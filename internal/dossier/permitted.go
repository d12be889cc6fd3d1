package dossier

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// permitted puts the refusals of rights before those of the rules, as the
// ledger does: what an actor may not do is shown off with the reason.
func (d *Desk) permitted(ctx context.Context, actor auth.Actor, unit, village string, track campaign.Track, list []Action) ([]Action, error) {
	elsewhere, err := d.elsewhere(ctx, actor, unit, village)
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		err := may(actor, track, a)
		if err == nil {
			err = elsewhere
		}
		list[i] = a.unless(err)
	}
	return list, nil
}

func may(actor auth.Actor, track campaign.Track, a Action) error {
	switch a.Kind {
	case ledger.KindCaseMilestone:
		return actor.MayMark(track.Milestones[track.Index(a.Milestone)])
	case ledger.KindCaseAsk, ledger.KindCaseDecide, ledger.KindCaseLeave:
		s, _ := track.SideState(a.Side)
		return actor.MaySide(s, a.Kind)
	case ledger.KindUndo:
		return actor.MayUndo(a.author)
	}
	return actor.May(a.Kind)
}

// elsewhere is the refusal of what belongs to another unit; as a plain error it is nil where it does not.
func (d *Desk) elsewhere(ctx context.Context, actor auth.Actor, unit, village string) (refusal, err error) {
	if actor.Has(unit, village) {
		return nil, nil
	}
	if unit == actor.Unit {
		return auth.OtherVillage(), nil
	}
	running, err := d.store.Running(ctx)
	if err != nil {
		return nil, err
	}
	units, err := d.store.Units(ctx, running.ID)
	names := map[string]campaign.Text{}
	for _, u := range units {
		names[u.Code] = u.Name
	}
	return auth.OtherUnit(names[unit], names[actor.Unit]), err
}

// Listing is what can be done on a parcel of a unit: put it on the list.
func (d *Desk) Listing(ctx context.Context, scope auth.Scope, unit string) ([]Action, error) {
	list := []Action{{Kind: ledger.KindCaseList, Button: campaign.Text{ZH: "列入清单", EN: "list"}, Main: true}}
	return d.permitted(ctx, scope.Actor(), unit, "", campaign.Track{}, list)
}
