package geojson

import (
	"errors"
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// Limits bound what a reader accepts.
type Limits struct {
	// Vertices is the greatest number of positions in the geometry.
	Vertices int
	// Depth is how deep arrays and objects may nest, members that are skipped included.
	Depth int
	// Plane accepts coordinates beyond ±180°, ±90°: metres of a plane system.
	Plane bool
}

// DefaultLimits are those of DecodeGeometry: a million vertices, depth 16, degrees.
func DefaultLimits() Limits { return Limits{Vertices: 1 << 20, Depth: 16} }

// Error says what is wrong with a text, where, and what to do, in Chinese and
// English; neither holds text of the input.
type Error struct {
	// Code is stable and machine-readable, snake_case.
	Code string
	// Offset is the byte at which reading stopped.
	Offset int
	// Path is the member at fault, such as coordinates[0][3]: the fourth
	// position of the first ring of a polygon. Empty outside the coordinates.
	Path   string
	ZH, EN string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Path != "" {
		return fmt.Sprintf("geojson: %s (byte %d): %s", e.Path, e.Offset, e.EN)
	}
	return fmt.Sprintf("geojson: byte %d: %s", e.Offset, e.EN)
}

// DecodeGeometry reads a Polygon or MultiPolygon; every error is an *Error.
// Rings must be closed and have four positions or more, positions two or three
// finite numbers within ±180° and ±90°; the third is dropped. A crs member is
// accepted for CGCS2000 and WGS 84 in longitude and latitude only. Whether the
// shape is valid is a question for package geo.
func DecodeGeometry(b []byte) (orb.Geometry, error) {
	return DecodeGeometryLimited(b, DefaultLimits())
}

// DecodeGeometryLimited is DecodeGeometry with limits of one's own.
func DecodeGeometryLimited(b []byte, limits Limits) (orb.Geometry, error) {
	p := parser{scanner: scanner{b: b, depth: limits.Depth}, limits: limits}
	g, err := p.geometry()
	if err != nil {
		return nil, err
	}
	p.space()
	if p.pos != len(b) {
		return nil, p.fail("trailing", "几何之后还有多余内容，请只提交一个几何对象", "something follows the geometry; send one geometry object only")
	}
	return g, nil
}

// DecodeMultiPolygon is DecodeGeometry with a polygon made a multipolygon of one part.
func DecodeMultiPolygon(b []byte) (orb.MultiPolygon, error) {
	g, err := DecodeGeometry(b)
	if err != nil {
		return nil, err
	}
	if p, ok := g.(orb.Polygon); ok {
		return orb.MultiPolygon{p}, nil
	}
	mp, _ := g.(orb.MultiPolygon)
	return mp, nil
}

type parser struct {
	scanner
	limits Limits
	count  int
	path   []int // indices of the arrays being read; they stay where an error ends the reading
}

// members are what a geometry object holds: the type, and where its coordinates begin.
type members struct {
	kind        string
	coordinates int
	seen        map[string]bool
}

func (p *parser) geometry() (orb.Geometry, error) {
	m := members{coordinates: -1, seen: map[string]bool{}}
	p.bom()
	if err := p.object(func(key string) error { return p.member(&m, key) }); err != nil {
		return nil, err
	}
	if m.kind == "" || m.coordinates < 0 {
		return nil, p.fail("not_a_geometry", "缺少 type 或 coordinates 成员，这不是 GeoJSON 几何对象", "type or coordinates is missing: this is no GeoJSON geometry object")
	}
	end := p.pos
	p.pos = m.coordinates
	g, err := p.coordinatesOf(m.kind)
	if err != nil {
		return nil, p.located(err)
	}
	p.pos = end
	return g, nil
}

// located adds to a fault of the coordinates the path to them.
func (p *parser) located(err error) error {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return err
	}
	var path strings.Builder
	path.WriteString("coordinates")
	for _, i := range p.path {
		fmt.Fprintf(&path, "[%d]", max(i, 0))
	}
	e.Path = path.String()
	return e
}

// member reads one member of the geometry object; coordinates may come before the type, so they are read last.
func (p *parser) member(m *members, key string) (err error) {
	if key != "type" && key != "coordinates" && key != "crs" {
		return p.skip()
	}
	if m.seen[key] {
		return p.fail("duplicate_member", "成员 type、coordinates 或 crs 出现了两次", "the member type, coordinates or crs stands twice")
	}
	m.seen[key] = true
	switch key {
	case "type":
		m.kind, err = p.str()
		return err
	case "crs":
		return p.crs()
	}
	m.coordinates = p.pos
	return p.skip()
}

func (p *parser) coordinatesOf(kind string) (orb.Geometry, error) {
	switch kind {
	case "Polygon":
		return p.polygon()
	case "MultiPolygon":
		mp, err := items(p, p.polygon)
		if err == nil && len(mp) == 0 {
			err = p.fail("empty", "多面没有任何组成面，请至少提交一个面", "the multipolygon has no polygon; send at least one")
		}
		return orb.MultiPolygon(mp), err
	}
	return nil, p.fail("geometry_type", "只接受 Polygon 或 MultiPolygon", "only Polygon or MultiPolygon is accepted")
}

func (p *parser) polygon() (orb.Polygon, error) {
	rings, err := items(p, p.ring)
	if err == nil && len(rings) == 0 {
		err = p.fail("empty", "面没有任何环，请至少提交一个外环", "the polygon has no ring; send at least an exterior ring")
	}
	return rings, err
}

func (p *parser) ring() (orb.Ring, error) {
	ps, err := items(p, p.position)
	if err != nil {
		return nil, err
	}
	if len(ps) < 4 {
		return nil, p.fail("ring_too_short", "环至少要有4个坐标（首尾相同）", "a ring has four positions or more, the last equal to the first")
	}
	if ps[0] != ps[len(ps)-1] {
		return nil, p.fail("ring_not_closed", "环没有闭合：最后一个坐标须与第一个相同", "the ring is not closed: its last position must equal its first")
	}
	return ps, nil
}

func (p *parser) position() (orb.Point, error) {
	p.count++
	if p.count > p.limits.Vertices {
		return orb.Point{}, p.fail("too_many_vertices", fmt.Sprintf("顶点超过%d个，请拆分或简化", p.limits.Vertices),
			fmt.Sprintf("more than %d vertices; split or simplify", p.limits.Vertices))
	}
	n, err := items(p, p.number)
	if err != nil {
		return orb.Point{}, err
	}
	if len(n) != 2 && len(n) != 3 {
		return orb.Point{}, p.fail("position", "坐标应为两个或三个数", "a position is two or three numbers")
	}
	if !p.limits.Plane && (n[0] < -180 || n[0] > 180 || n[1] < -90 || n[1] > 90) {
		return orb.Point{}, p.fail("out_of_range", "坐标超出经纬度范围：须为经度在前、纬度在后的度数", "the position is no longitude and latitude in degrees, longitude first")
	}
	return orb.Point{n[0], n[1]}, nil
}

// items reads an array of whatever one reads.
func items[T any](p *parser, one func() (T, error)) ([]T, error) {
	var out []T
	depth := len(p.path)
	p.path = append(p.path, -1)
	err := p.array(func() error {
		p.path[depth]++
		v, err := one()
		out = append(out, v)
		return err
	})
	if err == nil {
		p.path = p.path[:depth]
	}
	return out, err
}

// crs accepts the 2008 member where it names longitude and latitude of CGCS2000 or WGS 84, or is null.
func (p *parser) crs() error {
	if p.literal("null") {
		return nil
	}
	known := false
	err := p.object(func(key string) error {
		if key != "properties" {
			return p.skip()
		}
		return p.object(func(key string) error {
			if key != "name" {
				return p.skip()
			}
			name, err := p.str()
			known = isLonLat(name)
			return err
		})
	})
	if err == nil && !known {
		err = p.fail("crs", "坐标系不是 CGCS2000 或 WGS 84 经纬度，请先转换", "the crs is not longitude and latitude of CGCS2000 or WGS 84; convert first")
	}
	return err
}

func isLonLat(name string) bool {
	switch name {
	case "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84",
		"urn:ogc:def:crs:EPSG::4490", "EPSG:4490", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326":
		return true
	}
	return false
}
