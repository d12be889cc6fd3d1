package httpapi_test

import (
	"bytes"
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// witness remembers who was shown what, and why.
type witness struct {
	mu   sync.Mutex
	seen []string
	away error
}

func (w *witness) Shown(_ context.Context, actor auth.Actor, object, reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, actor.ID+" "+object+" "+reason)
	return w.away
}

const (
	planted = "13867310842"
	citizen = "11010519491231002X"
)

// reachable is an enterprise of 洪合 with a contact.
func (h *house) reachable(t *testing.T) int64 {
	t.Helper()
	entered := h.change(t, "mei", fields{"kind": "enterprise.enter", "enterprise": fields{"name": "宏兴毛衫加工点", "kind": "workshop", "unit": "honghe"}})
	id := entered.Entries[0].NounID
	h.change(t, "mei", putContact(id, 0))
	return id
}

func putContact(id, base int64) fields {
	f := fields{"kind": "contact.put", "enterprise_id": id, "contact": fields{"name": "褚志明", "phone": "138-6731 0842", "identity": citizen}}
	if base > 0 {
		f["base_version"] = base
	}
	return f
}

func (h *house) contact(t *testing.T, as string, id int64) (gen.Contact, answer) {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1/enterprises/" + number(id) + "/contact", as: as})
	var c gen.Contact
	if a.status == http.StatusOK {
		a.into(t, &c)
	}
	return c, a
}

func (h *house) show(t *testing.T, as string, id int64, reason string) answer {
	t.Helper()
	return h.ask(t, request{
		method: http.MethodPost, path: "/api/v1/enterprises/" + number(id) + "/contact/shown", as: as,
		header: map[string]string{"Content-Type": "application/json"}, body: bytes.NewBufferString(text(t, fields{"reason": reason})),
	})
}

func TestAContactIsMaskedAndShownOnPurpose(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.reachable(t)
	c, a := h.contact(t, "mei", id)
	assert.Equal(t, [3]string{"褚**", "138****0842", "1101**********002X"}, [3]string{*c.Masked.Name, *c.Masked.Phone, *c.Masked.Identity})
	assert.NotContains(t, string(a.body), planted)

	assert.Equal(t, "reason_missing", h.show(t, "mei", id, " ").problem(t).Code)
	var full gen.ContactDetails
	h.show(t, "mei", id, "上门前联系").into(t, &full)
	assert.Equal(t, [3]string{"褚志明", planted, citizen}, [3]string{*full.Name, *full.Phone, *full.Identity})
}

// TestWhoEnteredAndErasedAContactStandsInTheTimeline: that it was done, by whom and why, nothing of what it says; not in another unit's eyes.
func TestWhoEnteredAndErasedAContactStandsInTheTimeline(t *testing.T) {
	t.Parallel()
	h := setup(t)
	listed := h.change(t, "mei", fields{"kind": "case.list", "parcel_ids": h.parcels(t, "甲"), "date": "2020-03-01", "enterprise": fields{"name": "宏兴毛衫加工点", "kind": "workshop", "unit": "honghe"}})
	var file, firm int64
	for _, e := range listed.Entries {
		switch e.Noun {
		case ledger.NounCase:
			file = e.NounID
		case ledger.NounEnterprise:
			firm = e.NounID
		}
	}
	h.change(t, "mei", putContact(firm, 0))
	h.change(t, "lu", fields{"kind": "contact.erase", "enterprise_id": firm, "base_version": 1, "reason": "本人要求"})
	a := h.ask(t, request{path: "/api/v1/cases/" + number(file), as: "shen"})
	var detail gen.CaseDetail
	a.into(t, &detail)
	require.Len(t, detail.Timeline, 3)
	assert.Equal(t, "清除联系方式", detail.Timeline[0].Text.Zh)
	assert.Equal(t, "本人要求", *detail.Timeline[0].Note)
	assert.Equal(t, "登记联系方式", detail.Timeline[1].Text.Zh)
	for _, personal := range []string{"褚志明", "0842", citizen} {
		assert.NotContains(t, string(a.body), personal)
	}
	h.apply(t, auth.System(), ledger.PutPerson{Code: "elsewhere", Name: "某", Role: campaign.RoleTown, Unit: "wangdian"})
	other := h.ask(t, request{path: "/api/v1/cases/" + number(file), as: "elsewhere"})
	assert.NotContains(t, string(other.body), "联系方式")
}

func TestAContactOfAnotherUnitIsNotThere(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.apply(t, auth.System(), ledger.PutPerson{Code: "xu", Name: "徐某", Role: "town", Unit: "wangdian"})
	h.apply(t, auth.System(), ledger.PutPerson{Code: "gu", Name: "顾某", Role: "viewer"})
	id := h.reachable(t)
	_, a := h.contact(t, "xu", id)
	assert.Equal(t, "enterprise_not_found", a.problem(t).Code)
	assert.Equal(t, "enterprise_not_found", h.show(t, "xu", id, "看看").problem(t).Code)
	assert.Equal(t, "other_unit", h.post(t, "xu", text(t, operation(putContact(id, 1)))).problem(t).Code)
	assert.Equal(t, "no_right", h.show(t, "gu", id, "看看").problem(t).Code)
	masked, _ := h.contact(t, "gu", id)
	assert.Equal(t, "138****0842", *masked.Masked.Phone)
}

func TestErasingDestroysWhatWasEverEntered(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.reachable(t)
	h.change(t, "mei", putContact(id, 1).and("contact", fields{"phone": "0573-83711234"}))
	assert.Equal(t, "no_right", h.post(t, "mei", text(t, operation(fields{"kind": "contact.erase", "enterprise_id": id, "base_version": 2, "reason": "本人要求"}))).problem(t).Code)
	erased := h.change(t, "lu", fields{"kind": "contact.erase", "enterprise_id": id, "base_version": 2, "reason": "本人要求"})
	c, _ := h.contact(t, "mei", id)
	assert.True(t, c.Erased)
	assert.Nil(t, c.Masked)
	assert.Equal(t, "no_contact", h.show(t, "mei", id, "上门前联系").problem(t).Code)
	assert.Equal(t, "not_undoable", h.post(t, "lu", text(t, operation(fields{"kind": "batch.undo", "batch_id": erased.BatchID, "reason": "误"}))).problem(t).Code)
	h.change(t, "mei", putContact(id, 3))
	c, _ = h.contact(t, "mei", id)
	assert.Equal(t, "138****0842", *c.Masked.Phone, "another person, under a key of their own")
}

func TestContactsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.reachable(t)
	for code, contact := range map[string]fields{
		"contact_phone": {"phone": "12345"}, "contact_identity": {"identity": "110105194912310021"}, "contact_empty": {},
	} {
		assert.Equal(t, code, h.post(t, "mei", text(t, operation(putContact(id, 1).and("contact", contact)))).problem(t).Code)
	}
	assert.Equal(t, "contact_changed", h.post(t, "mei", text(t, operation(putContact(id, 0)))).problem(t).Code)
}

// TestARepeatedContactIsTheSameOperation: what is sealed differs each time, the operation does not.
func TestARepeatedContactIsTheSameOperation(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.reachable(t)
	op := operation(putContact(id, 1).and("contact", fields{"phone": "0573-83711234"}))
	first, second := h.post(t, "mei", text(t, op)), h.post(t, "mei", text(t, op))
	require.Equal(t, http.StatusOK, second.status, "%s", second.body)
	assert.Equal(t, first.body, second.body)
	assert.NotContains(t, h.log.String(), planted)
}
