package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// BBox is the bounding box of a multipolygon; false if it has no point.
// Coordinates that are not finite are left out.
func BBox(mp orb.MultiPolygon) (orb.Bound, bool) {
	b := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, polygon := range mp {
		for _, r := range polygon {
			for _, p := range r {
				if finite(p) {
					b.Min = orb.Point{min(b.Min[0], p[0]), min(b.Min[1], p[1])}
					b.Max = orb.Point{max(b.Max[0], p[0]), max(b.Max[1], p[1])}
				}
			}
		}
	}
	if b.Min[0] > b.Max[0] {
		return orb.Bound{}, false
	}
	return b, true
}

// Expand grows a box of longitude and latitude by metres on every side, by
// half a percent more than needed rather than less, and not past the poles.
func Expand(b orb.Bound, metres float64) orb.Bound {
	const slack = 1.005
	north := math.Min(89.9, math.Max(math.Abs(b.Min[1]), math.Abs(b.Max[1])))
	east, up := metresPerDegree(north)
	dx, dy := slack*metres/east, slack*metres/up
	return orb.Bound{
		Min: orb.Point{b.Min[0] - dx, math.Max(-90, b.Min[1]-dy)},
		Max: orb.Point{b.Max[0] + dx, math.Min(90, b.Max[1]+dy)},
	}
}

// metresPerDegree is the length of a degree of longitude and of latitude on CGCS2000 at a latitude.
func metresPerDegree(lat float64) (east, north float64) {
	const (
		a  = 6378137
		f  = 1 / 298.257222101
		e2 = f * (2 - f)
	)
	s, c := math.Sincos(lat * math.Pi / 180)
	w := math.Sqrt(1 - e2*s*s)
	return a / w * c * math.Pi / 180, a * (1 - e2) / (w * w * w) * math.Pi / 180
}
