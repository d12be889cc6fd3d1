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

// check compares; outdated says that the hash was made at another cost. One of less than today's is made up for: how long it took
// tells nobody whose password is from before the cost was raised, nor, beside the decoy's, that there is such an account.
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
	if rest := h.missing(*params); rest.Iterations > 0 {
		if _, err := argon2id.CreateHash(password, &rest); err != nil {
			return false, false, fmt.Errorf("make up for a cheap hash: %w", err)
		}
	}
	return same, *params != h.params, nil
}

// missing is the hashing that those parameters fall short of today's by; without iterations where they do not. The work of argon2id is
// memory times iterations; it never takes more memory than today's.
func (h *hasher) missing(than argon2id.Params) argon2id.Params {
	today, done := workOf(h.params), workOf(than)
	if done >= today {
		return argon2id.Params{}
	}
	rest := h.params
	passes := (today - done + uint64(h.params.Memory) - 1) / uint64(h.params.Memory)
	rest.Iterations, rest.Memory = uint32(passes), uint32((today-done)/passes) //nolint:gosec // at most today's, which are such numbers
	return rest
}

func workOf(p argon2id.Params) uint64 { return uint64(p.Memory) * uint64(p.Iterations) }
