package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// orientation is the exact sign of the turn a → b → c: 1 to the left, -1 to
// the right, 0 straight on. It follows J. R. Shewchuk, "Adaptive precision
// floating-point arithmetic" (1997): a filtered difference first, exact
// expansions where rounding could turn the sign.
func orientation(a, b, c orb.Point) int {
	left := float64((a[0] - c[0]) * (b[1] - c[1]))
	right := float64((a[1] - c[1]) * (b[0] - c[0]))
	det := left - right
	const bound = (3 + 16*0x1p-53) * 0x1p-53
	if math.Abs(det) > bound*(math.Abs(left)+math.Abs(right)) {
		return sign(det)
	}
	if a == c || b == c || a == b {
		return 0
	}
	return exactOrientation(a, b, c)
}

// exactOrientation adds the six products of the determinant as an expansion whose last term has its sign.
func exactOrientation(a, b, c orb.Point) int {
	var e expansion
	e.addProduct(a[0], b[1])
	e.addProduct(-a[0], c[1])
	e.addProduct(b[0], c[1])
	e.addProduct(-b[0], a[1])
	e.addProduct(c[0], a[1])
	e.addProduct(-c[0], b[1])
	if e.n == 0 {
		return 0
	}
	return sign(e.terms[e.n-1])
}

// expansion is a sum of doubles that do not overlap, the smallest first.
type expansion struct {
	terms [12]float64
	n     int
}

func (e *expansion) addProduct(x, y float64) {
	p := float64(x * y)
	e.add(math.FMA(x, y, -p))
	e.add(p)
}

func (e *expansion) add(q float64) {
	kept := 0
	for _, t := range e.terms[:e.n] {
		sum := q + t
		virtual := sum - q
		rest := (q - (sum - virtual)) + (t - virtual)
		q = sum
		if rest != 0 {
			e.terms[kept] = rest
			kept++
		}
	}
	if q != 0 {
		e.terms[kept] = q
		kept++
	}
	e.n = kept
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// box is an axis-parallel rectangle: min x, min y, max x, max y.
type box [4]float64

func boxOf(a, b orb.Point) box {
	return box{min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])}
}

func (b box) union(o box) box {
	return box{min(b[0], o[0]), min(b[1], o[1]), max(b[2], o[2]), max(b[3], o[3])}
}

func (b box) meets(o box) bool { return b[0] <= o[2] && o[0] <= b[2] && b[1] <= o[3] && o[1] <= b[3] }

func (b box) covers(o box) bool { return b[0] <= o[0] && b[1] <= o[1] && b[2] >= o[2] && b[3] >= o[3] }

func (b box) holds(p orb.Point) bool {
	return b[0] <= p[0] && p[0] <= b[2] && b[1] <= p[1] && p[1] <= b[3]
}

// contact is how two segments meet.
type contact int

const (
	apart    contact = iota
	touching         // in one point, the end of one of them at least
	crossing         // in one point inside both
	overlap          // along a line
)

// meet tells how segments p and q meet and where; the place of a touch is
// exactly a vertex, that of a crossing is rounded.
func meet(p0, p1, q0, q1 orb.Point) (contact, orb.Point) {
	if !boxOf(p0, p1).meets(boxOf(q0, q1)) {
		return apart, orb.Point{}
	}
	pq0, pq1 := orientation(p0, p1, q0), orientation(p0, p1, q1)
	if pq0*pq1 > 0 {
		return apart, orb.Point{}
	}
	qp0, qp1 := orientation(q0, q1, p0), orientation(q0, q1, p1)
	if qp0*qp1 > 0 {
		return apart, orb.Point{}
	}
	switch {
	case pq0 == 0 && pq1 == 0 && qp0 == 0 && qp1 == 0:
		return meetCollinear(p0, p1, q0, q1)
	case p0 == q0 || p0 == q1:
		return touching, p0
	case p1 == q0 || p1 == q1:
		return touching, p1
	case pq0 == 0:
		return touching, q0
	case pq1 == 0:
		return touching, q1
	case qp0 == 0:
		return touching, p0
	case qp1 == 0:
		return touching, p1
	}
	return crossing, crossPoint(p0, p1, q0, q1)
}

// meetCollinear tells whether segments on one line share a point or a stretch.
func meetCollinear(p0, p1, q0, q1 orb.Point) (contact, orb.Point) {
	var shared []orb.Point
	for _, c := range [4]struct {
		p orb.Point
		b box
	}{{q0, boxOf(p0, p1)}, {q1, boxOf(p0, p1)}, {p0, boxOf(q0, q1)}, {p1, boxOf(q0, q1)}} {
		if c.b.holds(c.p) && (len(shared) == 0 || shared[0] != c.p) {
			shared = append(shared, c.p)
		}
	}
	switch len(shared) {
	case 0:
		return apart, orb.Point{}
	case 1:
		return touching, shared[0]
	}
	return overlap, shared[0]
}

// crossPoint is where two crossing segments meet, in floating point.
func crossPoint(p0, p1, q0, q1 orb.Point) orb.Point {
	dx, dy := p1[0]-p0[0], p1[1]-p0[1]
	ex, ey := q1[0]-q0[0], q1[1]-q0[1]
	den := dx*ey - dy*ex
	if den == 0 {
		return p0 // underflow: the segments are shorter than anything on Earth
	}
	t := min(max(((q0[0]-p0[0])*ey-(q0[1]-p0[1])*ex)/den, 0), 1)
	return orb.Point{p0[0] + t*dx, p0[1] + t*dy}
}

// sameWay tells whether rays from o to a and to b coincide.
func sameWay(o, a, b orb.Point) bool {
	return orientation(o, a, b) == 0 && sign(a[0]-o[0]) == sign(b[0]-o[0]) && sign(a[1]-o[1]) == sign(b[1]-o[1])
}

// inSector tells whether the ray from o to p lies strictly inside the sector
// that runs counter-clockwise from the ray to a to the ray to b.
func inSector(o, a, b, p orb.Point) bool {
	if sameWay(o, a, p) || sameWay(o, b, p) {
		return false
	}
	ap, pb := orientation(o, a, p), orientation(o, p, b)
	switch orientation(o, a, b) {
	case 1:
		return ap > 0 && pb > 0
	case -1:
		return ap > 0 || pb > 0
	}
	return ap > 0
}
