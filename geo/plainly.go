package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// fewEdges is the size up to which comparing each edge with each beats a sweep.
const fewEdges = 64

// plainly tells that a shape is valid where that shows at once: one closed
// ring of few edges, no point twice in a row, of which only neighbours meet,
// in their common corner. Parcels are such. False says nothing.
func plainly(mp orb.MultiPolygon, degrees bool) bool {
	if len(mp) != 1 || len(mp[0]) != 1 {
		return false
	}
	r := mp[0][0]
	n := len(r) - 1
	if n < 3 || n > fewEdges || r[0] != r[n] || !plainPoints(r, degrees) {
		return false
	}
	for i := range n {
		if foldsBack(r[(i+n-1)%n], r[i], r[i+1]) || meetsLater(r, i) {
			return false
		}
	}
	return true
}

// plainPoints tells that the points are finite, in range, and no two in a row the same.
func plainPoints(r orb.Ring, degrees bool) bool {
	mostX, mostY := math.MaxFloat64, math.MaxFloat64
	if degrees {
		mostX, mostY = 180, 90
	}
	for i, p := range r {
		// Written so that NaN fails as well.
		if !(math.Abs(p[0]) <= mostX && math.Abs(p[1]) <= mostY) || i > 0 && p == r[i-1] {
			return false
		}
	}
	return true
}

// foldsBack tells whether the way a → b → c runs back along itself.
func foldsBack(a, b, c orb.Point) bool {
	return orientation(a, b, c) == 0 && sameWay(b, a, c)
}

// meetsLater tells whether an edge of a closed ring meets one behind it that is no neighbour.
func meetsLater(r orb.Ring, i int) bool {
	p0, p1 := r[i], r[i+1]
	b := boxOf(p0, p1)
	last := len(r) - 1
	if i == 0 {
		last-- // the last edge is the first one's neighbour
	}
	for j := i + 2; j < last; j++ {
		q0, q1 := r[j], r[j+1]
		if q0[0] < b[0] && q1[0] < b[0] || q0[0] > b[2] && q1[0] > b[2] ||
			q0[1] < b[1] && q1[1] < b[1] || q0[1] > b[3] && q1[1] > b[3] {
			continue
		}
		if how, _ := meet(p0, p1, q0, q1); how != apart {
			return true
		}
	}
	return false
}
