package auth_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/postgres"
)

// watched is the store of one of two servers: it counts what it is asked, and what it is told.
type watched struct {
	*postgres.Store

	asked, told atomic.Int64
	meanwhile   func() // after the database has answered
}

func (w *watched) Session(ctx context.Context, token []byte) (auth.Session, bool, error) {
	s, mustChange, err := w.Store.Session(ctx, token)
	w.asked.Add(1)
	if w.meanwhile != nil {
		w.meanwhile()
	}
	return s, mustChange, err
}

func (w *watched) WatchSessions(ctx context.Context, changed func()) error {
	return w.Store.WatchSessions(ctx, func() { changed(); w.told.Add(1) })
}

// hears waits until one more change was told.
func (w *watched) hears(t *testing.T, change func()) {
	t.Helper()
	before := w.told.Load()
	change()
	require.Eventually(t, func() bool { return w.told.Load() > before }, time.Minute, time.Millisecond)
}

// another is a second server on the database of the house, which follows what changes.
func (h *house) another(t *testing.T) (*auth.Gate, *watched) {
	t.Helper()
	w := &watched{Store: h.store}
	g, err := auth.NewGate(t.Context(), w, auth.UsualRules(), cheap, func() time.Time { return h.now })
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	w.hears(t, func() {
		go func() { defer close(ended); g.Follow(ctx, slog.New(slog.DiscardHandler)) }()
	})
	t.Cleanup(func() { stop(); <-ended })
	return g, w
}

func (h *house) signedIn(t *testing.T) string {
	t.Helper()
	s, err := h.SignIn(t.Context(), auth.Attempt{Login: "shen", Password: right, Address: here})
	require.NoError(t, err)
	return s.Token
}

func TestASessionIsRememberedForSeconds(t *testing.T) {
	t.Parallel()
	h := setup(t)
	token := h.signedIn(t)
	g, w := h.another(t)
	visit := func(quiet time.Duration) int64 {
		before := w.asked.Load()
		s, err := g.Visit(t.Context(), token, quiet)
		require.NoError(t, err)
		assert.Equal(t, "shen", s.Actor.ID)
		return w.asked.Load() - before
	}
	assert.EqualValues(t, 1, visit(0))
	assert.EqualValues(t, 0, visit(0))
	assert.EqualValues(t, 1, visit(auth.Background), "streams find out by asking")
	h.now = h.now.Add(4 * time.Second)
	assert.EqualValues(t, 0, visit(0))
	h.now = h.now.Add(time.Second)
	assert.EqualValues(t, 1, visit(0))

	h.now = h.now.Add(2 * time.Minute)
	assert.EqualValues(t, 1, visit(0), "and notes the activity")
	assert.EqualValues(t, 0, visit(0))
	h.now = h.now.Add(29 * time.Minute)
	assert.EqualValues(t, 1, visit(time.Minute), "the activity of before is remembered too")
}

func TestWhoHearsNothingRemembersNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	token := h.signedIn(t)
	w := &watched{Store: h.store}
	g, err := auth.NewGate(t.Context(), w, auth.UsualRules(), cheap, func() time.Time { return h.now })
	require.NoError(t, err)
	for n := range int64(3) {
		_, err := g.Visit(t.Context(), token, 0)
		require.NoError(t, err)
		assert.Equal(t, n+1, w.asked.Load())
	}
}

// TestWhatEndsASessionIsForgottenEverywhere: the clock of the gates stands, so nothing is forgotten by its age.
func TestWhatEndsASessionIsForgottenEverywhere(t *testing.T) {
	t.Parallel()
	h := setup(t)
	g, _ := h.another(t)
	for what, change := range map[string]func(token string) error{
		"signed out": func(token string) error { return h.SignOut(t.Context(), token, false) },
		"everywhere": func(token string) error { return h.SignOut(t.Context(), token, true) },
		"disabled":   func(string) error { return h.SetDisabled(t.Context(), "shen", true) },
		"reset":      func(string) error { return h.Reset(t.Context(), "shen", right+"!") },
	} {
		require.NoError(t, h.SetDisabled(t.Context(), "shen", false))
		require.NoError(t, h.Reset(t.Context(), "shen", right))
		token := h.signedIn(t)
		_, err := g.Visit(t.Context(), token, 0)
		require.NoError(t, err, what)
		require.NoError(t, change(token), what)
		require.Eventually(t, func() bool {
			_, err := g.Visit(t.Context(), token, 0)
			return code(err) == "not_signed_in"
		}, time.Minute, time.Millisecond, what)
	}
}

func TestAMovedPersonIsAskedForAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	token := h.signedIn(t)
	g, w := h.another(t)
	s, err := g.Visit(t.Context(), token, 0)
	require.NoError(t, err)
	assert.Equal(t, "field", s.Actor.Role)
	w.hears(t, func() { h.db.Exec(t, "postgres", `UPDATE guatu.person SET role = 'viewer' WHERE code = 'shen'`) })
	s, err = g.Visit(t.Context(), token, 0)
	require.NoError(t, err)
	assert.Equal(t, "viewer", s.Actor.Role)
}

// TestWhatWasReadBeforeAChangeIsNotKept: the session ends between the database's answer and its being remembered.
func TestWhatWasReadBeforeAChangeIsNotKept(t *testing.T) {
	t.Parallel()
	h := setup(t)
	token := h.signedIn(t)
	g, w := h.another(t)
	w.meanwhile = func() {
		w.hears(t, func() { require.NoError(t, h.SignOut(t.Context(), token, false)) })
	}
	_, err := g.Visit(t.Context(), token, 0)
	require.NoError(t, err, "it was asked before")
	w.meanwhile = nil
	_, err = g.Visit(t.Context(), token, 0)
	assert.Equal(t, "not_signed_in", code(err))
}

// TestAServerThatDoesItItselfForgetsAtOnce, before any notice comes.
func TestAServerThatDoesItItselfForgetsAtOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	g, _ := h.another(t)
	for range 20 {
		token := h.signedIn(t)
		_, err := g.Visit(t.Context(), token, 0)
		require.NoError(t, err)
		require.NoError(t, g.SignOut(t.Context(), token, false))
		_, err = g.Visit(t.Context(), token, 0)
		require.Equal(t, "not_signed_in", code(err))
	}
}
