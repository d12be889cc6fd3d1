package geo_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
)

var update = flag.Bool("update", false, "write the golden vectors anew")

// golden compares a value with testdata/name, written by hand-checked code and read by the front end too.
func golden(t *testing.T, name string, value any) {
	t.Helper()
	path := filepath.Join("testdata", name)
	text, err := json.MarshalIndent(value, "", " ")
	require.NoError(t, err)
	text = append(text, '\n')
	if *update {
		require.NoError(t, os.WriteFile(path, text, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(text), "%s differs from the code; if the code is right, run with -update", name)
}

func ExampleArea() {
	var total geo.Area
	for _, m2 := range []float64{3745.1234, 1.5} {
		total += geo.FromSquareMetres(m2)
	}
	fmt.Println(total, "=", total.Mu(), "亩")
	fmt.Println(geo.FromSquareMetres(976353.3333).MuGrouped(), "亩")
	// Output:
	// 3746.6234 m² = 5.62 亩
	// 1,464.53 亩
}

// exactHundredths rounds 3A/200000 half away from zero in exact arithmetic.
func exactHundredths(a int64) *big.Int {
	n := new(big.Int).Mul(big.NewInt(a), big.NewInt(3))
	neg := n.Sign() < 0
	n.Abs(n).Add(n, big.NewInt(100_000)).Quo(n, big.NewInt(200_000))
	if neg {
		n.Neg(n)
	}
	return n
}

func TestHundredthsAgainstExactArithmetic(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(5, 6))
	cases := []int64{0, 1, -1, 33333, 33334, -33333, -33334, 100000, math.MaxInt64, math.MinInt64}
	for range 20000 {
		cases = append(cases, rnd.Int64()>>rnd.IntN(60), -(rnd.Int64() >> rnd.IntN(60)))
	}
	for _, a := range cases {
		require.Equal(t, exactHundredths(a).String(), strconv.FormatInt(geo.Area(a).Hundredths(), 10), a)
	}
}

// The half is rounded away from zero: 0.005 mu is 33333.33 units.
func TestHundredthsAtTheHalf(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]int64{{33333, 0}, {33334, 1}, {-33333, 0}, {-33334, -1}, {100000, 2}, {-100000, -2}, {99999, 1}} {
		require.Equal(t, c[1], geo.Area(c[0]).Hundredths(), "%d", c[0])
	}
}

func TestFromHundredthsRoundTrip(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(7, 8))
	for range 20000 {
		h := rnd.Int64N(100_000_000_000_000) - 50_000_000_000_000
		h >>= rnd.IntN(45)
		require.Equal(t, h, geo.FromHundredths(h).Hundredths())
	}
	require.Equal(t, geo.Area(9763533333), geo.FromHundredths(146453))
}

func TestFromSquareMetres(t *testing.T) {
	t.Parallel()
	require.Equal(t, geo.Area(15000), geo.FromSquareMetres(1.5))
	require.Equal(t, geo.Area(1), geo.FromSquareMetres(0.00005))
	require.Equal(t, geo.Area(-1), geo.FromSquareMetres(-0.00005))
	require.Equal(t, geo.Area(0), geo.FromSquareMetres(math.NaN()))
	require.Equal(t, geo.Area(math.MaxInt64), geo.FromSquareMetres(math.Inf(1)))
	require.Equal(t, geo.Area(math.MinInt64), geo.FromSquareMetres(-1e300))
	require.InDelta(t, 12.3456, geo.Area(123456).SquareMetres(), 1e-12)
	require.InDelta(t, 1.5, (geo.Hectare + geo.Hectare/2).Hectares(), 1e-12)
}

type areaVector struct {
	Units       int64  `json:"units_0.0001m2"`
	Hundredths  int64  `json:"hundredths_of_mu"`
	Mu          string `json:"mu"`
	MuGrouped   string `json:"mu_grouped"`
	M2          string `json:"m2"`
	M2Grouped   string `json:"m2_grouped"`
	Description string `json:"note,omitempty"`
}

// The vectors stay below 2^53 so that a browser reads them exactly.
func TestGoldenMu(t *testing.T) {
	t.Parallel()
	notes := []struct {
		units int64
		note  string
	}{
		{0, "nothing"},
		{1, "least unit"},
		{33333, "just below 0.005 mu"},
		{33334, "just above 0.005 mu"},
		{66667, ""},
		{99999, "just below 0.015 mu"},
		{100000, "exactly 0.015 mu: half goes away from zero"},
		{-100000, "symmetric"},
		{-33334, "symmetric"},
		{-33333, "no minus zero"},
		{-1, "no minus zero"},
		{300000, "exactly 0.045 mu"},
		{6666666, "just below 1 mu"},
		{6666667, "1 mu rounded"},
		{20000000, "exactly 3 mu"},
		{37466234, "5.62 mu"},
		{49, "m² rounds down"},
		{50, "m² rounds up"},
		{9763533333, "1464.53 mu"},
		{4999, ""},
		{5000, ""},
		{9999, ""},
		{666666666666, "100 km²-ish"},
		{5422400000000, "the district: 542.24 km²"},
		{1_000_000_000_000_000, "3A is above 2^51"},
		{9_007_199_254_740_991, "2^53-1: 3A must not be formed in a double"},
	}
	var vectors []areaVector
	for _, n := range notes {
		a := geo.Area(n.units)
		vectors = append(vectors, areaVector{n.units, a.Hundredths(), a.Mu(), a.MuGrouped(), a.SquareMetresText(), a.SquareMetresGrouped(), n.note})
	}
	golden(t, "mu.json", vectors)
}
