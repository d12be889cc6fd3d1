package app_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type liveChange struct {
	First, Revision int64
	Cases           []struct{ Label string }
}

// watch follows the live stream as a browser does: it resumes with
// Last-Event-ID after every break, and hands over each change.
func (p *program) watch(ctx context.Context, after int64, changes chan<- liveChange) {
	last := strconv.FormatInt(after, 10)
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url("/live"), http.NoBody)
		if err != nil {
			return
		}
		req.AddCookie(p.session)
		req.Header.Set("Last-Event-ID", last)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			time.Sleep(20 * time.Millisecond) // the browser's pause before it resumes
			continue
		}
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		var id string
		for lines.Scan() {
			if value, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				id = value
			}
			if value, ok := strings.CutPrefix(lines.Text(), "data: "); ok && id != "" {
				var c liveChange
				if json.Unmarshal([]byte(value), &c) != nil {
					break
				}
				last, id = id, ""
				changes <- c
			}
		}
		_ = resp.Body.Close()
	}
}

// TestLiveHasNoMissAndNoRepeatAcrossRestarts: the stream is followed while the
// server is stopped in order, killed, and PostgreSQL with it.
func TestLiveHasNoMissAndNoRepeatAcrossRestarts(t *testing.T) {
	t.Parallel()
	p := newWatched(t)
	p.start(t)
	start := p.revision(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	changes := make(chan liveChange, 1000)
	go p.watch(ctx, start, changes)

	const listings = 60
	for n := range listings {
		switch n {
		case 20:
			p.stop(t)
			p.start(t)
		case 40:
			p.kill(t)
			p.start(t)
		}
		_, err := p.change(ctx, map[string]any{"kind": "case.list", "unit": "honghe", "label": fmt.Sprintf("作坊%d号", n)})
		require.NoError(t, err)
	}
	next := start + 1
	for n := range listings {
		select {
		case c := <-changes:
			require.Equal(t, next, c.First, "no miss and no repeat")
			require.Equal(t, fmt.Sprintf("作坊%d号", n), c.Cases[0].Label)
			next = c.Revision + 1
		case <-time.After(30 * time.Second):
			t.Fatalf("change %d never arrived", n)
		}
	}
	require.Empty(t, changes)
}

func (p *program) revision(t *testing.T) int64 {
	t.Helper()
	status, body := p.ask(t.Context(), http.MethodGet, "/health", nil)
	require.Equal(t, http.StatusOK, status)
	var h struct{ Revision int64 }
	require.NoError(t, json.Unmarshal(body, &h))
	return h.Revision
}
