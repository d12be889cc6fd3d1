package feature

import (
	"encoding/json"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
)

// Attribute is one property as text: strings as they are, numbers as they
// were written, objects and arrays as JSON.
type Attribute struct{ Name, Value string }

// Record is one feature.
type Record struct {
	// Type is the type member, "Feature" for a feature; a bare geometry is its own Shape.
	Type string
	// Shape is the geometry, Geometry tells that there is one: neither null nor missing.
	Shape    Shape
	Geometry bool
	// Attributes are the properties in order, without those that are null.
	Attributes []Attribute
	// Esri tells that the record is of ESRI's JSON, which is not GeoJSON.
	Esri bool
}

// Parser reads one feature after another with the same buffers.
type Parser struct {
	limits Limits
	attrs  []Attribute
	points []orb.Point
	// names holds the names of members, which come again with every feature.
	names map[string]string
}

// NewParser makes a Parser.
func NewParser(limits Limits) *Parser {
	return &Parser{limits: limits, names: map[string]string{}}
}

// Parse reads the text of a feature. The slices of the record are valid until
// the next call. Errors are faults.
func (ps *Parser) Parse(text []byte) (Record, error) {
	p := &parser{b: text, depth: ps.limits.Depth, limits: ps.limits, points: ps.points[:0], known: ps.names}
	rec := Record{Attributes: ps.attrs[:0]}
	var id string
	err := p.object(func(key string) error { return p.feature(key, &rec, &id) })
	if err == nil && p.peek() != 0 {
		err = p.syntax()
	}
	if err != nil {
		return rec, err
	}
	if !rec.Geometry && isGeometry(rec.Type) {
		p.pos, rec.Geometry = 0, true
		rec.Shape = p.shape()
		if rec.Shape.Fault != nil && rec.Shape.Fault.Code == codeSyntax {
			rec.Shape.Fault = badNesting(rec.Shape.Kind)
		}
	}
	if id != "" && !rec.has("id") {
		rec.Attributes = append(rec.Attributes, Attribute{"id", id})
	}
	ps.attrs, ps.points = rec.Attributes, p.points
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
		rec.Type, err = p.name()
	case "id":
		*id, err = p.value()
	case "geometry":
		return p.geometryMember(rec)
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

// geometryMember reads the geometry of a feature. What is wrong with it is the
// row's matter, unless it is no JSON.
func (p *parser) geometryMember(rec *Record) error {
	if p.peek() != '{' {
		return p.skip()
	}
	start := p.pos
	rec.Geometry, rec.Shape = true, p.shape()
	if rec.Shape.Fault == nil {
		return nil
	}
	p.pos = start
	err := p.skip()
	if err == nil && rec.Shape.Fault.Code == codeSyntax {
		rec.Shape.Fault = badNesting(rec.Shape.Kind)
	}
	return err
}

// badNesting is the fault of coordinates that are JSON, but not of the geometry's type.
func badNesting(kind string) *fault.Error {
	return fault.New(fault.KindInvalid, "bad_coordinates",
		"坐标数组的层次与类型 "+kind+" 不符，请重新导出", "The nesting of the coordinates is not that of a "+kind+"; export it again.")
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

// mostNames is how many names are kept to be found again.
const mostNames = 2000

// name gives a string that is likely to come again, or any other value as text.
func (p *parser) name() (string, error) {
	start := p.start()
	if p.peek() != '"' {
		return p.value()
	}
	escaped, err := p.quoted()
	if err != nil {
		return "", err
	}
	text := p.b[start+1 : p.pos-1]
	if known, ok := p.known[string(text)]; ok && !escaped {
		return known, nil
	}
	p.pos = start
	s, err := p.str()
	if err == nil && !escaped && p.known != nil && len(p.known) < mostNames {
		p.known[s] = s
	}
	return s, err
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
