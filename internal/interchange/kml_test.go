package interchange

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

const kmlCoordinates = "120.65,30.75 120.651,30.75 120.651,30.751 120.65,30.751 120.65,30.75"

func kmlPolygon(coordinates string) string {
	return `<Polygon><outerBoundaryIs><LinearRing><coordinates>` + coordinates + `</coordinates></LinearRing></outerBoundaryIs></Polygon>`
}

func placemark(name, inside string) string {
	return `<Placemark><name>` + name + `</name>` + inside + `</Placemark>`
}

func kmlText(inside string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>` + inside + `</Document></kml>`
}

// TestKMLRowByRow gives each odd geometry its verdict beside a good parcel; no why means accepted.
func TestKMLRowByRow(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	second := strings.ReplaceAll(kmlCoordinates, "120.65", "120.66")
	for name, c := range map[string]struct{ geometry, why string }{
		"blanks round commas": {kmlPolygon(strings.ReplaceAll(kmlCoordinates, ",", " , ")), ""},
		"lines and tabs":      {kmlPolygon("\n\t" + strings.ReplaceAll(kmlCoordinates, " ", "\r\n\t ")), ""},
		"heights":             {kmlPolygon(strings.ReplaceAll(kmlCoordinates, " ", ",5 ") + ",5"), ""},
		"not closed":          {kmlPolygon(kmlCoordinates[:strings.LastIndex(kmlCoordinates, " ")]), ""},
		"two parts":           {"<MultiGeometry>" + kmlPolygon(kmlCoordinates) + "<MultiGeometry>" + kmlPolygon(second) + "</MultiGeometry></MultiGeometry>", ""},
		"no KML but written":  {"<MultiPolygon>" + kmlPolygon(kmlCoordinates) + "</MultiPolygon>", ""},
		"area and point":      {"<MultiGeometry>" + kmlPolygon(kmlCoordinates) + "<Point><coordinates>1,2</coordinates></Point></MultiGeometry>", "几何集合"},
		"point":               {"<Point><coordinates>1,2</coordinates></Point>", "点（Point）"},
		"line":                {"<LineString><coordinates>" + kmlCoordinates + "</coordinates></LineString>", "线（LineString）"},
		"track":               {"<Track><coord>1 2 3</coord></Track>", "线（LineString）"},
		"model":               {"<Model><Location/></Model>", "没有图形"},
		"nothing":             {"", "没有图形"},
		"no coordinates":      {kmlPolygon(""), "图形是空的"},
		"words":               {kmlPolygon("a,b c,d"), "坐标“a”无法识别"},
		"not a number":        {kmlPolygon("NaN,30 121,30 121,31 NaN,30"), "坐标“NaN”无法识别"},
		"semicolons":          {kmlPolygon(strings.ReplaceAll(kmlCoordinates, " ", ";")), "无法识别"},
		"one number":          {kmlPolygon("120 121,30 121,31 120"), "坐标“120”无法识别"},
		"two points":          {kmlPolygon("120,30 121,31"), "不足3个"},
		"four numbers":        {kmlPolygon("120,30,1,1 121,30,1,1"), "无法识别"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := kmlText(placemark("A", c.geometry) + placemark("B", kmlPolygon(strings.ReplaceAll(kmlCoordinates, "120.65", "120.67"))))
			got, report := read(t, r, file(t, "a.kml", []byte(text)), Options{})
			require.Nil(t, report.Refusal)
			if c.why == "" {
				require.Len(t, got, 2, "%+v", report.Rejected)
				require.Equal(t, "A", got[0].Label)
				return
			}
			require.Len(t, got, 1)
			require.Contains(t, report.Rejected[0].Reason.ZH, c.why)
		})
	}
}

func TestKMLAttributes(t *testing.T) {
	t.Parallel()
	data := `<description><![CDATA[<b>厂</b>]]></description><ExtendedData><Data name="地块编号"><displayName>x</displayName><value>XZ-1</value></Data>` +
		`<SchemaData schemaUrl="#s"><SimpleData name="面积">12.50</SimpleData><SimpleData name="空"> </SimpleData></SchemaData></ExtendedData>`
	got, report := read(t, newReader(t), file(t, "a.kml", []byte(kmlText(`<Schema name="s" id="s"/>`+placemark("纺织厂 &amp; 印染&nbsp;厂", data+kmlPolygon(kmlCoordinates))))), Options{})
	require.Len(t, got, 1)
	require.Equal(t, "XZ-1", got[0].Code)
	require.Equal(t, "纺织厂 & 印染\u00a0厂", got[0].Label)
	require.Equal(t, map[string]string{"Name": "纺织厂 & 印染\u00a0厂", "description": "<b>厂</b>", "地块编号": "XZ-1", "面积": "12.50"}, got[0].Attributes)
	require.Equal(t, []string{"Name", "description", "地块编号", "面积"}, report.Columns)
}

func TestKMLEncodings(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	text := kmlText(placemark("秀洲塍", kmlPolygon(kmlCoordinates)))
	for name, content := range map[string][]byte{
		"declared":     gbk(t, strings.Replace(text, "UTF-8", "GB2312", 1)),
		"declared not": gbk(t, text),
		"mark":         []byte("\ufeff" + text),
	} {
		got, report := read(t, r, file(t, "a.kml", content), Options{})
		require.Nil(t, report.Refusal, name)
		require.Equal(t, "秀洲塍", got[0].Label, name)
	}
}

// TestKMLFolders reads many folders at once, or the one asked for.
func TestKMLFolders(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for i := range 300 {
		fmt.Fprintf(&b, "<Folder><name>村%d</name>%s</Folder>", i, placemark("A", kmlPolygon(strings.ReplaceAll(kmlCoordinates, "120.65", fmt.Sprintf("120.%d", 100+i)))))
	}
	r := newReader(t)
	path := file(t, "a.kml", []byte(kmlText("<name>全区</name>"+b.String())))
	got, report := read(t, r, path, Options{})
	require.Len(t, got, 300)
	require.Contains(t, codes(report.Findings), "several_layers")
	got, _ = read(t, r, path, Options{Layer: "村7"})
	require.Len(t, got, 1)
	_, report = read(t, r, path, Options{Layer: "没有"})
	require.Equal(t, []string{"layer"}, report.Needs)
	require.Len(t, report.Layers, 50)
}

// FuzzKML reads anything as KML: nothing may panic, and what is wrong is a fault.
func FuzzKML(f *testing.F) {
	f.Add([]byte(kmlText(placemark("A", kmlPolygon(kmlCoordinates)))))
	f.Add([]byte("<?xml version=\"1.1\"?><kml/>"))
	f.Add([]byte(kmlText("<Folder><name>x</name>" + placemark("", "<MultiGeometry><Point/></MultiGeometry>") + "</Folder>")))
	f.Fuzz(func(t *testing.T, b []byte) {
		limits := DefaultLimits()
		w := newKMLWalk(t.Context(), strings.NewReader(string(b)), limits)
		err := w.placemarks(func(string) error {
			rec, err := w.placemark()
			if err == nil && rec.shape.Area() {
				require.NotEmpty(t, rec.shape.Polygons[0][0])
			}
			return err
		})
		if _, ok := fault.As(err); err != nil && !ok {
			t.Fatalf("not a fault: %v", err)
		}
	})
}
