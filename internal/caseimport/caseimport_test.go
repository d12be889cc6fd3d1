package caseimport_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// townLedger is what an office really sends: a title, two rows of heads with merges, the village merged over its rows, mu
// and ㎡ in one column, days in three ways, codes as numbers, subtotals, a total that is wrong, notes.
func townLedger(t *testing.T) *excelize.File {
	t.Helper()
	f := sheet(t,
		[]any{"洪合镇“低散乱”整治工作台账"},
		[]any{"填报单位（盖章）：洪合镇人民政府", nil, nil, nil, nil, nil, nil, nil, nil, nil, "单位：家、亩"},
		[]any{"序号", "村\n（社区）", "企业（作坊）名称", "统一社会信用代码", "类型", "联系电话", "占地面积（亩）", "计划时间", nil, "完成时间", nil, "两断三清", nil, "责任人", "厂长爱好"},
		[]any{nil, nil, nil, nil, nil, nil, nil, "签约", "腾空", "建档", "签约", "断水", "断电"},
		[]any{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
		[]any{1, "凤桥村", "宏兴毛衫加工点", nil, "作坊", 13800138000.0, 5.7900000000000001, "2020.7.8", "2020年9月30日", 44020, 44030, "√", "√", "陆某", "钓鱼"},
		[]any{2, nil, "王某织造作坊", "无", "作坊", "１３８００１３８００１", "３，８６０㎡", "20200708", nil, "7月8日", nil, nil, nil, "陆某"},
		[]any{nil, "小计", nil, nil, nil, nil, 11.58},
		[]any{3, "良三村", "嘉兴宏盛毛衫有限公司", "91330411MA2XUAN00K", nil, 1.3800138e10, "3,860", nil, nil, "2020/7/8", nil, nil, nil, nil},
		[]any{"合计", nil, nil, nil, nil, nil, 20},
		[]any{"注：面积以土地证为准。"},
		[]any{"单位负责人：", nil, "审核人：", nil, "填表人："},
	)
	for _, m := range [][2]string{{"A1", "O1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "C4"}, {"D3", "D4"}, {"E3", "E4"}, {"F3", "F4"}, {"G3", "G4"}, {"H3", "I3"}, {"J3", "K3"}, {"L3", "M3"}, {"N3", "N4"}, {"O3", "O4"}, {"B6", "B7"}, {"A11", "O11"}} {
		require.NoError(t, f.MergeCell("Sheet1", m[0], m[1]))
	}
	return f
}

func TestALedgerAsATownKeepsItIsReadAndEntersAsOneBatch(t *testing.T) {
	t.Parallel()
	h := setup(t)
	file := h.save(t, "汇总表.xlsx", townLedger(t))
	strict := h.run(t, office, true, caseimport.Answers{}, file)
	assert.Contains(t, reasons(row(t, &strict, "宏兴毛衫加工点")), "还不能标记已签约：尚未确定方案", "the sheet has no columns for what comes before")
	require.Len(t, strict.Sheets[0].Missing, 3)
	assert.Equal(t, "已定方案", strict.Sheets[0].Missing[0].ZH)
	skip := map[string]bool{strict.Sheets[0].Place: true}
	preview := h.run(t, office, true, caseimport.Answers{Skip: skip}, file)
	require.Len(t, preview.Sheets, 1)
	s := preview.Sheets[0]
	assert.Equal(t, "honghe", s.Unit, "the title says whose it is")
	assert.Equal(t, "title", s.UnitFrom)
	assert.Equal(t, 3, s.Rows, "neither totals nor notes nor the row that counts columns")
	assert.Empty(t, s.Asks)
	require.Len(t, s.Totals, 2)
	assert.Empty(t, s.Totals[0].Wrong, "5.79 mu and 3,860 m² are 11.58 mu")
	require.Len(t, s.Totals[1].Wrong, 1)
	assert.Contains(t, s.Totals[1].Wrong[0].ZH, "“合计”的占地面积（亩）写的是 20，各行相加是 3,871.58，请核对")
	assert.Len(t, s.Notes, 2)
	assert.Empty(t, s.Columns[len(s.Columns)-1].Key, "厂长爱好 is nothing that the campaign keeps")

	doubtful := row(t, &preview, "嘉兴宏盛毛衫有限公司")
	assert.Equal(t, caseimport.RowAsked, doubtful.Verdict)
	require.Len(t, doubtful.Asks, 1)
	assert.Equal(t, "第 9 行面积 3,860 疑为平方米（约 5.79 亩），请确认", doubtful.Asks[0].Text.ZH)
	assert.Equal(t, map[string]int{"new": 2, "changed": 0, "unchanged": 0, "refused": 0, "asked": 1}, preview.Counts, "%+v", preview.Rows)
	assert.Zero(t, preview.Revision, "a preview writes nothing")

	answers := caseimport.Answers{Skip: skip, Areas: map[string]grid.Unit{doubtful.Asks[0].Cell: grid.SquareMetre}}
	applied := h.run(t, office, false, answers, file)
	assert.Equal(t, 3, applied.Counts["new"])
	view := h.view(t, office)
	require.Len(t, view.Cases(), 3)
	first := view.Cases()[0]
	assert.Equal(t, "宏兴毛衫加工点", first.Label)
	assert.Equal(t, "330411106205", first.Village, "凤桥村 is what people call 凤桥村委会")
	filed, _ := first.Passed("filed")
	assert.Equal(t, "2020-07-08", string(filed), "the serial number 44020")
	signed, _ := first.Passed("signed")
	assert.Equal(t, "2020-07-18", string(signed))
	assert.Equal(t, "2020-09-30", string(first.Planned("vacated")))
	second := view.Cases()[1]
	assert.Equal(t, first.Village, second.Village, "the village is merged over both rows")
	filed, _ = second.Passed("filed")
	assert.Equal(t, "2020-07-08", string(filed), "7月8日 is of the campaign's year")
	assert.Equal(t, "5.79", h.land(t, second.Enterprise), "３，８６０㎡ in mu")
	assert.Equal(t, "5.79", h.land(t, view.Cases()[2].Enterprise), "as was answered")

	again := h.run(t, office, true, answers, file)
	assert.Equal(t, 3, again.Counts["unchanged"], "%+v", again.Rows)
	h.apply(t, office, ledger.UndoBatch{Batch: applied.BatchID, Reason: "再核对"})
	assert.Empty(t, h.view(t, office).Cases(), "the batch is taken back whole")
	anew := h.run(t, office, false, answers, file)
	assert.Equal(t, 3, anew.Counts["new"])
}

// land is the land occupied that the facts of an enterprise say, in mu.
func (h *house) land(t *testing.T, enterprise int64) string {
	t.Helper()
	news, err := h.sheets.SheetsSince(t.Context(), 0)
	require.NoError(t, err)
	for _, f := range news.Changed {
		if f.OfID == enterprise && f.Sheet == "facts" {
			return f.Values["land"]
		}
	}
	return ""
}

func TestSixTownsAreMergedInOneBatchEachWithItsUnit(t *testing.T) {
	t.Parallel()
	h := setup(t)
	heads := []any{"序号", "企业名称", "类型", "占地面积"}
	whole := sheet(t, []any{"镇（街道）", "单位名称", "企业类型", "占地面积（㎡）"}, []any{"王江泾", "万丰织造厂", "企业", 6666.67}, []any{"新塍镇", "新联针织厂", "企业", 3333.33}, []any{"塘汇街道", "外面的厂", "企业", 1000})
	byFile := sheet(t, heads, []any{1, "合心织造厂", "企业", "12.5亩"})
	unknown := sheet(t, heads, []any{1, "某某厂", "企业", 3})
	books := []caseimport.File{h.save(t, "汇总.xlsx", whole), h.save(t, "新塍镇2020年台账.xlsx", byFile), h.save(t, "台账(1).xlsx", unknown)}
	preview := h.run(t, office, true, caseimport.Answers{}, books...)
	require.Len(t, preview.Sheets, 3)
	assert.Equal(t, []string{"xincheng", "file"}, []string{preview.Sheets[1].Unit, preview.Sheets[1].UnitFrom})
	assert.Empty(t, preview.Sheets[1].Asks, "the cells say mu themselves")
	assert.Equal(t, []string{"unit", "areas"}, preview.Sheets[2].Asks, "neither whose it is nor in what the areas are")
	assert.Equal(t, caseimport.RowAsked, row(t, &preview, "某某厂").Verdict)
	assert.Contains(t, reasons(row(t, &preview, "外面的厂")), "没有“塘汇街道”这个责任主体")

	place := preview.Sheets[2].Place
	answers := caseimport.Answers{Units: map[string]string{place: "honghe"}, Areas: map[string]grid.Unit{place + "/D": grid.Mu}}
	applied := h.run(t, office, false, answers, books...)
	assert.Equal(t, map[string]int{"new": 4, "changed": 0, "unchanged": 0, "refused": 1, "asked": 0}, applied.Counts)
	units := map[string]int{}
	for _, c := range h.view(t, office).Cases() {
		units[c.Unit]++
	}
	assert.Equal(t, map[string]int{"wangjiangjing": 1, "xincheng": 2, "honghe": 1}, units)

	next := h.run(t, office, true, caseimport.Answers{Units: map[string]string{place: "honghe"}}, h.save(t, "台账(1).xlsx", sheet(t, heads, []any{1, "又一家厂", "企业", 4})))
	assert.True(t, next.Sheets[0].Remembered, "the same heads are read as somebody said before")
	assert.Empty(t, next.Sheets[0].Asks)
	own := h.run(t, town, true, caseimport.Answers{}, h.save(t, "x.xlsx", sheet(t, heads, []any{1, "再一家厂", "企业", 4})))
	assert.False(t, own.Sheets[0].Remembered, "a town does not answer for the district, nor the district for it")
}

func TestWhatIsRefusedGoesBackWithReasonsAndComesAgainMended(t *testing.T) {
	t.Parallel()
	h := setup(t)
	heads := []any{"企业名称", "信用代码", "类型", "村", "占地面积（亩）", "已建档", "已停产", "已腾空", "已拆除"}
	file := h.save(t, "洪合.xlsx", sheet(t, heads,
		[]any{"好的厂", nil, "企业", "凤桥村", 5, "2020-05-01"},
		[]any{"日子不对", nil, "企业", "凤桥", 5, "去年冬天"},
		[]any{"次序不对", nil, "企业", "凤桥村", 5, "2020-05-01", nil, nil, "2020-06-01"},
		[]any{"没有类型", nil, nil, "凤桥村", 5},
		[]any{"村不对", nil, "企业", "火星村", "三亩"},
		[]any{"好的厂", nil, "企业", "凤桥村", 5},
		[]any{"丢了末位", 9.1330411e17, "企业", "凤桥村", 5},
		[]any{nil, nil, "企业", "凤桥村", 5},
	))
	r := h.run(t, office, false, caseimport.Answers{}, file)
	assert.Equal(t, map[string]int{"new": 2, "changed": 0, "unchanged": 0, "refused": 6, "asked": 0}, r.Counts, "%+v", r.Rows)
	assert.Contains(t, reasons(row(t, &r, "日子不对")), "“已建档”写的是“去年冬天”，读不出是哪一天")
	assert.Contains(t, reasons(row(t, &r, "次序不对")), "还不能标记已拆除：尚未", "the ledger's own rules")
	assert.Contains(t, reasons(row(t, &r, "没有类型")), "没有写类型")
	assert.Contains(t, reasons(row(t, &r, "村不对")), "“洪合镇”没有“火星村”")
	assert.Contains(t, reasons(row(t, &r, "村不对")), "“占地面积（亩）”写的是“三亩”")
	assert.Contains(t, reasons(r.Rows[5]), "与“洪合.xlsx”第 2 行重复")
	assert.Contains(t, notices(row(t, &r, "丢了末位")), "被 Excel 改成了数字")
	assert.Equal(t, []string{"XZ-2020-0001", "XZ-2020-0002"}, []string{h.view(t, office).Cases()[0].Code, h.view(t, office).Cases()[1].Code}, "no code is lost to a row that was refused")

	var out bytes.Buffer
	require.NoError(t, r.WriteReturns(&out, "honghe"))
	f, err := excelize.OpenReader(&out)
	require.NoError(t, err)
	rows, err := f.GetRows(f.GetSheetList()[0])
	require.NoError(t, err)
	require.Len(t, rows, 2+6)
	assert.Equal(t, []string{"原行号", "退回原因", "企业名称"}, rows[1][:3])
	assert.Equal(t, "3", rows[2][0])
	assert.Contains(t, rows[2][1], "去年冬天")
	require.NoError(t, f.SetCellStr(f.GetSheetList()[0], "H3", "2019年12月22日"))
	back := h.run(t, office, true, caseimport.Answers{}, h.save(t, "退回.xlsx", f))
	assert.Equal(t, caseimport.RowNew, row(t, &back, "日子不对").Verdict, "%+v", row(t, &back, "日子不对"))
	assert.Equal(t, 4, back.Counts["refused"])
	assert.Equal(t, caseimport.RowUnchanged, row(t, &back, "好的厂").Verdict, "what came in meanwhile")
}

func TestARowFindsItsCaseAndChangesOnlyWhatItSays(t *testing.T) {
	t.Parallel()
	h := setup(t)
	heads := []any{"编号", "企业名称", "统一社会信用代码", "类型", "责任人", "处置方式", "计划腾空", "已建档", "占地面积（亩）", "亩均评价（2017至2019年）"}
	h.run(t, office, false, caseimport.Answers{}, h.save(t, "洪合.xlsx", sheet(t, heads,
		[]any{nil, "有代码的厂", "91330411MA2XUAN00K", "企业", "陆某", "关停淘汰", "2020-09-30", "2020-05-01", 5, "C/D/D"},
		[]any{nil, "没代码的厂", nil, "作坊", "陆某", nil, nil, "2020-05-02", 3, nil},
	)))
	r := h.run(t, office, true, caseimport.Answers{}, h.save(t, "洪合第二次.xlsx", sheet(t, heads,
		[]any{nil, "改了名的厂", "91330411ma2xuan00k", nil, "沈某", nil, "2020.10.31", "2020-05-09", 6.5, nil},
		[]any{"xz-2020-0002", "没代码的厂", nil, "企业", nil, nil, nil, nil, nil, nil},
		[]any{"XZ-2020-0099", "哪来的厂", nil, "企业", nil, nil, nil, nil, nil, nil},
	)))
	changed := row(t, &r, "改了名的厂")
	assert.Equal(t, []string{caseimport.RowChanged, "XZ-2020-0001"}, []string{changed.Verdict, changed.Code})
	var said []string
	for _, c := range changed.Changes {
		said = append(said, fmt.Sprintf("%s：%s → %s", c.Field.ZH, c.Before.ZH, c.After.ZH))
	}
	assert.ElementsMatch(t, []string{
		"企业名称：有代码的厂 → 改了名的厂", "名称：有代码的厂 → 改了名的厂", "责任人：陆某 → 沈某", "计划腾空：2020-09-30 → 2020-10-31", "占地面积：5亩 → 6.5亩",
	}, said, "empty cells change nothing")
	assert.Contains(t, notices(changed), "“已建档”系统为 2020-05-01，表中为 2020-05-09，未改")
	assert.Equal(t, caseimport.RowChanged, row(t, &r, "没代码的厂").Verdict)
	assert.Contains(t, reasons(row(t, &r, "哪来的厂")), "没有编号 XZ-2020-0099")
}

func TestATownImportsItsOwnAndNobodyWithoutTheRight(t *testing.T) {
	t.Parallel()
	h := setup(t)
	heads := []any{"责任主体", "企业名称", "类型"}
	file := h.save(t, "两个镇.xlsx", sheet(t, heads, []any{"洪合镇", "自己的厂", "企业"}, []any{"新塍镇", "别人的厂", "企业"}))
	r := h.run(t, town, false, caseimport.Answers{}, file)
	assert.Equal(t, caseimport.RowNew, row(t, &r, "自己的厂").Verdict)
	assert.Contains(t, reasons(row(t, &r, "别人的厂")), "该事项属新塍镇，您的权限范围为洪合镇")
	for _, role := range []string{"viewer", "commander", "acceptance", "department", "field", "village", "park"} {
		_, err := h.try(t, auth.Actor{ID: "x", Name: "某", Role: role}, true, caseimport.Answers{}, file)
		assert.Equal(t, fault.KindDenied, fault.KindOf(err), role)
	}
}

func TestTheTemplateReadsBackWithoutAQuestion(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, track := range h.view(t, office).Definition.Tracks {
		var out bytes.Buffer
		require.NoError(t, caseimport.WriteTemplate(&out, h.view(t, office), track.Code, "honghe"))
		f, err := excelize.OpenReader(&out)
		require.NoError(t, err)
		validations, err := f.GetDataValidations("台账")
		require.NoError(t, err)
		assert.Greater(t, len(validations), 6, "lists and days are checked while they are typed")
		for cell, text := range map[string]string{"A4": "1", "B4": "洪合镇", "C4": "凤桥村", "D4": "模板里的厂" + track.Code, "G4": "企业", "H4": track.Name.ZH} {
			require.NoError(t, f.SetCellStr("台账", cell, text))
		}
		r := h.run(t, office, true, caseimport.Answers{}, h.save(t, "模板.xlsx", f))
		require.Len(t, r.Sheets, 1)
		assert.Empty(t, r.Sheets[0].Asks, track.Code)
		for _, c := range r.Sheets[0].Columns {
			known := c.Key != "" || c.Left.ZH != ""
			assert.True(t, known, "%s: column %s %s is not understood", track.Code, c.Letter, c.Head)
			assert.NotContains(t, c.Left.ZH, "相同", "%s: %s", track.Code, c.Head)
		}
		if track.Code != "parks" && track.Code != "move_in" {
			assert.Equal(t, caseimport.RowNew, row(t, &r, "模板里的厂"+track.Code).Verdict, "%+v", r.Rows)
		}
	}
}

func TestWhatIsNoLedgerIsRefusedInWords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	file := func(name string, content []byte) caseimport.File {
		path := filepath.Join(h.dir, uuid.NewString())
		require.NoError(t, os.WriteFile(path, content, 0o600))
		return caseimport.File{Path: path, Name: name}
	}
	cases := "../../../shared/data/import-cases/files/"
	for name, try := range map[string]struct {
		file caseimport.File
		want string
	}{
		"empty":     {h.save(t, "空.xlsx", sheet(t)), "no_ledger"},
		"prose":     {h.save(t, "通知.xlsx", sheet(t, []any{"关于报送台账的通知"}, []any{"各镇："})), "no_ledger"},
		"text":      {file("台账.xlsx", []byte("企业名称,面积")), "not_workbook"},
		"old":       {file("台账.xls", []byte{0xD0, 0xCF, 0x11, 0xE0, 1, 2, 3, 4}), "old_workbook"},
		"cut off":   {file("台账.xlsx", []byte("PK\x03\x04abc")), "workbook_damaged"},
		"damaged":   {caseimport.File{Path: cases + "excelize_BadWorkbook.xlsx", Name: "坏.xlsx"}, "no_ledger"},
		"encrypted": {caseimport.File{Path: cases + "excelize_encryptAES.xlsx", Name: "密.xlsx"}, "old_workbook"},
		"foreign":   {caseimport.File{Path: cases + "gdal_test.xlsx", Name: "别.xlsx"}, "no_ledger"},
		"bomb":      {caseimport.File{Path: cases + "zip_ratio_1000_8MB_zeros.zip", Name: "弹.xlsx"}, "workbook_damaged"},
	} {
		_, err := h.try(t, office, true, caseimport.Answers{}, try.file)
		f, is := fault.As(err)
		if assert.True(t, is, "%s: %v", name, err) {
			assert.Equal(t, try.want, f.Code, name)
			assert.Contains(t, f.ZH, try.file.Name)
		}
	}
}
