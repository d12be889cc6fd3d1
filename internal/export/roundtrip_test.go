package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/geo/landtxt"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/export"
)

// feature is what the referee read.
type feature struct {
	Properties map[string]any
	Geometry   orb.Geometry
}

// referee reads a file with Debian's GDAL.
func referee(t *testing.T, path string, args ...string) []feature {
	t.Helper()
	all := append([]string{"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "-lco", "RFC7946=NO", "/vsistdout/", path}, args...)
	cmd := exec.CommandContext(t.Context(), "ogr2ogr", all...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	require.NoError(t, err, said.String())
	require.NotContains(t, said.String(), "ERROR")
	var read struct {
		Features []struct {
			Properties map[string]any
			Geometry   json.RawMessage
		}
	}
	require.NoError(t, json.Unmarshal(out, &read))
	features := make([]feature, len(read.Features))
	for i, f := range read.Features {
		features[i].Properties = f.Properties
		if !bytes.Equal(f.Geometry, []byte("null")) {
			features[i].Geometry = geometry(t, f.Geometry)
		}
	}
	return features
}

// geometry decodes polygons, and the lines and points of a drawing.
func geometry(t *testing.T, text []byte) orb.Geometry {
	t.Helper()
	var g struct {
		Type        string
		Coordinates json.RawMessage
	}
	require.NoError(t, json.Unmarshal(text, &g))
	switch g.Type {
	case "LineString":
		var line []orb.Point
		require.NoError(t, json.Unmarshal(g.Coordinates, &line))
		return orb.LineString(line)
	case "Point":
		return orb.Point{}
	}
	polygons, err := geojson.DecodeGeometry(text)
	require.NoError(t, err)
	return polygons
}

// vertices are those of a geometry, ring by ring without the closing one.
func vertices(g orb.Geometry) (all []orb.Point) {
	switch g := g.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			all = append(all, vertices(p)...)
		}
	case orb.Polygon:
		for _, r := range g {
			all = append(all, r[:len(r)-1]...)
		}
	case orb.LineString:
		all = append(all, g[:len(g)-1]...)
	case orb.Collection:
		for _, p := range g {
			all = append(all, vertices(p)...)
		}
	}
	return all
}

// sameWithinMillimetre holds geometry against what was exported.
func sameWithinMillimetre(t *testing.T, want orb.MultiPolygon, got []orb.Point, about string) {
	t.Helper()
	original := vertices(want)
	require.Len(t, got, len(original), about)
	for _, p := range original {
		nearest := 1e9
		for _, q := range got {
			nearest = min(nearest, geo.Distance(p, q))
		}
		require.Less(t, nearest, 0.001, about)
	}
}

// whole asks for all parcels.
func whole(format string) export.Request {
	return export.Request{Content: "parcels", Format: format, Whole: true}
}

// names are the columns of code and label in a format.
type names struct{ code, label string }

// held holds every parcel of the shelf against the referee's features.
func held(t *testing.T, s *shelf, features []feature, n names) {
	t.Helper()
	require.Len(t, features, parcels)
	byCode := map[string]feature{}
	for _, f := range features {
		code, _ := f.Properties[n.code].(string)
		byCode[code] = f
	}
	for _, p := range s.news.Parcels {
		f, there := byCode[p.Code]
		require.True(t, there, p.Code)
		label, _ := f.Properties[n.label].(string)
		assert.Equal(t, p.Label, label, "text to the character")
		sameWithinMillimetre(t, s.shapes[p.Shape], vertices(f.Geometry), p.Code)
	}
}

func TestGeoJSONKeepsGeometryAndText(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	name, content := s.write(t, auth.Everything(), whole("geojson"))
	assert.Equal(t, "图斑_2020-09-30_演示数据.geojson", name)
	assert.True(t, json.Valid(content))
	// GDAL would turn a label like 2020-07-08 into a day.
	held(t, s, referee(t, saved(t, "a.geojson", content), "-oo", "DATE_AS_STRING=YES"), names{"code", "label"})
}

func TestKMLKeepsGeometryAndTextAndColours(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	_, content := s.write(t, auth.Everything(), whole("kml"))
	assert.Contains(t, string(content), `<Style id="stage5"><LineStyle><color>ff3f3127</color><width>1</width></LineStyle><PolyStyle><color>c0817f6e</color>`, "stage 5 is #6E7F81")
	held(t, s, referee(t, saved(t, "a.kml", content)), names{"Name", "description"})
}

func TestGeoPackageKeepsGeometryAndTextWithTimelineAndStyles(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	_, content := s.write(t, auth.Everything(), whole("gpkg"))
	path := saved(t, "a.gpkg", content)
	held(t, s, referee(t, path, "图斑"), names{"图斑编号", "名称"})
	assert.Len(t, referee(t, path, "腾退范围"), len(s.news.Lands))
	assert.Len(t, referee(t, path, "有效范围"), len(s.news.Lands))
	assert.Len(t, referee(t, path, "节点"), 5*len(s.news.Cases), "surveyed, filed, signed, not demolished, and the plan to stop")
	styles := referee(t, path, "layer_styles")
	require.Len(t, styles, 3)
	assert.Equal(t, "图斑", styles[0].Properties["f_table_name"])
	assert.Contains(t, styles[0].Properties["styleQML"], `attr="阶段（1至9，0为未列入）"`)
	assert.Contains(t, info(t, path), `ID["EPSG",4490]`)
}

// info is what ogrinfo says of all layers.
func info(t *testing.T, path string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ogrinfo", "-ro", "-so", "-al", path).CombinedOutput()
	require.NoError(t, err, string(out))
	return string(out)
}

func TestShapefilesKeepGeometryAndTextInBothEncodings(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, encoding := range []string{"", "UTF-8"} {
		for _, crs := range []int{0, 4549} {
			r := whole("shp")
			r.Encoding, r.CRS = encoding, crs
			_, content := s.write(t, auth.Everything(), r)
			n := names{"图斑编号", "名称"}
			if encoding == "UTF-8" {
				n.code = "图斑编" // three characters are nine bytes
			}
			held(t, s, referee(t, "/vsizip/"+saved(t, "a.zip", content)+"/parcels.shp", "-t_srs", "EPSG:4490"), n)
		}
	}
}

func TestAShapefileSaysItsEncodingDatumAndFields(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	_, content := s.write(t, auth.Everything(), whole("shp"))
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	require.NoError(t, err)
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		b, err := io.ReadAll(r)
		require.NoError(t, err)
		parts[f.Name] = string(b)
	}
	assert.Equal(t, "GBK", parts["parcels.cpg"])
	assert.Equal(t, byte(0x4d), parts["parcels.dbf"][29], "the language byte is GBK's")
	assert.Contains(t, parts["parcels.prj"], "D_China_2000")
	assert.Contains(t, parts["字段对照.csv"], "椭球面积,图斑面积（椭球）（㎡）")
	assert.Len(t, parts["parcels.shx"], 100+8*parcels)
}

func TestWhatGBKLacksIsRefusedByNameBeforeAnythingGoesOut(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	s.news.Parcels[0].Label = "𠮷野家"
	desk := &export.Desk{Shapes: s, Library: s}
	e, err := desk.Open(s.view(t, auth.Everything()), whole("shp"))
	require.NoError(t, err)
	var b bytes.Buffer
	err = e.Write(t.Context(), &b, nil)
	require.ErrorContains(t, err, "𠮷")
	assert.Zero(t, b.Len())
}

func TestDXFKeepsRingsAndTextInThePlaneOf4549(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	_, content := s.write(t, auth.Everything(), whole("dxf"))
	features := referee(t, saved(t, "a.dxf", content), "-s_srs", "EPSG:4549", "-t_srs", "EPSG:4490")
	var texts []string
	var rings []orb.Point
	for _, f := range features {
		if text, _ := f.Properties["Text"].(string); text != "" {
			texts = append(texts, text)
		}
		rings = append(rings, vertices(f.Geometry)...)
	}
	var all orb.MultiPolygon
	for _, p := range s.news.Parcels {
		all = append(all, s.shapes[p.Shape]...)
		assert.True(t, slices.Contains(texts, strings.TrimSpace(p.Code+" "+p.Label)), p.Label)
	}
	sameWithinMillimetre(t, all, rings, "rings")
}

func TestLandTXTKeepsGeometryAndText(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, encoding := range []string{"GBK", "UTF-8"} {
		r := whole("landtxt")
		r.Encoding = encoding
		_, content := s.write(t, auth.Everything(), r)
		doc, err := landtxt.Decode(content, landtxt.Options{})
		require.NoError(t, err)
		byCode := map[string][]orb.Point{}
		label := map[string]string{}
		for _, p := range doc.Plots {
			code := p.Number[:len("DK-0000")]
			byCode[code] = append(byCode[code], vertices(p.Polygon)...)
			label[code] = p.Name
		}
		for _, p := range s.news.Parcels {
			sameWithinMillimetre(t, s.shapes[p.Shape], byCode[p.Code], p.Code)
			// A comma ends a field of the format: it becomes a full-width one.
			assert.Equal(t, strings.TrimSpace(strings.ReplaceAll(p.Label, ",", "，")), label[p.Code], encoding)
		}
	}
}
