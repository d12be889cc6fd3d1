package geodesic_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/geodesic"
)

func ExampleGeodesic_Ring() {
	g := geodesic.New(geodesic.CGCS2000())
	// A square of 0.001° by Xiuzhou, counter-clockwise.
	perimeter, area := g.Ring([]orb.Point{{120.7, 30.7}, {120.701, 30.7}, {120.701, 30.701}, {120.7, 30.701}})
	fmt.Printf("%.3f m, %.3f m²\n", perimeter, area)
	// Output: 413.332 m, 10620.963 m²
}

// The rows are test cases of GeographicLib's geodtest.c (MIT).
func TestInverseFarPoints(t *testing.T) {
	t.Parallel()
	g := geodesic.New(geodesic.WGS84())
	for _, c := range [][6]float64{
		{35.60777, -139.44815, -11.17491, -69.95921, 8935244.5604818305, 12841384694976.432},
		{55.52454, 106.05087, 77.03196, 197.18234, 4105086.1713924406, 61674961290615.615},
	} {
		s, a := g.Inverse(c[0], c[1], c[2], c[3])
		require.InDelta(t, c[4], s, 1e-8)
		require.InDelta(t, c[5], a, 0.1)
	}
}

func TestInverseNearlyAntipodal(t *testing.T) {
	t.Parallel()
	g := geodesic.New(geodesic.WGS84())
	s, _ := g.Inverse(0, 0, 0.5, 179.5)
	require.InDelta(t, 19936288.579, s, 0.0005) // Karney (2013), table 5
	s, _ = g.Inverse(0, 0, 0, 180)
	require.InDelta(t, 20003931.4586, s, 0.0001) // over the pole
	s, _ = g.Inverse(0, 0, 0, 179)
	require.InDelta(t, 6378137*179*math.Pi/180, s, 0.0001) // along the equator
}

// The length must not depend on direction, and the area must change its sign.
func TestInverseSymmetry(t *testing.T) {
	t.Parallel()
	g := geodesic.New(geodesic.CGCS2000())
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		lat1, lon1 := rnd.Float64()*180-90, rnd.Float64()*360-180
		lat2, lon2 := rnd.Float64()*180-90, rnd.Float64()*360-180
		s, a := g.Inverse(lat1, lon1, lat2, lon2)
		sb, ab := g.Inverse(lat2, lon2, lat1, lon1)
		sm, am := g.Inverse(-lat1, lon1, -lat2, lon2)
		require.InDelta(t, s, sb, 1e-7)
		require.InDelta(t, a, -ab, 1)
		require.InDelta(t, s, sm, 1e-7)
		require.InDelta(t, a, -am, 1)
	}
}

// Cutting a polygon in two along a geodesic must leave the sum of the areas.
func TestRingAdditivity(t *testing.T) {
	t.Parallel()
	g := geodesic.New(geodesic.CGCS2000())
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		lon, lat := rnd.Float64()*360-180, rnd.Float64()*160-80
		at := func(dx, dy float64) orb.Point { return orb.Point{lon + dx, lat + dy} }
		a, b, c, d := at(0, 0), at(8, 1), at(9, 7), at(-1, 6)
		_, whole := g.Ring([]orb.Point{a, b, c, d})
		_, one := g.Ring([]orb.Point{a, b, c})
		_, two := g.Ring([]orb.Point{a, c, d})
		require.InDelta(t, whole, one+two, 0.5)
	}
}

func TestRingOpenClosedReversedMoved(t *testing.T) {
	t.Parallel()
	g := geodesic.New(geodesic.CGCS2000())
	open := []orb.Point{{179.9, 10}, {-179.9, 10}, {-179.9, 10.2}, {179.9, 10.2}}
	p, a := g.Ring(open)
	pc, ac := g.Ring(append(append([]orb.Point{}, open...), open[0]))
	require.InDelta(t, p, pc, 1e-9)
	require.InDelta(t, a, ac, 1e-3)
	require.Positive(t, a)
	_, ar := g.Ring([]orb.Point{open[3], open[2], open[1], open[0]})
	require.InDelta(t, -a, ar, 1e-3)
	_, am := g.Ring([]orb.Point{{119.9, 10}, {120.1, 10}, {120.1, 10.2}, {119.9, 10.2}})
	require.InDelta(t, a, am, 0.01) // the same figure away from the antimeridian
}

func TestDegenerateRings(t *testing.T) {
	t.Parallel()
	g := geodesic.New(geodesic.CGCS2000())
	for _, r := range [][]orb.Point{nil, {{1, 2}}, {{1, 2}, {1, 2}}, {{1, 2}, {3, 4}, {1, 2}}} {
		_, a := g.Ring(r)
		require.InDelta(t, 0, a, 1e-6)
	}
	d, _ := g.Inverse(91, 0, 0, 0)
	require.True(t, math.IsNaN(d))
	d, _ = g.Inverse(0, math.Inf(1), 0, 0)
	require.True(t, math.IsNaN(d))
}

func TestLength(t *testing.T) {
	t.Parallel()
	g := geodesic.New(geodesic.WGS84())
	require.Zero(t, g.Length(nil))
	require.InDelta(t, 110574.3886*2, g.Length([]orb.Point{{5, 1}, {5, 0}, {5, 1}}), 0.001)
}

func BenchmarkRingOfFive(b *testing.B) {
	g := geodesic.New(geodesic.CGCS2000())
	r := []orb.Point{{120.7, 30.7}, {120.701, 30.7}, {120.701, 30.701}, {120.7, 30.701}, {120.7, 30.7}}
	for b.Loop() {
		g.Ring(r)
	}
}
