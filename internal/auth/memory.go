package auth

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"sync"
	"time"
)

const (
	// recallTime is how long a session that was found is taken for granted, at the most.
	recallTime = 5 * time.Second
	// mostRemembered bounds the memory; beyond it everything is forgotten, and asked for again.
	mostRemembered = 10_000
	// retryWatch is how long to wait before listening again.
	retryWatch = time.Second
)

// memory is a store that remembers the sessions it has found: a page asks for many things at once, and each asks who it is. It remembers
// only while it hears of what ends or changes sessions, and forgets all of them at each change, here or told by the database: changes are
// rare, and what is forgotten costs one query.
type memory struct {
	Store

	clock func() time.Time

	mu       sync.RWMutex
	hears    bool
	forgot   int // times: what was read before the last one is not kept
	sessions map[[sha256.Size]byte]remembered
}

type remembered struct {
	session    Session
	mustChange bool
	until      time.Time
}

func newMemory(store Store, clock func() time.Time) *memory {
	return &memory{Store: store, clock: clock, sessions: map[[sha256.Size]byte]remembered{}}
}

// recall gives a session that was found a moment ago.
func (m *memory) recall(token []byte) (s Session, mustChange, known bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	r, known := m.sessions[[sha256.Size]byte(token)]
	if !known || !m.clock().Before(r.until) {
		return Session{}, false, false
	}
	return r.session, r.mustChange, true
}

// Session asks the store, and remembers what it found unless something changed meanwhile.
func (m *memory) Session(ctx context.Context, token []byte) (Session, bool, error) {
	m.mu.RLock()
	before := m.forgot
	m.mu.RUnlock()
	s, mustChange, err := m.Store.Session(ctx, token)
	if err != nil {
		return s, mustChange, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.hears && m.forgot == before {
		if len(m.sessions) >= mostRemembered {
			clear(m.sessions)
		}
		m.sessions[[sha256.Size]byte(token)] = remembered{s, mustChange, m.clock().Add(recallTime)}
	}
	return s, mustChange, nil
}

// TouchSession notes activity, also in what is remembered.
func (m *memory) TouchSession(ctx context.Context, token []byte, at time.Time) error {
	if err := m.Store.TouchSession(ctx, token, at); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, known := m.sessions[[sha256.Size]byte(token)]; known && at.After(r.session.ActiveAt) {
		r.session.ActiveAt = at
		m.sessions[[sha256.Size]byte(token)] = r
	}
	return nil
}

func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.forgot++
	clear(m.sessions)
}

// attend says whether changes are heard of from now on; what there was is forgotten.
func (m *memory) attend(hears bool) {
	m.mu.Lock()
	m.hears = hears
	m.mu.Unlock()
	m.forget()
}

// What ends or changes sessions here is forgotten before it is answered.

func (m *memory) OpenSession(ctx context.Context, token, replaced []byte, s Session, stale time.Time) error {
	defer m.forget()
	return m.Store.OpenSession(ctx, token, replaced, s, stale)
}

func (m *memory) CloseSession(ctx context.Context, token []byte) error {
	defer m.forget()
	return m.Store.CloseSession(ctx, token)
}

func (m *memory) CloseSessions(ctx context.Context, login string) error {
	defer m.forget()
	return m.Store.CloseSessions(ctx, login)
}

func (m *memory) CloseNamed(ctx context.Context, login, name string) (bool, error) {
	defer m.forget()
	return m.Store.CloseNamed(ctx, login, name)
}

func (m *memory) SetPassword(ctx context.Context, by string, a Account) error {
	defer m.forget()
	return m.Store.SetPassword(ctx, by, a)
}

func (m *memory) SetDisabled(ctx context.Context, by, login string, disabled bool) error {
	defer m.forget()
	return m.Store.SetDisabled(ctx, by, login, disabled)
}

// Follow hears of what changes sessions until ctx ends, so that they can be remembered. While the database cannot be heard, each request asks it.
func (g *Gate) Follow(ctx context.Context, log *slog.Logger) {
	m := g.store
	for ctx.Err() == nil {
		err := m.WatchSessions(ctx, func() { m.attend(true) })
		m.attend(false)
		if err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "sessions are not remembered", slog.Any("error", err))
			select {
			case <-time.After(retryWatch):
			case <-ctx.Done():
			}
		}
	}
}
