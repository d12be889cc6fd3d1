package crs

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/geodesic"
)

// order of Krüger's series.
const order = 6

// TransverseMercator is the transverse Mercator projection of an ellipsoid by
// Krüger's series to order 6: C. F. F. Karney, "Transverse Mercator with an
// accuracy of a few nanometers", J. Geod. 85, 475–485 (2011), equations 7 to
// 36. Within 35° of the central meridian the error is some nanometres. It is
// never changed after it was made.
type TransverseMercator struct {
	meridian, easting float64
	radius            float64 // scaled rectifying radius
	e                 float64 // eccentricity
	alpha, beta       [order]float64
}

// NewTransverseMercator makes the projection with its central meridian in
// degrees, its scale there, and its false easting in m; northing counts from the equator.
func NewTransverseMercator(ell geodesic.Ellipsoid, meridian, scale, easting float64) *TransverseMercator {
	n := ell.F / (2 - ell.F)
	n2 := n * n
	rectifying := ell.A / (1 + n) * (1 + n2*(1.0/4+n2*(1.0/64+n2/256)))
	tm := &TransverseMercator{
		meridian: meridian, easting: easting,
		radius: scale * rectifying,
		e:      math.Sqrt(ell.F * (2 - ell.F)),
	}
	alpha, beta := krugerForward(), krugerInverse()
	for j := range order {
		tm.alpha[j] = powerSeries(alpha[j], n)
		tm.beta[j] = powerSeries(beta[j], n)
	}
	return tm
}

// powerSeries is Σ c[k] n^(k+1).
func powerSeries(c [order]float64, n float64) float64 {
	y := 0.0
	for k := order - 1; k >= 0; k-- {
		y = (y + c[k]) * n
	}
	return y
}

// krugerForward are the coefficients of n … n⁶ of equation 35.
func krugerForward() [order][order]float64 {
	return [order][order]float64{
		{1.0 / 2, -2.0 / 3, 5.0 / 16, 41.0 / 180, -127.0 / 288, 7891.0 / 37800},
		{0, 13.0 / 48, -3.0 / 5, 557.0 / 1440, 281.0 / 630, -1983433.0 / 1935360},
		{0, 0, 61.0 / 240, -103.0 / 140, 15061.0 / 26880, 167603.0 / 181440},
		{0, 0, 0, 49561.0 / 161280, -179.0 / 168, 6601661.0 / 7257600},
		{0, 0, 0, 0, 34729.0 / 80640, -3418889.0 / 1995840},
		{0, 0, 0, 0, 0, 212378941.0 / 319334400},
	}
}

// krugerInverse are the coefficients of n … n⁶ of equation 36.
func krugerInverse() [order][order]float64 {
	return [order][order]float64{
		{1.0 / 2, -2.0 / 3, 37.0 / 96, -1.0 / 360, -81.0 / 512, 96199.0 / 604800},
		{0, 1.0 / 48, 1.0 / 15, -437.0 / 1440, 46.0 / 105, -1118711.0 / 3870720},
		{0, 0, 17.0 / 480, -37.0 / 840, -209.0 / 4480, 5569.0 / 90720},
		{0, 0, 0, 4397.0 / 161280, -11.0 / 504, -830251.0 / 7257600},
		{0, 0, 0, 0, 4583.0 / 161280, -108847.0 / 3991680},
		{0, 0, 0, 0, 0, 20648693.0 / 638668800},
	}
}

// Forward projects longitude, latitude in degrees to easting, northing in m.
func (tm *TransverseMercator) Forward(p orb.Point) orb.Point {
	slam, clam := math.Sincos(math.Remainder(p[0]-tm.meridian, 360) * degree)
	t := tm.conformal(math.Tan(p[1] * degree))
	xi, eta := math.Atan2(t, clam), math.Asinh(slam/math.Hypot(t, clam))
	dxi, deta := series(tm.alpha, xi, eta)
	return orb.Point{tm.easting + tm.radius*(eta+deta), tm.radius * (xi + dxi)}
}

// Inverse gives longitude, latitude in degrees of an easting, northing in m.
func (tm *TransverseMercator) Inverse(p orb.Point) orb.Point {
	xi, eta := p[1]/tm.radius, (p[0]-tm.easting)/tm.radius
	dxi, deta := series(tm.beta, xi, eta)
	xi, eta = xi-dxi, eta-deta
	s, c := math.Sincos(xi)
	sh := math.Sinh(eta)
	lon := tm.meridian + math.Atan2(sh, c)/degree
	if lon > 180 || lon < -180 {
		lon = math.Remainder(lon, 360)
	}
	return orb.Point{lon, math.Atan(tm.geographic(s/math.Hypot(sh, c))) / degree}
}

// series is the sum of equations 11 and 15: its real and imaginary part.
func series(c [order]float64, xi, eta float64) (re, im float64) {
	for j := order; j > 0; j-- {
		s, cs := math.Sincos(float64(2*j) * xi)
		a := float64(2*j) * eta
		re += c[j-1] * s * math.Cosh(a)
		im += c[j-1] * cs * math.Sinh(a)
	}
	return re, im
}

// conformal turns the tangent of the latitude into that of the conformal latitude (equation 7).
func (tm *TransverseMercator) conformal(tau float64) float64 {
	if math.IsInf(tau, 0) {
		return tau
	}
	h := math.Hypot(1, tau)
	sigma := math.Sinh(tm.e * math.Atanh(tm.e*tau/h))
	return tau*math.Hypot(1, sigma) - sigma*h
}

// geographic inverts conformal by Newton's method (equations 19 to 21); two steps reach rounding error.
func (tm *TransverseMercator) geographic(target float64) float64 {
	e2 := tm.e * tm.e
	tau := target
	for range 5 {
		t := tm.conformal(tau)
		d := (target - t) / math.Hypot(1, t) * (1 + (1-e2)*tau*tau) / ((1 - e2) * math.Hypot(1, tau))
		tau += d
		if !(math.Abs(d) > 1e-15*max(1, math.Abs(tau))) {
			break
		}
	}
	return tau
}
