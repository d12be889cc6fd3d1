// Package parcelimport lets files of parcels in through the ledger: it joins
// interchange, which knows files, to ledger, which knows what may be written.
package parcelimport

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/ledger"
)

// Door is the ledger as interchange sees it.
type Door struct{ Ledger *ledger.Ledger }

// ImportParcels implements interchange.Door.
func (d Door) ImportParcels(ctx context.Context, actor auth.Actor, in interchange.Batch) (interchange.Result, error) {
	if in.Into != "" {
		return d.importZones(ctx, actor, in)
	}
	var sum ledger.StagedSummary
	change := ledger.ImportParcels{Digest: in.Digest, DryRun: in.DryRun, Summary: &sum, Written: in.Written, Drafts: func(each func(ledger.ParcelDraft) error) error {
		return in.Features(func(f interchange.Feature) error {
			return each(ledger.ParcelDraft{Row: f.Row, Code: f.Code, Label: f.Label, Geometry: f.Geometry, Attributes: f.Attributes, LeftOut: f.LeftOut})
		})
	}}
	out, err := d.apply(ctx, actor, in, change)
	result := resultOf(sum)
	result.BatchID, result.Revision = out.BatchID, out.Revision
	return result, err
}

// importZones replaces a layer of zones.
func (d Door) importZones(ctx context.Context, actor auth.Actor, in interchange.Batch) (interchange.Result, error) {
	var sum ledger.ZoneSummary
	var area geo.Area
	change := ledger.ImportZones{Layer: in.Into, Digest: in.Digest, DryRun: in.DryRun, Summary: &sum, Drafts: func(each func(ledger.ZoneDraft) error) error {
		return in.Features(func(f interchange.Feature) error {
			area += geo.GeodesicArea(f.Geometry)
			return each(ledger.ZoneDraft{Row: f.Row, Code: f.Code, Name: f.Label, Geometry: f.Geometry, Attributes: f.Attributes})
		})
	}}
	out, err := d.apply(ctx, actor, in, change)
	return interchange.Result{Area: area, Created: sum.Created, Changed: sum.Changed, Unchanged: sum.Unchanged, Gone: sum.Gone, BatchID: out.BatchID, Revision: out.Revision}, err
}

// apply makes the change; a preview binds no id and leaves nothing behind.
func (d Door) apply(ctx context.Context, actor auth.Actor, in interchange.Batch, change ledger.Change) (ledger.Outcome, error) {
	opID := in.OpID
	if in.DryRun {
		opID = uuid.New()
	}
	out, err := d.Ledger.Apply(ctx, actor, ledger.Operation{OpID: opID, Device: in.Device, Changes: []ledger.Change{change}})
	if errors.Is(err, ledger.ErrDryRun) {
		err = nil
	}
	return out, err
}

func resultOf(s ledger.StagedSummary) interchange.Result {
	r := interchange.Result{
		Created: s.Created, Changed: s.Changed, Unchanged: s.Unchanged, ChangedGeometry: s.ChangedGeometry, ChangedFields: s.ChangedFields,
		LeftOut: s.LeftOut, Gone: s.GoneTotal, Area: geo.Area(s.Area), Outside: s.Outside, Shifted: s.Shifted,
		OverlapsMore: s.Overlaps.Total - int64(len(s.Overlaps.First)), OverlapsUnfinished: s.Overlaps.Unfinished,
	}
	for _, n := range s.New {
		r.New = append(r.New, interchange.NewParcel{Row: n.Row, Code: n.Code, Label: n.Label, Unit: n.Unit, Area: geo.Area(n.Area), Ground: n.Ground})
	}
	for _, e := range s.Retired {
		r.Retired = append(r.Retired, interchange.Retired{Row: e.Row, Code: e.Code, Merged: e.Kind == ledger.KindParcelMerge, On: e.At, Into: e.Into})
	}
	for _, c := range s.Changes {
		r.Changes = append(r.Changes, interchange.Change{
			Row: c.Row, Code: c.Code, Label: c.Label, Fields: fieldChanges(c), Reshaped: c.LandChanged, Before: geo.Area(c.OldArea), After: geo.Area(c.NewArea),
			OldGround: c.OldGround, Ground: c.Ground,
		})
	}
	for _, g := range s.Gone {
		r.GoneParcels = append(r.GoneParcels, interchange.GoneParcel{Code: g.Code, Label: g.Label, Area: geo.Area(g.Area)})
	}
	for _, o := range s.Overlaps.First {
		r.Overlaps = append(r.Overlaps, interchange.Overlap{Row: o.Row, Code: o.Code, Area: geo.Area(o.Area), Place: o.Place})
	}
	return r
}

// fieldChanges lists what differs: the parcel's own fields first, then the columns by name.
func fieldChanges(c ledger.ParcelChange) []interchange.FieldChange {
	var changes []interchange.FieldChange
	add := func(field, before, after string) {
		if before != after {
			changes = append(changes, interchange.FieldChange{Field: field, Before: before, After: after})
		}
	}
	add("label", c.OldLabel, c.Label)
	add("unit", c.OldUnit, c.Unit)
	names := maps.Clone(c.OldAttributes)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, c.Attributes)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		add(name, c.OldAttributes[name], c.Attributes[name])
	}
	return changes
}
