package geo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/stretchr/testify/require"
)

// gridShape is a random multipolygon on a small grid, where everything that can touch does.
func gridShape(rnd *rand.Rand) orb.MultiPolygon {
	ring := func(x, y, size, corners int) orb.Ring {
		r := orb.Ring{}
		for len(r) < corners {
			p := orb.Point{float64(x + rnd.IntN(size)), float64(y + rnd.IntN(size))}
			if len(r) == 0 || r[len(r)-1] != p {
				r = append(r, p)
			}
		}
		return append(r, r[0])
	}
	var mp orb.MultiPolygon
	for range 1 + rnd.IntN(2) {
		x, y := rnd.IntN(6), rnd.IntN(6)
		p := orb.Polygon{{{float64(x), float64(y)}, {float64(x + 9), float64(y)}, {float64(x + 9), float64(y + 9)}, {float64(x), float64(y + 9)}, {float64(x), float64(y)}}}
		if rnd.IntN(3) == 0 {
			p[0] = ring(x, y, 10, 3+rnd.IntN(4))
		}
		for range rnd.IntN(5) {
			p = append(p, ring(x+rnd.IntN(6), y+rnd.IntN(6), 2+rnd.IntN(3), 3+rnd.IntN(2)))
		}
		mp = append(mp, p)
	}
	return mp
}

// The sweep and the comparison of all pairs must agree on the verdict and on every touch.
func TestSweepAgreesWithAllPairs(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(31, 32))
	clean, touched := 0, 0
	for range 12_000 {
		mp := gridShape(rnd)
		var bySweep, byPairs checker
		bySweep.basics(mp, false)
		if len(bySweep.findings) > 0 {
			continue
		}
		bySweep.collect(mp)
		bySweep.sweep()
		byPairs.collect(mp)
		byPairs.allPairs()
		require.Equal(t, len(byPairs.findings) == 0, len(bySweep.findings) == 0, wkt.MarshalString(mp))
		var byFans checker
		byFans.collect(mp)
		byFans.sweepFanned(0)
		require.Equal(t, len(byPairs.findings) == 0, len(byFans.findings) == 0, wkt.MarshalString(mp))
		if len(byPairs.findings) == 0 {
			require.ElementsMatch(t, touchNames(byPairs.touches), touchNames(bySweep.touches), wkt.MarshalString(mp))
			require.ElementsMatch(t, touchNames(byPairs.touches), touchNames(byFans.touches), wkt.MarshalString(mp))
			clean++
			touched += len(bySweep.touches)
		}
	}
	require.Greater(t, clean, 1000)
	require.Greater(t, touched, 300)
}

func touchNames(touches []touch) []string {
	out := make([]string, 0, len(touches))
	for _, t := range touches {
		out = append(out, fmt.Sprint(t.ring.ref, t.at))
	}
	return out
}

func TestBlockListAgainstASlice(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(33, 34))
	var l blockList
	var want []int32
	for step := range 60_000 {
		lo := rnd.IntN(len(want) + 1)
		hi := min(len(want), lo+rnd.IntN(4))
		if step > 40_000 {
			hi = min(len(want), lo+rnd.IntN(8))
		}
		from, to := l.place(lo), l.place(hi)
		require.True(t, slices.Equal(want[lo:hi], l.between(from, to)))
		fresh := make([]int32, rnd.IntN(4))
		for i := range fresh {
			fresh[i] = int32(step)
		}
		l.replace(from, to, fresh)
		want = slices.Replace(want, lo, hi, fresh...)
		if step%1000 == 0 {
			require.True(t, slices.Equal(want, slices.Concat(l.blocks...)))
		}
	}
}

// place is the cursor before the i'th entry, as first would give it.
func (l *blockList) place(i int) cursor {
	for b, block := range l.blocks {
		if i < len(block) {
			return cursor{b, i}
		}
		i -= len(block)
	}
	return l.end()
}

// exactTurn is the orientation in integers.
func exactTurn(a, b, c [2]int64) int {
	d := (a[0]-c[0])*(b[1]-c[1]) - (a[1]-c[1])*(b[0]-c[0])
	switch {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

// Points a few units apart at 2^30 turn by less than rounding can see.
func TestOrientationIsExact(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(35, 36))
	zero := 0
	for range 200_000 {
		base := [2]int64{rnd.Int64N(1 << 30), rnd.Int64N(1 << 30)}
		dir := [2]int64{rnd.Int64N(2001) - 1000, rnd.Int64N(2001) - 1000}
		at := func(k, dx, dy int64) [2]int64 { return [2]int64{base[0] + k*dir[0] + dx, base[1] + k*dir[1] + dy} }
		a, b, c := at(0, 0, 0), at(rnd.Int64N(1000), 0, 0), at(rnd.Int64N(1000), rnd.Int64N(3)-1, rnd.Int64N(3)-1)
		f := func(p [2]int64) orb.Point { return orb.Point{float64(p[0]) / (1 << 40), float64(p[1]) / (1 << 40)} }
		want := exactTurn(a, b, c)
		require.Equal(t, want, orientation(f(a), f(b), f(c)))
		require.Equal(t, want, exactOrientation(f(a), f(b), f(c)))
		if want == 0 {
			zero++
		}
	}
	require.Greater(t, zero, 1000)
}
