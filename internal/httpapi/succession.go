package httpapi

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// PreviewSuccession implements gen.StrictServerInterface. It goes through the door like a change; the door writes nothing.
func (o *operations) PreviewSuccession(ctx context.Context, r gen.PreviewSuccessionRequestObject) (gen.PreviewSuccessionResponseObject, error) {
	var would ledger.Succession
	var change ledger.Change
	if b := r.Body; b.ParcelId != nil {
		split := splitting(*b.ParcelId, b.Line, b.Stands, "", 0)
		split.Preview = &would
		change = split
	} else {
		change = ledger.MergeParcels{Parcels: orZero(b.ParcelIds), Preview: &would}
	}
	_, err := o.Ledger.Apply(ctx, actorIn(ctx), ledger.Operation{OpID: uuid.New(), Device: "preview", Changes: []ledger.Change{change}})
	if !errors.Is(err, ledger.ErrDryRun) {
		return nil, err
	}
	return toSuccession(would)
}

// succeeding is a change that puts parcels in the place of others.
func succeeding(c gen.Change) ledger.Change {
	if string(c.Kind) == ledger.KindParcelMerge {
		return ledger.MergeParcels{Parcels: orZero(c.ParcelIds), Bases: orZero(c.BaseVersions), Reason: said(c)}
	}
	return splitting(orZero(c.ParcelId), c.Line, c.Stands, said(c), orZero(c.BaseVersion))
}

func splitting(parcel int64, line *gen.Line, stands *[]gen.Stand, reason string, base int64) ledger.SplitParcel {
	c := ledger.SplitParcel{Parcel: parcel, Reason: reason, BaseVersion: base}
	for _, at := range orZero(line) {
		c.Line = append(c.Line, orb.Point{at[0], at[1]})
	}
	for _, s := range orZero(stands) {
		stand := ledger.Stand{Case: s.CaseId}
		for _, piece := range s.Pieces {
			stand.Pieces = append(stand.Pieces, int(piece))
		}
		c.Stands = append(c.Stands, stand)
	}
	return c
}

func toSuccession(s ledger.Succession) (gen.PreviewSuccessionResponseObject, error) {
	out := gen.PreviewSuccession200JSONResponse{Old: []gen.EndingParcel{}, Next: []gen.ComingParcel{}, Cases: []gen.MovedCase{}}
	for _, p := range s.Old {
		area := geo.Area(p.Area)
		out.Old = append(out.Old, gen.EndingParcel{Id: p.ID, Code: p.Code, Version: p.Version, M2: m2(area), Mu: mu(area)})
	}
	var total geo.Area
	for _, n := range s.Next {
		g, err := toGround(n.Ground)
		if err != nil {
			return nil, err
		}
		total += n.Area
		out.Next = append(out.Next, gen.ComingParcel{Code: n.Parcel.Code, M2: m2(n.Area), Mu: mu(n.Area), Geometry: g})
	}
	out.Total = toArea(total)
	for _, m := range s.Moved {
		out.Cases = append(out.Cases, toMoved(m))
	}
	if s.Fault != nil {
		out.Fault = &gen.Fault{Code: s.Fault.Code, Text: gen.Text{Zh: s.Fault.ZH, En: s.Fault.EN}}
	}
	return out, nil
}

func toMoved(m ledger.Moved) gen.MovedCase {
	out := gen.MovedCase{Id: m.Case.ID, Code: m.Case.Code, Label: m.Case.Label, Locked: m.Locked, Before: toArea(m.Before), After: []gen.Area{}, Pieces: []int32{}}
	for _, a := range m.After {
		out.After = append(out.After, toArea(a))
	}
	for _, i := range m.Stands {
		out.Pieces = append(out.Pieces, int32(i)) //nolint:gosec // at most MostPieces
	}
	if m.Off > 0 {
		off := toArea(m.Off)
		out.LandOff = &off
	}
	return out
}
