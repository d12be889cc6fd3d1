package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/report"
)

// ListUnits implements gen.StrictServerInterface.
func (o *operations) ListUnits(ctx context.Context, r gen.ListUnitsRequestObject) (gen.ListUnitsResponseObject, error) {
	v, err := o.viewOf(ctx, fromDate(r.Params.AsOf), r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	out := make(gen.ListUnits200JSONResponse, len(v.Units))
	for i := range v.Units {
		out[i] = toUnit(v, &v.Units[i])
	}
	return out, nil
}

func toUnit(v *chronicle.View, u *chronicle.Unit) gen.UnitDetail {
	out := gen.UnitDetail{
		Code: u.Code, Order: int32(u.Sort), Name: toText(u.Name), Short: toText(u.Short), Outside: u.Outside, //nolint:gosec // a handful of units
		Targets: toTargets(v, func(t campaign.Target) bool { return t.Unit == u.Code }),
	}
	for _, village := range v.Definition.Villages {
		if village.Unit == u.Code {
			out.Villages++
		}
	}
	if u.Shape != "" {
		out.Id, out.Layer = &u.ID, optional(layer.Units)
	}
	return out
}

// villagesLayer is the reference layer that has villages, where one was brought in.
const villagesLayer = "villages"

// ListVillages implements gen.StrictServerInterface.
func (o *operations) ListVillages(ctx context.Context, r gen.ListVillagesRequestObject) (gen.ListVillagesResponseObject, error) {
	if err := o.arrived(ctx, r.Params.MinRevision); err != nil {
		return nil, err
	}
	asOf := fromDate(r.Params.AsOf)
	f, err := o.Report.Figures(ctx, scopeIn(ctx), report.Query{By: report.ByVillage, AsOf: asOf, Unit: orZero(r.Params.Unit)})
	if err != nil {
		return nil, err
	}
	var drawn *string
	if _, err := o.Layers.Now().Select(scopeIn(ctx), villagesLayer, layer.Query{}); err == nil {
		drawn = optional(villagesLayer)
	}
	out := make(gen.ListVillages200JSONResponse, len(f.Rows))
	for i := range f.Rows {
		village, _ := f.View.Definition.Village(f.Rows[i].Code)
		out[i] = gen.VillageDetail{Code: f.Rows[i].Code, Name: toText(f.Rows[i].Name), Unit: village.Unit, Layer: drawn, Listed: toCount(f.Rows[i].Listed, asOf)}
	}
	return out, nil
}

// districtTarget names the district's own tasks in the filter.
const districtTarget = "district"

// ListTargets implements gen.StrictServerInterface.
func (o *operations) ListTargets(ctx context.Context, r gen.ListTargetsRequestObject) (gen.ListTargetsResponseObject, error) {
	p := r.Params
	v, err := o.viewOf(ctx, fromDate(p.AsOf), p.MinRevision)
	if err != nil {
		return nil, err
	}
	unit := orZero(p.Unit)
	wanted := func(t campaign.Target) bool {
		ofUnit := unit == "" || t.Unit == unit || unit == districtTarget && t.Unit == ""
		return ofUnit && (p.Metric == nil || string(t.Metric) == *p.Metric) && (p.Period == nil || string(t.Period) == string(*p.Period))
	}
	out := gen.ListTargets200JSONResponse{Revision: v.Revision, Day: toDate(v.Day), Items: toTargets(v, wanted), Findings: []gen.TargetFinding{}}
	for _, f := range v.Definition.TaskFindings() {
		m, _ := v.Definition.Metric(f.Metric) // one of its own
		out.Findings = append(out.Findings, gen.TargetFinding{Metric: string(f.Metric), Period: gen.TargetFindingPeriod(f.Period), District: steps(f.District, m.Measure), Units: steps(f.Units, m.Measure)})
	}
	return out, nil
}

// toTargets are the tasks wanted, a unit's with the checkpoints it takes over from the district.
func toTargets(v *chronicle.View, wanted func(campaign.Target) bool) []gen.Target {
	out := []gen.Target{}
	for _, own := range v.Definition.Targets {
		if !wanted(own) {
			continue
		}
		t, _ := v.Definition.Target(own.Unit, own.Metric, own.Period)
		m, _ := v.Definition.Metric(t.Metric) // checked with the definition
		span := v.Definition.Span(t.Period)
		target := gen.Target{
			Unit: t.Unit, Metric: string(t.Metric), Period: gen.TargetPeriod(t.Period), Task: steps(t.Task, m.Measure), Exact: t.Task,
			Checkpoints: make([]gen.Checkpoint, len(t.Checkpoints)), From: toDate(span.From), To: toDate(span.To), Baseline: float64(v.Definition.Baseline(t, v.Day)) / 10,
		}
		for i, c := range t.Checkpoints {
			target.Checkpoints[i] = gen.Checkpoint{On: toDate(c.On), Share: float64(c.Share) / 10}
		}
		out = append(out, target)
	}
	return out
}
