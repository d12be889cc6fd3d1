package interchange

import (
	"context"
	"encoding/json"
	"os"
	"strings"

	"github.com/guatu/guatu/internal/interchange/charset"
)

// geoJSON is GeoJSON (RFC 7946), whole or a feature a line. It is read in Go:
// the text is simple, and GDAL 3.6 takes a property "type": "Topology" for TopoJSON.
type geoJSON struct{}

func (geoJSON) name() string { return "geojson" }

func (geoJSON) content(u *upload) bool {
	if u.begins("\xff\xfe", "\xfe\xff") {
		return geoJSON{}.called(u)
	}
	t := u.text()
	return strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") && !u.hasExt(".txt", ".csv", ".tsv")
}

func (geoJSON) called(u *upload) bool {
	return u.hasExt(".geojson", ".json", ".ndjson", ".geojsonl", ".geojsons", ".jsonl")
}

func (geoJSON) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	set, err := j.textEncoding(u)
	if err != nil {
		return nil, err
	}
	s := &textSource{path: u.path, set: set, limits: j.textLimits()}
	// One look at the whole text: where it is cut must not be found after half
	// of it was handed over, and crs may follow the features.
	n := 0
	err = s.texts(ctx, func([]byte) error {
		n++
		if n > j.limits.Features {
			return tooManyFeatures(j.limits.Features)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	o := &opened{source: s, encoding: set.Name, degrees: true, total: n}
	if ref, ok := statedCRS(s.top.CRS); ok {
		o.crs = ref
	} else {
		o.degrees = false
		o.findings = append(o.findings, Finding{Code: "crs_not_understood", Text: Text{
			"文件里的坐标系说明（crs）读不懂，未采用", "The file's word about its coordinate system (crs) is not understood and was left aside.",
		}})
	}
	return o, nil
}

// textEncoding finds the encoding of a text file, or takes that of the options.
func (j *job) textEncoding(u *upload) (charset.Charset, error) {
	if _, _, marked := charset.Mark(u.head); !marked && j.opts.Encoding != "" {
		c, ok := charset.Lookup(j.opts.Encoding)
		if !ok {
			return c, unknownEncoding(j.opts.Encoding)
		}
		return c, nil
	}
	f, err := os.Open(u.path)
	if err != nil {
		return charset.Charset{}, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	c, sure, err := charset.Detect(f)
	if err != nil {
		return c, err //nolint:wrapcheck // wrapped by Detect
	}
	if !sure {
		return c, invalid("unknown_text", "文件的文字既不是 UTF-8 也不是 GBK，请选择编码或另存为 UTF-8",
			"The text is neither UTF-8 nor GBK; choose the encoding or save it as UTF-8.")
	}
	return c, nil
}

// statedCRS reads the crs member of 2008: a name, or an EPSG code; nil if
// there is none, false if it is not understood.
func statedCRS(text []byte) (*reference, bool) {
	if len(text) == 0 || string(text) == "null" {
		return nil, true
	}
	var plain string
	if json.Unmarshal(text, &plain) == nil {
		return namedReference(plain)
	}
	var m struct {
		Properties struct {
			Name string          `json:"name"`
			Code json.RawMessage `json:"code"`
		} `json:"properties"`
	}
	if json.Unmarshal(text, &m) != nil {
		return nil, false
	}
	name := m.Properties.Name
	if name == "" {
		name = strings.Trim(string(m.Properties.Code), `"`)
	}
	return namedReference(name)
}
