package report

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnAnswerIsWorkedOutOnce for all who ask at a time; a failure is not kept, and of many answers the last asked for are.
func TestAnAnswerIsWorkedOutOnce(t *testing.T) {
	t.Parallel()
	var k kept[int64]
	var worked atomic.Int64
	ask := func(revision int64) (int64, error) {
		return k.get(asked{revision: revision}, func() (int64, error) { return worked.Add(1), nil })
	}
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			n, err := ask(7)
			if assert.NoError(t, err) {
				assert.EqualValues(t, 1, n)
			}
		})
	}
	wg.Wait()
	_, err := k.get(asked{revision: 8}, func() (int64, error) { return 0, errors.New("away") })
	require.Error(t, err)
	n, err := ask(8)
	require.NoError(t, err)
	assert.EqualValues(t, 2, n, "asked again after a failure")
	for revision := range int64(keptAnswers - 1) {
		_, err := ask(100 + revision)
		require.NoError(t, err)
		_, err = ask(7)
		require.NoError(t, err)
	}
	n, err = ask(7)
	require.NoError(t, err)
	assert.EqualValues(t, 1, n, "who is asked for stays")
	before := worked.Load()
	_, err = ask(8)
	require.NoError(t, err)
	assert.Equal(t, before+1, worked.Load(), "the oldest is gone")
}
