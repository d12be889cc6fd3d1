package geo

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// loop is a ring without repeated points and without its closing point.
type loop struct {
	ref   RingRef
	pts   []orb.Point
	box   box
	edges *boxIndex // made when first asked for
	turn  int       // winding, worked out when first asked for
}

// part is a polygon of loops; shell is nil where the exterior ring is empty.
type part struct {
	shell *loop
	holes []*loop
	holed *boxIndex // index of the holes' boxes, made when first asked for
}

// edge is one segment of a loop: from pts[at] to the next.
type edge struct {
	ring *loop
	at   int
}

// touch is a point of a ring that another ring of the same part shares.
type touch struct {
	ring *loop
	at   orb.Point
}

func (l *loop) point(i int) orb.Point {
	n := len(l.pts)
	return l.pts[(i+n)%n]
}

func (l *loop) edge(i int) (a, b orb.Point) { return l.point(i), l.point(i + 1) }

func (l *loop) index() *boxIndex {
	if l.edges == nil {
		boxes := make([]box, len(l.pts))
		for i := range boxes {
			boxes[i] = boxOf(l.edge(i))
		}
		l.edges = newBoxIndex(boxes)
	}
	return l.edges
}

// collect turns the shape into parts, loops and edges; empty rings are left out.
func (c *checker) collect(mp orb.MultiPolygon) {
	for i, polygon := range mp {
		p := part{}
		for j, r := range polygon {
			if len(r) == 0 {
				continue
			}
			l := newLoop(r, RingRef{Part: i, Ring: j})
			c.rings = append(c.rings, l)
			for at := range l.pts {
				c.edges = append(c.edges, edge{l, at})
			}
			if j == 0 {
				p.shell = l
			} else {
				p.holes = append(p.holes, l)
			}
		}
		c.parts = append(c.parts, p)
	}
}

func newLoop(r orb.Ring, ref RingRef) *loop {
	pts := withoutRepeats(r)
	l := &loop{ref: ref, pts: pts[:len(pts)-1]}
	l.box = boxOf(l.pts[0], l.pts[0])
	for _, p := range l.pts {
		l.box = l.box.union(boxOf(p, p))
	}
	return l
}

// manyEdges is the size up to which a shape that is not valid is searched for
// every finding, pair by pair; beyond it duplicates and the first finding are named.
const manyEdges = 5_000

// intersections finds edges that meet wrongly, and where rings touch.
func (c *checker) intersections() {
	c.sweep()
	if len(c.findings) == 0 {
		return
	}
	c.duplicates()
	if len(c.edges) <= manyEdges {
		c.allPairs()
	}
	slices.SortStableFunc(c.findings, byRing)
}

// allPairs looks at every pair of edges whose boxes meet.
func (c *checker) allPairs() {
	boxes := make([]box, len(c.edges))
	for i, e := range c.edges {
		boxes[i] = boxOf(e.ring.edge(e.at))
	}
	ix := newBoxIndex(boxes)
	for i := range c.edges {
		more := ix.query(boxes[i], func(j int) bool { return j <= i || c.pair(c.edges[i], c.edges[j]) })
		if !more {
			return
		}
	}
}

func byRing(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Ring.Part, b.Ring.Part), cmp.Compare(a.Ring.Ring, b.Ring.Ring),
		cmp.Compare(a.Place[0], b.Place[0]), cmp.Compare(a.Place[1], b.Place[1]))
}

// duplicates finds rings of one course, whatever their start and direction.
func (c *checker) duplicates() {
	type course struct {
		box box
		n   int
	}
	alike := map[course][]*loop{}
	for _, l := range c.rings {
		k := course{l.box, len(l.pts)}
		for _, other := range alike[k] {
			if sameCourse(l, other) {
				c.add(ReasonDuplicateRings, l.pts[0], l.ref, other.ref)
				break
			}
		}
		if len(alike[k]) < MaxFindings {
			alike[k] = append(alike[k], l)
		}
	}
}

func sameCourse(a, b *loop) bool {
	start := slices.Index(b.pts, a.pts[0])
	if start < 0 {
		return false
	}
	for _, step := range []int{1, -1} {
		same := true
		for i, n := 0, len(a.pts); i < n && same; i++ {
			same = a.pts[i] == b.pts[((start+step*i)%n+n)%n]
		}
		if same {
			return true
		}
	}
	return false
}

// pair judges two edges and tells whether more findings are wanted. The rules
// are those of JTS's PolygonIntersectionAnalyzer.
func (c *checker) pair(e, f edge) bool {
	e0, e1 := e.ring.edge(e.at)
	f0, f1 := f.ring.edge(f.at)
	how, at := meet(e0, e1, f0, f1)
	switch {
	case how == apart:
		return true
	case how == crossing || how == overlap:
		return c.add(ReasonSelfIntersection, at, e.ring.ref, f.ring.ref)
	case e.ring == f.ring && neighbours(e.at, f.at, len(e.ring.pts)):
		return true
	case e.ring == f.ring:
		return c.add(ReasonRingSelfIntersection, at, e.ring.ref, f.ring.ref)
	case at == e1 || at == f1:
		return true // seen again with the edge that starts there
	}
	if at == e0 {
		e0 = e.ring.point(e.at - 1)
	}
	if at == f0 {
		f0 = f.ring.point(f.at - 1)
	}
	if cross(at, e0, e1, f0, f1) {
		return c.add(ReasonSelfIntersection, at, e.ring.ref, f.ring.ref)
	}
	if e.ring.ref.Part == f.ring.ref.Part {
		c.touch(e.ring, f.ring, at)
	}
	return true
}

// touch notes a point that two rings of one part share, once for each ring.
func (c *checker) touch(a, b *loop, at orb.Point) {
	if c.touching == nil {
		c.touching = map[touch]bool{}
	}
	for _, l := range [2]*loop{a, b} {
		if t := (touch{l, at}); !c.touching[t] {
			c.touching[t] = true
			c.touches = append(c.touches, t)
		}
	}
}

func neighbours(i, j, n int) bool {
	d := (i - j + n) % n
	return d == 1 || d == n-1
}

// cross tells whether the line a0 → o → a1 crosses b0 → o → b1 at o. Lines
// that run along each other are found as overlaps elsewhere.
func cross(o, a0, a1, b0, b1 orb.Point) bool {
	for _, b := range []orb.Point{b0, b1} {
		if sameWay(o, a0, b) || sameWay(o, a1, b) {
			return false
		}
	}
	return inSector(o, a0, a1, b0) != inSector(o, a0, a1, b1)
}
