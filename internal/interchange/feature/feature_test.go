package feature

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

func testLimits() Limits {
	return Limits{Bytes: 1 << 20, Depth: 32, Vertices: 1000, Columns: 20, Field: 1000}
}

const square = `{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}`

// each collects the texts, reading a byte at a time so that every edge of the window is met.
func each(t *testing.T, text string) ([]string, Top, error) {
	t.Helper()
	var got []string
	take := func(b []byte) error { got = append(got, string(b)); return nil }
	top, err := Each(iotest.OneByteReader(strings.NewReader(text)), testLimits(), take)
	var whole []string
	_, again := Each(strings.NewReader(text), testLimits(), func(b []byte) error { whole = append(whole, string(b)); return nil })
	require.Equal(t, err == nil, again == nil)
	require.Equal(t, whole, got)
	return got, top, err
}

func TestEachReadsCollectionsFeaturesAndSequences(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"collection":        {`{"type":"FeatureCollection","features":[ {"a":1} , {"b":"]}"}]}`, []string{`{"a":1}`, `{"b":"]}"}`}},
		"members after":     {`{"features":[{}],"crs":{"x":1},"type":"FeatureCollection"}`, []string{`{}`}},
		"one feature":       {`{"type":"Feature","geometry":null}`, []string{`{"type":"Feature","geometry":null}`}},
		"lines":             {"{\"a\":1}\n{\"a\":2}\r\n", []string{`{"a":1}`, `{"a":2}`}},
		"record separators": {"\x1e{\"a\":1}\n\x1e{\"a\":2}\n", []string{`{"a":1}`, `{"a":2}`}},
		"escaped quote":     {`{"a":"\"}"}`, []string{`{"a":"\"}"}`}},
		"empty collection":  {`{"features":[]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := each(t, c.text)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestEachRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, code string }{
		"nothing":         {"  \n", "empty_file"},
		"array":           {"[1,2]", "not_geojson"},
		"100,000 open":    {strings.Repeat("[", 100_000), "too_deep"},
		"deep in feature": {`{"features":[` + strings.Repeat(`{"a":`, 50), "too_deep"},
		"cut":             {`{"features":[{"a":1},{"b"`, "json_cut"},
		"no comma":        {`{"features":[{} {}]}`, "json_syntax"},
		"long":            {`{"features":["` + strings.Repeat("x", 2<<20) + `"]}`, "feature_too_big"},
		"GBK":             {"{\"features\":[{\"a\":\"\xd0\xc2\"}]}", "not_utf8"},
		"words":           {"hello", "json_syntax"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := each(t, c.text)
			f, ok := fault.As(err)
			require.True(t, ok, "%v", err)
			require.Equal(t, c.code, f.Code)
		})
	}
}

func TestTopRemembersCRSWhereverItStands(t *testing.T) {
	t.Parallel()
	_, top, err := each(t, `{"features":[],"crs":{"type":"name"},"type":"FeatureCollection"}`)
	require.NoError(t, err)
	require.JSONEq(t, `{"type":"name"}`, string(top.CRS))
	require.Equal(t, "FeatureCollection", top.Type)
	require.True(t, top.Collection)
}

func TestParseKeepsTextAsWritten(t *testing.T) {
	t.Parallel()
	rec, err := NewParser(testLimits()).Parse([]byte(`{"type":"Feature","id":7,"properties":{"n":1.50,"s":"\u79c0\t<b>","z":null,"o":{"k":[1]},"b":true},"geometry":` + square + `}`))
	require.NoError(t, err)
	require.Equal(t, []Attribute{{"n", "1.50"}, {"s", "秀\t<b>"}, {"o", `{"k":[1]}`}, {"b", "true"}, {"id", "7"}}, rec.Attributes)
	require.True(t, rec.Geometry)
	require.Equal(t, orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}, rec.Shape.Polygons)
}

func TestParseRefusesMalformedJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`{"a":01}`, `{"a":tru}`, `{"a":1,}`, `{"a":"` + "\n" + `"}`, `{"a" 1}`, `{} {}`, `{"a":[1 2]}`, `{"a":"\x"}`, ``, `{"properties":{"a":-}}`} {
		_, err := NewParser(testLimits()).Parse([]byte(text))
		require.True(t, fault.Is(err, "json_syntax"), "%q: %v", text, err)
	}
}

func TestParseShape(t *testing.T) {
	t.Parallel()
	ring := orb.Ring{{0, 0}, {1, 0}, {1, 1}, {0, 0}}
	for name, c := range map[string]struct {
		text  string
		want  orb.MultiPolygon
		z     bool
		fault string
	}{
		"polygon":           {square, orb.MultiPolygon{{ring}}, false, ""},
		"coordinates first": {`{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"}`, orb.MultiPolygon{{ring}}, false, ""},
		"height":            {`{"type":"Polygon","coordinates":[[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]]}`, orb.MultiPolygon{{ring}}, true, ""},
		"multi":             {`{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[]]}`, orb.MultiPolygon{{ring}}, false, ""},
		"empty":             {`{"type":"Polygon","coordinates":[]}`, nil, false, ""},
		"not a number":      {`{"type":"Polygon","coordinates":[[[0,NaN],[1,0]]]}`, nil, false, "bad_coordinate"},
		"C's not a number":  {`{"type":"Polygon","coordinates":[[[0,nan],[1,-inf]]]}`, nil, false, "bad_coordinate"},
		"overflow":          {`{"type":"Polygon","coordinates":[[[0,1e999],[1,0]]]}`, nil, false, "bad_coordinate"},
		"null":              {`{"type":"Polygon","coordinates":[[[0,null],[1,0]]]}`, nil, false, "bad_coordinate"},
		"one number":        {`{"type":"Polygon","coordinates":[[[0],[1,0]]]}`, nil, false, "bad_coordinate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := ParseShape([]byte(c.text), testLimits())
			if c.fault != "" {
				require.NotNil(t, s.Fault)
				require.Equal(t, c.fault, s.Fault.Code)
				return
			}
			require.Nil(t, s.Fault)
			require.Equal(t, c.want, s.Polygons)
			require.Equal(t, c.z, s.Z)
		})
	}
	require.Empty(t, ParseShape(nil, testLimits()).Kind)
}

func FuzzEach(f *testing.F) {
	for _, s := range []string{`{"type":"FeatureCollection","features":[` + square + `]}`, square, "\x1e{}\n", `{"features":[{"properties":{"a":"\u00e9"}}]}`, `{"crs":{},"features":[[[[`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		parser := NewParser(testLimits())
		_, err := Each(bytes.NewReader(text), testLimits(), func(b []byte) error {
			rec, err := parser.Parse(b)
			fresh, again := NewParser(testLimits()).Parse(b)
			require.Equal(t, again, err)
			if err == nil { // buffers used before must leave no trace
				require.Equal(t, fresh.Shape, rec.Shape)
				require.True(t, slices.Equal(fresh.Attributes, rec.Attributes))
			}
			return nil
		})
		if _, ok := fault.As(err); err != nil && !ok {
			t.Fatalf("not a fault: %v", err)
		}
	})
}
