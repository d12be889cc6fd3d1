package dossier_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/ledger"
)

// undid is an entry that takes fields away.
func undid(e ledger.Recorded, fields ...string) ledger.Recorded {
	e.Body.Before = ledger.Fields{}
	for _, f := range fields {
		e.Body.Before[f] = json.RawMessage("{}")
	}
	return e
}

func because(e ledger.Recorded, note string) ledger.Recorded {
	e.Body.Note = note
	return e
}

func TestSideStatesAndAreasInWords(t *testing.T) {
	t.Parallel()
	d := definition(t)
	track := rectify(t)
	request := campaign.Request{Reason: "出口订单", Milestone: "stopped", Until: "2020-11-20"}
	for name, c := range map[string]struct {
		entry        ledger.Recorded
		zh, en, note string
	}{
		"a hold asked for": {entry(t, ledger.KindCaseAsk, map[string]any{"request/held": campaign.Request{Reason: "住院"}}), "申请暂缓", "asked for: on hold", "住院"},
		"a blocker":        {entry(t, ledger.KindCaseAsk, map[string]any{"side/blocked": campaign.Side{Reason: "补偿未谈拢"}}), "报卡点", "blocker", "补偿未谈拢"},
		"an extension":     {entry(t, ledger.KindCaseAsk, map[string]any{"request/extended": request}), "申请延期：停产至11-20", "asked for: extended: stop of production until 11-20", "出口订单"},
		"returned": {
			undid(entry(t, ledger.KindCaseAsk, map[string]any{"side/returned": campaign.Side{Reason: "水电未断"}, "milestone/town_checked": campaign.Mark{}}), "milestone/town_checked"),
			"退回整改", "returned", "水电未断",
		},
		"approved":           {because(undid(entry(t, ledger.KindCaseDecide, map[string]any{"side/held": campaign.Side{}}), "request/held"), "同意"), "通过申请暂缓", "on hold: approved", "同意"},
		"extension approved": {undid(entry(t, ledger.KindCaseDecide, map[string]any{"milestone/stopped": campaign.Mark{PlanOn: "2020-11-20"}}), "request/extended"), "通过申请延期：停产至11-20", "extended: approved: stop of production until 11-20", ""},
		"not approved":       {undid(entry(t, ledger.KindCaseDecide, nil), "request/held"), "退回申请暂缓", "on hold: not approved", ""},
		"left":               {because(undid(entry(t, ledger.KindCaseLeave, nil), "side/blocked"), "已谈拢"), "卡点已解决", "no longer blocker", "已谈拢"},
		"measured":           {because(entry(t, ledger.KindCaseMeasure, map[string]any{"recovered": 37_466_667, "effective": 28_733_333}), "含道路"), "认定面积 5.62 亩，有效面积 4.31 亩", "accepted land 5.62 mu, effective land 4.31 mu", "含道路"},
		"floor":              {entry(t, ledger.KindCaseMeasure, map[string]any{"floor": 512_000_000}), "建筑面积 51200.00 ㎡", "floor area 51200.00 m²", ""},
		"template": {
			entry(t, ledger.KindCaseTemplate, map[string]any{"milestone/planned": campaign.Mark{NotApplicable: true, Reason: "强制执法"}, "milestone/notified": campaign.Mark{NotApplicable: true, Reason: "强制执法"}}),
			"一企一策方案、告知：不适用", "plan, notice: not applicable", "强制执法",
		},
		"applicable again": {undid(entry(t, ledger.KindCaseApplicable, nil), "milestone/signed"), "签约：取消不适用", "signing: applicable again", ""},
		"accepted": {
			entry(t, ledger.KindCaseMilestone, map[string]any{"milestone/accepted": campaign.Mark{DoneOn: "2020-09-10"}, "milestone/closed": campaign.Mark{PlanOn: "2020-09-17"}}),
			"已验收（09-10）", "accepted (09-10)", "",
		},
		"disposal": {entry(t, ledger.KindCaseAmend, map[string]any{"disposal": "close", "batch": "第一批", "village": "330411106201"}), "修改了批次、处置方式、村（社区）", "changed batch, disposal, village", ""},
	} {
		said, note := dossier.Words(d, track, c.entry)
		assert.Equal(t, campaign.Text{ZH: c.zh, EN: c.en}, said, name)
		assert.Equal(t, c.note, note, name)
	}
}

// TestNoKindShowsAsACode: whatever is journalled about a case has words.
func TestNoKindShowsAsACode(t *testing.T) {
	t.Parallel()
	d := definition(t)
	for _, kind := range []string{
		ledger.KindCaseList, ledger.KindCaseMilestone, ledger.KindCaseNotApplicable, ledger.KindCaseApplicable, ledger.KindCaseAmend, ledger.KindCaseAsk,
		ledger.KindCaseDecide, ledger.KindCaseLeave, ledger.KindCaseMeasure, ledger.KindCaseTemplate, ledger.KindUndo, ledger.KindConflictKept, ledger.KindConflictResolve,
		ledger.KindEnterpriseEnter, ledger.KindEnterpriseAmend, ledger.KindParcelImport, ledger.KindReferenceReplace, ledger.KindCampaignSetUp, ledger.KindCampaignAmend, "case.unheard_of",
	} {
		said := dossier.Sentence(d, dossier.Told{Deed: dossier.Deed{Kind: kind}, Actor: "沈某"})
		assert.NotContains(t, said.ZH, kind)
		assert.NotContains(t, said.EN, kind)
		assert.Regexp(t, `^沈某 \S`, said.ZH)
		assert.Regexp(t, `^沈某: \S`, said.EN)
	}
}

func TestAnOperationAsOneSentence(t *testing.T) {
	t.Parallel()
	d := definition(t)
	one := &dossier.CaseRef{Code: "XZ-2020-0231", Label: "宏*织造厂", Track: "rectify"}
	vacated := dossier.Deed{Kind: ledger.KindCaseMilestone, After: []string{"milestone/vacated", "stage"}}
	for name, c := range map[string]struct {
		told   dossier.Told
		zh, en string
	}{
		"one":      {dossier.Told{vacated, "沈某", false, one, 1, 1}, "沈某 标记已腾空 · XZ-2020-0231 宏*织造厂", "沈某: vacated · XZ-2020-0231 宏*织造厂"},
		"a batch":  {dossier.Told{vacated, "沈某", false, one, 12, 12}, "沈某 标记已腾空 · XZ-2020-0231 宏*织造厂 等 12 件", "沈某: vacated · XZ-2020-0231 宏*织造厂 and 11 more"},
		"gone":     {dossier.Told{dossier.Deed{Kind: ledger.KindUndo}, "徐某", false, nil, 1, 1}, "徐某 撤销 · 1 件", "徐某: taken back · 1 cases"},
		"imported": {dossier.Told{dossier.Deed{Kind: ledger.KindParcelImport}, "", false, nil, 0, 118}, "系统 导入地块 · 118 个地块", "system: imported parcels · 118 parcels"},
		"ground":   {dossier.Told{dossier.Deed{Kind: ledger.KindReferenceReplace}, "", false, nil, 0, 0}, "系统 更新底图要素", "system: updated reference features"},
		"a hold":   {dossier.Told{dossier.Deed{Kind: ledger.KindCaseAsk, After: []string{"request/held"}}, "沈某", false, one, 1, 0}, "沈某 申请暂缓 · XZ-2020-0231 宏*织造厂", "沈某: asked for: on hold · XZ-2020-0231 宏*织造厂"},
		"unnamed":  {dossier.Told{vacated, "", true, &dossier.CaseRef{Code: "XZ-2020-0231", Track: "rectify"}, 1, 1}, "其他单位人员 标记已腾空 · XZ-2020-0231", "somebody of another unit: vacated · XZ-2020-0231"},
	} {
		assert.Equal(t, campaign.Text{ZH: c.zh, EN: c.en}, dossier.Sentence(d, c.told), name)
	}
}

func TestLateEntriesAreMarked(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.ParseInLocation("2006-01-02 15:04", text, campaign.Shanghai())
		require.NoError(t, err)
		return moment
	}
	late := entry(t, ledger.KindCaseMilestone, mark("signed", campaign.Mark{DoneOn: "2020-08-20"}))
	late.HappenedAt, late.RecordedAt = at("2020-09-05 10:00"), at("2020-09-05 10:00")
	same := entry(t, ledger.KindCaseAsk, map[string]any{"side/blocked": campaign.Side{Reason: "涉诉"}})
	same.HappenedAt, same.RecordedAt = at("2020-09-06 00:10"), at("2020-09-06 23:50")
	overnight := entry(t, ledger.KindCaseAmend, map[string]any{"note": "x"})
	overnight.HappenedAt, overnight.RecordedAt = at("2020-09-06 23:50"), at("2020-09-07 00:10")
	file := opened(t, []ledger.Recorded{late, same, overnight}, "surveyed")
	assert.Equal(t, []bool{true, false, true}, []bool{file.Timeline[0].Late, file.Timeline[1].Late, file.Timeline[2].Late}, "newest first")
	assert.Equal(t, campaign.Date("2020-08-20"), file.Timeline[2].On)
}

func TestConflictsInWords(t *testing.T) {
	t.Parallel()
	kept := func(field, standing, other string) dossier.Conflict {
		return dossier.Conflict{Kept: ledger.Kept{Noun: ledger.NounCase, NounID: 7, Field: field, Standing: json.RawMessage(standing), Kept: json.RawMessage(other)}, Case: dossier.CaseRef{ID: 7, Track: "rectify"}}
	}
	desk := newDesk(&shelf{running: definition(t), conflicts: []dossier.Conflict{
		kept("responsible", `"沈某"`, `"陆某"`), kept("disposal", `null`, `"close"`),
		kept("milestone/stopped", `{"done_on":"2020-09-10"}`, `{"not_applicable":true,"reason":"早已停产"}`),
		kept("milestone/vacated", `{"plan_on":"2020-10-10"}`, `{"plan_on":"2020-10-20"}`), kept("painted", `1`, `2`),
	}})
	list, err := desk.Conflicts(t.Context(), auth.ScopeOf(auth.System()))
	require.NoError(t, err)
	var said []string
	for _, k := range list {
		said = append(said, k.Text.ZH)
		assert.NotContains(t, k.Text.EN, "milestone/")
	}
	assert.Equal(t, []string{
		"责任人：现值 沈某，另一值 陆某", "处置方式：现值 空，另一值 关停淘汰", "停产：现值 已停产（09-10），另一值 不适用：早已停产",
		"腾空：现值 计划腾空 10-10，另一值 计划腾空 10-20", "其他内容：现值 空，另一值 空",
	}, said)
}
