package interchange

import (
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// judged is what became of a row's geometry in the file's own coordinates.
type judged struct {
	polygons orb.MultiPolygon
	refused  *rejection
	z        bool
	vertices int
}

// judge normalises a row's geometry and decides whether it is a valid area.
// Validity is judged in the file's own coordinates: a corner lying exactly on
// an edge there is off it by a rounding error elsewhere.
func judge(r *record, closedLines bool) judged {
	s := r.shape
	j := judged{z: s.Z, vertices: s.Vertices}
	polygons := s.Polygons
	switch {
	case s.Fault != nil:
		j.refused = badShape(s)
	case s.Kind == "":
		j.refused = noGeometry()
	case closedLines && len(s.Lines) > 0:
		polygons, j.refused = fromLines(r, s)
	case s.Kind != "Polygon" && s.Kind != "MultiPolygon":
		j.refused = notPolygon(s.Kind)
	case len(polygons) == 0:
		j.refused = emptyGeometry()
	}
	if j.refused != nil {
		return j
	}
	j.polygons = geo.Normalise(polygons)
	if len(j.polygons) == 0 {
		j.refused = emptyGeometry()
		return j
	}
	if fs := geo.ValidatePlane(j.polygons); len(fs) > 0 {
		j.refused = invalidShape(fs)
	}
	return j
}

// fromLines makes areas of the closed polylines of a drawing. Circles, arcs
// and splines come as lines too, and are none.
func fromLines(r *record, s feature.Shape) (orb.MultiPolygon, *rejection) {
	if class := r.attr("SubClasses"); class != "" && !strings.Contains(class, "Polyline") {
		return nil, notPolygon(s.Kind)
	}
	var out orb.MultiPolygon
	for _, l := range s.Lines {
		if len(l) < 4 || l[0] != l[len(l)-1] {
			return nil, openLine()
		}
		out = append(out, orb.Polygon{l})
	}
	return out, nil
}

// degrees tells whether all of the shape can be longitude and latitude.
func degrees(mp orb.MultiPolygon) (orb.Point, bool) {
	for _, polygon := range mp {
		for _, ring := range polygon {
			for _, p := range ring {
				// Written so that NaN is out of range as well.
				if !(p[0] >= -180 && p[0] <= 180 && p[1] >= -90 && p[1] <= 90) {
					return p, false
				}
			}
		}
	}
	return orb.Point{}, true
}
