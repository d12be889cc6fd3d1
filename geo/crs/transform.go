package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// Transform returns a new geometry with every point converted; the argument
// keeps its points and shares none with the result. An orb.Bound becomes the
// bound of its four converted corners. nil stays nil.
func Transform(g orb.Geometry, convert func(orb.Point) orb.Point) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return convert(g)
	case orb.MultiPoint:
		return orb.MultiPoint(points(g, convert))
	case orb.LineString:
		return orb.LineString(points(g, convert))
	case orb.Ring:
		return orb.Ring(points(g, convert))
	case orb.Bound:
		return orb.Ring(points(g.ToRing(), convert)).Bound()
	case orb.MultiLineString:
		return each(g, func(ls orb.LineString) orb.LineString { return points(ls, convert) })
	case orb.Polygon:
		return Polygon(g, convert)
	case orb.MultiPolygon:
		return MultiPolygon(g, convert)
	case orb.Collection:
		return each(g, func(p orb.Geometry) orb.Geometry { return Transform(p, convert) })
	}
	return nil
}

// MultiPolygon is Transform of a multipolygon.
func MultiPolygon(mp orb.MultiPolygon, convert func(orb.Point) orb.Point) orb.MultiPolygon {
	return each(mp, func(p orb.Polygon) orb.Polygon { return Polygon(p, convert) })
}

// Polygon is Transform of a polygon.
func Polygon(p orb.Polygon, convert func(orb.Point) orb.Point) orb.Polygon {
	return each(p, func(r orb.Ring) orb.Ring { return points(r, convert) })
}

func points(ps []orb.Point, convert func(orb.Point) orb.Point) []orb.Point {
	return each(ps, convert)
}

// each maps a slice and keeps nil nil.
func each[S ~[]T, T any](s S, f func(T) T) S {
	if s == nil {
		return nil
	}
	out := make(S, len(s))
	for i, v := range s {
		out[i] = f(v)
	}
	return out
}

// PlaneArea is the area in m² of a multipolygon of longitude and latitude in
// the plane of a projection, its edges straight there and holes subtracted
// whatever the winding. In EPSG:4549 it is the second figure beside the
// geodesic one: 50 to 210 ppm larger in Xiuzhou.
func PlaneArea(mp orb.MultiPolygon, projection Projection) float64 {
	total := 0.0
	for _, p := range mp {
		for i, r := range p {
			a := math.Abs(shoelace(points(r, projection.Forward)))
			if i > 0 {
				a = -a
			}
			total += a
		}
	}
	return total
}

// PlaneArea4549 is PlaneArea in EPSG:4549.
func PlaneArea4549(mp orb.MultiPolygon) float64 { return PlaneArea(mp, GaussKruger3(40, false)) }

// shoelace is the signed area of a ring, open or closed, about its first
// point: northings of 3400 km would cost seven digits.
func shoelace(r []orb.Point) float64 {
	if len(r) < 3 {
		return 0
	}
	o, sum := r[0], 0.0
	for i := 1; i+1 < len(r); i++ {
		a, b := r[i], r[i+1]
		sum += (a[0]-o[0])*(b[1]-o[1]) - (b[0]-o[0])*(a[1]-o[1])
	}
	return sum / 2
}
