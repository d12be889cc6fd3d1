package geodesic

import "math"

// line is the state of one inverse problem: both ends on the auxiliary
// sphere, reduced to lat1 <= 0, |lat2| <= |lat1| and 0 <= lon12 <= 180.
type line struct {
	g                      *Geodesic
	sbet1, cbet1, dn1      float64
	sbet2, cbet2, dn2      float64
	lam12, slam12, clam12  float64
	salp1, calp1           float64
	salp2, calp2           float64
	ssig1, csig1           float64
	ssig2, csig2           float64
	sig12, eps, dnm        float64
	somg12, comg12, domg12 float64
	length                 float64
	meridian               bool
}

// Inverse solves the geodesic between two points given in degrees: the
// distance in m, and the area in m² between the geodesic and the equator,
// positive eastward in the northern hemisphere. A latitude beyond ±90° or a
// coordinate that is not finite gives NaN.
func (g *Geodesic) Inverse(lat1, lon1, lat2, lon2 float64) (distance, area float64) {
	lon12, lon12s := angDiff(lon1, lon2)
	sign := 1.0
	if math.Signbit(lon12) {
		sign, lon12, lon12s = -1, -lon12, -lon12s
	}
	lat1, lat2 = angRound(latFix(lat1)), angRound(latFix(lat2))
	if math.IsNaN(lat1+lat2) || math.IsNaN(lon12) {
		return math.NaN(), math.NaN()
	}
	// Swapping the ends and mirroring at the equator leave |area| and length;
	// the sign of the area follows each swap, which turns the direction twice.
	if math.Abs(lat1) < math.Abs(lat2) {
		lat1, lat2 = lat2, lat1
	}
	if !math.Signbit(lat1) {
		lat1, lat2, sign = -lat1, -lat2, -sign
	}
	l := g.newLine(lat1, lat2, lon12, lon12s)
	l.solve(lat1 == -90, (180-lon12)-lon12s)
	return l.length, sign * l.area()
}

// newLine reduces both latitudes to the auxiliary sphere.
func (g *Geodesic) newLine(lat1, lat2, lon12, lon12s float64) *line {
	l := &line{g: g, lam12: lon12 * degree, somg12: 2}
	l.slam12, l.clam12 = sincosd(lon12, lon12s)
	l.sbet1, l.cbet1 = g.reduced(lat1)
	l.sbet2, l.cbet2 = g.reduced(lat2)
	// Equal latitudes must give equal sines and cosines, or the azimuth suffers.
	if l.cbet1 < -l.sbet1 {
		if l.cbet2 == l.cbet1 {
			l.sbet2 = math.Copysign(l.sbet1, l.sbet2)
		}
	} else if math.Abs(l.sbet2) == -l.sbet1 {
		l.cbet2 = l.cbet1
	}
	l.dn1 = math.Sqrt(1 + g.ep2*sq(l.sbet1))
	l.dn2 = math.Sqrt(1 + g.ep2*sq(l.sbet2))
	return l
}

// reduced gives sine and cosine of the reduced latitude.
func (g *Geodesic) reduced(lat float64) (sbet, cbet float64) {
	s, c := sincosd(lat, 0)
	sbet, cbet = norm2(s*g.f1, c)
	return sbet, max(tiny, cbet)
}

// solve finds the azimuths and the length; antipodality is 180° - lon12.
func (l *line) solve(fromPole bool, antipodality float64) {
	if (fromPole || l.slam12 == 0) && l.alongMeridian() {
		l.meridian = true
		return
	}
	g := l.g
	if l.sbet1 == 0 && (g.f <= 0 || antipodality >= g.f*180) {
		l.alongEquator()
		return
	}
	l.start()
	if l.sig12 >= 0 {
		l.length = l.sig12 * g.b * l.dnm
		l.setOmega(l.lam12 / (g.f1 * l.dnm))
		return
	}
	l.newton()
	length, _ := l.lengths(l.eps)
	l.length = length * g.b
	sd, cd := math.Sincos(l.domg12)
	l.somg12 = l.slam12*cd - l.clam12*sd
	l.comg12 = l.clam12*cd + l.slam12*sd
}

func (l *line) setOmega(omg12 float64) { l.somg12, l.comg12 = math.Sincos(omg12) }

// alongMeridian takes the meridian if it is the shortest way, and says whether it is.
func (l *line) alongMeridian() bool {
	l.calp1, l.salp1 = l.clam12, l.slam12
	l.calp2, l.salp2 = 1, 0
	l.ssig1, l.csig1 = l.sbet1, l.calp1*l.cbet1
	l.ssig2, l.csig2 = l.sbet2, l.calp2*l.cbet2
	l.sig12 = l.arc()
	length, reduced := l.lengths(l.g.n)
	if l.sig12 >= 1 && reduced < 0 {
		return false
	}
	if l.sig12 < 3*tiny || (l.sig12 < tol0 && (length < 0 || reduced < 0)) {
		length = 0
	}
	l.length = length * l.g.b
	return true
}

func (l *line) alongEquator() {
	l.salp1, l.salp2 = 1, 1
	l.calp1, l.calp2 = 0, 0
	l.length = l.g.a * l.lam12
	l.setOmega(l.lam12 / l.g.f1)
}

// arc is the spherical arc length from sigma1 to sigma2.
func (l *line) arc() float64 {
	return math.Atan2(max(0, l.csig1*l.ssig2-l.ssig1*l.csig2)+0, l.csig1*l.csig2+l.ssig1*l.ssig2)
}

// lengths are distance and reduced length over the minor axis (equations 7 and 38 to 40).
func (l *line) lengths(eps float64) (distance, reduced float64) {
	a1, a2 := a1m1(eps), a2m1(eps)
	m0 := a1 - a2
	a1, a2 = 1+a1, 1+a2
	c1, c2 := c1f(eps), c2f(eps)
	b1 := sumSines(l.ssig2, l.csig2, c1[:]) - sumSines(l.ssig1, l.csig1, c1[:])
	b2 := sumSines(l.ssig2, l.csig2, c2[:]) - sumSines(l.ssig1, l.csig1, c2[:])
	j12 := m0*l.sig12 + (a1*b1 - a2*b2)
	reduced = l.dn2*(l.csig1*l.ssig2) - l.dn1*(l.ssig1*l.csig2) - l.csig1*l.csig2*j12
	return a1 * (l.sig12 + b1), reduced
}

// area is S12 of equation 58: the area between the geodesic and the equator.
func (l *line) area() float64 {
	g := l.g
	salp0, calp0 := l.salp1*l.cbet1, math.Hypot(l.calp1, l.salp1*l.sbet1)
	s12 := 0.0
	if calp0 != 0 && salp0 != 0 {
		ssig1, csig1 := norm2(l.sbet1, l.calp1*l.cbet1)
		ssig2, csig2 := norm2(l.sbet2, l.calp2*l.cbet2)
		c4 := g.c4f(epsilon(sq(calp0) * g.ep2))
		a4 := sq(g.a) * calp0 * salp0 * g.e2
		s12 = a4 * (sumCosines(ssig2, csig2, c4[:]) - sumCosines(ssig1, csig1, c4[:]))
	}
	return s12 + g.c2*l.azimuthChange()
}

// azimuthChange is alpha2 - alpha1, by the formula that keeps its precision for short edges.
func (l *line) azimuthChange() float64 {
	if !l.meridian && l.comg12 > -0.7071 && l.sbet2-l.sbet1 < 1.75 {
		domg12, dbet1, dbet2 := 1+l.comg12, 1+l.cbet1, 1+l.cbet2
		return 2 * math.Atan2(l.somg12*(l.sbet1*dbet2+l.sbet2*dbet1), domg12*(l.sbet1*l.sbet2+dbet1*dbet2))
	}
	salp12 := l.salp2*l.calp1 - l.calp2*l.salp1
	calp12 := l.calp2*l.calp1 + l.salp2*l.salp1
	if salp12 == 0 && calp12 < 0 {
		salp12, calp12 = tiny*l.calp1, -1
	}
	return math.Atan2(salp12, calp12)
}

// epsilon is the expansion parameter of equation 16 from k².
func epsilon(k2 float64) float64 { return k2 / (2*(1+math.Sqrt(1+k2)) + k2) }
