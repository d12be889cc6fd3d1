package interchange

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/geo/ewkb"
)

// corner is the south-west corner of parcel i, in EPSG:4549.
func corner(i int) (x, y float64) { return 567000 + float64(i)*200, 3403000 }

// squares are n parcels of 100 m by 100 m, the second with a hole of 20 m by 20 m.
func squares(n int) []orb.Polygon {
	var out []orb.Polygon
	for i := range n {
		x, y := corner(i)
		p := orb.Polygon{box(x, y, 100)}
		if i == 1 {
			p = append(p, box(x+40, y+40, 20))
		}
		out = append(out, p)
	}
	return out
}

func box(x, y, side float64) orb.Ring {
	return orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
}

// lonLat are the squares in EPSG:4490.
func lonLat(ps []orb.Polygon) []orb.Polygon {
	var out []orb.Polygon
	for _, p := range ps {
		out = append(out, crs.Polygon(p, crs.GaussKruger3(40, false).Inverse))
	}
	return out
}

// rings writes the rings of a polygon with the separators of a notation.
func rings(p orb.Polygon, open, point, pair, ring, end string) string {
	var rs []string
	for _, r := range p {
		var ps []string
		for _, q := range r {
			ps = append(ps, fmt.Sprintf("%s%.12f%s%.12f%s", map[bool]string{true: "["}[open == "[["], q[0], pair, q[1], map[bool]string{true: "]"}[open == "[["]))
		}
		rs = append(rs, strings.Join(ps, point))
	}
	return open + strings.Join(rs, ring) + end
}

func wkt(p orb.Polygon) string { return "POLYGON" + rings(p, "((", ",", " ", "),(", "))") }

func geometryJSON(p orb.Polygon) string {
	return `{"type":"Polygon","coordinates":` + rings(p, "[[", ",", ",", "],[", "]]") + `}`
}

// collection is GeoJSON of the parcels with codes and Chinese names.
func collection(ps []orb.Polygon, crsMember, between string) string {
	var fs []string
	for i, p := range ps {
		fs = append(fs, fmt.Sprintf(`{"type":"Feature","properties":{"地块编号":"XZ-%d","名称":"纺织厂%d号"},"geometry":%s}`, i+1, i+1, geometryJSON(p)))
	}
	if between == "\n" {
		return strings.Join(fs, between) + between
	}
	return `{"type":"FeatureCollection",` + crsMember + `"features":[` + strings.Join(fs, between) + `]}`
}

func gbk(t *testing.T, s string) []byte {
	t.Helper()
	b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(s))
	require.NoError(t, err)
	return b
}

// file writes content under a name of its own.
func file(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

// made has ogr2ogr convert the parcels to another format.
func made(t *testing.T, name string, args ...string) string {
	t.Helper()
	in := file(t, "in.geojson", []byte(collection(lonLat(squares(3)), "", ",")))
	out := filepath.Join(filepath.Dir(in), name)
	b, err := exec.CommandContext(t.Context(), "ogr2ogr", append(args, out, in)...).CombinedOutput()
	require.NoError(t, err, string(b))
	return out
}

// workbook makes an Excel file of a table.
func workbook(t *testing.T, csv string) string {
	t.Helper()
	in := file(t, "in.csv", []byte(csv))
	out := filepath.Join(filepath.Dir(in), "a.xlsx")
	b, err := exec.CommandContext(t.Context(), "ogr2ogr", "-f", "XLSX", "-oo", "GEOM_POSSIBLE_NAMES=none", "-oo", "AUTODETECT_TYPE=NO", out, in).CombinedOutput()
	require.NoError(t, err, string(b))
	return out
}

func table(header, separator string, row func(i int, p orb.Polygon) string, ps []orb.Polygon) string {
	rows := []string{header}
	for i, p := range ps {
		rows = append(rows, strings.ReplaceAll(row(i, p), "\t", separator))
	}
	return strings.Join(rows, "\n") + "\n"
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// TestFormats reads the same three parcels out of every form they may come in.
func TestFormats(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	ps := lonLat(squares(3))
	var want []Feature
	for i, p := range ps {
		want = append(want, Feature{Row: i + 1, Code: fmt.Sprintf("XZ-%d", i+1), Label: fmt.Sprintf("纺织厂%d号", i+1), Geometry: orb.MultiPolygon{p}})
	}
	metres := squares(3)
	plain := collection(ps, "", ",")
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	require.NoError(t, err)
	header := "地块编号,名称,WKT"
	line := func(i int, p orb.Polygon) string {
		return fmt.Sprintf("XZ-%d\t纺织厂%d号\t%s", i+1, i+1, quoted(wkt(p)))
	}
	for name, c := range map[string]struct {
		path string
		opts Options
	}{
		"geojson":               {file(t, "a.geojson", []byte(plain)), Options{}},
		"geojson, wrong name":   {file(t, "a.kml", []byte(plain)), Options{}},
		"geojson, no name":      {file(t, "upload", []byte(plain)), Options{}},
		"geojson, mark":         {file(t, "b.json", []byte("\ufeff"+plain)), Options{}},
		"geojson, GBK":          {file(t, "c.geojson", gbk(t, plain)), Options{}},
		"geojson, UTF-16":       {file(t, "d.geojson", []byte(utf16)), Options{}},
		"geojson, lines":        {file(t, "e.geojsonl", []byte(collection(ps, "", "\n"))), Options{}},
		"geojson, separators":   {file(t, "f.json", []byte("\x1e"+strings.ReplaceAll(collection(ps, "", "\n"), "\n{", "\n\x1e{"))), Options{}},
		"geojson, crs metres":   {file(t, "g.geojson", []byte(collection(metres, `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}},`, ","))), Options{}},
		"geojson, crs name":     {file(t, "h.geojson", []byte(collection(ps, `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},`, ","))), Options{}},
		"geojson, metres asked": {file(t, "i.geojson", []byte(collection(metres, "", ","))), Options{CRS: "4549"}},
		"geojson in a zip":      {file(t, "j.zip", zipped(t, map[string][]byte{"x/a.geojson": []byte(plain), "readme.txt": []byte("x")})), Options{}},
		"geopackage":            {made(t, "a.gpkg"), Options{}},
		"flatgeobuf":            {made(t, "a.fgb", "-lco", "SPATIAL_INDEX=NO"), Options{}},
		"flatgeobuf 4549":       {made(t, "b.fgb", "-lco", "SPATIAL_INDEX=NO", "-t_srs", "EPSG:4549"), Options{}},
		"kml":                   {made(t, "a.kml", "-f", "LIBKML"), Options{}},
		"kmz":                   {made(t, "a.kmz", "-f", "LIBKML"), Options{}},
		"shapefile":             {shapefileZip(t, "-lco", "ENCODING=GBK"), Options{}},
		"shapefile 4528":        {shapefileZip(t, "-lco", "ENCODING=UTF-8", "-t_srs", "EPSG:4528"), Options{}},
		"shapefile UTM":         {shapefileZip(t, "-lco", "ENCODING=GBK", "-t_srs", "EPSG:32651"), Options{}},
		"shapefile Mercator":    {shapefileZip(t, "-lco", "ENCODING=GBK", "-t_srs", "EPSG:3857"), Options{}},
		"csv":                   {file(t, "a.csv", []byte(table(header, ",", line, ps))), Options{CRS: "4490"}},
		"csv, GBK":              {file(t, "b.csv", gbk(t, table(header, ",", line, metres))), Options{CRS: "4549"}},
		"csv, mark, semicolon":  {file(t, "c.csv", []byte("\ufeff"+table(strings.ReplaceAll(header, ",", ";"), ";", line, ps))), Options{CRS: "EPSG:4490"}},
		"csv, tabs":             {file(t, "d.tsv", []byte(table(strings.ReplaceAll(header, ",", "\t"), "\t", line, ps))), Options{CRS: "CGCS2000"}},
		"csv, EWKT": {file(t, "e.csv", []byte(table(header, ",", func(i int, p orb.Polygon) string {
			return fmt.Sprintf("XZ-%d\t纺织厂%d号\t%s", i+1, i+1, quoted("SRID=4490;"+wkt(p)))
		}, ps))), Options{}},
		"csv, EWKB": {file(t, "f.csv", []byte(table("地块编号,名称,geom", ",", func(i int, p orb.Polygon) string {
			b, err := ewkb.Marshal(p, 4490)
			require.NoError(t, err)
			return fmt.Sprintf("XZ-%d\t纺织厂%d号\t%s", i+1, i+1, hex.EncodeToString(b))
		}, ps))), Options{CRS: "4490"}},
		"csv, GeoJSON": {file(t, "g.csv", []byte(table("地块编号,名称,geometry", ",", func(i int, p orb.Polygon) string {
			return fmt.Sprintf("XZ-%d\t纺织厂%d号\t%s", i+1, i+1, quoted(geometryJSON(p)))
		}, ps))), Options{CRS: "4490"}},
		"csv, list": {file(t, "h.csv", []byte(table("地块编号,名称,坐标", ",", func(i int, p orb.Polygon) string {
			return fmt.Sprintf("XZ-%d\t纺织厂%d号\t%s", i+1, i+1, quoted(rings(p, "", ";", ",", "|", "")))
		}, ps))), Options{CRS: "4490"}},
		"csv, arrays": {file(t, "i.csv", []byte(table("地块编号,名称,coordinates", ",", func(i int, p orb.Polygon) string {
			return fmt.Sprintf("XZ-%d\t纺织厂%d号\t%s", i+1, i+1, quoted(rings(p, "[[", ",", ",", "],[", "]]")))
		}, ps))), Options{CRS: "4490"}},
		"csv, vertices":           {file(t, "j.csv", []byte(vertexRows(ps, "地块编号,名称,圈号,经度,纬度", false))), Options{CRS: "4490"}},
		"csv, surveyors vertices": {file(t, "k.csv", []byte(vertexRows(metres, "地块编号,名称,圈号,X,Y", true))), Options{CRS: "4549"}},
		"excel":                   {workbook(t, table(header, ",", line, ps)), Options{CRS: "4490"}},
		"landtxt":                 {file(t, "a.txt", gbk(t, landText3())), Options{}},
		"landtxt in a zip":        {file(t, "b.zip", zipped(t, map[string][]byte{"勘测.txt": []byte(landText3())})), Options{}},
		"dxf":                     {file(t, "a.dxf", []byte(drawing(metres, true))), Options{CRS: "4549"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, report := read(t, r, c.path, c.opts)
			require.Nil(t, report.Refusal)
			require.Empty(t, report.Rejected)
			if report.Format == "dxf" { // a drawing has no codes, and holes are parcels of their own
				require.Len(t, got, 4)
				return
			}
			same(t, want, got, 0.002)
			for i, f := range got {
				require.Equal(t, want[i].Label, f.Label)
				require.Equal(t, want[i].Row, f.Row)
			}
		})
	}
}

// shapefileZip makes a shapefile and packs it.
func shapefileZip(t *testing.T, args ...string) string {
	t.Helper()
	shp := made(t, "a.shp", args...)
	files := map[string][]byte{}
	for _, ext := range []string{".shp", ".shx", ".dbf", ".prj"} {
		b, err := os.ReadFile(strings.TrimSuffix(shp, ".shp") + ext)
		require.NoError(t, err)
		files["数据/"+strings.ToUpper("a"+ext)] = b
	}
	return file(t, "a.zip", zipped(t, files))
}

func vertexRows(ps []orb.Polygon, header string, northFirst bool) string {
	var b strings.Builder
	b.WriteString(header + "\n")
	for i, p := range ps {
		for k, r := range p {
			for _, q := range r {
				if northFirst {
					q[0], q[1] = q[1], q[0]
				}
				fmt.Fprintf(&b, "XZ-%d,纺织厂%d号,%d,%.12f,%.12f\n", i+1, i+1, k+1, q[0], q[1])
			}
		}
	}
	return b.String()
}

func landText3() string {
	var b strings.Builder
	b.WriteString("[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=40\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n")
	for i, p := range squares(3) {
		n := 0
		for _, r := range p {
			n += len(r)
		}
		fmt.Fprintf(&b, "%d,1.0000,XZ-%d,纺织厂%d号,面,H51,工业用地,,@\n", n, i+1, i+1)
		for k, r := range p {
			for m, q := range r {
				fmt.Fprintf(&b, "J%d,%d,%.4f,%.4f\n", m+1, k+1, q[1], q[0]+40e6)
			}
		}
	}
	return b.String()
}

// drawing is a DXF of the rings as polylines, closed or not.
func drawing(ps []orb.Polygon, closed bool) string {
	var b strings.Builder
	b.WriteString("0\nSECTION\n2\nENTITIES\n")
	for _, p := range ps {
		for _, r := range p {
			r = r[:len(r)-1]
			fmt.Fprintf(&b, "0\nLWPOLYLINE\n100\nAcDbEntity\n8\n地块\n100\nAcDbPolyline\n90\n%d\n70\n%d\n", len(r), map[bool]int{true: 1}[closed])
			for _, q := range r {
				fmt.Fprintf(&b, "10\n%.4f\n20\n%.4f\n", q[0], q[1])
			}
		}
	}
	b.WriteString("0\nENDSEC\n0\nEOF\n")
	return b.String()
}

func TestOpenPolylinesAndCirclesAreNoParcels(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	_, report := read(t, r, file(t, "open.dxf", []byte(drawing(squares(2), false))), Options{CRS: "4549"})
	require.Equal(t, "nothing_to_import", report.Refusal.Code)
	require.Contains(t, report.Rejected[0].Reason.ZH, "没有闭合")
	circle := "0\nSECTION\n2\nENTITIES\n0\nCIRCLE\n100\nAcDbEntity\n8\n0\n100\nAcDbCircle\n10\n567000\n20\n3403000\n40\n10\n0\nENDSEC\n0\nEOF\n"
	_, report = read(t, r, file(t, "circle.dxf", []byte(circle)), Options{CRS: "4549"})
	require.Equal(t, "nothing_to_import", report.Refusal.Code)
}

func TestSeveralShapefilesAreAskedAbout(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	shp := made(t, "a.shp")
	files := map[string][]byte{}
	for _, ext := range []string{".shp", ".shx", ".dbf", ".prj"} {
		b, err := os.ReadFile(strings.TrimSuffix(shp, ".shp") + ext)
		require.NoError(t, err)
		files["north"+ext], files["south"+ext] = b, b
	}
	path := file(t, "two.zip", zipped(t, files))
	_, report := read(t, r, path, Options{})
	require.Equal(t, []string{"layer"}, report.Needs)
	require.ElementsMatch(t, []string{"north", "south"}, report.Layers)
	_, report = read(t, r, path, Options{Layer: "south"})
	require.Equal(t, 3, report.Accepted)
}

func TestSeveralLayersAreReadAndSaid(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	gpkg := made(t, "a.gpkg", "-nln", "north")
	in := file(t, "in.geojson", []byte(strings.ReplaceAll(collection(lonLat(squares(6)[3:]), "", ","), "XZ-", "S-")))
	b, err := exec.CommandContext(t.Context(), "ogr2ogr", "-update", "-nln", "south", gpkg, in).CombinedOutput()
	require.NoError(t, err, string(b))
	_, report := read(t, r, gpkg, Options{})
	require.Equal(t, 6, report.Accepted)
	require.Equal(t, "several_layers", report.Findings[0].Code)
	got, _ := read(t, r, gpkg, Options{Layer: "south"})
	require.Len(t, got, 3)
	require.Equal(t, "S-1", got[0].Code)
	_, report = read(t, r, gpkg, Options{Layer: "west"})
	require.Equal(t, []string{"layer"}, report.Needs)
}

func TestMissingParts(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	shp := made(t, "a.shp")
	files := map[string][]byte{}
	for _, ext := range []string{".shp", ".prj", ".shx", ".dbf"} {
		b, err := os.ReadFile(strings.TrimSuffix(shp, ".shp") + ext)
		require.NoError(t, err)
		files["a"+ext] = b
	}
	delete(files, "a.dbf")
	_, report := read(t, r, file(t, "nodbf.zip", zipped(t, files)), Options{})
	require.Equal(t, 3, report.Accepted)
	require.Equal(t, "dbf_missing", report.Findings[0].Code)
	// A .shx of another file points into the middle of records.
	binary.BigEndian.PutUint32(files["a.shx"][100:], 70)
	_, report = read(t, r, file(t, "badshx.zip", zipped(t, files)), Options{})
	require.Equal(t, 3, report.Accepted)
	require.Equal(t, "shx_rebuilt", report.Findings[0].Code)
}

// TestGeoPackageInGBK writes GBK into the text columns, as careless programs
// do; the second byte of 乗 is a backslash.
func TestGeoPackageInGBK(t *testing.T) {
	t.Parallel()
	path := made(t, "gbk.gpkg", "-f", "GPKG")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for utf, text := range map[string]string{"纺织厂1号": `"乗镇厂一号地`, "纺织厂2号": "纺织厂二号地2", "纺织厂3号": "纺织厂三号地3"} {
		require.Len(t, gbk(t, text), len(utf))
		require.Positive(t, bytes.Count(content, []byte(utf)))
		content = bytes.ReplaceAll(content, []byte(utf), gbk(t, text))
	}
	r := newReader(t)
	for encoding, want := range map[string]string{"": "GB18030", "GBK": "GBK"} {
		got, report := read(t, r, file(t, "gbk.gpkg", content), Options{Encoding: encoding})
		require.Nil(t, report.Refusal)
		require.Len(t, got, 3)
		require.Equal(t, want, report.Encoding)
		require.Equal(t, []string{`"乗镇厂一号地`, "纺织厂二号地2", "纺织厂三号地3"}, []string{got[0].Label, got[1].Label, got[2].Label})
	}
}
