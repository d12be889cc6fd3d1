package geo

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"
)

// shapeOf reads rings of small or arbitrary numbers out of bytes: the first
// says how a coordinate is made, a coordinate that repeats the one before ends a ring.
func shapeOf(b []byte) orb.MultiPolygon {
	if len(b) == 0 {
		return nil
	}
	width := 2
	read := func(b []byte) orb.Point { return orb.Point{float64(b[0] % 16), float64(b[1] % 16)} }
	if b[0]%2 == 1 {
		width = 16
		read = func(b []byte) orb.Point {
			return orb.Point{math.Float64frombits(binary.LittleEndian.Uint64(b)), math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))}
		}
	}
	mp, ring := orb.MultiPolygon{{}}, orb.Ring{}
	for b = b[1:]; len(b) >= width && len(b) < 4096; b = b[width:] {
		p := read(b)
		if n := len(ring); n == 0 || ring[n-1] != p {
			ring = append(ring, p)
			continue
		}
		mp[len(mp)-1] = append(mp[len(mp)-1], append(ring, ring[0]))
		if len(ring)%2 == 0 {
			mp = append(mp, orb.Polygon{})
		}
		ring = orb.Ring{}
	}
	return mp
}

// Whatever the coordinates, nothing may panic; where products of coordinates
// are finite and not tiny, the sweep and the comparison of all pairs agree.
func FuzzValidate(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x04\x00\x04\x04\x00\x04\x00\x04\x01\x01\x02\x01\x02\x02\x02\x02"))
	f.Add([]byte("\x00\x00\x00\x04\x04\x04\x00\x00\x04\x00\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		mp := shapeOf(b)
		found := ValidatePlane(mp)
		require.LessOrEqual(t, len(found), MaxFindings)
		for _, x := range found {
			require.NotEmpty(t, x.ZH())
			require.NotEmpty(t, x.EN())
		}
		_ = GeodesicArea(mp)
		if at, ok := InteriorPoint(mp); ok {
			require.Equal(t, Inside, Locate(mp, at))
		}
		normal := Normalise(mp)
		if !unordinary(mp) {
			require.Equal(t, len(found) == 0, len(ValidatePlane(normal)) == 0)
			require.Equal(t, normal, Normalise(normal))
			requireSameVerdict(t, mp)
		}
	})
}

func unordinary(mp orb.MultiPolygon) bool {
	for _, p := range mp {
		for _, r := range p {
			for _, v := range r {
				for _, x := range v {
					if a := math.Abs(x); math.IsNaN(x) || a > 1e100 || (a != 0 && a < 1e-100) {
						return true
					}
				}
			}
		}
	}
	return false
}

func requireSameVerdict(t *testing.T, mp orb.MultiPolygon) {
	t.Helper()
	var bySweep, byPairs checker
	bySweep.basics(mp, false)
	if len(bySweep.findings) > 0 {
		return
	}
	bySweep.collect(mp)
	bySweep.sweep()
	byPairs.collect(mp)
	byPairs.allPairs()
	require.Equal(t, len(byPairs.findings) == 0, len(bySweep.findings) == 0)
}
