package geo

import (
	"cmp"
	"slices"
	"sort"

	"github.com/paulmach/orb"
)

// sweep looks for edges that meet wrongly as M. I. Shamos and D. Hoey do
// ("Geometric intersection problems", 1976): a line moves over the edges from
// west to east, and only edges that lie next to each other on it, or share a
// point with it, are compared. It ends with the first finding, for beyond that
// the order along the line means nothing; without one it has noted every
// point in which rings touch. All decisions are exact.
func (c *checker) sweep() { c.sweepFanned(fanSize) }

// sweepFanned is sweep with the number of edges in one point beyond which they are judged as a fan.
func (c *checker) sweepFanned(fanSize int) {
	s := newSweeper(c)
	s.fanSize = fanSize
	for _, p := range s.stops() {
		if !s.stop(p) {
			return
		}
	}
}

// sweeper is the state of a sweep: the edges by their western end, and those
// that the line cuts from south to north.
type sweeper struct {
	c       *checker
	ends    [][2]orb.Point // of each edge, the western (or southern) end first
	waiting []int32        // edges the line has not reached, ordered by the western end
	line    blockList
	fanSize int
}

func newSweeper(c *checker) *sweeper {
	s := &sweeper{c: c, ends: make([][2]orb.Point, len(c.edges)), waiting: make([]int32, len(c.edges))}
	for i, e := range c.edges {
		a, b := e.ring.edge(e.at)
		if comparePoints(a, b) > 0 {
			a, b = b, a
		}
		s.ends[i] = [2]orb.Point{a, b}
		s.waiting[i] = int32(i)
	}
	slices.SortFunc(s.waiting, func(i, j int32) int { return comparePoints(s.ends[i][0], s.ends[j][0]) })
	return s
}

func comparePoints(a, b orb.Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

// stops are the different vertices in the order in which the line meets them.
func (s *sweeper) stops() []orb.Point {
	var stops []orb.Point
	for _, l := range s.c.rings {
		stops = append(stops, l.pts...)
	}
	slices.SortFunc(stops, comparePoints)
	return slices.Compact(stops)
}

// stop moves the line to a vertex and tells whether the sweep goes on.
func (s *sweeper) stop(p orb.Point) bool {
	lo := s.line.first(func(e int32) bool { return s.side(e, p) <= 0 })
	hi := s.line.first(func(e int32) bool { return s.side(e, p) < 0 })
	meeting := s.line.between(lo, hi)
	below, above := s.line.before(lo), s.line.at(hi)
	for len(s.waiting) > 0 && s.ends[s.waiting[0]][0] == p {
		meeting = append(meeting, s.waiting[0])
		s.waiting = s.waiting[1:]
	}
	if !s.compareAll(p, meeting) {
		return false
	}
	onward := slices.DeleteFunc(meeting, func(e int32) bool { return s.ends[e][1] == p })
	slices.SortFunc(onward, func(e, f int32) int { return -orientation(p, s.ends[e][1], s.ends[f][1]) })
	s.line.replace(lo, hi, onward)
	if len(onward) == 0 {
		return s.compare(below, above)
	}
	return s.compare(below, onward[0]) && s.compare(onward[len(onward)-1], above)
}

// side tells on which side of an edge that the line cuts a point of the line lies: 1 north, -1 south.
func (s *sweeper) side(e int32, p orb.Point) int {
	return orientation(s.ends[e][0], s.ends[e][1], p)
}

// compareAll judges the edges that meet in p: each with each, or all at once where they are many.
func (s *sweeper) compareAll(p orb.Point, edges []int32) bool {
	if len(edges) > s.fanSize {
		f := fan{c: s.c, at: p}
		for _, e := range edges {
			f.edge(s.c.edges[e].ring, s.ends[e])
		}
		return f.judge()
	}
	for i, e := range edges {
		for _, f := range edges[:i] {
			if !s.compare(e, f) {
				return false
			}
		}
	}
	return true
}

// compare judges two edges, none being -1, and tells whether they meet rightly.
func (s *sweeper) compare(e, f int32) bool {
	if e < 0 || f < 0 {
		return true
	}
	s.c.pair(s.c.edges[min(e, f)], s.c.edges[max(e, f)])
	return len(s.c.findings) == 0
}

// blockList is a sequence kept in blocks, so that changing it in the middle moves little.
type blockList struct{ blocks [][]int32 }

// cursor is a place in a blockList: before the item'th entry of a block.
type cursor struct{ block, item int }

// maxBlock is the length at which a block is halved.
const maxBlock = 1024

// first finds the first entry for which a condition holds that holds for all that follow it.
func (l *blockList) first(holds func(int32) bool) cursor {
	b := sort.Search(len(l.blocks), func(k int) bool { return holds(l.blocks[k][len(l.blocks[k])-1]) })
	if b == len(l.blocks) {
		return l.end()
	}
	block := l.blocks[b]
	return cursor{b, sort.Search(len(block), func(k int) bool { return holds(block[k]) })}
}

// end is the place behind the last entry, within the last block.
func (l *blockList) end() cursor {
	if len(l.blocks) == 0 {
		return cursor{}
	}
	last := len(l.blocks) - 1
	return cursor{last, len(l.blocks[last])}
}

// at is the entry behind a place, -1 at the end.
func (l *blockList) at(c cursor) int32 {
	if c == l.end() {
		return -1
	}
	return l.blocks[c.block][c.item]
}

// before is the entry before a place, -1 at the start.
func (l *blockList) before(c cursor) int32 {
	switch {
	case c.item > 0:
		return l.blocks[c.block][c.item-1]
	case c.block > 0:
		return l.blocks[c.block-1][len(l.blocks[c.block-1])-1]
	}
	return -1
}

// between copies the entries from one place to another.
func (l *blockList) between(lo, hi cursor) []int32 {
	if lo == hi {
		return nil
	}
	if lo.block == hi.block {
		return slices.Clone(l.blocks[lo.block][lo.item:hi.item])
	}
	out := slices.Clone(l.blocks[lo.block][lo.item:])
	for b := lo.block + 1; b < hi.block; b++ {
		out = append(out, l.blocks[b]...)
	}
	return append(out, l.blocks[hi.block][:hi.item]...)
}

// replace puts entries in the place of those from lo to hi.
func (l *blockList) replace(lo, hi cursor, entries []int32) {
	if len(l.blocks) == 0 {
		l.blocks = [][]int32{nil}
	}
	if lo.block != hi.block {
		l.blocks[lo.block] = append(l.blocks[lo.block][:lo.item:lo.item], l.blocks[hi.block][hi.item:]...)
		l.blocks = slices.Delete(l.blocks, lo.block+1, hi.block+1)
		hi = lo
	}
	block := slices.Replace(l.blocks[lo.block], lo.item, hi.item, entries...)
	l.blocks[lo.block] = block
	switch {
	case len(block) == 0:
		l.blocks = slices.Delete(l.blocks, lo.block, lo.block+1)
	case len(block) > maxBlock:
		half := len(block) / 2
		l.blocks = slices.Insert(l.blocks, lo.block+1, slices.Clone(block[half:]))
		l.blocks[lo.block] = block[:half]
	}
}
