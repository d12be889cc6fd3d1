package httpapi_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// refusal is the sentence with which one change is refused.
func (h *house) refusal(t *testing.T, as string, change fields) string {
	t.Helper()
	return h.post(t, as, text(t, operation(change))).problem(t).Detail
}

// onTrack lists a firm of honghe on a track, and gives the case.
func (h *house) onTrack(t *testing.T, track, label string, more fields) int64 {
	t.Helper()
	c := fields{"kind": "case.list", "track": track, "unit": "honghe", "label": label, "date": "2020-03-01"}
	maps.Copy(c, more)
	out := h.change(t, "lu", c)
	for _, e := range out.Entries {
		if e.Noun == "case" {
			return e.NounID
		}
	}
	t.Fatal("nothing was listed")
	return 0
}

func fill(sheet, of string, id int64, values fields) fields {
	return fields{"kind": "sheet.fill", "sheet": sheet, "of": of, "of_id": id, "values": values}
}

// chosen is how many rows of a unit's sums chose an option.
func chosen(t *testing.T, sums gen.SheetSums, field, option string) int64 {
	t.Helper()
	for _, s := range sums.Sums {
		if s.Field != field || s.Options == nil {
			continue
		}
		for _, o := range *s.Options {
			if o.Code == option {
				return o.Count
			}
		}
	}
	t.Fatalf("no sum of %s.%s", field, option)
	return 0
}

// TestOutdatedCapacityGoesByTheBook (落后产能): the grounds, source and document of the task, the law and its
// service before the notice, the equipment before it counts as dismantled; sums by industry and ground.
func TestOutdatedCapacityGoesByTheBook(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.onTrack(t, "outdated", "宏盛印染厂", nil)
	assert.Contains(t, h.refusal(t, "lu", fill("basis", "case", id, fields{"industry": "steel"})), "行业")
	assert.Contains(t, h.refusal(t, "lu", fill("basis", "case", id, fields{"industry": "dyeing"})), "还缺：淘汰事由、任务来源、任务文号")
	h.change(t, "lu", fill("basis", "case", id, fields{"industry": "dyeing", "grounds": "energy,catalogue", "source": "province", "source_doc": "浙淘汰办〔2020〕3号"}))
	assert.Contains(t, h.refusal(t, "shen", milestone(id, "notified", "2020-03-05")), "还缺 4 项材料：法律依据、文书文号、送达日期、送达方式")
	h.change(t, "lu", fill("basis", "case", id, fields{"legal_basis": "《促进产业结构调整暂行规定》", "service_doc": "告字1号", "served_on": "2020-03-04", "served_how": "direct"}).and("base_version", 1))
	traces := []string{}
	for _, e := range read[gen.CaseDetail](t, h, "/cases/"+number(id)).Timeline {
		traces = append(traces, e.Actor.Name+" "+e.Text.Zh)
	}
	assert.Equal(t, []string{"陆某 填报资料：“淘汰依据”（法律依据、文书文号、送达日期、送达方式）", "陆某 填报资料：“淘汰依据”（行业、淘汰事由、任务来源、任务文号）", "陆某 列入清单"}, traces, "who filled what is in the traces of the case")
	h.change(t, "shen", milestone(id, "notified", "2020-03-05"))
	h.change(t, "shen", milestone(id, "stopped", "2020-04-01"))
	assert.Contains(t, h.refusal(t, "shen", milestone(id, "dismantled", "2020-05-01")), "主体设备")
	equipment := fields{"type": "染缸", "process": "old_dyeing", "count": "4", "removed": "5", "removed_how": "destroyed"}
	assert.Contains(t, h.refusal(t, "lu", fill("equipment", "case", id, equipment)), "不能超过")
	equipment["removed"], equipment["removed_on"] = "4", "2020-04-20"
	h.change(t, "lu", fill("equipment", "case", id, equipment))
	h.change(t, "shen", milestone(id, "dismantled", "2020-05-01"))
	h.change(t, "zhou", milestone(id, "accepted", "2020-05-10"))
	basis := h.totals(t, "outdated", "basis")
	assert.Equal(t, int64(1), chosen(t, basis, "industry", "dyeing"))
	assert.Equal(t, int64(1), chosen(t, basis, "grounds", "catalogue"))
	assert.Equal(t, int64(0), chosen(t, basis, "grounds", "safety"))
}

// TestRetrofitsAddUp (技术改造): what was invested and saved, and no banned equipment in it.
func TestRetrofitsAddUp(t *testing.T) {
	t.Parallel()
	h := setup(t)
	unit := read[gen.Sheets](t, h, "/sheets?of=unit&unit=honghe")
	row := fields{"firm": "宏盛织造", "project": "机器换人", "investment": "600.5", "saved": "180", "process": "old_looms"}
	assert.Contains(t, h.refusal(t, "lu", fill("retrofit", "unit", unit.Items[0].OfId, row)), "有梭织机")
	row["process"] = "none"
	h.change(t, "lu", fill("retrofit", "unit", unit.Items[0].OfId, row))
	for _, s := range h.totals(t, "outdated", "retrofit").Sums {
		if s.Field == "investment" {
			assert.Equal(t, "600.5", *s.Value)
		}
	}
}

// TestAParkSaysWhatItIsBeforeItIsBuiltAndOpened (小微园): footprint, investor and industry before it is
// built; operator, admission and rental rules before it opens; evaluation, stars, help and a park elsewhere; loans, land quota and grants.
func TestAParkSaysWhatItIsBeforeItIsBuiltAndOpened(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.onTrack(t, "parks", "洪合小微企业园", nil)
	h.change(t, "lu", milestone(id, "started", "2020-04-01"))
	assert.Contains(t, h.refusal(t, "lu", milestone(id, "built", "2020-08-01")), "建设方式、用地面积、投资主体、主导产业")
	assert.Contains(t, h.refusal(t, "lu", fill("park", "case", id, fields{"away": "yes"})), "还缺：“飞地”类型、合作方、所在地")
	h.change(t, "lu", fill("park", "case", id, fields{
		"build": "extended", "footprint": "86.5", "investor": "collective", "lead": "毛衫", "lead_share": "71", "facilities": "canteen,sewage", "services": "errands",
		"away": "yes", "away_kind": "logistics", "away_partner": "安徽省郎溪县", "away_place": "郎溪经济开发区",
	}))
	h.change(t, "lu", milestone(id, "built", "2020-08-01"))
	assert.Contains(t, h.refusal(t, "lu", milestone(id, "opened", "2020-09-01")), "运营机构、准入标准文号、租赁管理办法文号")
	h.change(t, "lu", fill("park", "case", id, fields{"operator": "洪合园区运营公司", "professional": "yes", "admission_doc": "3号", "rental_doc": "4号"}).and("base_version", 1))
	h.change(t, "lu", milestone(id, "opened", "2020-09-01"))

	park := h.totals(t, "parks", "park")
	assert.Equal(t, int64(1), chosen(t, park, "investor", "collective"))
	assert.Equal(t, int64(1), chosen(t, park, "facilities", "sewage"))
	assert.Equal(t, int64(1), chosen(t, park, "away_kind", "logistics"))

	star := fields{"star": "3", "rater": "district", "on": "2020-09-18", "doc": "11号"}
	assert.Equal(t, "★★★由市联席会议办公室评定", h.refusal(t, "lu", fill("park_star", "case", id, star)))
	star["rater"] = "city"
	h.change(t, "lu", fill("park_star", "case", id, star))
	h.change(t, "lu", fill("park_score", "case", id, fields{"year": "2020", "score": "86.5", "class": "B"}))
	h.change(t, "lu", fill("park_help", "case", id, fields{"on": "2020-09-15", "by": "区经信商务局", "matter": "供电扩容"}))
	assert.Contains(t, h.refusal(t, "lu", fill("park_loan", "case", id, fields{"bank": "示例银行", "granted": "3000", "drawn": "3001", "on": "2020-06-12"})), "“已放款”（3001）不能超过“授信金额”（3000）")
	h.change(t, "lu", fill("park_loan", "case", id, fields{"bank": "示例银行", "granted": "3000", "drawn": "1500", "on": "2020-06-12"}),
		fill("park_land", "case", id, fields{"kind": "reclaimed", "granted": "12.5", "used": "10", "document": "5号", "on": "2020-05-18"}),
		fill("park_grant", "case", id, fields{"policy": "秀洲委办发〔2019〕65号", "granted": "120", "paid": "60", "on": "2020-08-30"}))
	assert.Equal(t, int64(1), chosen(t, h.totals(t, "parks", "park_land"), "kind", "reclaimed"))
	kept := map[string]int{}
	for _, s := range read[gen.Sheets](t, h, "/sheets?of=case&id="+number(id)).Items {
		kept[s.Sheet.Code] = len(s.Rows)
	}
	assert.Equal(t, map[string]int{"park": 1, "park_score": 1, "park_star": 1, "park_help": 1, "park_loan": 1, "park_land": 1, "park_grant": 1, "funds": 0}, kept)
}

// TestABannedTenantIsRefused (准入): a firm with equipment of the catalogue does not come into a park.
func TestABannedTenantIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.onTrack(t, "move_in", "宏盛织造", nil)
	assert.Contains(t, h.refusal(t, "lu", fill("tenant", "case", id, fields{"park": "洪合小微企业园", "process": "water_jet"})), "喷水织机")
	h.change(t, "lu", fill("tenant", "case", id, fields{"park": "洪合小微企业园", "process": "none"}))
}

// TestPushedHardAreTheUnfinishedOfClustersAndVillages (强势推进): until they are accepted.
func TestPushedHardAreTheUnfinishedOfClustersAndVillages(t *testing.T) {
	t.Parallel()
	h := setup(t)
	scattered := h.firm(t, "宏盛毛衫厂", "C", fields{"land": "3"})
	clustered := h.firm(t, "宏联织造厂", "", fields{"location": "village_cluster", "legal_land": "no"})
	h.onTrack(t, "rectify", "宏盛毛衫厂", fields{"enterprise_id": scattered})
	h.onTrack(t, "rectify", "宏联织造厂", fields{"enterprise_id": clustered})
	names := func(list string) []string {
		var all []string
		for _, w := range read[gen.WatchPage](t, h, "/watches/"+list).Items {
			all = append(all, w.Label)
		}
		return all
	}
	assert.Equal(t, []string{"宏盛毛衫厂"}, names("push_village"))
	assert.Equal(t, []string{"宏联织造厂"}, names("push_cluster"))
	assert.Empty(t, names("outside_list"), "both are targets, and on the list")
}

// TestUnusedLandHasItsKindDisposalAndDay (“五未”): and adds up by kind.
func TestUnusedLandHasItsKindDisposalAndDay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	unit := read[gen.Sheets](t, h, "/sheets?of=unit&unit=honghe").Items[0].OfId
	assert.Contains(t, h.refusal(t, "lu", fill("five_un", "unit", unit, fields{"place": "工业区1号", "kind": "idle"})), "还缺：面积、处置措施、处置期限")
	h.change(t, "lu", fill("five_un", "unit", unit, fields{"place": "工业区1号", "kind": "idle", "land": "12.4", "disposal": "收回", "due_on": "2020-11-30"}))
	sums := h.totals(t, "upgrade", "five_un")
	assert.Equal(t, int64(1), chosen(t, sums, "kind", "idle"))
}

// TestAnAreaHasItsTaskAndClass (原乡镇工业集聚区): a cluster's task with its class of the five batches.
func TestAnAreaHasItsTaskAndClass(t *testing.T) {
	t.Parallel()
	h := setup(t)
	area := h.replace(t, "clusters", ledger.ReferenceDraft{Code: "c1", Name: "洪合工业集聚区", Class: "town", Geometry: square(120.66, 30.66, 0.01), Attributes: map[string]string{"unit": "honghe"}}).Entries[0].NounID
	h.change(t, "lu", fill("cluster_task", "reference", area, fields{"five": "提升一批", "firms": "12", "land": "60.5", "due_on": "2020-12-01", "plan": "分期腾退"}))
	sums := h.totals(t, "rectify", "cluster_task")
	require.NotEmpty(t, sums.Sums)
	assert.Equal(t, "12", *sums.Sums[0].Value)

	there := func() gen.AreaProgress { return (*read[gen.TrackPage](t, h, "/tracks/rectify").Areas)[0] }
	assert.Equal(t, "提升一批", there().Values["five"])
	assert.Zero(t, there().Cases, "nothing is listed on its ground")
	parcel := h.parcels(t, "宏联织造厂")[0]
	id := h.accepted(t, parcel, read[gen.ParcelDetail](t, h, "/parcels/"+number(parcel)).M2)
	h.replace(t, "clusters", ledger.ReferenceDraft{Code: "c1", Name: "洪合工业集聚区", Class: "town", Geometry: square(120.5, 30.5, 0.6), Attributes: map[string]string{"unit": "honghe"}})
	moved := there()
	assert.Equal(t, area, moved.Id, "drawn anew, it is the same area with the same task")
	assert.Equal(t, "12", moved.Values["firms"])
	assert.Equal(t, []int64{1, 1}, []int64{moved.Cases, moved.Done})
	assert.InDelta(t, read[gen.CaseDetail](t, h, "/cases/"+number(id)).Areas.Recovered.Mu, moved.Recovered.Mu, 0.001)
}
