package geodesic

import (
	"math"

	"github.com/paulmach/orb"
)

// Ring measures a ring whose edges are geodesics: perimeter in m and signed
// area in m², positive for a ring that runs counter-clockwise and negative
// clockwise. The ring may be open or closed, encircle a pole, or cross the
// antimeridian; the area lies within half of the ellipsoid either way.
func (g *Geodesic) Ring(r []orb.Point) (perimeter, area float64) {
	if len(r) < 2 {
		return 0, 0
	}
	var length, sum accumulator
	crossings := 0
	prev := r[len(r)-1]
	for _, p := range r {
		d, s := g.Inverse(prev[1], prev[0], p[1], p[0])
		length.add(d)
		sum.add(s)
		crossings += transit(prev[0], p[0])
		prev = p
	}
	return length.s, g.reduceArea(sum, crossings)
}

// reduceArea turns the sum of the areas below the edges into the area of the ring.
func (g *Geodesic) reduceArea(sum accumulator, crossings int) float64 {
	whole := g.EllipsoidArea()
	sum.remainder(whole)
	if crossings&1 != 0 {
		sum.add(math.Copysign(whole/2, -sum.s))
	}
	area := 0 - sum.s
	switch {
	case area > whole/2:
		area -= whole
	case area <= -whole/2:
		area += whole
	}
	return area + 0
}

// Length is the length in m of a line whose edges are geodesics.
func (g *Geodesic) Length(line []orb.Point) float64 {
	var length accumulator
	for i := 1; i < len(line); i++ {
		d, _ := g.Inverse(line[i-1][1], line[i-1][0], line[i][1], line[i][0])
		length.add(d)
	}
	return length.s
}

// transit counts a crossing of the prime meridian: 1 eastward, -1 westward.
func transit(lon1, lon2 float64) int {
	lon12, _ := angDiff(lon1, lon2)
	lon1, lon2 = angNormalize(lon1), angNormalize(lon2)
	switch {
	case lon12 > 0 && ((lon1 < 0 && lon2 >= 0) || (lon1 > 0 && lon2 == 0)):
		return 1
	case lon12 < 0 && lon1 >= 0 && lon2 < 0:
		return -1
	}
	return 0
}
