package geo

import (
	"github.com/paulmach/orb"
)

// The checks of this file hold for rings that do not cross each other.

// locate tells where a point lies with respect to the ring.
func (l *loop) locate(p orb.Point) Location {
	var c crossings
	ix := l.index()
	ix.query(eastOf(p), func(i int) bool {
		a, b := l.edge(i)
		c.count(p, a, b)
		return !c.on
	})
	return c.location()
}

// within tells whether the ring lies inside another that it does not cross.
func (l *loop) within(outer *loop) bool {
	if !outer.box.covers(l.box) {
		return false
	}
	switch p := l.pts[0]; outer.locate(p) {
	case Inside:
		return true
	case OnBoundary:
		return outer.admits(p, l.pts[1])
	case Outside:
	}
	return false
}

// admits tells whether the way from p, a point of the ring, to q leads inside.
func (l *loop) admits(p, q orb.Point) bool {
	inside := false
	l.index().query(boxOf(p, p), func(i int) bool {
		a, b := l.edge(i)
		if p == b || orientation(a, b, p) != 0 {
			return true // the edge that starts at p is meant, or one that holds it inside
		}
		if p == a {
			a = l.point(i - 1)
		}
		// On a ring that runs counter-clockwise the interior lies from the
		// next point round to the one before, counter-clockwise.
		if l.counterClockwise() {
			inside = inSector(p, b, a, q)
		} else {
			inside = inSector(p, a, b, q)
		}
		return false
	})
	return inside
}

// counterClockwise tells the winding exactly, by the turn at the lowest, then leftmost point.
func (l *loop) counterClockwise() bool {
	if l.turn != 0 {
		return l.turn > 0
	}
	low := 0
	for i, p := range l.pts {
		if q := l.pts[low]; p[1] < q[1] || (p[1] == q[1] && p[0] < q[0]) {
			low = i
		}
	}
	l.turn = orientation(l.point(low-1), l.pts[low], l.point(low+1))
	return l.turn > 0
}

func (c *checker) holesInShells() {
	for _, p := range c.parts {
		for _, h := range p.holes {
			if p.shell == nil || !h.within(p.shell) {
				c.add(ReasonHoleOutsideShell, h.pts[0], h.ref, RingRef{Part: h.ref.Part})
			}
		}
	}
}

// holeIndex finds the holes of the part by their boxes.
func (p *part) holeIndex() *boxIndex {
	if p.holed == nil {
		boxes := make([]box, len(p.holes))
		for i, h := range p.holes {
			boxes[i] = h.box
		}
		p.holed = newBoxIndex(boxes)
	}
	return p.holed
}

func (c *checker) nestedHoles() {
	for i := range c.parts {
		p := &c.parts[i]
		for k, h := range p.holes {
			p.holeIndex().covering(h.box, func(other int) bool {
				if other == k || !h.within(p.holes[other]) {
					return true
				}
				return c.add(ReasonNestedHoles, h.pts[0], h.ref, p.holes[other].ref)
			})
		}
	}
}

func (c *checker) nestedShells() {
	var shells []int
	var boxes []box
	for i, p := range c.parts {
		if p.shell != nil {
			shells, boxes = append(shells, i), append(boxes, p.shell.box)
		}
	}
	ix := newBoxIndex(boxes)
	for k, i := range shells {
		shell := c.parts[i].shell
		ix.covering(boxes[k], func(other int) bool {
			outer := &c.parts[shells[other]]
			if other == k || !shell.within(outer.shell) || outer.inHole(shell) {
				return true
			}
			return c.add(ReasonNestedShells, shell.pts[0], shell.ref, outer.shell.ref)
		})
	}
}

// inHole tells whether a ring lies in a hole of the part.
func (p *part) inHole(l *loop) bool {
	found := false
	p.holeIndex().covering(l.box, func(i int) bool {
		found = l.within(p.holes[i])
		return !found
	})
	return found
}

// connection finds parts whose interior is cut: rings and the points where
// they touch form a graph, and a cycle in it encloses something. A cycle shows
// when an edge joins what is joined already.
func (c *checker) connection() {
	type point struct {
		part int
		at   orb.Point
	}
	points, rings, sets := map[point]int{}, map[*loop]int{}, disjoint{}
	for _, t := range c.touches {
		at := point{t.ring.ref.Part, t.at}
		if _, ok := points[at]; !ok {
			points[at] = sets.grow()
		}
		if _, ok := rings[t.ring]; !ok {
			rings[t.ring] = sets.grow()
		}
		if !sets.join(rings[t.ring], points[at]) {
			c.add(ReasonDisconnectedInterior, t.at, t.ring.ref, t.ring.ref)
		}
	}
}

// disjoint is a forest of disjoint sets.
type disjoint struct{ parent []int }

// grow adds a set of one and returns its member.
func (d *disjoint) grow() int {
	d.parent = append(d.parent, len(d.parent))
	return len(d.parent) - 1
}

func (d *disjoint) root(i int) int {
	for d.parent[i] != i {
		d.parent[i] = d.parent[d.parent[i]]
		i = d.parent[i]
	}
	return i
}

// join unites two sets and tells whether they were apart.
func (d *disjoint) join(i, j int) bool {
	i, j = d.root(i), d.root(j)
	d.parent[i] = j
	return i != j
}
