package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// DistanceToEdge is how far a point is from the nearest edge of a
// multipolygon, in m on CGCS2000, whether it lies inside or outside; +Inf for
// a shape without points. The nearest place is found in a plane that touches
// the ellipsoid at the point and measured as a geodesic: right to a
// millimetre within some kilometres, to a part in a thousand within 100 km.
func DistanceToEdge(mp orb.MultiPolygon, p orb.Point) float64 {
	best, foot := math.Inf(1), orb.Point{}
	east, north := metresPerDegree(p[1])
	for _, polygon := range mp {
		for _, r := range polygon {
			for i := range r {
				a, b := r[i], r[(i+1)%len(r)]
				if d, at := nearestOnSegment(p, a, b, east, north); d < best {
					best, foot = d, at
				}
			}
		}
	}
	if math.IsInf(best, 1) {
		return best
	}
	return Distance(p, foot)
}

// nearestOnSegment is the point of a segment nearest to p, and the square of
// its distance in the plane in which a degree is so many metres east and north.
func nearestOnSegment(p, a, b orb.Point, east, north float64) (float64, orb.Point) {
	ax, ay := math.Remainder(a[0]-p[0], 360)*east, (a[1]-p[1])*north
	bx, by := math.Remainder(b[0]-p[0], 360)*east, (b[1]-p[1])*north
	dx, dy := bx-ax, by-ay
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = min(max(-(ax*dx+ay*dy)/length, 0), 1)
	}
	x, y := ax+t*dx, ay+t*dy
	return x*x + y*y, orb.Point{p[0] + x/east, p[1] + y/north}
}

// DistanceTo is the distance in m from a point to a shape: 0 inside or on the
// boundary, otherwise DistanceToEdge.
func DistanceTo(mp orb.MultiPolygon, p orb.Point) float64 {
	if Contains(mp, p) {
		return 0
	}
	return DistanceToEdge(mp, p)
}
