package geo

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/geodesic"
)

// GeodesicArea is the area of a multipolygon on the CGCS2000 ellipsoid, its
// edges taken as geodesics (Karney 2013): the official figure. Holes are
// subtracted whatever the winding; parts are added, overlapping or not. A
// coordinate that is no position on the ellipsoid gives 0.
func GeodesicArea(mp orb.MultiPolygon) Area {
	return FromSquareMetres(AreaOn(geodesic.CGCS2000(), mp))
}

// GeodesicAreaOfPolygon is GeodesicArea of one polygon.
func GeodesicAreaOfPolygon(p orb.Polygon) Area { return GeodesicArea(orb.MultiPolygon{p}) }

// AreaOn is the geodesic area in m² on the ellipsoid given, unsigned, holes
// subtracted. NaN where a coordinate is no position on the ellipsoid.
func AreaOn(e geodesic.Ellipsoid, mp orb.MultiPolygon) float64 {
	g := geodesic.New(e)
	total := 0.0
	for _, p := range mp {
		for i, r := range p {
			_, a := g.Ring(r)
			if a = math.Abs(a); i > 0 {
				a = -a
			}
			total += a
		}
	}
	return total
}

// SignedRingArea is the geodesic area of a ring in m² on CGCS2000: positive
// counter-clockwise, negative clockwise.
func SignedRingArea(r orb.Ring) float64 {
	_, a := geodesic.New(geodesic.CGCS2000()).Ring(r)
	return a
}

// GeodesicLength is the length of a line in m on CGCS2000.
func GeodesicLength(ls orb.LineString) float64 {
	return geodesic.New(geodesic.CGCS2000()).Length(ls)
}

// Perimeter is the length in m on CGCS2000 of all rings, those of holes included.
func Perimeter(mp orb.MultiPolygon) float64 {
	g := geodesic.New(geodesic.CGCS2000())
	total := 0.0
	for _, p := range mp {
		for _, r := range p {
			length, _ := g.Ring(r)
			total += length
		}
	}
	return total
}

// Distance is the geodesic distance of two points in m on CGCS2000.
func Distance(a, b orb.Point) float64 {
	return geodesic.New(geodesic.CGCS2000()).Length([]orb.Point{a, b})
}
