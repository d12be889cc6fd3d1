package interchange

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
)

// someShape is a ring of random radii about a place, sometimes with a hole or a second part.
func someShape(rnd *rand.Rand, x, y float64) orb.MultiPolygon {
	ring := func(x, y, radius float64) orb.Ring {
		n := 3 + rnd.IntN(9)
		r := orb.Ring{}
		for i := range n {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			d := radius * (0.4 + rnd.Float64()*0.6)
			r = append(r, orb.Point{x + d*c, y + d*s})
		}
		return append(r, r[0])
	}
	mp := orb.MultiPolygon{{ring(x, y, 0.001)}}
	switch rnd.IntN(4) {
	case 0:
		mp[0] = append(mp[0], ring(x, y, 0.0001))
	case 1:
		mp = append(mp, orb.Polygon{ring(x+0.003, y, 0.0005)})
	}
	return geo.Normalise(mp)
}

// The quick look must never part shapes that lie on each other.
func TestApartNeverHidesAnOverlap(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(41, 42))
	l, parted, over := &lap{}, 0, 0
	for range 20_000 {
		a := someShape(rnd, 120.7, 30.7)
		b := someShape(rnd, 120.7+rnd.Float64()*0.004-0.002, 30.7+rnd.Float64()*0.003-0.0015)
		w, ok := common(boundOf(a), boundOf(b))
		if !ok || !geo.IsValid(a) || !geo.IsValid(b) {
			continue
		}
		m2, _, _ := l.of(a, b, w)
		if l.apart(a, b, w) {
			require.Less(t, m2, leastOverlap, "%v\n%v", a, b)
			parted++
		}
		if m2 >= leastOverlap {
			over++
		}
	}
	require.Greater(t, parted, 1000)
	require.Greater(t, over, 1000)
}

// Neighbours along a bent border drawn with the same corners are parted by one of its edges.
func TestApartKnowsNeighbours(t *testing.T) {
	t.Parallel()
	west := orb.MultiPolygon{{{{120, 30}, {120.001, 30}, {120.0011, 30.001}, {120, 30.001}, {120, 30}}}}
	east := orb.MultiPolygon{{{{120.001, 30}, {120.002, 30}, {120.002, 30.001}, {120.0011, 30.001}, {120.001, 30}}}}
	w, ok := common(boundOf(west), boundOf(east))
	require.True(t, ok)
	require.True(t, new(lap).apart(west, east, w))
	require.False(t, new(lap).apart(west, west, boundOf(west)))
	inside := orb.MultiPolygon{{{{120.0004, 30.0004}, {120.0006, 30.0004}, {120.0006, 30.0006}, {120.0004, 30.0004}}}}
	require.False(t, new(lap).apart(west, inside, boundOf(inside)))
}
