package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// ListParcels implements gen.StrictServerInterface.
func (o *operations) ListParcels(ctx context.Context, r gen.ListParcelsRequestObject) (gen.ListParcelsResponseObject, error) {
	p := r.Params
	v, err := o.viewOf(ctx, fromDate(p.AsOf), p.MinRevision)
	if err != nil {
		return nil, err
	}
	filter := chronicle.ParcelFilter{Unit: orZero(p.Unit), Stages: orZero(p.Stage), Free: orZero(p.Free), Track: orZero(p.Track), Query: orZero(p.Q)}
	list, err := v.ListParcels(filter, chronicle.ParcelPaging{Sort: orZero(p.Sort), After: orZero(p.After), Limit: limitOf(p.Limit)})
	if err != nil {
		return nil, err
	}
	out := gen.ListParcels200JSONResponse{
		Revision: v.Revision, Day: toDate(v.Day), Total: list.Total, TotalM2: m2(list.Area), TotalMu: mu(list.Area), Items: make([]gen.ParcelRow, len(list.Parcels)),
	}
	for i, on := range list.Parcels {
		out.Items[i] = gen.ParcelRow{
			Id: on.ID, Code: on.Code, Label: on.Label, Reduced: orNil(on.Reduced), Unit: optional(on.Unit), Stage: int32(on.Stage()), //nolint:gosec // 0 to 9
			M2: m2(on.Area), Mu: mu(on.Area), PlaneM2: m2(on.PlaneArea), PlaneMu: mu(on.PlaneArea), Cases: toRefs(on.Cases),
		}
	}
	if list.More {
		out.NextAfter = &list.Parcels[len(list.Parcels)-1].ID
	}
	return out, nil
}

// GetParcel implements gen.StrictServerInterface.
func (o *operations) GetParcel(ctx context.Context, r gen.GetParcelRequestObject) (gen.GetParcelResponseObject, error) {
	p, d, actions, err := o.parcel(ctx, &r)
	if err != nil {
		return nil, err
	}
	out := gen.GetParcel200JSONResponse{
		Id: p.Parcel.ID, Code: p.Parcel.Code, Label: p.Parcel.Label, Reduced: orNil(p.Reduced), Unit: optional(p.Parcel.Unit), Version: p.Parcel.Version, Revision: p.Revision,
		M2: m2(p.Area), Mu: mu(p.Area), PlaneM2: m2(p.PlaneArea), PlaneMu: mu(p.PlaneArea), Cases: []gen.CaseSummary{}, Actions: toActions(actions),
	}
	if len(p.Parcel.Attributes) > 0 {
		out.Attributes = &p.Parcel.Attributes
	}
	if len(p.From) > 0 {
		out.From = &p.From
	}
	for i, s := range p.Cases {
		out.Cases = append(out.Cases, o.toSummary(d, s))
		if i == 0 {
			out.Stage = int32(s.Stage) //nolint:gosec // 1 to 9; the cases come least advanced first
		}
	}
	return out, nil
}

// parcel is a parcel as it is, with what can be done on it, or as it was known at the end of a day.
func (o *operations) parcel(ctx context.Context, r *gen.GetParcelRequestObject) (dossier.Parcel, campaign.Definition, []dossier.Action, error) {
	if asOf := fromDate(r.Params.AsOf); asOf != "" {
		v, err := o.viewOf(ctx, asOf, r.Params.MinRevision)
		if err != nil {
			return dossier.Parcel{}, campaign.Definition{}, nil, err
		}
		p, err := o.Desk.ParcelAt(ctx, scopeIn(ctx), v, r.Id)
		return p, v.Definition, nil, err
	}
	p, err := o.Desk.Parcel(ctx, scopeIn(ctx), r.Id)
	if fault.Is(err, "parcel_not_found") && !scopeIn(ctx).Whole() {
		p, err = o.reducedParcel(ctx, r, err)
	}
	if err != nil {
		return p, campaign.Definition{}, nil, err
	}
	d, err := o.definition(ctx)
	if err != nil {
		return p, d, nil, err
	}
	actions, err := o.Desk.Listing(ctx, scopeIn(ctx), p.Parcel.Unit)
	return p, d, actions, err
}

// reducedParcel is what everybody may know of another unit's parcel.
func (o *operations) reducedParcel(ctx context.Context, r *gen.GetParcelRequestObject, notFound error) (dossier.Parcel, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return dossier.Parcel{}, err
	}
	if p := v.Parcel(r.Id); p != nil && p.Reduced {
		return dossier.ReducedParcel(v, p), nil
	}
	return dossier.Parcel{}, notFound
}
