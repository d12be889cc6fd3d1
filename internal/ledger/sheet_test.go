package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

var (
	office = auth.Actor{ID: "zhou", Name: "周某", Role: "district"}
	zhang  = auth.Actor{ID: "zhang", Name: "张某", Role: "town", Unit: "honghe"}
)

func rated(classes map[string]string) ledger.EnterpriseDraft {
	return ledger.EnterpriseDraft{Name: "宏盛毛衫厂", Kind: "enterprise", Unit: "honghe", Industry: "1763", AboveScale: true, Evaluations: classes}
}

func values(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

// sheets are the sheets of a noun, as they are stored.
func (h *house) sheets(t *testing.T, noun string, id int64) map[string]campaign.Filled {
	t.Helper()
	news, err := h.store.SheetsSince(t.Context(), 0)
	require.NoError(t, err)
	found := map[string]campaign.Filled{}
	for _, f := range news.Changed {
		if f.Of == noun && f.OfID == id {
			found[f.Sheet] = f
		}
	}
	return found
}

func (h *house) verdict(t *testing.T, id int64) (result, why string) {
	t.Helper()
	f := h.sheets(t, ledger.NounEnterprise, id)[campaign.SheetEligibility]
	return f.Values[campaign.EligibleResult], f.Values[campaign.EligibleWhy]
}

func TestAThirdDMakesATargetOnRecordWithItsReason(t *testing.T) {
	t.Parallel()
	h := setup(t)
	entered := h.apply(t, shen, ledger.EnterEnterprise{EnterpriseDraft: rated(map[string]string{"2018": "D", "2017": "D"})})
	id := entered.Entries[0].NounID
	h.apply(t, shen, ledger.FillSheet{Sheet: "facts", Of: "enterprise", OfID: id, Values: values("location", "park", "land", "12", "legal_land", "yes", "planning", "yes", "zoning", "yes", "policy", "yes")})
	result, _ := h.verdict(t, id)
	require.Equal(t, "no", result)

	third := h.apply(t, shen, ledger.AmendEnterprise{Enterprise: id, BaseVersion: 1, EnterpriseDraft: rated(map[string]string{"2019": "D", "2018": "D", "2017": "D"})})
	result, why := h.verdict(t, id)
	assert.Equal(t, "yes", result)
	assert.Equal(t, "符合：R2 亩均评价连续三年D类（上年度评价：D；前一年度评价：D；前两年度评价：D）", why)
	require.Len(t, third.Entries, 2)
	said := h.entryOf(t, ledger.NounSheet, third.Entries[1])
	assert.Equal(t, ledger.KindSheetJudge, said.Kind)
	assert.JSONEq(t, `"yes"`, string(said.Body.After["value/result"]))
	assert.JSONEq(t, `"no"`, string(said.Body.Before["value/result"]), "from what to what is on record")

	h.apply(t, office, ledger.UndoBatch{Batch: third.BatchID, Reason: "评价等次录错"})
	result, _ = h.verdict(t, id)
	assert.Equal(t, "no", result, "with the class the verdict goes back")
	require.NoError(t, h.verify(t))
}

func TestOtherRulesEvaluateEverybodyAnew(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.apply(t, shen, ledger.EnterEnterprise{EnterpriseDraft: rated(map[string]string{"2019": "A", "2018": "A", "2017": "A"})}).Entries[0].NounID
	h.apply(t, shen, ledger.FillSheet{Sheet: "facts", Of: "enterprise", OfID: id, Values: values("location", "natural_village", "land", "12", "legal_land", "yes", "planning", "yes", "zoning", "yes", "policy", "yes")})
	running, err := h.store.Running(t.Context())
	require.NoError(t, err)
	def := running.Definition
	def.Eligibility = append([]campaign.EligibilityRule{}, def.Eligibility...)
	def.Eligibility[0].Mode = campaign.ModeAny
	h.apply(t, office, ledger.AmendCampaign{BaseVersion: running.Version, Definition: def})
	result, why := h.verdict(t, id)
	assert.Equal(t, "yes", result)
	assert.Contains(t, why, "R1")
	require.NoError(t, h.verify(t))
}

func TestCapacityReplacementIsRefusedBelowZeroAlsoByAnUndo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	unit := h.unitID(t, "honghe")
	row := func(direction, amount, on string) ledger.FillSheet {
		return ledger.FillSheet{Sheet: "replacement", Of: "unit", OfID: unit, Values: values("industry", "fibres", "direction", direction, "amount", amount, "on", on, "project", "宏盛化纤", "doc", "秀洲经商〔2020〕9号", "ratio", "125")}
	}
	retired := h.apply(t, office, row("retired", "100", "2020-05-01"))
	h.refused(t, "balance_negative", office, row("new", "81", "2020-06-01"))
	used := h.apply(t, office, row("new", "80", "2020-06-01"))
	h.refused(t, "balance_negative", office, row("new", "0.01", "2020-06-02"))
	h.refused(t, "balance_negative", office, ledger.UndoBatch{Batch: retired.BatchID, Reason: "录错"})
	h.refused(t, "balance_negative", office, ledger.NewRemoveRow(retired.Entries[0].NounID, 1, "录错"))
	h.refused(t, "no_right", zhang, row("retired", "5", "2020-05-01"))
	h.apply(t, office, ledger.NewRemoveRow(used.Entries[0].NounID, 1, "项目取消"))
	h.apply(t, office, ledger.UndoBatch{Batch: retired.BatchID, Reason: "录错"})
	require.NoError(t, h.verify(t))
}

func TestUpgradedOnlyWithTheEvidenceOfItsWay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1), Track: "upgrade", On: "2020-03-01", Label: "宏盛毛衫厂"}).Entries[0].NounID
	h.apply(t, shen, mark(id, "planned", "2020-04-01"), mark(id, "started", "2020-05-01"))
	h.refused(t, "evidence_missing", yu, mark(id, "accepted", "2020-06-01"))
	first := h.apply(t, shen, ledger.FillSheet{Sheet: "one_policy", Of: "case", OfID: id, Values: values("way", "reserve", "freed", "yes", "freed_mu", "4.2")})
	h.refused(t, "evidence_missing", yu, mark(id, "accepted", "2020-06-01"))
	row := first.Entries[0].NounID
	h.refused(t, "changed_by_another", shen, ledger.FillSheet{Sheet: "one_policy", Of: "case", OfID: id, Values: values("reserve_on", "2020-05-20")})
	h.apply(t, shen, ledger.FillSheet{Sheet: "one_policy", Of: "case", OfID: id, Row: row, BaseVersion: 1, Values: values("reserve_contract", "收储2020-3", "reserve_on", "2020-05-20")})
	h.apply(t, yu, mark(id, "accepted", "2020-06-01"))
	assert.Equal(t, "reserve", h.sheets(t, "case", id)["one_policy"].Values["way"])
	require.NoError(t, h.verify(t))
}

func TestASheetIsFilledForWhatItIsOfByWhoMay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	cure := func(sheet, of string, id int64) ledger.FillSheet {
		return ledger.FillSheet{Sheet: sheet, Of: of, OfID: id, Values: values("energy", "12")}
	}
	h.refused(t, "unknown_sheet", shen, cure("moon", "case", id))
	h.refused(t, "not_of_sheet", shen, cure("one_policy", "case", id))
	h.refused(t, "not_of_sheet", shen, cure("cure", "unit", id))
	h.refused(t, "case_not_found", shen, cure("cure", "case", id+1000))
	h.refused(t, "no_right", auth.Actor{ID: "gao", Role: "viewer"}, cure("cure", "case", id))
	h.refused(t, "other_unit", auth.Actor{ID: "fei", Role: "town", Unit: "wangdian"}, cure("cure", "case", id))
	filled := h.apply(t, zhang, cure("cure", "case", id))
	h.refused(t, "changed_by_another", shen, cure("cure", "case", id))
	h.apply(t, zhang, ledger.UndoBatch{Batch: filled.BatchID, Reason: "填错"})
	assert.Empty(t, h.sheets(t, "case", id))
	require.NoError(t, h.verify(t))
}

func TestAListingIsNotTakenBackUnderAFilledSheet(t *testing.T) {
	t.Parallel()
	h := setup(t)
	listing := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1), On: "2020-03-01", Operator: &ledger.EnterpriseDraft{Name: "宏盛厂", Kind: "enterprise", Unit: "honghe"}})
	id := listing.Entries[1].NounID
	filled := h.apply(t, shen, ledger.FillSheet{Sheet: "cure", Of: "case", OfID: id, Values: values("hazards", "2")})
	h.refused(t, "has_sheets", office, ledger.UndoBatch{Batch: listing.BatchID, Reason: "误列"})
	h.apply(t, office, ledger.UndoBatch{Batch: filled.BatchID, Reason: "误填"})
	h.apply(t, office, ledger.UndoBatch{Batch: listing.BatchID, Reason: "误列"})
	assert.Empty(t, h.sheets(t, ledger.NounEnterprise, listing.Entries[0].NounID), "the verdict goes with the firm")
	require.NoError(t, h.verify(t))
}

func TestBannedCapacityEntersOnlyToLeave(t *testing.T) {
	t.Parallel()
	h := setup(t)
	glass := ledger.EnterpriseDraft{Name: "华玻璃厂", Kind: "enterprise", Unit: "honghe", Industry: "3041"}
	h.refused(t, "banned_capacity", shen, ledger.EnterEnterprise{EnterpriseDraft: glass})
	h.refused(t, "banned_capacity", shen, ledger.ListCase{Unit: "honghe", Track: "move_in", On: "2020-03-01", Operator: &glass})
	out := h.apply(t, shen, ledger.ListCase{Unit: "honghe", Track: "outdated", On: "2020-03-01", Operator: &glass})
	h.refused(t, "banned_capacity", shen, ledger.ListCase{Unit: "honghe", Track: "move_in", On: "2020-03-01", Enterprise: out.Entries[0].NounID})
	tenant := h.apply(t, shen, ledger.ListCase{Unit: "honghe", Track: "move_in", On: "2020-03-01", Label: "宏盛毛衫厂"}).Entries[0].NounID
	h.refused(t, "banned_capacity", shen, ledger.FillSheet{Sheet: "tenant", Of: "case", OfID: tenant, Values: values("park", "新塍园", "process", "coal_boiler")})
}

func (h *house) unitID(t *testing.T, code string) int64 {
	t.Helper()
	running, err := h.store.Running(t.Context())
	require.NoError(t, err)
	units, err := h.store.Units(t.Context(), running.ID)
	require.NoError(t, err)
	for _, u := range units {
		if u.Code == code {
			return u.ID
		}
	}
	t.Fatalf("no unit %s", code)
	return 0
}

func TestFaultsOfSheetsAreFaults(t *testing.T) {
	t.Parallel()
	h := setup(t)
	_, err := h.Apply(t.Context(), shen, operation(ledger.NewRemoveRow(1, 1, "x")))
	assert.True(t, fault.Is(err, "row_not_found"), err)
}
