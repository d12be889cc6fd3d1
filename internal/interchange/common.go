package interchange

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// edge is a side of a shape in metres, south end first.
type edge struct{ x1, y1, x2, y2 float64 }

// at is where the edge is at a northing.
func (e *edge) at(y float64) float64 { return e.x1 + (e.x2-e.x1)*(y-e.y1)/(e.y2-e.y1) }

// commonArea is the area in m² that two valid shapes of longitude and latitude
// share, a point in the widest part of it, and how many steps it took. The
// shapes are cut into slabs at every corner and crossing; inside a slab all
// edges are straight and apart, so widths at its middle give its area. Metres
// are those of the ellipsoid at the place, right to a thousandth for parcels.
func commonArea(a, b orb.MultiPolygon) (m2 float64, place orb.Point, steps int) {
	w, ok := common(a.Bound(), b.Bound())
	if !ok {
		return 0, place, 1
	}
	to := localMetres(w)
	ea, eb := to.edges(a, w), to.edges(b, w)
	low, high := 0.0, (w.Max[1]-w.Min[1])*to.north
	ys := cuts(ea, eb, low, high)
	steps = len(ea)*len(eb) + len(ys)*(len(ea)+len(eb))
	if steps > mostWork {
		return 0, place, steps
	}
	widest := 0.0
	var sa, sb []float64
	for i := 0; i+1 < len(ys); i++ {
		middle, height := (ys[i]+ys[i+1])/2, ys[i+1]-ys[i]
		sa, sb = stretches(sa[:0], ea, middle), stretches(sb[:0], eb, middle)
		width, x, best := sharedWidth(sa, sb)
		m2 += width * height
		if best*height > widest {
			widest, place = best*height, orb.Point{w.Min[0] + x/to.east, w.Min[1] + middle/to.north}
		}
	}
	return m2, place, steps
}

// common is the box that two boxes share.
func common(a, b orb.Bound) (orb.Bound, bool) {
	w := orb.Bound{
		Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])},
		Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])},
	}
	return w, w.Min[0] < w.Max[0] && w.Min[1] < w.Max[1]
}

// scale is metres for a degree of longitude and of latitude, from a corner.
type scale struct {
	east, north float64
	from        orb.Point
}

// localMetres takes the radii of curvature of CGCS2000 in the middle of the box.
func localMetres(w orb.Bound) scale {
	const a, e2 = 6378137.0, 0.0066943800229
	sin, cos := math.Sincos((w.Min[1] + w.Max[1]) / 2 * math.Pi / 180)
	k := 1 - e2*sin*sin
	return scale{a / math.Sqrt(k) * cos * math.Pi / 180, a * (1 - e2) / (k * math.Sqrt(k)) * math.Pi / 180, w.Min}
}

// edges are those that cross the box's parallels and do not lie east of it:
// only they decide what is inside.
func (s scale) edges(mp orb.MultiPolygon, w orb.Bound) []edge {
	var out []edge
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := 0; i+1 < len(ring); i++ {
				p, q := ring[i], ring[i+1]
				if p[1] > q[1] {
					p, q = q, p
				}
				if p[1] == q[1] || q[1] <= w.Min[1] || p[1] >= w.Max[1] || min(p[0], q[0]) >= w.Max[0] {
					continue
				}
				out = append(out, edge{
					(p[0] - s.from[0]) * s.east, (p[1] - s.from[1]) * s.north,
					(q[0] - s.from[0]) * s.east, (q[1] - s.from[1]) * s.north,
				})
			}
		}
	}
	return out
}

// cuts are the northings of corners and crossings between low and high, in order.
func cuts(a, b []edge, low, high float64) []float64 {
	ys := []float64{low, high}
	add := func(y float64) {
		if y > low && y < high {
			ys = append(ys, y)
		}
	}
	for _, es := range [][]edge{a, b} {
		for i := range es {
			add(es[i].y1)
			add(es[i].y2)
		}
	}
	for i := range a {
		for k := range b {
			if y, ok := crossing(&a[i], &b[k]); ok {
				add(y)
			}
		}
	}
	slices.Sort(ys)
	return slices.Compact(ys)
}

// crossing is the northing at which two edges cross.
func crossing(p, q *edge) (float64, bool) {
	low, high := max(p.y1, q.y1), min(p.y2, q.y2)
	if low >= high {
		return 0, false
	}
	d1, d2 := p.at(low)-q.at(low), p.at(high)-q.at(high)
	if d1 == d2 || (d1 > 0) == (d2 > 0) {
		return 0, false
	}
	return low + (high-low)*d1/(d1-d2), true
}

// stretches are the eastings, in pairs, between which the shape lies at a northing.
func stretches(out []float64, es []edge, y float64) []float64 {
	for i := range es {
		if es[i].y1 < y && es[i].y2 > y {
			out = append(out, es[i].at(y))
		}
	}
	slices.SortFunc(out, cmp.Compare[float64])
	return out
}

// sharedWidth is how much two lists of stretches share, the middle of the
// longest piece and its length. A stretch without an end lies east of the box.
func sharedWidth(a, b []float64) (width, middle, longest float64) {
	for i := 0; i < len(a); i += 2 {
		for k := 0; k < len(b); k += 2 {
			from, to := max(a[i], b[k]), min(end(a, i), end(b, k))
			if to <= from || math.IsInf(to, 1) {
				continue
			}
			width += to - from
			if to-from > longest {
				longest, middle = to-from, (from+to)/2
			}
		}
	}
	return width, middle, longest
}

func end(s []float64, i int) float64 {
	if i+1 < len(s) {
		return s[i+1]
	}
	return math.Inf(1)
}
