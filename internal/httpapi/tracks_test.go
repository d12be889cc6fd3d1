package httpapi_test

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// firm enters an enterprise with its facts: nothing speaks against it but what is given.
func (h *house) firm(t *testing.T, name, class string, facts fields) int64 {
	t.Helper()
	e := fields{"name": name, "kind": "enterprise", "unit": "honghe"}
	if class != "" {
		e["evaluations"] = fields{"2019": class}
	}
	id := h.change(t, "lu", fields{"kind": "enterprise.enter", "enterprise": e}).Entries[0].NounID
	values := fields{"location": "natural_village", "land": "12", "legal_land": "yes", "planning": "yes", "zoning": "yes", "policy": "yes"}
	maps.Copy(values, facts)
	h.change(t, "lu", fields{"kind": "sheet.fill", "sheet": "facts", "of": "enterprise", "of_id": id, "values": values})
	return id
}

func labels(turns []gen.EligibilityTurn) []string {
	names := []string{}
	for _, turn := range turns {
		names = append(names, turn.Label)
	}
	return names
}

// previewRules asks whose verdict changes if R1 is read in a mode.
func (h *house) previewRules(t *testing.T, as, mode string) gen.EligibilityPreview {
	t.Helper()
	body := bytes.NewBufferString(`{"modes":{"R1":"` + mode + `"}}`)
	a := h.ask(t, request{method: http.MethodPost, path: "/api/v1/eligibility/preview", as: as, header: map[string]string{"Content-Type": "application/json"}, body: body})
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var p gen.EligibilityPreview
	a.into(t, &p)
	return p
}

func TestAndOrShowsWhoEntersAndLeavesBeforeItIsSaved(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.firm(t, "甲织造厂", "A", nil)
	h.firm(t, "乙织造厂", "C", fields{"land": "3"})
	p := h.previewRules(t, "lu", "any")
	assert.Equal(t, []string{"甲织造厂"}, labels(p.Enter), "坐落在自然村落 is enough now")
	assert.Empty(t, p.Leave)
	assert.Contains(t, p.Enter[0].Words.Zh, "符合：R1")
	assert.Empty(t, h.previewRules(t, "lu", "all").Enter, "as it is now, nothing changes")
	assert.Equal(t, 1, int(read[gen.TrackPage](t, h, "/tracks/rectify").Verdicts.Yes), "nothing was written")

	now := read[held](t, h, "/campaign/definition")
	d := now.Definition
	d.Eligibility[0].Mode = campaign.ModeAny
	h.apply(t, auth.System(), ledger.AmendCampaign{BaseVersion: now.Version, Definition: d})
	assert.Equal(t, 2, int(read[gen.TrackPage](t, h, "/tracks/rectify").Verdicts.Yes))
	back := h.previewRules(t, "lu", "all")
	assert.Equal(t, []string{"甲织造厂"}, labels(back.Leave), "and the way back says who would leave")
}

func TestALateUpgradeIsProposedForClassD(t *testing.T) {
	t.Parallel()
	h := setup(t)
	late := h.change(t, "lu", fields{"kind": "case.list", "track": "upgrade", "unit": "honghe", "label": "宏盛针织厂", "date": "2020-03-01", "enterprise": fields{"name": "宏盛针织厂", "kind": "enterprise", "unit": "honghe", "tax_per_mu": fields{"2019": 8500.5}}})
	id := late.Entries[1].NounID
	list := func(code string) []gen.Watched { return read[gen.WatchPage](t, h, "/watches/"+code).Items }
	assert.Empty(t, list("to_class_d"))
	h.change(t, "lu", fields{"kind": "case.amend", "case_id": id, "base_version": 1, "fields": fields{"plan:accepted": "2020-09-20"}})
	proposed := list("to_class_d")
	require.Len(t, proposed, 1, "due on 09-20, today is 09-30")
	assert.Equal(t, "10", proposed[0].Shows[0].Zh, "with its proof: ten days late")
	assert.Len(t, list("tax_10000"), 1)
	assert.Len(t, list("tax_30000"), 1)
	h.change(t, "lu", fields{"kind": "sheet.fill", "sheet": "one_policy", "of": "case", "of_id": id, "values": fields{"way": "close", "freed": "yes", "freed_mu": "2.5", "close_document": "关停2020-1", "close_on": "2020-09-01", "digital": "no"}})
	h.change(t, "lu", milestone(id, "planned", "2020-03-02"), milestone(id, "started", "2020-03-03"))
	h.change(t, "zhou", milestone(id, "accepted", "2020-09-30"))
	assert.Empty(t, list("to_class_d"), "finished, if late")
	assert.Equal(t, int64(1), h.totals(t, "upgrade", "one_policy").Counted)
}

// totals are what a sheet of a track adds up to, of all units.
func (h *house) totals(t *testing.T, track, sheet string) gen.SheetSums {
	t.Helper()
	for _, s := range read[gen.TrackPage](t, h, "/tracks/"+track).Sheets {
		if s.Sheet.Code == sheet {
			return s.All
		}
	}
	t.Fatalf("%s has no sheet %s", track, sheet)
	return gen.SheetSums{}
}

func TestMovedInTwiceIsListed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	firm := h.firm(t, "宏盛毛衫厂", "C", fields{"land": "3"})
	move := func(on string) {
		id := h.change(t, "lu", fields{"kind": "case.list", "track": "move_in", "unit": "honghe", "date": on, "enterprise_id": firm}).Entries[0].NounID
		h.change(t, "lu", milestone(id, "moved_in", on))
	}
	count := func(code string) int { return len(read[gen.WatchPage](t, h, "/watches/"+code).Items) }
	move("2020-03-01")
	assert.Equal(t, 0, count("counted_twice"))
	assert.Equal(t, 0, count("moved_rectified"), "a firm that was never rectified")
	move("2020-05-01")
	assert.Equal(t, 1, count("counted_twice"), "重复计入")
	h.change(t, "lu", fields{"kind": "case.list", "unit": "honghe", "date": "2020-02-01", "enterprise_id": firm})
	assert.Equal(t, 2, count("moved_rectified"), "其中整治企业")
}

// books are what one acceptance moves: the same in figures, funnel, list and the sums of sheets.
type books struct {
	Done, Funnel, List int64
	Land, Unit         float64
	Energy             string
}

func (h *house) books(t *testing.T) books {
	t.Helper()
	f := read[gen.Figures](t, h, "/figures?by=unit")
	b := books{Done: f.Total.Metrics[0].Exact, Land: f.Total.Metrics[2].Done}
	for _, row := range f.Rows {
		if row.Code == "honghe" {
			b.Unit = row.Metrics[2].Done
		}
	}
	for _, step := range f.Total.Steps {
		if step.Code == "accepted" {
			b.Funnel = step.Reached.Cases
		}
	}
	b.List = read[gen.CasePage](t, h, "/cases?"+f.Total.Metrics[0].Query).Total
	b.Energy = *h.totals(t, "rectify", "cure").Sums[1].Value
	return b
}

// TestTheBooksStayStraight: acceptance, rebound, unlock, withdrawal and return move
// every figure together, and the figures of a day that is over not at all.
func TestTheBooksStayStraight(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.parcels(t, "宏联织造厂")[0]
	m2 := read[gen.ParcelDetail](t, h, "/parcels/"+number(parcel)).M2
	past := func() string {
		return string(h.ask(t, request{path: "/api/v1/figures?by=unit&as_of=2020-08-31", as: "lu"}).body)
	}
	august := past()
	none := books{Energy: "0"}
	require.Equal(t, none, h.books(t))

	id := h.accepted(t, parcel, m2)
	h.change(t, "lu", fields{"kind": "sheet.fill", "sheet": "cure", "of": "case", "of_id": id, "values": fields{"energy": "12.5", "cures": "scattered"}})
	full := h.books(t)
	assert.Equal(t, books{1, 1, 1, full.Land, full.Land, "12.5"}, full)
	assert.InDelta(t, m2/666.6667, full.Land, 0.01)

	h.change(t, "lu", fields{"kind": "case.ask", "case_id": id, "side": "rebounded", "reason": "恢复生产"})
	assert.Equal(t, none, h.books(t), "a rebound counts nowhere")
	h.change(t, "lu", fields{"kind": "case.leave", "case_id": id, "side": "rebounded", "note": "整改完成"})
	assert.Equal(t, full, h.books(t))

	h.change(t, "shen", fields{"kind": "case.ask", "case_id": id, "side": "unlocked", "reason_code": "area"})
	h.change(t, "lu", fields{"kind": "case.decide", "case_id": id, "side": "unlocked", "approve": true})
	h.change(t, "lu", fields{"kind": "case.measure", "case_id": id, "recovered_m2": m2 * 0.98, "effective_m2": m2 / 3})
	less := h.books(t)
	assert.Equal(t, books{1, 1, 1, less.Land, less.Land, "12.5"}, less)
	assert.InDelta(t, full.Land*0.98, less.Land, 0.01, "measured anew while unlocked")
	h.change(t, "lu", fields{"kind": "case.leave", "case_id": id, "side": "unlocked", "note": "复核完成"})

	detail := read[gen.CaseDetail](t, h, "/cases/"+number(id))
	var accepted string
	for _, e := range detail.Timeline {
		if strings.HasPrefix(e.Text.Zh, "已验收") {
			accepted = e.BatchId.String()
		}
	}
	require.NotEmpty(t, accepted)
	h.change(t, "lu", fields{"kind": "batch.undo", "batch_id": accepted, "reason": "验收材料有误，撤回验收"})
	assert.Equal(t, none, h.books(t), "a withdrawn acceptance counts nowhere")
	h.change(t, "lu", fields{"kind": "case.ask", "case_id": id, "side": "returned", "reason": "限期整改"})
	assert.Equal(t, none, h.books(t), "nor does what was returned")
	assert.Equal(t, august, past(), "08-31 stays what it was")
}

// rowOf is a unit's line of the figures.
func rowOf(t *testing.T, f gen.Figures, unit string) gen.FigureRow {
	t.Helper()
	for _, row := range f.Rows {
		if row.Code == unit {
			return row
		}
	}
	t.Fatalf("the figures have no row of %s", unit)
	return gen.FigureRow{}
}

// TestAnAcceptanceMovesRankAndLightWithTheLand: one acceptance, and in one answer the unit's rate, light and
// place have moved with the number, the land and the funnel; a review gives back what a return took.
func TestAnAcceptanceMovesRankAndLightWithTheLand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	now := read[held](t, h, "/campaign/definition")
	d := now.Definition
	d.Lights.Red = -999
	for _, unit := range []string{"honghe", "wangdian"} {
		d.Targets = append(d.Targets, campaign.Target{Unit: unit, Metric: campaign.MetricRectified, Period: campaign.PeriodYear, Task: 1})
	}
	h.apply(t, auth.System(), ledger.AmendCampaign{BaseVersion: now.Version, Definition: d})
	parcel := h.parcels(t, "宏联织造厂")[0]
	m2 := read[gen.ParcelDetail](t, h, "/parcels/"+number(parcel)).M2

	before := rowOf(t, read[gen.Figures](t, h, "/figures?by=unit"), "honghe")
	assert.NotEqual(t, gen.FigureMetricLightGreen, before.Metrics[0].Light)
	id := h.accepted(t, parcel, m2)
	f := read[gen.Figures](t, h, "/figures?by=unit")
	after := rowOf(t, f, "honghe")
	assert.Equal(t, gen.FigureMetricLightGreen, after.Metrics[0].Light)
	assert.InDelta(t, 100, *after.Metrics[0].Rate, 0.01)
	require.NotNil(t, after.Place)
	assert.Equal(t, int32(1), *after.Place)
	assert.Greater(t, *rowOf(t, f, "wangdian").Place, *after.Place)
	assert.InDelta(t, f.Total.Metrics[2].Done, after.Metrics[2].Done, 0.001, "the district's land is the unit's")
	assert.Equal(t, 8, int(read[gen.CaseDetail](t, h, "/cases/"+number(id)).Case.Stage))

	past := rowOf(t, read[gen.Figures](t, h, "/figures?by=unit&as_of=2020-08-31"), "honghe")
	assert.Zero(t, past.Metrics[0].Exact, "08-31 knows nothing of it")
	assert.Zero(t, past.Metrics[2].Exact)

	// Its public notice moves no figure, and holds the closing.
	h.change(t, "lu", fields{"kind": "case.ask", "case_id": id, "side": "publicised"})
	assert.Equal(t, after.Metrics, rowOf(t, read[gen.Figures](t, h, "/figures?by=unit"), "honghe").Metrics)
	a := h.post(t, "lu", text(t, operation(milestone(id, "closed", "2020-09-30"))))
	assert.Equal(t, "该事项公示中，请先结束公示", a.problem(t).Detail)
	queue := read[gen.Todo](t, h, "/todo?page=acceptance")
	for _, g := range queue.Groups {
		assert.Equal(t, g.Count, read[gen.CasePage](t, h, "/cases?"+g.Query).Total, g.Code)
		if g.Code == "public" {
			assert.Equal(t, int64(1), g.Count)
		}
	}
}

// TestUnitsWithoutAParkAreNamed: 有园单位 n/6 stands on the page of the parks, the missing by name.
func TestUnitsWithoutAParkAreNamed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	coverage := func() gen.Coverage { return *read[gen.TrackPage](t, h, "/tracks/parks").Coverage }
	none := coverage()
	assert.Equal(t, int32(0), none.With)
	assert.Contains(t, none.Missing, "honghe")
	id := h.change(t, "lu", fields{"kind": "case.list", "track": "parks", "unit": "honghe", "label": "洪合小微企业园", "date": "2020-03-01"}).Entries[0].NounID
	h.change(t, "lu", milestone(id, "started", "2020-06-01"))
	one := coverage()
	assert.Equal(t, int32(1), one.With)
	assert.NotContains(t, one.Missing, "honghe")
	assert.Nil(t, read[gen.TrackPage](t, h, "/tracks/rectify").Coverage)
}
