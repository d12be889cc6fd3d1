package layer_test

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// somewhere is a feature of any of the four kinds of geometry.
func somewhere(r *rand.Rand) ledger.ReferenceDraft {
	n := r.IntN(12)
	line := orb.LineString{{120.6, 30.6 + 0.01*float64(n)}, {120.7, 30.6 + 0.01*float64(r.IntN(9))}}
	area := square(120.6+0.01*float64(n), 30.7, 0.005)
	shapes := []orb.Geometry{line, orb.MultiLineString{line}, area, area[0]}
	return ledger.ReferenceDraft{Code: strconv.Itoa(n), Name: "“河”" + strconv.Itoa(r.IntN(3)), Class: "river", Geometry: shapes[r.IntN(4)]}
}

// TestFedReferenceLayersEqualFreshOnes: after any sequence of replacements and undos.
func TestFedReferenceLayersEqualFreshOnes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	r := rand.New(rand.NewPCG(3, 9))
	var batches []uuid.UUID
	last := int64(0)
	for range 60 {
		var change ledger.Change
		if len(batches) > 0 && r.IntN(4) == 0 {
			change = ledger.UndoBatch{Batch: batches[r.IntN(len(batches))], Reason: "误操作"}
		} else {
			byCode := map[string]ledger.ReferenceDraft{}
			for range 1 + r.IntN(5) {
				d := somewhere(r)
				byCode[d.Code] = d
			}
			replace := ledger.ReplaceReference{Layer: []string{"water", "roads"}[r.IntN(2)], Whole: r.IntN(2) == 0}
			for _, d := range byCode {
				replace.Features = append(replace.Features, d)
			}
			change = replace
		}
		out := h.apply(t, change)
		batches = append(batches, out.BatchID)
		last = max(last, out.Revision)
	}
	fed, err := h.model.At(t.Context(), last)
	require.NoError(t, err)
	fresh := h.fresh(t)
	for _, name := range []string{"water", "roads", layer.Parcels, layer.Units} {
		assert.Equal(t, encode(t, fresh.Now(), name), encode(t, fed, name))
		assert.Equal(t, etag(t, fresh.Now(), name), etag(t, fed, name))
	}
	report, err := h.store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}

func TestTheListOfLayersAsksForAScope(t *testing.T) {
	t.Parallel()
	h := setup(t)
	_, err := h.model.Now().Layers(t.Context(), auth.Scope{})
	require.Equal(t, fault.KindDenied, fault.KindOf(err))
	list, err := h.model.Now().Layers(t.Context(), auth.ScopeOf(auth.System()))
	require.NoError(t, err)
	require.Len(t, list, 6)
	assert.Equal(t, layer.Units, list[1].Code)
	assert.Equal(t, 1, list[1].Features)
}
