package dossier

import (
	"cmp"
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// CaseAt opens the file of a case as it was known at a view: folded from the
// journal, with the campaign's data and the parcels of that time. The operator
// is as known today. Nothing can be done in the past, so there are no actions.
func (d *Desk) CaseAt(ctx context.Context, scope auth.Scope, v *chronicle.View, id int64) (File, error) {
	if err := scope.Check(); err != nil {
		return File{}, err
	}
	entries, err := d.store.Timeline(ctx, id)
	if err != nil {
		return File{}, err
	}
	entries = slices.DeleteFunc(entries, func(e ledger.Recorded) bool { return e.ID > v.Revision })
	c, err := folded(id, entries)
	if err != nil {
		return File{}, err
	}
	track, ok := v.Definition.Track(c.Track)
	if !ok {
		return File{}, fault.New(fault.KindConflict, "unknown_track", "专项行动中没有这条线", "the campaign has no such track")
	}
	then := Case{Case: c, Standing: track.Standing(c), Definition: v.Definition, Revision: v.Revision, Neighbours: neighboursAt(v, c)}
	for _, s := range c.Shares {
		if p := v.Parcel(s.Parcel); p != nil {
			then.Parcels = append(then.Parcels, ParcelRef{ID: p.ID, Code: p.Code, Share: s.Area, Area: p.Area, PlaneArea: p.PlaneArea})
		}
	}
	if now, err := d.store.Case(ctx, id); err == nil && now.Case.Enterprise == c.Enterprise {
		then.Enterprise = now.Enterprise
	}
	return File{
		Case: then, Timeline: timeline(v.Definition, track, entries),
		Areas: areasOf(then), LandIn: landIn(then), Extended: extended(track, c), Locked: track.Locked(c),
	}, nil
}

// ParcelAt opens what was known of a parcel at a view, without the columns of its file.
func (d *Desk) ParcelAt(scope auth.Scope, v *chronicle.View, id int64) (Parcel, error) {
	if err := scope.Check(); err != nil {
		return Parcel{}, err
	}
	p := v.Parcel(id)
	if p == nil {
		return Parcel{}, fault.New(fault.KindNotFound, "parcel_not_then", "当日尚无这个地块", "there was no such parcel on that day")
	}
	then := Parcel{Parcel: ledger.Parcel{ID: id, Code: p.Code, Label: p.Label, Unit: p.Unit}, Area: p.Area, PlaneArea: p.PlaneArea, Revision: v.Revision}
	for _, c := range v.OnParcel(id) {
		then.Cases = append(then.Cases, summaryAt(c, id))
	}
	return then, nil
}

// folded is the case after its entries.
func folded(id int64, entries []ledger.Recorded) (campaign.Case, error) {
	fields := ledger.Fields{}
	version := int64(0)
	for _, e := range entries {
		fields, version = e.Body.Apply(fields), e.Version
	}
	if len(fields) == 0 {
		return campaign.Case{}, fault.New(fault.KindNotFound, "case_not_then", "当日尚无这个事项", "there was no such case on that day")
	}
	return ledger.CaseOf(id, version, fields)
}

// neighboursAt are the other cases of the track on the same parcels, those that count land first.
func neighboursAt(v *chronicle.View, c campaign.Case) []Summary {
	var found []Summary
	for _, s := range c.Shares {
		for _, other := range v.OnParcel(s.Parcel) {
			known := slices.ContainsFunc(found, func(n Summary) bool { return n.ID == other.ID })
			if other.ID != c.ID && other.Track == c.Track && !known {
				found = append(found, summaryAt(other, s.Parcel))
			}
		}
	}
	slices.SortFunc(found, func(a, b Summary) int {
		return cmp.Or(cmp.Compare(b.Land, a.Land), cmp.Compare(a.Code, b.Code))
	})
	return found
}

// summaryAt is a case in short, its land that on one parcel.
func summaryAt(c *chronicle.Case, parcel int64) Summary {
	s := Summary{
		ID: c.ID, Code: c.Code, Label: c.Label, Track: c.Track, Unit: c.Unit, Stage: c.Stage, Next: c.Next, Deadline: c.Deadline, Version: c.Version,
		Passed: c.Days(), Sides: c.SideCodes(),
	}
	for _, share := range c.Shares {
		if share.Parcel == parcel {
			s.Land = share.Area
		}
	}
	return s
}
