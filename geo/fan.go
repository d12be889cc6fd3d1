package geo

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// fanSize is the number of edges in one point beyond which they are judged as a fan.
const fanSize = 64

// fan is the edges that meet in a point, as rays from it. Comparing each with
// each would take the square of their number; in the order of their angles the
// two rays of each ring must nest like brackets, or rings cross.
type fan struct {
	c    *checker
	at   orb.Point
	rays []ray
}

type ray struct {
	ring *loop
	to   orb.Point
}

// edge adds an edge that ends in the point, or passes through it as two rays.
func (f *fan) edge(ring *loop, ends [2]orb.Point) {
	for _, end := range ends {
		if end != f.at {
			f.rays = append(f.rays, ray{ring, end})
		}
	}
}

// judge notes what is wrong, or else which rings touch here, and tells whether nothing is wrong.
func (f *fan) judge() bool {
	slices.SortFunc(f.rays, f.compareAngles)
	return f.passOnce() && f.nest() && f.noteTouches()
}

// compareAngles orders rays counter-clockwise from due east.
func (f *fan) compareAngles(a, b ray) int {
	if c := cmp.Compare(f.half(a), f.half(b)); c != 0 {
		return c
	}
	return -orientation(f.at, a.to, b.to)
}

// half is 0 for rays from due east to just short of due west, by the north, 1 for the others.
func (f *fan) half(r ray) int {
	if r.to[1] > f.at[1] || (r.to[1] == f.at[1] && r.to[0] > f.at[0]) {
		return 0
	}
	return 1
}

// passOnce finds a ring that comes by more than once.
func (f *fan) passOnce() bool {
	rays := map[*loop]int{}
	for _, r := range f.rays {
		rays[r.ring]++
		if rays[r.ring] > 2 {
			f.c.add(ReasonRingSelfIntersection, f.at, r.ring.ref, r.ring.ref)
			return false
		}
	}
	return true
}

// nest finds rays of one direction, and rings whose rays do not nest.
func (f *fan) nest() bool {
	var open []*loop
	isOpen := map[*loop]bool{}
	for i, r := range f.rays {
		if i > 0 && f.compareAngles(f.rays[i-1], r) == 0 {
			return f.wrong(f.rays[i-1].ring, r.ring)
		}
		switch {
		case !isOpen[r.ring]:
			open, isOpen[r.ring] = append(open, r.ring), true
		case open[len(open)-1] == r.ring:
			open = open[:len(open)-1]
		default:
			return f.wrong(r.ring, open[len(open)-1])
		}
	}
	return true
}

func (f *fan) wrong(a, b *loop) bool {
	f.c.add(ReasonSelfIntersection, f.at, a.ref, b.ref)
	return false
}

// noteTouches notes the point for every ring that shares it with another of its part.
func (f *fan) noteTouches() bool {
	parts := map[int]*loop{}
	for _, r := range f.rays {
		other, ok := parts[r.ring.ref.Part]
		if !ok {
			parts[r.ring.ref.Part] = r.ring
		} else if other != r.ring {
			f.c.touch(other, r.ring, f.at)
		}
	}
	return true
}
