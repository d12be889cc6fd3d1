package interchange

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// refuse reads hostile content and demands a message in time, without the parent growing.
func refuse(t *testing.T, r *Reader, name string, content []byte) Report {
	t.Helper()
	path := filepath.Join(t.TempDir(), "upload")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	start := time.Now()
	report, err := r.Read(context.Background(), path, name, Options{CRS: "4549"}, func(Feature) error { return nil })
	require.NoError(t, err)
	require.Less(t, time.Since(start), patience)
	require.NotNil(t, report.Refusal, "%+v", report)
	require.NotEmpty(t, report.Refusal.ZH)
	return report
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, content := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

// recursive is a DXF whose blocks insert each other: n levels of ten inserts,
// or a block that inserts itself.
func recursive(levels int, itself bool) []byte {
	var b strings.Builder
	b.WriteString("0\nSECTION\n2\nBLOCKS\n")
	for i := range levels {
		fmt.Fprintf(&b, "0\nBLOCK\n8\n0\n2\nB%d\n70\n0\n10\n0\n20\n0\n", i)
		switch {
		case i == 0 && !itself:
			b.WriteString("0\nLWPOLYLINE\n8\n0\n90\n4\n70\n1\n10\n0\n20\n0\n10\n1\n20\n0\n10\n1\n20\n1\n10\n0\n20\n1\n")
		case itself:
			fmt.Fprintf(&b, "0\nINSERT\n8\n0\n2\nB%d\n10\n1\n20\n1\n", (i+1)%levels)
		default:
			for k := range 10 {
				fmt.Fprintf(&b, "0\nINSERT\n8\n0\n2\nB%d\n10\n%d\n20\n%d\n", i-1, k, k)
			}
		}
		b.WriteString("0\nENDBLK\n")
	}
	fmt.Fprintf(&b, "0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nINSERT\n8\n0\n2\nB%d\n10\n0\n20\n0\n0\nENDSEC\n0\nEOF\n", levels-1)
	return []byte(b.String())
}

// crashKML made LIBKML of GDAL 3.6.2 read through a null pointer: a track with an empty coordinate.
const crashKML = `<kml xmlns:gx="http://www.google.com/kml/ext/2.2" xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><gx:Track><gx:coord/></gx:Track></Placemark></Document></kml>`

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	deepKML := "<kml><Document>" + strings.Repeat("<Folder>", 100_000) + strings.Repeat("</Folder>", 100_000) + "</Document></kml>"
	billion := `<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">` + entities() + `]><kml><Document><name>&j;</name></Document></kml>`
	for name, c := range map[string]struct {
		content []byte
		code    string
	}{
		"crash.kml":         {[]byte(crashKML), "nothing_to_import"},
		"open.geojson":      {bytes.Repeat([]byte("["), 100_000), "too_deep"},
		"deep.geojson":      {append([]byte(`{"type":"FeatureCollection","features":`), bytes.Repeat([]byte("["), 100_000)...), "too_deep"},
		"deepprop.geojson":  {[]byte(`{"type":"Feature","properties":{"a":` + strings.Repeat("[", 90_000) + `}}`), "too_deep"},
		"blocks.dxf":        {recursive(12, false), ""},
		"itself.dxf":        {recursive(1, true), ""},
		"circle.dxf":        {recursive(5, true), ""},
		"deep.kml":          {[]byte(deepKML), "too_deep"},
		"billion.kml":       {[]byte(billion), "kml_syntax"},
		"cut.kml":           {[]byte(`<kml><Document><Placemark><name>a</name></Placemark><Placemark>`), "kml_syntax"},
		"gpx.kml":           {[]byte(`<gpx version="1.1"></gpx>`), "wrong_content"},
		"longtag.kml":       {[]byte(`<kml><a ` + strings.Repeat(`b="" `, 5<<20) + `/></kml>`), "feature_too_big"},
		"cut.dxf":           {[]byte("0\nSECTION\n2\nENTITIES\n0\nPOINT\n8\n0\n"), "dxf_cut"},
		"slip.zip":          {zipped(t, map[string][]byte{"../../x.shp": nil}), "zip_path"},
		"nested.zip":        {zipped(t, map[string][]byte{"a.zip": zipped(t, map[string][]byte{"a.shp": nil})}), "zip_in_zip"},
		"zeros.zip":         {zipped(t, map[string][]byte{"a.shp": make([]byte, 64<<20)}), "zip_ratio"},
		"zeros.shp.zip":     {zipped(t, map[string][]byte{"a.shp": make([]byte, 1<<20)}), "shp_damaged"},
		"page.shp":          {[]byte("<!DOCTYPE html><html><body>404</body></html>"), "unsupported_format"},
		"a.rar":             {[]byte("Rar!\x1a\x07\x00"), "unsupported_format"},
		"notes.txt":         {[]byte("hello\nworld\n"), "no_geometry_column"},
		"bytes.csv":         {[]byte{0, 1, 2, 3, 0xFF}, "unknown_format"},
		"quote.csv":         {append([]byte("WKT\n\""), bytes.Repeat([]byte("x"), 1<<20)...), ""},
		"columns.csv":       {[]byte(strings.Repeat("a,", 5000) + "WKT\n"), "too_many_columns"},
		"link.kml":          {[]byte(`<kml><Document><NetworkLink><Link><href>http://127.0.0.1:1/x.kml</href></Link></NetworkLink></Document></kml>`), ""},
		"cut.gpkg":          {append([]byte("SQLite format 3\x00"), make([]byte, 200)...), ""},
		"cut.fgb":           {[]byte("fgb\x03fgb\x00\xff\xff\xff\x7f"), ""},
		"empty.geojson":     {[]byte(" "), "empty_file"},
		"none.geojson":      {[]byte(`{"type":"FeatureCollection","features":[]}`), "nothing_to_import"},
		"topology.json":     {[]byte(`{"type":"Topology","objects":{},"arcs":[]}`), "unsupported_format"},
		"esri.json":         {[]byte(`{"features":[{"attributes":{"a":1},"geometry":{"rings":[]}}]}`), "unsupported_format"},
		"cut.geojson":       {[]byte(`{"type":"FeatureCollection","features":[{"type":"Feature"`), "json_cut"},
		"unknowncrs.json":   {[]byte(`{"type":"FeatureCollection","crs":{"properties":{"name":"klingon"}},"features":[]}`), "nothing_to_import"},
		"nofeatures.json":   {[]byte(`{"type":"FeatureCollection"}`), "not_geojson"},
		"nestedfc.json":     {[]byte(`{"type":"FeatureCollection","features":[{"type":"FeatureCollection","features":[]}]}`), "not_geojson"},
		"nullfeature.json":  {[]byte(`{"type":"FeatureCollection","features":[null]}`), "json_syntax"},
		"value.json":        {[]byte(`"abc"`), "not_geojson"},
		"badvalue.json":     {[]byte(`nuul`), "json_syntax"},
		"bm.bmp.csv":        {[]byte("BM6\x00\x00\x00\x00\x00"), "unsupported_format"},
		"gdb.zip":           {zipped(t, map[string][]byte{"a.gdb/a00000001.gdbtable": {1}}), "unsupported_format"},
		"rarinside.zip":     {zipped(t, map[string][]byte{"a.rar": {1}}), "unsupported_format"},
		"onlydbf.zip":       {zipped(t, map[string][]byte{"a.dbf": {3}}), "shp_missing"},
		"two.zip":           {zipped(t, map[string][]byte{"a.kml": []byte("<kml/>"), "b.kml": []byte("<kml/>")}), "needs_layer"},
		"lonely.dbf":        {[]byte{3, 99, 1, 1}, "unsupported_format"},
		"drawing.dwg":       {[]byte("AC1027\x00"), "unsupported_format"},
		"sheet.xls":         {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "unsupported_format"},
		"../../../etc/x":    {[]byte("x"), "unknown_format"},
		"vrt.kml":           {[]byte(`<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`), ""},
		"vrt.csv":           {[]byte(`<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`), ""},
		"external.kml":      {[]byte(`<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml><Document><Placemark><name>&x;</name></Placemark></Document></kml>`), ""},
		"infinite.geojson":  {[]byte(`{"type":"Polygon","coordinates":[[[1e999,0],[1,1],[2,2],[1e999,0]]]}`), "nothing_to_import"},
		"manyvertices.json": {[]byte(`{"type":"Polygon","coordinates":[[` + strings.Repeat("[1,2],", 1_000_001) + `[1,2]]]}`), "nothing_to_import"},
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			report := refuse(t, r, name, c.content)
			t.Logf("%s: %s", report.Refusal.Code, report.Refusal.ZH)
			if c.code != "" {
				require.Equal(t, c.code, report.Refusal.Code)
			}
		})
	}
}

func entities() string {
	var b strings.Builder
	for c := 'b'; c <= 'j'; c++ {
		fmt.Fprintf(&b, `<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	return b.String()
}

// TestParentStaysFlat reads a flood of hostile files and looks at the memory afterwards.
func TestParentStaysFlat(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	r := newReader(t)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 3 {
		refuse(t, r, "blocks.dxf", recursive(12, false))
		refuse(t, r, "open.geojson", bytes.Repeat([]byte("["), 100_000))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapInuse)-int64(before.HeapInuse), int64(32<<20))
}

// TestACrashOfGDALIsAMessage has the tools crash, hang and flood under a real file.
func TestACrashOfGDALIsAMessage(t *testing.T) {
	t.Parallel()
	file := data(t, "import-cases/files/xz_base_30_4549.gpkg")
	for script, code := range map[string]string{
		"kill -SEGV $$": "reader_crashed", "sleep 60": "reader_timeout", "yes": "reader_flood", "tail /dev/zero": "reader_memory",
	} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			dir, err := os.MkdirTemp("", "guatu-hostile-test-") //nolint:usetesting // the folder of the test is closed to the child's user
			require.NoError(t, err)
			t.Cleanup(func() { _ = os.RemoveAll(dir) })
			require.NoError(t, os.Chmod(dir, 0o755)) // the child's user must find the script
			tool := filepath.Join(dir, "ogr2ogr")
			require.NoError(t, os.WriteFile(tool, []byte("#!/bin/sh\n"+script+"\n"), 0o755))
			allowed := 3 * time.Second
			if code == "reader_memory" { // filling it takes a while on a busy machine
				allowed = 7 * time.Second
			}
			r, err := NewReader(Config{Ogr2ogr: tool, Limits: Limits{ChildOutput: 16 << 20, ChildMemory: 512 << 20, Time: allowed}})
			require.NoError(t, err)
			start := time.Now()
			_, report := read(t, r, file, Options{})
			require.Less(t, time.Since(start), patience)
			require.NotNil(t, report.Refusal)
			require.Equal(t, code, report.Refusal.Code)
		})
	}
}

// TestNothingIsLeftBehind looks for folders of the work.
func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "guatu-left-test-") //nolint:usetesting // the folder of the test is closed to the child's user
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	r, err := NewReader(Config{WorkDir: dir})
	require.NoError(t, err)
	refuse(t, r, "itself.dxf", recursive(1, true))
	read(t, r, data(t, "import-cases/files/xz_base_30.kml"), Options{})
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}
