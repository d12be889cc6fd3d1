package feature

import (
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
)

// Shape is a geometry as it stands in the file: rings neither closed nor
// turned, validity unjudged, coordinates of the file's own system.
type Shape struct {
	// Kind is the type, "Polygon"; "" where the record has no geometry.
	Kind string
	// Polygons holds the rings of a Polygon or MultiPolygon that are not empty;
	// of a GeometryCollection those of all its members, at any depth.
	Polygons orb.MultiPolygon
	// Lines holds the lines of a LineString or MultiLineString.
	Lines []orb.Ring
	// Vertices counts the positions read, Z tells that one had a third number.
	Vertices int
	Z        bool
	// Fault is what is wrong with the geometry alone: the row is rejected, not the file.
	Fault *fault.Error
}

// Area tells whether the shape holds polygons that were read without fault.
func (s *Shape) Area() bool { return s.Fault == nil && len(s.Polygons) > 0 }

// ParseShape reads the geometry of a record; nil gives the zero Shape.
func ParseShape(text []byte, limits Limits) Shape {
	if text == nil {
		return Shape{}
	}
	p := &parser{b: text, depth: limits.Depth, limits: limits}
	return p.shape()
}

// shape reads the geometry that stands here; where it has a fault, the place is lost.
func (p *parser) shape() Shape {
	sp := &shapeParser{parser: p}
	var err error
	if sp.shape.Kind, err = sp.geometry(); err != nil {
		var f *fault.Error
		if !errors.As(err, &f) {
			f = p.syntax().Because(err)
		}
		sp.shape.Fault = f
	}
	return sp.shape
}

type shapeParser struct {
	*parser
	shape Shape
}

// geometry finds type and coordinates, which may stand in either order; the
// last of each counts.
func (p *shapeParser) geometry() (kind string, err error) {
	before, coordinates, readAs := p.shape, -1, ""
	err = p.object(func(key string) (err error) {
		switch key {
		case "type":
			kind, err = p.name()
			kind = properKind(kind)
			return err
		case "coordinates":
			p.shape, coordinates, readAs = before, p.start(), kind
			return p.coordinates(kind)
		case "geometries":
			if p.peek() == '[' {
				return p.array(func() error { _, err := p.geometry(); before = p.shape; return err })
			}
		}
		return p.skip()
	})
	if err != nil || coordinates < 0 || readAs == kind {
		return kind, err
	}
	end := p.pos
	p.pos, p.shape = coordinates, before
	err = p.coordinates(kind)
	p.pos = end
	return kind, err
}

// properKind is the type as RFC 7946 writes it: some programs write it all small.
func properKind(kind string) string {
	for _, k := range [...]string{"Polygon", "MultiPolygon", "LineString", "MultiLineString", "Point", "MultiPoint", "GeometryCollection"} {
		if strings.EqualFold(kind, k) {
			return k
		}
	}
	return kind
}

// coordinates reads those of the kinds that matter.
func (p *shapeParser) coordinates(kind string) error {
	if p.peek() != '[' {
		return p.skip()
	}
	switch kind {
	case "Polygon":
		return p.polygon()
	case "MultiPolygon":
		return p.array(p.polygon)
	case "LineString":
		return p.line()
	case "MultiLineString":
		return p.array(p.line)
	}
	return p.skip()
}

func (p *shapeParser) polygon() error {
	var rings orb.Polygon
	err := p.array(func() error {
		r, err := p.ring()
		if len(r) > 0 {
			rings = append(rings, r)
		}
		return err
	})
	if len(rings) > 0 {
		p.shape.Polygons = append(p.shape.Polygons, rings)
	}
	return err
}

func (p *shapeParser) line() error {
	r, err := p.ring()
	if len(r) > 0 {
		p.shape.Lines = append(p.shape.Lines, r)
	}
	return err
}

func (p *shapeParser) ring() (orb.Ring, error) {
	from := len(p.points)
	err := p.array(func() error {
		pt, err := p.position()
		p.points = append(p.points, pt)
		return err
	})
	return orb.Ring(p.points[from:len(p.points):len(p.points)]), err
}

// position reads two numbers or more; those after the second are dropped.
func (p *shapeParser) position() (orb.Point, error) {
	var pt orb.Point
	p.shape.Vertices++
	if p.shape.Vertices > p.limits.Vertices {
		return pt, TooManyVertices(p.limits.Vertices)
	}
	if !p.accept('[') {
		return pt, p.syntax()
	}
	n := 0
	for ; !p.accept(']'); n++ {
		if n > 0 && !p.accept(',') {
			return pt, p.syntax()
		}
		v, err := p.coordinate()
		if err != nil {
			return pt, err
		}
		if n < 2 {
			pt[n] = v
		}
	}
	if n < 2 {
		return pt, badCoordinate()
	}
	p.shape.Z = p.shape.Z || n > 2
	return pt, nil
}

// coordinate reads a finite number.
func (p *shapeParser) coordinate() (float64, error) {
	switch p.peek() {
	case '[', '{', '"', 'n', 'i', 't', 'f':
		return 0, badCoordinate()
	}
	text, err := p.number()
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, badCoordinate()
	}
	return v, nil
}

func badCoordinate() *fault.Error {
	return fault.New(fault.KindInvalid, "bad_coordinate",
		"坐标中有不是数字或超出范围的值，请改正", "A coordinate is no finite number; correct it.")
}

// TooManyVertices is the fault of a geometry with more vertices than allowed.
func TooManyVertices(limit int) *fault.Error {
	return fault.New(fault.KindInvalid, "too_many_vertices",
		"单个图形的顶点超过 "+itoa(limit)+" 个，请拆分或简化", "One shape has more than "+itoa(limit)+" vertices; split or simplify it.")
}
