package geodesic

import "math"

// start guesses the azimuth at point 1; for short lines it solves the whole
// problem and sets sig12 >= 0, otherwise sig12 = -1.
func (l *line) start() {
	g := l.g
	sbet12 := l.sbet2*l.cbet1 - l.cbet2*l.sbet1
	cbet12 := l.cbet2*l.cbet1 + l.sbet2*l.sbet1
	sbet12a := l.sbet2*l.cbet1 + l.cbet2*l.sbet1
	short := cbet12 >= 0 && sbet12 < 0.5 && l.cbet2*l.lam12 < 0.5
	somg12, comg12 := l.slam12, l.clam12
	if short {
		sbetm2 := sq(l.sbet1 + l.sbet2)
		sbetm2 /= sbetm2 + sq(l.cbet1+l.cbet2)
		l.dnm = math.Sqrt(1 + g.ep2*sbetm2)
		somg12, comg12 = math.Sincos(l.lam12 / (g.f1 * l.dnm))
	}
	l.salp1 = l.cbet2 * somg12
	if comg12 >= 0 {
		l.calp1 = sbet12 + l.cbet2*l.sbet1*sq(somg12)/(1+comg12)
	} else {
		l.calp1 = sbet12a - l.cbet2*l.sbet1*sq(somg12)/(1-comg12)
	}
	ssig12, csig12 := math.Hypot(l.salp1, l.calp1), l.sbet1*l.sbet2+l.cbet1*l.cbet2*comg12
	l.sig12 = -1
	switch {
	case short && ssig12 < g.etol2:
		l.finishShort(sbet12, somg12, comg12)
		l.sig12 = math.Atan2(ssig12, csig12)
	case g.n > 0.1 || csig12 >= 0 || ssig12 >= 6*g.n*math.Pi*sq(l.cbet1):
	default:
		l.nearlyAntipodal(sbet12a)
	}
	l.normaliseStart()
}

// normaliseStart makes the guess a unit vector; a point on the spot looks east.
func (l *line) normaliseStart() {
	if l.salp1 > 0 {
		l.salp1, l.calp1 = norm2(l.salp1, l.calp1)
	} else {
		l.salp1, l.calp1 = 1, 0
	}
}

// finishShort sets the azimuth at the far end of a really short line.
func (l *line) finishShort(sbet12, somg12, comg12 float64) {
	versine := 1 - comg12
	if comg12 >= 0 {
		versine = sq(somg12) / (1 + comg12)
	}
	l.salp2, l.calp2 = norm2(l.cbet1*somg12, sbet12-l.cbet1*l.sbet2*versine)
}

// nearlyAntipodal guesses by the astroid of equation 55.
func (l *line) nearlyAntipodal(sbet12a float64) {
	g := l.g
	lam12x := math.Atan2(-l.slam12, -l.clam12)
	lamscale := g.f * l.cbet1 * g.a3f(epsilon(sq(l.sbet1)*g.ep2)) * math.Pi
	x, y := lam12x/lamscale, sbet12a/(lamscale*l.cbet1)
	if y > -tol1 && x > -1-xthresh {
		l.salp1 = min(1, -x)
		l.calp1 = -math.Sqrt(1 - sq(l.salp1))
		return
	}
	k := astroid(x, y)
	somg12, comg12 := math.Sincos(lamscale * (-x * k / (1 + k)))
	comg12 = -comg12
	l.salp1 = l.cbet2 * somg12
	l.calp1 = sbet12a - l.cbet2*l.sbet1*sq(somg12)/(1-comg12)
}

// astroid solves k⁴ + 2k³ - (x²+y²-1)k² - 2y²k - y² = 0 for its positive root.
func astroid(x, y float64) float64 {
	p, q := sq(x), sq(y)
	r := (p + q - 1) / 6
	if q == 0 && r <= 0 {
		return 0
	}
	s, r2 := p*q/4, sq(r)
	r3 := r * r2
	u := r
	if disc := s * (s + 2*r3); disc >= 0 {
		t3 := s + r3
		t3 += math.Copysign(math.Sqrt(disc), t3)
		if t := math.Cbrt(t3); t != 0 {
			u += t + r2/t
		}
	} else {
		u += 2 * r * math.Cos(math.Atan2(math.Sqrt(-disc), -(s+r3))/3)
	}
	v := math.Sqrt(sq(u) + q)
	uv := u + v
	if u < 0 {
		uv = q / (v - u)
	}
	w := (uv - q) / (2 * v)
	return uv / (math.Sqrt(uv+sq(w)) + w)
}

// newton finds the azimuth at point 1 for which the geodesic meets point 2,
// by Newton's method guarded by bisection.
func (l *line) newton() {
	salp1a, calp1a, salp1b, calp1b := tiny, 1.0, tiny, -1.0
	tripn, tripb := false, false
	for it := 0; ; it++ {
		v, dv := l.lambda12(it < maxit1)
		limit := tol0
		if tripn {
			limit = 8 * tol0
		}
		if tripb || !(math.Abs(v) >= limit) || it == maxit2 {
			return
		}
		cot := l.calp1 / l.salp1
		if v > 0 && (it > maxit1 || cot > calp1b/salp1b) {
			salp1b, calp1b = l.salp1, l.calp1
		} else if v < 0 && (it > maxit1 || cot < calp1a/salp1a) {
			salp1a, calp1a = l.salp1, l.calp1
		}
		if it < maxit1 && dv > 0 && l.turn(-v/dv) {
			tripn = math.Abs(v) <= 16*tol0
			continue
		}
		l.salp1, l.calp1 = norm2((salp1a+salp1b)/2, (calp1a+calp1b)/2)
		tripn = false
		tripb = math.Abs(salp1a-l.salp1)+(calp1a-l.calp1) < tolb ||
			math.Abs(l.salp1-salp1b)+(l.calp1-calp1b) < tolb
	}
}

// turn changes the azimuth at point 1 by d radians, unless that leaves (0, π).
func (l *line) turn(d float64) bool {
	if !(math.Abs(d) < math.Pi) {
		return false
	}
	s, c := math.Sincos(d)
	salp1 := l.salp1*c + l.calp1*s
	if !(salp1 > 0) {
		return false
	}
	l.salp1, l.calp1 = norm2(salp1, l.calp1*c-l.salp1*s)
	return true
}

// lambda12 is by how much the geodesic with the present azimuth misses the
// longitude of point 2 (equation 8), and the derivative if asked for.
func (l *line) lambda12(derivative bool) (v, dv float64) {
	g := l.g
	if l.sbet1 == 0 && l.calp1 == 0 {
		l.calp1 = -tiny
	}
	salp0, calp0 := l.salp1*l.cbet1, math.Hypot(l.calp1, l.salp1*l.sbet1)
	l.farAzimuth(salp0)
	somg1, comg1 := salp0*l.sbet1, l.calp1*l.cbet1
	somg2, comg2 := salp0*l.sbet2, l.calp2*l.cbet2
	l.ssig1, l.csig1 = norm2(l.sbet1, comg1)
	l.ssig2, l.csig2 = norm2(l.sbet2, comg2)
	l.sig12 = l.arc()
	somg12 := max(0, comg1*somg2-somg1*comg2) + 0
	comg12 := comg1*comg2 + somg1*somg2
	eta := math.Atan2(somg12*l.clam12-comg12*l.slam12, comg12*l.clam12+somg12*l.slam12)
	l.eps = epsilon(sq(calp0) * g.ep2)
	c3 := g.c3f(l.eps)
	b312 := sumSines(l.ssig2, l.csig2, c3[:]) - sumSines(l.ssig1, l.csig1, c3[:])
	l.domg12 = -g.f * g.a3f(l.eps) * salp0 * (l.sig12 + b312)
	if !derivative {
		return eta + l.domg12, 0
	}
	if l.calp2 == 0 {
		return eta + l.domg12, -2 * g.f1 * l.dn1 / l.sbet1
	}
	_, reduced := l.lengths(l.eps)
	return eta + l.domg12, reduced * g.f1 / (l.calp2 * l.cbet2)
}

// farAzimuth derives the azimuth at point 2 from Clairaut's constant (equation 5).
func (l *line) farAzimuth(salp0 float64) {
	l.salp2 = l.salp1
	if l.cbet2 != l.cbet1 {
		l.salp2 = salp0 / l.cbet2
	}
	if l.cbet2 == l.cbet1 && math.Abs(l.sbet2) == -l.sbet1 {
		l.calp2 = math.Abs(l.calp1)
		return
	}
	d := (l.sbet1 - l.sbet2) * (l.sbet1 + l.sbet2)
	if l.cbet1 < -l.sbet1 {
		d = (l.cbet2 - l.cbet1) * (l.cbet1 + l.cbet2)
	}
	l.calp2 = math.Sqrt(sq(l.calp1*l.cbet1)+d) / l.cbet2
}
