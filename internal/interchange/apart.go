package interchange

import (
	"math"

	"github.com/paulmach/orb"
)

// apart tells that two shapes, whose boxes share w, have less than
// leastOverlap in common because the line through an edge of one parts them
// inside w. Neighbours along a border are such; false says nothing.
func (l *lap) apart(a, b orb.MultiPolygon, w orb.Bound) bool {
	to := localMetres(w)
	l.a, l.b = to.near(l.a[:0], a, w), to.near(l.b[:0], b, w)
	width, height := (w.Max[0]-w.Min[0])*to.east, (w.Max[1]-w.Min[1])*to.north
	// What reaches over the line by less than this makes a strip of less than leastOverlap.
	slack := leastOverlap / 2 / math.Hypot(width, height)
	for _, e := range [2]struct {
		of, other         []edge
		shape, otherShape orb.MultiPolygon
	}{{l.a, l.b, a, b}, {l.b, l.a, b, a}} {
		for i := range e.of {
			line, ok := lineOf(&e.of[i], slack)
			if ok && line.leftOf(e.of) && line.turned().leftOf(e.other) {
				return line.empty(e.shape, w, to) && line.turned().empty(e.otherShape, w, to)
			}
		}
	}
	return false
}

// near appends the edges, in their direction, whose box meets w.
func (s scale) near(out []edge, mp orb.MultiPolygon, w orb.Bound) []edge {
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := 0; i+1 < len(ring); i++ {
				p, q := ring[i], ring[i+1]
				if p[0] < w.Min[0] && q[0] < w.Min[0] || p[0] > w.Max[0] && q[0] > w.Max[0] ||
					p[1] < w.Min[1] && q[1] < w.Min[1] || p[1] > w.Max[1] && q[1] > w.Max[1] {
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

// line is one in metres: x*east + y*north - offset is the distance of a point
// to its left; what is less than -slack counts as right of it.
type line struct{ east, north, offset, slack float64 }

// lineOf is the line through an edge; false where the edge has no length.
func lineOf(e *edge, slack float64) (line, bool) {
	dx, dy := e.x2-e.x1, e.y2-e.y1
	length := math.Sqrt(dx*dx + dy*dy)
	l := line{east: -dy / length, north: dx / length, slack: slack}
	l.offset = l.east*e.x1 + l.north*e.y1
	return l, length > 0
}

// turned is the line in the other direction.
func (l line) turned() line { return line{-l.east, -l.north, -l.offset, l.slack} }

// leftOf tells whether no edge reaches to the right of the line.
func (l line) leftOf(es []edge) bool {
	least := l.offset - l.slack
	for i := range es {
		e := &es[i]
		if l.east*e.x1+l.north*e.y1 < least || l.east*e.x2+l.north*e.y2 < least {
			return false
		}
	}
	return true
}

// empty tells whether the shape, whose edges in w do not reach to the right of
// the line, has nothing of w there: then all of that side is in it or nothing,
// and a corner tells.
func (l line) empty(mp orb.MultiPolygon, w orb.Bound, to scale) bool {
	corner := orb.Point{w.Max[0], w.Max[1]}
	if l.east > 0 {
		corner[0] = w.Min[0]
	}
	if l.north > 0 {
		corner[1] = w.Min[1]
	}
	left := l.east*(corner[0]-to.from[0])*to.east + l.north*(corner[1]-to.from[1])*to.north - l.offset
	return left >= -l.slack || !holds(mp, corner)
}

// holds tells whether a point that is not on the border lies in the shape.
func holds(mp orb.MultiPolygon, at orb.Point) bool {
	in := false
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := 0; i+1 < len(ring); i++ {
				p, q := ring[i], ring[i+1]
				if (p[1] > at[1]) != (q[1] > at[1]) && at[0] < p[0]+(q[0]-p[0])*(at[1]-p[1])/(q[1]-p[1]) {
					in = !in
				}
			}
		}
	}
	return in
}
