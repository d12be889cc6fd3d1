package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// parts takes a zipped shapefile apart, by extension.
func parts(t *testing.T, file string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(file)
	require.NoError(t, err)
	defer z.Close()
	out := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		b, err := io.ReadAll(r)
		require.NoError(t, err)
		out[strings.ToLower(path.Ext(f.Name))] = b
	}
	return out
}

// Where the first record of a .shp of polygons has what.
const (
	ofType   = 108
	ofParts  = ofType + 36
	ofPoints = ofType + 40
	ofFirstX = ofType + 48
)

// TestDamagedRecordsOfAShapefile damages the first record: the row is rejected, the others stay.
func TestDamagedRecordsOfAShapefile(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	whole := parts(t, shapefileZip(t))
	for name, damage := range map[string]func([]byte){
		"negative parts":  func(b []byte) { binary.LittleEndian.PutUint32(b[ofParts:], math.MaxUint32) },
		"a billion parts": func(b []byte) { binary.LittleEndian.PutUint32(b[ofParts:], 1e9) },
		"a billion":       func(b []byte) { binary.LittleEndian.PutUint32(b[ofPoints:], 1e9) },
		"not a number":    func(b []byte) { binary.LittleEndian.PutUint64(b[ofFirstX:], math.Float64bits(math.NaN())) },
		"infinite":        func(b []byte) { binary.LittleEndian.PutUint64(b[ofFirstX:], math.Float64bits(math.Inf(1))) },
		"no shape":        func(b []byte) { binary.LittleEndian.PutUint32(b[ofType:], 0) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string][]byte{}
			for ext, b := range whole {
				files["a"+ext] = bytes.Clone(b)
			}
			damage(files["a.shp"])
			_, report := read(t, r, file(t, "a.zip", zipped(t, files)), Options{CRS: "4490"})
			require.Nil(t, report.Refusal)
			require.Equal(t, 2, report.Accepted)
			require.Equal(t, 1, report.Rejected[0].Row)
			why := "图形记录已损坏"
			if name == "no shape" {
				why = "没有图形"
			}
			require.Contains(t, report.Rejected[0].Reason.ZH, why)
		})
	}
}

// TestFilesCutShort cuts files at many places: never is half of one imported.
func TestFilesCutShort(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	flat, err := os.ReadFile(made(t, "a.fgb", "-f", "FlatGeobuf", "-lco", "SPATIAL_INDEX=NO"))
	require.NoError(t, err)
	for name, whole := range map[string][]byte{
		"a.fgb":     flat,
		"a.geojson": []byte(collection(lonLat(squares(3)), "", ",")),
		"a.kml":     []byte(kmlText(placemark("A", kmlPolygon(kmlCoordinates)) + placemark("B", kmlPolygon(kmlCoordinates)))),
		"a.dxf":     []byte(drawing(squares(3), true)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, share := range []int{10, 50, 75, 90, 97} {
				refuse(t, r, name, whole[:len(whole)*share/100])
			}
			_, report := read(t, r, file(t, name, whole), Options{CRS: map[string]string{"a.dxf": "4549"}[name]})
			require.Nil(t, report.Refusal)
		})
	}
}

// TestAStatedEncodingIsHeldToIt names GBK for a table in UTF-8, whose odd
// bytes a lenient eye takes for characters cut off.
func TestAStatedEncodingIsHeldToIt(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{}
	for ext, b := range parts(t, shapefileZip(t, "-lco", "ENCODING=UTF-8")) {
		files["a"+ext] = b
	}
	files["a.cpg"] = []byte("GBK")
	got, report := read(t, newReader(t), file(t, "a.zip", zipped(t, files)), Options{CRS: "4490"})
	require.Len(t, got, 3)
	require.Equal(t, "UTF-8", report.Encoding)
	require.Equal(t, "纺织厂1号", got[0].Label)
	require.Contains(t, codes(report.Findings), "encoding_wrong")
}

// TestUndefinedSystemIsAsked reads a GeoPackage that says that nothing is known of its coordinates.
func TestUndefinedSystemIsAsked(t *testing.T) {
	t.Parallel()
	require.Nil(t, parseWKT(`GEOGCRS["Undefined geographic SRS",`))
	require.Nil(t, parseWKT(`ENGCRS["Undefined Cartesian SRS",`))
}

// TestPrefixHints says which grid fits where eastings and system disagree about the zone.
func TestPrefixHints(t *testing.T) {
	t.Parallel()
	_, report := read(t, newReader(t), file(t, "a.geojson", []byte(`{"type":"Polygon","coordinates":`+simple+`}`)), Options{CRS: "4528"})
	require.Equal(t, "crs_mismatch", report.Refusal.Code)
	require.Contains(t, report.Refusal.ZH, "东坐标没有带号，应选不带带号的坐标系（4549）")
}

// TestTablesAsPeopleWriteThem covers decimal commas, bytes of PostgreSQL, and a first column called BM.
func TestTablesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	for name, text := range map[string]string{
		"decimal commas": "编号;点号;经度;纬度\nA;1;120,65;30,75\nA;2;120,651;30,75\nA;3;120,651;30,751\n",
		"hex bytes":      "编号,geom\nA,\\x010300000001000000040000009a99999999295e400000000000c03e40fca9f1d24d295e400000000000c03e40fca9f1d24d295e40e3a59bc420c03e409a99999999295e400000000000c03e40\n",
		"a BM column":    "BM,WKT\nA,\"POLYGON((120.65 30.75,120.651 30.75,120.651 30.751,120.65 30.75))\"\n",
	} {
		_, report := read(t, r, file(t, "a.csv", []byte(text)), Options{CRS: "4490"})
		require.Nil(t, report.Refusal, name)
		require.Equal(t, 1, report.Accepted, "%s %+v", name, report.Rejected)
	}
}
