package httpapi_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	_ "image/jpeg"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo/phototest"
)

func photoName(of string) string {
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:])
}

// yard is a photo as a phone takes it in a yard of 洪合.
func yard(seed uint64) []byte {
	return phototest.Shot{Seed: seed, At: "2020:09:30 14:11:02", Make: "HUAWEI", Model: "ELS-AN00", Lon: 120.612345, Lat: 30.671234}.JPEG()
}

// sendPart sends a part of a file.
func (h *house) sendPart(t *testing.T, as string, file []byte, from, to int, header ...string) answer {
	t.Helper()
	q := request{method: http.MethodPatch, path: "/api/v1/photos/" + photoName(string(file)), as: as, body: bytes.NewReader(file[from:to]), header: map[string]string{
		"Content-Type": "application/partial-upload", "Upload-Offset": number(int64(from)), "Upload-Length": number(int64(len(file))),
	}}
	for i := 0; i < len(header); i += 2 {
		q.header[header[i]] = header[i+1]
	}
	return h.ask(t, q)
}

// sent sends a whole file and wants it stored.
func (h *house) sent(t *testing.T, as string, file []byte) {
	t.Helper()
	a := h.sendPart(t, as, file, 0, len(file))
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	require.Equal(t, "?1", a.header.Get("Upload-Complete"))
}

func attach(id int64, file []byte, slot string) fields {
	return fields{"kind": "photo.attach", "case_id": id, "milestone": "vacated", "photo": fields{"sha256": photoName(string(file)), "slot": slot}}
}

// vacatedPhotos are the photos of 腾空.
func (h *house) vacatedPhotos(t *testing.T, as string, id int64) gen.MilestonePhotos {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1/cases/" + number(id) + "/photos", as: as})
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var list gen.CasePhotos
	a.into(t, &list)
	for _, m := range list.Milestones {
		if m.Code == "vacated" {
			return m
		}
	}
	require.Fail(t, "腾空 has slots")
	return gen.MilestonePhotos{}
}

func (h *house) picture(t *testing.T, as string, caseID, id int64, query string) answer {
	t.Helper()
	return h.ask(t, request{path: "/api/v1/cases/" + number(caseID) + "/photos/" + number(id) + query, as: as})
}

func TestAPhotoComesInPartsAndIsReceipted(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "甲")...)
	file := yard(1)
	h.change(t, "mei", attach(id, file, "meter"))
	p := h.vacatedPhotos(t, "mei", id).Photos[0]
	assert.Equal(t, gen.PhotoState("awaited"), p.State)
	assert.Equal(t, http.StatusNotFound, h.picture(t, "mei", id, p.Id, "").status)

	asked := h.ask(t, request{method: http.MethodHead, path: "/api/v1/photos/" + photoName(string(file)), as: "mei"})
	assert.Equal(t, "0", asked.header.Get("Upload-Offset"))
	half := len(file) / 2
	a := h.sendPart(t, "mei", file, 0, half)
	require.Equal(t, http.StatusNoContent, a.status, "%s", a.body)
	assert.Equal(t, [2]string{number(int64(half)), "?0"}, [2]string{a.header.Get("Upload-Offset"), a.header.Get("Upload-Complete")})
	out := h.sendPart(t, "mei", file, half+1, len(file))
	assert.Equal(t, "photo_offset", out.problem(t).Code)
	assert.Equal(t, number(int64(half)), out.header.Get("Upload-Offset"), "from where to go on")
	a = h.sendPart(t, "mei", file, half, len(file))
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)

	p = h.vacatedPhotos(t, "mei", id).Photos[0]
	assert.Equal(t, gen.PhotoState("stored"), p.State)
	assert.True(t, p.Told)
	assert.Equal(t, "梅某", p.By.Name)
	assert.Equal(t, "2020-09-30T14:11:02+08:00", p.TakenAt.Format("2006-01-02T15:04:05-07:00"))
	whole := h.picture(t, "mei", id, p.Id, "?size=original")
	assert.Equal(t, file, whole.body)
	assert.Equal(t, "image/jpeg", whole.header.Get("Content-Type"))
	assert.Equal(t, "nosniff", whole.header.Get("X-Content-Type-Options"))
	assert.Contains(t, whole.header.Get("Content-Security-Policy"), "sandbox")
	assert.Equal(t, "private, no-cache", whole.header.Get("Cache-Control"))
	assert.Contains(t, whole.header.Get("Content-Disposition"), "inline;")
	assert.Contains(t, h.picture(t, "mei", id, p.Id, "?size=original&download=true").header.Get("Content-Disposition"), "attachment;")
	assert.Contains(t, toldAll(h.logged(t, audit.Export)), fmt.Sprintf("data.export done mei mei case/%d/photo/%d", id, p.Id))
	again := h.ask(t, request{path: "/api/v1/cases/" + number(id) + "/photos/" + number(p.Id) + "?size=original", as: "mei", header: map[string]string{"If-None-Match": whole.header.Get("ETag")}})
	assert.Equal(t, http.StatusNotModified, again.status)

	var state gen.Upload
	h.ask(t, request{path: "/api/v1/photos/" + photoName(string(file)), as: "mei"}).into(t, &state)
	assert.True(t, state.Complete)
	assert.Equal(t, http.StatusOK, h.sendPart(t, "mei", file, 0, len(file)).status, "a repeat is answered with the receipt")
}

func TestSmallerPicturesSayNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "甲")...)
	file := phototest.Shot{Width: 2000, Height: 1000, Orientation: 6, Model: "ELS-AN00", Lon: 120.6, Lat: 30.6}.JPEG()
	h.sent(t, "mei", file)
	photo := h.change(t, "mei", attach(id, file, "gate")).Entries[0].NounID
	for query, want := range map[string]image.Point{"?size=thumb": {160, 320}, "": {800, 1600}} {
		a := h.picture(t, "mei", id, photo, query)
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		c, _, err := image.DecodeConfig(bytes.NewReader(a.body))
		require.NoError(t, err)
		assert.Equal(t, want, image.Pt(c.Width, c.Height))
		assert.NotContains(t, string(a.body), "Exif")
	}
	assert.Equal(t, http.StatusBadRequest, h.picture(t, "mei", id, photo, "?size=huge").status)
}

// TestKnowingAHashOpensNothing: whoever attaches a file somebody else sent gets no picture, and is not told that it is here.
func TestKnowingAHashOpensNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.apply(t, auth.System(), ledger.PutPerson{Code: "xu", Name: "徐某", Role: "town", Unit: "wangdian"})
	s := newStage(t, h, nil)
	own, other := s.ground["own"].file, s.ground["other"].file
	file := yard(2)
	h.sent(t, "mei", file)
	theirs := h.change(t, "mei", attach(own, file, "gate")).Entries[0].NounID

	var up gen.Upload
	h.ask(t, request{path: "/api/v1/photos/" + photoName(string(file)), as: "xu"}).into(t, &up)
	assert.Equal(t, gen.Upload{Sha256: photoName(string(file))}, up, "not a word about it")
	mine := h.change(t, "xu", attach(other, file, "gate")).Entries[0].NounID
	assert.Equal(t, gen.PhotoState("awaited"), h.vacatedPhotos(t, "xu", other).Photos[0].State)
	assert.Equal(t, "photo_not_arrived", h.picture(t, "xu", other, mine, "?size=original").problem(t).Code)

	assert.Equal(t, "photos_elsewhere", h.picture(t, "xu", own, theirs, "").problem(t).Code)
	assert.Equal(t, "photos_elsewhere", h.ask(t, request{path: "/api/v1/cases/" + number(own) + "/photos", as: "xu"}).problem(t).Code)
	assert.Equal(t, "photo_not_found", h.picture(t, "xu", other, theirs, "").problem(t).Code, "another case's photo under one's own case")
	assert.Equal(t, http.StatusUnauthorized, h.picture(t, nobody, own, theirs, "").status)

	h.sent(t, "xu", file)
	assert.Equal(t, gen.PhotoState("stored"), h.vacatedPhotos(t, "xu", other).Photos[0].State, "who sends the bytes has the picture")
}

func TestThoseOutsideAreNotToldWhereItWasTaken(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.apply(t, auth.System(), ledger.PutPerson{Code: "gu", Name: "顾某", Role: "viewer"})
	id := h.listed(t, h.parcels(t, "甲")...)
	file := yard(3)
	h.sent(t, "mei", file)
	photo := h.change(t, "mei", attach(id, file, "gate").and("photo", fields{"sha256": photoName(string(file)), "place": fields{"lon": 120.6, "lat": 30.6}})).Entries[0].NounID
	assert.InDelta(t, 120.612345, h.vacatedPhotos(t, "mei", id).Photos[0].Place.Lon, 1e-6, "the camera's word before the device's")
	assert.Nil(t, h.vacatedPhotos(t, "gu", id).Photos[0].Place)
	bare := h.picture(t, "gu", id, photo, "?size=original")
	require.Equal(t, http.StatusOK, bare.status)
	assert.NotContains(t, string(bare.body), "HUAWEI")
	_, _, err := image.Decode(bytes.NewReader(bare.body))
	require.NoError(t, err)
	assert.Equal(t, "no_right", h.sendPart(t, "gu", yard(4), 0, 10).problem(t).Code)
}

func TestPhotosThatAreNotTakenIn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	heic := []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic and more")
	p := h.sendPart(t, "mei", heic, 0, len(heic)).problem(t)
	assert.Equal(t, "photo_heic", p.Code)
	assert.Contains(t, p.Detail, "兼容性最佳")
	page := []byte("<script>alert(1)</script>")
	assert.Equal(t, "not_a_photo", h.sendPart(t, "mei", page, 0, len(page)).problem(t).Code)
	assert.Equal(t, "not_a_photo", h.sendPart(t, "mei", page, 0, 15).problem(t).Code, "told by the first bytes")
	file := yard(5)
	assert.Equal(t, "photo_too_large", h.sendPart(t, "mei", file, 0, 10, "Upload-Length", "30000000").problem(t).Code)
	assert.Equal(t, "photo_offset", h.sendPart(t, "mei", file, 0, 10, "Upload-Offset", "-1").problem(t).Code)
	assert.Equal(t, "not_as_specified", h.sendPart(t, "mei", file, 0, 10, "Upload-Length", "").problem(t).Code)
	assert.Equal(t, "not_as_specified", h.sendPart(t, "mei", file, 0, 10, "Content-Type", "image/jpeg").problem(t).Code)
	assert.Equal(t, "photo_longer", h.sendPart(t, "mei", file, 0, 100, "Upload-Length", "50").problem(t).Code)
	assert.Equal(t, http.StatusNoContent, h.ask(t, request{method: http.MethodDelete, path: "/api/v1/photos/" + photoName(string(file)), as: "mei"}).status)

	wrong := append(bytes.Clone(file[:len(file)-1]), 'x')
	a := h.ask(t, request{method: http.MethodPatch, path: "/api/v1/photos/" + photoName(string(file)), as: "mei", body: bytes.NewReader(wrong), header: map[string]string{
		"Content-Type": "application/partial-upload", "Upload-Offset": "0", "Upload-Length": number(int64(len(file))),
	}})
	assert.Equal(t, "photo_hash", a.problem(t).Code)
	assert.Equal(t, "0", a.header.Get("Upload-Offset"), "it begins anew")
	h.sent(t, "mei", file)
	assert.Equal(t, "bad_sha256", h.ask(t, request{path: "/api/v1/photos/..%2f..%2fetc"}).problem(t).Code)
}

// TestTheSenderWhoComesBackTakesOver: the first connection hangs; the second does not wait for it.
func TestTheSenderWhoComesBackTakesOver(t *testing.T) {
	t.Parallel()
	h := setup(t)
	file := yard(6)
	body, hang := io.Pipe()
	var wg sync.WaitGroup
	wg.Go(func() {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPatch, h.web.URL+"/api/v1/photos/"+photoName(string(file)), body)
		if err != nil {
			t.Error(err)
			return
		}
		for name, value := range map[string]string{"Content-Type": "application/partial-upload", "Upload-Offset": "0", "Upload-Length": number(int64(len(file)))} {
			req.Header.Set(name, value)
		}
		req.AddCookie(h.session(t, "mei"))
		res, err := h.web.Client().Do(req)
		if err == nil {
			_ = res.Body.Close()
		}
	})
	_, err := hang.Write(file[:500])
	require.NoError(t, err)
	here := func() int {
		var up gen.Upload
		h.ask(t, request{path: "/api/v1/photos/" + photoName(string(file)), as: "mei"}).into(t, &up)
		return int(up.Offset)
	}
	require.Eventually(t, func() bool { return here() > 0 }, 10*time.Second, 5*time.Millisecond)
	from := here()
	a := h.sendPart(t, "mei", file, from, len(file))
	if a.status == http.StatusConflict { // more of the first had come by then
		from = here()
		a = h.sendPart(t, "mei", file, from, len(file))
	}
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	_ = hang.CloseWithError(io.ErrClosedPipe)
	wg.Wait()
}

func TestOneSetOfPhotosForAllTenantsIsNoFindingTheSamePhotoElsewhereIs(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "甲", "乙")
	landlord := h.listed(t, parcels[0])
	tenant := h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels[:1], "date": "2020-03-01", "landless": true}).Entries[0].NounID
	elsewhere := h.listed(t, parcels[1])
	shared, twice := yard(7), yard(8)
	h.sent(t, "mei", shared)
	h.sent(t, "mei", twice)
	h.change(t, "mei", attach(landlord, shared, "gate"), attach(tenant, shared, "gate"))
	found := func() string { return string(h.get(t, "/cases?finding=photo").body) }
	assert.Contains(t, found(), `"total":0`)
	h.change(t, "mei", attach(tenant, twice, "meter"), attach(elsewhere, twice, "meter"))
	var page struct{ Items []struct{ ID int64 } }
	require.NoError(t, json.Unmarshal([]byte(found()), &page))
	var ids []int64
	for _, c := range page.Items {
		ids = append(ids, c.ID)
	}
	assert.ElementsMatch(t, []int64{tenant, elsewhere}, ids)
}

func TestThePhotosOfACaseAreInItsTimelineAndItsMilestones(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "甲")...)
	file := yard(9)
	for _, m := range []string{"filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished"} {
		h.change(t, "mei", milestone(id, m, "2020-09-01"))
	}
	h.change(t, "mei", attach(id, file, "meter"))
	var detail gen.CaseDetail
	h.get(t, "/cases/"+number(id)).into(t, &detail)
	for _, m := range detail.Milestones {
		if m.Code == "vacated" {
			require.NotNil(t, m.Lacking)
			assert.Equal(t, "电表照片（未送达）", (*m.Lacking)[0].Zh)
		}
	}
	assert.Equal(t, "添加照片：电表", detail.Timeline[0].Text.Zh)
	h.sent(t, "mei", file)
	h.get(t, "/cases/"+number(id)).into(t, &detail)
	assert.Equal(t, "添加照片：电表", detail.Timeline[0].Text.Zh, "a receipt is no act")
	assert.NotContains(t, strings.ToLower(string(h.get(t, "/cases/"+number(id)).body)), "photo.receive")
}
