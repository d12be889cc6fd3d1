package interchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/internal/fault"
)

func codes(fs []Finding) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Code)
	}
	return out
}

// featureText is one GeoJSON feature in EPSG:4549 metres.
func featureText(properties, coordinates string) string {
	return `{"type":"Feature","properties":{` + properties + `},"geometry":{"type":"Polygon","coordinates":` + coordinates + `}}`
}

func metresFile(t *testing.T, features ...string) string {
	t.Helper()
	return file(t, "m.geojson", []byte(`{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4549"}},"features":[`+strings.Join(features, ",")+`]}`))
}

const (
	bowtie = `[[[567000,3403000],[567100,3403100],[567100,3403000],[567000,3403100],[567000,3403000]]]`
	// tee has a hole whose corner lies on the middle of the shell's edge.
	tee    = `[[[567000.1,3403000.3],[567100.7,3403000.3],[567100.7,3403100.9],[567000.1,3403100.9],[567000.1,3403000.3]],[[567000.1,3403050.6],[567030.4,3403040.2],[567030.4,3403060.8],[567000.1,3403050.6]]]`
	simple = `[[[567200,3403000],[567300,3403000],[567300,3403100],[567200,3403100],[567200,3403000]]]`
)

func TestSelfIntersectionIsRejectedWithItsPlace(t *testing.T) {
	t.Parallel()
	_, report := read(t, newReader(t), metresFile(t, featureText(`"编号":"A"`, bowtie), featureText(`"编号":"B"`, simple)), Options{})
	require.Equal(t, 1, report.Accepted)
	require.Len(t, report.Rejected, 1)
	bad := report.Rejected[0]
	require.Equal(t, 1, bad.Row)
	require.Equal(t, "A", bad.Code)
	require.Contains(t, bad.Reason.ZH, "相交")
	require.NotNil(t, bad.Place)
	want := crs.GaussKruger3(40, false).Inverse(orb.Point{567050, 3403050})
	require.Less(t, geo.Distance(want, *bad.Place), 0.01)
}

func TestRepairMendsAndSaysByHowMuch(t *testing.T) {
	t.Parallel()
	for name, epsg := range map[string]string{"here": "EPSG:4549", "by the child": "EPSG:2437"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := `{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"` + epsg + `"}},"features":[` +
				featureText(`"编号":"A"`, bowtie) + "," + featureText(`"编号":"B"`, simple) + "," + featureText(`"编号":"C"`, `[[[567000,3403000],[567100,3403100],[567000,3403000]]]`) + `]}`
			got, report := read(t, newReader(t), file(t, "r.geojson", []byte(text)), Options{Repair: true})
			require.Nil(t, report.Refusal)
			require.Equal(t, 2, report.Accepted)
			require.Equal(t, 1, report.Repaired)
			require.Len(t, report.Rejected, 1)
			require.Equal(t, 3, report.Rejected[0].Row)
			require.Len(t, got[0].Geometry, 2)
			require.InDelta(t, 5000, geo.GeodesicArea(got[0].Geometry).SquareMetres(), 2)
			i := slices.Index(codes(report.Findings), "repaired")
			require.GreaterOrEqual(t, i, 0)
			require.Equal(t, 1, report.Findings[i].Row)
			require.Contains(t, report.Findings[i].Text.ZH, "面积由 0.00 亩变为 7.")
			require.Regexp(t, `（\+(49|50)\d\d\.\d+ 平方米）`, report.Findings[i].Text.ZH)
		})
	}
}

func TestATouchSurvivesTheProjection(t *testing.T) {
	t.Parallel()
	got, report := read(t, newReader(t), metresFile(t, featureText(`"编号":"A"`, tee)), Options{})
	require.Equal(t, 1, report.Accepted, "%+v", report.Rejected)
	plane := crs.MultiPolygon(got[0].Geometry, crs.GaussKruger3(40, false).Forward)
	require.InDelta(t, 100.6*100.6-30.3*20.6/2, orbArea(plane), 1e-4)
}

// orbArea is the plane area.
func orbArea(mp orb.MultiPolygon) float64 {
	sum := 0.0
	for _, p := range mp {
		for i, r := range p {
			a := size(r) / 2
			if i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

func TestDuplicates(t *testing.T) {
	t.Parallel()
	other := strings.ReplaceAll(simple, "5672", "5674")
	other = strings.ReplaceAll(other, "5673", "5675")
	turned := `[[[567300,3403100],[567200,3403100],[567200,3403000],[567300,3403000],[567300,3403100]]]`
	_, report := read(t, newReader(t), metresFile(t,
		featureText(`"编号":"A"`, simple), featureText(`"编号":"A"`, other), featureText(`"编号":"B"`, turned), featureText(`"x":1`, other), featureText(`"x":1`, other)), Options{})
	require.Equal(t, 3, report.Accepted)
	require.Equal(t, []int{2, 5}, []int{report.Rejected[0].Row, report.Rejected[1].Row})
	require.Contains(t, report.Rejected[0].Reason.ZH, "编号“A”与第 1 行重复")
	require.Contains(t, report.Rejected[1].Reason.ZH, "与第 4 行完全相同")
	require.Contains(t, codes(report.Findings), "same_shape")
}

func TestOverlapIsFoundAndMeasured(t *testing.T) {
	t.Parallel()
	over := `[[[567250,3403000],[567350,3403000],[567350,3403100],[567250,3403100],[567250,3403000]]]`
	_, report := read(t, newReader(t), metresFile(t, featureText(`"编号":"A"`, simple), featureText(`"编号":"B"`, over)), Options{})
	require.Equal(t, 2, report.Accepted)
	require.Len(t, report.Findings, 1)
	require.Equal(t, "overlap_in_file", report.Findings[0].Code)
	require.Equal(t, 2, report.Findings[0].Row)
	require.Contains(t, report.Findings[0].Text.ZH, "7.50 亩")
	require.NotNil(t, report.Findings[0].Place)
}

// commonArea is what two shapes have in common.
func commonArea(a, b orb.MultiPolygon) (float64, orb.Point) {
	w, ok := common(boundOf(a), boundOf(b))
	if !ok {
		return 0, orb.Point{}
	}
	m2, place, _ := new(lap).of(a, b, w)
	return m2, place
}

func TestCommonArea(t *testing.T) {
	t.Parallel()
	grid := crs.GaussKruger3(40, false)
	at := func(rs ...orb.Ring) orb.MultiPolygon {
		return crs.MultiPolygon(orb.MultiPolygon{rs}, grid.Inverse)
	}
	big := at(box(567000, 3403000, 100), box(567040, 3403040, 20))
	for name, c := range map[string]struct {
		a, b orb.MultiPolygon
		want float64
	}{
		"itself":            {big, big, 9600},
		"in the hole":       {big, at(box(567045, 3403045, 10)), 0},
		"over the hole":     {big, at(box(567030, 3403030, 40)), 1200},
		"beside":            {big, at(box(567100, 3403000, 100)), 0},
		"half":              {big, at(box(567050, 3402950, 100)), 2500 - 100},
		"diamond on square": {at(box(567000, 3403000, 100)), at(orb.Ring{{567050, 3402990}, {567110, 3403050}, {567050, 3403110}, {566990, 3403050}, {567050, 3402990}}), 7200 - 400},
		"far away":          {big, at(box(569000, 3403000, 100)), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, place := commonArea(c.a, c.b)
			two, _ := commonArea(c.b, c.a)
			require.InDelta(t, one, two, 0.01)
			require.InDelta(t, c.want, one, 0.2+c.want*2e-4)
			if c.want > 0 {
				require.Equal(t, geo.Inside, geo.Locate(c.a, place))
				require.Equal(t, geo.Inside, geo.Locate(c.b, place))
			}
		})
	}
}

func TestHeightsAreDroppedWithAWord(t *testing.T) {
	t.Parallel()
	high := strings.ReplaceAll(simple, "],", ",7.5],")
	got, report := read(t, newReader(t), metresFile(t, featureText(`"编号":"A"`, high)), Options{})
	require.Len(t, got, 1)
	require.Equal(t, []string{"z_dropped"}, codes(report.Findings))
}

func TestNothingIsGuessed(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	bare := func(c string) string { return `{"type":"Polygon","coordinates":` + c + `}` }
	prefixed := strings.NewReplacer("5672", "405672", "5673", "405673").Replace(simple)
	swapped := `[[[3403000,567200],[3403000,567300],[3403100,567300],[3403100,567200],[3403000,567200]]]`
	latFirst := `[[[30.75,120.65],[30.76,120.65],[30.76,120.66],[30.75,120.65]]]`
	for name, c := range map[string]struct{ text, crs, code, zh string }{
		"metres":              {bare(simple), "", "needs_crs", ""},
		"metres as degrees":   {bare(simple), "4490", "crs_mismatch", ""},
		"prefix, 4549":        {bare(prefixed), "4549", "crs_mismatch", "带号 40"},
		"no prefix, 4528":     {bare(simple), "4528", "crs_mismatch", ""},
		"north first":         {bare(swapped), "4549", "crs_mismatch", "北坐标在前"},
		"latitude first":      {bare(latFirst), "4490", "crs_mismatch", "纬度在前"},
		"no such system":      {bare(simple), "4711x", "unknown_crs", ""},
		"file says otherwise": {`{"type":"Feature","properties":{},"crs":{"type":"name","properties":{"name":"EPSG:4549"}},"geometry":` + bare(prefixed) + `}`, "", "crs_mismatch", "带号 40"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, report := read(t, r, file(t, "n.geojson", []byte(c.text)), Options{CRS: c.crs})
			require.NotNil(t, report.Refusal, "%+v", report)
			require.Equal(t, c.code, report.Refusal.Code)
			require.Contains(t, report.Refusal.ZH, c.zh)
			require.Equal(t, c.code != "unknown_crs", slices.Contains(report.Needs, "crs"))
		})
	}
}

func TestMapAndItsMistakes(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	path := metresFile(t, featureText(`"a":"1","b":"厂"`, simple))
	got, report := read(t, r, path, Options{Map: map[string]string{"code": "a", "label": "b"}})
	require.Equal(t, "1", got[0].Code)
	require.Equal(t, "厂", got[0].Label)
	require.Empty(t, report.Findings)
	_, report = read(t, r, path, Options{})
	require.Equal(t, []string{"no_code_column"}, codes(report.Findings))
	_, report = read(t, r, path, Options{Map: map[string]string{"code": "c"}})
	require.Equal(t, "no_such_column", report.Refusal.Code)
	_, report = read(t, r, path, Options{Map: map[string]string{"colour": "a"}})
	require.Equal(t, "unknown_field", report.Refusal.Code)
	_, report = read(t, r, file(t, "x.csv", []byte("WKT\n")), Options{Encoding: "klingon"})
	require.Equal(t, "unknown_encoding", report.Refusal.Code)
}

func TestColumnsAreFound(t *testing.T) {
	t.Parallel()
	for want, columns := range map[string][]string{
		"地块编号": {"序号", "地块编号", "编号"}, "DKBH": {"BSM", "DKBH"}, "Parcel_No": {"id", "Parcel_No"}, "不动产单元": {"不动产单元"}, "图斑编": {"图斑编"},
		"": {"面积", "用途", "id"},
	} {
		require.Equal(t, want, pick(columns, sureCodes()), columns)
	}
}

func TestErrorsOfTheCallerComeBack(t *testing.T) {
	t.Parallel()
	own := fault.New(fault.KindConflict, "own", "自己的", "own")
	r := newReader(t)
	path := metresFile(t, featureText(`"编号":"A"`, simple))
	_, err := r.Read(context.Background(), path, "m.geojson", Options{}, func(Feature) error { return own })
	require.ErrorIs(t, err, own)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errors.New("gone"))
	_, err = r.Read(ctx, data(t, "import-cases/files/xz_base_30.kml"), "a.kml", Options{}, func(Feature) error { return nil })
	require.ErrorContains(t, err, "gone")
	_, err = r.Read(context.Background(), path+"x", "m.geojson", Options{}, func(Feature) error { return nil })
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestLimitsHaveWords(t *testing.T) {
	t.Parallel()
	path := metresFile(t, featureText(`"编号":"A"`, simple), featureText(`"编号":"B"`, tee))
	for code, l := range map[string]Limits{
		"file_too_large": {FileBytes: 100}, "too_many_features": {Features: 1}, "too_many_vertices": {Vertices: 8},
		"feature_too_big": {FeatureBytes: 150}, "too_deep": {Depth: 3}, "field_too_long": {FieldBytes: 0},
	} {
		if code == "field_too_long" {
			continue // has a test of its own in package feature
		}
		r, err := NewReader(Config{Limits: l})
		require.NoError(t, err)
		_, report := read(t, r, path, Options{})
		require.NotNil(t, report.Refusal, code)
		require.Equal(t, code, report.Refusal.Code)
	}
	r, err := NewReader(Config{Limits: Limits{VerticesOfFeature: 6, Listed: 1}})
	require.NoError(t, err)
	_, report := read(t, r, path, Options{})
	require.Equal(t, 1, report.Accepted)
	require.Contains(t, report.Rejected[0].Reason.ZH, "顶点超过 6 个")
}

func TestReportAsJSON(t *testing.T) {
	t.Parallel()
	_, report := read(t, newReader(t), metresFile(t, featureText(`"编号":"A"`, bowtie), featureText(`"编号":"B"`, simple)), Options{})
	b, err := json.Marshal(report)
	require.NoError(t, err)
	require.Contains(t, string(b), `"needs":[]`)
	require.Regexp(t, `"place":\[120\.\d+,30\.\d+\]`, string(b))
	require.Contains(t, string(b), `"rejected":[{"row":1,"code":"A","reason":{"zh":`)
}

func TestFarAwayAndGCJ02(t *testing.T) {
	t.Parallel()
	district := orb.Bound{Min: orb.Point{120.70, 30.74}, Max: orb.Point{120.7035, 30.7435}}
	sent := crs.ToGCJ02(orb.Point{120.703, 30.7405})
	text := fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]f,%[2]f],[%[3]f,%[2]f],[%[3]f,%[4]f],[%[1]f,%[2]f]]]}`, sent[0], sent[1], sent[0]+0.0002, sent[1]+0.0002)
	path := file(t, "g.geojson", []byte(text))
	_, report := read(t, newReader(t), path, Options{District: district})
	i := slices.Index(codes(report.Findings), "far_away")
	require.GreaterOrEqual(t, i, 0)
	require.Contains(t, report.Findings[i].Text.ZH, "GCJ-02")
	got, report := read(t, newReader(t), path, Options{District: district, CRS: "GCJ-02"})
	require.NotContains(t, codes(report.Findings), "far_away")
	require.Equal(t, "GCJ-02", report.CRS)
	require.Less(t, geo.Distance(got[0].Geometry[0][0][0], orb.Point{120.703, 30.7405}), 0.2)
	require.True(t, LooksLikeGCJ02(orb.Point{120.703, 30.7405}, sent))
	require.False(t, LooksLikeGCJ02(orb.Point{120.703, 30.7405}, orb.Point{120.703, 30.7405}))
	require.False(t, LooksLikeGCJ02(orb.Point{120.703, 30.7405}, crs.FromGCJ02(orb.Point{120.703, 30.7405})))
}

// TestJTSVerdicts compares row by row with what JTS and PostGIS say of each case.
func TestJTSVerdicts(t *testing.T) {
	t.Parallel()
	cases := tableOf(t, "import-cases/jts_cases_shared.csv")
	got, report := read(t, newReader(t), data(t, "import-cases/files/jts_valid_shared.geojson"), Options{})
	accepted := map[string]bool{}
	for _, f := range got {
		accepted[f.Code] = true
	}
	require.NotEmpty(t, cases)
	for _, c := range cases {
		require.Equal(t, c["postgis_valid"] == "true" || c["postgis_valid"] == "t" || c["postgis_valid"] == "True", accepted[c["parcel_no"]], "%v", c)
	}
	for _, bad := range report.Rejected {
		require.NotNil(t, bad.Place, "%+v", bad)
	}
}

// TestNaughtyNamesComeBackByteForByte compares with the JSON decoder of the standard library.
func TestNaughtyNamesComeBackByteForByte(t *testing.T) {
	t.Parallel()
	path := data(t, "import-cases/files/naughty_names_shared.geojson")
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	var doc struct {
		Features []struct{ Properties map[string]string }
	}
	require.NoError(t, json.Unmarshal(b, &doc))
	got, _ := read(t, newReader(t), path, Options{})
	require.Len(t, got, len(doc.Features))
	for i, f := range doc.Features {
		require.Equal(t, f.Properties["name"], got[i].Label)
		require.Equal(t, f.Properties["name"], got[i].Attributes["name"])
	}
}

func TestChineseTownsWhateverTheEncoding(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	towns := "新城街道/嘉北街道/塘汇街道/高照街道/王江泾镇/油车港镇/新塍镇/王店镇/洪合镇"
	for name, encoding := range map[string]string{
		"xz_gbk_ldid77_nocpg_4549.shp.zip": "GBK", "xz_gbk_nohint_4490.shp.zip": "GB18030", "xz_utf8_cpg_65001.shp.zip": "UTF-8",
	} {
		got, report := read(t, r, data(t, "import-cases/files/"+name), Options{})
		require.Equal(t, encoding, report.Encoding)
		var found []string
		for _, f := range got {
			for _, v := range f.Attributes {
				if strings.Contains(towns, v) && len(v) > 6 {
					found = append(found, v)
				}
			}
		}
		require.ElementsMatch(t, strings.Split(towns, "/"), found, name)
	}
	_, report := read(t, r, data(t, "import-cases/files/xz_gbk_nohint_4490.shp.zip"), Options{Encoding: "UTF-8"})
	require.Contains(t, codes(report.Findings), "encoding_doubtful")
}

func TestPointsAreNoBoundary(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	_, report := read(t, r, file(t, "p.csv", []byte("name,lon,lat\na,120.1,30.1\nb,120.2,30.1\nc,120.2,30.2\n")), Options{CRS: "4490"})
	require.Equal(t, "no_geometry_column", report.Refusal.Code)
	_, report = read(t, r, file(t, "q.csv", []byte("id,lon,lat\n1,120.1,30.1\n1,120.2,30.1\n1,120.2,30.2\n2,120.1,30.1\n")), Options{CRS: "4490"})
	require.Equal(t, "nothing_to_import", report.Refusal.Code)
	require.Contains(t, report.Rejected[0].Reason.ZH, "没有首尾闭合")
	_, report = read(t, r, file(t, "r.csv", []byte("id,点号,lon,lat\n1,1,120.1,30.1\n1,2,120.2,30.1\n1,3,120.2,30.2\n2,1,120.1,30.1\n")), Options{CRS: "4490"})
	require.Equal(t, 1, report.Accepted)
	require.Len(t, report.Rejected, 1)
}

func TestOldDatumsAreSaid(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	for epsg, word := range map[string]string{"EPSG:2385": "1980西安", "EPSG:2437": "1954北京", "EPSG:4610": "1980西安", "EPSG:4214": "1954北京"} {
		path := made(t, "a.gpkg", "-t_srs", epsg)
		_, report := read(t, r, path, Options{})
		require.Equal(t, 3, report.Accepted, epsg)
		i := slices.Index(codes(report.Findings), "datum_approximate")
		require.GreaterOrEqual(t, i, 0, epsg)
		require.Contains(t, report.Findings[i].Text.ZH, word)
	}
	_, report := read(t, r, made(t, "b.gpkg", "-t_srs", "EPSG:4549"), Options{})
	require.NotContains(t, codes(report.Findings), "datum_approximate")
}
