package feature

import (
	"encoding/json"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Attribute is one property as text: strings as they are, numbers as they
// were written, objects and arrays as JSON.
type Attribute struct{ Name, Value string }

// Record is one feature, its geometry unread.
type Record struct {
	// Type is the type member, "Feature" for a feature; a bare geometry is its own Geometry.
	Type string
	// Geometry is the text of the geometry, nil if it is null or missing.
	Geometry []byte
	// Attributes are the properties in order, without those that are null.
	Attributes []Attribute
	// Esri tells that the record is of ESRI's JSON, which is not GeoJSON.
	Esri bool
}

// Parse reads the text of a feature; Record.Geometry points into it. Errors are faults.
func Parse(text []byte, limits Limits) (Record, error) {
	p := &parser{b: text, depth: limits.Depth, limits: limits}
	var rec Record
	var id string
	err := p.object(func(key string) error { return p.feature(key, &rec, &id) })
	if err == nil && p.peek() != 0 {
		err = p.syntax()
	}
	if err != nil {
		return rec, err
	}
	if rec.Geometry == nil && isGeometry(rec.Type) {
		rec.Geometry = text
	}
	if id != "" && !rec.has("id") {
		rec.Attributes = append(rec.Attributes, Attribute{"id", id})
	}
	return rec, nil
}

func (r *Record) has(name string) bool {
	for _, a := range r.Attributes {
		if strings.EqualFold(a.Name, name) {
			return true
		}
	}
	return false
}

func isGeometry(kind string) bool {
	switch kind {
	case "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection":
		return true
	}
	return false
}

// feature reads one member of the feature.
func (p *parser) feature(key string, rec *Record, id *string) (err error) {
	switch key {
	case "type":
		rec.Type, err = p.value()
	case "id":
		*id, err = p.value()
	case "geometry":
		start := p.start()
		if err = p.skip(); err == nil && p.b[start] == '{' {
			rec.Geometry = p.b[start:p.pos]
		}
	case "properties":
		if p.peek() != '{' {
			return p.skip()
		}
		return p.object(func(name string) error { return p.property(name, rec) })
	case "attributes":
		rec.Esri = true
		return p.skip()
	default:
		return p.skip()
	}
	return err
}

// property reads one attribute.
func (p *parser) property(name string, rec *Record) error {
	if len(rec.Attributes) >= p.limits.Columns {
		return TooManyColumns(p.limits.Columns)
	}
	null := p.peek() == 'n'
	v, err := p.value()
	if err != nil || null {
		return err
	}
	if len(v) > p.limits.Field {
		return FieldTooLong(name, p.limits.Field)
	}
	rec.Attributes = append(rec.Attributes, Attribute{Name: name, Value: v})
	return nil
}

// value gives a value as text: a string unquoted, anything else as written.
func (p *parser) value() (string, error) {
	if p.peek() == '"' {
		return p.str()
	}
	start := p.start()
	if err := p.skip(); err != nil {
		return "", err
	}
	return string(p.b[start:p.pos]), nil
}

// str reads a string.
func (p *parser) str() (string, error) {
	start := p.start()
	escaped, err := p.quoted()
	if err != nil {
		return "", err
	}
	text := p.b[start:p.pos]
	if !escaped {
		return string(text[1 : len(text)-1]), nil
	}
	var out string
	if json.Unmarshal(text, &out) != nil {
		return "", p.syntax()
	}
	return out, nil
}

// TooManyColumns is the fault of a record with more columns than allowed.
func TooManyColumns(limit int) *fault.Error {
	return fault.New(fault.KindInvalid, "too_many_columns",
		"字段超过 "+itoa(limit)+" 个，请删去不需要的字段再导入",
		"There are more than "+itoa(limit)+" columns; remove those not needed.")
}

// FieldTooLong is the fault of an attribute longer than allowed.
func FieldTooLong(name string, limit int) *fault.Error {
	if len(name) > 60 {
		name = strings.ToValidUTF8(name[:60], "") + "…"
	}
	return fault.New(fault.KindInvalid, "field_too_long",
		"字段“"+name+"”的内容超过 "+itoa(limit>>10)+" KB，请缩短后再导入",
		"The field \""+name+"\" is longer than "+itoa(limit>>10)+" KB; shorten it.")
}
