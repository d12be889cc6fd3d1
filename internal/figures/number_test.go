package figures_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/figures"
)

func TestNumbersAsTheyArePrinted(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		v                int64
		decimals         int
		screen, document string
	}{
		{297, 0, "297", "297"},
		{1870, 0, "1,870", "1870"},
		{146453, 2, "1,464.53", "1464.53"},
		{100, 2, "1.00", "1.00"},
		{5, 2, "0.05", "0.05"},
		{0, 1, "0.0", "0.0"},
		{-3, 1, "−0.3", "−0.3"},
		{-1234567, 2, "−12,345.67", "−12345.67"},
		{999999, 0, "999,999", "999999"},
		{math.MinInt64, 0, "−9,223,372,036,854,775,808", "−9223372036854775808"},
	} {
		assert.Equal(t, v.screen, figures.Number(v.v, v.decimals, figures.Screen))
		assert.Equal(t, v.document, figures.Number(v.v, v.decimals, figures.Document))
	}
	assert.Equal(t, "+0.5", figures.Signed(5, 1, figures.Screen))
	assert.Equal(t, "0.0", figures.Signed(0, 1, figures.Screen))
	assert.Equal(t, "−1,234", figures.Signed(-1234, 0, figures.Screen))
}

func TestTasksAndWhatIsDone(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "2,000", figures.Task(2000_00, land, figures.Screen))
	assert.Equal(t, "2000", figures.Task(2000_00, land, figures.Document))
	assert.Equal(t, "2,000.50", figures.Task(2000_50, land, figures.Screen))
	assert.Equal(t, "400", figures.Task(400, count, figures.Screen))
	assert.Equal(t, "25", figures.Task(25_00, floor, figures.Screen))
	assert.Equal(t, "1464.53", figures.Done(exact(land, 1464_53), land, figures.Document))
	assert.Equal(t, "4.10", figures.Done(exact(floor, 4_10), floor, figures.Screen))
	assert.Equal(t, "0.01", figures.Done(int64(50*geo.SquareMetre), floor, figures.Screen), "half of 100 m²")
	assert.Equal(t, "0.00", figures.Done(int64(50*geo.SquareMetre)-1, floor, figures.Screen))
}

// TestStepsOfLandAreThoseOfGeo: mu are converted in one way in the whole program.
func TestStepsOfLandAreThoseOfGeo(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(11, 12))
	for range 5000 {
		a := geo.Area(r.Int64() >> r.IntN(62))
		if r.IntN(2) == 0 {
			a = -a
		}
		require.Equal(t, a.Hundredths(), figures.Steps(int64(a), land))
		if a >= 0 {
			require.Equal(t, a.MuGrouped(), figures.Done(int64(a), land, figures.Screen))
		}
	}
}

// TestRoundingShows: 0.004 + 0.004 mu print 0.00 + 0.00, but 0.01 in all.
func TestRoundingShows(t *testing.T) {
	t.Parallel()
	part := int64(geo.FromSquareMetres(0.004 * 2000 / 3))
	assert.True(t, figures.RoundingShows(land, part, part))
	assert.False(t, figures.RoundingShows(land, exact(land, 36127), exact(land, 12746)))
	assert.False(t, figures.RoundingShows(land))
}
