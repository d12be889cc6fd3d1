package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// badCode is a credit code whose last character does not check.
const badCode = "91330411MA2XX0001Z"

// read asks for a path and takes the answer, which must be a success.
func read[T any](t *testing.T, h *house, path string) T {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1" + path, as: "lu"})
	require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
	var v T
	a.into(t, &v)
	return v
}

// asDistrict reads what somebody of the district office is told.
func asDistrict[T any](t *testing.T, h *house, path string) T {
	t.Helper()
	var v T
	h.ask(t, request{path: "/api/v1" + path, as: "zhou"}).into(t, &v)
	return v
}

// town is a house with three firms on three parcels: 宏联织造厂 in 新美村 with a code that does not check, and two workshops of one name.
func town(t *testing.T) (h *house, cases []int64, after string) {
	t.Helper()
	h = setup(t)
	parcels := h.parcels(t, "地块甲", "地块乙", "地块丙", "地块丁")
	list := func(parcel int64, village string, e fields) int64 {
		out := h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": []int64{parcel}, "date": "2020-03-01", "label": e["label"], "village": village, "enterprise": e})
		for _, entry := range out.Entries {
			if entry.Noun == "case" {
				after = number(out.Revision)
				return entry.NounID
			}
		}
		require.Fail(t, "no case was listed")
		return 0
	}
	cases = []int64{
		list(parcels[0], "330411106201", fields{"name": "宏联织造厂", "label": "宏*织造厂", "kind": "enterprise", "code": badCode, "industry": "1751", "above_scale": true, "evaluations": fields{"2018": "C", "2019": "D"}, "tax_per_mu": fields{"2019": 3200.5}}),
		list(parcels[1], "330411106205", fields{"name": "凤桥毛衫作坊", "label": "凤桥毛衫作坊", "kind": "workshop", "industry": "1763"}),
		list(parcels[2], "330411106205", fields{"name": "凤桥毛衫作坊", "label": "凤桥毛衫作坊二", "kind": "workshop", "industry": "1763"}),
	}
	return h, cases, after
}

func TestSearchFindsEveryKindTheBestFirst(t *testing.T) {
	t.Parallel()
	h, cases, after := town(t)
	search := func(typed string) gen.SearchResult {
		return read[gen.SearchResult](t, h, "/search?limit=2&min_revision="+after+"&q="+typed)
	}
	kinds := func(r gen.SearchResult) string {
		var list []string
		for _, s := range r.Items {
			list = append(list, string(s.Kind)+" "+s.Label)
		}
		return strings.Join(list, ", ")
	}
	assert.Equal(t, "case 宏*织造厂, enterprise 宏*织造厂", kinds(search("hlzz")), "initials of the operator's own name")
	assert.Equal(t, "case 宏*织造厂, enterprise 宏*织造厂", kinds(search(strings.ToLower(badCode))), "credit code")
	assert.Equal(t, "unit 洪合镇, village 洪合村委会", kinds(search("洪合")))
	assert.Equal(t, "village 凤桥村委会, case 凤桥毛衫作坊, case 凤桥毛衫作坊二, enterprise 凤桥毛衫作坊, enterprise 凤桥毛衫作坊二", kinds(search("凤桥")))
	assert.Equal(t, "parcel 地块丁", kinds(search("地块丁")))
	assert.Equal(t, map[string]int{"parcel": 4}, search("dk").Found, "more fit than are suggested")
	assert.Len(t, search("dk").Items, 2)
	assert.Empty(t, search("zzzz").Items)
	assert.Empty(t, search("%20").Items)

	whole := search("XZ-2020-0002").Items
	require.NotEmpty(t, whole)
	assert.Equal(t, "XZ-2020-0002", whole[0].Code, "a whole code comes first")
	assert.Equal(t, cases[1], *whole[0].Id)
	assert.Equal(t, "已排查", whole[0].State.Zh)
	assert.Len(t, *whole[0].Parcels, 1)
	assert.Equal(t, "330411106205", whole[0].Village.Code)
	assert.Equal(t, "XZ-2020-0003", search("0003").Items[0].Code, "the number alone")
	for _, typed := range []string{"洪合", "凤桥", "hlzz", "地块甲", "0003"} {
		for _, s := range search(typed).Items {
			page := read[gen.CasePage](t, h, "/cases?"+s.Query)
			assert.NotNil(t, page.Items, s.Query)
			if s.Kind == gen.SuggestionKindCase || s.Kind == gen.SuggestionKindEnterprise {
				assert.EqualValues(t, 1, page.Total, "%s %s", s.Label, s.Query)
			}
		}
	}
	assert.Equal(t, "not_as_specified", h.get(t, "/search").problem(t).Code)
}

func TestEnterprisesAreListedFilteredAndOpened(t *testing.T) {
	t.Parallel()
	h, cases, after := town(t)
	names := func(query string) []string {
		list := []string{}
		for _, row := range read[gen.EnterprisePage](t, h, "/enterprises?min_revision="+after+"&"+query).Items {
			list = append(list, row.Enterprise.Label)
		}
		return list
	}
	assert.Equal(t, []string{"凤桥毛衫作坊", "凤桥毛衫作坊二", "宏*织造厂"}, names(""))
	assert.Equal(t, []string{"宏*织造厂", "凤桥毛衫作坊", "凤桥毛衫作坊二"}, names("sort=-name"))
	for query, want := range map[string]int{
		"q=hlzz": 1, "q=新美": 1, "q=" + badCode[:10]: 1, "kind=workshop": 2, "unit=honghe": 3, "unit=wangdian": 0, "village=330411106205": 2,
		"industry=17": 3, "industry=1751": 1, "above_scale=true": 1, "class=D": 1, "class=D&year=2018": 0, "class=C&year=2018": 1,
		"track=rectify": 3, "track=upgrade": 0, "odd_code=true": 1, "limit=2": 2,
	} {
		assert.Len(t, names(query), want, query)
	}
	assert.Equal(t, "宏*织造厂", names("sort=-tax")[0])
	first := read[gen.EnterprisePage](t, h, "/enterprises?limit=2")
	assert.EqualValues(t, 3, first.Total)
	assert.Equal(t, []string{"宏*织造厂"}, names("after="+number(*first.NextAfter)))
	assert.Equal(t, "bad_sort", h.get(t, "/enterprises?sort=colour").problem(t).Code)

	row := read[gen.EnterprisePage](t, h, "/enterprises?q=hlzz").Items[0]
	assert.Equal(t, cases[0], row.Cases[0].Id)
	assert.Positive(t, row.Land.Mu)
	one := read[gen.EnterpriseDetail](t, h, "/enterprises/"+number(row.Enterprise.Id))
	assert.Equal(t, "宏联织造厂", one.Enterprise.Own.Name)
	assert.Equal(t, map[string]string{"2018": "C", "2019": "D"}, one.Enterprise.Evaluations)
	assert.Equal(t, "新美村委会", one.Village.Name.Zh)
	assert.Equal(t, cases[0], one.Cases[0].Id)
	require.Len(t, one.Notices, 1)
	assert.Equal(t, "统一社会信用代码校验位不符，可先保存，请核对", one.Notices[0].Text.Zh)
	assert.NotEmpty(t, *one.Notices[0].Details)
	assert.EqualValues(t, 1, read[gen.CasePage](t, h, "/cases?"+one.Query).Total)
	assert.Equal(t, "enterprise_not_found", h.get(t, "/enterprises/99999").problem(t).Code)

	twins := read[[]gen.Notice](t, h, "/enterprises/check?name=凤桥毛衫作坊")
	require.Len(t, twins, 1)
	assert.Equal(t, "已有同名企业 2 家，请确认是否重复", twins[0].Text.Zh)
	assert.Len(t, *twins[0].Enterprises, 2)
	assert.Empty(t, read[[]gen.Notice](t, h, "/enterprises/check?name=没有的厂"))
	assert.Empty(t, read[[]gen.Notice](t, h, "/enterprises/check?code="))
}

// TestTheDirectoryFollowsTheJournal: entered, changed and taken back.
func TestTheDirectoryFollowsTheJournal(t *testing.T) {
	t.Parallel()
	h, _, _ := town(t)
	page := read[gen.EnterprisePage](t, h, "/enterprises?q=hlzz")
	e := page.Items[0].Enterprise
	out := h.change(t, "lu", fields{"kind": "enterprise.amend", "enterprise_id": e.Id, "base_version": e.Version, "enterprise": fields{"name": "新联织造厂", "kind": "enterprise"}})
	assert.Equal(t, "新联织造厂", read[gen.EnterprisePage](t, h, "/enterprises?q=xlzz&min_revision="+number(out.Revision)).Items[0].Enterprise.Own.Name)
	assert.Empty(t, read[gen.EnterprisePage](t, h, "/enterprises?q=hlzz").Items)
	assert.EqualValues(t, 1, read[gen.CasePage](t, h, "/cases?q=xlzz").Total, "its case is found by it")

	entered := h.change(t, "lu", fields{"kind": "enterprise.enter", "enterprise": fields{"name": "误录的厂", "kind": "enterprise"}})
	assert.EqualValues(t, 4, read[gen.EnterprisePage](t, h, "/enterprises?min_revision="+number(entered.Revision)).Total)
	undone := h.change(t, "lu", fields{"kind": "batch.undo", "batch_id": entered.BatchID, "reason": "误录"})
	assert.EqualValues(t, 3, read[gen.EnterprisePage](t, h, "/enterprises?min_revision="+number(undone.Revision)).Total)
}

func TestParcelsAreListedAndReadOfAnyDay(t *testing.T) {
	t.Parallel()
	h, cases, after := town(t)
	codes := func(query string) int {
		return len(read[gen.ParcelPage](t, h, "/parcels?min_revision="+after+"&"+query).Items)
	}
	for query, want := range map[string]int{
		"": 4, "unit=honghe": 4, "unit=wangdian": 0, "stage=0": 1, "stage=1,2": 3, "free=true": 1, "track=rectify": 3, "track=parks": 0, "q=dkj": 1, "q=地块": 4, "limit=3": 3, "as_of=2020-09-29": 0,
	} {
		assert.Equal(t, want, codes(query), query)
	}
	page := read[gen.ParcelPage](t, h, "/parcels?limit=3&sort=-label")
	assert.EqualValues(t, 4, page.Total)
	assert.Equal(t, "地块乙", page.Items[0].Label)
	assert.Len(t, read[gen.ParcelPage](t, h, "/parcels?sort=-label&after="+number(*page.NextAfter)).Items, 1)
	var sum float64
	for _, p := range read[gen.ParcelPage](t, h, "/parcels").Items {
		sum += p.M2
		assert.InEpsilon(t, p.M2, p.PlaneM2, 0.001)
	}
	assert.InDelta(t, page.TotalM2, sum, 0.05)
	assert.Equal(t, "bad_sort", h.get(t, "/parcels?sort=colour").problem(t).Code)

	id := number(h.parcelOf(t, cases[0]))
	now, then := read[gen.ParcelDetail](t, h, "/parcels/"+id), read[gen.ParcelDetail](t, h, "/parcels/"+id+"?as_of=2020-09-30")
	assert.NotEmpty(t, now.Actions)
	then.Actions = now.Actions
	assert.Equal(t, now, then, "today is today")
	assert.Equal(t, "parcel_not_then", h.get(t, "/parcels/"+id+"?as_of=2020-09-29").problem(t).Code)
}

func TestUnitsVillagesAndTargets(t *testing.T) {
	t.Parallel()
	h, _, after := town(t)
	units := read[[]gen.UnitDetail](t, h, "/units")
	require.Len(t, units, 2)
	assert.Equal(t, "honghe", units[0].Code)
	assert.Equal(t, "units", *units[0].Layer)
	assert.EqualValues(t, 13, units[0].Villages)
	villages := read[[]gen.VillageDetail](t, h, "/villages?unit=honghe&min_revision="+after)
	require.Len(t, villages, 13)
	i := slices.IndexFunc(villages, func(v gen.VillageDetail) bool { return v.Code == "330411106205" })
	assert.EqualValues(t, 2, villages[i].Listed.Cases)
	assert.EqualValues(t, 2, read[gen.CasePage](t, h, "/cases?"+villages[i].Listed.Query).Total)
	assert.Nil(t, villages[i].Layer)

	targets := read[gen.Targets](t, h, "/targets?metric=recovered")
	require.Len(t, targets.Items, 1)
	got := targets.Items[0]
	assert.InDelta(t, 2000, got.Task, 0)
	assert.InDelta(t, 75, got.Baseline, 0)
	assert.Equal(t, "2020-12-31", got.To.String())
	assert.InDelta(t, 75, got.Checkpoints[0].Share, 0)
	assert.Len(t, read[gen.Targets](t, h, "/targets?unit=district&period=year").Items, 8)
	assert.Empty(t, read[gen.Targets](t, h, "/targets?period=three_years").Items)
}

// TestNoPageNeedsAListOfItsOwn: codes that answers carry have words in the campaign.
func TestNoPageNeedsAListOfItsOwn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	c := read[gen.Campaign](t, h, "/campaign")
	assert.Len(t, c.Tracks, 5)
	assert.Equal(t, "XZ-2020-", *c.Tracks[0].Prefix)
	assert.Equal(t, []string{"filed", "signed", "stopped", "vacated", "demolished", "accepted", "closed"}, *c.Tracks[0].Funnel)
	closed := c.Tracks[0].Milestones[len(c.Tracks[0].Milestones)-1]
	assert.Equal(t, gen.TimeLimit{Days: 5, Working: true, From: "accepted"}, *closed.Within)
	assert.Len(t, c.Metrics, 8)
	assert.Equal(t, "亩", c.Metrics[2].Unit.Zh)
	assert.EqualValues(t, 2, c.Metrics[2].Decimals)
	assert.Equal(t, gen.LightRule{Green: 0, Red: -10, OrderAfter: 2, TalkAfter: 3, RedDays: 30, AheadDays: 7}, c.Lights)
	assert.EqualValues(t, 1, c.Version)
	held := (*c.Sides)[0]
	assert.Equal(t, "恢复办理", held.ButtonOut.Zh)
	assert.Equal(t, []gen.SideKindEffects{gen.Stops, gen.Pauses}, *held.Effects)
	assert.NotEmpty(t, *held.Reasons)
	words := func(list []gen.Choice) (found []string) {
		for _, w := range list {
			assert.NotEmpty(t, w.Name.En, w.Code)
			found = append(found, w.Name.Zh)
		}
		return found
	}
	assert.Equal(t, []string{"绿灯", "黄灯", "红灯", "无任务"}, words(c.Words.Lights))
	assert.Equal(t, []string{"提醒", "督办单", "约谈"}, words(c.Words.Escalations))
	assert.Equal(t, []string{"年度任务", "三年总任务"}, words(c.Words.Periods))
	assert.Contains(t, words(c.Words.Areas), "平面面积（EPSG:4549）")
	assert.Contains(t, words(c.Words.Roles), "镇责任人")
	assert.Contains(t, words(c.Words.Effects), "期间不能办理节点")
	assert.Equal(t, "元旦", c.Holidays[0].Name.Zh)
	assert.Equal(t, "强制执法", c.Templates[0].Name.Zh)

	d := read[struct {
		Version    int64
		Definition struct {
			Code    string
			Targets []struct{ Task int64 }
		}
	}](t, h, "/campaign/definition")
	assert.EqualValues(t, 1, d.Version)
	assert.EqualValues(t, 200_000, d.Definition.Targets[2].Task, "printed steps of 0.01 mu")
}

func TestListsNameWhoIsResponsibleWhereAsked(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	out := h.change(t, "shen", fields{"kind": "case.amend", "case_id": cases[1], "base_version": 1, "fields": fields{"responsible": "钱某"}})
	list := func(query string) map[int64]*string {
		page := read[gen.CasePage](t, h, "/cases?min_revision="+number(out.Revision)+query)
		persons := make(map[int64]*string, len(page.Items))
		for i := range page.Items {
			persons[page.Items[i].Id] = page.Items[i].Responsible
		}
		return persons
	}
	named := list("&columns=responsible")
	require.NotNil(t, named[cases[1]])
	assert.Equal(t, "钱某", *named[cases[1]])
	assert.Nil(t, named[cases[0]], "nobody is named for it")
	assert.Nil(t, list("")[cases[1]], "a column that is not asked for")
	assert.Nil(t, list("&columns=responsible&as_of=2020-03-01")[cases[1]], "of now alone")
}
