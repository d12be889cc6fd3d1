package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

func (s *Server) definition(ctx context.Context) (campaign.Definition, error) {
	running, err := s.Catalogue.Running(ctx)
	return running.Definition, err
}

// GetCase implements gen.StrictServerInterface.
func (o *operations) GetCase(ctx context.Context, r gen.GetCaseRequestObject) (gen.GetCaseResponseObject, error) {
	file, err := o.caseFile(ctx, r.Id, fromDate(r.Params.AsOf))
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	if err != nil {
		return nil, err
	}
	return gen.GetCase200JSONResponse(o.toDetail(&file, people)), nil
}

// caseFile is a case as it is, or as it was known at the end of a day.
func (o *operations) caseFile(ctx context.Context, id int64, asOf campaign.Date) (dossier.File, error) {
	if asOf == "" {
		return o.Desk.Case(ctx, scopeIn(ctx), id)
	}
	view, err := o.Report.View(scopeIn(ctx), asOf)
	if err != nil {
		return dossier.File{}, err
	}
	return o.Desk.CaseAt(ctx, scopeIn(ctx), view, id)
}

// named are people's names and roles by code.
type named map[string]gen.Actor

func (s *Server) roles(ctx context.Context) (named, error) {
	people, err := s.Catalogue.People(ctx)
	if err != nil {
		return nil, err
	}
	names := make(named, len(people))
	for _, p := range people {
		names[p.Code] = toActor(p.Code, p.Name, p.Role)
	}
	return names, nil
}

func (n named) actor(code string) gen.Actor {
	if a, ok := n[code]; ok {
		return a
	}
	return toActor(code, "系统", "system")
}

// GetParcel implements gen.StrictServerInterface.
func (o *operations) GetParcel(ctx context.Context, r gen.GetParcelRequestObject) (gen.GetParcelResponseObject, error) {
	p, err := o.parcel(ctx, r.Id, fromDate(r.Params.AsOf))
	if err != nil {
		return nil, err
	}
	d, err := o.definition(ctx)
	if err != nil {
		return nil, err
	}
	out := gen.GetParcel200JSONResponse{
		Id: p.Parcel.ID, Code: p.Parcel.Code, Label: p.Parcel.Label, Unit: optional(p.Parcel.Unit), Version: p.Parcel.Version, Revision: p.Revision,
		M2: m2(p.Area), Mu: mu(p.Area), PlaneM2: m2(p.PlaneArea), PlaneMu: mu(p.PlaneArea), Cases: []gen.CaseSummary{}, Actions: toActions(dossier.ListingActions()),
	}
	if r.Params.AsOf != nil {
		out.Actions = []gen.Action{}
	}
	if len(p.Parcel.Attributes) > 0 {
		out.Attributes = &p.Parcel.Attributes
	}
	for i, s := range p.Cases {
		out.Cases = append(out.Cases, o.toSummary(d, s))
		if i == 0 {
			out.Stage = int32(s.Stage) //nolint:gosec // 1 to 9; the cases come least advanced first
		}
	}
	return out, nil
}

// parcel is a parcel as it is, or as it was known at the end of a day.
func (o *operations) parcel(ctx context.Context, id int64, asOf campaign.Date) (dossier.Parcel, error) {
	if asOf == "" {
		return o.Desk.Parcel(ctx, scopeIn(ctx), id)
	}
	view, err := o.Report.View(scopeIn(ctx), asOf)
	if err != nil {
		return dossier.Parcel{}, err
	}
	return o.Desk.ParcelAt(scopeIn(ctx), view, id)
}
