package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// boxes are ticked at the town's check and at the acceptance (两断三清).
var boxes = []string{"water", "power", "materials", "products", "equipment"}

// accepted is a case that was measured and accepted, each step by somebody who may.
func (h *house) accepted(t *testing.T, parcel int64, m2 float64) int64 {
	t.Helper()
	id := h.listed(t, parcel)
	for _, code := range []string{"filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished"} {
		h.change(t, "shen", milestone(id, code, "2020-09-20"))
	}
	h.change(t, "wang", milestone(id, "town_checked", "2020-09-21").and("checks", boxes))
	h.change(t, "lu", fields{"kind": "case.measure", "case_id": id, "recovered_m2": m2, "effective_m2": m2 / 2})
	h.change(t, "zhou", milestone(id, "accepted", "2020-09-22").and("checks", boxes))
	return id
}

// TestAcceptedLandIsMeasuredAgainOnlyWhileUnlocked: asked for, approved by another, measured, locked again.
func TestAcceptedLandIsMeasuredAgainOnlyWhileUnlocked(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.parcels(t, "宏联织造厂")[0]
	m2 := read[gen.ParcelDetail](t, h, "/parcels/"+number(parcel)).M2
	id := h.accepted(t, parcel, m2)
	measure := fields{"kind": "case.measure", "case_id": id, "recovered_m2": m2 * 0.98, "effective_m2": m2 / 3}
	ask := fields{"kind": "case.ask", "case_id": id, "side": "unlocked", "reason_code": "area"}
	refused := func(as string, change fields) string {
		return h.post(t, as, text(t, operation(change))).problem(t).Detail
	}
	button := func(kind string) caseAction {
		for _, a := range h.file(t, "lu", id).Actions {
			if a.Kind == kind && (a.Side == "unlocked" || kind == "case.measure") {
				return a
			}
		}
		require.Fail(t, "no such button", kind)
		return caseAction{}
	}
	const locked = "该事项已验收，数据已锁定，请申请解锁"
	assert.Equal(t, locked, refused("lu", measure))
	assert.Equal(t, locked, button("case.measure").Refusal.ZH)
	assert.Equal(t, "申请解锁", button("case.ask").Button.ZH)

	h.change(t, "shen", ask)
	assert.Equal(t, locked, refused("lu", measure), "asked for is not approved")
	assert.EqualValues(t, 1, h.strip(t, "lu")["review"].Count)
	assert.Equal(t, "审批人不能是申请人", refused("shen", fields{"kind": "case.decide", "case_id": id, "side": "unlocked", "approve": true}))
	h.change(t, "lu", fields{"kind": "case.decide", "case_id": id, "side": "unlocked", "approve": true})

	open := h.file(t, "lu", id)
	assert.Equal(t, []string{"unlocked"}, open.Case.Sides)
	assert.Nil(t, button("case.measure").Refusal)
	h.change(t, "lu", measure)
	assert.InDelta(t, m2*0.98, h.file(t, "lu", id).Areas.Recovered.M2, 0.01)
	assert.Equal(t, "重新锁定", button("case.leave").Button.ZH)
	h.change(t, "lu", fields{"kind": "case.leave", "case_id": id, "side": "unlocked"})
	assert.Equal(t, locked, refused("lu", measure))
	closed := h.change(t, "lu", milestone(id, "closed", "2020-09-25"))
	figures := read[gen.Figures](t, h, "/figures?min_revision="+number(closed.Revision))
	assert.InDelta(t, m2*0.98, float64(figures.Total.Metrics[2].Exact)/10_000, 0.01, "the figures count what was measured last")
}

func TestWhatIsNotLockedNeedsNoUnlocking(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "宏联织造厂")...)
	p := h.post(t, "lu", text(t, operation(fields{"kind": "case.ask", "case_id": id, "side": "unlocked", "reason_code": "area"}))).problem(t)
	assert.Equal(t, "not_locked", p.Code)
	assert.Equal(t, "该事项的数据没有锁定，不需要解锁", p.Detail)
}
