package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

type outcome struct {
	Outcome  string
	Revision int64
	Entries  []struct {
		ID      int64 `json:"id"`
		NounID  int64 `json:"noun_id"`
		Version int64
	}
}

// change repeats one operation until it is answered, as a phone does.
func (p *program) change(ctx context.Context, change map[string]any) (outcome, error) {
	op := map[string]any{"op_id": uuid.New(), "device": "kill test", "changes": []any{change}}
	for ctx.Err() == nil {
		status, body := p.ask(ctx, http.MethodPost, "/changes", op)
		switch status {
		case http.StatusOK:
			var o outcome
			err := json.Unmarshal(body, &o)
			return o, err
		case 0, http.StatusServiceUnavailable, http.StatusInternalServerError:
			time.Sleep(20 * time.Millisecond) // not a wait for something: the pace of a phone that retries
		default:
			return outcome{}, fmt.Errorf("%d: %s", status, body)
		}
	}
	return outcome{}, ctx.Err()
}

// TestKilledInTheMiddle kills the server or PostgreSQL in the middle of 500
// changes; every acknowledged change must be there, none twice, and verify clean.
func TestKilledInTheMiddle(t *testing.T) {
	leftOutByShort(t)
	t.Parallel()
	rounds := 2                         // one kills the server, one PostgreSQL
	if os.Getenv("GUATU_PROOF") != "" { // scripts/proof.sh
		rounds = 20
	}
	p := newWatched(t)
	p.start(t)
	seen := map[int64]bool{}
	for round := range rounds {
		revisions := p.changesAcrossAKill(t, round%2 == 0)
		for _, r := range revisions {
			require.False(t, seen[r], "revision %d was given twice", r)
			seen[r] = true
		}
		out, code := p.run("verify")
		require.Zero(t, code, out)
		p.countLabels(t, fmt.Sprintf("第%d轮", round), len(revisions)/2)
		t.Logf("round %d: %d changes acknowledged, each there once, verify clean", round+1, len(revisions))
	}
	p.stop(t)
	out, code := p.run("verify")
	require.Zero(t, code, "after an orderly stop: %s", out)
}

const (
	listings = 250 // each is marked filed as well: 500 changes
	clients  = 8
)

// changesAcrossAKill makes 500 changes and kills once on the way; it gives their revisions.
func (p *program) changesAcrossAKill(t *testing.T, server bool) []int64 {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	round := len(p.rounds(t))
	killAt := int64(50 + rand.IntN(400))
	var answered, next atomic.Int64
	var mu sync.Mutex
	var revisions []int64
	reached := make(chan struct{})
	acknowledge := func(o outcome, err error) bool {
		if err != nil || len(o.Entries) != 1 {
			t.Errorf("%v: %+v", err, o)
			return false
		}
		mu.Lock()
		revisions = append(revisions, o.Revision)
		mu.Unlock()
		if answered.Add(1) == killAt {
			close(reached)
		}
		return true
	}
	var wg sync.WaitGroup
	for range clients {
		wg.Go(func() {
			for n := next.Add(1); n <= listings; n = next.Add(1) {
				listed, err := p.change(ctx, map[string]any{"kind": "case.list", "unit": "honghe", "label": fmt.Sprintf("第%d轮作坊%d号", round, n)})
				if !acknowledge(listed, err) {
					return
				}
				if !acknowledge(p.change(ctx, map[string]any{"kind": "case.milestone", "case_id": listed.Entries[0].NounID, "milestone": "filed"})) {
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	select {
	case <-reached:
	case <-done:
		require.FailNow(t, "the clients stopped before the kill")
	}
	if server {
		p.kill(t)
		p.start(t)
	} else {
		require.NoError(t, syscall.Kill(p.postmaster(t), syscall.SIGKILL))
	}
	wg.Wait()
	require.Len(t, revisions, 2*listings)
	return revisions
}

// rounds are the labels of the rounds so far, read from the first case of each.
func (p *program) rounds(t *testing.T) []string {
	t.Helper()
	var found []string
	for n := 0; ; n++ {
		if p.total(t, fmt.Sprintf("第%d轮", n)) == 0 {
			return found
		}
		found = append(found, fmt.Sprintf("第%d轮", n))
	}
}

func (p *program) total(t *testing.T, q string) int {
	t.Helper()
	status, body := p.ask(t.Context(), http.MethodGet, "/cases?limit=1&q="+q, nil)
	require.Equal(t, http.StatusOK, status, string(body))
	var page struct{ Total int }
	require.NoError(t, json.Unmarshal(body, &page))
	return page.Total
}

func (p *program) countLabels(t *testing.T, q string, want int) {
	t.Helper()
	require.Equal(t, want, p.total(t, q+"作坊"), "each listing is there once")
}
