package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// ListPhotos implements gen.StrictServerInterface.
func (o *operations) ListPhotos(ctx context.Context, r gen.ListPhotosRequestObject) (gen.ListPhotosResponseObject, error) {
	scope := scopeIn(ctx)
	pictures, err := o.Photos.List(ctx, scope, r.Id)
	if err != nil {
		return nil, err
	}
	file, err := o.Desk.Case(ctx, scope, r.Id)
	if err != nil {
		return nil, err
	}
	track, _ := file.Definition.Track(file.Case.Case.Track)
	actor := scope.Actor()
	out := gen.ListPhotos200JSONResponse{Milestones: []gen.MilestonePhotos{}, MayAttach: actor.May(ledger.KindPhotoAttach) == nil, MayRemove: actor.May(ledger.KindPhotoRemove) == nil && !file.Locked}
	for _, e := range photo.EvidenceOf(track, file.Case.Case, pictures) {
		out.Milestones = append(out.Milestones, toEvidence(e))
	}
	return out, nil
}

func toEvidence(e photo.Evidence) gen.MilestonePhotos {
	out := gen.MilestonePhotos{Code: e.Milestone.Code, Name: toText(e.Milestone.Name), Done: e.Done, Lacking: toTexts(e.Lacking), Slots: toSlots(e.Milestone.Photos), Photos: []gen.Photo{}}
	for _, p := range e.Pictures {
		out.Photos = append(out.Photos, toPhoto(p))
	}
	return out
}

func toPhoto(p photo.Picture) gen.Photo {
	out := gen.Photo{
		Id: p.ID, Slot: optional(p.Slot), Sha256: photo.Hash(p.SHA256).String(), By: gen.Actor{Id: p.Author, Name: p.AuthorName}, AddedAt: inChina(p.AddedAt),
		ClaimedAt: inChinaPtr(p.TakenAt), State: gen.PhotoState("awaited"), Place: toClaimedPlace(p.Place),
	}
	if !p.Arrived {
		return out
	}
	if out.State = gen.PhotoState(photo.Missing); p.File == nil {
		return out
	}
	f := p.File
	out.State, out.Told, out.TakenAt, out.Device = gen.PhotoState(f.State), f.Told, inChinaPtr(f.TakenAt), optional(f.Device)
	width, height := int32(f.Width), int32(f.Height) //nolint:gosec // bounded by the limit of pixels
	out.Bytes, out.Width, out.Height, out.Media = &f.Size, &width, &height, &f.Media
	if f.Place != nil {
		out.Place = &gen.PhotoPlace{Lon: f.Place.Lon, Lat: f.Place.Lat}
	}
	return out
}

func toClaimedPlace(p *ledger.PhotoPlace) *gen.PhotoPlace {
	if p == nil {
		return nil
	}
	return &gen.PhotoPlace{Lon: p.Lon, Lat: p.Lat, Accuracy: orNil(p.Accuracy), Mocked: orNil(p.Mocked)}
}

func inChina(t time.Time) time.Time { return t.In(campaign.Shanghai()) }

func inChinaPtr(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	at := inChina(t)
	return &at
}

func photoChange(c gen.Change) ledger.Change {
	id := orZero(c.CaseId)
	if string(c.Kind) == ledger.KindPhotoRemove {
		return ledger.RemovePhoto{Case: id, Photo: orZero(c.PhotoId), Reason: orZero(c.Reason)}
	}
	d := orZero(c.Photo)
	attach := ledger.AttachPhoto{Case: id, Milestone: orZero(c.Milestone), Slot: orZero(d.Slot), SHA256: d.Sha256, Original: orZero(d.Original), TakenAt: orZero(d.TakenAt)}
	if d.Place != nil {
		attach.Place = &ledger.PhotoPlace{Lon: d.Place.Lon, Lat: d.Place.Lat, Accuracy: orZero(d.Place.Accuracy), Mocked: orZero(d.Place.Mocked)}
	}
	return attach
}

// getPhoto shows a photo. Rights are asked each time: what a browser keeps it asks about again.
func (s *Server) getPhoto(c echo.Context) error {
	caseID, errCase := strconv.ParseInt(c.Param("id"), 10, 64)
	id, errID := strconv.ParseInt(c.Param("photo"), 10, 64)
	size, known := map[string]photo.Size{"": photo.Large, "large": photo.Large, "thumb": photo.Thumb, "original": photo.Original}[c.QueryParam("size")]
	if errCase != nil || errID != nil || !known {
		return fault.New(fault.KindInvalid, "bad_request", "请求格式有误", "the request is malformed")
	}
	ctx := c.Request().Context()
	content, err := s.Photos.Open(ctx, scopeIn(ctx), caseID, id, size)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // read only
	kind := "inline"
	if c.QueryParam("download") == "true" {
		kind = "attachment"
		if err := s.Audit.Record(ctx, audit.Entry{Kind: audit.Export, Object: fmt.Sprintf("case/%d/photo/%d", caseID, id)}); err != nil {
			return err
		}
	}
	showPicture(c, content, kind)
	return nil
}

// showPicture answers with a picture, which no page of another site may use.
func showPicture(c echo.Context, content photo.Content, kind string) {
	h := c.Response().Header()
	h.Set("Content-Type", content.Media)
	h.Set("Content-Disposition", fmt.Sprintf("%s; filename=%q", kind, content.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+content.Tag+`"`)
	http.ServeContent(c.Response(), c.Request(), content.Name, time.Time{}, content)
}

// Headers of draft-ietf-httpbis-resumable-upload.
const (
	uploadOffset   = "Upload-Offset"
	uploadLength   = "Upload-Length"
	uploadComplete = "Upload-Complete"
	partialUpload  = "application/partial-upload"
)

func (s *Server) getUpload(c echo.Context) error {
	h, err := uploadOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	up, err := s.Photos.Upload(ctx, actorIn(ctx), h)
	if err != nil {
		return err
	}
	tellUpload(c, up)
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, toUpload(up))
}

func uploadOf(c echo.Context) (photo.Hash, error) {
	h, ok := photo.ParseHash(c.Param("sha256"))
	if !ok {
		return h, fault.New(fault.KindInvalid, "bad_sha256", "照片的校验值应为 64 位十六进制小写 SHA-256", "a photo is named by its SHA-256, 64 lower-case hexadecimal digits")
	}
	return h, nil
}

func tellUpload(c echo.Context, up photo.Upload) {
	h := c.Response().Header()
	h.Set(uploadOffset, strconv.FormatInt(up.Offset, 10))
	if up.Length > 0 {
		h.Set(uploadLength, strconv.FormatInt(up.Length, 10))
	}
	h.Set(uploadComplete, map[bool]string{false: "?0", true: "?1"}[up.Complete])
}

func toUpload(up photo.Upload) gen.Upload {
	out := gen.Upload{Sha256: up.Hash.String(), Offset: up.Offset, Length: orNil(up.Length), Complete: up.Complete}
	if f := up.File; f != nil {
		width, height := int32(f.Width), int32(f.Height) //nolint:gosec // bounded by the limit of pixels
		out.StoredAt, out.Media, out.Width, out.Height, out.Told = inChinaPtr(f.StoredAt), &f.Media, &width, &height, &f.Told
	}
	return out
}

// patchUpload takes a part of a file in. What has come is finished even if the
// sender is gone by then: it asks again.
func (s *Server) patchUpload(c echo.Context) error {
	h, err := uploadOf(c)
	if err != nil {
		return err
	}
	r := c.Request()
	offset, errOffset := strconv.ParseInt(r.Header.Get(uploadOffset), 10, 64)
	length, errLength := strconv.ParseInt(r.Header.Get(uploadLength), 10, 64)
	if errOffset != nil || errLength != nil || r.Header.Get(echo.HeaderContentType) != partialUpload {
		return fault.New(fault.KindInvalid, "not_as_specified", "续传请求须有 Upload-Offset、Upload-Length，类型为 "+partialUpload, "a part needs Upload-Offset, Upload-Length and the type "+partialUpload)
	}
	stop := func() {}
	if body, timed := r.Body.(*timedBody); timed { // not a part of no bytes
		stop = body.stop
	}
	ctx := r.Context()
	up, err := s.Photos.Append(context.WithoutCancel(ctx), actorIn(ctx), h, photo.Part{Offset: offset, Length: length, Body: r.Body, Stop: stop})
	if err != nil {
		return s.cutOff(c, h, err)
	}
	tellUpload(c, up)
	if !up.Complete {
		return c.NoContent(http.StatusNoContent)
	}
	return c.JSON(http.StatusOK, toUpload(up))
}

// cutOff tells with a refusal from where to go on.
func (s *Server) cutOff(c echo.Context, h photo.Hash, err error) error {
	ctx := c.Request().Context()
	if up, errUpload := s.Photos.Upload(ctx, actorIn(ctx), h); errUpload == nil {
		tellUpload(c, up)
	}
	return err
}

func (s *Server) deleteUpload(c echo.Context) error {
	h, err := uploadOf(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if err := s.Photos.Abandon(ctx, actorIn(ctx), h); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}
