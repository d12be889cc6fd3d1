package httpapi

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// sentBy says of an operation whose it is, where it is sent again, and what of it is kept should it be refused: everything, unless
// there is something personal in it, which is nowhere but sealed.
func sentBy(op *ledger.Operation, body *gen.Operation) error {
	if r := body.Replays; r != nil {
		op.Replays = &ledger.Replays{Op: r.OpId, Author: r.Author}
	}
	if slices.ContainsFunc(body.Changes, func(c gen.Change) bool { return c.Contact != nil }) {
		return nil
	}
	var err error
	op.Asked, err = json.Marshal(body.Changes)
	return err
}

// ListHeld implements gen.StrictServerInterface.
func (o *operations) ListHeld(ctx context.Context, _ gen.ListHeldRequestObject) (gen.ListHeldResponseObject, error) {
	v, err := o.now(ctx, nil)
	if err != nil {
		return nil, err
	}
	found, err := o.Catalogue.HeldOperations(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	if err != nil {
		return nil, err
	}
	out := gen.ListHeld200JSONResponse{MayDismiss: actorIn(ctx).May(ledger.KindHeldDismiss) == nil, Items: make([]gen.Held, len(found))}
	for i := range found {
		if out.Items[i], err = o.toHeldOperation(ctx, v, &found[i], people); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (o *operations) toHeldOperation(ctx context.Context, v *chronicle.View, h *ledger.HeldOperation, people named) (gen.Held, error) {
	out := gen.Held{
		OpId: h.OpID, Author: people.actor(h.Actor), Device: h.Device, HappenedAt: inChina(h.HappenedAt), DeviceAt: inChina(h.ToldAt), ReceivedAt: inChina(h.ReceivedAt),
		Why: gen.Text{Zh: h.Refusal.ZH, En: h.Refusal.EN}, Cases: []gen.CaseRef{}, Photos: []gen.HeldPhoto{}, Settled: gen.HeldSettled(h.Settled), Reason: optional(h.Reason),
	}
	if h.Settled != "" {
		by := people.actor(h.SettledBy)
		out.SettledBy, out.SettledAt = &by, inChinaPtr(h.SettledAt)
	}
	for _, id := range h.Cases {
		if c := v.Case(id); c != nil {
			out.Cases = append(out.Cases, toCaseRef(c))
		}
	}
	for _, hash := range h.Photos {
		stored, err := o.Photos.Sent(ctx, photo.Hash(hash), h.Actor)
		if err != nil {
			return out, err
		}
		out.Photos = append(out.Photos, gen.HeldPhoto{Sha256: hex.EncodeToString(hash), Stored: stored})
	}
	return out, json.Unmarshal(h.Asked, &out.Changes)
}

// getHeldPhoto shows a picture of a held operation to those who see the operation.
func (s *Server) getHeldPhoto(c echo.Context) error {
	op, err := uuid.Parse(c.Param("op"))
	hash, errHash := hex.DecodeString(c.Param("sha256"))
	if err != nil || errHash != nil {
		return fault.New(fault.KindInvalid, "bad_request", "请求格式有误", "the request is malformed")
	}
	ctx := c.Request().Context()
	h, found, err := s.Catalogue.HeldOperation(ctx, scopeIn(ctx), op)
	if err != nil {
		return err
	}
	if !found || !slices.ContainsFunc(h.Photos, func(each []byte) bool { return bytes.Equal(each, hash) }) {
		return fault.New(fault.KindNotFound, "photo_not_found", "没有这张照片，可能已被删除", "there is no such photo; it may have been removed")
	}
	content, err := s.Photos.OpenSent(ctx, photo.Hash(hash), h.Actor)
	if err != nil {
		return err
	}
	defer content.Close() //nolint:errcheck // read only
	showPicture(c, content, "inline")
	return nil
}
