package geojson_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/geojson"
)

func ExampleAppendMultiPolygon() {
	parcel := orb.MultiPolygon{{{{120.7, 30.7}, {120.701, 30.7}, {120.70100000049, 30.701}, {120.7, 30.7}}}}
	fmt.Println(string(geojson.AppendMultiPolygon(nil, parcel)))
	// Output: {"type":"MultiPolygon","coordinates":[[[[120.7,30.7],[120.701,30.7],[120.701,30.701],[120.7,30.7]]]]}
}

func ExampleDecodeGeometry() {
	g, err := geojson.DecodeGeometry([]byte(`{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,30]]]}`))
	fmt.Println(g.GeoJSONType(), g.Bound().Max, err)
	_, err = geojson.DecodeGeometry([]byte(`{"type":"Polygon","coordinates":[[[120,30],[121,30],[121,31],[120,31]]]}`))
	fmt.Println(err)
	// Output:
	// Polygon [121 31] <nil>
	// geojson: coordinates[0] (byte 70): the ring is not closed: its last position must equal its first
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]string{
		0: "0", math.Copysign(0, -1): "0", -1e-10: "0", 1e-9: "0.000000001", -0.5: "-0.5", 120.5: "120.5",
		120.123456789: "120.123456789", 120.1234567894: "120.123456789", 120.1234567896: "120.12345679",
		0.9999999999: "1", -179.9999999999: "-180", 100: "100", 9007199: "9007199", 40573232.74586: "40573232.74586",
		1e300: "1" + strings.Repeat("0", 300), math.NaN(): "null", math.Inf(-1): "null",
	} {
		got, err := geojson.AppendGeometry(nil, orb.Point{x, 7})
		require.NoError(t, err)
		if x < 1e300 || math.IsNaN(x) {
			require.Equal(t, `{"type":"Point","coordinates":[`+want+`,7]}`, string(got))
		}
	}
	two := geojson.AppendMultiPolygonDecimals(nil, orb.MultiPolygon{{{{1.2551, -2.3512}, {0.999, -0.001}}}}, 2)
	require.Contains(t, string(two), "[[[[1.26,-2.35],[1,0]]]]")
	none := geojson.AppendMultiPolygonDecimals(nil, orb.MultiPolygon{{{{1.2, -2.3}}}}, -4)
	require.Contains(t, string(none), "[[[[1,-2]]]]")
}

// Every number is the one strconv writes, but for trailing zeros.
func TestNumbersAgainstStrconv(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(13, 14))
	for range 20000 {
		x := math.Round((rnd.Float64()*360-180)*1e9) / 1e9
		want := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.9f", x), "0"), ".")
		got, err := geojson.AppendGeometry(nil, orb.Point{x, 0})
		require.NoError(t, err)
		require.Equal(t, `{"type":"Point","coordinates":[`+want+`,0]}`, string(got))
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	require.Equal(t, `x{"type":"MultiPolygon","coordinates":[]}`, string(geojson.AppendMultiPolygon([]byte("x"), nil)))
	got, err := geojson.AppendGeometry([]byte("x"), orb.Collection{})
	require.Error(t, err)
	require.Equal(t, "x", string(got))
	got, err = geojson.AppendGeometry(nil, nil)
	require.NoError(t, err)
	require.Equal(t, "null", string(got))
}

func TestAppendGeometry(t *testing.T) {
	t.Parallel()
	ring := orb.Ring{{1, 2}, {3.5, 4}, {5, 6.25}, {1, 2}}
	const text = "[[1,2],[3.5,4],[5,6.25],[1,2]]"
	for want, g := range map[string]orb.Geometry{
		`"Point","coordinates":[1,2.5]`:                                 orb.Point{1, 2.5},
		`"MultiPoint","coordinates":[[1,2],[3,4]]`:                      orb.MultiPoint{{1, 2}, {3, 4}},
		`"LineString","coordinates":[[1,2],[3,4]]`:                      orb.LineString{{1, 2}, {3, 4}},
		`"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]`: orb.MultiLineString{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}},
		`"Polygon","coordinates":[` + text + `]`:                        ring,
		`"Polygon","coordinates":[` + text + `,` + text + `]`:           orb.Polygon{ring, ring},
		`"MultiPolygon","coordinates":[[` + text + `],[` + text + `]]`:  orb.MultiPolygon{{ring}, {ring}},
		`"Polygon","coordinates":[[[0,0],[1,0],[1,2],[0,2],[0,0]]]`:     orb.Bound{Max: orb.Point{1, 2}},
	} {
		got, err := geojson.AppendGeometry(nil, g)
		require.NoError(t, err)
		require.Equal(t, `{"type":`+want+`}`, string(got))
	}
}

func randomMultiPolygon(rnd *rand.Rand) orb.MultiPolygon {
	mp := make(orb.MultiPolygon, 1+rnd.IntN(3))
	for i := range mp {
		mp[i] = make(orb.Polygon, 1+rnd.IntN(2))
		for j := range mp[i] {
			r := make(orb.Ring, 3+rnd.IntN(5))
			for k := range r {
				r[k] = orb.Point{rnd.Float64()*360 - 180, rnd.Float64()*180 - 90}
			}
			mp[i][j] = append(r, r[0])
		}
	}
	return mp
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(15, 16))
	for range 500 {
		mp := randomMultiPolygon(rnd)
		text := geojson.AppendMultiPolygon(nil, mp)
		back, err := geojson.DecodeMultiPolygon(text)
		require.NoError(t, err)
		for i, p := range mp {
			for j, r := range p {
				for k, v := range r {
					require.InDelta(t, v[0], back[i][j][k][0], 0.500001e-9)
					require.InDelta(t, v[1], back[i][j][k][1], 0.500001e-9)
				}
			}
		}
		require.Equal(t, string(text), string(geojson.AppendMultiPolygon(nil, back)))
		one, err := geojson.DecodeMultiPolygon(geojson.AppendPolygon(nil, back[0]))
		require.NoError(t, err)
		require.Equal(t, orb.MultiPolygon{back[0]}, one)
	}
}

const square = `[[[0,0],[1,0],[1,1],[0,0]]]`

func TestDecodeAccepts(t *testing.T) {
	t.Parallel()
	want := orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}
	for _, text := range []string{
		`{"type":"Polygon","coordinates":` + square + `}`,
		"\ufeff" + `{"coordinates":` + square + `,"type":"Polygon"}` + "\n",
		` { "t\u0079pe" : "Poly\u0067on" , "coordinates" : [ [ [0 , 0.0,17],[1e0,0],[10E-1,+1],[0,0]]] } `,
		`{"bbox":[0,0,1,1],"x":{"a":[true,false,null,"\"}"],"b":{}},"type":"Polygon","coordinates":` + square + `}`,
		`{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"type":"Polygon","coordinates":` + square + `}`,
		`{"crs":{"properties":{"name":"EPSG:4490","x":1},"y":[]},"type":"Polygon","coordinates":` + square + `}`,
		`{"crs":null,"type":"Polygon","coordinates":` + square + `}`,
	} {
		text = strings.Replace(text, "+1", "1", 1)
		g, err := geojson.DecodeGeometry([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, g, text)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	polygon := func(coordinates string) string { return `{"type":"Polygon","coordinates":` + coordinates + `}` }
	for text, code := range map[string]string{
		"":                                     "syntax",
		"[]":                                   "syntax",
		"null":                                 "syntax",
		`{"type":"Polygon"`:                    "syntax",
		`{"type":"Polygon"}`:                   "not_a_geometry",
		`{"coordinates":[]}`:                   "not_a_geometry",
		`{}`:                                   "not_a_geometry",
		`{"type":"Polygon",}`:                  "syntax",
		`{"type":7,"coordinates":[]}`:          "syntax",
		polygon("[]"):                          "empty",
		polygon("[[]]"):                        "ring_too_short",
		polygon("null"):                        "syntax",
		polygon(`"x"`):                         "syntax",
		polygon("[[[0,0],[1,0],[0,0]]]"):       "ring_too_short",
		polygon("[[[0,0],[1,0],[1,1],[0,1]]]"): "ring_not_closed",
		polygon("[[[0],[1,0],[1,1],[0,1]]]"):   "position",
		polygon("[[[0,0,0,0],[1,0],[1,1],[0,1]]]"):                                                  "position",
		polygon("[[[181,0],[1,0],[1,1],[181,0]]]"):                                                  "out_of_range",
		polygon("[[[0,91],[1,0],[1,1],[0,91]]]"):                                                    "out_of_range",
		polygon("[[[30.7,120.7],[1,0],[1,1],[30.7,120.7]]]"):                                        "out_of_range",
		polygon("[[[1e999,0],[1,0],[1,1],[0,1]]]"):                                                  "not_finite",
		polygon("[[[NaN,0],[1,0],[1,1],[0,1]]]"):                                                    "syntax",
		polygon("[[[01,0],[1,0],[1,1],[0,1]]]"):                                                     "syntax",
		polygon("[[[+1,0],[1,0],[1,1],[0,1]]]"):                                                     "syntax",
		polygon("[[[1.,0],[1,0],[1,1],[0,1]]]"):                                                     "syntax",
		polygon("[[[.5,0],[1,0],[1,1],[0,1]]]"):                                                     "syntax",
		polygon("[[[0x1,0],[1,0],[1,1],[0,1]]]"):                                                    "syntax",
		polygon(square) + "x":                                                                       "trailing",
		polygon(square) + polygon(square):                                                           "trailing",
		`{"type":"Point","coordinates":[1,2]}`:                                                      "geometry_type",
		`{"type":"GeometryCollection","coordinates":[]}`:                                            "geometry_type",
		`{"type":"MultiPolygon","coordinates":[]}`:                                                  "empty",
		`{"type":"MultiPolygon","coordinates":` + square + `}`:                                      "syntax",
		`{"type":"Polygon","type":"Polygon","coordinates":` + square + `}`:                          "duplicate_member",
		`{"type":"Polygon","coordinates":` + square + `,"coordinates":` + square + `}`:              "duplicate_member",
		`{"crs":{"properties":{"name":"EPSG:4549"}},"type":"Polygon","coordinates":` + square + `}`: "crs",
		`{"crs":{"type":"link"},"type":"Polygon","coordinates":` + square + `}`:                     "crs",
		`{"crs":"EPSG:4490","type":"Polygon","coordinates":` + square + `}`:                         "syntax",
		"{\"a\nb\":1}":                         "syntax",
		`{"a\q":1}`:                            "syntax",
		`{"a`:                                  "syntax",
		`{"a\`:                                 "syntax",
		`{"a" 1}`:                              "syntax",
		strings.Repeat("[", 100_000):           "syntax",
		`{"a":` + strings.Repeat("[", 100_000): "too_deep",
		`{"a":` + strings.Repeat(`{"a":`, 100_000): "too_deep",
		polygon(strings.Repeat("[", 100_000)):      "too_deep",
	} {
		name := text[:min(len(text), 120)]
		g, err := geojson.DecodeGeometry([]byte(text))
		require.Nil(t, g, name)
		var e *geojson.Error
		require.ErrorAs(t, err, &e, name)
		require.Equal(t, code, e.Code, name)
		require.LessOrEqual(t, e.Offset, len(text))
		require.NotEmpty(t, e.ZH)
		require.NotEmpty(t, e.EN)
	}
}

func TestPathOfAFault(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,95],[0,0]]]}`:                            "coordinates[0][2]",
		`{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]],[[0,0],[1,0],[1,"x"],[0,0]]]}`: "coordinates[1][2][1]",
		`{"type":"MultiPolygon","coordinates":[` + square + `,[[[0,0],[1,0],[1,1],[2,2]]]]}`:       "coordinates[1][0]",
		`{"type":"MultiPolygon","coordinates":[` + square + `,[]]}`:                                "coordinates[1]",
		`{"type":"Point","coordinates":[1,2]}`:                                                     "coordinates",
		`{"type":"Polygon","coordinates":` + square + `}x`:                                         "",
	} {
		_, err := geojson.DecodeGeometry([]byte(text))
		var e *geojson.Error
		require.ErrorAs(t, err, &e)
		require.Equal(t, want, e.Path, text)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	text := []byte(`{"type":"Polygon","coordinates":[[[500000,3400000],[500100,3400000],[500100,3400100],[500000,3400000]]]}`)
	_, err := geojson.DecodeGeometryLimited(text, geojson.Limits{Vertices: 4, Depth: 5, Plane: true})
	require.NoError(t, err)
	for _, l := range []geojson.Limits{{Vertices: 3, Depth: 5, Plane: true}, {Vertices: 4, Depth: 3, Plane: true}, {Vertices: 4, Depth: 5}} {
		_, err := geojson.DecodeGeometryLimited(text, l)
		require.Error(t, err)
	}
}

func FuzzDecodeGeometry(f *testing.F) {
	rnd := rand.New(rand.NewPCG(17, 18))
	f.Add(geojson.AppendMultiPolygon(nil, randomMultiPolygon(rnd)))
	f.Add([]byte(`{"crs":{"properties":{"name":"EPSG:4490"}},"type":"Polygon","x":["\u0061\\",-1.5e-3,true,null,{}],"coordinates":` + square + `}`))
	f.Add([]byte(`{"type":"Point","coordinates":[1,2]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		mp, err := geojson.DecodeMultiPolygon(b)
		if err != nil {
			return
		}
		text := geojson.AppendMultiPolygon(nil, mp)
		require.True(t, json.Valid(text))
		back, err := geojson.DecodeMultiPolygon(text)
		require.NoError(t, err)
		require.Equal(t, string(text), string(geojson.AppendMultiPolygon(nil, back)))
		// Whatever is accepted must be JSON to others as well.
		require.True(t, json.Valid([]byte(strings.TrimPrefix(string(b), "\ufeff"))))
	})
}

func BenchmarkAppendMultiPolygon(b *testing.B) {
	mp := randomMultiPolygon(rand.New(rand.NewPCG(19, 20)))
	buf := make([]byte, 0, 4096)
	for b.Loop() {
		buf = geojson.AppendMultiPolygon(buf[:0], mp)
	}
	b.SetBytes(int64(len(buf)))
}
