package geo

import (
	"math"
	"strconv"
)

// Area is an area in units of 0.0001 m². Sums of Area are exact; a printed
// figure is converted once, from the sum. The range is about ±9.2e14 m²,
// more than the surface of the Earth.
type Area int64

// Units of 0.0001 m² in one square metre, in one hectare, and in 0.03 mu:
// 1 mu is 2000/3 m², so 0.01 mu is 200000/3 units.
const (
	SquareMetre    Area = 10_000
	Hectare        Area = 10_000 * SquareMetre
	threeHundredth      = 200_000
)

// FromSquareMetres rounds m² half away from zero to 0.0001 m². A value beyond
// the range gives the end of the range, NaN gives 0.
func FromSquareMetres(m2 float64) Area {
	units := math.Round(m2 * float64(SquareMetre))
	switch {
	case math.IsNaN(units):
		return 0
	case units >= math.MaxInt64:
		return math.MaxInt64
	case units <= math.MinInt64:
		return math.MinInt64
	}
	return Area(units)
}

// FromHundredths is the area nearest to a figure in hundredths of a mu, such
// as a target of 146453 for 1464.53 mu; its Hundredths give the figure back.
// The figure lies within ±1.3e14.
func FromHundredths(hundredths int64) Area {
	whole, rest := hundredths/3, hundredths%3
	return Area(whole*threeHundredth + divideHalfAway(rest*threeHundredth, 3))
}

// SquareMetres is the area in m².
func (a Area) SquareMetres() float64 { return float64(a) / float64(SquareMetre) }

// Hectares is the area in hectares (公顷), the unit of 国土TXT.
func (a Area) Hectares() float64 { return float64(a) / float64(Hectare) }

// Hundredths is the area in hundredths of a mu, ⌊(3A+100000)/200000⌋ for
// A >= 0. Rounding is 四舍五入, half away from zero, so the figure of a negative
// area is the negative of the figure of its opposite; a bare floor would
// print −0.005 mu as 0.00 and 0.005 mu as 0.01.
func (a Area) Hundredths() int64 {
	// 3A overflows for large areas: whole multiples of 200000 are taken out first.
	whole, rest := int64(a)/threeHundredth, int64(a)%threeHundredth
	return 3*whole + divideHalfAway(3*rest, threeHundredth)
}

// Mu is the area in mu with two decimals, "1464.53": for documents and cells.
func (a Area) Mu() string { return hundredthsText(a.Hundredths(), false) }

// MuGrouped is Mu with thousands separators, "1,464.53": for screens.
func (a Area) MuGrouped() string { return hundredthsText(a.Hundredths(), true) }

// SquareMetresText is the area in m² with two decimals, half away from zero, "976353.33".
func (a Area) SquareMetresText() string {
	return hundredthsText(divideHalfAway(int64(a), 100), false)
}

// SquareMetresGrouped is SquareMetresText with thousands separators, "976,353.33".
func (a Area) SquareMetresGrouped() string {
	return hundredthsText(divideHalfAway(int64(a), 100), true)
}

// String is the exact area in m² with its unit, for logs: "976353.3333 m²".
func (a Area) String() string {
	return decimalText(int64(a), 4, false) + " m²"
}

// divideHalfAway is n/d for d > 0, rounded half away from zero.
func divideHalfAway(n, d int64) int64 {
	q, r := n/d, n%d
	switch {
	case r >= d-r:
		return q + 1
	case -r >= d+r:
		return q - 1
	}
	return q
}

func hundredthsText(h int64, grouped bool) string { return decimalText(h, 2, grouped) }

// decimalText writes v / 10^decimals; zero never carries a sign.
func decimalText(v int64, decimals int, grouped bool) string {
	digits := strconv.FormatUint(magnitude(v), 10)
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	point := len(digits) - decimals
	out := make([]byte, 0, len(digits)+len(digits)/3+2)
	if v < 0 {
		out = append(out, '-')
	}
	for i := range point {
		if grouped && i > 0 && (point-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	out = append(out, '.')
	return string(append(out, digits[point:]...))
}

// magnitude is |v|, right for the least integer as well.
func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v) //nolint:gosec // two's complement: the negation of the wrapped value is |v|
	}
	return uint64(v)
}
