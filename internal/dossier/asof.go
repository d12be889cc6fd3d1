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
// and the parcels' certificates are as known today. Nothing can be done in the past, so there are no actions.
func (d *Desk) CaseAt(ctx context.Context, scope auth.Scope, v *chronicle.View, id int64) (File, error) {
	if err := scope.Check(); err != nil {
		return File{}, err
	}
	if c := v.For(scope).Case(id); c != nil && c.Reduced {
		return reduced(v.For(scope), c), nil
	}
	entries, err := d.store.Timeline(ctx, scope, ledger.NounCase, id)
	if err != nil {
		return File{}, err
	}
	entries = slices.DeleteFunc(entries, func(e ledger.Recorded) bool { return e.ID > v.Revision })
	fields, version := folded(ledger.NounCase, entries)
	if len(fields) == 0 {
		return File{}, fault.New(fault.KindNotFound, "case_not_then", "当日尚无这个事项", "there was no such case on that day")
	}
	c, err := ledger.CaseOf(id, version, fields)
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
	if then.Land, err = landThen(v, id, entries); err != nil {
		return File{}, err
	}
	if then.Land != nil {
		then.Land.RecordedOn = recordedOn(entries)
	}
	if now, err := d.store.Case(ctx, scope, id); err == nil {
		then.asToday(&now)
	}
	return File{
		Case: then, Timeline: timeline(v.Definition, track, entries),
		Areas: areasOf(&then), LandIn: landIn(&then), Extended: extended(track, c), Locked: track.Locked(c),
	}, nil
}

// asToday takes over what is known of today alone: the operator, where it is the same, and what parcels have in words.
func (c *Case) asToday(now *Case) {
	if now.Case.Enterprise == c.Case.Enterprise {
		c.Enterprise = now.Enterprise
	}
	for i := range c.Parcels {
		for _, p := range now.Parcels {
			if p.ID == c.Parcels[i].ID {
				c.Parcels[i].Attributes = p.Attributes
			}
		}
	}
}

// folded are the fields of a noun after its entries; none when it is not there.
func folded(noun string, entries []ledger.Recorded) (fields ledger.Fields, version int64) {
	fields = ledger.Fields{}
	for _, e := range entries {
		if e.Noun != noun {
			continue
		}
		fields, version = e.Body.Apply(fields), e.Version
	}
	return fields, version
}

// ParcelAt opens what was known of a parcel at a view.
func (d *Desk) ParcelAt(ctx context.Context, scope auth.Scope, v *chronicle.View, id int64) (Parcel, error) {
	if err := scope.Check(); err != nil {
		return Parcel{}, err
	}
	v = v.For(scope)
	then := v.Parcel(id)
	if then == nil {
		return Parcel{}, fault.New(fault.KindNotFound, "parcel_not_then", "当日尚无这个地块", "there was no such parcel on that day")
	}
	if then.Reduced {
		return ReducedParcel(v, then), nil
	}
	entries, err := d.store.Timeline(ctx, scope, ledger.NounParcel, id)
	if err != nil {
		return Parcel{}, err
	}
	fields, version := folded(ledger.NounParcel, slices.DeleteFunc(entries, func(e ledger.Recorded) bool { return e.ID > v.Revision }))
	p := Parcel{Area: then.Area, PlaneArea: then.PlaneArea, Revision: v.Revision}
	if p.Parcel, err = ledger.ParcelOf(id, version, fields); err != nil {
		return Parcel{}, err
	}
	p.Cases = casesOn(v, id)
	return p, nil
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
		Passed: c.Days(), Sides: c.SideCodes(), Reduced: c.Reduced,
	}
	for _, share := range c.Shares {
		if share.Parcel == parcel {
			s.Land = share.Area
		}
	}
	return s
}
