package dossier

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ledger"
)

// Reduced opens the file of a case of which somebody sees no more than everybody may
// know, from a view of theirs. Of what can be done it shows the next milestone, off, with the reason.
func (d *Desk) Reduced(ctx context.Context, v *chronicle.View, c *chronicle.Case) (File, error) {
	f, actor := reduced(v, c), v.Scope().Actor()
	track, _ := v.Definition.Track(c.Track)
	next := (&file{v.Definition, track, f.Case.Case, actor.ID, v.Day}).milestones()
	var err error
	f.Actions, err = d.permitted(ctx, actor, c.Unit, c.Village, track, next[:min(1, len(next))])
	return f, err
}

// reduced is the file of a case as people of other units see it, made of the
// memory of lists and maps.
func reduced(v *chronicle.View, c *chronicle.Case) File {
	then := campaign.Case{
		ID: c.ID, Version: c.Version, Track: c.Track, Code: c.Code, Label: c.Label, Unit: c.Unit, Batch: c.Batch, Village: c.Village, Kind: c.Kind,
		Disposal: c.Disposal, Recovered: c.Recovered, Effective: c.Effective, Floor: c.Floor, Rebounds: c.Rebounds, Shares: c.Shares, Marks: marksOf(c),
	}
	f := File{
		Case: Case{
			Case: then, Standing: campaign.Standing{Stage: c.Stage, Next: c.Next, Deadline: c.Deadline}, Definition: v.Definition,
			Revision: v.Revision, Neighbours: neighboursAt(v, then),
		},
		Locked: v.Locked(c), Reduced: true,
	}
	for _, s := range c.Shares {
		if p := v.Parcel(s.Parcel); p != nil {
			f.Parcels = append(f.Parcels, ParcelRef{ID: p.ID, Code: p.Code, Share: s.Area, Area: p.Area, PlaneArea: p.PlaneArea})
		}
	}
	f.Areas, f.LandIn = areasOf(&f.Case), landIn(&f.Case)
	return f
}

func marksOf(c *chronicle.Case) map[string]campaign.Mark {
	marks := map[string]campaign.Mark{}
	for code, on := range c.Plans() {
		marks[code] = campaign.Mark{PlanOn: on}
	}
	for code, on := range c.Days() {
		m := marks[code]
		m.DoneOn, m.NotApplicable = on, on == ""
		marks[code] = m
	}
	return marks
}

// ReducedParcel is a parcel as people of other units see it.
func ReducedParcel(v *chronicle.View, p *chronicle.Parcel) Parcel {
	return Parcel{
		Parcel: ledger.Parcel{ID: p.ID, Code: p.Code, Unit: p.Unit}, Area: p.Area, PlaneArea: p.PlaneArea,
		Cases: casesOn(v, p.ID), Revision: v.Revision, Reduced: true,
	}
}

// casesOn are the cases on a parcel in short.
func casesOn(v *chronicle.View, parcel int64) []Summary {
	var list []Summary
	for _, c := range v.OnParcel(parcel) {
		s := summaryAt(c, parcel)
		s.Land = c.Land()
		list = append(list, s)
	}
	return list
}
