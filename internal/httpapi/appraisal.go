package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/appraisal"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// GetAppraisal implements gen.StrictServerInterface.
func (o *operations) GetAppraisal(ctx context.Context, r gen.GetAppraisalRequestObject) (gen.GetAppraisalResponseObject, error) {
	if err := o.arrived(ctx, r.Params.MinRevision); err != nil {
		return nil, err
	}
	s, err := o.Appraisal.Sheet(ctx, scopeIn(ctx), fromDate(r.Params.AsOf))
	if err != nil {
		return nil, err
	}
	out := gen.GetAppraisal200JSONResponse{Revision: s.View.Revision, Day: toDate(s.View.Day), Whole: points(s.Whole), Items: make([]gen.AppraisalItem, len(s.Items)), Units: make([]gen.AppraisedUnit, len(s.Units))}
	for i, item := range s.Items {
		out.Items[i] = toAppraisalItem(item)
	}
	for i := range s.Units {
		out.Units[i] = toAppraised(&s.Units[i])
	}
	return out, nil
}

// GetAppraisalFacts implements gen.StrictServerInterface.
func (o *operations) GetAppraisalFacts(ctx context.Context, r gen.GetAppraisalFactsRequestObject) (gen.GetAppraisalFactsResponseObject, error) {
	p := r.Params
	if err := o.arrived(ctx, p.MinRevision); err != nil {
		return nil, err
	}
	d, err := o.Appraisal.Detail(ctx, scopeIn(ctx), fromDate(p.AsOf), p.Unit, p.Item)
	if err != nil {
		return nil, err
	}
	out := gen.GetAppraisalFacts200JSONResponse{Revision: d.View.Revision, Day: toDate(d.View.Day), Unit: d.Unit, Item: toAppraisalItem(d.Item), Points: points(d.Points.Points), Facts: make([]gen.AppraisalFact, len(d.Facts))}
	if d.Item.Earns() {
		done, task := printedDone(d.Done, d.Metric.Measure), steps(d.Task, d.Metric.Measure)
		decimals := int32(d.Metric.Measure.Decimals()) //nolint:gosec // two at most
		out.Measure, out.Decimals, out.Done, out.Task = toTextPtr(d.Metric.Unit), &decimals, &done, &task
	}
	for i := range d.Facts {
		out.Facts[i] = toAppraisalFact(&d, &d.Facts[i])
	}
	return out, nil
}

// points are hundredths as a number.
func points(s campaign.Score) float64 { return steps(int64(s), campaign.MeasureLand) }

func toAppraisalItem(i campaign.AppraisalItem) gen.AppraisalItem {
	out := gen.AppraisalItem{Code: i.Code, Name: toText(i.Name), Counts: gen.AppraisalItemCounts(i.Counts), Cap: points(i.Cap)}
	if i.Weight > 0 {
		weight := points(i.Weight)
		out.Weight = &weight
	}
	if i.Off > 0 {
		off := points(i.Off)
		out.Off = &off
	}
	return out
}

func toAppraised(u *appraisal.Unit) gen.AppraisedUnit {
	out := gen.AppraisedUnit{Unit: u.Code, Earned: points(u.Earned), Off: points(u.Off), Full: points(u.Full), Score: points(u.Score), Opens: u.Opens, Points: make([]gen.AppraisedPoints, len(u.Points))}
	for i, p := range u.Points {
		out.Points[i] = gen.AppraisedPoints{Item: p.Item, Points: points(p.Points), Facts: int32(p.Facts), Bears: p.Bears} //nolint:gosec // cases of a unit
	}
	if u.Place > 0 {
		place := int32(u.Place) //nolint:gosec // a handful of units
		out.Place = &place
	}
	return out
}

func toAppraisalFact(d *appraisal.Detail, f *appraisal.Fact) gen.AppraisalFact {
	out := gen.AppraisalFact{Points: points(f.Points), On: toDatePtr(f.On), Due: toDatePtr(f.Due), Title: optional(f.Title), Words: optional(f.Words)}
	if f.Case != nil {
		c := toCaseRef(f.Case)
		out.Case = &c
	}
	if d.Item.Earns() {
		amount := printedDone(f.Amount, d.Metric.Measure)
		out.Amount = &amount
	}
	if f.Times > 0 {
		times := int32(f.Times) //nolint:gosec // days of a campaign
		out.Times = &times
	}
	if f.Level.ZH != "" {
		out.Level = toTextPtr(f.Level)
	}
	return out
}
