package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/register"
)

// GetEnforcement implements gen.StrictServerInterface.
func (o *operations) GetEnforcement(ctx context.Context, r gen.GetEnforcementRequestObject) (gen.GetEnforcementResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	actions, sites, list, err := o.Register.Enforcement(ctx, scopeIn(ctx), v)
	if err != nil {
		return nil, err
	}
	out := gen.GetEnforcement200JSONResponse{
		Revision: v.Revision, Actions: keptKind(v, actions), Sites: keptKind(v, sites), MayAct: mayFill(actorIn(ctx), actions), MayFill: mayFill(actorIn(ctx), sites),
		Items: make([]gen.EnforcementAction, len(list)),
	}
	for i, a := range list {
		out.Items[i] = gen.EnforcementAction{Unit: a.Row.Unit, Row: toSheetRow(a.Row), Sites: toCaseRows(a.Sites)}
	}
	return out, nil
}

// GetAssurance implements gen.StrictServerInterface.
func (o *operations) GetAssurance(ctx context.Context, r gen.GetAssuranceRequestObject) (gen.GetAssuranceResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	found, err := o.Register.Assurance(ctx, scopeIn(ctx), v)
	if err != nil {
		return nil, err
	}
	out := gen.GetAssurance200JSONResponse{Revision: v.Revision, All: toAssured(&found.All), Units: make([]gen.AssuranceUnit, len(found.Units)), Sheets: make([]gen.TrackSheet, len(found.Sheets))}
	for i := range found.Units {
		out.Units[i] = toAssured(&found.Units[i])
	}
	for i := range found.Sheets {
		out.Sheets[i] = toTotals(v.Definition, &found.Sheets[i])
	}
	return out, nil
}

func toAssured(u *register.UnitAssurance) gen.AssuranceUnit {
	out := gen.AssuranceUnit{Unit: u.Unit, Agreed: u.Agreed, Paid: u.Paid, Sources: make([]gen.AssuranceSource, len(u.Sources)), Recovered: toArea(u.Recovered), ReusedMu: u.Reused, Rate: optional(u.Rate)}
	for i, s := range u.Sources {
		out.Sources[i] = gen.AssuranceSource{Source: gen.Choice{Code: s.Source.Code, Name: toText(s.Source.Name)}, Agreed: s.Agreed, Paid: s.Paid}
	}
	return out
}
