package dossier

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ledger"
)

// Land is the recorded land of a case with the areas of its polygons, 0.0001 m².
type Land struct {
	ledger.Land

	Area          geo.Area // recovered, geodesic
	PlaneArea     geo.Area // recovered, EPSG:4549
	EffectiveArea geo.Area // geodesic
	RecordedOn    campaign.Date
}

// Codes of a case's areas.
const (
	AreaCertificate = "certificate"
	AreaGeometry    = "geometry"
	AreaPlane       = "plane"
	AreaAccepted    = "accepted"
	AreaEffective   = "effective"
)

// AreaLine is one of the areas of a case side by side.
type AreaLine struct {
	Code    string
	Name    campaign.Text
	Area    geo.Area
	Differs *geo.Area // from the geometry area; nil for that one itself, and where it is not known
	Percent float64   // of the geometry area, signed, one decimal
}

// AreaLines are the known areas: on the certificate, of the geometry that the
// case counts, the same in the plane, accepted, effective. Of a parcel of which
// the case counts only a part neither certificate nor plane area are its own.
func (f *File) AreaLines() []AreaLine {
	a := f.Areas
	if a.Land != a.Parcels {
		a.Certificate, a.Plane = 0, 0
	}
	var lines []AreaLine
	for _, l := range []AreaLine{
		{Code: AreaCertificate, Name: text("证载面积", "certificate area"), Area: a.Certificate},
		{Code: AreaGeometry, Name: text("图斑面积（椭球）", "geometry area, geodesic"), Area: a.Land},
		{Code: AreaPlane, Name: text("平面面积（EPSG:4549）", "plane area (EPSG:4549)"), Area: a.Plane},
		{Code: AreaAccepted, Name: text("认定面积", "accepted area"), Area: a.Recovered},
		{Code: AreaEffective, Name: text("有效面积", "effective land"), Area: a.Effective},
	} {
		if l.Area == 0 {
			continue
		}
		if l.Code != AreaGeometry && a.Land > 0 {
			differs := l.Area - a.Land
			l.Differs, l.Percent = &differs, percentOf(differs, a.Land)
		}
		lines = append(lines, l)
	}
	return lines
}

// percentOf is a signed rate with one decimal.
func percentOf(part, whole geo.Area) float64 {
	return math.Round(1000*float64(part)/float64(whole)) / 10
}

// Against is how an area differs from another one, and by how many per cent of it.
func Against(area, other geo.Area) (differs geo.Area, percent float64) {
	return area - other, percentOf(area-other, other)
}

// Tenant says whose the land is where the case counts only the firm; empty where it counts land, or has none.
func (f *File) Tenant() campaign.Text {
	if f.LandIn == nil {
		return campaign.Text{}
	}
	return text("本案只计家数，面积计入 "+f.LandIn.Code+"（房东）", "this case counts only the firm; the land is in "+f.LandIn.Code+" (the landlord's)")
}

// certificateArea sums what the parcels' certificates say, in mu; 0 where one of them does not say.
func certificateArea(attribute string, parcels []ParcelRef) geo.Area {
	var sum geo.Area
	for _, p := range parcels {
		mu, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(p.Attributes[attribute]), ",", ""), 64)
		if attribute == "" || err != nil || !(mu > 0) {
			return 0
		}
		sum += geo.FromSquareMetres(mu * 2000 / 3)
	}
	return sum
}

// landEntries are the entries about the land of a case, the last one's.
func landEntries(entries []ledger.Recorded) []ledger.Recorded {
	own := slices.Clone(entries)
	return slices.DeleteFunc(own, func(e ledger.Recorded) bool { return e.Noun != ledger.NounLand })
}

// recordedOn is the civil day of the last change of the land; "" without.
func recordedOn(entries []ledger.Recorded) campaign.Date {
	list := landEntries(entries)
	if len(list) == 0 {
		return ""
	}
	return campaign.DateOf(list[len(list)-1].RecordedAt.In(campaign.Shanghai()))
}

// landThen is the land of a case at a view: its polygons as the chronicle has
// them, what lies between them folded from the journal.
func landThen(v *chronicle.View, caseID int64, entries []ledger.Recorded) (*Land, error) {
	then := v.LandOf(caseID)
	if then == nil {
		return nil, nil //nolint:nilnil // no land is the ordinary case
	}
	fields, version := ledger.Fields{}, int64(0)
	for _, e := range landEntries(entries) {
		if e.NounID == then.ID {
			fields, version = e.Body.Apply(fields), e.Version
		}
	}
	l, err := ledger.LandOf(then.ID, version, fields)
	return &Land{Land: l, Area: then.Area, PlaneArea: then.PlaneArea, EffectiveArea: then.EffectiveArea}, err
}
