package campaign

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var errNoDecimal = errors.New("no decimal number of this size")

// mostWhole keeps sums over all rows far from the end of int64.
const mostWhole = 10

// parseDecimal reads a number that is not negative as a whole number of its last decimal: 3.62 with two is 362.
func parseDecimal(typed string, decimals int) (int64, error) {
	whole, part, _ := strings.Cut(typed, ".")
	part = strings.TrimRight(part, "0")
	if whole == "" || len(whole) > mostWhole || len(part) > decimals {
		return 0, errNoDecimal
	}
	digits := whole + part + strings.Repeat("0", decimals-len(part))
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return 0, fmt.Errorf("%w: %w", errNoDecimal, err)
	}
	return int64(n), nil //nolint:gosec // 63 bits
}

// decimal writes a whole number of the last decimal, without needless zeros: 362 with two is 3.62, 350 is 3.5.
func decimal(n int64, decimals int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	digits := fmt.Sprintf("%0*d", decimals+1, n)
	whole, part := digits[:len(digits)-decimals], strings.TrimRight(digits[len(digits)-decimals:], "0")
	if part != "" {
		return sign + whole + "." + part
	}
	return sign + whole
}

// Sum adds up what rows say in a number's field, exactly; what is empty counts nothing.
func (f Field) Sum(rows []Filled) string {
	decimals, _ := f.Decimals()
	var sum int64
	for _, r := range rows {
		n, err := parseDecimal(r.Values[f.Code], decimals)
		if err == nil {
			sum += n
		}
	}
	return decimal(sum, decimals)
}
