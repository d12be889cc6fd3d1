package layer_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// TestAnEarlierRevisionIsTheLayerOfThen: after imports, renames, moved shapes, listings, marks and undos each
// revision asked for again, in any order, is byte for byte what was served when it was the newest, for every
// scope; boxes of it are found without a tree; and the chronicle read anew gives the same.
func TestAnEarlierRevisionIsTheLayerOfThen(t *testing.T) {
	t.Parallel()
	h := setup(t)
	r := rand.New(rand.NewPCG(19, 84))
	scopes := []auth.Scope{auth.Everything(), auth.ScopeOf(auth.Actor{ID: "xu", Name: "徐某", Role: "field", Unit: "wangdian"})}
	box := orb.Bound{Min: orb.Point{120.61, 30.61}, Max: orb.Point{120.63, 30.613}}
	type served struct{ whole, box string }
	ask := func(s *layer.Snapshot) (found [2]served) {
		for i, scope := range scopes {
			for _, q := range []layer.Query{{}, {Bound: &box, Stages: []int{0, 1, 2}}} {
				selected, err := s.Select(scope, layer.Parcels, q)
				require.NoError(t, err)
				if q.Bound == nil {
					found[i].whole = string(encodeSelection(t, selected))
				} else {
					found[i].box = string(encodeSelection(t, selected))
				}
			}
		}
		return found
	}
	then := map[int64][2]served{}
	var batches []uuid.UUID
	var parcels, cases []int64
	for step := range 40 {
		var out ledger.Outcome
		switch kind := r.IntN(6); {
		case kind == 0 || len(parcels) == 0:
			out = h.importParcels(t, r)
		case kind == 1:
			out = h.many(t, r.IntN(900), 1+r.IntN(400), []string{"厂房", "新房"}[step%2])
		case kind == 2 && len(batches) > 0:
			out = h.apply(t, ledger.UndoBatch{Batch: batches[r.IntN(len(batches))], Reason: "误操作"})
		case kind <= 4 || len(cases) == 0:
			out = h.apply(t, ledger.ListCase{Parcels: parcels[r.IntN(len(parcels)):][:1], Unit: "honghe", Landless: true})
		default:
			out, _ = h.book.Apply(t.Context(), shen, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{ledger.MarkMilestone{Case: cases[r.IntN(len(cases))], Milestone: "filed"}}})
		}
		if out.Revision == 0 {
			continue // refused
		}
		batches = append(batches, out.BatchID)
		parcels, cases = collect(out, parcels, cases)
		now, err := h.model.At(t.Context(), out.Revision)
		require.NoError(t, err)
		then[out.Revision] = ask(now)
	}
	require.Greater(t, len(then), 25)
	fresh := h.fresh(t)
	for _, model := range []*layer.Model{h.model, fresh} {
		for revision, want := range then { // in any order: what is shared comes from the newest
			s, err := model.AsOf(t.Context(), h.pages.At(auth.Everything(), revision, campaign.Date("2020-06-01")))
			require.NoError(t, err)
			require.Equal(t, want, ask(s), "revision %d", revision)
		}
	}
	assert.NotEmpty(t, cases)
}
