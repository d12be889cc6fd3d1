package interchange

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// goodSquare is a parcel of the district in degrees.
const goodSquare = `{"type":"Polygon","coordinates":[[[120.65,30.75],[120.651,30.75],[120.651,30.751],[120.65,30.751],[120.65,30.75]]]}`

// TestOddGeoJSON gives files that stray from RFC 7946 their verdict row by row:
// each holds the geometry in question, and a good parcel.
func TestOddGeoJSON(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	good := `{"type":"Feature","properties":{"编号":"B"},"geometry":` + goodSquare + `}`
	for name, c := range map[string]struct {
		properties, geometry, why string
	}{
		"no geometry":       {`{}`, `null`, "没有图形"},
		"empty object":      {`{}`, `{}`, "没有图形"},
		"empty coordinates": {`{}`, `{"type":"Polygon","coordinates":[[]]}`, "图形是空的"},
		"null in a place":   {`{}`, `{"type":"Polygon","coordinates":[[[null,1],[2,3],[4,5],[null,1]]]}`, "不是数字"},
		"text in a place":   {`{}`, `{"type":"Polygon","coordinates":[[["120",1],[2,3],[4,5],["120",1]]]}`, "不是数字"},
		"not nested enough": {`{}`, `{"type":"Polygon","coordinates":[[120,30],[121,30],[121,31],[120,30]]}`, "层次与类型 Polygon 不符"},
		"a curve":           {`{}`, `{"type":"Curve","coordinates":[]}`, "不是面"},
		"a collection":      {`{}`, `{"type":"GeometryCollection","geometries":[` + goodSquare + `]}`, "几何集合"},
		"past the date":     {`{}`, `{"type":"Polygon","coordinates":[[[179,0],[181,0],[181,1],[179,0]]]}`, "经纬度范围"},
		"NUL":               {`{"编号":"a\u0000b"}`, goodSquare, "空字符"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":%s,"geometry":%s},%s]}`, c.properties, c.geometry, good)
			_, report := read(t, r, file(t, "odd.geojson", []byte(text)), Options{})
			require.Nil(t, report.Refusal)
			require.Equal(t, 1, report.Accepted)
			require.Len(t, report.Rejected, 1)
			require.Equal(t, 1, report.Rejected[0].Row)
			require.Contains(t, report.Rejected[0].Reason.ZH, c.why)
		})
	}
}

func TestLastOfEqualMembersCounts(t *testing.T) {
	t.Parallel()
	text := `{"type":"Feature","properties":{"编号":"A","编号":"B"},"geometry":null,"geometry":{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"point","type":"polygon"}}`
	got, _ := read(t, newReader(t), file(t, "twice.geojson", []byte(text)), Options{})
	require.Len(t, got, 1)
	require.Equal(t, "B", got[0].Code)
	require.Equal(t, "B", got[0].Attributes["编号"])
}

// TestCRSMember covers what stands in a crs member; what is not understood is asked for.
func TestCRSMember(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	for member, want := range map[string]string{
		`null`:        "EPSG:4326",
		`"EPSG:4490"`: "EPSG:4490",
		`{"type":"EPSG","properties":{"code":4490}}`:                                  "EPSG:4490",
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}}`:       "EPSG:4326",
		`{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}}`:          "EPSG:4490",
		`{"type":"link","properties":{"href":"http://example.com/x","type":"proj4"}}`: "",
		`{"type":"name","properties":{"name":"klingon"}}`:                             "",
		`[1]`: "",
	} {
		path := file(t, "crs.geojson", []byte(`{"type":"FeatureCollection","crs":`+member+`,"features":[{"type":"Feature","properties":{},"geometry":`+goodSquare+`}]}`))
		_, report := read(t, r, path, Options{})
		require.Equal(t, want, report.CRS, member)
		if want == "" {
			require.Equal(t, []string{"crs"}, report.Needs, member)
			require.Contains(t, codes(report.Findings), "crs_not_understood", member)
			_, report = read(t, r, path, Options{CRS: "4490"})
		}
		require.Equal(t, 1, report.Accepted, member)
	}
}
