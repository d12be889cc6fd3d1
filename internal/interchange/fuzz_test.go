package interchange

import (
	"testing"

	"github.com/guatu/guatu/internal/interchange/feature"
)

func FuzzCell(f *testing.F) {
	for _, s := range []string{"1 2,3 4,5 6", "[[1,2],[3,4]]", "SRID=4490;POLYGON((1 2))", `{"type":"Polygon"}`, "0103", "1,2;3,4|5,6"} {
		f.Add(s)
	}
	limits := feature.Limits{Bytes: 1 << 20, Depth: 32, Vertices: 1000, Columns: 20, Field: 1000}
	f.Fuzz(func(t *testing.T, s string) {
		kind, rest, _ := notation(s)
		if kind != notationWKT {
			cellShape(kind, rest, limits)
		}
		numbersOfFirst(rest)
	})
}

func FuzzLayers(f *testing.F) {
	f.Add("Layer name: a\nGeometry: Polygon\nFeature Count: 3\nLayer SRS WKT:\nGEOGCRS[\"x\"]\nData axis\n")
	f.Fuzz(func(t *testing.T, s string) {
		for _, l := range parseLayers(s) {
			parseWKT(l.wkt)
		}
	})
}
