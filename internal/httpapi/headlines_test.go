package httpapi_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/demo"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// showing is a house with the demo, in the afternoon of its day.
func showing(t *testing.T) *house {
	t.Helper()
	return showingOver(t, server.Open(t))
}

func showingOver(t *testing.T, db *dbtest.DB) *house {
	t.Helper()
	rooms, log := openOver(t, db, afternoon, func(store *postgres.Store, _ *ledger.Ledger) {
		doors := demo.Doors{Store: store, Campaign: store.Running, Late: store, RealNow: time.Date(2020, 9, 30, 1, 0, 0, 0, time.UTC), Log: slog.New(slog.DiscardHandler)}
		require.NoError(t, demo.Load(t.Context(), doors))
	})
	rooms.Build = "1a2b3c4"
	return serve(t, rooms, log)
}

// TestTheHeadlinesOfTheDemoOpen: each of the eight figures names the list that makes
// it; what moved in September is the difference of both days' figures.
func TestTheHeadlinesOfTheDemoOpen(t *testing.T) {
	t.Parallel()
	db := server.Open(t)
	h := showingOver(t, db)
	totalsAreTheJournals(t, h, db, "2020-09-30", "2020-08-31", "2020-06-30", "2020-04-15")
	of := map[string]gen.MetricCountsOf{}
	for _, m := range read[gen.Campaign](t, h, "/campaign").Metrics {
		of[m.Code] = m.Counts.Of
	}
	opened := func(query string) map[string]gen.FigureMetric {
		figures := map[string]gen.FigureMetric{}
		for _, m := range read[gen.Figures](t, h, "/figures"+query).Total.Metrics {
			figures[m.Code] = m
			sums := read[gen.CasePage](t, h, "/cases?limit=1&"+m.Query).Sums
			sum := map[gen.MetricCountsOf]int64{"cases": sums.Cases, "recovered": sums.Recovered, "effective": sums.Effective, "floor": sums.Floor}[of[m.Code]]
			assert.Equal(t, m.Exact, sum, "%s %s", m.Code, m.Query)
		}
		return figures
	}
	now, august := opened(""), opened("?as_of=2020-08-31")
	require.Len(t, now, 8)
	printed := map[string]float64{}
	for code, m := range now {
		printed[code] = m.Done
	}
	assert.Equal(t, map[string]float64{
		"rectified": 297, "rectified_enterprises": 151, "recovered": 1464.53, "effective": 1085.93, "upgraded": 110, "parks": 3, "park_floor": 15.27, "moved_in": 149,
	}, printed)

	moves := read[gen.Moves](t, h, "/figures/moves?from=2020-08-31&to=2020-09-30")
	gained := map[string]int64{}
	for _, c := range moves.Cases {
		for _, d := range c.Metrics {
			gained[d.Metric] += d.Exact
		}
	}
	late := 0
	for _, d := range moves.Metrics {
		assert.Equal(t, now[d.Metric].Exact-august[d.Metric].Exact, d.Exact, d.Metric)
		assert.Equal(t, d.Exact, gained[d.Metric], "%s: the cases that moved make it", d.Metric)
	}
	for _, c := range moves.Cases {
		for _, m := range c.Milestones {
			if m.Late {
				late++
				assert.Equal(t, "2020-08-20", m.On.String())
			}
		}
	}
	assert.Equal(t, 1, late, "the fact of 20 August that came in on 5 September")
	casesAreReordered(t, h)
	totalsAreTheJournals(t, h, db, "2020-09-30", "2020-08-31")
}
