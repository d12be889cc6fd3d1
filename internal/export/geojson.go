package export

import (
	"bufio"
	"context"
	"encoding/json"
	"io"

	"github.com/guatu/guatu/geo/geojson"
)

// writeGeoJSON writes a FeatureCollection: longitude, latitude of EPSG:4490, which it says in the member crs as it was
// before RFC 7946; readers of today take it for WGS 84, which is the same within centimetres.
func writeGeoJSON(ctx context.Context, j *job, w io.Writer) error {
	t, out := j.table(), bufio.NewWriter(w)
	open, err := j.collection(t)
	if err != nil {
		return err
	}
	_, _ = out.Write(open) // a bufio.Writer keeps its error
	separator := "\n"
	err = j.each(ctx, t, true, func(r Row) error {
		text, err := t.feature(r)
		if err != nil {
			return err
		}
		_, _ = out.WriteString(separator)
		separator = ",\n"
		_, err = out.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	_, _ = out.WriteString("\n]}\n")
	return out.Flush()
}

// collection is the beginning of the document.
func (j *job) collection(t *Table) ([]byte, error) {
	said, err := json.Marshal(map[string]any{
		"name": t.Name, "title": j.head.line(t.Title.ZH), "as_of": j.head.day, "demo": j.head.demo,
		"crs": map[string]any{"type": "name", "properties": map[string]string{"name": "urn:ogc:def:crs:EPSG::4490"}},
	})
	if err != nil {
		return nil, err
	}
	return append(append([]byte(`{"type":"FeatureCollection",`), said[1:len(said)-1]...), `,"features":[`...), nil
}

// feature is a row as a Feature; its properties are in the order of the columns.
func (t *Table) feature(r Row) ([]byte, error) {
	b := append([]byte(`{"type":"Feature","geometry":`), geojson.AppendMultiPolygon(nil, r.Shape)...)
	b = append(b, `,"properties":{`...)
	for i, c := range t.Columns {
		if i > 0 {
			b = append(b, ',')
		}
		value, err := c.json(r.Cells[i])
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, '"'), c.Key...), `":`...)
		b = append(b, value...)
	}
	return append(b, "}}"...), nil
}

// json is a cell as a value: numbers as numbers, null for none.
func (c Column) json(v Cell) ([]byte, error) {
	switch {
	case !v.Known:
		return []byte("null"), nil
	case c.Kind == Number:
		return []byte(c.Write(v)), nil
	}
	return json.Marshal(v.Text)
}
