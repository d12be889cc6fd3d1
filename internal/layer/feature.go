package layer

import (
	"bytes"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/auth"
)

// feature is a feature of a layer as it is shown; it never changes.
type feature struct {
	key   int64 // its place in the layer: the id of a parcel, unit or reference feature
	unit  string
	stage int
	head  []byte     // JSON up to the geometry
	veil  *veil      // nil: everybody sees the same
	shape *shape     // nil without geometry
	row   *ParcelRow // of a parcel
}

// shape is a geometry, encoded once.
type shape struct {
	bound orb.Bound
	json  []byte
	flat  *flat.Shape
}

func newShape(g orb.MultiPolygon) *shape {
	return &shape{bound: g.Bound(), json: bytes.Clone(geojson.AppendMultiPolygon(nil, g)), flat: flat.NewShape(g)}
}

const (
	geometryKey  = `,"geometry":`
	noGeometry   = "null"
	separator    = ",\n"
	featureFrame = len(geometryKey) + 1 // with the closing brace
)

func (f *feature) append(b []byte, scope auth.Scope) []byte {
	b = append(f.appendShown(b, scope), geometryKey...)
	if f.shape == nil {
		b = append(b, noGeometry...)
	} else {
		b = append(b, f.shape.json...)
	}
	return append(b, '}')
}

// size is how many bytes append adds.
func (f *feature) size(scope auth.Scope) int {
	if f.shape == nil {
		return f.shownSize(scope) + featureFrame + len(noGeometry)
	}
	return f.shownSize(scope) + featureFrame + len(f.shape.json)
}

// equal says that both look the same.
func (f *feature) equal(o *feature) bool {
	return f == o || f.key == o.key && f.unit == o.unit && f.stage == o.stage && bytes.Equal(f.head, o.head) && f.veil.equal(o.veil) && f.shape.equal(o.shape)
}

func (s *shape) equal(o *shape) bool {
	return s == o || s != nil && o != nil && bytes.Equal(s.json, o.json)
}

// Query selects features; the zero Query selects all.
type Query struct {
	Bound  *orb.Bound // degrees
	Unit   string
	Stages []int
}

func (q Query) all() bool { return q.Bound == nil && q.Unit == "" && len(q.Stages) == 0 }

// filters are the filters that a layer knows; it passes over the others.
type filters struct{ bound, unit, stage bool }

func (q Query) known(f filters) Query {
	if !f.bound {
		q.Bound = nil
	}
	if !f.unit {
		q.Unit = ""
	}
	if !f.stage {
		q.Stages = nil
	}
	return q
}

func (q Query) takes(f *feature) bool {
	return (q.Unit == "" || f.unit == q.Unit) &&
		(len(q.Stages) == 0 || slices.Contains(q.Stages, f.stage)) &&
		(q.Bound == nil || f.shape != nil && q.Bound.Intersects(f.shape.bound))
}
