package flat

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// farthest is the last coordinate; what lies beyond is no place. All of them fit in 32 bits.
const farthest = 180 * Scale

func unit(degrees float64) int64 {
	scaled := math.Round(degrees * Scale)
	if !(math.Abs(scaled) <= farthest) {
		return 0 // not finite, or nowhere: callers check validity first
	}
	return int64(scaled)
}

// NewShape makes a multipolygon ready. Rings are closed or not; those that
// have fewer than three vertices once rounded are left out, as are polygons
// whose outer ring is. Coordinates that are no degrees become 0.
func NewShape(mp orb.MultiPolygon) *Shape {
	var kept [][][][2]int64
	for _, p := range mp {
		if rings := roundedRings(p); len(rings) > 0 {
			kept = append(kept, rings)
		}
	}
	s := &Shape{holding: Counts{Features: 1, Polygons: len(kept)}}
	s.counts = binary.AppendUvarint(nil, uint64(len(kept)))
	var at [2]int64
	first := true
	for _, rings := range kept {
		s.counts = binary.AppendUvarint(s.counts, uint64(len(rings)))
		s.holding.Rings += len(rings)
		for _, ring := range rings {
			s.counts = binary.AppendUvarint(s.counts, uint64(len(ring)))
			s.holding.Points += len(ring)
			for _, v := range ring {
				if first {
					s.anchor, at, first = v, v, false
					continue
				}
				s.deltas = appendStep(s.deltas, at, v)
				at = v
			}
		}
	}
	s.counts, s.deltas = bytes.Clone(s.counts), bytes.Clone(s.deltas) // they are kept: without the room they grew by
	return s
}

func appendStep(b []byte, from, to [2]int64) []byte {
	return binary.AppendVarint(binary.AppendVarint(b, to[0]-from[0]), to[1]-from[1])
}

// roundedRings are a polygon's rings in units; none when the outer one is nothing.
func roundedRings(p orb.Polygon) [][][2]int64 {
	var rings [][][2]int64
	for i, r := range p {
		ring := roundedRing(r)
		if len(ring) >= 3 {
			rings = append(rings, ring)
		} else if i == 0 {
			return nil
		}
	}
	return rings
}

// roundedRing has no vertex twice in a row, and none to close it.
func roundedRing(r orb.Ring) [][2]int64 {
	ring := make([][2]int64, 0, len(r))
	for _, p := range r {
		if v := units(p); len(ring) == 0 || ring[len(ring)-1] != v {
			ring = append(ring, v)
		}
	}
	for len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	return ring
}

// Counts are those of the one feature that has the shape.
func (s *Shape) Counts() Counts {
	if s == nil {
		return Counts{Features: 1}
	}
	return s.holding
}

// MultiPolygon is the shape in degrees, rings closed; nil of none.
func (s *Shape) MultiPolygon() orb.MultiPolygon {
	if s == nil || s.holding.Polygons == 0 {
		return nil
	}
	counts, steps := reader{b: s.counts}, reader{b: s.deltas}
	at, first := s.anchor, true
	mp := make(orb.MultiPolygon, counts.uint())
	for i := range mp {
		mp[i] = make(orb.Polygon, counts.uint())
		for j := range mp[i] {
			n := counts.uint()
			ring := make(orb.Ring, 0, n+1)
			for range n {
				if !first {
					at = steps.step(at)
				}
				first = false
				ring = append(ring, orb.Point{float64(at[0]) / Scale, float64(at[1]) / Scale})
			}
			mp[i][j] = append(ring, ring[0])
		}
	}
	return mp
}

// Equal says that both shapes are the same in units.
func (s *Shape) Equal(o *Shape) bool {
	if s == nil || o == nil {
		return s.Counts().Polygons == 0 && o.Counts().Polygons == 0
	}
	return s.anchor == o.anchor && bytes.Equal(s.counts, o.counts) && bytes.Equal(s.deltas, o.deltas)
}
