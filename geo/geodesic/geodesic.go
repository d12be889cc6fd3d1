// Package geodesic measures distances and polygon areas along geodesics of an
// oblate ellipsoid of revolution.
//
// The method is C. F. F. Karney, "Algorithms for geodesics", J. Geod. 87,
// 43–55 (2013), doi:10.1007/s00190-012-0578-z, with series to order 6: about
// 15 nm in a distance and, for parcels, well below 0.001 m² in an area. The
// structure follows the author's geodesic.c of GeographicLib, which is MIT
// licensed, copyright (c) 2012-2023 Charles Karney.
//
// Angles are degrees, lengths metres, areas square metres. Points of package
// orb are longitude first.
package geodesic

import "math"

// Ellipsoid is an oblate ellipsoid: equatorial radius A in metres and
// flattening F, 0 <= F < 0.02, the range in which the series were checked.
type Ellipsoid struct {
	A, F float64
}

// CGCS2000 is the ellipsoid of the China Geodetic Coordinate System 2000 (EPSG:1024 and EPSG:4490).
func CGCS2000() Ellipsoid { return Ellipsoid{A: 6378137, F: 1 / 298.257222101} }

// WGS84 is the ellipsoid of WGS 84 (EPSG:4326).
func WGS84() Ellipsoid { return Ellipsoid{A: 6378137, F: 1 / 298.257223563} }

// Order of the series, and how far the solution of the inverse problem goes.
const (
	order   = 6
	nA3x    = order
	nC3x    = order * (order - 1) / 2
	nC4x    = order * (order + 1) / 2
	maxit1  = 20
	maxit2  = maxit1 + 53 + 10
	tol0    = 0x1p-52
	tol1    = 200 * tol0
	tol2    = 0x1p-26
	tolb    = tol0
	xthresh = 1000 * tol2
	tiny    = 0x1p-511
	degree  = math.Pi / 180
)

// Geodesic holds an ellipsoid and what is derived from it once. It is never
// changed after New, so one value may serve many goroutines.
type Geodesic struct {
	a, f, f1, e2, ep2, n, b, c2, etol2 float64

	a3x [nA3x]float64
	c3x [nC3x]float64
	c4x [nC4x]float64
}

// New prepares the series for an ellipsoid; it costs about a microsecond.
func New(e Ellipsoid) *Geodesic {
	g := &Geodesic{a: e.A, f: e.F, f1: 1 - e.F, e2: e.F * (2 - e.F)}
	g.ep2 = g.e2 / (g.f1 * g.f1)
	g.n = e.F / (2 - e.F)
	g.b = g.a * g.f1
	atanh := 1.0
	if g.e2 > 0 {
		atanh = math.Atanh(math.Sqrt(g.e2)) / math.Sqrt(g.e2)
	}
	g.c2 = (g.a*g.a + g.b*g.b*atanh) / 2
	g.etol2 = 0.1 * tol2 / math.Sqrt(max(0.001, e.F)*min(1, 1-e.F/2)/2)
	g.prepareSeries()
	return g
}

// EllipsoidArea is the area of the whole ellipsoid in m².
func (g *Geodesic) EllipsoidArea() float64 { return 4 * math.Pi * g.c2 }
