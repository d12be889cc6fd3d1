package interchange

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// kmlGeometry gathers the geometry of one placemark.
type kmlGeometry struct {
	w        *kmlWalk
	polygons orb.MultiPolygon
	// areas, lines and points count members, empty ones included; several tells a multi-geometry.
	areas, lines, points int
	several              bool
	vertices             int
	z                    bool
	fault                *fault.Error
}

// shape is what was gathered.
func (g *kmlGeometry) shape() feature.Shape {
	return feature.Shape{Kind: g.kind(), Polygons: g.polygons, Vertices: g.vertices, Z: g.z, Fault: g.fault}
}

func (g *kmlGeometry) kind() string {
	one := func(kind string, n int) string {
		if g.several || n > 1 {
			return "Multi" + kind
		}
		return kind
	}
	switch {
	case g.areas+g.lines+g.points == 0 && g.several:
		return "GeometryCollection"
	case g.areas+g.lines+g.points == 0:
		return ""
	case g.lines+g.points == 0:
		return one("Polygon", g.areas)
	case g.areas+g.points == 0:
		return one("LineString", g.lines)
	case g.areas+g.lines == 0:
		return one("Point", g.points)
	}
	return "GeometryCollection"
}

// element reads an element of a placemark or of a multi-geometry. MultiPolygon
// and its like are no KML, but some programs write them.
func (g *kmlGeometry) element(name string) error {
	switch name {
	case "Polygon":
		g.areas++
		return g.polygon()
	case "MultiGeometry", "MultiPolygon", "MultiLineString", "MultiPoint", "MultiTrack":
		g.several = true
		return g.w.children(func(e xml.StartElement) error { return g.element(e.Name.Local) })
	case "LineString", "LinearRing", "Track":
		g.lines++
	case "Point":
		g.points++
	}
	return g.w.skip()
}

// polygon reads an outer boundary and inner ones.
func (g *kmlGeometry) polygon() error {
	var outer, inner orb.Polygon
	err := g.w.children(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "outerBoundaryIs":
			return g.boundary(&outer)
		case "innerBoundaryIs":
			return g.boundary(&inner)
		}
		return g.w.skip()
	})
	if len(outer) > 0 {
		g.polygons = append(g.polygons, append(outer, inner...))
	}
	return err
}

// boundary appends the rings of a boundary that are not empty.
func (g *kmlGeometry) boundary(rings *orb.Polygon) error {
	return g.w.children(func(e xml.StartElement) error {
		if e.Name.Local != "LinearRing" {
			return g.w.skip()
		}
		return g.w.children(func(e xml.StartElement) error {
			if e.Name.Local != "coordinates" {
				return g.w.skip()
			}
			text, err := g.w.text(kmlToken)
			if err != nil {
				return err
			}
			if r := g.coordinates(text); len(r) > 0 {
				*rings = append(*rings, r)
			}
			return nil
		})
	})
}

const blank = " \t\r\n"

// coordinates reads tuples of longitude, latitude and perhaps height with
// white space between them; blanks around a comma do not end a tuple. What is
// wrong is the row's fault.
func (g *kmlGeometry) coordinates(text string) orb.Ring {
	ring := make(orb.Ring, 0, strings.Count(text, ",")/2+1)
	for text = strings.TrimLeft(text, blank); text != "" && g.fault == nil; text = strings.TrimLeft(text, blank) {
		var tuple [3]float64
		n, more := 0, true
		for more {
			end := strings.IndexAny(text, blank+",")
			if end < 0 {
				end = len(text)
			}
			v, err := strconv.ParseFloat(text[:end], 64)
			if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || n == len(tuple) {
				g.fault = badKMLCoordinate(text[:min(end, len(text))])
				return nil
			}
			tuple[n] = v
			n++
			text = strings.TrimLeft(text[end:], blank)
			if more = strings.HasPrefix(text, ","); more {
				text = strings.TrimLeft(text[1:], blank)
			}
		}
		g.add(&ring, tuple, n)
	}
	return ring
}

// add appends a tuple of n numbers.
func (g *kmlGeometry) add(ring *orb.Ring, tuple [3]float64, n int) {
	g.vertices++
	switch {
	case n < 2:
		g.fault = badKMLCoordinate(strconv.FormatFloat(tuple[0], 'g', -1, 64))
	case g.vertices > g.w.limits.VerticesOfFeature:
		g.fault = feature.TooManyVertices(g.w.limits.VerticesOfFeature)
	}
	g.z = g.z || n > 2
	*ring = append(*ring, orb.Point{tuple[0], tuple[1]})
}

func badKMLCoordinate(text string) *fault.Error {
	return invalid("bad_coordinate", "坐标“"+clip(text)+"”无法识别，应为“经度,纬度”或“经度,纬度,高程”，各点之间用空格隔开；请改正",
		"The coordinate \""+clip(text)+"\" is not understood; write lon,lat or lon,lat,height with blanks between the points.")
}
