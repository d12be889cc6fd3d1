package interchange

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// edge is a side of a shape in metres, south end first.
type edge struct{ x1, y1, x2, y2 float64 }

// at is where the edge is at a northing.
func (e *edge) at(y float64) float64 { return e.x1 + (e.x2-e.x1)*(y-e.y1)/(e.y2-e.y1) }

// east tells whether all of the edge lies east of all of another.
func (e *edge) east(o *edge) bool {
	return e.x1 > o.x1 && e.x1 > o.x2 && e.x2 > o.x1 && e.x2 > o.x2
}

// lap measures what two shapes have in common. Its buffers serve one pair after another.
type lap struct {
	a, b     []edge
	ys       []float64
	inA, inB []float64
}

// of is the area in m² that two valid shapes of longitude and latitude have
// in common, a point in the widest part of it, and how many steps it took; w
// is the box that their boxes share. The shapes are cut into slabs at every
// corner and crossing; inside a slab all edges are straight and apart, so
// widths at its middle give its area. Metres are those of the ellipsoid at the
// place, right to a thousandth for parcels.
func (l *lap) of(a, b orb.MultiPolygon, w orb.Bound) (m2 float64, place orb.Point, steps int) {
	to := localMetres(w)
	l.a, l.b = to.edges(l.a[:0], a, w), to.edges(l.b[:0], b, w)
	if len(l.a) == 0 || len(l.b) == 0 {
		return 0, place, vertices(a) + vertices(b)
	}
	l.cut((w.Max[1] - w.Min[1]) * to.north)
	steps = len(l.a)*len(l.b) + len(l.ys)*(len(l.a)+len(l.b))
	if steps > mostWork {
		return 0, place, steps
	}
	widest := 0.0
	for i := 0; i+1 < len(l.ys); i++ {
		middle, height := (l.ys[i]+l.ys[i+1])/2, l.ys[i+1]-l.ys[i]
		l.inA, l.inB = stretches(l.inA[:0], l.a, middle), stretches(l.inB[:0], l.b, middle)
		width, x, best := sharedWidth(l.inA, l.inB)
		m2 += width * height
		if best*height > widest {
			widest, place = best*height, orb.Point{w.Min[0] + x/to.east, w.Min[1] + middle/to.north}
		}
	}
	return m2, place, steps
}

// boundOf is the box of a valid shape: of its outer rings.
func boundOf(mp orb.MultiPolygon) orb.Bound {
	b := orb.Bound{Min: mp[0][0][0], Max: mp[0][0][0]}
	for _, polygon := range mp {
		for _, p := range polygon[0] {
			if p[0] < b.Min[0] {
				b.Min[0] = p[0]
			} else if p[0] > b.Max[0] {
				b.Max[0] = p[0]
			}
			if p[1] < b.Min[1] {
				b.Min[1] = p[1]
			} else if p[1] > b.Max[1] {
				b.Max[1] = p[1]
			}
		}
	}
	return b
}

// common is the box that two boxes share.
func common(a, b orb.Bound) (orb.Bound, bool) {
	w := orb.Bound{
		Min: orb.Point{max(a.Min[0], b.Min[0]), max(a.Min[1], b.Min[1])},
		Max: orb.Point{min(a.Max[0], b.Max[0]), min(a.Max[1], b.Max[1])},
	}
	return w, w.Min[0] < w.Max[0] && w.Min[1] < w.Max[1]
}

// roughArea is at least the area in m² of a box of degrees, anywhere on Earth.
func roughArea(w orb.Bound) float64 {
	const longest = 111_700 // metres of a degree along a meridian at the pole
	return (w.Max[0] - w.Min[0]) * (w.Max[1] - w.Min[1]) * longest * longest
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

// edges appends those that cross the box's parallels and do not lie east of
// it: only they decide what is inside.
func (s scale) edges(out []edge, mp orb.MultiPolygon, w orb.Bound) []edge {
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := 0; i+1 < len(ring); i++ {
				p, q := ring[i], ring[i+1]
				if p[1] > q[1] {
					p, q = q, p
				}
				if p[1] == q[1] || q[1] <= w.Min[1] || p[1] >= w.Max[1] || p[0] >= w.Max[0] && q[0] >= w.Max[0] {
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

// cut finds the northings of corners and crossings between 0 and high, in order.
func (l *lap) cut(high float64) {
	l.ys = append(l.ys[:0], 0, high)
	add := func(y float64) {
		if y > 0 && y < high {
			l.ys = append(l.ys, y)
		}
	}
	for _, es := range [][]edge{l.a, l.b} {
		for i := range es {
			add(es[i].y1)
			add(es[i].y2)
		}
	}
	for i := range l.a {
		for k := range l.b {
			if y, ok := crossing(&l.a[i], &l.b[k]); ok {
				add(y)
			}
		}
	}
	slices.Sort(l.ys)
	l.ys = slices.Compact(l.ys)
}

// crossing is the northing at which two edges cross.
func crossing(p, q *edge) (float64, bool) {
	if p.y1 >= q.y2 || q.y1 >= p.y2 || p.east(q) || q.east(p) {
		return 0, false
	}
	low, high := max(p.y1, q.y1), min(p.y2, q.y2)
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
	slices.Sort(out)
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
