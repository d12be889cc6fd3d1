package httpapi_test

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// strip is the to-do of a person, by code; each count was held against its list.
func (h *house) strip(t *testing.T, as string) map[string]gen.TodoGroup {
	t.Helper()
	var todo gen.Todo
	a := h.ask(t, request{path: "/api/v1/todo", as: as})
	a.into(t, &todo)
	groups := map[string]gen.TodoGroup{}
	var mine int64
	for _, g := range todo.Groups {
		groups[g.Code] = g
		parts := append([]gen.TodoPart{{Count: g.Count, Query: g.Query}}, g.Parts...)
		for _, p := range parts {
			var page gen.CasePage
			h.ask(t, request{path: "/api/v1/cases?" + p.Query, as: as}).into(t, &page)
			require.Equal(t, p.Count, page.Total, "%s %s", g.Code, p.Query)
		}
		if g.Mine {
			mine += g.Count
		}
	}
	require.Equal(t, mine, todo.Mine)
	return groups
}

func TestTheStripCountsWhatItsListsList(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "甲", "乙", "丙", "丁")
	held, late, twice, checked := h.listed(t, parcels[0]), h.listed(t, parcels[1]), h.listed(t, parcels[2]), h.listed(t, parcels[3])
	for _, g := range h.strip(t, "lu") {
		assert.Zero(t, g.Count, g.Code)
		assert.Nil(t, g.Line, g.Code)
	}

	h.change(t, "shen", fields{"kind": "case.ask", "case_id": held, "side": "held", "reason": "住院"})
	h.change(t, "shen", fields{"kind": "case.amend", "case_id": late, "base_version": 1, "fields": fields{"plan:filed": "2020-08-20"}})
	h.change(t, "shen", fields{"kind": "case.ask", "case_id": late, "side": "blocked", "reason_code": "funds"})
	h.change(t, "shen", fields{"kind": "case.amend", "case_id": twice, "base_version": 1, "fields": fields{"responsible": "沈某"}})
	h.change(t, "lu", fields{"kind": "case.amend", "case_id": twice, "base_version": 1, "fields": fields{"responsible": "陆某"}})
	for _, code := range []string{"filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished"} {
		h.change(t, "shen", milestone(checked, code, "2020-09-28"))
	}
	g := h.strip(t, "lu")
	assert.EqualValues(t, 1, g["review"].Count)
	assert.Equal(t, "最早今天", g["review"].Line.Zh)
	assert.Equal(t, "暂缓", g["review"].Parts[0].Name.Zh)
	assert.EqualValues(t, 1, g["town_check"].Count)
	assert.Equal(t, "最早 2 天前", g["town_check"].Line.Zh)
	assert.EqualValues(t, 2, *g["town_check"].OldestDays)
	assert.Equal(t, "待核对 1", g["data"].Line.Zh)
	assert.Equal(t, "30天以上 1·卡点 1", g["late"].Line.Zh)
	assert.False(t, g["late"].Mine, "the district follows what is late")

	field := h.strip(t, "mei")
	assert.False(t, field["review"].Mine)
	assert.EqualValues(t, 1, field["review"].Count, "who does not decide still sees what was asked for")

	h.change(t, "lu", fields{"kind": "case.decide", "case_id": held, "side": "held", "approve": true})
	assert.Zero(t, h.strip(t, "lu")["review"].Count)
	h.change(t, "lu", fields{"kind": "case.ask", "case_id": twice, "side": "struck", "reason": "重复"})
	assert.Zero(t, h.strip(t, "lu")["review"].Count, "nobody decides what they asked for")

	assert.Equal(t, "of_now_alone", h.get(t, "/cases?requested=any&as_of=2020-09-29").problem(t).Code)
	assert.EqualValues(t, 1, read[gen.CasePage](t, h, "/cases?requested=struck&as_of=2020-09-30").Total, "today is now")
	assert.Zero(t, read[gen.CasePage](t, h, "/cases?requested=held").Total)
}

func TestFindingsInTheData(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	data := func() gen.TodoGroup { return h.strip(t, "lu")["data"] }
	assert.Equal(t, "代码 1", data().Line.Zh)
	parcel := h.parcelOf(t, cases[1])
	m2 := read[gen.ParcelDetail](t, h, "/parcels/"+number(parcel)).M2
	h.change(t, "lu", fields{"kind": "case.measure", "case_id": cases[1], "recovered_m2": m2 * 1.2, "effective_m2": 1, "reason": "含宅基地"})
	assert.Equal(t, "面积 1·代码 1", data().Line.Zh)

	beside := h.draft(t, func(int) orb.MultiPolygon { return square(120.6012, 30.651, 0.0005) }, "压盖地块")
	assert.Equal(t, "重叠 1·面积 1·代码 1", data().Line.Zh, "the parcel that came later lies on a listed one")
	h.listed(t, beside...)
	assert.Equal(t, "重叠 2·面积 1·代码 1", data().Line.Zh)
	assert.EqualValues(t, 3, data().Count, "one case has two findings")

	found := read[gen.Findings](t, h, "/findings?unit=honghe&rule=parcels_overlap")
	require.Len(t, found.Findings, 1)
	f := found.Findings[0]
	assert.Equal(t, []int64{h.parcelOf(t, cases[0]), beside[0]}, []int64{f.One.Id, f.Other.Id})
	assert.Equal(t, "压盖地块", *f.Other.Label)
	assert.InDelta(t, 2.39, f.Mu, 0.05)
	assert.Len(t, f.Cases, 2)
	assert.Empty(t, read[gen.Findings](t, h, "/findings?unit=wangdian").Findings)
	assert.Equal(t, "over_parcel", read[gen.Findings](t, h, "/findings?case_id="+number(cases[1])).Findings[0].Rule, "more recovered than its parcel has")
	h.change(t, "lu", fields{"kind": "finding.waive", "rule": f.Rule, "one": f.One.Id, "other": f.Other.Id, "reason": "界址误差"})
	assert.Equal(t, "面积 1·代码 1", data().Line.Zh, "nobody has to look at it again")
	waived := read[gen.Findings](t, h, "/findings?waived=true").Findings
	require.Len(t, waived, 1)
	assert.Equal(t, "界址误差", *waived[0].Waiver.Reason)
	h.change(t, "lu", fields{"kind": "batch.undo", "batch_id": waived[0].Waiver.BatchId, "reason": "误操作"})
	assert.Equal(t, "重叠 2·面积 1·代码 1", data().Line.Zh)
}
