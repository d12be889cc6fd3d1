package ledger_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

func hashOf(name string) string {
	sum := sha256.Sum256([]byte(name))
	return hex.EncodeToString(sum[:])
}

// stored enters files as the photo room does, sent by a person.
func (h *house) stored(t *testing.T, person string, names ...string) {
	t.Helper()
	for _, name := range names {
		h.db.Exec(t, "guatu_app", `SET guatu.context = 'program'`,
			fmt.Sprintf(`INSERT INTO guatu.photo_file (sha256, size, media, width, height, told, stored_at) VALUES ('\x%s', 4711, 'image/jpeg', 4, 3, false, now()) ON CONFLICT DO NOTHING`, hashOf(name)),
			fmt.Sprintf(`INSERT INTO guatu.photo_holder (sha256, person, at) VALUES ('\x%s', '%s', now())`, hashOf(name), person))
	}
}

func meter(caseID int64, name string) ledger.AttachPhoto {
	return ledger.AttachPhoto{Case: caseID, Milestone: "vacated", Slot: "meter", SHA256: hashOf(name)}
}

var inspector = auth.Actor{ID: "lu", Name: "陆某", Role: "town", Unit: "honghe"}

func townCheck(id int64) ledger.MarkMilestone {
	return ledger.MarkMilestone{Case: id, Milestone: "town_checked", On: "2020-09-30", Checks: everyBox()}
}

func TestAnAnnouncedPhotoHoldsTheTownCheckUntilItArrives(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.vacated(t)
	out := h.apply(t, shen, meter(id, "meter"))
	require.Len(t, out.Entries, 1)
	photo := out.Entries[0].NounID

	h.refused(t, "evidence_missing", inspector, townCheck(id))

	h.apply(t, shen, ledger.ReceivePhoto{Case: id, Photo: photo, Size: 4711})
	assert.Empty(t, h.apply(t, shen, ledger.ReceivePhoto{Case: id, Photo: photo, Size: 4711}).Entries, "a receipt is given once")
	h.apply(t, inspector, townCheck(id))
	require.NoError(t, h.verify(t))
}

func TestAPhotoIsThereAtOnceOnlyForWhoSentItsBytes(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, 2)
	mine, other := h.list(t, ids[0]), h.list(t, ids[1])
	h.stored(t, "shen", "door")
	h.apply(t, shen, meter(mine, "door"))
	h.apply(t, lu, meter(other, "door"))
	d, err := h.store.Case(t.Context(), auth.Everything(), mine)
	require.NoError(t, err)
	assert.True(t, d.Photos[0].Arrived)
	assert.EqualValues(t, 4711, d.Photos[0].Size)
	d, err = h.store.Case(t.Context(), auth.Everything(), other)
	require.NoError(t, err)
	assert.False(t, d.Photos[0].Arrived, "knowing the hash is not having the picture")
	require.NoError(t, h.verify(t))
}

func TestWhatIsClaimedOfAPhotoIsKept(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	taken := time.Date(2020, 9, 30, 5, 58, 1, 234567891, time.UTC)
	change := meter(id, "claims")
	change.TakenAt, change.Original = taken, hashOf("before it was made smaller")
	change.Place = &ledger.PhotoPlace{Lon: 120.6123, Lat: 30.6712, Accuracy: 8}
	h.apply(t, shen, change)
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	p := d.Photos[0]
	assert.Equal(t, taken.Truncate(time.Microsecond), p.TakenAt.UTC())
	assert.Equal(t, change.Place, p.Place)
	assert.Equal(t, change.Original, hex.EncodeToString(p.Original))
	assert.Equal(t, "shen", p.Author)

	fast := meter(id, "a clock that is fast")
	fast.TakenAt = h.now.Add(7 * time.Minute)
	h.apply(t, shen, fast)
	d, err = h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, h.now, d.Photos[1].TakenAt.UTC())
	require.NoError(t, h.verify(t))
}

func TestPhotosThatAreRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	h.apply(t, shen, meter(id, "one"))
	for code, change := range map[string]ledger.Change{
		"photo_there":     meter(id, "one"),
		"unknown_slot":    ledger.AttachPhoto{Case: id, Milestone: "vacated", Slot: "roof", SHA256: hashOf("2")},
		"case_not_found":  meter(id+1000, "3"),
		"bad_sha256":      ledger.AttachPhoto{Case: id, Milestone: "vacated", SHA256: "abc"},
		"bad_place":       ledger.AttachPhoto{Case: id, Milestone: "vacated", SHA256: hashOf("4"), Place: &ledger.PhotoPlace{Lon: 500}},
		"photo_not_found": ledger.RemovePhoto{Case: id, Photo: 1, Reason: "拍错"},
		"reason_missing":  ledger.RemovePhoto{Case: id, Photo: 1},
	} {
		h.refused(t, code, shen, change)
	}
	h.refused(t, "other_unit", auth.Actor{ID: "mei", Role: "field", Unit: "wangdian"}, meter(id, "5"))
	h.refused(t, "no_right", auth.Actor{ID: "gu", Role: "viewer"}, meter(id, "5"))
}

func TestRemovingAPhotoAndTakingThatBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	h.stored(t, "shen", "one")
	photo := h.apply(t, shen, meter(id, "one")).Entries[0].NounID
	removal := h.apply(t, shen, ledger.RemovePhoto{Case: id, Photo: photo, Reason: "拍错"})
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	require.Empty(t, d.Photos)
	require.NoError(t, h.verify(t))

	h.apply(t, shen, ledger.UndoBatch{Batch: removal.BatchID, Reason: "没有拍错"})
	d, err = h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	require.Len(t, d.Photos, 1)
	assert.True(t, d.Photos[0].Arrived)
	require.NoError(t, h.verify(t))
}

func TestTakingBackAnAttachmentThatArrivedSince(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	attached := h.apply(t, shen, meter(id, "one"))
	receipt := h.apply(t, shen, ledger.ReceivePhoto{Case: id, Photo: attached.Entries[0].NounID, Size: 4711})
	h.refused(t, "not_undoable", shen, ledger.UndoBatch{Batch: receipt.BatchID, Reason: "误"})
	undone := h.apply(t, shen, ledger.UndoBatch{Batch: attached.BatchID, Reason: "拍错"})
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Empty(t, d.Photos)
	require.NoError(t, h.verify(t))

	h.apply(t, shen, ledger.UndoBatch{Batch: undone.BatchID, Reason: "又要了"})
	d, err = h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	require.Len(t, d.Photos, 1)
	assert.False(t, d.Photos[0].Arrived, "nobody holds its file")
	require.NoError(t, h.verify(t))
}

func TestEvidenceStandsWithTheAcceptance(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.vacated(t)
	h.stored(t, "shen", "one")
	attached := h.apply(t, shen, meter(id, "one"))
	h.apply(t, inspector, townCheck(id))
	accept := townCheck(id)
	accept.Milestone = "accepted"
	h.apply(t, zhou, ledger.MeasureCase{Case: id, Recovered: 100, Reason: "按证载面积"})
	h.apply(t, auth.Actor{ID: "zhou", Role: "acceptance"}, accept)
	h.refused(t, "locked", shen, ledger.RemovePhoto{Case: id, Photo: attached.Entries[0].NounID, Reason: "拍错"})
	h.refused(t, "locked", shen, ledger.UndoBatch{Batch: attached.BatchID, Reason: "拍错"})
	h.apply(t, shen, meter(id, "a later look"))
	require.NoError(t, h.verify(t))
}

func TestACaseWithPhotosIsNotTakenBackUnderThem(t *testing.T) {
	t.Parallel()
	h := setup(t)
	listed := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1), On: "2020-03-01"})
	id := listed.Entries[0].NounID
	photo := h.apply(t, shen, meter(id, "one"))
	h.refused(t, "case_has_photos", shen, ledger.UndoBatch{Batch: listed.BatchID, Reason: "误"})
	h.apply(t, shen, ledger.UndoBatch{Batch: photo.BatchID, Reason: "误"})
	h.apply(t, shen, ledger.UndoBatch{Batch: listed.BatchID, Reason: "误"})
	require.NoError(t, h.verify(t))
}

func TestVerifySeesAPhotoThatWasExchanged(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.apply(t, shen, meter(h.listed(t), "one"))
	h.db.Exec(t, "postgres", fmt.Sprintf(`UPDATE guatu.photo SET sha256 = '\x%s'`, hashOf("another")))
	require.ErrorContains(t, h.verify(t), "sha256")
}

// 待盖章 → 已回传: the form is printed, and the copy that comes back says so, once its bytes are there.
func TestTheStampedCopyComesBackToTheCase(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.vacated(t)
	h.apply(t, inspector, townCheck(id))
	h.apply(t, inspector, ledger.AskSide{Case: id, Side: "stamping"})
	assert.Equal(t, campaign.Date("2020-09-30"), h.caseNow(t, id).Sides["stamping"].Since)
	h.refused(t, "evidence_missing", inspector, ledger.LeaveSide{Case: id, Side: "stamping"})

	copied := ledger.AttachPhoto{Case: id, Milestone: "accepted", Slot: "stamped_form", SHA256: hashOf("stamped")}
	photo := h.apply(t, inspector, copied).Entries[0].NounID
	assert.Contains(t, h.caseNow(t, id).Sides, "stamping", "announced is not there")
	out := h.apply(t, inspector, ledger.ReceivePhoto{Case: id, Photo: photo, Size: 4711})
	assert.Equal(t, []string{ledger.KindPhotoReceive, ledger.KindCaseLeave}, []string{out.Entries[0].Kind, out.Entries[1].Kind})
	assert.NotContains(t, h.caseNow(t, id).Sides, "stamping")
	h.refused(t, "already_back", inspector, ledger.AskSide{Case: id, Side: "stamping"})
	require.NoError(t, h.verify(t))
}

// 申请复核 is the district's to decide, 公示 the district's to begin.
func TestSideStatesThatNameRolesAreTheirs(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.vacated(t)
	h.apply(t, inspector, townCheck(id))
	before := h.caseNow(t, id)
	h.apply(t, yu, ledger.AskSide{Case: id, Side: "returned", Reason: "水电未断"})
	h.apply(t, shen, ledger.AskSide{Case: id, Side: "reviewed", ReasonCode: "done"})
	h.refused(t, "no_right", inspector, ledger.DecideSide{Case: id, Side: "reviewed", Approve: true})
	h.apply(t, zhou, ledger.DecideSide{Case: id, Side: "reviewed", Approve: true})
	after := h.caseNow(t, id)
	assert.Equal(t, before.Marks, after.Marks)
	assert.Empty(t, after.Sides)
	h.refused(t, "no_right", inspector, ledger.AskSide{Case: id, Side: "publicised"})
	require.NoError(t, h.verify(t))
}

// caseNow is a case as it stands.
func (h *house) caseNow(t *testing.T, id int64) campaign.Case {
	t.Helper()
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	return d.Case
}
