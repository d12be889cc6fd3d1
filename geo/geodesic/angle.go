package geodesic

import "math"

func sq(x float64) float64 { return x * x }

// sumx adds exactly: s + t = u + v with s the rounded sum.
func sumx(u, v float64) (s, t float64) {
	s = u + v
	up := s - v
	vpp := s - up
	up -= u
	vpp -= v
	if s == 0 {
		return s, s
	}
	return s, 0 - (up + vpp)
}

// angNormalize reduces an angle to [-180, 180] and keeps the sign of ±180.
func angNormalize(x float64) float64 {
	y := math.Remainder(x, 360)
	if math.Abs(y) == 180 {
		return math.Copysign(180, x)
	}
	return y
}

// angDiff is y - x reduced to [-180, 180], with its rounding error in e.
func angDiff(x, y float64) (d, e float64) {
	d, t := sumx(math.Remainder(-x, 360), math.Remainder(y, 360))
	d, e = sumx(math.Remainder(d, 360), t)
	if d == 0 || math.Abs(d) == 180 {
		sign := -e
		if e == 0 {
			sign = y - x
		}
		d = math.Copysign(d, sign)
	}
	return d, e
}

// angRound coarsens angles near 0 so that tiny ones cannot underflow later.
func angRound(x float64) float64 {
	const z = 1.0 / 16
	y := math.Abs(x)
	if w := z - y; w > 0 {
		y = z - w
	}
	return math.Copysign(y, x)
}

// sincosd is the sine and cosine of x + t degrees, t a small correction, exact at multiples of 90°.
func sincosd(x, t float64) (s, c float64) {
	rem := math.Remainder(x, 90)
	q := int(math.Round((x-rem)/90)) & 3
	r := rem
	if t != 0 {
		r = angRound(rem + t)
	}
	s, c = math.Sincos(r * degree)
	switch q {
	case 1:
		s, c = c, -s
	case 2:
		s, c = -s, -c
	case 3:
		s, c = -c, s
	}
	if s == 0 {
		s = math.Copysign(s, x)
	}
	return s, c + 0
}

// latFix turns a latitude beyond the poles into NaN.
func latFix(x float64) float64 {
	if math.Abs(x) > 90 {
		return math.NaN()
	}
	return x
}

func norm2(s, c float64) (sn, cn float64) {
	r := math.Hypot(s, c)
	return s / r, c / r
}

// accumulator adds doubles with twice their precision.
type accumulator struct{ s, t float64 }

func (a *accumulator) add(y float64) {
	z, u := sumx(y, a.t)
	a.s, a.t = sumx(z, a.s)
	if a.s == 0 {
		a.s = u
	} else {
		a.t += u
	}
}

// remainder reduces the sum to [-y/2, y/2].
func (a *accumulator) remainder(y float64) {
	a.s = math.Remainder(a.s, y)
	a.add(0)
}
