// Package geojson writes geometries of package orb as GeoJSON (RFC 7946) into
// a byte slice and reads polygons back strictly.
//
// Coordinates are longitude, latitude in degrees of CGCS2000 (EPSG:4490),
// which differs from the WGS 84 of the RFC by centimetres at most. The writer
// allocates nothing beyond the slice; the reader refuses whatever is not
// exactly a Polygon or MultiPolygon within its limits, and says where.
package geojson

import (
	"fmt"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// Decimals written unless told otherwise: 1e-9 degrees is 0.1 mm.
const Decimals = 9

// maxDecimals keeps scaled degrees exact in a float64 and an int64.
const maxDecimals = 12

// AppendMultiPolygon appends {"type":"MultiPolygon","coordinates":…} with 9
// decimals, trailing zeros trimmed. A coordinate that is not finite becomes
// null, which every reader refuses: check validity first.
func AppendMultiPolygon(dst []byte, mp orb.MultiPolygon) []byte {
	return AppendMultiPolygonDecimals(dst, mp, Decimals)
}

// AppendMultiPolygonDecimals is AppendMultiPolygon with 0 to 12 decimals.
func AppendMultiPolygonDecimals(dst []byte, mp orb.MultiPolygon, decimals int) []byte {
	w := newWriter(dst, decimals)
	w.open("MultiPolygon")
	w.multiPolygon(mp)
	return w.close()
}

// AppendPolygon appends a polygon with 9 decimals.
func AppendPolygon(dst []byte, p orb.Polygon) []byte {
	w := newWriter(dst, Decimals)
	w.open("Polygon")
	w.polygon(p)
	return w.close()
}

// AppendGeometry appends any geometry but collections with 9 decimals. An
// orb.Ring or orb.Bound is written as a polygon, nil as null. The error names
// a type that cannot be written; dst is then returned as it was.
func AppendGeometry(dst []byte, g orb.Geometry) ([]byte, error) {
	switch g := g.(type) {
	case nil:
		return append(dst, "null"...), nil
	case orb.Polygon:
		return AppendPolygon(dst, g), nil
	case orb.Ring:
		return AppendPolygon(dst, orb.Polygon{g}), nil
	case orb.Bound:
		return AppendPolygon(dst, g.ToPolygon()), nil
	case orb.MultiPolygon:
		return AppendMultiPolygon(dst, g), nil
	}
	return appendSimple(dst, g)
}

func appendSimple(dst []byte, g orb.Geometry) ([]byte, error) {
	w := newWriter(dst, Decimals)
	switch g := g.(type) {
	case orb.Point:
		w.open("Point")
		w.point(g)
	case orb.MultiPoint:
		w.open("MultiPoint")
		w.points(g)
	case orb.LineString:
		w.open("LineString")
		w.points(g)
	case orb.MultiLineString:
		w.open("MultiLineString")
		list(&w, g, func(ls orb.LineString) { w.points(ls) })
	default:
		return dst, fmt.Errorf("geojson: cannot write a %T", g)
	}
	return w.close(), nil
}

type writer struct {
	b        []byte
	decimals int
	scale    float64
}

func newWriter(dst []byte, decimals int) writer {
	decimals = min(max(decimals, 0), maxDecimals)
	return writer{b: dst, decimals: decimals, scale: math.Pow10(decimals)}
}

func (w *writer) open(kind string) {
	w.b = append(w.b, `{"type":"`...)
	w.b = append(w.b, kind...)
	w.b = append(w.b, `","coordinates":`...)
}

func (w *writer) close() []byte { return append(w.b, '}') }

// list writes a JSON array.
func list[T any](w *writer, items []T, one func(T)) {
	w.b = append(w.b, '[')
	for i, item := range items {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		one(item)
	}
	w.b = append(w.b, ']')
}

func (w *writer) multiPolygon(mp orb.MultiPolygon) { list(w, mp, w.polygon) }

func (w *writer) polygon(p orb.Polygon) { list(w, p, func(r orb.Ring) { w.points(r) }) }

func (w *writer) points(ps []orb.Point) { list(w, ps, w.point) }

func (w *writer) point(p orb.Point) {
	w.b = append(w.b, '[')
	w.number(p[0])
	w.b = append(w.b, ',')
	w.number(p[1])
	w.b = append(w.b, ']')
}

// number writes x rounded half away from zero, without trailing zeros and without minus zero.
func (w *writer) number(x float64) {
	scaled := math.Round(x * w.scale)
	if !(math.Abs(scaled) < 1<<53) {
		w.large(x)
		return
	}
	w.b = AppendDecimal(w.b, int64(scaled), w.decimals)
}

// AppendDecimal appends n / 10^decimals without trailing zeros and without minus zero; 0 to 12 decimals.
func AppendDecimal(dst []byte, n int64, decimals int) []byte {
	if n < 0 {
		dst, n = append(dst, '-'), -n
	}
	whole, fraction := n/nano, n%nano
	if decimals != Decimals { // a division by what is not known beforehand takes longer than all else
		unit := int64(math.Pow10(decimals))
		whole, fraction = n/unit, n%unit
	}
	dst = strconv.AppendInt(dst, whole, 10)
	if fraction == 0 {
		return dst
	}
	dst = append(dst, ".000000000000"[:decimals+1]...)
	for i := len(dst) - 2; fraction > 0; i -= 2 {
		pair := 2 * (fraction % 100)
		fraction /= 100
		if dst[i+1] = pairs[pair+1]; dst[i] != '.' {
			dst[i] = pairs[pair]
		}
	}
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

const (
	nano  = 1_000_000_000 // 10^Decimals
	pairs = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899"
)

// large writes what is no coordinate in degrees: metres of a plane system, or nonsense.
func (w *writer) large(x float64) {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		w.b = append(w.b, "null"...)
		return
	}
	w.b = strconv.AppendFloat(w.b, x, 'f', -1, 64)
}
