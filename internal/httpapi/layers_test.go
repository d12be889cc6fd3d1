package httpapi_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/postgres"
)

// TestCodingsOfALayer: the best of what is accepted, each with a tag of its own.
func TestCodingsOfALayer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.parcels(t, "凤桥村作坊1号")
	plain := h.get(t, "/layers/parcels")
	tags := map[string]string{}
	for accepted, want := range map[string]string{
		"": "", "identity": "", "gzip": "gzip", "gzip, deflate, br, zstd": "zstd", "GZIP;q=0.5": "gzip", "gzip;q=0": "", "zstd;q=0, gzip": "gzip",
		"zstd;q=0.3, gzip;q=0.8": "gzip", "gzip;q=many": "", "br": "",
	} {
		for range 2 { // made, and kept
			a := h.ask(t, request{path: "/api/v1/layers/parcels", header: map[string]string{"Accept-Encoding": accepted}})
			assert.Equal(t, want, a.header.Get("Content-Encoding"), accepted)
			assert.Equal(t, number(int64(len(a.body))), a.header.Get("Content-Length"), accepted)
			tags[want] = a.header.Get("ETag")
			if want == "" {
				assert.Equal(t, plain.body, a.body, accepted)
			}
			if want == "zstd" {
				z, err := zstd.NewReader(nil)
				require.NoError(t, err)
				unpacked, err := z.DecodeAll(a.body, nil)
				require.NoError(t, err)
				assert.Equal(t, string(plain.body), string(unpacked))
			}
			again := h.ask(t, request{path: "/api/v1/layers/parcels", header: map[string]string{"Accept-Encoding": accepted, "If-None-Match": tags[want]}})
			assert.Equal(t, http.StatusNotModified, again.status)
			assert.Empty(t, again.body)
		}
	}
	assert.NotEqual(t, tags["gzip"], tags["zstd"])
	assert.NotEqual(t, tags[""], tags["zstd"])
}

// TestWhatChangedInALayer: a reader that has a revision hears what changed, or is given the whole and told so.
func TestWhatChangedInALayer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, "凤桥村作坊1号")
	whole := h.get(t, "/layers/parcels")
	assert.NotContains(t, string(whole.body), `"since"`)
	var had featureCollection
	whole.into(t, &had)
	id := h.listed(t, ids...)
	out := h.change(t, "shen", milestone(id, "filed", "2020-03-25"))
	path := "/layers/parcels?since=" + number(had.Revision) + "&min_revision=" + number(out.Revision)
	told := h.get(t, path)
	assert.Contains(t, string(told.body), `"since":`+number(had.Revision)+`,"removed":[],`)
	var now featureCollection
	told.into(t, &now)
	assert.Equal(t, out.Revision, now.Revision)
	assert.Len(t, now.Features, len(ids))
	tag := told.header.Get("ETag")
	assert.NotEqual(t, tag, h.get(t, "/layers/parcels").header.Get("ETag"))
	assert.Equal(t, http.StatusNotModified, h.ask(t, request{path: "/api/v1" + path, header: map[string]string{"If-None-Match": tag}}).status)

	none := h.get(t, "/layers/parcels?since="+number(out.Revision))
	assert.Contains(t, string(none.body), `"features":[]`)
	for name, path := range map[string]string{"to come": "/layers/parcels?since=99999999", "told whole only": "/layers/units?since=" + number(out.Revision)} {
		a := h.get(t, path)
		assert.False(t, bytes.Contains(a.body, []byte(`"since"`)), name)
		assert.Contains(t, string(a.body), `"type":"Feature"`, name)
	}
}

// TestAnUnchangedLayerAsksTheDatabaseNothing: it is answered, also to a person, when the database is gone.
// A tool of this machine asks: who it is needs no session, which is looked up in the database.
func TestAnUnchangedLayerAsksTheDatabaseNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, "凤桥村作坊1号")
	h.listed(t, ids...)
	answers := func() (told []string) {
		for _, layer := range []string{"parcels", "units", "recovered", "blocks", "parks"} {
			for _, query := range []string{"", "?bbox=120.6,30.6,120.7,30.7", "?unit=honghe", "?since=3"} {
				a := h.ask(t, request{path: "/api/v1/layers/" + layer + query, as: nobody, header: map[string]string{"Accept-Encoding": "zstd", "Authorization": "Guatu-Tool " + toolKey}})
				require.Equal(t, http.StatusOK, a.status)
				told = append(told, string(a.body))
				again := h.ask(t, request{path: "/api/v1/layers/" + layer + query, as: nobody, header: map[string]string{"Accept-Encoding": "zstd", "Authorization": "Guatu-Tool " + toolKey, "If-None-Match": a.header.Get("ETag")}})
				require.Equal(t, http.StatusNotModified, again.status)
			}
		}
		return told
	}
	first := answers()
	store, ok := h.rooms.Catalogue.(*postgres.Store)
	require.True(t, ok)
	store.Close()
	require.NotEqual(t, http.StatusOK, h.ask(t, request{path: "/api/v1/health", as: nobody}).status, "it is gone indeed")
	assert.Equal(t, first, answers())
}

// TestFlatLayer is served as the layer is: packed, with a tag, whole or what changed.
func TestFlatLayer(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, "凤桥村作坊1号")
	const path = "/api/v1/layers/parcels/flat"
	whole := h.ask(t, request{path: path, as: "shen"})
	assert.Equal(t, "application/vnd.guatu.flat", whole.header.Get("Content-Type"))
	file, err := flat.Decode(whole.body)
	require.NoError(t, err)
	assert.Len(t, file.Features, len(ids))
	for _, coding := range []string{"", "gzip", "zstd"} {
		a := h.ask(t, request{path: path, as: "shen", header: map[string]string{"Accept-Encoding": coding}})
		assert.Equal(t, coding, a.header.Get("Content-Encoding"))
		again := h.ask(t, request{path: path, as: "shen", header: map[string]string{"Accept-Encoding": coding, "If-None-Match": a.header.Get("ETag")}})
		assert.Equal(t, http.StatusNotModified, again.status)
	}
	h.listed(t, ids...)
	delta, err := flat.Decode(h.get(t, "/layers/parcels/flat?since="+number(file.Revision)).body)
	require.NoError(t, err)
	assert.True(t, delta.Delta)
	assert.Equal(t, file.Revision, delta.Since)
	for query, status := range map[string]int{"?bbox=1,2,3,4": 400, "?unit=honghe": 400, "?since=x": 400, "?since=1&as_of=2020-03-01": 400} {
		assert.Equal(t, status, h.ask(t, request{path: path + query, as: "shen"}).status, query)
	}
	assert.Equal(t, http.StatusNotFound, h.ask(t, request{path: "/api/v1/layers/units/flat", as: "shen"}).status)
	assert.Equal(t, http.StatusUnauthorized, h.ask(t, request{path: path, as: nobody}).status)
}
