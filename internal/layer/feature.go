package layer

import (
	"bytes"
	"encoding/binary"
	"slices"
	"sync/atomic"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/auth"
)

// feature is a feature of a layer as it is shown; it never changes.
type feature struct {
	face

	key   int64  // its place in the layer: the id of a parcel, unit or reference feature
	shape *shape // nil without geometry
}

// face is what a feature says besides its shape.
type face interface {
	// in is the unit and the stage by which it is filtered.
	in() (unit string, stage int)
	// named says whose name it shows; not ok where everybody sees the same.
	named() (of owner, ok bool)
	// append adds the JSON up to the geometry, with the name or without.
	append(b []byte, named bool) []byte
	// same says that both look the same.
	same(o face) bool
}

// text is a face that is kept as JSON: layers of few features.
type text struct {
	unit  string
	stage int
	json  []byte
	veil  *veil // nil: everybody sees the same
}

func (t *text) in() (unit string, stage int) { return t.unit, t.stage }

func (t *text) named() (of owner, ok bool) {
	if t.veil == nil {
		return owner{}, false
	}
	return t.veil.owner, true
}

func (t *text) append(b []byte, named bool) []byte {
	if named || t.veil == nil {
		return append(b, t.json...)
	}
	return append(append(append(b, t.json[:t.veil.from]...), hiddenLabel...), t.json[t.veil.to:]...)
}

func (t *text) same(o face) bool {
	other, ok := o.(*text)
	return ok && t.unit == other.unit && t.stage == other.stage && bytes.Equal(t.json, other.json) && t.veil.equal(other.veil)
}

// shape is a geometry, encoded once.
type shape struct {
	bound orb.Bound
	bytes []byte
	form  form
	json  atomic.Pointer[string] // of an outline that somebody has asked for: the next one copies it
}

// form is how the bytes of a shape are to be read.
type form byte

const (
	formOutline form = iota
	formText         // GeoJSON: what is no multipolygon in degrees
	formAway         // read from the database when asked for; what it counts in the flat form
)

func newShape(mp orb.MultiPolygon) *shape {
	if o, ok := newOutline(mp); ok {
		return &shape{bound: mp.Bound(), bytes: o}
	}
	return &shape{bound: mp.Bound(), bytes: bytes.Clone(geojson.AppendMultiPolygon(nil, mp)), form: formText}
}

// sent away is the shape without what it looks like.
func (s *shape) sentAway() *shape {
	n := s.counts()
	b := binary.AppendUvarint(nil, uint64(n.Polygons)) //nolint:gosec // a count
	b = binary.AppendUvarint(b, uint64(n.Rings))       //nolint:gosec // likewise
	b = binary.AppendUvarint(b, uint64(n.Points))      //nolint:gosec // likewise
	return &shape{bound: s.bound, bytes: bytes.Clone(b), form: formAway}
}

func (s *shape) append(b []byte) []byte {
	if s.form == formText {
		return append(b, s.bytes...)
	}
	if json := s.json.Load(); json != nil {
		return append(b, *json...)
	}
	from := len(b)
	b = outline(s.bytes).append(b)
	json := string(b[from:])
	s.json.Store(&json)
	return b
}

// flat is the shape as it goes into the flat form.
func (s *shape) flat() *flat.Shape {
	if s == nil || s.form != formOutline {
		return nil
	}
	return flat.NewShape(outline(s.bytes).multiPolygon())
}

// counts are those of the shape in the flat form.
func (s *shape) counts() flat.Counts {
	if s == nil || s.form != formAway {
		return s.flat().Counts()
	}
	r := outlineReader{b: s.bytes}
	return flat.Counts{Features: 1, Polygons: r.count(), Rings: r.count(), Points: r.count()}
}

const (
	geometryKey = `,"geometry":`
	noGeometry  = "null"
	separator   = ",\n"
)

func (f *feature) append(b []byte, scope auth.Scope) []byte {
	b = append(f.face.append(b, f.lifted(scope)), geometryKey...)
	if f.shape == nil {
		b = append(b, noGeometry...)
	} else {
		b = f.shape.append(b)
	}
	return append(b, '}')
}

// equal says that both look the same.
func (f *feature) equal(o *feature) bool {
	return f == o || f.key == o.key && f.shape.equal(o.shape) && f.same(o.face)
}

func (s *shape) equal(o *shape) bool {
	return s == o || s != nil && o != nil && s.form == o.form && bytes.Equal(s.bytes, o.bytes)
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
	if q.all() {
		return true
	}
	unit, stage := f.in()
	return (q.Unit == "" || unit == q.Unit) &&
		(len(q.Stages) == 0 || slices.Contains(q.Stages, stage)) &&
		(q.Bound == nil || f.shape != nil && q.Bound.Intersects(f.shape.bound))
}
