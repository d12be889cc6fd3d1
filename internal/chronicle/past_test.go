package chronicle_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// TestPastTurnsWheneverADayDiffers: on days between two turns of a case nothing
// of it differs, and what is at a turn is what the view of that day says.
func TestPastTurnsWheneverADayDiffers(t *testing.T) {
	t.Parallel()
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 3))
		j := &journal{definition: definition(t)}
		for range 80 {
			j.happen(r)
		}
		book, err := chronicle.Open(t.Context(), j)
		require.NoError(t, err)
		today := j.days[len(j.days)-1].On
		past := book.Past(auth.Everything(), today)
		span, over := past.Span()
		if !over {
			require.Equal(t, today, j.days[0].On, "seed %d", seed)
			continue
		}
		require.Equal(t, today.AddDays(-1), span.To)
		told := 0
		past.Cases(func(id int64, turns []*chronicle.View) {
			told++
			for day := span.From; day <= span.To; day = day.AddDays(1) {
				view, err := book.AsOf(auth.Everything(), day, today)
				require.NoError(t, err)
				require.Equal(t, atTurn(turns, day, id), view.Case(id), "seed %d case %d day %s", seed, id, day)
			}
		})
		require.Positive(t, told)
	}
}

// atTurn is a case at the last turn up to a day.
func atTurn(turns []*chronicle.View, day campaign.Date, id int64) *chronicle.Case {
	var found *chronicle.Case
	for _, v := range turns {
		if v.Day <= day {
			found = v.Case(id)
		}
	}
	return found
}
