package audit_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
)

// TestTheJobsAreDoneOnceForTheirTimeAlsoWithTwoServers: each of them tries every minute.
func TestTheJobsAreDoneOnceForTheirTimeAlsoWithTwoServers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	other := *h.keeper
	other.Log, other.Folder = h.open(t, h.store), t.TempDir()
	for range 50 { // 09:30 to 10:20 on one day
		var wg sync.WaitGroup
		for _, k := range []*audit.Keeper{h.keeper, &other} {
			wg.Go(func() { assert.NoError(t, k.Do(t.Context(), h.now)) })
		}
		wg.Wait()
		h.now = h.now.Add(time.Minute)
	}
	assert.Len(t, h.rows(t, audit.Tied), 2, "09:00 and 10:00")
	assert.Len(t, h.rows(t, audit.Anchored), 1)
	report, err := h.store.Verify(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 2, report.Entries, "the log's head, in the journal")
	assert.Empty(t, h.verify(t).Findings)
	theirs, err := audit.ReadAnchors(filepath.Join(other.Folder, audit.AnchorsFile))
	require.NoError(t, err)
	assert.Equal(t, h.witnesses(t).Anchors, theirs, "each server has the file")
	assert.Equal(t, "system", h.rows(t, audit.Tied)[0].Actor)
}

// TestAnAnchorThatAStopTookFromTheFileIsWrittenLater: the log has it, the file a torn line.
func TestAnAnchorThatAStopTookFromTheFileIsWrittenLater(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fill(t)
	path := filepath.Join(h.folder, audit.AnchorsFile)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text[:len(text)-20], 0o600))
	assert.True(t, named(h.verify(t), 0, "lacks the anchor of 2026-11-28"))
	require.NoError(t, h.keeper.Do(t.Context(), h.now))
	again, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))
	assert.Empty(t, h.verify(t).Findings)
}

// TestAForgedAnchorStaysOutOfTheFile: only what the key signed goes in.
func TestAForgedAnchorStaysOutOfTheFile(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.fill(t)
	h.record(t, audit.Anchored, "x")
	h.tamper(t, `UPDATE access_log SET object = '2026-11-29', details = (SELECT replace(details, '2026-11-28', '2026-11-29') FROM access_log WHERE id = 7) WHERE id = 9`)
	require.NoError(t, h.keeper.Do(t.Context(), h.now))
	assert.Len(t, h.witnesses(t).Anchors, 2)
}

func TestTheKeyIsMadeOnceAndReadByItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), audit.KeyFile)
	key, err := audit.OpenKey(path)
	require.NoError(t, err)
	st, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), st.Mode().Perm())
	again, err := audit.OpenKey(path)
	require.NoError(t, err)
	assert.Equal(t, key.Public, again.Public)
	public, err := audit.ReadPublic(path + ".pub")
	require.NoError(t, err)
	assert.Equal(t, []audit.Public{key.Public}, public)
	require.NoError(t, os.WriteFile(path, []byte("no key"), 0o600))
	_, err = audit.OpenKey(path)
	assert.ErrorContains(t, err, "key_unreadable", "a broken key is never replaced by a new one")
}

// TestWhatIsPastItsTimeGoesAndTheRestStillHolds: six months at least, a signed entry in its place.
func TestWhatIsPastItsTimeGoesAndTheRestStillHolds(t *testing.T) {
	t.Parallel()
	h := setup(t)
	now := time.Now()
	h.keeper.Keep = 200 * 24 * time.Hour
	h.now = now.AddDate(0, 0, -201)
	h.fill(t) // eight entries, the last of them 200 days ago
	h.now = now.Add(-time.Hour)
	h.record(t, audit.SignIn, "wang")
	require.NoError(t, h.keeper.Do(t.Context(), h.now))
	report := h.verify(t)
	assert.Empty(t, report.Findings)
	assert.EqualValues(t, 5, report.Cut, "those of the first day; the next are an hour too young")
	require.NoError(t, h.keeper.Do(t.Context(), now.AddDate(0, 0, 1)))
	report = h.verify(t)
	assert.Empty(t, report.Findings)
	assert.EqualValues(t, 8, report.Cut)
	assert.Len(t, h.rows(t, audit.SignIn), 1)

	h.tamper(t, `DELETE FROM access_log WHERE id = 9`)
	assert.True(t, named(h.verify(t), 10, "the first 9 entries of the access log were deleted"))
}

// TestTheDatabaseItselfKeepsSixMonths: whatever the program asks for.
func TestTheDatabaseItselfKeepsSixMonths(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.keeper.Keep = time.Hour
	h.now = time.Now().Add(-24 * time.Hour)
	h.record(t, audit.SignIn, "shen")
	err := h.keeper.Do(t.Context(), time.Now())
	require.ErrorContains(t, err, "must be kept")
	assert.Len(t, h.rows(t, audit.SignIn), 1)
}
