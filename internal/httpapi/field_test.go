package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheFieldHasAnAddressAWorkerAndAManifest(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, c := range []struct{ path, kind, body string }{
		{"/field", "text/html; charset=utf-8", "现场"},
		{"/field-worker.js", "text/javascript; charset=utf-8", "addEventListener"},
		{"/field.webmanifest", "application/manifest+json", `"/field"`},
	} {
		got := h.ask(t, request{path: c.path, as: nobody})
		assert.Equal(t, http.StatusOK, got.status, c.path)
		assert.Equal(t, c.kind, got.header.Get("Content-Type"), c.path)
		assert.Equal(t, "no-cache", got.header.Get("Cache-Control"), "a newer worker is found: %s", c.path)
		assert.Contains(t, string(got.body), c.body)
		assert.Contains(t, got.header.Get("Content-Security-Policy"), "worker-src 'self'")
	}
	assert.Equal(t, http.StatusNotFound, h.ask(t, request{path: "/fields", as: nobody}).status)
}

func TestThePhoneIsToldWhatToAskForAtAMilestone(t *testing.T) {
	t.Parallel()
	h := setup(t)
	var campaign struct {
		Tracks []struct {
			Milestones []struct {
				Code            string
				By              []string
				Observe, Photos []struct{ Code string }
			}
		}
	}
	h.ask(t, request{path: "/api/v1/campaign"}).into(t, &campaign)
	for _, m := range campaign.Tracks[0].Milestones {
		switch m.Code {
		case "vacated":
			assert.Len(t, m.Observe, 5, "两断三清")
			assert.Len(t, m.Photos, 4)
			assert.Empty(t, m.By)
		case "town_checked":
			assert.Equal(t, []string{"town"}, m.By)
		}
	}
}
