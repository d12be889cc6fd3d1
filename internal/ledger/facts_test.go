package ledger_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

var (
	yu   = auth.Actor{ID: "yu", Name: "俞某", Role: "acceptance"}
	zhou = auth.Actor{ID: "zhou", Name: "周某", Role: "district"}
)

func everyBox() []string { return []string{"water", "power", "materials", "products", "equipment"} }

// vacated is a case with its operator, marked up to 拆除.
func (h *house) vacated(t *testing.T) int64 {
	t.Helper()
	out := h.apply(t, shen, ledger.ListCase{
		Parcels: h.parcels(t, 1), On: "2020-03-01", Batch: "第一批", Village: "330411106201",
		Operator: &ledger.EnterpriseDraft{Name: "宏盛毛衫厂", Kind: "enterprise", Industry: "1763"},
	})
	id := out.Entries[1].NounID
	for _, m := range []string{"filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished"} {
		h.apply(t, shen, mark(id, m, "2020-05-01"))
	}
	return id
}

func (h *house) refused(t *testing.T, code string, actor auth.Actor, c ledger.Change) {
	t.Helper()
	_, err := h.Apply(t.Context(), actor, operation(c))
	require.True(t, fault.Is(err, code), "%v", err)
}

// TestNobodyIsAcceptedWithoutItsLand: the count would rise and the land not. Who stays
// where they are frees none, and a tenant's land counts in the landlord's case.
func TestNobodyIsAcceptedWithoutItsLand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.vacated(t)
	h.apply(t, auth.Actor{ID: "zhou", Role: "town"}, ledger.MarkMilestone{Case: id, Milestone: "town_checked", On: "2020-06-01", Checks: everyBox()})
	accept := ledger.MarkMilestone{Case: id, Milestone: "accepted", On: "2020-06-02", Checks: everyBox()}
	_, err := h.Apply(t.Context(), yu, operation(accept))
	f, _ := fault.As(err)
	require.NotNil(t, f)
	assert.Equal(t, "还不能验收：尚未登记认定面积（面积计入房东案、改造升级的除外）", f.ZH)

	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	h.apply(t, zhou, ledger.AmendCase{Case: id, Fields: map[string]string{"disposal": "upgrade"}, BaseVersion: d.Case.Version})
	accepted := h.apply(t, yu, accept)
	h.refused(t, "stays_measured", zhou, ledger.AmendCase{Case: id, Fields: map[string]string{"disposal": "close"}, BaseVersion: d.Case.Version + 2})
	h.apply(t, zhou, ledger.UndoBatch{Batch: accepted.BatchID, Reason: "验收有误"})

	h.apply(t, zhou, ledger.AmendCase{Case: id, Fields: map[string]string{"disposal": "close"}, BaseVersion: d.Case.Version + 3})
	measured := h.apply(t, zhou, ledger.MeasureCase{Case: id, Recovered: 10_000_000, Reason: "含宅基地"})
	h.apply(t, yu, accept)
	h.apply(t, shen, ledger.AskSide{Case: id, Side: "unlocked", Reason: "面积有误"})
	h.apply(t, zhou, ledger.DecideSide{Case: id, Side: "unlocked", Approve: true})
	h.refused(t, "stays_measured", zhou, ledger.MeasureCase{Case: id})
	h.refused(t, "stays_measured", zhou, ledger.UndoBatch{Batch: measured.BatchID, Reason: "误操作"})
	require.NoError(t, h.verify(t))
}

func TestFromListingToClosingWithOperatorAndLand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.vacated(t)
	h.refused(t, "effective_beyond", zhou, ledger.MeasureCase{Case: id, Recovered: 100, Effective: 101})
	h.refused(t, "area_differs", zhou, ledger.MeasureCase{Case: id, Recovered: 10_000_000, Effective: 1_000_000})
	h.apply(t, zhou, ledger.MeasureCase{Case: id, Recovered: 10_000_000, Effective: 1_000_000, Reason: "含宅基地"})
	h.apply(t, auth.Actor{ID: "zhou", Role: "town"}, ledger.MarkMilestone{Case: id, Milestone: "town_checked", On: "2020-06-01", Checks: everyBox()})
	h.refused(t, "same_person", zhou, ledger.MarkMilestone{Case: id, Milestone: "accepted", On: "2020-06-02", Checks: everyBox()})
	h.refused(t, "evidence_missing", yu, ledger.MarkMilestone{Case: id, Milestone: "accepted", On: "2020-06-02"})
	h.apply(t, yu, ledger.MarkMilestone{Case: id, Milestone: "accepted", On: "2020-06-02", Checks: everyBox()})
	h.refused(t, "locked", zhou, ledger.MeasureCase{Case: id, Recovered: 100})
	h.apply(t, shen, ledger.AskSide{Case: id, Side: "rebounded", Reason: "夜间用电"})
	h.refused(t, "stopped", zhou, ledger.MarkMilestone{Case: id, Milestone: "closed", On: "2020-06-03"})
	h.apply(t, shen, ledger.LeaveSide{Case: id, Side: "rebounded"})
	h.apply(t, zhou, ledger.MarkMilestone{Case: id, Milestone: "closed", On: "2020-06-03"})

	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, "enterprise", d.Case.Kind, "from its operator")
	assert.Equal(t, "宏盛毛衫厂", d.Case.Label)
	assert.Equal(t, "330411106201", d.Case.Village)
	assert.EqualValues(t, 10_000_000, d.Case.Recovered)
	assert.Equal(t, 1, d.Case.Rebounds)
	assert.Equal(t, "2020-06-09", string(d.Case.Marks["closed"].PlanOn), "five workdays after the acceptance")
	book, err := chronicle.Open(t.Context(), h.store)
	require.NoError(t, err)
	on, _ := book.Now(auth.Everything(), "2020-09-30").Case(id).Passed("closed")
	assert.Equal(t, campaign.Date("2020-06-03"), on, "lists know the milestones, not the slot alone")
	require.NoError(t, h.verify(t))
}

func TestAHoldIsApprovedAndSurvivesARead(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	h.apply(t, shen, ledger.AskSide{Case: id, Side: "held", Reason: "诉讼"})
	h.refused(t, "own_request", shen, ledger.DecideSide{Case: id, Side: "held", Approve: true})
	h.apply(t, zhou, ledger.DecideSide{Case: id, Side: "held", Approve: true})
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, map[string]campaign.Side{"held": {Since: "2020-09-30", Reason: "诉讼", By: "shen", Approved: "zhou"}}, d.Case.Sides)
	assert.Empty(t, d.Case.Requests)
	h.apply(t, lu, ledger.LeaveSide{Case: id, Side: "held"})
	h.apply(t, shen, ledger.ApplyTemplate{Case: h.filed(t), Template: "enforcement"})
	require.NoError(t, h.verify(t))
}

// filed is a case up to 建档.
func (h *house) filed(t *testing.T) int64 {
	t.Helper()
	id := h.list(t, h.tenanted(t)...)
	h.apply(t, shen, mark(id, "filed", "2020-03-25"))
	return id
}

// tenanted are parcels of their own.
func (h *house) tenanted(t *testing.T) []int64 {
	t.Helper()
	out := h.apply(t, auth.System(), drafts(ledger.ParcelDraft{Row: 1, Code: "T1", Label: "厂房", Geometry: square(120.62, 30.66, 0.0005)}))
	return []int64{out.Entries[0].NounID}
}

func TestSixTenantsOfOneParcelCountItsLandOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.tenanted(t)
	h.apply(t, shen, ledger.ListCase{Parcels: parcel, On: "2020-03-01", Label: "房东", Kind: "enterprise"})
	for _, name := range []string{"一号", "二号", "三号", "四号", "五号"} {
		h.apply(t, shen, ledger.ListCase{Parcels: parcel, On: "2020-03-01", Label: name, Kind: "workshop", Landless: true})
	}
	d, err := h.store.Parcel(t.Context(), auth.Everything(), parcel[0])
	require.NoError(t, err)
	require.Len(t, d.Cases, 6)
	var land int64
	for _, c := range d.Cases {
		land += int64(c.Land)
	}
	assert.EqualValues(t, d.Area, land)
}

func TestACampaignsDataChangeWithoutLosingItsCases(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.listed(t)
	running, err := h.store.Running(t.Context())
	require.NoError(t, err)
	next := running.Definition
	next.Name.ZH = "2020年度“低散乱”攻坚"
	next.Tracks = append([]campaign.Track{}, next.Tracks...)
	next.Tracks[0].Milestones = append([]campaign.Milestone{}, next.Tracks[0].Milestones...)
	next.Tracks[0].Milestones[7].Name.ZH = "清空"
	h.apply(t, zhou, ledger.AmendCampaign{BaseVersion: running.Version, Definition: next})
	h.refused(t, "changed_by_another", zhou, ledger.AmendCampaign{BaseVersion: running.Version, Definition: next})
	shorter := next
	shorter.Tracks = append([]campaign.Track{}, next.Tracks...)
	shorter.Tracks[0].Milestones = shorter.Tracks[0].Milestones[:5]
	shorter.Tracks[0].Milestones[0].OtherThan = nil
	h.refused(t, "bad_campaign", zhou, ledger.AmendCampaign{BaseVersion: running.Version + 1, Definition: shorter})
	h.refused(t, "track_gone", zhou, ledger.AmendCampaign{BaseVersion: running.Version + 1, Definition: withoutTrack(next, "move_in")})
	now, err := h.store.Running(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "2020年度“低散乱”攻坚", now.Definition.Name.ZH)
	assert.Equal(t, "清空", now.Definition.Tracks[0].Milestones[7].Name.ZH)
	require.NoError(t, h.verify(t))
}

// withoutTrack is the definition without a track, its sheets and lists, and the metrics that count on it.
func withoutTrack(d campaign.Definition, code string) campaign.Definition {
	d.Sheets = slices.DeleteFunc(slices.Clone(d.Sheets), func(s campaign.Sheet) bool { return slices.Contains(s.Tracks, code) })
	d.Watches = slices.DeleteFunc(slices.Clone(d.Watches), func(w campaign.Watch) bool { return w.Track == code })
	var tracks []campaign.Track
	for _, t := range d.Tracks {
		if t.Code != code {
			tracks = append(tracks, t)
		}
	}
	var metrics []campaign.Metric
	appraised := *d.Appraisal
	for _, m := range d.Metrics {
		if m.Counts.Track == code {
			m.Counts = campaign.Counting{}
			appraised.Items = slices.DeleteFunc(slices.Clone(appraised.Items), func(i campaign.AppraisalItem) bool { return i.Metric == m.Code })
		}
		metrics = append(metrics, m)
	}
	d.Tracks, d.Metrics, d.Appraisal = tracks, metrics, &appraised
	return d
}

func TestAListingWithItsOperatorIsTakenBackWhole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	out := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1), Operator: &ledger.EnterpriseDraft{Name: "宏盛厂", Kind: "workshop"}})
	enterprise := out.Entries[0].NounID
	h.refused(t, "unknown_kind", shen, ledger.EnterEnterprise{EnterpriseDraft: ledger.EnterpriseDraft{Name: "某厂", Kind: "factory"}})
	h.apply(t, shen, ledger.AmendEnterprise{Enterprise: enterprise, BaseVersion: 1, EnterpriseDraft: ledger.EnterpriseDraft{Name: "宏盛毛衫厂", Kind: "workshop", Evaluations: map[string]string{"2019": "D"}}})
	h.refused(t, "undo_blocked", shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "误列"})
	h.refused(t, "changed_by_another", shen, ledger.AmendEnterprise{Enterprise: enterprise, BaseVersion: 1, EnterpriseDraft: ledger.EnterpriseDraft{Name: "x", Kind: "workshop"}})
	fresh := h.apply(t, shen, ledger.ListCase{Parcels: h.tenanted(t), Operator: &ledger.EnterpriseDraft{Name: "锦福厂", Kind: "workshop"}})
	h.apply(t, shen, ledger.UndoBatch{Batch: fresh.BatchID, Reason: "误列"})
	_, err := h.store.Case(t.Context(), auth.Everything(), fresh.Entries[1].NounID)
	require.True(t, fault.Is(err, "case_not_found"))
	require.NoError(t, h.verify(t))
}

func TestReasonsNotesAndFloorAreJournalled(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	h.apply(t, shen, ledger.AskSide{Case: id, Side: "blocked", ReasonCode: "compensation", Reason: "差价三万元"})
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, campaign.Side{Since: "2020-09-30", Reason: "补偿未谈拢：差价三万元", Code: "compensation", By: "shen", Until: "2020-10-15"}, d.Case.Sides["blocked"])
	h.apply(t, shen, ledger.LeaveSide{Case: id, Side: "blocked", Note: "已谈拢"})
	h.apply(t, shen, ledger.AskSide{Case: id, Side: "held", Reason: "住院"})
	h.apply(t, zhou, ledger.DecideSide{Case: id, Side: "held", Note: "材料不足"})
	floor := geo.FromSquareMetres(51_200)
	h.apply(t, zhou, ledger.MeasureCase{Case: id, Recovered: 10_000_000, Effective: 1_000_000, Floor: &floor, Reason: "含宅基地"})
	entries, err := h.store.Timeline(t.Context(), auth.Everything(), ledger.NounCase, id)
	require.NoError(t, err)
	var notes []string
	for _, e := range entries {
		notes = append(notes, e.Body.Note)
	}
	assert.Equal(t, []string{"", "", "已谈拢", "", "材料不足", "含宅基地"}, notes)
	d, err = h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, floor, d.Case.Floor)
	require.NoError(t, h.verify(t))
}

func TestNotApplicableIsTakenBackAndVerified(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.filed(t)
	h.apply(t, shen, ledger.ApplyTemplate{Case: id, Template: "enforcement"})
	h.refused(t, "later_marked", shen, ledger.MarkApplicable{Case: id, Milestone: "planned"})
	h.apply(t, shen, ledger.MarkApplicable{Case: id, Milestone: "signed", Reason: "同意签约"})
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.False(t, d.Case.Marks["signed"].Passed())
	assert.True(t, d.Case.Marks["valued"].Passed())
	require.NoError(t, h.verify(t))
}

// TestSidesOfOlderEntriesHaveNoCode: what was journalled before reasons had codes folds to the same bytes.
func TestSidesOfOlderEntriesHaveNoCode(t *testing.T) {
	t.Parallel()
	old := ledger.Fields{
		"side/blocked":     json.RawMessage(`{"since":"2020-08-24","reason":"补偿未谈拢","by":"shen"}`),
		"request/extended": json.RawMessage(`{"on":"2020-09-17","reason":"出口订单未交货","by":"lu","milestone":"stopped","until":"2020-11-20"}`),
	}
	c, err := ledger.CaseOf(7, 3, old)
	require.NoError(t, err)
	assert.Equal(t, campaign.Side{Since: "2020-08-24", Reason: "补偿未谈拢", By: "shen"}, c.Sides["blocked"])
	again, err := ledger.CaseFields(c, campaign.Standing{})
	require.NoError(t, err)
	for key, text := range old {
		assert.Equal(t, string(text), string(again[key]))
	}
}
