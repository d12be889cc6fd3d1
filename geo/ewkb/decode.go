package ewkb

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Limits bound what a decoder accepts. A count is also refused, before
// anything is allocated, if the bytes that follow cannot hold it.
type Limits struct {
	// Vertices is the greatest number of points in the whole geometry.
	Vertices int
	// Parts is the greatest number of rings and members in the whole geometry.
	Parts int
	// Depth is how deep collections may nest.
	Depth int
}

// DefaultLimits are those of Unmarshal: four million vertices, a million parts, depth four.
func DefaultLimits() Limits { return Limits{Vertices: 1 << 22, Parts: 1 << 20, Depth: 4} }

// Unmarshal reads one geometry that fills the bytes exactly, and its SRID (0
// if there is none). Errors are *Error. Coordinates are taken as they stand,
// NaN included: PostGIS writes an empty point so.
func Unmarshal(b []byte) (orb.Geometry, int, error) { return UnmarshalLimited(b, DefaultLimits()) }

// UnmarshalLimited is Unmarshal with limits of one's own.
func UnmarshalLimited(b []byte, limits Limits) (orb.Geometry, int, error) {
	r := reader{b: b, limits: limits}
	h, err := r.head()
	if err != nil {
		return nil, 0, err
	}
	g, err := r.body(h, 0)
	if err != nil {
		return nil, 0, err
	}
	if r.pos != len(b) {
		return nil, 0, r.fail("%d bytes follow the geometry", len(b)-r.pos)
	}
	return g, int(h.srid), nil
}

type reader struct {
	b      []byte
	pos    int
	order  binary.ByteOrder
	limits Limits
}

type header struct {
	kind, srid uint32
	stride     int
}

func (r *reader) fail(format string, args ...any) error {
	return &Error{Offset: r.pos, Reason: fmt.Sprintf(format, args...)}
}

func (r *reader) uint32() (uint32, error) {
	if len(r.b)-r.pos < 4 {
		return 0, r.fail("the data ends too soon")
	}
	v := r.order.Uint32(r.b[r.pos:])
	r.pos += 4
	return v, nil
}

// head reads byte order, type and SRID.
func (r *reader) head() (header, error) {
	if r.pos >= len(r.b) {
		return header{}, r.fail("the data ends too soon")
	}
	switch r.b[r.pos] {
	case bigEndian:
		r.order = binary.BigEndian
	case littleEndian:
		r.order = binary.LittleEndian
	default:
		return header{}, r.fail("%d is no byte order", r.b[r.pos])
	}
	r.pos++
	kind, err := r.uint32()
	if err != nil {
		return header{}, err
	}
	h := header{kind: kind &^ flags, stride: 16}
	for _, f := range []uint32{flagZ, flagM} {
		if kind&f != 0 {
			h.stride += 8
		}
	}
	if kind&flagSRID != 0 {
		h.srid, err = r.uint32()
	}
	return h, err
}

// count reads a number of elements of at least size bytes each and charges it to the budget.
func (r *reader) count(size int, budget *int, what string) (int, error) {
	v, err := r.uint32()
	if err != nil {
		return 0, err
	}
	if int64(v)*int64(size) > int64(len(r.b)-r.pos) {
		return 0, r.fail("%d %s do not fit into the %d bytes that follow", v, what, len(r.b)-r.pos)
	}
	n := int(v)
	if n > *budget {
		return 0, r.fail("more %s than the limit allows", what)
	}
	*budget -= n
	return n, nil
}

func (r *reader) parts(size int) (int, error) { return r.count(size, &r.limits.Parts, "parts") }

func (r *reader) point(stride int) (orb.Point, error) {
	if len(r.b)-r.pos < stride {
		return orb.Point{}, r.fail("the data ends too soon")
	}
	x := math.Float64frombits(r.order.Uint64(r.b[r.pos:]))
	y := math.Float64frombits(r.order.Uint64(r.b[r.pos+8:]))
	r.pos += stride
	return orb.Point{x, y}, nil
}

func (r *reader) points(stride int) ([]orb.Point, error) {
	n, err := r.count(stride, &r.limits.Vertices, "vertices")
	if err != nil {
		return nil, err
	}
	ps := make([]orb.Point, n)
	for i := range ps {
		if ps[i], err = r.point(stride); err != nil {
			return nil, err
		}
	}
	return ps, nil
}

func (r *reader) polygon(stride int) (orb.Polygon, error) {
	n, err := r.parts(4)
	if err != nil {
		return nil, err
	}
	p := make(orb.Polygon, n)
	for i := range p {
		ring, err := r.points(stride)
		if err != nil {
			return nil, err
		}
		p[i] = ring
	}
	return p, nil
}

// body reads what follows the header; where it returns an error the geometry means nothing.
func (r *reader) body(h header, depth int) (orb.Geometry, error) {
	switch h.kind {
	case typePoint:
		r.limits.Vertices--
		if r.limits.Vertices < 0 {
			return nil, r.fail("more vertices than the limit allows")
		}
		return r.point(h.stride)
	case typeLineString:
		ps, err := r.points(h.stride)
		return orb.LineString(ps), err
	case typePolygon:
		return r.polygon(h.stride)
	case typeMultiPoint:
		ps, err := members[orb.Point](r, h, typePoint)
		return orb.MultiPoint(ps), err
	case typeMultiLineString:
		ls, err := members[orb.LineString](r, h, typeLineString)
		return orb.MultiLineString(ls), err
	case typeMultiPolygon:
		ps, err := members[orb.Polygon](r, h, typePolygon)
		return orb.MultiPolygon(ps), err
	case typeCollection:
		return r.collection(h, depth)
	}
	return nil, r.fail("geometry type %d is not supported", h.kind)
}

// memberHead reads the header of a member, which may not speak of another SRID.
func (r *reader) memberHead(outer header) (header, error) {
	h, err := r.head()
	if err == nil && h.srid != 0 && h.srid != outer.srid {
		return h, r.fail("a member has SRID %d, the whole %d", h.srid, outer.srid)
	}
	return h, err
}

func (r *reader) collection(outer header, depth int) (orb.Collection, error) {
	if depth >= r.limits.Depth {
		return nil, r.fail("collections nest deeper than %d", r.limits.Depth)
	}
	n, err := r.parts(5)
	if err != nil {
		return nil, err
	}
	c := make(orb.Collection, n)
	for i := range c {
		h, err := r.memberHead(outer)
		if err != nil {
			return nil, err
		}
		h.srid = outer.srid
		if c[i], err = r.body(h, depth+1); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// members reads the parts of a multi-geometry, which must all be of one kind.
func members[T orb.Geometry](r *reader, outer header, kind uint32) ([]T, error) {
	n, err := r.parts(9)
	if err != nil {
		return nil, err
	}
	m := make([]T, n)
	for i := range m {
		h, err := r.memberHead(outer)
		if err != nil {
			return nil, err
		}
		if h.kind != kind {
			return nil, r.fail("a member of type %d in a geometry of type %d", h.kind, outer.kind)
		}
		g, err := r.body(h, 0)
		if err != nil {
			return nil, err
		}
		m[i], _ = g.(T)
	}
	return m, nil
}
