package httpapi_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// TestWhatIsWrongIsSaidInTheHousesWords: the sentences of refusals and errors,
// each by a request that really meets it. They say what happened, where, and
// what to do; their punctuation is full-width.
func TestWhatIsWrongIsSaidInTheHousesWords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "宏联织造厂", "顺达纸箱厂", "益丰木器厂")
	m2 := read[gen.ParcelDetail](t, h, "/parcels/"+number(parcels[1])).M2
	open, checked := h.listed(t, parcels[0]), h.listed(t, parcels[1])
	for _, code := range []string{"filed", "planned", "notified", "valued", "signed", "stopped", "vacated"} {
		h.change(t, "lu", milestone(checked, code, "2020-09-18"))
	}
	accepted := h.accepted(t, parcels[2], read[gen.ParcelDetail](t, h, "/parcels/"+number(parcels[2])).M2)
	now := read[held](t, h, "/campaign/definition")
	changed := now.Definition
	changed.Name.ZH = "攻坚"
	h.change(t, "lu", amendment(now.Version, changed))
	entered := h.change(t, "shen", fields{"kind": "enterprise.enter", "enterprise": fields{"name": "宏兴厂", "kind": "enterprise"}}).Entries[0].NounID
	h.change(t, "shen", fields{"kind": "enterprise.amend", "enterprise_id": entered, "base_version": 1, "enterprise": fields{"name": "宏兴厂", "kind": "enterprise", "industry": "1751"}})

	for name, c := range map[string]struct {
		as     string
		change fields
		code   string
		says   string
	}{
		"prerequisite missing":   {"lu", milestone(checked, "accepted", "2020-09-20").and("checks", boxes), "prerequisite_missing", "还不能验收：尚未拆除"},
		"too early":              {"shen", milestone(open, "demolished", "2020-09-20"), "prerequisite_missing", "还不能标记已拆除：尚未建档"},
		"later than today":       {"shen", milestone(open, "filed", "2020-10-01"), "later_than_today", "完成日期不能晚于今天"},
		"before the step before": {"shen", milestone(checked, "demolished", "2020-09-10"), "before_the_step_before", "拆除日期（09-10）早于腾空日期（09-18）"},
		"changed by another":     {"lu", fields{"kind": "enterprise.amend", "enterprise_id": entered, "base_version": 1, "enterprise": fields{"name": "宏盛厂", "kind": "enterprise"}}, "changed_by_another", "沈某刚刚修改了“行业”，请核对后再保存"},
		"campaign changed":       {"lu", amendment(now.Version, now.Definition), "changed_by_another", "陆某刚刚修改了“专项行动设置”，请核对后再保存"},
		"locked data":            {"lu", fields{"kind": "case.measure", "case_id": accepted, "recovered_m2": 1, "effective_m2": 1}, "locked", "该事项已验收，数据已锁定，请申请解锁"},
		"effective outside":      {"lu", fields{"kind": "case.measure", "case_id": checked, "recovered_m2": 1000, "effective_m2": 1033.33}, "effective_beyond", "有效范围超出腾退范围 0.05 亩"},
		"area difference":        {"lu", fields{"kind": "case.measure", "case_id": checked, "recovered_m2": m2 * 1.063, "effective_m2": 1}, "area_differs", "认定面积与图斑面积相差 6.3%，请填写原因"},
	} {
		a := h.post(t, c.as, text(t, operation(c.change)))
		p := a.problem(t)
		assert.Equal(t, c.says, p.Detail, name)
		assert.Equal(t, c.code, p.Code, name)
	}
	h.change(t, "lu", milestone(checked, "demolished", "2020-09-19"))
	checkless := h.post(t, "lu", text(t, operation(milestone(checked, "accepted", "2020-09-20").and("checks", boxes)))).problem(t)
	assert.Equal(t, "还不能验收：镇初验尚未通过", checkless.Detail)
	h.change(t, "wang", milestone(checked, "town_checked", "2020-09-20").and("checks", boxes))
	assert.Equal(t, "验收人不能是标记腾空的人", h.post(t, "lu", text(t, operation(milestone(checked, "accepted", "2020-09-21").and("checks", boxes)))).problem(t).Detail)
}

// packed is a zip archive of empty files.
func packed(t *testing.T, names ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write([]byte("x"))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.String()
}

// TestAFileIsRefusedInTheHousesWords: the same for what is imported.
func TestAFileIsRefusedInTheHousesWords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	report := func(name, content string) gen.ImportReport {
		t.Helper()
		var r gen.ImportReport
		h.imports(t, map[string]string{name: content}, "dry_run", "true").into(t, &r)
		return r
	}
	for name, c := range map[string]struct{ file, content, says string }{
		"file not supported":   {"地块.rar", "Rar!\x1a\x07\x00", "不支持 .rar，请改用 .zip"},
		"shapefile incomplete": {"地块.zip", packed(t, "地块.dbf", "地块.shx"), "压缩包缺少 .shp 文件，请把 .shp、.shx、.dbf、.prj 一起压缩"},
		"no CRS":               {"地块.csv", "wkt,code\n\"POLYGON((560000 3400000,560100 3400000,560100 3400100,560000 3400000))\",B1\n", "文件没有坐标系说明，请选择：CGCS2000（4490）/ 3度带120E（4549）/ 带号40（4528）"},
	} {
		r := report(c.file, c.content)
		require.NotNil(t, r.Refusal, name)
		assert.Equal(t, c.says, r.Refusal.Zh, name)
	}

	bow := report("地块.geojson", feature("A1", "[[120.61,30.66],[120.611,30.661],[120.611,30.66],[120.61,30.661],[120.61,30.66]]"))
	require.Len(t, bow.Rejected, 1)
	assert.True(t, strings.HasPrefix(bow.Rejected[0].Reason, "图形自相交，位置已在图上标出"), bow.Rejected[0].Reason)
	assert.Len(t, *bow.Rejected[0].Place, 2, "the place that the map marks")

	away := report("地块.geojson", feature("A1", "[[120.7521,30.62],[120.7531,30.62],[120.7531,30.621],[120.7521,30.62]]"))
	require.NotEmpty(t, away.Findings)
	assert.Equal(t, "far_away", away.Findings[0].Code)
	assert.Regexp(t, `^图形在秀洲区以外 \d+ 米左右，可能是高德（GCJ-02）坐标$`, away.Findings[0].Text.Zh)
}

func feature(code, ring string) string {
	return fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"地块编号":%q},"geometry":{"type":"Polygon","coordinates":[%s]}}]}`, code, ring)
}
