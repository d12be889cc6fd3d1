package httpapi_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

// replace puts features into a reference layer.
func (h *house) replace(t *testing.T, layer string, features ...ledger.ReferenceDraft) ledger.Outcome {
	t.Helper()
	change := ledger.ReplaceReference{Layer: layer, Whole: true, Features: features}
	out, err := h.rooms.Ledger.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{change}})
	require.NoError(t, err)
	h.seen(t, out.Revision)
	return out
}

func river(code, name string) ledger.ReferenceDraft {
	return ledger.ReferenceDraft{Code: code, Name: name, Class: "river", Geometry: orb.LineString{{120.6, 30.8}, {120.7, 30.81}}, Attributes: map[string]string{"说明": "示意"}}
}

func TestAReferenceLayerIsServedLikeTheOthers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	assert.Equal(t, http.StatusNotFound, h.get(t, "/layers/water").status, "nobody has made it yet")
	lake := ledger.ReferenceDraft{Code: "l1", Name: "麟湖", Class: "lake", Geometry: square(120.8, 30.83, 0.01)}
	h.replace(t, "water", river("w1", "新塍塘"), lake)
	roads := h.replace(t, "roads", ledger.ReferenceDraft{Code: "S12", Name: "申嘉湖高速", Class: "highway", Geometry: orb.MultiLineString{{{120.6, 30.9}, {120.8, 30.9}}}})

	a := h.get(t, "/layers/water")
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	assert.Equal(t, "application/geo+json", a.header.Get("Content-Type"))
	assert.Contains(t, a.header.Get("Content-Crs"), "4490")
	var fc struct {
		Revision int64
		Features []struct {
			Properties struct {
				Code, Label, Class string
				Attributes         map[string]string
			}
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	a.into(t, &fc)
	require.Len(t, fc.Features, 2)
	assert.Equal(t, "新塍塘", fc.Features[0].Properties.Label)
	assert.Equal(t, "示意", fc.Features[0].Properties.Attributes["说明"])
	assert.Equal(t, "LineString", fc.Features[0].Geometry.Type)
	assert.JSONEq(t, `[[120.6,30.8],[120.7,30.81]]`, string(fc.Features[0].Geometry.Coordinates), "longitude first")
	assert.Equal(t, "MultiPolygon", fc.Features[1].Geometry.Type)
	assert.NotContains(t, string(h.get(t, "/layers/water?bbox=120.79,30.8,120.82,30.9").body), "新塍塘")

	// Its tag changes with it and with nothing else.
	etag := a.header.Get("ETag")
	unchanged := func() int {
		return h.ask(t, request{path: "/api/v1/layers/water", header: map[string]string{"If-None-Match": etag}}).status
	}
	h.parcels(t, "凤桥村作坊1号")
	h.replace(t, "roads")
	assert.Equal(t, http.StatusNotModified, unchanged())
	parcels := h.get(t, "/layers/parcels").header.Get("ETag")
	out := h.replace(t, "water", river("w1", "新塍塘"))
	assert.Equal(t, http.StatusOK, unchanged())
	assert.Equal(t, parcels, h.get(t, "/layers/parcels").header.Get("ETag"))

	var list []struct {
		Code      string
		Reference bool
		Revision  int64
		Features  int
		Classes   map[string]int
	}
	h.get(t, "/layers?min_revision="+number(out.Revision)).into(t, &list)
	require.Len(t, list, 8)
	assert.Equal(t, "parcels", list[0].Code)
	assert.False(t, list[0].Reference)
	assert.Equal(t, 1, list[0].Features)
	assert.Equal(t, "roads", list[6].Code)
	assert.Zero(t, list[6].Features, "an emptied layer is listed as empty")
	assert.Greater(t, list[6].Revision, roads.Revision)
	assert.Equal(t, "water", list[7].Code)
	assert.True(t, list[7].Reference)
	assert.Equal(t, out.Revision, list[7].Revision)
	assert.Equal(t, map[string]int{"river": 1}, list[7].Classes)
}

func TestTheLiveStreamNamesAReferenceLayerThatChanged(t *testing.T) {
	t.Parallel()
	h := setup(t)
	s := h.stream(t, "")
	require.Equal(t, "hello", s.next(t).kind)
	h.replace(t, "water", river("w1", "新塍塘"))
	e := s.next(t)
	var c struct {
		Kinds, Reload  []string
		Parcels, Cases []json.RawMessage
	}
	require.NoError(t, json.Unmarshal([]byte(e.data), &c))
	assert.Equal(t, []string{"reference.replace"}, c.Kinds)
	assert.Equal(t, []string{"water"}, c.Reload)
	assert.Empty(t, c.Parcels)
	assert.Empty(t, c.Cases)
}
