package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Location is where a point lies with respect to an area.
type Location int

// The places a point can be in.
const (
	Outside Location = iota
	OnBoundary
	Inside
)

// Locate tells, exactly, whether a point lies inside, outside or on the
// boundary of a multipolygon whose edges are straight in its coordinates. Rings
// may be open or closed and wind either way; overlapping parts count once.
func Locate(mp orb.MultiPolygon, p orb.Point) Location {
	at := Outside
	for _, polygon := range mp {
		at = max(at, locateInPolygon(polygon, p))
	}
	return at
}

// Contains tells whether a point lies inside or on the boundary.
func Contains(mp orb.MultiPolygon, p orb.Point) bool { return Locate(mp, p) != Outside }

func locateInPolygon(polygon orb.Polygon, p orb.Point) Location {
	for i, r := range polygon {
		at := locateInRing(r, p)
		switch {
		case at == OnBoundary:
			return OnBoundary
		case i == 0 && at == Outside, i > 0 && at == Inside:
			return Outside
		}
	}
	if len(polygon) == 0 {
		return Outside
	}
	return Inside
}

func locateInRing(r orb.Ring, p orb.Point) Location {
	var c crossings
	for i := range r {
		c.count(p, r[i], r[(i+1)%len(r)])
	}
	return c.location()
}

// crossings counts the edges that a ray from a point to the east crosses.
type crossings struct {
	n  int
	on bool
}

// count takes an edge into account; an edge west of, above or below the point changes nothing.
func (c *crossings) count(p, a, b orb.Point) {
	if boxOf(a, b).holds(p) && orientation(a, b, p) == 0 {
		c.on = true
		return
	}
	if (a[1] > p[1]) == (b[1] > p[1]) {
		return
	}
	if a[1] > b[1] {
		a, b = b, a
	}
	if orientation(a, b, p) > 0 {
		c.n++
	}
}

func (c *crossings) location() Location {
	switch {
	case c.on:
		return OnBoundary
	case c.n%2 == 1:
		return Inside
	}
	return Outside
}

// eastOf is the box of all that a ray from the point to the east can meet.
func eastOf(p orb.Point) box { return box{p[0], p[1], math.Inf(1), p[1]} }
