package interchange

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange/charset"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// record is one row of a file, as it stands there. It is only valid during the call it is handed to.
type record struct {
	row   int
	attrs []feature.Attribute
	shape feature.Shape
}

// attr gives the value of a column, "" if the row has none; of several the last counts, as in JSON.
func (r *record) attr(name string) string {
	for _, a := range slices.Backward(r.attrs) {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// source gives the rows of a file in order, as often as it is asked.
type source interface {
	each(ctx context.Context, fn func(*record) error) error
}

// opened is a file brought into a form that Go reads.
type opened struct {
	source source
	// crs is what the file says of its coordinates, nil if nothing.
	crs *reference
	// degrees tells that a file without a word about it holds longitude and latitude (GeoJSON).
	degrees  bool
	encoding string
	// columns in the order of the file, where they are known beforehand.
	columns []string
	// total is the number of rows, 0 where it is not known beforehand.
	total int
	// closedLines makes parcels of closed polylines (DXF).
	closedLines bool
	findings    []Finding
}

// errStop ends an iteration early; it is never seen outside.
var errStop = errors.New("enough")

// some calls fn for at most n records.
func some(ctx context.Context, s source, n int, fn func(*record) error) error {
	err := s.each(ctx, func(r *record) error {
		n--
		if n < 0 {
			return errStop
		}
		return fn(r)
	})
	if errors.Is(err, errStop) {
		return nil
	}
	return err
}

// textSource reads GeoJSON in a file.
type textSource struct {
	path   string
	set    charset.Charset
	limits feature.Limits
	top    feature.Top
}

// texts gives the text of one feature after another, unread.
func (s *textSource) texts(ctx context.Context, fn func([]byte) error) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	n := 0
	s.top, err = feature.Each(s.set.Reader(f), s.limits, func(text []byte) error {
		n++
		if n&0xFF == 0 && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return fn(text)
	})
	return err //nolint:wrapcheck // a fault, fn's error or a wrapped one
}

// each implements source.
func (s *textSource) each(ctx context.Context, fn func(*record) error) error {
	row, parser := 0, feature.NewParser(s.limits)
	return s.texts(ctx, func(text []byte) error {
		row++
		rec, err := parser.Parse(text)
		if err != nil {
			return inFeature(row, err)
		}
		if err := foreign(&rec); err != nil {
			return err
		}
		return fn(&record{row: row, attrs: rec.Attributes, shape: rec.Shape})
	})
}

// inFeature says in which feature the JSON is malformed.
func inFeature(row int, err error) error {
	if !fault.Is(err, "json_syntax") {
		return err
	}
	return invalid("json_syntax", fmt.Sprintf("第 %d 个要素的 JSON 语法有误，请重新导出", row),
		fmt.Sprintf("The JSON of feature %d is malformed; export it again.", row)).Because(err)
}

// foreign refuses JSON dialects that are not GeoJSON.
func foreign(rec *feature.Record) error {
	switch {
	case rec.Type == "Topology":
		return unsupported("TopoJSON", "GeoJSON")
	case rec.Esri:
		return unsupported("ArcGIS JSON", "GeoJSON")
	case rec.Type == "FeatureCollection":
		return invalid("not_geojson", "FeatureCollection 里没有要素数组（features），或者嵌套在另一个里面；请重新导出为 GeoJSON",
			"A FeatureCollection has no array of features, or lies inside another; export it as GeoJSON again.")
	case rec.Type == "" && !rec.Geometry && len(rec.Attributes) == 0:
		return notGeoJSON()
	}
	return nil
}

// chain reads several sources as one file, numbering the rows through.
type chain []source

// each implements source.
func (c chain) each(ctx context.Context, fn func(*record) error) error {
	row := 0
	for _, s := range c {
		err := s.each(ctx, func(r *record) error {
			row++
			r.row = row
			return fn(r)
		})
		if err != nil {
			return err //nolint:wrapcheck // passed on as it is
		}
	}
	return nil
}
