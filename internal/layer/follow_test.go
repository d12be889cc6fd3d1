package layer_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// unpack reads what a reader of a coding gets: of gzip the first member alone, as Chromium and curl do.
func unpack(t *testing.T, coding layer.Coding, b []byte) []byte {
	t.Helper()
	if coding == layer.Identity {
		return b
	}
	in := bytes.NewReader(b)
	var r io.Reader
	if coding == layer.Gzip {
		z, err := gzip.NewReader(in)
		require.NoError(t, err)
		z.Multistream(false)
		r = z
	} else {
		z, err := zstd.NewReader(in)
		require.NoError(t, err)
		defer z.Close()
		r = z
	}
	plain, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Zero(t, in.Len(), "nothing is left behind")
	return plain
}

// heard is an answer: the whole, or what changed.
type heard struct {
	Revision int64
	Since    *int64
	Removed  []int64
	Features []json.RawMessage
}

// copyOf is a layer as somebody holds it who fetched it once and then asks what changed.
type copyOf struct {
	revision int64
	features map[int64]string
}

// take brings the copy up to an answer and says whether it was a delta.
func (c *copyOf) take(t *testing.T, b []byte) (delta bool) {
	t.Helper()
	var a heard
	require.NoError(t, json.Unmarshal(b, &a), "%s", b)
	if a.Since == nil {
		c.features = map[int64]string{}
	} else {
		require.Equal(t, c.revision, *a.Since)
	}
	c.revision = a.Revision
	for _, id := range a.Removed {
		delete(c.features, id)
	}
	for _, f := range a.Features {
		var named struct{ ID int64 }
		require.NoError(t, json.Unmarshal(f, &named))
		c.features[named.ID] = string(f)
	}
	return a.Since != nil
}

// ask fetches what changed since the copy's revision; of an empty copy, the whole.
func (c *copyOf) ask(t *testing.T, s *layer.Snapshot, name string, coding layer.Coding) (delta bool) {
	t.Helper()
	selected, err := s.Since(auth.ScopeOf(auth.System()), name, c.revision)
	if c.features == nil {
		selected, err = s.Select(auth.ScopeOf(auth.System()), name, layer.Query{})
	}
	require.NoError(t, err)
	a, err := selected.Encode(t.Context(), coding)
	require.NoError(t, err)
	b, err := a.Bytes(t.Context())
	require.NoError(t, err)
	return c.take(t, unpack(t, coding, b))
}

// follow reads deltas while writers write, and in the end holds the same as the whole.
func (h *house) follow(t *testing.T, coding layer.Coding, stop <-chan struct{}) {
	t.Helper()
	var held copyOf
	var compact flatCopy
	for {
		now := h.model.Now()
		held.ask(t, now, layer.Parcels, coding)
		if b := answer(t, now, layer.Parcels, layer.Query{Stages: []int{0, 1}}, coding); len(b) == 0 {
			t.Error("a reader found nothing")
		}
		var whole copyOf
		whole.ask(t, now, layer.Parcels, coding)
		if !assert.Equal(t, whole, held) {
			return
		}
		var all flatCopy
		compact.ask(t, now, coding)
		all.ask(t, now, coding)
		if !assert.Equal(t, all, compact) {
			return
		}
		select {
		case <-stop:
			return
		default:
		}
	}
}

func (h *house) sameInEveryCoding(t *testing.T, s *layer.Snapshot, name string) {
	t.Helper()
	for _, coding := range []layer.Coding{layer.Gzip, layer.Zstd} {
		assert.Equal(t, encode(t, s, name), string(unpack(t, coding, answer(t, s, name, layer.Query{}, coding))), "%s %s", name, coding)
	}
}

// sameWithin compares boxes found by a tree that was carried along with those of one made anew.
func sameWithin(t *testing.T, r *rand.Rand, a, b *layer.Snapshot) {
	t.Helper()
	found := 0
	for range 50 {
		west, south := 120.61+0.04*r.Float64(), 30.61+0.008*r.Float64()
		box := orb.Bound{Min: orb.Point{west, south}, Max: orb.Point{west + 0.01*r.Float64(), south + 0.004*r.Float64()}}
		q := layer.Query{Bound: &box}
		want := answer(t, a, layer.Parcels, q, layer.Identity)
		require.Equal(t, string(want), string(answer(t, b, layer.Parcels, q, layer.Identity)))
		found += bytes.Count(want, []byte(`"Feature"`))
	}
	assert.Positive(t, found)
}

// many imports so many parcels, by codes from a number on; some may be there already.
func (h *house) many(t *testing.T, from, n int, label string) ledger.Outcome {
	t.Helper()
	return h.apply(t, ledger.ImportParcels{Digest: uuid.NewString(), Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i := from; i < from+n; i++ {
			d := ledger.ParcelDraft{Row: i + 1, Code: "M" + strconv.Itoa(i), Label: label + strconv.Itoa(i), Geometry: square(120.61+0.001*float64(i%100), 30.61+0.001*float64(i/100), 0.0005)}
			if err := each(d); err != nil {
				return err
			}
		}
		return nil
	}})
}

// TestJoinedChunksAreTheLayer: with several chunks, after edits, removals and
// imports, the packed answers are the layer, and whole and deltas together are too.
func TestJoinedChunksAreTheLayer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	r := rand.New(rand.NewPCG(11, 5))
	var held copyOf
	held.ask(t, h.model.Now(), layer.Parcels, layer.Gzip)
	batches := []uuid.UUID{h.many(t, 0, 1200, "厂房").BatchID}
	var parcels []int64
	told := 0
	for step := range 24 {
		var out ledger.Outcome
		switch {
		case step%6 == 5:
			out = h.apply(t, ledger.UndoBatch{Batch: batches[len(batches)-1], Reason: "误操作"})
			batches = batches[:max(1, len(batches)-1)]
		case step%3 == 2:
			out = h.many(t, r.IntN(1100), 1+r.IntN(400), "新房"+strconv.Itoa(step))
			batches = append(batches, out.BatchID)
		default:
			if parcels == nil {
				parcels = slices.Sorted(maps.Keys(held.features))
			}
			if len(parcels) > 0 {
				out = h.apply(t, ledger.ListCase{Parcels: parcels[r.IntN(len(parcels)):][:1], Unit: "honghe", Landless: true})
			}
		}
		now, err := h.model.At(t.Context(), out.Revision)
		require.NoError(t, err)
		coding := []layer.Coding{layer.Identity, layer.Gzip, layer.Zstd}[step%3]
		if held.ask(t, now, layer.Parcels, coding) {
			told++
		}
		var whole copyOf
		whole.ask(t, now, layer.Parcels, coding)
		require.Equal(t, whole, held, "step %d", step)
		h.sameInEveryCoding(t, now, layer.Parcels)
	}
	assert.Greater(t, told, 20, "all but a few answers were deltas")
	assert.Greater(t, len(held.features), 1000)
	fresh := h.fresh(t).Now()
	assert.Equal(t, encode(t, fresh, layer.Parcels), encode(t, h.model.Now(), layer.Parcels))
	sameWithin(t, r, fresh, h.model.Now())
}

// TestWhatIsTooLongAgoIsToldWhole: before the model began, of a revision to come, and of layers drawn when asked for.
func TestWhatIsTooLongAgoIsToldWhole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	out := h.many(t, 0, 5000, "厂房")
	now, err := h.model.At(t.Context(), out.Revision)
	require.NoError(t, err)
	for name, ask := range map[string]struct {
		layer string
		since int64
	}{
		"before so large an import": {layer.Parcels, 1},
		"a revision to come":        {layer.Parcels, out.Revision + 100},
		"recovered land":            {layer.Recovered, out.Revision},
	} {
		held := copyOf{revision: ask.since, features: map[int64]string{}}
		assert.False(t, held.ask(t, now, ask.layer, layer.Gzip), name)
	}
	held := copyOf{revision: out.Revision, features: map[int64]string{}}
	assert.True(t, held.ask(t, now, layer.Parcels, layer.Gzip), "nothing changed since")
	assert.Empty(t, held.features)
	selected, err := now.Since(auth.ScopeOf(auth.System()), layer.Parcels, out.Revision)
	require.NoError(t, err)
	assert.NotEqual(t, etag(t, now, layer.Parcels), selected.ETag(layer.Identity), "other bytes, another tag")
	_, err = now.Since(auth.Scope{}, layer.Parcels, out.Revision)
	require.Error(t, err, "a scope that sees nothing hears nothing")
}
