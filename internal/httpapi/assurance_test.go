package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// TestFundsAndLandInUseAgainAddUp (要素保障): what is agreed and paid, by source and unit; channels; land in use again never more than was
// recovered, with its rate; a rebound takes its land out of both, and leaves the money.
func TestFundsAndLandInUseAgainAddUp(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "宏联织造厂", "恒丰箱包厂", "兴隆毛衫厂")
	first, second := h.closed(t, parcels[0], 4000), h.closed(t, parcels[1], 2000)
	begun := h.listed(t, parcels[2])
	pay := func(id int64, source, agreed, paid string) fields {
		return fill("funds", "case", id, fields{"item": "compensation", "source": source, "agreed": agreed, "paid": paid})
	}
	assert.Contains(t, h.refusal(t, "lu", pay(first, "town", "50", "50.01")), "不能超过")
	h.change(t, "shen", pay(first, "town", "50", "30.5"), pay(first, "superior", "20", ""), pay(begun, "town", "8.25", "8.25"))
	h.change(t, "shen", fill("channel", "case", first, fields{"channel": "agreement"}), fill("channel", "case", second, fields{"channel": "lease"}))
	use := func(id int64, what, mu string) fields {
		return fill("reuse", "case", id, fields{"use": what, "land": mu, "on": "2020-09-20"})
	}
	h.change(t, "shen", use(first, "reclaim", "2"), use(first, "workshops", "1"), use(second, "reserve", "99"))

	page := read[gen.AssurancePage](t, h, "/assurance")
	all := page.All
	assert.Equal(t, []string{"78.25", "38.75"}, []string{all.Agreed, all.Paid}, "also of a case that is not done")
	require.Len(t, all.Sources, 2)
	assert.Equal(t, []string{"town", "58.25", "38.75", "superior", "20", "0"}, []string{all.Sources[0].Source.Code, all.Sources[0].Agreed, all.Sources[0].Paid, all.Sources[1].Source.Code, all.Sources[1].Agreed, all.Sources[1].Paid})
	assert.InDelta(t, 9, all.Recovered.Mu, 0.001)
	assert.Equal(t, "6.00", all.ReusedMu, "3 mu of 6, and 3 of 3: no more than was recovered")
	assert.Equal(t, "66.7", *all.Rate)
	assert.Equal(t, all.Agreed, page.Units[0].Agreed)
	assert.Equal(t, "0", page.Units[1].Agreed, "of another unit")
	assert.Nil(t, page.Units[1].Rate, "nothing is recovered there")
	assert.Equal(t, "funds", page.Sheets[0].Sheet.Code)
	assert.Equal(t, int64(1), chosen(t, page.Sheets[1].All, "channel", "lease"))
	assert.Equal(t, int64(1), chosen(t, page.Sheets[2].All, "use", "workshops"))

	h.change(t, "shen", fields{"kind": "case.ask", "case_id": second, "side": "rebounded", "reason": "恢复生产"})
	all = read[gen.AssurancePage](t, h, "/assurance").All
	assert.Equal(t, []string{"78.25", "3.00", "50.0"}, []string{all.Agreed, all.ReusedMu, *all.Rate})
}

// TestDepartmentsActTogether (联动执法): an action with its plan and departments, its sites with measures and outcomes; one that is found
// at work again is reopened. Another unit sees nothing of it.
func TestDepartmentsActTogether(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "宏联织造厂", "恒丰箱包厂")
	open, done := h.listed(t, parcels[0]), h.closed(t, parcels[1], 3000)
	unit := (&stage{house: h}).unitID(t, "honghe")
	action := fields{"number": "联执2020-01", "on": "2020-09-28", "lead": "enforcement", "departments": "environment,enforcement,police,grid", "matters": "refusal,rebound", "people": "24"}
	assert.Contains(t, h.refusal(t, "lu", fill("joint", "unit", unit, action)), "还缺：行动方案")
	action["plan"] = "集中断水断电，清运设备"
	h.change(t, "lu", fill("joint", "unit", unit, action))
	site := func(id int64, values fields) fields {
		values["action"] = "联执2020-01"
		return fill("joint_site", "case", id, values)
	}
	assert.Contains(t, h.refusal(t, "mei", site(open, fields{"outcome": "due"})), "还缺：整改期限")
	h.change(t, "mei", site(open, fields{"on": "2020-09-28", "measures": "cut,order", "document": "执通〔2020〕8号", "outcome": "due", "due_on": "2020-10-08"}))
	h.change(t, "mei", site(done, fields{"on": "2020-09-28", "measures": "seal", "outcome": "rebound", "note": "机器重新运转"}))

	page := read[gen.EnforcementPage](t, h, "/enforcement")
	require.Len(t, page.Items, 1)
	require.Len(t, page.Items[0].Sites, 2)
	assert.Equal(t, "集中断水断电，清运设备", page.Items[0].Row.Values["plan"])
	assert.Equal(t, "恒丰箱包厂", page.Items[0].Sites[1].Case.Label)
	detail := read[gen.CaseDetail](t, h, "/cases/"+number(done))
	assert.Equal(t, "恢复生产：机器重新运转", detail.Sides[0].Reason)
	_, rebounds := h.land(t)
	assert.Equal(t, int64(1), rebounds)
	row := page.Items[0].Row
	h.change(t, "lu", fill("joint", "unit", unit, fields{"done_on": "2020-09-28", "outcome": "检查2家，限期整改1家，发现反弹1家"}).and("row", row.Id).and("base_version", row.Version))
	assert.Equal(t, int64(1), chosen(t, h.totals(t, "rectify", "joint"), "departments", "police"))
	assert.Equal(t, int64(1), chosen(t, h.totals(t, "rectify", "joint_site"), "outcome", "rebound"))
}
