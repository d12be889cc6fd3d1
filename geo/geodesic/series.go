package geodesic

import "slices"

// The coefficients are those of Karney (2013), equations 17, 18, 24, 25, 42,
// 43 and 63, each polynomial written from its highest power down and followed
// by its common divisor.

func coeffA1() [5]float64 { return [5]float64{1, 4, 64, 0, 256} }

func coeffA2() [5]float64 { return [5]float64{-11, -28, -192, 0, 256} }

func coeffC1() [18]float64 {
	return [18]float64{
		-1, 6, -16, 32,
		-9, 64, -128, 2048,
		9, -16, 768,
		3, -5, 512,
		-7, 1280,
		-7, 2048,
	}
}

func coeffC2() [18]float64 {
	return [18]float64{
		1, 2, 16, 32,
		35, 64, 384, 2048,
		15, 80, 768,
		7, 35, 512,
		63, 1280,
		77, 2048,
	}
}

func coeffA3() [18]float64 {
	return [18]float64{
		-3, 128,
		-2, -3, 64,
		-1, -3, -1, 16,
		3, -1, -2, 8,
		1, -1, 2,
		1, 1,
	}
}

func coeffC3() [45]float64 {
	return [45]float64{
		3, 128,
		2, 5, 128,
		-1, 3, 3, 64,
		-1, 0, 1, 8,
		-1, 1, 4,
		5, 256,
		1, 3, 128,
		-3, -2, 3, 64,
		1, -3, 2, 32,
		7, 512,
		-10, 9, 384,
		5, -9, 5, 192,
		7, 512,
		-14, 7, 512,
		21, 2560,
	}
}

func coeffC4() [77]float64 {
	return [77]float64{
		97, 15015,
		1088, 156, 45045,
		-224, -4784, 1573, 45045,
		-10656, 14144, -4576, -858, 45045,
		64, 624, -4576, 6864, -3003, 15015,
		100, 208, 572, 3432, -12012, 30030, 45045,
		1, 9009,
		-2944, 468, 135135,
		5792, 1040, -1287, 135135,
		5952, -11648, 9152, -2574, 135135,
		-64, -624, 4576, -6864, 3003, 135135,
		8, 10725,
		1856, -936, 225225,
		-8448, 4992, -1144, 225225,
		-1440, 4160, -4576, 1716, 225225,
		-136, 63063,
		1024, -208, 105105,
		3584, -3328, 1144, 315315,
		-128, 135135,
		-2560, 832, 405405,
		128, 99099,
	}
}

// polyval evaluates the polynomial p, highest power first, at x.
func polyval(p []float64, x float64) float64 {
	y := 0.0
	for _, c := range p {
		y = y*x + c
	}
	return y
}

// prepareSeries evaluates A3, C3 and C4 for the third flattening of the ellipsoid.
func (g *Geodesic) prepareSeries() {
	a3, c3, c4 := coeffA3(), coeffC3(), coeffC4()
	k, rest := 0, a3[:]
	for j := order - 1; j >= 0; j-- {
		g.a3x[k], rest = g.take(rest, min(order-j-1, j))
		k++
	}
	k, rest = 0, c3[:]
	for l := 1; l < order; l++ {
		for j := order - 1; j >= l; j-- {
			g.c3x[k], rest = g.take(rest, min(order-j-1, j))
			k++
		}
	}
	k, rest = 0, c4[:]
	for l := range order {
		for j := order - 1; j >= l; j-- {
			g.c4x[k], rest = g.take(rest, order-j-1)
			k++
		}
	}
}

// take evaluates the polynomial of degree m at the head of list in n and returns what follows it.
func (g *Geodesic) take(list []float64, m int) (value float64, rest []float64) {
	return polyval(list[:m+1], g.n) / list[m+1], list[m+2:]
}

// a1m1 is A1 - 1 of equation 17.
func a1m1(eps float64) float64 {
	c := coeffA1()
	t := polyval(c[:4], eps*eps) / c[4]
	return (t + eps) / (1 - eps)
}

// a2m1 is A2 - 1 of equation 42.
func a2m1(eps float64) float64 {
	c := coeffA2()
	t := polyval(c[:4], eps*eps) / c[4]
	return (t - eps) / (1 + eps)
}

// sineSeries turns a coefficient table in eps² into the coefficients 1..order of a sine series.
func sineSeries(table []float64, eps float64) (c [order + 1]float64) {
	eps2, d := eps*eps, eps
	for l := 1; l <= order; l++ {
		m := (order - l) / 2
		c[l] = d * polyval(table[:m+1], eps2) / table[m+1]
		table = table[m+2:]
		d *= eps
	}
	return c
}

func c1f(eps float64) [order + 1]float64 {
	t := coeffC1()
	return sineSeries(t[:], eps)
}

func c2f(eps float64) [order + 1]float64 {
	t := coeffC2()
	return sineSeries(t[:], eps)
}

func (g *Geodesic) a3f(eps float64) float64 { return polyval(g.a3x[:], eps) }

func (g *Geodesic) c3f(eps float64) (c [order]float64) {
	mult, rest := 1.0, g.c3x[:]
	for l := 1; l < order; l++ {
		mult *= eps
		c[l] = mult * polyval(rest[:order-l], eps)
		rest = rest[order-l:]
	}
	return c
}

func (g *Geodesic) c4f(eps float64) (c [order]float64) {
	mult, rest := 1.0, g.c4x[:]
	for l := range order {
		c[l] = mult * polyval(rest[:order-l], eps)
		rest = rest[order-l:]
		mult *= eps
	}
	return c
}

// sumSines is Σ c[i] sin(2 i x) for i >= 1 by Clenshaw summation; c[0] is not used.
func sumSines(sinx, cosx float64, c []float64) float64 {
	y0 := clenshaw(sinx, cosx, c[1:])
	return 2 * sinx * cosx * y0[0]
}

// sumCosines is Σ c[i] cos((2 i + 1) x) for i >= 0 by Clenshaw summation.
func sumCosines(sinx, cosx float64, c []float64) float64 {
	y := clenshaw(sinx, cosx, c)
	return cosx * (y[0] - y[1])
}

func clenshaw(sinx, cosx float64, c []float64) [2]float64 {
	ar := 2 * (cosx - sinx) * (cosx + sinx)
	var y0, y1 float64
	for _, ci := range slices.Backward(c) {
		y0, y1 = ar*y0-y1+ci, y0
	}
	return [2]float64{y0, y1}
}
