package auth

import (
	"context"
	"fmt"

	"github.com/alexedwards/argon2id"
)

// Cost is what hashing a password takes.
type Cost struct {
	MemoryKiB   uint32
	Iterations  uint32
	Parallelism uint8
}

// UsualCost is the second choice of RFC 9106 with half its threads: about a tenth of a second.
func UsualCost() Cost { return Cost{MemoryKiB: 64 << 10, Iterations: 3, Parallelism: 2} }

const (
	saltBytes = 16
	keyBytes  = 32
	// hashers at work at once: attempts to sign in cannot take the server's memory.
	hashers = 2
)

// hasher hashes and compares passwords, few at a time.
type hasher struct {
	params argon2id.Params
	places chan struct{}
}

func newHasher(c Cost) *hasher {
	return &hasher{
		params: argon2id.Params{Memory: c.MemoryKiB, Iterations: c.Iterations, Parallelism: c.Parallelism, SaltLength: saltBytes, KeyLength: keyBytes},
		places: make(chan struct{}, hashers),
	}
}

// enter waits for a place; the answer gives it back.
func (h *hasher) enter(ctx context.Context) (func(), error) {
	select {
	case h.places <- struct{}{}:
		return func() { <-h.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	return argon2id.CreateHash(password, &h.params)
}

// check compares; outdated says that the hash was made at another cost.
func (h *hasher) check(ctx context.Context, password, hash string) (same, outdated bool, err error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return false, false, err
	}
	defer leave()
	same, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, fmt.Errorf("stored password: %w", err)
	}
	return same, *params != h.params, nil
}
