package interchange

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/interchange/charset"
)

// layer is what ogrinfo says of a layer.
type layer struct {
	name, geometry, wkt string
	count               int
}

// flat tells whether the layer cannot hold polygons.
func (l *layer) flat() bool {
	g := strings.ToLower(l.geometry)
	return strings.Contains(g, "none") || strings.Contains(g, "point") || strings.Contains(g, "line")
}

// layers asks GDAL what the file holds.
func (j *job) layers(ctx context.Context, driver string, env []string, file string) ([]layer, error) {
	out, said, err := j.inspect(ctx, driver, env, "-ro", "-so", "-al", filepath.Base(file))
	if err != nil {
		return nil, err
	}
	if err := broken(said); err != nil {
		return nil, err
	}
	const most = 8 << 20
	text, err := readHead(out, most)
	if err != nil {
		return nil, err
	}
	return parseLayers(text), nil
}

func readHead(path string, most int64) (string, error) {
	f, err := os.Open(path) //nolint:gosec // a name of our own
	if err != nil {
		return "", err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	b := make([]byte, most)
	n, err := readFull(f, b)
	return string(b[:n]), err
}

// parseLayers reads the summary that ogrinfo prints.
func parseLayers(text string) []layer {
	var out []layer
	var wkt *strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		key, value, _ := strings.Cut(line, ": ")
		switch {
		case key == "Layer name" && !strings.HasPrefix(line, " "):
			out = append(out, layer{name: value})
			wkt = nil
		case len(out) == 0:
		case key == "Geometry":
			out[len(out)-1].geometry = value
		case key == "Feature Count":
			out[len(out)-1].count, _ = strconv.Atoi(value) // 0 where GDAL cannot count
		case strings.HasPrefix(line, "Layer SRS WKT:"):
			wkt = &strings.Builder{}
		case wkt != nil && (strings.HasPrefix(line, "Data axis") || line == "(unknown)"):
			out[len(out)-1].wkt = strings.TrimSpace(wkt.String())
			wkt = nil
		case wkt != nil:
			wkt.WriteString(line + "\n")
		}
	}
	return out
}

// mostLayers are read as one file; each costs a run of the child.
const mostLayers = 20

// choose picks the layers to read: the one asked for, else all that can hold polygons.
func (j *job) choose(all []layer) ([]layer, error) {
	if j.opts.Layer != "" {
		var names []string
		for _, l := range all {
			if l.name == j.opts.Layer {
				return []layer{l}, nil
			}
			names = append(names, l.name)
		}
		return nil, whichLayer(names)
	}
	var out []layer
	for _, l := range all {
		if !l.flat() && l.count != 0 {
			out = append(out, l)
		}
	}
	if len(out) > mostLayers {
		return nil, whichLayer(layerNames(out))
	}
	if len(out) == 0 {
		out = all[:min(len(all), mostLayers)]
		return out, nil // their rows are rejected one by one, which says more than "no polygons"
	}
	return out, nil
}

// vector reads a file of one of GDAL's drivers.
func (j *job) vector(ctx context.Context, driver, file string) (*opened, error) {
	all, err := j.layers(ctx, driver, nil, file)
	if err != nil {
		return nil, err
	}
	chosen, err := j.choose(all)
	if err != nil {
		return nil, err
	}
	o := &opened{}
	var rows chain
	for i, l := range chosen {
		ref := parseWKT(l.wkt)
		if i > 0 && !sameReference(o.crs, ref) {
			return nil, whichLayer(layerNames(chosen))
		}
		o.crs = ref
		s, err := j.layer(ctx, driver, file, l, nil)
		if err != nil {
			return nil, err
		}
		rows, o.encoding = append(rows, s), s.encoding
		o.findings = append(o.findings, s.notes...)
		o.total += max(l.count, 0)
		o.findings = append(o.findings, dimensions(l)...)
	}
	if len(chosen) > 1 {
		o.findings = append(o.findings, severalLayers(layerNames(chosen)))
	}
	o.source = rows
	return o, nil
}

// layer converts one layer to GeoJSON in its own coordinates.
func (j *job) layer(ctx context.Context, driver, file string, l layer, env []string) (*layerSource, error) {
	if strings.HasPrefix(l.name, "-") {
		return nil, invalid("layer_name", "图层名“"+clip(l.name)+"”不能以减号开头，请改名后再导入",
			"The layer name \""+clip(l.name)+"\" must not begin with a minus sign; rename it.")
	}
	args := []string{"-nlt", "CONVERT_TO_LINEAR", "/vsistdout/", filepath.Base(file), l.name}
	if curved.MatchString(l.geometry) || driver == "GPKG" && strings.HasPrefix(l.geometry, "Unknown") {
		args = append(flatten(), args...)
	}
	out, said, err := j.convert(ctx, driver, env, args...)
	if err != nil {
		return nil, err
	}
	if err := broken(said); err != nil {
		return nil, err
	}
	out, set, notes, err := j.recoded(out)
	return &layerSource{&textSource{path: out, set: charset.UTF8(), limits: j.textLimits()}, set.Name, notes}, err
}

// layerSource is a layer as GDAL converted it, and what its text was.
type layerSource struct {
	*textSource
	encoding string
	notes    []Finding
}

// flatten drops Z and M on the way: GDAL 3.6 loses curves that carry them.
func flatten() []string { return []string{"-dim", "XY"} }

// broken finds in what GDAL said that it lost data, which must not pass as success.
func broken(said string) error {
	for _, s := range []string{
		"malformed", "Error in fread", "corrupt", "not well-formed", "XML parsing of", "sqlite3_step", "database disk image",
		"Failed to parse", "unexpected end", "premature end", "truncated", "Cannot read", "File is too short", "no element found", "Parsing error",
	} {
		if strings.Contains(said, s) {
			return damagedFile()
		}
	}
	return nil
}

func damagedFile() error {
	return invalid("file_damaged", "文件已损坏或不完整，只能读出一部分，因此没有导入；请重新导出",
		"The file is damaged or incomplete and can be read only in part, so nothing is imported; export it again.")
}

func layerNames(ls []layer) []string {
	names := make([]string, 0, len(ls))
	for _, l := range ls {
		names = append(names, l.name)
	}
	return names
}

func severalLayers(names []string) Finding {
	list := clipTo(strings.Join(names, "、"), 200)
	n := strconv.Itoa(len(names))
	return Finding{Code: "several_layers", Text: Text{
		"文件里的 " + n + " 个图层都已读入：" + list + "；只要其中一个时请指定图层",
		"All " + n + " layers were read: " + list + ". Name one to read only that.",
	}}
}

// measured tells geometry types with M or curves by their name in ogrinfo.
var (
	measured = regexp.MustCompile(`(?i)measured`)
	solid    = regexp.MustCompile(`^3D`)
	curved   = regexp.MustCompile(`(?i)curve|surface`)
)

// dimensions reports what the conversion drops or changes.
func dimensions(l layer) []Finding {
	var out []Finding
	if solid.MatchString(l.geometry) && curved.MatchString(l.geometry) {
		out = append(out, Finding{Code: "z_dropped", Text: Text{"图形带有高程（Z 值），已舍去", "The shapes carry heights (Z), which were dropped."}})
	}
	if measured.MatchString(l.geometry) {
		out = append(out, Finding{Code: "m_dropped", Text: Text{"图形带有 M 值，已舍去", "The shapes carry M values, which were dropped."}})
	}
	if curved.MatchString(l.geometry) {
		out = append(out, Finding{Code: "curves_linearised", Text: Text{"图形含有曲线，已按每 4° 一段折成折线", "The shapes hold curves, which were turned into lines of 4° each."}})
	}
	return out
}
