package photo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
	"github.com/guatu/guatu/internal/photo/phototest"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

// house is a store of photos over a database of its own, with one case and a clock that is set by hand.
type house struct {
	*photo.Store
	book   *ledger.Ledger
	base   *postgres.Store
	folder string
	now    time.Time
	file   int64 // the case
}

var mei = auth.Actor{ID: "mei", Name: "梅某", Role: campaign.RoleField, Unit: "honghe"}

func setup(t *testing.T, limit func(*photo.Limits)) *house {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, quiet)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	h := &house{base: store, folder: t.TempDir(), now: time.Date(2020, 9, 30, 3, 0, 0, 0, campaign.Shanghai())}
	clock := func() time.Time { return h.now }
	h.book = ledger.New(store, clock, quiet)
	limits := photo.UsualLimits()
	limit(&limits)
	h.Store, err = photo.Open(photo.Options{Folder: h.folder, Register: store, Door: h.book, Limits: limits, Now: clock, Log: quiet})
	require.NoError(t, err)
	def, err := campaign.Rectify2020()
	require.NoError(t, err)
	name := campaign.Text{ZH: "洪合镇", EN: "Honghe"}
	h.apply(t, auth.System(), ledger.SetUpCampaign{
		Definition: def, Units: []ledger.UnitDraft{{Unit: ledger.Unit{Code: "honghe", Sort: 1, Name: name, Short: name}}},
		People: []ledger.Person{{Code: "mei", Sort: 1, Name: "梅某", Role: "field", Unit: "honghe"}},
	})
	h.file = h.apply(t, mei, ledger.ListCase{Unit: "honghe", Label: "凤桥毛衫作坊", On: "2020-03-01"}).Entries[0].NounID
	return h
}

func usual(*photo.Limits) {}

func (h *house) apply(t *testing.T, actor auth.Actor, c ledger.Change) ledger.Outcome {
	t.Helper()
	out, err := h.book.Apply(t.Context(), actor, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{c}})
	require.NoError(t, err)
	return out
}

func shot(seed uint64) (hash photo.Hash, file []byte) {
	file = phototest.Shot{Seed: seed}.JPEG()
	return sha256.Sum256(file), file
}

func (h *house) sends(t *testing.T, file []byte) (photo.Upload, error) {
	t.Helper()
	return h.Append(t.Context(), mei, sha256.Sum256(file), photo.Part{Length: int64(len(file)), Body: bytes.NewReader(file), Stop: func() {}})
}

// stored sends a photo and attaches it to the case.
func (h *house) stored(t *testing.T, seed uint64) (photo.Hash, ledger.Outcome) {
	t.Helper()
	hash, file := shot(seed)
	up, err := h.sends(t, file)
	require.NoError(t, err)
	require.True(t, up.Complete)
	return hash, h.apply(t, mei, ledger.AttachPhoto{Case: h.file, Milestone: "vacated", SHA256: hash.String()})
}

func (h *house) path(hash photo.Hash) string {
	return filepath.Join(h.folder, "files", hash.String()[:2], hash.String())
}

func (h *house) states(t *testing.T) map[photo.Hash]string {
	t.Helper()
	list, err := h.List(t.Context(), auth.ScopeOf(mei), h.file)
	require.NoError(t, err)
	states := map[photo.Hash]string{}
	for _, p := range list {
		states[photo.Hash(p.SHA256)] = "no file"
		if p.File != nil {
			states[photo.Hash(p.SHA256)] = p.File.State
		}
	}
	return states
}

func TestTheCheckNamesWhatIsDamagedOrMissingAndSendingItAgainHealsIt(t *testing.T) {
	t.Parallel()
	h := setup(t, usual)
	good, _ := h.stored(t, 1)
	damaged, _ := h.stored(t, 2)
	missing, _ := h.stored(t, 3)
	require.NoError(t, os.WriteFile(h.path(damaged), []byte("\xff\xd8\xff rotten"), 0o600))
	require.NoError(t, os.Remove(h.path(missing)))
	r, err := h.Scrub(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 3, r.Files)
	assert.Equal(t, []photo.Hash{damaged}, r.Damaged)
	assert.Equal(t, []photo.Hash{missing}, r.Missing)
	assert.Equal(t, map[photo.Hash]string{good: photo.Stored, damaged: photo.Damaged, missing: photo.Missing}, h.states(t))
	odd, err := h.base.OddPhotos(t.Context(), auth.Everything())
	require.NoError(t, err)
	assert.Equal(t, []int64{h.file}, odd)

	for _, seed := range []uint64{2, 3} {
		_, file := shot(seed)
		up, err := h.sends(t, file)
		require.NoError(t, err)
		require.True(t, up.Complete)
	}
	r, err = h.Scrub(t.Context())
	require.NoError(t, err)
	assert.Empty(t, append(r.Damaged, r.Missing...))
	odd, err = h.base.OddPhotos(t.Context(), auth.Everything())
	require.NoError(t, err)
	assert.Empty(t, odd)
}

func TestTheCheckIsMadeOnceANight(t *testing.T) {
	t.Parallel()
	h := setup(t, usual)
	h.stored(t, 1)
	nightly := func() bool {
		made, err := h.Nightly(t.Context())
		require.NoError(t, err)
		return made
	}
	h.now = time.Date(2020, 9, 30, 1, 59, 0, 0, campaign.Shanghai())
	assert.False(t, nightly(), "not yet")
	h.now = h.now.Add(time.Minute)
	assert.True(t, nightly())
	h.now = h.now.Add(20 * time.Hour)
	assert.False(t, nightly(), "made")
	h.now = h.now.Add(5 * time.Hour)
	assert.True(t, nightly(), "the next night")
}

func TestWhatNobodyNeedsGoesAfterItsTime(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	h := setup(t, usual)
	_, orphan := shot(1)
	_, err := h.sends(t, orphan)
	require.NoError(t, err)
	removed, attached := h.stored(t, 2)
	kept, _ := h.stored(t, 3)
	removal := h.apply(t, auth.Actor{ID: "lu", Role: campaign.RoleDistrict}, ledger.RemovePhoto{Case: h.file, Photo: attached.Entries[0].NounID, Reason: "拍错"})
	there := func(hash photo.Hash) bool {
		_, err := os.Stat(h.path(hash))
		return err == nil
	}
	check := func(later time.Duration) photo.Report {
		h.now = h.now.Add(later)
		r, err := h.Scrub(t.Context())
		require.NoError(t, err)
		return r
	}
	assert.Zero(t, check(6*day).Removed)
	assert.EqualValues(t, 1, check(2*day).Removed)
	assert.False(t, there(sha256.Sum256(orphan)), "it was never attached")
	assert.True(t, there(removed), "a removed photo may come back for a year")
	assert.EqualValues(t, 1, check(360*day).Removed)
	assert.False(t, there(removed))
	assert.True(t, there(kept))

	h.apply(t, auth.Actor{ID: "lu", Role: campaign.RoleDistrict}, ledger.UndoBatch{Batch: removal.BatchID, Reason: "没有拍错"})
	assert.Equal(t, map[photo.Hash]string{removed: "no file", kept: photo.Stored}, h.states(t), "it is listed as not arrived")
	report, err := h.base.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}

func TestUnfinishedUploadsAndStraysGoAfterTheirTime(t *testing.T) {
	t.Parallel()
	h := setup(t, usual)
	hash, file := shot(1)
	_, err := h.Append(t.Context(), mei, hash, photo.Part{Length: int64(len(file)), Body: bytes.NewReader(file[:100]), Stop: func() {}})
	require.NoError(t, err)
	stray := photo.Hash{7}
	require.NoError(t, os.MkdirAll(filepath.Dir(h.path(stray)), 0o700))
	require.NoError(t, os.WriteFile(h.path(stray), []byte("a crash came between"), 0o600))
	r, err := h.Scrub(t.Context())
	require.NoError(t, err)
	assert.Zero(t, r.Removed)
	old := time.Now().Add(-8 * 24 * time.Hour)
	parts, err := filepath.Glob(filepath.Join(h.folder, "incoming", "*", "*"))
	require.NoError(t, err)
	require.Len(t, parts, 1)
	require.NoError(t, os.Chtimes(parts[0], old, old))
	require.NoError(t, os.Chtimes(h.path(stray), old, old))
	r, err = h.Scrub(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 2, r.Removed)
	up, err := h.Upload(t.Context(), mei, hash)
	require.NoError(t, err)
	assert.Zero(t, up.Offset)
}

// TestAReceiptThatACrashLeftOutIsEnteredAtNight: the file was kept in the moment between the looking and the attaching.
func TestAReceiptThatACrashLeftOutIsEnteredAtNight(t *testing.T) {
	t.Parallel()
	h := setup(t, usual)
	hash, file := shot(1)
	h.apply(t, mei, ledger.AttachPhoto{Case: h.file, Milestone: "vacated", SHA256: hash.String()})
	require.NoError(t, os.MkdirAll(filepath.Dir(h.path(hash)), 0o700))
	require.NoError(t, os.WriteFile(h.path(hash), file, 0o600))
	require.NoError(t, h.base.Keep(t.Context(), photo.File{Hash: hash, Size: int64(len(file)), Media: photo.JPEG, Width: 40, Height: 30, StoredAt: h.now, State: photo.Stored}, mei.ID))
	up, err := h.Upload(t.Context(), mei, hash)
	require.NoError(t, err)
	assert.False(t, up.Complete, "a sender who asks is told to go on, with nothing")
	assert.EqualValues(t, len(file), up.Offset)
	r, err := h.Scrub(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, r.Receipts)
	up, err = h.Upload(t.Context(), mei, hash)
	require.NoError(t, err)
	assert.True(t, up.Complete)
}

func TestQuotaAndUnfinishedAreBounded(t *testing.T) {
	t.Parallel()
	h := setup(t, func(l *photo.Limits) { l.Quota, l.Unfinished = 5000, 2 })
	_, file := shot(1)
	for n := uint64(1); n <= 2; n++ {
		hash, file := shot(n)
		_, err := h.Append(t.Context(), mei, hash, photo.Part{Length: int64(len(file)), Body: bytes.NewReader(file[:20]), Stop: func() {}})
		require.NoError(t, err)
	}
	_, third := shot(3)
	_, err := h.sends(t, third)
	assert.True(t, fault.Is(err, "photos_unfinished"), "%v", err)
	_, err = h.Append(t.Context(), mei, sha256.Sum256(file), photo.Part{Offset: 20, Length: int64(len(file)), Body: bytes.NewReader(file[20:]), Stop: func() {}})
	require.NoError(t, err)
	for n := uint64(4); err == nil && n < 20; n++ {
		_, file := shot(n)
		_, err = h.sends(t, file)
	}
	assert.True(t, fault.Is(err, "photos_full"), "%v", err)
}
