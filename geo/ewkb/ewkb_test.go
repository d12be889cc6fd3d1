package ewkb_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	orbewkb "github.com/paulmach/orb/encoding/ewkb"
	"github.com/stretchr/testify/require"
	geomewkb "github.com/twpayne/go-geom/encoding/ewkb"

	"github.com/guatu/guatu/geo/ewkb"
)

func ExampleMarshalMultiPolygon() {
	parcel := orb.MultiPolygon{{{{120, 30}, {121, 30}, {121, 31}, {120, 30}}}}
	b, err := ewkb.MarshalMultiPolygon(parcel, 4490)
	fmt.Println(len(b), err)
	g, srid, err := ewkb.Unmarshal(b)
	fmt.Println(g.GeoJSONType(), srid, err)
	// Output:
	// 90 <nil>
	// MultiPolygon 4490 <nil>
}

// What PostGIS 3.3 answers to SELECT ST_AsEWKB(…) for these texts.
func TestPostGISBytes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]orb.Geometry{
		"01010000208A110000000000000000F03F0000000000000040": orb.Point{1, 2},
		"00200000010000118A3FF00000000000004000000000000000": orb.Point{1, 2},
		"01030000208A11000000000000":                         orb.Polygon{},
		"01060000208A11000000000000":                         orb.MultiPolygon{},
		"01020000A08A11000002000000000000000000F03F00000000000000400000000000000840000000000000104000000000000014400000000000001840": orb.LineString{{1, 2}, {4, 5}},
		"01040000208A110000010000000101000000000000000000F03F0000000000000040":                                                       orb.MultiPoint{{1, 2}},
	} {
		b := unhex(t, text)
		g, srid, err := ewkb.Unmarshal(b)
		require.NoError(t, err, text)
		require.Equal(t, 4490, srid)
		require.Equal(t, want, g)
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func randomLine(rnd *rand.Rand) []orb.Point {
	ps := make([]orb.Point, rnd.IntN(6))
	for i := range ps {
		ps[i] = orb.Point{rnd.NormFloat64() * 100, rnd.NormFloat64() * 50}
	}
	return ps
}

func randomPolygon(rnd *rand.Rand) orb.Polygon {
	p := make(orb.Polygon, rnd.IntN(3))
	for i := range p {
		p[i] = randomLine(rnd)
	}
	return p
}

func randomGeometry(rnd *rand.Rand, depth int) orb.Geometry {
	switch n := rnd.IntN(7); {
	case n == 0:
		return orb.Point{rnd.Float64(), rnd.Float64()}
	case n == 1:
		return orb.LineString(randomLine(rnd))
	case n == 2:
		return randomPolygon(rnd)
	case n == 3:
		return orb.MultiPoint(randomLine(rnd))
	case n == 4:
		return orb.MultiLineString{randomLine(rnd), randomLine(rnd)}
	case n == 5 || depth > 2:
		return orb.MultiPolygon{randomPolygon(rnd), randomPolygon(rnd)}
	default:
		return orb.Collection{randomGeometry(rnd, depth+1), randomGeometry(rnd, depth+1)}
	}
}

func TestRoundTripAndOtherCodecsAgree(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(9, 10))
	for range 3000 {
		g := randomGeometry(rnd, 0)
		srid := []int{0, 4490, 4549, 999999}[rnd.IntN(4)]
		b, err := ewkb.Marshal(g, srid)
		require.NoError(t, err)
		back, gotSRID, err := ewkb.Unmarshal(b)
		require.NoError(t, err)
		require.Equal(t, g, back)
		require.Equal(t, srid, gotSRID)
		theirs, err := orbewkb.Marshal(g, srid, binary.LittleEndian)
		require.NoError(t, err)
		require.Equal(t, theirs, b)
		big, err := orbewkb.Marshal(g, srid, binary.BigEndian)
		require.NoError(t, err)
		back, _, err = ewkb.Unmarshal(big)
		require.NoError(t, err)
		require.Equal(t, g, back)
	}
}

func TestGoGeomAgrees(t *testing.T) {
	t.Parallel()
	mp := orb.MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}, {{1, 1}, {2, 1}, {2, 2}, {1, 1}}}, {{{9, 9}, {10, 9}, {10, 10}, {9, 9}}}}
	b, err := ewkb.MarshalMultiPolygon(mp, 4490)
	require.NoError(t, err)
	g, err := geomewkb.Unmarshal(b)
	require.NoError(t, err)
	require.Equal(t, 4490, g.SRID())
	theirs, err := geomewkb.Marshal(g, geomewkb.NDR)
	require.NoError(t, err)
	back, _, err := ewkb.Unmarshal(theirs)
	require.NoError(t, err)
	require.Equal(t, mp, back)
}

func TestRingAndBoundAreWrittenAsPolygons(t *testing.T) {
	t.Parallel()
	b, err := ewkb.Marshal(orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}, 0)
	require.NoError(t, err)
	g, _, err := ewkb.Unmarshal(b)
	require.NoError(t, err)
	require.Equal(t, orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}, g)
	b, err = ewkb.Marshal(orb.Bound{Max: orb.Point{1, 2}}, 0)
	require.NoError(t, err)
	g, _, err = ewkb.Unmarshal(b)
	require.NoError(t, err)
	require.Equal(t, orb.Bound{Max: orb.Point{1, 2}}, g.Bound())
}

func TestMarshalRefuses(t *testing.T) {
	t.Parallel()
	for _, srid := range []int{-1, 1_000_000} {
		_, err := ewkb.Marshal(orb.Point{}, srid)
		require.Error(t, err)
	}
	_, err := ewkb.Marshal(nil, 0)
	require.Error(t, err)
	_, err = ewkb.Marshal(orb.Collection{nil}, 0)
	require.Error(t, err)
}

func TestUnmarshalRefuses(t *testing.T) {
	t.Parallel()
	deep := []byte{}
	for range 6 {
		deep = append(deep, 1, 7, 0, 0, 0, 1, 0, 0, 0)
	}
	for name, b := range map[string][]byte{
		"nothing":                nil,
		"byte order":             {7, 1, 0, 0, 0},
		"cut type":               {1, 1},
		"cut SRID":               {1, 1, 0, 0, 0x20, 1},
		"cut point":              {1, 1, 0, 0, 0, 1, 2, 3},
		"unknown type":           {1, 99, 0, 0, 0},
		"curve polygon":          {1, 10, 0, 0, 0, 0, 0, 0, 0},
		"two billion points":     {1, 2, 0, 0, 0, 255, 255, 255, 127},
		"four billion rings":     {1, 3, 0, 0, 0, 255, 255, 255, 255},
		"four billion polygons":  {1, 6, 0, 0, 0, 255, 255, 255, 255},
		"four billion members":   {1, 7, 0, 0, 0, 255, 255, 255, 255},
		"wrong member":           append([]byte{1, 6, 0, 0, 0, 1, 0, 0, 0}, 1, 2, 0, 0, 0, 0, 0, 0, 0),
		"member of another SRID": append([]byte{1, 6, 0, 0, 0, 1, 0, 0, 0}, 1, 3, 0, 0, 0x20, 1, 0, 0, 0, 0, 0, 0, 0),
		"bytes after":            {1, 3, 0, 0, 0, 0, 0, 0, 0, 9},
		"too deep":               deep,
	} {
		g, _, err := ewkb.Unmarshal(b)
		require.Nil(t, g, name)
		var e *ewkb.Error
		require.ErrorAs(t, err, &e, name)
		require.LessOrEqual(t, e.Offset, len(b), name)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	mp := orb.MultiPolygon{{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}}, {{{9, 9}, {10, 9}, {10, 10}, {9, 9}}}}
	b, err := ewkb.MarshalMultiPolygon(mp, 0)
	require.NoError(t, err)
	for limits, ok := range map[ewkb.Limits]bool{
		{Vertices: 8, Parts: 4, Depth: 1}: true,
		{Vertices: 7, Parts: 4, Depth: 1}: false,
		{Vertices: 8, Parts: 3, Depth: 1}: false,
		{}:                                false,
	} {
		_, _, err := ewkb.UnmarshalLimited(b, limits)
		require.Equal(t, ok, err == nil, limits)
	}
}

func TestEmptyPointIsNaN(t *testing.T) {
	t.Parallel()
	b, err := ewkb.Marshal(orb.Point{math.NaN(), math.NaN()}, 4490)
	require.NoError(t, err)
	g, _, err := ewkb.Unmarshal(b)
	require.NoError(t, err)
	p, ok := g.(orb.Point)
	require.True(t, ok)
	require.True(t, math.IsNaN(p[0]) && math.IsNaN(p[1]))
}

func FuzzUnmarshal(f *testing.F) {
	rnd := rand.New(rand.NewPCG(11, 12))
	for range 20 {
		b, err := ewkb.Marshal(randomGeometry(rnd, 0), 4490)
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		g, srid, err := ewkb.Unmarshal(b)
		if err != nil || srid > 999_999 {
			return
		}
		once, err := ewkb.Marshal(g, srid)
		require.NoError(t, err)
		back, _, err := ewkb.Unmarshal(once)
		require.NoError(t, err)
		twice, err := ewkb.Marshal(back, srid)
		require.NoError(t, err)
		require.Equal(t, once, twice)
	})
}
