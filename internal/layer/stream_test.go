package layer_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
)

// within is the layers read anew with so many bytes of memory for geometries.
func (h *house) within(t *testing.T, most int64) *layer.Model {
	t.Helper()
	model, err := layer.NewModelWithin(t.Context(), h.store, h.pages, block.NewDesk(h.store), most)
	require.NoError(t, err)
	return model
}

// question is something a reader may ask of the parcels.
type question struct {
	name   string
	query  layer.Query
	since  int64
	flat   bool
	coding layer.Coding
}

func questions(since int64) (all []question) {
	box := orb.Bound{Min: orb.Point{120.61, 30.61}, Max: orb.Point{120.64, 30.614}}
	for _, coding := range []layer.Coding{layer.Identity, layer.Gzip, layer.Zstd} {
		all = append(all,
			question{name: "whole", coding: coding}, question{name: "box", query: layer.Query{Bound: &box}, coding: coding},
			question{name: "stage and unit", query: layer.Query{Unit: "honghe", Stages: []int{1}}, coding: coding},
			question{name: "since", since: since, coding: coding}, question{name: "flat", flat: true, coding: coding},
			question{name: "flat since", since: since, flat: true, coding: coding},
		)
	}
	return all
}

func (q question) ask(t *testing.T, s *layer.Snapshot, scope auth.Scope) layer.Answer {
	t.Helper()
	selected, err := s.Select(scope, layer.Parcels, q.query)
	if q.since > 0 {
		selected, err = s.Since(scope, layer.Parcels, q.since)
	}
	require.NoError(t, err)
	if q.flat {
		selected, err = selected.Flat()
		require.NoError(t, err)
	}
	a, err := selected.Encode(t.Context(), q.coding)
	require.NoError(t, err)
	return a
}

// TestGeometriesBeyondTheMemoryAreTheSame: with memory for none or some of the geometries every answer has
// the bytes that it has from memory, unpacked: for everybody, in every form and coding, now, as a delta after an edit, and of an earlier revision.
func TestGeometriesBeyondTheMemoryAreTheSame(t *testing.T) {
	t.Parallel()
	h := setup(t)
	out := h.many(t, 0, 700, "厂房")
	h.apply(t, ledger.ListCase{Parcels: h.someParcel(t, out.Revision), Unit: "honghe", Label: "宏联织造厂", Landless: true})
	renamed := h.many(t, 100, 60, "新房")
	_, err := h.model.At(t.Context(), renamed.Revision)
	require.NoError(t, err)
	small := map[string]*layer.Model{"none": h.within(t, 0), "some": h.within(t, 100_000)}
	listed := h.apply(t, ledger.ListCase{Parcels: h.someParcel(t, renamed.Revision), Unit: "honghe", Label: "二厂", Landless: true})
	whole, err := h.model.At(t.Context(), listed.Revision)
	require.NoError(t, err)
	scopes := map[string]auth.Scope{
		"district": auth.ScopeOf(shen), "own unit": auth.ScopeOf(auth.Actor{ID: "lu", Role: "field", Unit: "honghe"}),
		"other unit": auth.ScopeOf(auth.Actor{ID: "xu", Role: "field", Unit: "wangdian"}), "wall": auth.ScopeOf(auth.Actor{ID: "w", Role: auth.RoleWall}),
	}
	for memory, model := range small {
		now, err := model.Apply(t.Context(), layer.Change{Revision: listed.Revision, Parcels: h.changed(t, listed)})
		require.NoError(t, err)
		before, err := model.AsOf(t.Context(), h.pages.At(auth.Everything(), out.Revision, ""))
		require.NoError(t, err)
		then, err := h.model.AsOf(t.Context(), h.pages.At(auth.Everything(), out.Revision, ""))
		require.NoError(t, err)
		for who, scope := range scopes {
			for _, q := range questions(renamed.Revision) {
				a := q.ask(t, now, scope)
				if memory == "none" {
					require.Negative(t, a.Length, "%s is read while it is sent", q.name)
				}
				sameBytes(t, q, q.ask(t, whole, scope), a, "%s: %s, %s", memory, who, q.name)
				if q.since == 0 {
					sameBytes(t, q, q.ask(t, then, scope), q.ask(t, before, scope), "earlier, %s: %s, %s", memory, who, q.name)
				}
			}
		}
		texts, err := model.Geometries(t.Context(), h.shapes())
		require.NoError(t, err)
		want, err := h.model.Geometries(t.Context(), h.shapes())
		require.NoError(t, err)
		assert.Equal(t, want, texts, "one geometry by its name")
	}
}

func sameBytes(t *testing.T, q question, want, got layer.Answer, why string, args ...any) {
	t.Helper()
	a, err := want.Bytes(t.Context())
	require.NoError(t, err)
	b, err := got.Bytes(t.Context())
	require.NoError(t, err)
	a, b = unpack(t, q.coding, a), unpack(t, q.coding, b)
	if q.flat { // blocks may be cut elsewhere
		f, err := flat.Decode(a)
		require.NoError(t, err)
		g, err := flat.Decode(b)
		require.NoError(t, err)
		require.Equalf(t, f, g, why, args...)
		return
	}
	require.Truef(t, bytes.Equal(a, b), why, args...)
}

func (h *house) someParcel(t *testing.T, revision int64) []int64 {
	t.Helper()
	now, err := h.model.At(t.Context(), revision)
	require.NoError(t, err)
	ids := parcelIDs(t, now)
	return ids[len(ids)/2:][:1]
}

func (h *house) changed(t *testing.T, out ledger.Outcome) []int64 {
	t.Helper()
	before := h.pages.At(auth.Everything(), out.Revision-1, "")
	now := h.pages.At(auth.Everything(), out.Revision, "")
	var ids []int64
	for _, p := range now.Parcels() {
		if len(now.OnParcel(p.ID)) != len(before.OnParcel(p.ID)) {
			ids = append(ids, p.ID)
		}
	}
	require.NotEmpty(t, ids)
	return ids
}

func (h *house) shapes() (names []string) {
	for _, p := range h.pages.At(auth.Everything(), h.pages.Revision(), "").Parcels()[:3] {
		names = append(names, p.Shape)
	}
	return names
}

// cutOff is a client that goes away after so many bytes.
type cutOff struct {
	left int
	gone context.CancelFunc
}

var errGone = errors.New("gone")

func (c *cutOff) Write(b []byte) (int, error) {
	if c.left -= len(b); c.left < 0 {
		c.gone()
		return 0, errGone
	}
	return len(b), nil
}

// TestClientsThatGoAwayCostNoConnection: whenever they leave, the answer stops, and the database's
// sessions are those of before.
func TestClientsThatGoAwayCostNoConnection(t *testing.T) {
	t.Parallel()
	h := setup(t)
	out := h.many(t, 0, 900, "厂房")
	_, err := h.model.At(t.Context(), out.Revision)
	require.NoError(t, err)
	now := h.within(t, 0).Now()
	sessions := func() []int64 {
		return h.db.Numbers(t, "postgres", `SELECT array_agg(pid::bigint ORDER BY pid) FROM pg_stat_activity WHERE usename = 'guatu_reader' AND datname = current_database()`)
	}
	q := question{coding: layer.Gzip}
	length, err := q.ask(t, now, auth.ScopeOf(shen)).Send(t.Context(), io.Discard)
	require.NoError(t, err)
	before := sessions()
	r := rand.New(rand.NewPCG(4, 4))
	for range 60 {
		ctx, gone := context.WithCancel(t.Context())
		_, err := q.ask(t, now, auth.ScopeOf(shen)).Send(ctx, &cutOff{int(r.Int64N(length)), gone})
		require.ErrorIs(t, err, errGone)
		_, err = q.ask(t, now, auth.ScopeOf(shen)).Send(ctx, io.Discard)
		require.ErrorIs(t, err, context.Canceled, "who is gone already gets nothing read")
	}
	assert.Subset(t, sessions(), before)
	assert.Len(t, sessions(), len(before), "no connection was lost or opened anew")
}
