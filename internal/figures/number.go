package figures

import (
	"math"
	"math/big"
	"strconv"

	"github.com/guatu/guatu/internal/campaign"
)

// Medium is where a number is printed: thousands are grouped on screens, not
// in documents (公文) and cells.
type Medium int

// The media.
const (
	Screen Medium = iota
	Document
)

// minus is U+2212, as wide as the plus sign; the hyphen is not.
const minus = "−"

// Number prints v / 10^decimals: Number(146453, 2, Screen) is 1,464.53. The
// minus sign is U+2212; zero carries no sign.
func Number(v int64, decimals int, m Medium) string {
	sign := ""
	if v < 0 {
		sign = minus
	}
	return sign + unsigned(v, decimals, m)
}

// Signed is Number with a plus sign before what is above zero: +0.5, −1.8, 0.0.
func Signed(v int64, decimals int, m Medium) string {
	if v > 0 {
		return "+" + unsigned(v, decimals, m)
	}
	return Number(v, decimals, m)
}

// Task prints a task, given in steps of the measure: 2,000 mu, 25 万㎡. A task
// that is no whole number keeps the measure's decimals: 2,000.50.
func Task(steps int64, of campaign.Measure, m Medium) string {
	decimals := of.Decimals()
	if unit := power(decimals); steps%unit == 0 {
		return Number(steps/unit, 0, m)
	}
	return Number(steps, decimals, m)
}

// Done prints what is done, given in exact units, with the measure's decimals: 1,464.53.
func Done(units int64, of campaign.Measure, m Medium) string {
	return Number(Steps(units, of), of.Decimals(), m)
}

// Steps rounds exact units once to printed steps: firms to firms, 0.0001 m²
// to 0.01 mu (as geo.Area.Hundredths) or to 0.01 万㎡.
func Steps(units int64, of campaign.Measure) int64 {
	size, per := of.Step()
	return quotient(product(units, per), big.NewInt(size))
}

func unsigned(v int64, decimals int, m Medium) string {
	digits := strconv.FormatUint(magnitude(v), 10)
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	point := len(digits) - decimals
	out := make([]byte, 0, len(digits)+len(digits)/3+1)
	for i := range point {
		if m == Screen && i > 0 && (point-i)%3 == 0 {
			out = append(out, ',')
		}
		out = append(out, digits[i])
	}
	if decimals > 0 {
		out = append(out, '.')
	}
	return string(append(out, digits[point:]...))
}

// magnitude is |v|, right for the least integer as well.
func magnitude(v int64) uint64 {
	if v < 0 {
		return -uint64(v) //nolint:gosec // two's complement: the negation of the wrapped value is |v|
	}
	return uint64(v)
}

func power(decimals int) int64 {
	p := int64(1)
	for range decimals {
		p *= 10
	}
	return p
}

// product is exact, however large.
func product(factors ...int64) *big.Int {
	p := big.NewInt(1)
	for _, f := range factors {
		p.Mul(p, big.NewInt(f))
	}
	return p
}

// quotient is n/d for d > 0, rounded half away from zero: ⌊(2|n| + d) / 2d⌋
// with the sign of n. What does not fit int64 gives the end of the range.
func quotient(n, d *big.Int) int64 {
	twice := new(big.Int).Lsh(new(big.Int).Abs(n), 1)
	twice.Add(twice, d).Quo(twice, new(big.Int).Lsh(d, 1))
	if n.Sign() < 0 {
		twice.Neg(twice)
	}
	switch {
	case twice.IsInt64():
		return twice.Int64()
	case twice.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}
