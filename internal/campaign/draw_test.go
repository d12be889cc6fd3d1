package campaign_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	. "github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// poolOf are so many cases; zhou has accepted every third.
func poolOf(n int) []Lot {
	var pool []Lot
	for i := n; i > 0; i-- { // in another order than the draw has them
		lot := Lot{Code: fmt.Sprintf("XZ-2020-%04d", i)}
		if i%3 == 0 {
			lot.Persons = []string{"zhou"}
		}
		pool = append(pool, lot)
	}
	return pool
}

// TestADrawIsWhatTheProgramOfTheDocumentDraws: the expected lots were drawn by the Python program of docs/draw.zh-CN.md.
func TestADrawIsWhatTheProgramOfTheDocumentDraws(t *testing.T) {
	t.Parallel()
	d, err := Draw{Seed: "5f2a9c0e", Pool: poolOf(20), People: []string{"zhou", "wu", "he", "qian", "lin"}, Absent: []string{"wu"}, Each: 2}.Run(5)
	require.NoError(t, err)
	assert.Equal(t, []Lot{
		{"XZ-2020-0011", []string{"zhou", "lin"}},
		{"XZ-2020-0016", []string{"he", "zhou"}},
		{"XZ-2020-0009", []string{"lin", "qian"}},
		{"XZ-2020-0002", []string{"lin", "zhou"}},
		{"XZ-2020-0006", []string{"he", "lin"}},
	}, d.Drawn)
}

// TestADrawIsReproducedFromItsRecord: for any pool, and nobody looks at what they accepted themselves, or while away.
func TestADrawIsReproducedFromItsRecord(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(20, 20))
	for range 200 {
		pool := poolOf(1 + random.IntN(60))
		seed, count := fmt.Sprintf("%032x", random.Uint64()), 1+random.IntN(len(pool))
		d, err := Draw{Number: "2020-01", Track: "rectify", Seed: seed, On: "2020-09-30", DueOn: "2020-10-20", Pool: pool, People: []string{"zhou", "wu", "he", "qian"}, Absent: []string{"wu"}, Each: 2}.Run(count)
		require.NoError(t, err)
		again := DrawOf(d.Values())
		assert.Equal(t, d, again, "the record says everything")
		assert.True(t, again.Reproduced())
		seen := map[string]bool{}
		for _, lot := range d.Drawn {
			assert.False(t, seen[lot.Code], "no case twice")
			seen[lot.Code] = true
			avoided := pool[slices.IndexFunc(pool, func(p Lot) bool { return p.Code == lot.Code })].Persons
			assert.Len(t, lot.Persons, 2)
			for _, person := range lot.Persons {
				assert.NotContains(t, append(avoided, "wu"), person)
			}
		}
		again.Drawn[0].Persons = []string{"wu", "he"}
		assert.False(t, again.Reproduced(), "a record that somebody changed is not")
	}
}

func TestADrawAsksForNoMoreThanThereIs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		count, each int
		refusal     string
	}{
		"none": {0, 1, "too_few_to_draw"}, "more cases than there are": {4, 1, "too_few_to_draw"},
		"more inspectors than may look": {3, 2, "too_few_inspectors"}, "no inspector": {1, 0, "too_few_inspectors"},
	} {
		_, err := Draw{Seed: "1", Pool: poolOf(3), People: []string{"zhou", "he"}, Each: c.each}.Run(c.count)
		assert.True(t, fault.Is(err, c.refusal), "%s: %v", name, err)
	}
}

// TestEachCaseIsDrawnAboutAsOften: of 2,000 draws of one among five each gets its fifth.
func TestEachCaseIsDrawnAboutAsOften(t *testing.T) {
	t.Parallel()
	times := map[string]int{}
	for i := range 2000 {
		d, err := Draw{Seed: strconv.Itoa(i), Pool: poolOf(5), People: []string{"he"}, Each: 1}.Run(1)
		require.NoError(t, err)
		times[d.Drawn[0].Code]++
	}
	for code, n := range times {
		assert.InDelta(t, 400, n, 80, code)
	}
}
