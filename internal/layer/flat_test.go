package layer_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// flatFile asks for parcels in the flat form: what changed since a revision, or, since 0, the whole.
func flatFile(t *testing.T, s *layer.Snapshot, since int64, coding layer.Coding) *flat.File {
	t.Helper()
	scope := auth.ScopeOf(auth.System())
	selected, err := s.Since(scope, layer.Parcels, since)
	if since == 0 {
		selected, err = s.Select(scope, layer.Parcels, layer.Query{})
	}
	require.NoError(t, err)
	selected, err = selected.Flat()
	require.NoError(t, err)
	a, err := selected.Encode(t.Context(), coding)
	require.NoError(t, err)
	b, err := a.Bytes(t.Context())
	require.NoError(t, err)
	f, err := flat.Decode(unpack(t, coding, b))
	require.NoError(t, err)
	assert.Equal(t, scope.Class(), f.Class)
	return f
}

// flatCopy is the layer as a page holds it that fetched it once and then asks what changed.
type flatCopy struct {
	revision int64
	features map[int64]flat.Feature
}

func (c *flatCopy) ask(t *testing.T, s *layer.Snapshot, coding layer.Coding) (delta bool) {
	t.Helper()
	f := flatFile(t, s, c.revision, coding)
	if !f.Delta {
		c.features = map[int64]flat.Feature{}
	} else {
		require.Equal(t, c.revision, f.Since)
	}
	c.revision = f.Revision
	for _, id := range f.Removed {
		delete(c.features, id)
	}
	for _, x := range f.Features {
		c.features[x.ID] = x
	}
	return f.Delta
}

// sameAsGeoJSON holds the copy to what the layer's GeoJSON says of every feature.
func (c *flatCopy) sameAsGeoJSON(t *testing.T, s *layer.Snapshot) {
	t.Helper()
	var told struct {
		Features []struct {
			ID         int64
			Geometry   struct{ Coordinates orb.MultiPolygon }
			Properties struct {
				Code, Label, Unit, Deadline string
				Stage                       uint64
				M2                          json.Number
				Cases                       []int64
				Reduced                     bool
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(encode(t, s, layer.Parcels)), &told))
	require.Len(t, c.features, len(told.Features))
	for _, want := range told.Features {
		got, p := c.features[want.ID], want.Properties
		require.True(t, flat.NewShape(want.Geometry.Coordinates).Equal(got.Shape), "shape of %d", want.ID)
		area := got.Values[4].Number
		require.Equal(t, p.M2.String(), geo.Area(area).SquareMetresText(), "the area, which is exact here")
		if len(p.Cases) == 0 {
			p.Cases = nil
		}
		require.Equal(t, []flat.Value{{Text: p.Code}, {Text: p.Label}, {Text: p.Unit}, {Number: p.Stage}, {Number: area}, {Text: p.Deadline}, {Numbers: p.Cases}, {Number: map[bool]uint64{true: 1}[p.Reduced]}}, got.Values)
	}
}

// TestFlatFilesAreTheLayer: after random edits, removals and imports a copy that only heard
// deltas is the whole flat file, says what GeoJSON says, and what is read anew from PostGIS.
func TestFlatFilesAreTheLayer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	r := rand.New(rand.NewPCG(27, 11))
	batches := []uuid.UUID{h.many(t, 0, 700, "厂房").BatchID}
	var held flatCopy
	told := 0
	for step := range 20 {
		var out ledger.Outcome
		switch {
		case step%7 == 6:
			out = h.apply(t, ledger.UndoBatch{Batch: batches[len(batches)-1], Reason: "误操作"})
			batches = batches[:max(1, len(batches)-1)]
		case step%3 == 1:
			out = h.many(t, r.IntN(600), 1+r.IntN(300), "新房")
			batches = append(batches, out.BatchID)
		default:
			for id := range held.features {
				out = h.apply(t, ledger.ListCase{Parcels: []int64{id}, Unit: "honghe", Landless: true})
				break
			}
		}
		now, err := h.model.At(t.Context(), out.Revision)
		require.NoError(t, err)
		coding := []layer.Coding{layer.Identity, layer.Gzip, layer.Zstd}[step%3]
		if held.ask(t, now, coding) {
			told++
		}
		var whole flatCopy
		require.False(t, whole.ask(t, now, coding))
		require.Equal(t, whole, held, "step %d", step)
		held.sameAsGeoJSON(t, now)
	}
	assert.Greater(t, told, 14, "all but a few answers were deltas")
	assert.Equal(t, flatFile(t, h.fresh(t).Now(), 0, layer.Gzip), flatFile(t, h.model.Now(), 0, layer.Zstd))
}

// TestOnlyParcelsHaveAFlatForm, and its bytes have a tag of their own.
func TestOnlyParcelsHaveAFlatForm(t *testing.T) {
	t.Parallel()
	now := setup(t).model.Now()
	for _, name := range []string{layer.Units, layer.Blocks} {
		selected, err := now.Select(auth.ScopeOf(auth.System()), name, layer.Query{})
		require.NoError(t, err)
		_, err = selected.Flat()
		require.ErrorContains(t, err, "flat form")
	}
	selected, err := now.Select(auth.ScopeOf(auth.System()), layer.Parcels, layer.Query{})
	require.NoError(t, err)
	compact, err := selected.Flat()
	require.NoError(t, err)
	assert.NotEqual(t, selected.ETag(layer.Gzip), compact.ETag(layer.Gzip))
	assert.Empty(t, flatFile(t, now, 0, layer.Gzip).Features)
}

// TestFlatFilesShowWhatTheScopeSees: the same labels as GeoJSON for every class, from chunks that are shared where they are seen alike.
func TestFlatFilesShowWhatTheScopeSees(t *testing.T) {
	t.Parallel()
	h := setup(t)
	out := h.many(t, 0, 600, "厂房")
	now, err := h.model.At(t.Context(), out.Revision)
	require.NoError(t, err)
	h.apply(t, ledger.ListCase{Parcels: []int64{parcelIDs(t, now)[0]}, Unit: "honghe", Label: "宏联织造厂", Landless: true})
	for name, actor := range map[string]auth.Actor{
		"district": shen, "own unit": {ID: "lu", Name: "陆某", Role: "field", Unit: "honghe"}, "other unit": {ID: "xu", Name: "徐某", Role: "field", Unit: "wangdian"},
	} {
		scope := auth.ScopeOf(actor)
		now := h.model.Now()
		plain, err := now.Select(scope, layer.Parcels, layer.Query{})
		require.NoError(t, err)
		compact, err := plain.Flat()
		require.NoError(t, err)
		file := decodeFlat(t, compact)
		require.Equal(t, scope.Class(), file.Class)
		text := string(encodeSelection(t, plain))
		shown := 0
		for _, f := range file.Features {
			if f.Values[1].Text != "" {
				require.Contains(t, text, `"label":"`+f.Values[1].Text+`"`, name)
				shown++
			}
			require.Equal(t, f.Values[1].Text == "", f.Values[7].Number == 1, name)
		}
		require.Equal(t, name != "other unit", shown > 0, name)
	}
}

func parcelIDs(t *testing.T, s *layer.Snapshot) (ids []int64) {
	t.Helper()
	for _, f := range flatFile(t, s, 0, layer.Identity).Features {
		ids = append(ids, f.ID)
	}
	return ids
}

func decodeFlat(t *testing.T, s layer.Selection) *flat.File {
	t.Helper()
	f, err := flat.Decode(encodeSelection(t, s))
	require.NoError(t, err)
	return f
}

func encodeSelection(t *testing.T, s layer.Selection) []byte {
	t.Helper()
	a, err := s.Encode(t.Context(), layer.Identity)
	require.NoError(t, err)
	b, err := a.Bytes(t.Context())
	require.NoError(t, err)
	return b
}
