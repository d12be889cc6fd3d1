package geo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// InteriorPoint is a point strictly inside a valid multipolygon, for a label
// or a marker: the middle of the widest stretch that a parallel half way up a
// part has inside it, as ST_PointOnSurface does. False if there is no inside.
func InteriorPoint(mp orb.MultiPolygon) (orb.Point, bool) {
	best, width := orb.Point{}, 0.0
	for _, p := range mp {
		if at, w := widestStretch(p); w > width {
			best, width = at, w
		}
	}
	return best, width > 0 && Locate(mp, best) == Inside
}

// widestStretch cuts a polygon along a parallel that meets no vertex.
func widestStretch(p orb.Polygon) (at orb.Point, width float64) {
	y, ok := parallelBetweenVertices(p)
	if !ok {
		return at, 0
	}
	var xs []float64
	for _, r := range p {
		for i := range r {
			a, b := r[i], r[(i+1)%len(r)]
			if (a[1] > y) != (b[1] > y) {
				xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(xs)
	for i := 0; i+1 < len(xs); i += 2 {
		if w := xs[i+1] - xs[i]; w > width {
			at, width = orb.Point{xs[i] + w/2, y}, w
		}
	}
	return at, width
}

// parallelBetweenVertices is the middle between the vertices next above and
// next below the middle of the shell, so that no vertex lies on it.
func parallelBetweenVertices(p orb.Polygon) (float64, bool) {
	if len(p) == 0 || len(p[0]) == 0 {
		return 0, false
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range p[0] {
		low, high = min(low, v[1]), max(high, v[1])
	}
	middle := low + (high-low)/2
	below, above := low, high
	for _, r := range p {
		for _, v := range r {
			if v[1] <= middle {
				below = max(below, v[1])
			} else {
				above = min(above, v[1])
			}
		}
	}
	y := below + (above-below)/2
	return y, below < y && y < above
}
