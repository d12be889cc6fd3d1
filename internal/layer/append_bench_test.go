package layer

import (
	"math"
	"testing"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
)

// BenchmarkAppend writes a parcel of twelve corners as GeoJSON.
func BenchmarkAppend(b *testing.B) {
	var ring orb.Ring
	for k := range 12 {
		at := float64(k) / 12 * 2 * math.Pi
		ring = append(ring, orb.Point{120.7 + 0.000241234*math.Cos(at), 30.7 + 0.000161234*math.Sin(at)})
	}
	f := newParcel(row{parcel: &chronicle.Parcel{ID: 123456, Code: "L012345", Label: "地块12345号", Unit: "honghe", Area: 12345678}}, newShape(orb.MultiPolygon{{append(ring, ring[0])}}))
	scope := auth.Everything()
	var text []byte
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			f.shape.json.Store(nil)
			text = f.append(text[:0], scope)
		}
		b.SetBytes(int64(len(text)))
	})
	b.Run("again", func(b *testing.B) {
		for b.Loop() {
			text = f.append(text[:0], scope)
		}
		b.SetBytes(int64(len(text)))
	})
}
