package interchange

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
)

// assemble makes polygons of loose rings: a ring inside an odd number of
// others is a hole of the smallest of them, any other a polygon of its own.
func assemble(rings []orb.Ring) orb.MultiPolygon {
	sorted := slices.Clone(rings)
	slices.SortStableFunc(sorted, func(a, b orb.Ring) int { return cmp.Compare(size(b), size(a)) })
	var out orb.MultiPolygon
	owner := make([]int, len(sorted)) // the polygon a ring belongs to
	hole := make([]bool, len(sorted))
	for i, r := range sorted {
		owner[i] = -1
		for k := i - 1; k >= 0; k-- { // the smallest enclosing ring comes last
			if within(r, sorted[k]) {
				hole[i] = !hole[k]
				owner[i] = owner[k]
				break
			}
		}
		if hole[i] {
			out[owner[i]] = append(out[owner[i]], r)
			continue
		}
		owner[i] = len(out)
		out = append(out, orb.Polygon{r})
	}
	return out
}

// within tells whether a ring lies in another: the first corner that is not on its boundary decides.
func within(r, outer orb.Ring) bool {
	shape := orb.MultiPolygon{{outer}}
	for _, p := range r {
		if at := geo.Locate(shape, p); at != geo.OnBoundary {
			return at == geo.Inside
		}
	}
	return false
}

// size is twice the area in the ring's own coordinates.
func size(r orb.Ring) float64 {
	sum := 0.0
	for i, p := range r {
		q := r[(i+1)%len(r)]
		sum += (p[0]-r[0][0])*(q[1]-r[0][1]) - (q[0]-r[0][0])*(p[1]-r[0][1])
	}
	return math.Abs(sum)
}
