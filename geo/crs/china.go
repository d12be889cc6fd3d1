package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// The formulas are those of the public projects coordtransform and gcoord
// (both MIT); China never published them. Amap, Tencent and Google China draw
// in GCJ-02, Baidu in BD-09, 天地图 in plain CGCS2000.

// ToGCJ02 shifts longitude, latitude as the law asks of public maps: about
// 480 m in Xiuzhou. Points outside the box around China are not shifted.
func ToGCJ02(p orb.Point) orb.Point {
	if !inChina(p) {
		return p
	}
	d := gcjShift(p)
	return orb.Point{p[0] + d[0], p[1] + d[1]}
}

// FromGCJ02 is the exact inverse of ToGCJ02, by iteration to rounding error.
// Where the shift leaves a gap or an overlap, within some 600 m of the edge of
// the box, the point inside the box is meant.
func FromGCJ02(p orb.Point) orb.Point {
	q := invert(p, gcjShift)
	if !inChina(q) {
		return p
	}
	return q
}

// GCJ02ToBD09 adds Baidu's shift.
func GCJ02ToBD09(p orb.Point) orb.Point {
	d := bdShift(p)
	return orb.Point{p[0] + d[0], p[1] + d[1]}
}

// BD09ToGCJ02 is the exact inverse of GCJ02ToBD09, by iteration to rounding error.
func BD09ToGCJ02(p orb.Point) orb.Point { return invert(p, bdShift) }

// ToBD09 goes from longitude, latitude to Baidu's coordinates.
func ToBD09(p orb.Point) orb.Point { return GCJ02ToBD09(ToGCJ02(p)) }

// FromBD09 is the exact inverse of ToBD09.
func FromBD09(p orb.Point) orb.Point { return FromGCJ02(BD09ToGCJ02(p)) }

// invert solves q + shift(q) = p. The shifts change by less than 3 % of the
// way moved, so each round gains at least one and a half digits.
func invert(p orb.Point, shift func(orb.Point) orb.Point) orb.Point {
	q := p
	for range 16 {
		d := shift(q)
		q = orb.Point{p[0] - d[0], p[1] - d[1]}
	}
	return q
}

func inChina(p orb.Point) bool {
	return p[0] > 73.66 && p[0] < 135.05 && p[1] > 3.86 && p[1] < 53.55
}

// gcjShift is the shift in degrees: metres on the Krasovsky 1940 ellipsoid, made of sines.
func gcjShift(p orb.Point) orb.Point {
	const (
		a  = 6378245.0
		e2 = 0.00669342162296594323
	)
	x, y := p[0]-105, p[1]-35
	root := math.Sqrt(math.Abs(x))
	common := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	north := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + common +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 +
		(160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	east := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + common +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 +
		(150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	sin, cos := math.Sincos(p[1] * degree)
	w := 1 - e2*sin*sin
	meridional := a * (1 - e2) / (w * math.Sqrt(w))
	return orb.Point{east / (a / math.Sqrt(w) * cos * degree), north / (meridional * degree)}
}

// bdShift is Baidu's shift in degrees. The factor 3000/180 belongs to it; some ports lack it.
func bdShift(p orb.Point) orb.Point {
	const k = math.Pi * 3000 / 180
	z := math.Hypot(p[0], p[1]) + 0.00002*math.Sin(p[1]*k)
	theta := math.Atan2(p[1], p[0]) + 0.000003*math.Cos(p[0]*k)
	sin, cos := math.Sincos(theta)
	return orb.Point{z*cos + 0.0065 - p[0], z*sin + 0.006 - p[1]}
}
