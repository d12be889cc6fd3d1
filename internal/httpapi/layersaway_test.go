package httpapi_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// TestGeometriesThatAreAwayAreSentAlike: a server without memory for geometries answers what one with memory does, to
// everybody, with the same tag, and 304 to who has it.
func TestGeometriesThatAreAwayAreSentAlike(t *testing.T) {
	t.Parallel()
	var store *postgres.Store
	rooms, log := openWith(t, afternoon, func(s *postgres.Store, book *ledger.Ledger) {
		store = s
		furnish(t, book)
	})
	h := serve(t, rooms, log)
	h.listed(t, h.parcels(t, "凤桥村作坊1号")[0])
	pages, err := chronicle.Open(t.Context(), store)
	require.NoError(t, err)
	small, err := layer.NewModelWithin(t.Context(), store, pages, block.NewDesk(store), 0)
	require.NoError(t, err)
	rooms.Layers = small
	_, err = h.rooms.Layers.At(t.Context(), small.Now().Revision)
	require.NoError(t, err)
	away := serve(t, rooms, log)
	away.cookies = h.cookies // sessions are the database's
	for _, path := range []string{"/layers/parcels", "/layers/parcels?bbox=120,30,121,31", "/layers/parcels/flat"} {
		for _, coding := range []string{"", "gzip"} {
			ask := request{path: "/api/v1" + path, header: map[string]string{"Accept-Encoding": coding}}
			want, got := h.ask(t, ask), away.ask(t, ask)
			require.Equal(t, http.StatusOK, got.status, path)
			assert.Equal(t, want.header.Get("ETag"), got.header.Get("ETag"), path)
			assert.Equal(t, string(unzipped(t, coding, want.body)), string(unzipped(t, coding, got.body)), "%s %s", path, coding)
			ask.header["If-None-Match"] = got.header.Get("ETag")
			assert.Equal(t, http.StatusNotModified, away.ask(t, ask).status)
		}
	}
}

func unzipped(t *testing.T, coding string, body []byte) []byte {
	t.Helper()
	if coding == "" {
		return body
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	require.NoError(t, err)
	plain, err := io.ReadAll(z)
	require.NoError(t, err)
	return plain
}
