// Package ewkb carries geometries of package orb to and from PostGIS as
// Extended Well-Known Binary (PostGIS, ZMSgeoms.txt), with the SRID.
//
// Written is always little-endian XY. Read are both byte orders and every
// simple-feature type of two dimensions; Z and M are dropped. The decoder
// never allocates more than a small multiple of its input.
package ewkb

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// The geometry types of the simple-features specification and PostGIS's flags.
const (
	typePoint = iota + 1
	typeLineString
	typePolygon
	typeMultiPoint
	typeMultiLineString
	typeMultiPolygon
	typeCollection

	flagZ    = 0x8000_0000
	flagM    = 0x4000_0000
	flagSRID = 0x2000_0000
	flags    = flagZ | flagM | flagSRID

	bigEndian    = 0
	littleEndian = 1
)

// Error says what is wrong with the bytes, and at which offset.
type Error struct {
	Offset int
	Reason string
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("ewkb: byte %d: %s", e.Offset, e.Reason) }

// MarshalMultiPolygon writes a multipolygon; an SRID of 0 is left out, one
// below 0 or beyond 999999 is an error, as in PostGIS.
func MarshalMultiPolygon(mp orb.MultiPolygon, srid int) ([]byte, error) {
	return Marshal(mp, srid)
}

// Marshal writes a geometry. An orb.Ring or orb.Bound is written as a polygon.
func Marshal(g orb.Geometry, srid int) ([]byte, error) {
	if srid < 0 || srid > 999_999 {
		return nil, fmt.Errorf("ewkb: SRID %d is outside 0..999999", srid)
	}
	w := writer{}
	if err := w.geometry(g, uint32(srid)); err != nil {
		return nil, err
	}
	return w.b, nil
}

type writer struct{ b []byte }

func (w *writer) head(kind, srid uint32) {
	w.b = append(w.b, littleEndian)
	if srid == 0 {
		w.b = binary.LittleEndian.AppendUint32(w.b, kind)
		return
	}
	w.b = binary.LittleEndian.AppendUint32(w.b, kind|flagSRID)
	w.b = binary.LittleEndian.AppendUint32(w.b, srid)
}

func (w *writer) count(n int) {
	w.b = binary.LittleEndian.AppendUint32(w.b, uint32(n)) //nolint:gosec // a slice of 2^32 points does not fit in memory
}

func (w *writer) point(p orb.Point) {
	w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(p[0]))
	w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(p[1]))
}

func (w *writer) points(ps []orb.Point) {
	w.count(len(ps))
	for _, p := range ps {
		w.point(p)
	}
}

func (w *writer) polygon(p orb.Polygon, srid uint32) {
	w.head(typePolygon, srid)
	w.count(len(p))
	for _, r := range p {
		w.points(r)
	}
}

func (w *writer) lineString(ls orb.LineString, srid uint32) {
	w.head(typeLineString, srid)
	w.points(ls)
}

// geometry writes g; the SRID stands at the outermost geometry only, as PostGIS writes it.
func (w *writer) geometry(g orb.Geometry, srid uint32) error {
	switch g := g.(type) {
	case orb.Point:
		w.head(typePoint, srid)
		w.point(g)
	case orb.LineString:
		w.lineString(g, srid)
	case orb.Ring:
		w.polygon(orb.Polygon{g}, srid)
	case orb.Bound:
		w.polygon(g.ToPolygon(), srid)
	case orb.Polygon:
		w.polygon(g, srid)
	default:
		return w.multi(g, srid)
	}
	return nil
}

func (w *writer) multi(g orb.Geometry, srid uint32) error {
	switch g := g.(type) {
	case orb.MultiPoint:
		w.head(typeMultiPoint, srid)
		w.count(len(g))
		for _, p := range g {
			w.head(typePoint, 0)
			w.point(p)
		}
	case orb.MultiLineString:
		w.head(typeMultiLineString, srid)
		w.count(len(g))
		for _, ls := range g {
			w.lineString(ls, 0)
		}
	case orb.MultiPolygon:
		w.head(typeMultiPolygon, srid)
		w.count(len(g))
		for _, p := range g {
			w.polygon(p, 0)
		}
	case orb.Collection:
		w.head(typeCollection, srid)
		w.count(len(g))
		for _, part := range g {
			if err := w.geometry(part, 0); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("ewkb: cannot write a %T", g)
	}
	return nil
}
