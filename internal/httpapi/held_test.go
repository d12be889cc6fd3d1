package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// phoned is an operation as a phone sends it.
func phoned(changes ...fields) fields {
	return operation(changes...).and("happened_at", "2020-09-30T06:00:00Z").and("device_at", "2020-09-30T06:00:00Z")
}

// again is the same sent again by somebody else.
func again(op fields, author string) fields {
	return op.and("op_id", uuid.NewString()).and("replays", fields{"op_id": op["op_id"], "author": author})
}

func dismissal(op fields, reason string) fields {
	return operation(fields{"kind": "held.dismiss", "held": op["op_id"], "reason": reason})
}

// held is the list as a town lead has it.
func (h *house) held(t *testing.T) gen.HeldList {
	t.Helper()
	var list gen.HeldList
	h.ask(t, request{path: "/api/v1/held", as: "shen"}).into(t, &list)
	return list
}

// refuses sends an operation that is to be refused.
func (h *house) refuses(t *testing.T, code, as string, op fields) {
	t.Helper()
	assert.Equal(t, code, h.post(t, as, text(t, op)).problem(t).Code)
}

// TestWhatAPhoneDidAndARuleRefusedIsKeptAndSentAgain: once, under the rights of who sends it, with its author and pictures.
func TestWhatAPhoneDidAndARuleRefusedIsKeptAndSentAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	file := yard(81)
	h.refuses(t, "prerequisite_missing", "shen", operation(milestone(id, "planned", "2020-09-30")))
	assert.Empty(t, h.held(t).Items, "a desk's is not kept: it is before somebody's eyes")
	early := phoned(attach(id, file, "meter"), milestone(id, "planned", "2020-09-30"))
	h.refuses(t, "prerequisite_missing", "mei", early)

	one := h.held(t).Items[0]
	assert.Equal(t, []any{"梅某", "还不能确定方案：尚未建档", id, "planned"}, []any{one.Author.Name, one.Why.Zh, one.Cases[0].Id, *one.Changes[1].Milestone})
	picture := "/api/v1/held/" + one.OpId.String() + "/photos/" + one.Photos[0].Sha256
	assert.Equal(t, "photo_not_arrived", h.ask(t, request{path: picture, as: "shen"}).problem(t).Code)
	h.sent(t, "mei", file)
	assert.True(t, h.held(t).Items[0].Photos[0].Stored)
	assert.Equal(t, "image/jpeg", h.ask(t, request{path: picture, as: "shen"}).header.Get("Content-Type"))
	unknown := "/api/v1/held/" + one.OpId.String() + "/photos/" + photoName("not of it")
	assert.Equal(t, "photo_not_found", h.ask(t, request{path: unknown, as: "shen"}).problem(t).Code)

	h.refuses(t, "prerequisite_missing", "shen", again(early, "mei"))
	h.change(t, "shen", milestone(id, "filed", "2020-03-25"))
	h.refuses(t, "other_author", "shen", again(early, "shen"))
	a := h.post(t, "shen", text(t, again(early, "mei")))
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	h.refuses(t, "already_settled", "shen", again(early, "mei"))
	h.refuses(t, "prerequisite_missing", "mei", early) // the phone hears what it heard
	one = h.held(t).Items[0]
	assert.Equal(t, []any{gen.HeldSettled("replayed"), "沈某"}, []any{one.Settled, one.SettledBy.Name})
	photo := h.vacatedPhotos(t, "shen", id).Photos[0]
	assert.Equal(t, []any{"梅某", gen.PhotoState("stored")}, []any{photo.By.Name, photo.State})
	var d gen.CaseDetail
	h.ask(t, request{path: "/api/v1/cases/" + number(id), as: "shen"}).into(t, &d)
	assert.Equal(t, []any{"沈某", "梅某", (*bool)(nil)}, []any{d.Timeline[0].Actor.Name, d.Timeline[0].Replayed.Name, d.Timeline[0].ReplayedFromFile})
	h.fromAFile(t, id)
}

// fromAFile: what lies on a phone that cannot send is brought on a file; whichever comes second is told so.
func (h *house) fromAFile(t *testing.T, id int64) {
	t.Helper()
	wrong := phoned(milestone(id, "demolished", "2020-09-30"))
	h.refuses(t, "prerequisite_missing", "mei", wrong)
	h.refuses(t, "no_right", "mei", dismissal(wrong, "标错了"))
	h.refuses(t, "reason_missing", "shen", dismissal(wrong, " "))
	h.refuses(t, "held_not_found", "shen", dismissal(phoned(), "没有的"))
	require.Equal(t, http.StatusOK, h.post(t, "shen", text(t, dismissal(wrong, "尚未验收"))).status)
	h.refuses(t, "already_settled", "shen", again(wrong, "mei"))
	reasons := []*string{}
	for _, each := range h.held(t).Items {
		if each.Settled == "dismissed" {
			reasons = append(reasons, each.Reason)
		}
	}
	assert.Equal(t, []*string{new("尚未验收")}, reasons)

	brought := phoned(milestone(id, "notified", "2020-09-30"))
	require.Equal(t, http.StatusOK, h.post(t, "shen", text(t, again(brought, "mei"))).status)
	h.refuses(t, "replayed_already", "mei", brought)
	h.refuses(t, "already_settled", "shen", again(brought, "mei"))
	assert.Len(t, h.held(t).Items, 2, "what came on a file was never refused")
	var d gen.CaseDetail
	h.ask(t, request{path: "/api/v1/cases/" + number(id), as: "shen"}).into(t, &d)
	assert.True(t, *d.Timeline[0].ReplayedFromFile)

	entered := phoned(milestone(id, "valued", "2020-09-30"))
	require.Equal(t, http.StatusOK, h.post(t, "mei", text(t, entered)).status)
	h.refuses(t, "entered_already", "shen", again(entered, "mei"))
}
