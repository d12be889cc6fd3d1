package interchange

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
)

// convert brings a shape that is valid in its own coordinates to longitude and
// latitude. Where a corner touches the middle of an edge, the touch is lost to
// rounding, and the shape would cross itself by a nanometre: then the corner is
// put into the edge before converting, which changes no area.
func convert(mp orb.MultiPolygon, ref *reference) (orb.MultiPolygon, *rejection) {
	if ref.exact {
		if p, ok := degrees(mp); !ok {
			return nil, outOfRange(p)
		}
		return mp, nil
	}
	out := crs.MultiPolygon(mp, ref.toLonLat)
	if p, ok := degrees(out); !ok {
		return nil, outOfRange(p)
	}
	fs := geo.Validate(out)
	if len(fs) == 0 {
		return out, nil
	}
	out = crs.MultiPolygon(noded(mp), ref.toLonLat)
	if fs = geo.Validate(out); len(fs) > 0 {
		return nil, invalidShape(fs)
	}
	return out, nil
}

// noded is a copy whose edges have a corner wherever another corner lies on them.
func noded(mp orb.MultiPolygon) orb.MultiPolygon {
	const most = 5000 // comparing every corner with every edge beyond that takes seconds
	if vertices(mp) > most {
		return mp
	}
	out := make(orb.MultiPolygon, len(mp))
	for i, polygon := range mp {
		out[i] = make(orb.Polygon, len(polygon))
		for k, ring := range polygon {
			out[i][k] = nodedRing(ring, mp)
		}
	}
	return out
}

func nodedRing(ring orb.Ring, mp orb.MultiPolygon) orb.Ring {
	var out orb.Ring
	for i := 0; i+1 < len(ring); i++ {
		out = append(out, ring[i])
		out = append(out, between(ring[i], ring[i+1], mp)...)
	}
	return append(out, ring[len(ring)-1])
}

// between finds the corners on the edge from a to b, in order.
func between(a, b orb.Point, mp orb.MultiPolygon) []orb.Point {
	var on []orb.Point
	for _, polygon := range mp {
		for _, ring := range polygon {
			for _, p := range ring {
				if p != a && p != b && touches(a, b, p) {
					on = insert(on, a, p)
				}
			}
		}
	}
	return on
}

// insert keeps the points sorted by their distance from a, each once.
func insert(on []orb.Point, a, p orb.Point) []orb.Point {
	d := math.Hypot(p[0]-a[0], p[1]-a[1])
	at := len(on)
	for i, q := range on {
		if q == p {
			return on
		}
		if math.Hypot(q[0]-a[0], q[1]-a[1]) > d {
			at = i
			break
		}
	}
	on = append(on, orb.Point{})
	copy(on[at+1:], on[at:])
	on[at] = p
	return on
}

// touches tells whether p lies on the edge up to the rounding of its coordinates.
func touches(a, b, p orb.Point) bool {
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	t := ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / (length * length)
	if !(t > 0 && t < 1) {
		return false
	}
	const ulps = 4 * 0x1p-52
	scale := math.Max(math.Abs(p[0]), math.Abs(p[1]))
	return math.Abs(dx*(p[1]-a[1])-dy*(p[0]-a[0])) <= ulps*scale*length
}

func vertices(mp orb.MultiPolygon) int {
	n := 0
	for _, polygon := range mp {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}
