package grid

import (
	"fmt"
	"math"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// Narrow brings full-width letters, digits and signs to their narrow forms: １３８ is 138.
func Narrow(text string) string { return strings.TrimSpace(width.Narrow.String(text)) }

// Blank tells whether a cell says that there is nothing.
func Blank(text string) bool {
	switch Narrow(text) {
	case "", "-", "--", "—", "——", "/", "\\", "无", "暂无", "未知", "#N/A", "#REF!", "#VALUE!":
		return true
	}
	return false
}

// Unit is what an area is given in.
type Unit string

// Units of areas; "" is not said.
const (
	Mu           Unit = "mu"
	SquareMetre  Unit = "m2"
	TenThousand  Unit = "10k_m2"
	Hectare      Unit = "ha"
	squareMetres      = 2000.0 / 3
)

// factors are square metres by unit.
var factors = map[Unit]float64{Mu: squareMetres, SquareMetre: 1, TenThousand: 10_000, Hectare: 10_000} //nolint:gochecknoglobals // a constant table

// In is an amount of one unit in another.
func In(amount float64, from, to Unit) float64 { return amount * factors[from] / factors[to] }

var units = []struct { //nolint:gochecknoglobals // a constant table, longest first
	word string
	unit Unit
}{
	{"万平方米", TenThousand},
	{"万㎡", TenThousand},
	{"万m2", TenThousand},
	{"平方米", SquareMetre},
	{"平米", SquareMetre},
	{"㎡", SquareMetre},
	{"m2", SquareMetre},
	{"m²", SquareMetre},
	{"公顷", Hectare},
	{"亩", Mu},
}

// UnitIn finds the unit that a head or a cell names, "" for none, and the text without it.
func UnitIn(text string) (unit Unit, rest string) {
	plain := strings.ToLower(strings.ReplaceAll(text, "Ｍ", "m"))
	for _, u := range units {
		if i := strings.LastIndex(plain, u.word); i >= 0 && (u.unit != Mu || !strings.Contains(plain, "亩均")) {
			return u.unit, plain[:i] + plain[i+len(u.word):]
		}
	}
	return "", text
}

var thousands = regexp.MustCompile(`^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$`)

// Number reads a number as people and Excel write it: 3,860, ３８６０, 5.7900000000000001, 3.86E+3, 约5.
func Number(text string) (float64, error) {
	plain := strings.TrimPrefix(strings.ReplaceAll(Narrow(text), " ", ""), "约")
	if thousands.MatchString(plain) {
		plain = strings.ReplaceAll(plain, ",", "")
	}
	n, err := strconv.ParseFloat(plain, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) || strings.ContainsAny(plain, "xXpP_") {
		return 0, fmt.Errorf("no number: %q", text)
	}
	return n, nil
}

// Area reads an area; unit is what the cell itself says, "" where it says none.
func Area(text string) (amount float64, unit Unit, err error) {
	unit, rest := UnitIn(Narrow(text))
	amount, err = Number(rest)
	return amount, unit, err
}

// excelDigits are what Excel keeps of a number.
const excelDigits = 15

// Digits reads a code or a telephone number that Excel may have made a number of: 13800138000.0, 1.3800138E+10.
// lost says that digits are gone for good, as of codes of more than 15 digits.
func Digits(text string) (code string, lost bool) {
	plain := strings.ReplaceAll(Narrow(text), " ", "")
	plain = strings.TrimPrefix(plain, "'")
	if !strings.ContainsAny(plain, ".eE+") || strings.Trim(plain, "0123456789.eE+") != "" {
		return plain, false
	}
	exact, ok := new(big.Float).SetPrec(200).SetString(plain)
	if !ok || !exact.IsInt() {
		return plain, false
	}
	whole := exact.Text('f', 0)
	return whole, len(whole) > excelDigits && strings.ContainsAny(plain, "eE")
}

var (
	dayParts = regexp.MustCompile(`^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?号?(?:[T\s]+\d{1,2}:\d{2}(?::\d{2})?.*)?$`)
	noYear   = regexp.MustCompile(`^(\d{1,2})\s*[./月]\s*(\d{1,2})\s*[日号]?$`)
	compact  = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
)

// Serial days of Excel that can be meant: from 2000 to 2099.
const (
	firstSerial = 36526
	lastSerial  = 73050
)

// Day reads a day as 2020-07-08: 2020.7.8, 2020年7月8日, 20200708, the serial number 44020; without a year it is the given one.
func Day(text string, year int) (day string, err error) {
	plain := Narrow(text)
	if m := dayParts.FindStringSubmatch(plain); m != nil {
		return checkedDay(m[1], m[2], m[3])
	}
	if m := compact.FindStringSubmatch(plain); m != nil {
		return checkedDay(m[1], m[2], m[3])
	}
	if n, err := Number(plain); err == nil {
		if n < firstSerial || n > lastSerial {
			return "", fmt.Errorf("no day: %q", text)
		}
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(n)).Format(time.DateOnly), nil
	}
	if m := noYear.FindStringSubmatch(plain); m != nil && strings.Contains(plain, "月") {
		return checkedDay(strconv.Itoa(year), m[1], m[2])
	}
	return "", fmt.Errorf("no day: %q", text)
}

func checkedDay(year, month, day string) (string, error) {
	y, _ := strconv.Atoi(year) // digits, by the pattern
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	on := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if on.Month() != time.Month(m) || on.Day() != d {
		return "", fmt.Errorf("no day of the calendar: %s-%s-%s", year, month, day)
	}
	return on.Format(time.DateOnly), nil
}
