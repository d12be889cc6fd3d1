package httpapi

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// PreviewLand implements gen.StrictServerInterface. It goes through the door like
// a change, so that what it says is what saving would do; the door writes nothing.
func (o *operations) PreviewLand(ctx context.Context, r gen.PreviewLandRequestObject) (gen.PreviewLandResponseObject, error) {
	change := ledger.RecordLand{Case: r.Body.CaseId, Preview: &ledger.LandPreview{}}
	var err error
	if change.Recovered, err = fromGround(r.Body.Recovered); err != nil {
		return nil, err
	}
	if change.Effective, err = fromGround(r.Body.Effective); err != nil {
		return nil, err
	}
	_, err = o.Ledger.Apply(ctx, actorIn(ctx), ledger.Operation{OpID: uuid.New(), Device: "preview", Changes: []ledger.Change{change}})
	if !errors.Is(err, ledger.ErrDryRun) {
		return nil, err
	}
	return toPreview(change.Preview)
}

// landChange is a change of recovered land or of parcels.
func landChange(c gen.Change) (ledger.Change, error) {
	id, base, use := orZero(c.CaseId), orZero(c.BaseVersion), orZero(c.Use)
	switch string(c.Kind) {
	case ledger.KindParcelSplit, ledger.KindParcelMerge:
		return succeeding(c), nil
	case ledger.KindLandUse:
		return ledger.UseLand{Case: id, Use: use, Reason: said(c), BaseVersion: base}, nil
	case ledger.KindLandRemove:
		return ledger.RemoveLand{Case: id, Reason: said(c), BaseVersion: base}, nil
	}
	recovered, err := fromGround(c.Recovered)
	if err != nil {
		return nil, err
	}
	effective, err := fromGround(c.Effective)
	return ledger.RecordLand{Case: id, Recovered: recovered, Effective: effective, Use: use, Reason: said(c), BaseVersion: base}, err
}

// fromGround reads a polygon; nil for none.
func fromGround(g *gen.Ground) (orb.MultiPolygon, error) {
	if g == nil {
		return nil, nil
	}
	text, err := json.Marshal(g)
	if err != nil {
		return nil, err
	}
	mp, err := geojson.DecodeMultiPolygon(text)
	if bad, is := errors.AsType[*geojson.Error](err); is {
		return nil, fault.New(fault.KindInvalid, "bad_geometry", "图形有误："+bad.ZH, "the geometry is wrong: "+bad.EN).Because(err)
	}
	return mp, err
}

func toGround(mp orb.MultiPolygon) (gen.Ground, error) {
	var g gen.Ground
	err := json.Unmarshal(geojson.AppendMultiPolygon(nil, mp), &g)
	return g, err
}

func toLandGround(mp orb.MultiPolygon) (*gen.LandGround, error) {
	if len(mp) == 0 {
		return nil, nil //nolint:nilnil // nothing is left of it
	}
	area, plane := geo.GeodesicArea(mp), geo.FromSquareMetres(crs.PlaneArea4549(mp))
	g, err := toGround(mp)
	return &gen.LandGround{M2: m2(area), Mu: mu(area), PlaneM2: m2(plane), PlaneMu: mu(plane), Geometry: g}, err
}

func toPreview(p *ledger.LandPreview) (gen.PreviewLandResponseObject, error) {
	out := gen.PreviewLand200JSONResponse{Deductions: toDeductions(p.Definition, p.Deductions), Faults: []gen.LandFault{}}
	var errRecovered, errEffective error
	out.Recovered, errRecovered = toLandGround(p.Recovered)
	out.Effective, errEffective = toLandGround(p.Effective)
	for _, f := range p.Faults {
		zh, en := f.Text()
		a := toArea(f.Area)
		ground, err := toGround(f.Ground)
		if err != nil {
			return nil, err
		}
		wrong := gen.LandFault{Code: f.Fault, Text: gen.Text{Zh: zh, En: en}, M2: &a.M2, Mu: &a.Mu, Place: finite(f.Place), Geometry: &ground}
		if f.Other != "" {
			wrong.Other = &f.Other
		}
		out.Faults = append(out.Faults, wrong)
	}
	for _, f := range p.Invalid {
		zh, en := ledger.InvalidText(f)
		out.Faults = append(out.Faults, gen.LandFault{Code: ledger.LandInvalid, Text: gen.Text{Zh: zh, En: en}, Place: finite(f.Place)})
	}
	return out, errors.Join(errRecovered, errEffective)
}

// finite is a position, nil where there is none that is finite.
func finite(p orb.Point) *[]float64 {
	if _, err := json.Marshal(p); err != nil || p == (orb.Point{}) {
		return nil
	}
	return toPlace(&p)
}

func toDeductions(d campaign.Definition, list []ledger.Deduction) []gen.Deduction {
	out := make([]gen.Deduction, len(list))
	for i, item := range list {
		name := gen.Text{Zh: "其他", En: "other"}
		if e, ok := d.LandRule().Exclusion(item.Code); ok {
			name = toText(e.Name)
		}
		out[i] = gen.Deduction{Code: item.Code, Name: name, M2: m2(item.Area), Mu: mu(item.Area)}
	}
	return out
}

func toLandRules(r campaign.LandRules) *gen.LandRules {
	out := gen.LandRules{Exclusions: []gen.LandExclusion{}, Uses: []gen.Choice{}, BlockGap: r.Blocks.Gap, BlockLeast: toArea(r.Blocks.Least)}
	for _, e := range r.Exclusions {
		out.Exclusions = append(out.Exclusions, gen.LandExclusion{Code: e.Code, Name: toText(e.Name), Layer: e.Layer, Classes: append([]string{}, e.Classes...), Metres: e.Metres})
	}
	for _, u := range r.Uses {
		out.Uses = append(out.Uses, gen.Choice{Code: u.Code, Name: toText(u.Name)})
	}
	return &out
}

// toCaseLand is the land of a case as the tab 面积 shows it.
func toCaseLand(file *dossier.File) gen.CaseLand {
	out := gen.CaseLand{Tenant: file.Case.Case.CountsElsewhere(), Areas: []gen.LandArea{}}
	if said := file.Tenant(); said.ZH != "" {
		t := toText(said)
		out.Text = &t
	}
	for _, l := range file.AreaLines() {
		area := gen.LandArea{Code: gen.LandAreaCode(l.Code), Name: toText(l.Name), M2: m2(l.Area), Mu: mu(l.Area)}
		if l.Differs != nil {
			area.Differs = &gen.Difference{M2: m2(*l.Differs), Mu: mu(*l.Differs), Percent: &l.Percent}
		}
		out.Areas = append(out.Areas, area)
	}
	if file.Land != nil {
		recorded := toRecorded(file)
		out.Recorded = &recorded
	}
	return out
}

func toRecorded(file *dossier.File) gen.RecordedLand {
	l, a := file.Land, file.Areas
	plane := toArea(l.PlaneArea)
	out := gen.RecordedLand{
		Version: l.Version, RecordedOn: toDate(l.RecordedOn), Origin: l.Origin, Use: toChoice(file.Definition.LandRule().Uses, l.Use),
		Recovered: toArea(l.Area), Plane: &plane, Effective: toArea(l.EffectiveArea), Deductions: toDeductions(file.Definition, l.Deductions),
	}
	if a.Recovered > 0 {
		out.RecoveredDiffers = toDifference(l.Area, a.Recovered)
	}
	if a.Effective > 0 {
		out.EffectiveDiffers = toDifference(l.EffectiveArea, a.Effective)
	}
	return out
}

func toDifference(area, from geo.Area) *gen.Difference {
	differs, percent := dossier.Against(area, from)
	return &gen.Difference{M2: m2(differs), Mu: mu(differs), Percent: &percent}
}
