package httpapi

import (
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/interchange"
)

// ToImportReport is the outcome of an import as the API and the command line write it.
func ToImportReport(o interchange.Outcome) gen.ImportReport {
	out := gen.ImportReport{
		Features: int64(o.Features), Accepted: int64(o.Accepted), Repaired: int64(o.Repaired), DryRun: o.DryRun,
		Created: o.Created, Changed: o.Changed, Unchanged: o.Unchanged, LeftOut: o.LeftOut, Gone: o.Gone, Needs: append([]string{}, o.Needs...),
		Crs: o.CRS, Encoding: o.Encoding, Format: optional(o.Format),
		Findings: []gen.Finding{}, FindingsMore: int64(o.FindingsMore), Rejected: []gen.RejectedRow{}, RejectedMore: int64(o.RejectedMore),
		Diff: toDiff(o.Result),
	}
	if len(o.Layers) > 0 {
		out.Layers = &o.Layers
	}
	if len(o.Columns) > 0 {
		out.Columns, out.Fields = &o.Columns, &o.Fields
		out.Remembered = &o.Remembered
	}
	for _, r := range o.Rejected {
		out.Rejected = append(out.Rejected, gen.RejectedRow{
			Row: int64(r.Row), Code: optional(r.Code), Reason: r.Reason.ZH, ReasonEn: r.Reason.EN, Place: toPlace(r.Place),
		})
	}
	for _, f := range o.Findings {
		finding := gen.Finding{Code: f.Code, Text: gen.Text{Zh: f.Text.ZH, En: f.Text.EN}, Place: toPlace(f.Place)}
		if f.Row > 0 {
			row := int64(f.Row)
			finding.Row = &row
		}
		out.Findings = append(out.Findings, finding)
	}
	if o.Refusal != nil {
		out.Refusal, out.Code = toRefusal(o.Refusal), &o.Refusal.Code
		return out
	}
	total, totalMu := m2(o.Area), o.Area.Mu()
	out.TotalM2, out.TotalMu = &total, &totalMu
	if !o.DryRun {
		out.BatchId, out.Revision = &o.BatchID, &o.Revision
	}
	return out
}

func toPlace(p *orb.Point) *[]float64 {
	if p == nil {
		return nil
	}
	return &[]float64{p[0], p[1]}
}

func toDiff(r interchange.Result) gen.ImportDiff {
	d := gen.ImportDiff{ChangedGeometry: r.ChangedGeometry, ChangedAttributes: r.ChangedFields, Created: []gen.CreatedParcel{}, Changed: []gen.ChangedParcel{}, Gone: []gen.GoneParcel{}}
	for _, n := range r.New {
		d.Created = append(d.Created, gen.CreatedParcel{
			Row: int64(n.Row), Code: n.Code, Label: n.Label, Unit: n.Unit, M2: m2(n.Area), Mu: n.Area.Mu(), Ground: shownGround(n.Ground),
		})
	}
	for _, c := range r.Changes {
		p := gen.ChangedParcel{Row: int64(c.Row), Code: c.Code, Label: c.Label, Fields: []gen.ChangedField{}}
		for _, f := range c.Fields {
			p.Fields = append(p.Fields, gen.ChangedField{Field: f.Field, Before: f.Before, After: f.After})
		}
		if c.Reshaped {
			p.Geometry = &gen.ChangedGeometry{BeforeM2: m2(c.Before), AfterM2: m2(c.After), BeforeMu: c.Before.Mu(), AfterMu: c.After.Mu(), Before: shownGround(c.OldGround), After: shownGround(c.Ground)}
		}
		d.Changed = append(d.Changed, p)
	}
	for _, g := range r.GoneParcels {
		d.Gone = append(d.Gone, gen.GoneParcel{Code: g.Code, Label: g.Label, Mu: g.Area.Mu()})
	}
	return d
}

// shownGround gives the coordinates of a shape, nil where it is not shown.
func shownGround(mp orb.MultiPolygon) *gen.ShownGround {
	if mp == nil {
		return nil
	}
	out := make(gen.ShownGround, len(mp))
	for i, polygon := range mp {
		for _, ring := range polygon {
			points := make([][]float64, len(ring))
			for k, p := range ring {
				points[k] = []float64{p[0], p[1]}
			}
			out[i] = append(out[i], points)
		}
	}
	return &out
}
