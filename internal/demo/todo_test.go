package demo_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/lookup"
	"github.com/guatu/guatu/internal/todo"
)

// strip: what waits, for people of every kind; each count is that of its list.
func (d told) strip(t *testing.T) {
	t.Helper()
	book := d.chronicle(t)
	land := finding.NewDesk(d.store, time.Now, slog.New(slog.DiscardHandler))
	desk := todo.NewDesk(d.store, directory.New(d.store, book.Names()), land)
	v := book.Now(auth.Everything(), today)
	counted := map[string]map[string]int64{}
	for _, actor := range []auth.Actor{{ID: "zhou", Role: "district"}, {ID: "wang", Role: "town", Unit: "youchegang"}, {ID: "yu", Role: "acceptance"}, {ID: "gao", Role: "viewer"}} {
		scope := auth.ScopeOf(actor)
		groups, err := desk.Strip(t.Context(), scope, v, "")
		require.NoError(t, err)
		counted[actor.ID] = map[string]int64{}
		for _, g := range groups {
			counted[actor.ID][g.Code] = g.Number
			for _, q := range append([]todo.Part{{Query: g.Query, Number: g.Number}}, g.Parts...) {
				f, err := desk.Resolve(t.Context(), scope, v, q.Query)
				require.NoError(t, err)
				_, total, err := v.Select(f)
				require.NoError(t, err)
				assert.Equal(t, q.Number, total.Cases, "%s %s %s", actor.ID, g.Code, q.Code)
			}
			assert.Equal(t, g.Number > 0, g.Line.ZH != "", "%s: something waits, and the second line says what", g.Code)
		}
	}
	assert.Equal(t, map[string]int64{"review": 1, "town_check": 7, "returned": 1, "data": 2, "acceptance": 12, "late": 23}, counted["zhou"])
	assert.Equal(t, counted["zhou"], counted["gao"], "who acts on nothing follows the district")
	assert.Less(t, counted["wang"]["town_check"], counted["zhou"]["town_check"], "a town acts on its own")
	assert.Equal(t, counted["zhou"]["late"], counted["wang"]["late"], "and follows the district")

	wrong, err := land.All(t.Context(), v.Revision)
	require.NoError(t, err)
	require.Len(t, wrong.Findings, 1, "the building in 王店 and the workshop beside it")
	assert.Equal(t, "parcels_overlap", wrong.Findings[0].Rule)
	assert.Equal(t, "0.36", wrong.Findings[0].Area.Mu())
}

// search: what people type finds what they mean, soon.
func (d told) search(t *testing.T) {
	t.Helper()
	book := d.chronicle(t)
	names := directory.New(d.store, book.Names())
	v := book.Now(auth.Everything(), today)
	ask := func(typed string) directory.Found {
		found, err := names.Search(t.Context(), auth.ScopeOf(auth.System()), v, typed, 6)
		require.NoError(t, err)
		return found
	}
	ask("wangdian")
	for typed, first := range map[string]struct {
		kind  directory.Kind
		label string
		rank  lookup.Rank
	}{
		"王店": {directory.KindUnit, "秀洲经济开发区（王店镇）", lookup.WholeName}, "hxc": {directory.KindVillage, "合心村委会", lookup.BeginsInitials},
		"宏联织造厂": {directory.KindCase, "宏*织造厂", lookup.WholeName}, "xz-2020-0001": {directory.KindCase, "", lookup.WholeCode}, "XZ-WD-001": {directory.KindParcel, "", lookup.WholeCode},
	} {
		began := time.Now()
		found := ask(typed)
		t.Logf("%s: %d suggestions of %v in %v", typed, len(found.Suggestions), found.Number, time.Since(began))
		require.NotEmpty(t, found.Suggestions, typed)
		assert.Equal(t, first.kind, found.Suggestions[0].Kind, typed)
		assert.Equal(t, first.rank, found.Suggestions[0].Rank, typed)
		if first.label != "" {
			assert.Equal(t, first.label, found.Suggestions[0].Label, typed)
		}
	}
}
