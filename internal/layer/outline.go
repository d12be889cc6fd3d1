package layer

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/geojson"
)

// outlineScale is how many units of a coordinate a degree has: what GeoJSON says of it, 0.1 mm.
const outlineScale = 1_000_000_000

// outline is a multipolygon in a quarter of the bytes of its GeoJSON, which it gives back to the last digit:
// numbers of polygons, rings and vertices before each, vertices as steps from the one before.
// The zero outline has no polygon.
type outline []byte

// jsonOfOutline is how many bytes of GeoJSON a byte of an outline usually becomes.
const jsonOfOutline = 4

// newOutline packs a multipolygon; not ok where a coordinate is no degree.
func newOutline(mp orb.MultiPolygon) (o outline, ok bool) {
	var room [512]byte
	b := binary.AppendUvarint(room[:0], uint64(len(mp)))
	var at [2]int64
	for _, p := range mp {
		b = binary.AppendUvarint(b, uint64(len(p)))
		for _, r := range p {
			b = binary.AppendUvarint(b, uint64(len(r)))
			for _, v := range r {
				to, ok := nanodegrees(v)
				if !ok {
					return nil, false
				}
				b = binary.AppendVarint(binary.AppendVarint(b, to[0]-at[0]), to[1]-at[1])
				at = to
			}
		}
	}
	return bytes.Clone(b), true // it is kept: without the room it grew by
}

func nanodegrees(p orb.Point) (units [2]int64, ok bool) {
	for i, x := range p {
		scaled := math.Round(x * outlineScale)
		if !(math.Abs(scaled) <= 360*outlineScale) {
			return units, false
		}
		units[i] = int64(scaled)
	}
	return units, true
}

// outlineReader walks an outline that newOutline made.
type outlineReader struct {
	b  []byte
	at [2]int64
}

func (r *outlineReader) count() int {
	if len(r.b) == 0 {
		return 0
	}
	n, size := binary.Uvarint(r.b)
	r.b = r.b[size:]
	return int(n) //nolint:gosec // a count that was an int
}

func (r *outlineReader) step() int64 {
	n, size := binary.Varint(r.b)
	r.b = r.b[size:]
	return n
}

func (r *outlineReader) vertex() [2]int64 {
	r.at[0] += r.step()
	r.at[1] += r.step()
	return r.at
}

// multiPolygon is the outline in degrees.
func (o outline) multiPolygon() orb.MultiPolygon {
	r := outlineReader{b: o}
	mp := make(orb.MultiPolygon, r.count())
	for i := range mp {
		mp[i] = make(orb.Polygon, r.count())
		for j := range mp[i] {
			ring := make(orb.Ring, r.count())
			for k := range ring {
				v := r.vertex()
				ring[k] = orb.Point{float64(v[0]) / outlineScale, float64(v[1]) / outlineScale}
			}
			mp[i][j] = ring
		}
	}
	return mp
}

// append adds the outline as GeoJSON.
func (o outline) append(b []byte) []byte {
	b = append(b, `{"type":"MultiPolygon","coordinates":[`...)
	r := outlineReader{b: o}
	for i := range r.count() {
		b = openArray(b, i)
		for j := range r.count() {
			b = openArray(b, j)
			for k := range r.count() {
				b = openArray(b, k)
				v := r.vertex()
				b = geojson.AppendDecimal(b, v[0], geojson.Decimals)
				b = geojson.AppendDecimal(append(b, ','), v[1], geojson.Decimals)
				b = append(b, ']')
			}
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, "]}"...)
}

// openArray begins the i-th array of an array.
func openArray(b []byte, i int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return append(b, '[')
}
