package geo_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/internal/truth"
)

func ExampleNormalise() {
	open := orb.MultiPolygon{{{{0, 0}, {0, 1}, {0, 1}, {1, 1}}}}
	fmt.Println(geo.Normalise(open))
	// Output: [[[[0 0] [1 1] [0 1] [0 0]]]]
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	outer, hole := square(120, 30, 1), square(120.2, 30.2, 0.2)
	want := orb.MultiPolygon{{outer, reversed(hole)}}
	for _, mp := range []orb.MultiPolygon{
		{{outer, hole}}, {{reversed(outer), hole}}, {{outer, reversed(hole)}}, {{outer[:4], hole[:4]}}, {{doubled(outer), doubled(hole)}},
	} {
		before := fmt.Sprint(mp)
		got := geo.Normalise(mp)
		require.Equal(t, before, fmt.Sprint(mp), "the argument was changed")
		require.Len(t, got[0][0], 5)
		require.Equal(t, geo.GeodesicArea(want), geo.GeodesicArea(got))
		require.Equal(t, got, geo.Normalise(got))
		require.Equal(t, want[0][0], got[0][0])
	}
	require.Equal(t, orb.MultiPolygon{{}, {{}}, {{{1, 2}}}, {{{1, 2}, {3, 4}, {1, 2}}}}, geo.Normalise(orb.MultiPolygon{{}, {nil}, {{{1, 2}, {1, 2}}}, {{{1, 2}, {3, 4}}}}))
}

func doubled(r orb.Ring) orb.Ring {
	var out orb.Ring
	for _, p := range r {
		out = append(out, p, p)
	}
	return out
}

// Normalising moves nothing: a shape that is valid when closed stays valid, and its area stays.
func TestNormaliseKeepsValidityAndArea(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(41, 42))
	for range 500 {
		mp := orb.MultiPolygon{{star(rnd, 9, 120.5, 30.7, 0.01), star(rnd, 7, 120.5, 30.7, 0.003)}}
		got := geo.Normalise(orb.MultiPolygon{{reversed(doubled(mp[0][0])), mp[0][1][:7]}})
		require.Empty(t, geo.Validate(got))
		require.InDelta(t, float64(geo.GeodesicArea(mp)), float64(geo.GeodesicArea(got)), 2)
		require.Positive(t, geo.SignedRingArea(got[0][0]))
		require.Negative(t, geo.SignedRingArea(got[0][1]))
	}
}

func TestBBoxAndExpand(t *testing.T) {
	t.Parallel()
	_, ok := geo.BBox(orb.MultiPolygon{{{}}, {{{math.NaN(), 1}}}})
	require.False(t, ok)
	b, ok := geo.BBox(orb.MultiPolygon{{square(120, 30, 1)}, {square(121, 28, 0.5), {{math.Inf(1), 0}}}})
	require.True(t, ok)
	require.Equal(t, orb.Bound{Min: orb.Point{120, 28}, Max: orb.Point{121.5, 31}}, b)
	wide := geo.Expand(b, 1000)
	for _, pair := range [][2]orb.Point{
		{{120, 28}, {wide.Min[0], 28}}, {{120, 31}, {wide.Min[0], 31}}, {{121, 31}, {121, wide.Max[1]}}, {{121, 28}, {121, wide.Min[1]}},
	} {
		require.Greater(t, geo.Distance(pair[0], pair[1]), 1000.0)
		require.Less(t, geo.Distance(pair[0], pair[1]), 1050.0)
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	mp := orb.MultiPolygon{{square(0, 0, 4), square(1, 1, 1)}, {square(10, 0, 1)}}
	for p, want := range map[orb.Point]geo.Location{
		{3, 3}: geo.Inside, {0, 0}: geo.OnBoundary, {2, 0}: geo.OnBoundary, {4, 2}: geo.OnBoundary, {1.5, 1.5}: geo.Outside,
		{1, 1.5}: geo.OnBoundary, {1, 1}: geo.OnBoundary, {-1, 0}: geo.Outside, {-1, 4}: geo.Outside, {5, 4}: geo.Outside, {10.5, 0.5}: geo.Inside,
		{0.5, 1}: geo.Inside, {3, 1}: geo.Inside, {9, 1}: geo.Outside, {math.NaN(), 1}: geo.Outside,
	} {
		require.Equal(t, want, geo.Locate(mp, p), p)
		require.Equal(t, want != geo.Outside, geo.Contains(mp, p))
	}
	require.Equal(t, geo.Outside, geo.Locate(orb.MultiPolygon{{}, {{}}}, orb.Point{0, 0}))
}

func TestInteriorPointOfParcels(t *testing.T) {
	t.Parallel()
	for _, row := range truth.Rows(t, "area_xiuzhou_200.csv") {
		p, err := wkt.UnmarshalPolygon(row["wkt_epsg4490_lonlat"])
		require.NoError(t, err)
		at, ok := geo.InteriorPoint(orb.MultiPolygon{p})
		require.True(t, ok)
		require.Equal(t, geo.Inside, geo.Locate(orb.MultiPolygon{p}, at), row["id"])
		require.Positive(t, geo.DistanceToEdge(orb.MultiPolygon{p}, at))
	}
}

func TestInteriorPoint(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(43, 44))
	for range 2000 {
		mp := orb.MultiPolygon{{star(rnd, 9, 120.5, 30.7, 0.01), star(rnd, 30, 120.5, 30.7, 0.003)}, {star(rnd, 9, 120.6, 30.7, 0.0001)}}
		at, ok := geo.InteriorPoint(mp)
		require.True(t, ok)
		require.Equal(t, geo.Inside, geo.Locate(mp, at))
	}
	for _, mp := range []orb.MultiPolygon{nil, {{}}, {{{}}}, {{{{1, 1}, {2, 1}, {3, 1}, {1, 1}}}}, {{{{1, 1}, {2, 2}, {3, 3}, {1, 1}}}}} {
		_, ok := geo.InteriorPoint(mp)
		require.False(t, ok, mp)
	}
}

func TestDistanceToEdge(t *testing.T) {
	t.Parallel()
	mp := orb.MultiPolygon{{square(120, 30, 0.1), square(120.04, 30.04, 0.01)}}
	// Straight south of the southern edge, the distance is the meridian's.
	require.InDelta(t, geo.Distance(orb.Point{120.05, 29.99}, orb.Point{120.05, 30}), geo.DistanceToEdge(mp, orb.Point{120.05, 29.99}), 0.02)
	require.InDelta(t, geo.Distance(orb.Point{119.9, 29.9}, orb.Point{120, 30}), geo.DistanceToEdge(mp, orb.Point{119.9, 29.9}), 0.001)
	require.InDelta(t, 0, geo.DistanceToEdge(mp, orb.Point{120.1, 30.07}), 1e-6)
	inside := orb.Point{120.02, 30.05}
	require.InDelta(t, geo.Distance(inside, orb.Point{120, 30.05}), geo.DistanceToEdge(mp, inside), 0.02)
	require.Zero(t, geo.DistanceTo(mp, inside))
	require.Zero(t, geo.DistanceTo(mp, orb.Point{120, 30}))
	require.Positive(t, geo.DistanceTo(mp, orb.Point{120.045, 30.045}), "in the hole")
	require.True(t, math.IsInf(geo.DistanceToEdge(nil, inside), 1))
	seam := orb.MultiPolygon{{{{179.9, 0}, {180, 0}, {180, 1}, {179.9, 0}}}}
	require.InDelta(t, geo.Distance(orb.Point{-179.99, 0.5}, orb.Point{180, 0.5}), geo.DistanceToEdge(seam, orb.Point{-179.99, 0.5}), 0.02)
}

// A brute search along every edge must find nothing nearer.
func TestDistanceToEdgeAgainstSampling(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(45, 46))
	for range 50 {
		r := star(rnd, 8, 120.5, 30.7, 0.01)
		p := orb.Point{120.48 + rnd.Float64()*0.04, 30.68 + rnd.Float64()*0.04}
		least := math.Inf(1)
		for i := range len(r) - 1 {
			for k := range 201 {
				f := float64(k) / 200
				least = min(least, geo.Distance(p, orb.Point{r[i][0] + f*(r[i+1][0]-r[i][0]), r[i][1] + f*(r[i+1][1]-r[i][1])}))
			}
		}
		got := geo.DistanceToEdge(orb.MultiPolygon{{r}}, p)
		require.LessOrEqual(t, got, least+1e-3)
		require.InDelta(t, least, got, 3)
	}
}

func ExampleTile() {
	t := geo.TileAt(orb.Point{120.71, 30.77}, 14)
	fmt.Println(t, t.Parent(), t.Bound().Contains(orb.Point{120.71, 30.77}))
	// Output: 14/13685/6719 13/6842/3359 true
}

// The reference is the formula of the OpenStreetMap wiki, in logarithms.
func TestTilesAgainstTheFormula(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(47, 48))
	for range 5000 {
		p := orb.Point{rnd.Float64()*360 - 180, rnd.Float64()*168 - 84}
		z := rnd.IntN(20)
		n, lat := math.Exp2(float64(z)), p[1]*math.Pi/180
		x := math.Floor((p[0] + 180) / 360 * n)
		y := math.Floor((1 - math.Log(math.Tan(lat)+1/math.Cos(lat))/math.Pi) / 2 * n)
		got := geo.TileAt(p, z)
		require.Equal(t, fmt.Sprintf("%d/%.0f/%.0f", z, x, y), got.String())
		require.True(t, got.Valid())
		require.True(t, got.Bound().Contains(p))
		if z > 0 {
			require.Contains(t, got.Parent().Children(), got)
		}
	}
}

func TestTilesAtTheEdges(t *testing.T) {
	t.Parallel()
	require.Equal(t, geo.Tile{Z: 2, X: 3, Y: 0}, geo.TileAt(orb.Point{180, 90}, 2))
	require.Equal(t, geo.Tile{Z: 2, X: 0, Y: 3}, geo.TileAt(orb.Point{-200, -90}, 2))
	require.Equal(t, geo.Tile{}, geo.TileAt(orb.Point{0, 0}, -3))
	require.Equal(t, geo.MaxZoom, geo.TileAt(orb.Point{0, 0}, 99).Z)
	require.Equal(t, geo.Tile{}, geo.Tile{}.Parent())
	for _, bad := range []geo.Tile{{-1, 0, 0}, {29, 0, 0}, {1, 2, 0}, {1, 0, 2}, {1, -1, 0}, {1, 0, -1}} {
		require.False(t, bad.Valid(), bad)
	}
	require.InDelta(t, geo.MaxTileLatitude, geo.Tile{}.Bound().Max[1], 1e-12)
}

func TestTilesCovering(t *testing.T) {
	t.Parallel()
	b := orb.Bound{Min: orb.Point{120.4, 30.5}, Max: orb.Point{121, 31}}
	tiles, ok := geo.TilesCovering(b, 10, 100)
	require.True(t, ok)
	require.Equal(t, geo.TileAt(orb.Point{120.4, 31}, 10), tiles[0])
	require.Equal(t, geo.TileAt(orb.Point{121, 30.5}, 10), tiles[len(tiles)-1])
	for _, tile := range tiles {
		require.True(t, tile.Bound().Intersects(b))
	}
	_, ok = geo.TilesCovering(b, 20, 100)
	require.False(t, ok)
}

type tileVector struct {
	LonLat orb.Point `json:"lon_lat"`
	Tile   string    `json:"tile_z_x_y"`
	West   string    `json:"west"`
	South  string    `json:"south"`
	East   string    `json:"east"`
	North  string    `json:"north"`
}

func TestGoldenTiles(t *testing.T) {
	t.Parallel()
	var vectors []tileVector
	for _, p := range []orb.Point{{120.71, 30.77}, {120.48, 30.58}, {121, 31}, {-179.9, 84}, {0.1, -0.1}} {
		for _, z := range []int{0, 9, 14, 18} {
			tile := geo.TileAt(p, z)
			b := tile.Bound()
			deg := func(x float64) string { return fmt.Sprintf("%.9f", x) }
			vectors = append(vectors, tileVector{p, tile.String(), deg(b.Min[0]), deg(b.Min[1]), deg(b.Max[0]), deg(b.Max[1])})
		}
	}
	golden(t, "tiles.json", vectors)
}
