package demo_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/report"
)

// landAt folds the land there was at the end of a day, by case.
func (d told) landAt(t *testing.T, day campaign.Date) map[int64]ledger.Land {
	t.Helper()
	fields, versions := map[int64]ledger.Fields{}, map[int64]int64{}
	for _, e := range d.lands {
		if campaign.DateOf(e.RecordedAt.In(campaign.Shanghai())) <= day {
			fields[e.NounID], versions[e.NounID] = e.Body.Apply(fields[e.NounID]), e.Version
		}
	}
	lands := map[int64]ledger.Land{}
	for id, f := range fields {
		if len(f) == 0 {
			continue
		}
		l, err := ledger.LandOf(id, versions[id], f)
		require.NoError(t, err)
		lands[l.Case] = l
	}
	return lands
}

// land: every case whose land is accepted has its polygons, which agree with the
// accepted figures, and nothing else has any; what was taken off is itemised.
func (d told) land(t *testing.T, cases map[int64]campaign.Case) {
	t.Helper()
	lands := d.landAt(t, today)
	view := d.chronicle(t).Now(auth.Everything(), today)
	var measured, effective geo.Area
	drawn, items, banks := 0, 0, 0
	for id, c := range cases {
		l, has := lands[id]
		require.Equal(t, c.Recovered > 0, has, "%s", c.Code)
		if !has {
			continue
		}
		now := view.LandOf(id)
		assert.InDelta(t, c.Recovered.SquareMetres(), now.Area.SquareMetres(), 1, "%s agrees within 1 m²", c.Code)
		assert.InDelta(t, c.Effective.SquareMetres(), now.EffectiveArea.SquareMetres(), 1, "%s agrees within 1 m²", c.Code)
		measured += now.Area
		effective += now.EffectiveArea
		var off geo.Area
		for _, item := range l.Deductions {
			off += item.Area
			if item.Code == "canal" {
				banks++
			}
		}
		items += len(l.Deductions)
		assert.Equal(t, now.Area-now.EffectiveArea, off, "%s: what is taken off adds up exactly", c.Code)
		if l.Origin == ledger.LandDrawn {
			drawn++
		}
	}
	assert.Equal(t, "1464.53 1085.93", measured.Mu()+" "+effective.Mu(), "measured, they print like the accepted figures")
	assert.Equal(t, 2, drawn, "two plots by a river of which not all was accepted")
	assert.Equal(t, 3, banks, "three plots on a canal")
	assert.Equal(t, len(lands)+3, items)
}

// shownLand is what the layers say of land.
type shownLand struct {
	Features []struct {
		Properties struct {
			ID       int64
			Unit     string
			M2       float64
			Recorded campaign.Date
			Counted  bool
			Members  []struct {
				ID int64
				M2 float64
			}
		}
	}
}

func shownAt(t *testing.T, model *layer.Model, view *chronicle.View, name string) shownLand {
	t.Helper()
	snapshot, err := model.AsOf(t.Context(), view)
	require.NoError(t, err)
	selected, err := snapshot.Select(auth.ScopeOf(auth.System()), name, layer.Query{})
	require.NoError(t, err)
	encoded, err := selected.Encode(t.Context(), layer.Identity)
	require.NoError(t, err)
	text, err := encoded.Bytes(t.Context())
	require.NoError(t, err)
	var shown shownLand
	require.NoError(t, json.Unmarshal(text, &shown))
	return shown
}

// landOfAnyDay holds the layers of land against a replay, and the share in
// blocks against the members that the map shows.
func (d told) landOfAnyDay(t *testing.T) {
	t.Helper()
	book := d.chronicle(t)
	blocks := block.NewDesk(d.store)
	model, err := layer.NewModel(t.Context(), d.store, book, blocks)
	require.NoError(t, err)
	desk := report.NewDesk(book, blocks, clock)
	r := rand.New(rand.NewPCG(20200930, 17))
	days := []campaign.Date{today, "2020-08-27", "2020-08-31", "2020-06-30"}
	for range 8 {
		days = append(days, campaign.Date("2020-03-01").AddDays(r.IntN(210)))
	}
	for _, day := range days {
		view, err := book.AsOf(auth.Everything(), day, today)
		require.NoError(t, err)
		lands := d.landAt(t, day)
		shown := shownAt(t, model, view, layer.Recovered)
		require.Equal(t, len(lands), len(shown.Features), "%s", day) //nolint:testifylint // Len would print them all
		for _, f := range shown.Features {
			require.Contains(t, lands, f.Properties.ID, "%s", day)
			require.LessOrEqual(t, f.Properties.Recorded, day)
		}
		f, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{AsOf: day})
		require.NoError(t, err)
		d.blocksAddUp(t, &f, shownAt(t, model, view, layer.Blocks), d.as(t, day))
	}
	d.joinedByPostGIS(t, book, blocks)
}

// blocksAddUp: the share in blocks is the sum of the members that the map shows, by unit and in all.
func (d told) blocksAddUp(t *testing.T, f *report.Figures, shown shownLand, cases map[int64]campaign.Case) {
	t.Helper()
	sums, seen := map[string]geo.Area{}, map[int64]bool{}
	for _, b := range shown.Features {
		var sum geo.Area
		for _, m := range b.Properties.Members {
			require.False(t, seen[m.ID], "a case is in one block")
			seen[m.ID] = true
			c := cases[m.ID]
			require.InDelta(t, c.Recovered.SquareMetres(), m.M2, 0.005)
			sum += c.Recovered
			sums[c.Unit] += c.Recovered
			sums[""] += c.Recovered
		}
		require.InDelta(t, sum.SquareMetres(), b.Properties.M2, 0.005)
		require.GreaterOrEqual(t, sum.Hundredths(), int64(50_00))
	}
	for i := range f.Rows {
		require.Equal(t, sums[f.Rows[i].Code], f.Rows[i].InBlocks.Land, "%s %s", f.View.Day, f.Rows[i].Code)
	}
	require.Equal(t, sums[""], f.Total.InBlocks.Land, "%s", f.View.Day)
	require.Equal(t, len(shown.Features), f.Total.InBlocks.Blocks)
	if of := f.Total.InBlocks.Of; of > 0 {
		require.Equal(t, campaign.Tenths(math.Round(1000*float64(sums[""])/float64(of))), f.Total.InBlocks.Rate.Tenths)
	}
}

// joinedByPostGIS has PostGIS join the same land by another function.
func (d told) joinedByPostGIS(t *testing.T, book *chronicle.Book, desk *block.Desk) {
	t.Helper()
	blocks, err := desk.Blocks(t.Context(), book.Now(auth.Everything(), today))
	require.NoError(t, err)
	assert.Len(t, blocks, 9)
	var land geo.Area
	for _, b := range blocks {
		land += b.Area
	}
	d.db.Exec(t, "postgres", `SET search_path = guatu, public`, fmt.Sprintf(`DO $$
DECLARE found bigint;
BEGIN
	SELECT sum(b.land) INTO found FROM (
		SELECT (SELECT sum(c.recovered) FROM land l JOIN shape s ON s.hash = l.recovered JOIN case_file c ON c.id = l.case_id
			WHERE NOT c.sides ? 'rebounded' AND ST_Intersects(ST_Transform(s.geom, 4549), ST_Buffer(k.ground, 0.01))) AS land
		FROM (SELECT unnest(ST_ClusterWithin(ST_Transform(s.geom, 4549), 30)) AS ground FROM land l JOIN shape s ON s.hash = l.recovered
			JOIN case_file c ON c.id = l.case_id WHERE NOT c.sides ? 'rebounded') k
	) b WHERE b.land >= 333333333;
	ASSERT found = %d, 'PostGIS joins ' || found;
END $$`, land))
}
