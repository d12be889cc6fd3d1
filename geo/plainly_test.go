package geo

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/stretchr/testify/require"
)

// The quick look must never call valid what the thorough one does not, and see most simple rings.
func TestPlainlyAgreesWithThoroughly(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(35, 36))
	seen, missed := 0, 0
	for range 60_000 {
		r := orb.Ring{}
		for range 3 + rnd.IntN(6) {
			r = append(r, orb.Point{float64(rnd.IntN(7)) / 3, float64(rnd.IntN(7)) / 7})
		}
		mp := orb.MultiPolygon{{append(r, r[0])}}
		valid := len(thoroughly(mp, true)) == 0
		switch plain := plainly(mp, true); {
		case plain:
			require.True(t, valid, wkt.MarshalString(mp))
			seen++
		case valid:
			missed++
			require.NotEqual(t, withoutRepeats(mp[0][0]), mp[0][0], "only rings with repeated points are left to the sweep: %s", wkt.MarshalString(mp))
		}
	}
	require.Greater(t, seen, 5000)
	require.Greater(t, missed, 100)
}

func TestPlainlyLeavesTheRestToOthers(t *testing.T) {
	t.Parallel()
	for name, mp := range map[string]orb.MultiPolygon{
		"nothing":     nil,
		"empty ring":  {{{}}},
		"open":        {{{{0, 0}, {1, 0}, {1, 1}, {0, 1}}}},
		"not finite":  {{{{0, 0}, {1, 0}, {math.NaN(), 1}, {0, 0}}}},
		"too far":     {{{{0, 0}, {181, 0}, {1, 1}, {0, 0}}}},
		"repeated":    {{{{0, 0}, {1, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		"flat":        {{{{0, 0}, {1, 1}, {2, 2}, {0, 0}}}},
		"spike":       {{{{0, 0}, {2, 0}, {1, 0}, {1, 1}, {0, 0}}}},
		"spike start": {{{{1, 0}, {1, 1}, {0, 1}, {0, 0}, {2, 0}, {1, 0}}}},
	} {
		require.False(t, plainly(mp, true), name)
	}
	metres := orb.MultiPolygon{{{{5e5, 3e6}, {5e5 + 9, 3e6}, {5e5, 3e6 + 9}, {5e5, 3e6}}}}
	require.True(t, plainly(metres, false))
	require.False(t, plainly(metres, true))
}
