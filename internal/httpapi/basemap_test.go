package httpapi_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/basemap"
)

// upstream answers in place of 天地图.
type upstream func(r *http.Request) *http.Response

func (u upstream) RoundTrip(r *http.Request) (*http.Response, error) { return u(r), nil }

func (h *house) withBasemap(t *testing.T, answer upstream) *house {
	t.Helper()
	var err error
	h.rooms.Basemap, err = basemap.New(basemap.Config{
		Key: secret, Folder: t.TempDir(), Log: slog.New(slog.NewTextHandler(h.log, nil)), Now: time.Now, Client: &http.Client{Transport: answer},
	})
	require.NoError(t, err)
	return serve(t, h.rooms, h.log)
}

func sends(status int, content string) upstream {
	return func(*http.Request) *http.Response {
		return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{}, Body: io.NopCloser(strings.NewReader(content))}
	}
}

const secret = "k3y-of-the-server"

const png = "\x89PNG\r\n\x1a\nthe rest"

func TestWithoutAKeyThereIsNoBaseMap(t *testing.T) {
	t.Parallel()
	h := setup(t)
	var offered struct{ Layers []string }
	h.get(t, "/basemap").into(t, &offered)
	assert.Empty(t, offered.Layers)
	answer := h.get(t, "/basemap/vec_w/14/13687/6724")
	assert.Equal(t, http.StatusNotFound, answer.status)
	assert.Contains(t, string(answer.body), "no_basemap")
}

func TestATileIsPassedOnAndTheKeyStays(t *testing.T) {
	t.Parallel()
	h := setup(t).withBasemap(t, sends(http.StatusOK, png))
	var offered struct{ Layers []string }
	h.get(t, "/basemap").into(t, &offered)
	assert.Equal(t, []string{"vec_w", "cva_w", "img_w", "cia_w"}, offered.Layers)
	for _, layer := range offered.Layers {
		a := h.get(t, "/basemap/"+layer+"/14/13687/6724")
		assert.Equal(t, http.StatusOK, a.status)
		assert.Equal(t, "image/png", a.header.Get("Content-Type"))
		assert.Equal(t, png, string(a.body))
		assert.NotContains(t, fmt.Sprint(a.header), secret)
	}
	for _, path := range []string{"/campaign", "/basemap", "/health"} {
		assert.NotContains(t, string(h.get(t, path).body), secret)
	}
	for path, want := range map[string]int{
		"/basemap/vec_c/14/1/1": http.StatusNotFound, "/basemap/vec_w/14/x/1": http.StatusBadRequest, "/basemap/vec_w/14/-1/1": http.StatusBadRequest,
		"/basemap/vec_w/19/1/1": http.StatusBadRequest, "/basemap/vec_w/3/8/0": http.StatusBadRequest, "/basemap/vec_w/14/1": http.StatusNotFound,
	} {
		assert.Equal(t, want, h.get(t, path).status, path)
	}
}

func TestABaseMapThatIsAwayIsSaidOnce(t *testing.T) {
	t.Parallel()
	h := setup(t).withBasemap(t, sends(http.StatusForbidden, "非法Key"))
	for range 3 {
		a := h.get(t, "/basemap/vec_w/14/13687/6724")
		assert.Equal(t, http.StatusServiceUnavailable, a.status)
		assert.Empty(t, a.body)
	}
	assert.Equal(t, 1, strings.Count(h.log.String(), "level="), h.log.String())
	assert.NotContains(t, h.log.String(), secret)
}
