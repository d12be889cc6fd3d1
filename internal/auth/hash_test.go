package auth

import (
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestEveryAttemptIsTheSameWork: of an account, of one whose password is from before the cost was raised, and of none.
func TestEveryAttemptIsTheSameWork(t *testing.T) {
	t.Parallel()
	today := Cost{MemoryKiB: 256, Iterations: 3, Parallelism: 2}
	g, err := NewGate(t.Context(), nil, Rules{}, today, nil)
	require.NoError(t, err)
	of := func(hash string) argon2id.Params {
		params, _, _, err := argon2id.DecodeHash(hash)
		require.NoError(t, err)
		return *params
	}
	known, err := g.hasher.hash(t.Context(), "Chuangye-2020")
	require.NoError(t, err)
	assert.Equal(t, of(known), of(g.decoy), "salt and key too")
	assert.Zero(t, g.hasher.missing(of(g.decoy)))

	for _, earlier := range []Cost{{256, 1, 2}, {256, 2, 2}, {64, 3, 1}, {100, 2, 1}, {8, 1, 1}, {255, 3, 2}} {
		old, err := newHasher(earlier).hash(t.Context(), "Chuangye-2020")
		require.NoError(t, err)
		rest := g.hasher.missing(of(old))
		assert.InDelta(t, 3*256, workOf(of(old))+workOf(rest), 3, "%v and then %v", earlier, rest)
		assert.LessOrEqual(t, rest.Memory, today.MemoryKiB)
		same, outdated, err := g.hasher.check(t.Context(), "Chuangye-2020", old)
		require.NoError(t, err)
		assert.True(t, same && outdated)
	}
}
