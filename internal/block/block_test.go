package block

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errAway = errors.New("the database is away")

func TestWhatWasAskedForIsKeptAndAFailureIsNot(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	k := newKept[string](2)
	asked := 0
	ask := func(name, answer string, err error) (string, error) {
		return k.get(&mu, key([]string{name}, 30), func() (string, error) { asked++; return answer, err })
	}
	_, err := ask("a", "", errAway)
	require.ErrorIs(t, err, errAway)
	for range 2 {
		got, err := ask("a", "first", nil)
		require.NoError(t, err)
		assert.Equal(t, "first", got)
	}
	assert.Equal(t, 2, asked, "once in vain, once for good")
	for _, name := range []string{"b", "a", "c"} { // b is the one asked for longest ago when c comes
		_, err := ask(name, name, nil)
		require.NoError(t, err)
	}
	assert.Equal(t, 4, asked)
	got, err := ask("a", "again", nil)
	require.NoError(t, err)
	assert.Equal(t, "first", got)
	_, err = ask("b", "b", nil)
	require.NoError(t, err)
	assert.Equal(t, 5, asked)
	assert.NotEqual(t, key([]string{"a"}, 30), key([]string{"a"}, 31), "another gap, another question")
}
