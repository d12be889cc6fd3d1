package demo

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
)

// outlines are schematic: corners of our own choosing in the units' true
// relative positions. Neighbours name the same corners, so edges meet exactly.
func outlines() map[string]orb.Ring {
	return map[string]orb.Ring{
		"wangjiangjing": {{120.700, 30.955}, {120.740, 30.972}, {120.790, 30.950}, {120.812, 30.915}, {120.806, 30.868}, {120.755, 30.852}, {120.718, 30.862}, {120.690, 30.905}},
		"youchegang":    {{120.806, 30.868}, {120.848, 30.862}, {120.862, 30.820}, {120.838, 30.778}, {120.795, 30.786}, {120.772, 30.812}, {120.755, 30.852}},
		"outside":       {{120.772, 30.812}, {120.795, 30.786}, {120.780, 30.752}, {120.742, 30.760}, {120.735, 30.795}},
		"gaoxin":        {{120.718, 30.862}, {120.755, 30.852}, {120.772, 30.812}, {120.735, 30.795}, {120.742, 30.760}, {120.712, 30.735}, {120.672, 30.752}, {120.668, 30.800}, {120.684, 30.838}},
		"xincheng":      {{120.690, 30.905}, {120.718, 30.862}, {120.684, 30.838}, {120.668, 30.800}, {120.672, 30.752}, {120.640, 30.742}, {120.590, 30.752}, {120.556, 30.790}, {120.570, 30.835}, {120.612, 30.862}, {120.650, 30.885}},
		"honghe":        {{120.672, 30.752}, {120.712, 30.735}, {120.705, 30.690}, {120.665, 30.655}, {120.615, 30.672}, {120.588, 30.715}, {120.590, 30.752}, {120.640, 30.742}},
		"wangdian":      {{120.712, 30.735}, {120.742, 30.760}, {120.780, 30.752}, {120.782, 30.700}, {120.800, 30.640}, {120.775, 30.592}, {120.720, 30.580}, {120.672, 30.610}, {120.665, 30.655}, {120.705, 30.690}},
	}
}

// boundaries are the outlines with edges that wind like rivers and field paths.
func boundaries() map[string]orb.MultiPolygon {
	all := map[string]orb.MultiPolygon{}
	for code, corners := range outlines() {
		var ring orb.Ring
		for i, a := range corners {
			ring = append(ring, a)
			ring = append(ring, winding(a, corners[(i+1)%len(corners)])...)
		}
		all[code] = geo.Normalise(orb.MultiPolygon{{append(ring, ring[0])}})
	}
	return all
}

const bends = 6

// winding are points between a and b, the same in both directions: the
// generator is seeded by the edge, taken from its lesser end.
func winding(a, b orb.Point) []orb.Point {
	from, to := a, b
	if b[0] < a[0] || (b[0] == a[0] && b[1] < a[1]) {
		from, to = b, a
	}
	r := edgeRand(from, to)
	points := make([]orb.Point, bends)
	for i := range points {
		t := float64(i+1) / (bends + 1)
		swing := (r.Float64() - 0.5) * 0.14 * math.Sin(math.Pi*t)
		points[i] = orb.Point{
			round(from[0] + (to[0]-from[0])*t - (to[1]-from[1])*swing),
			round(from[1] + (to[1]-from[1])*t + (to[0]-from[0])*swing),
		}
	}
	if from != a {
		for i, j := 0, len(points)-1; i < j; i, j = i+1, j-1 {
			points[i], points[j] = points[j], points[i]
		}
	}
	return points
}

func edgeRand(from, to orb.Point) *rand.Rand {
	var corners []byte
	for _, v := range []float64{from[0], from[1], to[0], to[1]} {
		corners = binary.LittleEndian.AppendUint64(corners, math.Float64bits(v))
	}
	h := fnv.New64a()
	_, _ = h.Write(corners)                    // a hash does not fail
	return rand.New(rand.NewPCG(h.Sum64(), 1)) //nolint:gosec // the same picture every time is the point
}

// round keeps nine decimals, about 0.1 mm, so that equal corners are equal numbers.
func round(degrees float64) float64 { return math.Round(degrees*1e9) / 1e9 }
