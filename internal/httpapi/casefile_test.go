package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type words struct{ ZH, EN string }

type area struct{ M2, Mu float64 }

type caseAction struct {
	Kind, Side string
	Approve    *bool
	Button     words
	Approval   bool
	Needs      []string
	Reasons    []struct{ Code string }
	Refusal    *words
}

type caseDetail struct {
	Case struct {
		Code    string
		Version int64
		Sides   []string
	}
	Enterprise *struct {
		Label, Industry string
		Kind            struct{ Code string }
		AboveScale      bool `json:"above_scale"`
		Evaluations     map[string]string
		Own             *struct{ Name, Code string }
	}
	Village *words
	Sides   []struct {
		Side, Since, Reason string
		ReasonCode          string `json:"reason_code"`
		By, Approved        struct{ Name string }
	}
	Requests []struct {
		Side, Reason string
		By           struct{ Name string }
	}
	Areas struct {
		Parcels, Plane, Land           area
		Recovered, Effective, Deducted *area
		Differs                        float64
	}
	Tenants []struct {
		Code  string
		Share area
	}
	LandIn   *struct{ Code string } `json:"land_in"`
	Actions  []caseAction
	Timeline []struct {
		Text words
		Note string
		Late bool

		DeviceAt *time.Time `json:"device_at"`
		WaitedMS *int64     `json:"waited_ms"`
	}
	Conflicts []struct{ Text words }
}

// file is the case as a person sees it.
func (h *house) file(t *testing.T, as string, id int64) *caseDetail {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1/cases/" + number(id), as: as})
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var d caseDetail
	a.into(t, &d)
	return &d
}

// holding are the actions about 暂缓.
func (d *caseDetail) holding() []caseAction {
	var list []caseAction
	for _, a := range d.Actions {
		if a.Side == "held" {
			list = append(list, a)
		}
	}
	return list
}

func TestAHoldIsAskedForRefusedToItsAuthorAndApproved(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	in := h.file(t, "shen", id).holding()
	require.Len(t, in, 1)
	assert.Equal(t, words{"申请暂缓", "ask for a hold"}, in[0].Button)
	assert.True(t, in[0].Approval)
	assert.NotEmpty(t, in[0].Reasons)

	h.change(t, "shen", fields{"kind": "case.ask", "case_id": id, "side": "held", "reason_code": "illness", "reason": "住院至十月"})
	own := h.file(t, "shen", id)
	assert.Equal(t, "经营者伤病：住院至十月", own.Requests[0].Reason)
	assert.Equal(t, "沈某", own.Requests[0].By.Name)
	require.Len(t, own.holding(), 2)
	for _, a := range own.holding() {
		assert.Equal(t, "审批人不能是申请人", a.Refusal.ZH)
	}
	assert.Nil(t, h.file(t, "lu", id).holding()[0].Refusal)
	a := h.post(t, "shen", text(t, operation(fields{"kind": "case.decide", "case_id": id, "side": "held", "approve": true})))
	assert.Equal(t, "own_request", a.problem(t).Code)

	h.change(t, "lu", fields{"kind": "case.decide", "case_id": id, "side": "held", "approve": true, "note": "情况属实"})
	d := h.file(t, "shen", id)
	assert.Equal(t, []string{"held"}, d.Case.Sides)
	assert.Equal(t, "illness", d.Sides[0].ReasonCode)
	assert.Equal(t, "沈某", d.Sides[0].By.Name)
	assert.Equal(t, "陆某", d.Sides[0].Approved.Name)
	assert.Equal(t, "恢复办理", d.holding()[0].Button.ZH)
	assert.Equal(t, words{"通过申请暂缓", "on hold: approved"}, d.Timeline[0].Text)
	assert.Equal(t, "情况属实", d.Timeline[0].Note)
	assert.True(t, d.Timeline[2].Late, "listed for 1 March, entered later")

	bad := h.post(t, "shen", text(t, operation(fields{"kind": "case.ask", "case_id": id, "side": "blocked", "reason_code": "weather"})))
	assert.Equal(t, "unknown_reason", bad.problem(t).Code)
}

func TestTheCaseSaysWhoseItIsAndWhatItCounts(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "联建厂房")
	landlord := h.change(t, "shen", fields{
		"kind": "case.list", "parcel_ids": parcels, "date": "2020-03-01", "village": "330411106201",
		"enterprise": fields{"name": "宏兴织造厂", "label": "宏*织造厂", "kind": "enterprise", "industry": "1751", "above_scale": true, "evaluations": fields{"2019": "D"}},
	}).Entries[1].NounID
	tenant := h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels, "date": "2020-03-01", "label": "承租户一", "landless": true}).Entries[0].NounID

	d := h.file(t, "", landlord)
	assert.Equal(t, "宏*织造厂", d.Enterprise.Label)
	assert.Equal(t, "宏兴织造厂", d.Enterprise.Own.Name)
	assert.Equal(t, map[string]string{"2019": "D"}, d.Enterprise.Evaluations)
	assert.True(t, d.Enterprise.AboveScale)
	assert.NotEmpty(t, d.Village.ZH)
	assert.Nil(t, d.LandIn)
	require.Len(t, d.Tenants, 1)
	assert.Zero(t, d.Tenants[0].Share.M2)

	m2 := d.Areas.Parcels.M2
	assert.InEpsilon(t, m2, d.Areas.Plane.M2, 0.001)
	assert.NotEqual(t, m2, d.Areas.Plane.M2)
	a := h.post(t, "lu", text(t, operation(fields{"kind": "case.measure", "case_id": landlord, "recovered_m2": m2 * 1.063, "effective_m2": 100})))
	assert.Equal(t, "认定面积与图斑面积相差 6.3%，请填写原因", a.problem(t).Detail)
	h.change(t, "lu", fields{"kind": "case.measure", "case_id": landlord, "recovered_m2": m2 * 1.063, "effective_m2": 100, "reason": "含宅基地"})
	d = h.file(t, "", landlord)
	assert.InDelta(t, 6.3, d.Areas.Differs, 0.001)
	assert.InDelta(t, m2*1.063-100, d.Areas.Deducted.M2, 0.02)

	other := h.file(t, "", tenant)
	assert.Equal(t, d.Case.Code, other.LandIn.Code)
	assert.InDelta(t, m2, other.Tenants[0].Share.M2, 0.001)
}

func TestAConflictShowsBothValuesWithTheirAuthorsAndIsResolved(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	version := h.file(t, "shen", id).Case.Version
	amend := func(who string) fields {
		return fields{"kind": "case.amend", "case_id": id, "base_version": version, "fields": fields{"responsible": who}}
	}
	h.tellsItsOwnTime(t, id, operation(amend("沈某")))
	assert.Equal(t, "quarantined", h.change(t, "lu", amend("陆某")).Outcome)

	var list []struct {
		ID           int64
		Case         struct{ Code string }
		FieldName    words                 `json:"field_name"`
		StandingText words                 `json:"standing_text"`
		KeptText     words                 `json:"kept_text"`
		StandingBy   struct{ Name string } `json:"standing_by"`
		StandingAt   string                `json:"standing_at"`
		Actor        struct{ Name string }
		Resolved     bool
		Resolution   string
	}
	h.get(t, "/conflicts").into(t, &list)
	require.Len(t, list, 1)
	k := list[0]
	assert.Equal(t, []string{"责任人", "沈某", "陆某", "沈某", "陆某"}, []string{k.FieldName.ZH, k.StandingText.ZH, k.KeptText.ZH, k.StandingBy.Name, k.Actor.Name})
	assert.NotEmpty(t, k.StandingAt)
	assert.Equal(t, "责任人：现值 沈某，另一值 陆某", h.file(t, "", id).Conflicts[0].Text.ZH)

	h.change(t, "lu", fields{"kind": "conflict.resolve", "conflict_id": k.ID, "choose": "kept", "reason": "已交接"})
	h.get(t, "/conflicts").into(t, &list)
	assert.True(t, list[0].Resolved)
	assert.Equal(t, "kept", list[0].Resolution)
	top := h.file(t, "", id).Timeline[0]
	assert.Equal(t, "核对后改正", top.Text.ZH)
	assert.Equal(t, "已交接", top.Note)
}

// tellsItsOwnTime sends an operation as a phone does: what its clock showed and how long it waited are kept beside the
// server's time; a repeat has waited longer, and the first word counts.
func (h *house) tellsItsOwnTime(t *testing.T, id int64, op fields) {
	t.Helper()
	at := "2020-09-30T06:19:00.25Z"
	first := h.post(t, "shen", text(t, op.and("device_at", at).and("waited_ms", 1200)))
	require.Equal(t, http.StatusOK, first.status, "%s", first.body)
	again := h.post(t, "shen", text(t, op.and("device_at", at).and("waited_ms", 90_000)))
	assert.JSONEq(t, string(first.body), string(again.body))
	other := h.post(t, "shen", text(t, op.and("device_at", "2020-09-30T06:20:00Z")))
	assert.Equal(t, "operation_id_reused", other.problem(t).Code)
	assert.Equal(t, http.StatusBadRequest, h.post(t, "shen", text(t, operation().and("device_at", at).and("waited_ms", -1))).status)

	line := h.file(t, "shen", id).Timeline
	require.NotNil(t, line[0].DeviceAt)
	assert.Equal(t, at, line[0].DeviceAt.UTC().Format("2006-01-02T15:04:05.99Z07:00"))
	assert.EqualValues(t, 1200, *line[0].WaitedMS)
	assert.Nil(t, line[1].DeviceAt, "listed at a desk")
}

func TestTheStreamTellsASentence(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	out := h.change(t, "shen", fields{"kind": "case.ask", "case_id": id, "side": "blocked", "reason_code": "compensation"})
	stream := h.stream(t, number(out.Revision-1))
	require.Equal(t, "hello", stream.next(t).kind)
	said := stream.next(t).data
	code := h.file(t, "", id).Case.Code
	assert.Contains(t, said, `"zh":"沈某 报卡点 · `+code+` 凤桥村作坊1号"`)
	assert.NotContains(t, strings.SplitN(said, `"text"`, 2)[1], "补偿未谈拢", "the reason is for the case's readers")
}

// TestTheClassOfTheOperatorShowsOnItsCases: 亩均评价 of the year before the campaign's, in lists and live.
func TestTheClassOfTheOperatorShowsOnItsCases(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "联建厂房", "空厂房")
	operator := fields{"name": "宏兴织造厂", "kind": "enterprise", "evaluations": fields{"2019": "D", "2018": "B"}}
	listed := h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels[:1], "date": "2020-03-01", "enterprise": operator})
	h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels[1:], "date": "2020-03-01", "label": "作坊"})
	classes := func() map[string]string {
		var page struct {
			Items []struct{ Label, Evaluation string }
		}
		h.get(t, "/cases").into(t, &page)
		found := map[string]string{}
		for _, c := range page.Items {
			found[c.Label] = c.Evaluation
		}
		return found
	}
	assert.Equal(t, map[string]string{"宏兴织造厂": "D", "作坊": ""}, classes())

	var enterprise int64
	for _, e := range listed.Entries {
		if e.Noun == "enterprise" {
			enterprise = e.NounID
		}
	}
	operator["evaluations"] = fields{"2019": "A"}
	out := h.change(t, "lu", fields{"kind": "enterprise.amend", "enterprise_id": enterprise, "base_version": 1, "enterprise": operator})
	assert.Equal(t, map[string]string{"宏兴织造厂": "A", "作坊": ""}, classes())
	stream := h.stream(t, number(out.Revision-1))
	require.Equal(t, "hello", stream.next(t).kind)
	assert.Contains(t, stream.next(t).data, `"evaluation":"A"`)
}
