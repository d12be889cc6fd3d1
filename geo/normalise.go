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
// its first point to keep the digits.
func twiceArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i+1 < len(r); i++ {
		sum += (r[i][0]-r[0][0])*(r[i+1][1]-r[0][1]) - (r[i+1][0]-r[0][0])*(r[i][1]-r[0][1])
	}
	return sum
}
