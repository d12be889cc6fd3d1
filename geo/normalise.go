package geo

import (
	"slices"

	"github.com/paulmach/orb"
)

// Normalise returns a new multipolygon in the form of RFC 7946 and nothing
// more: rings closed, points equal to the one before left out, exterior rings
// counter-clockwise and holes clockwise. No other point is moved, added, left
// out or reordered, so the shape and its area stay, and what was not valid for
// another reason still is not. Empty rings and parts stay.
func Normalise(mp orb.MultiPolygon) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		out[i] = NormalisePolygon(p)
	}
	return out
}

// NormalisePolygon is Normalise of one polygon.
func NormalisePolygon(p orb.Polygon) orb.Polygon {
	out := make(orb.Polygon, len(p))
	for i, r := range p {
		out[i] = normaliseRing(r, i == 0)
	}
	return out
}

// normaliseRing closes a new ring and turns it about its first point.
func normaliseRing(r orb.Ring, counterClockwise bool) orb.Ring {
	out := withoutRepeats(r)
	if len(out) == 0 {
		return out
	}
	if out[0] != out[len(out)-1] {
		out = append(out, out[0])
	}
	if twice := twiceArea(out); twice != 0 && (twice > 0) != counterClockwise {
		slices.Reverse(out)
	}
	return out
}

// twiceArea is twice the signed area of a ring in its own coordinates, about
// its first point to keep the digits. It is summed both ways, so that a ring
// turned round has exactly the opposite area however it was rounded.
func twiceArea(r orb.Ring) float64 {
	onward, back := 0.0, 0.0
	for i, k := 1, len(r)-2; i+1 < len(r); i, k = i+1, k-1 {
		onward += twiceTriangle(r[0], r[i], r[i+1])
		back += twiceTriangle(r[0], r[k], r[k+1])
	}
	return (onward + back) / 2
}

func twiceTriangle(o, a, b orb.Point) float64 {
	return float64((a[0]-o[0])*(b[1]-o[1])) - float64((b[0]-o[0])*(a[1]-o[1]))
}
