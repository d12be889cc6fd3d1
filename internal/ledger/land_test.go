package ledger_test

import (
	"encoding/json"
	"math"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// rect is a rectangle in 洪合, its sides in 0.00001 degrees (about a metre) from a place in the unit; it ends at 50.
func rect(x0, y0, x1 float64) orb.MultiPolygon {
	const lon, lat, step, y1 = 120.61, 30.66, 1e-5, 50
	at := func(x, y float64) orb.Point { return orb.Point{lon + x*step, lat + y*step} }
	return orb.MultiPolygon{{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)}}}
}

// cases lists n cases on parcels of their own.
func (h *house) cases(t *testing.T, n int) []int64 {
	t.Helper()
	ids := make([]int64, n)
	for i, p := range h.parcels(t, n) {
		ids[i] = h.list(t, p)
	}
	return ids
}

func drawn(id int64, mp orb.MultiPolygon) ledger.RecordLand {
	return ledger.RecordLand{Case: id, Recovered: mp}
}

// rejected applies changes that must be refused, and returns the refusal, which is recorded.
func (h *house) rejected(t *testing.T, code string, changes ...ledger.Change) *ledger.Refusal {
	t.Helper()
	out, err := h.Apply(t.Context(), shen, operation(changes...))
	require.True(t, fault.Is(err, code), "wanted %s: %v", code, err)
	require.Equal(t, ledger.Refused, out.Result)
	return out.Refusal
}

// landNow is the land that an outcome's only entry made.
func (h *house) landNow(t *testing.T, out ledger.Outcome) ledger.Land {
	t.Helper()
	require.Len(t, out.Entries, 1)
	e := h.entryOf(t, ledger.NounLand, out.Entries[0])
	l, err := ledger.LandOf(e.NounID, e.Version, e.Body.After)
	require.NoError(t, err)
	return l
}

func TestLandIsTakenFromTheParcelsLessWhatIsExcluded(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t) // a parcel of 0.0005 degrees at 120.60, 30.65
	h.apply(t, lu, ledger.ReplaceReference{Layer: "water", Features: []ledger.ReferenceDraft{
		{Code: "w1", Name: "长水塘", Class: "stream", Geometry: orb.LineString{{120.59, 30.65}, {120.62, 30.65}}},
	}}, ledger.ReplaceReference{Layer: "retained", Features: []ledger.ReferenceDraft{
		{Code: "k1", Class: "kept_road", Geometry: square(120.60, 30.65, 0.0002)[0]},
	}})
	out := h.apply(t, shen, ledger.RecordLand{Case: id, Use: "reserve"})
	l := h.landNow(t, out)
	assert.Equal(t, ledger.LandFromParcels, l.Origin)
	assert.Equal(t, "reserve", l.Use)
	require.Len(t, l.Deductions, 2)
	assert.Equal(t, "stream", l.Deductions[0].Code, "the river takes what lies under both, by the order of the rules")
	assert.Equal(t, "kept_road", l.Deductions[1].Code)
	// 15 m of river along a side of 47.9 m; then the 22.2 m less those 15 m of a road 19.2 m broad.
	assert.InDelta(t, 15*47.86, l.Deductions[0].Area.SquareMetres(), 8)
	assert.InDelta(t, (22.17-15)*19.14, l.Deductions[1].Area.SquareMetres(), 5)
	require.NoError(t, h.verify(t))

	used := h.apply(t, shen, ledger.UseLand{Case: id, Use: "reclaim"})
	require.Len(t, used.Entries, 1)
	assert.Equal(t, int64(2), used.Entries[0].Version)
	h.rejected(t, "unknown_use", ledger.UseLand{Case: id, Use: "park"})
	h.rejected(t, "undo_blocked", ledger.UndoBatch{Batch: out.BatchID, Reason: "误操作"})
	h.apply(t, shen, ledger.UndoBatch{Batch: used.BatchID, Reason: "误操作"})
	gone := h.apply(t, shen, ledger.RemoveLand{Case: id, Reason: "测绘有误"})
	require.NoError(t, h.verify(t))
	h.rejected(t, "no_land", ledger.RemoveLand{Case: id, Reason: "测绘有误"})
	h.apply(t, shen, ledger.UndoBatch{Batch: gone.BatchID, Reason: "误删"})
	h.rejected(t, "land_changed", ledger.RecordLand{Case: id, BaseVersion: 1})
	require.NoError(t, h.verify(t))
}

func TestWhatLandMayNotBeIsRefusedInWords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.cases(t, 2)
	a, b := two[0], two[1]
	h.apply(t, shen, drawn(a, rect(0, 0, 50)))

	f := h.rejected(t, ledger.LandOverlaps, drawn(b, rect(45, 0, 100)))
	// 5 by 50 steps: 4.79 m by 55.4 m.
	assert.Equal(t, "与 XZ-2020-0001 重叠 0.40 亩，不能保存", f.ZH)
	assert.Contains(t, f.EN, "overlaps XZ-2020-0001 by 0.40 mu")
	var detail []ledger.LandFault
	remarshal(t, f.Detail, &detail)
	require.Len(t, detail, 1)
	assert.True(t, rect(45, 0, 50).Bound().Contains(detail[0].Place), "the place lies in the overlap")
	assert.Equal(t, "与 XZ-2020-0001 重叠 0.01 亩，不能保存", h.rejected(t, ledger.LandOverlaps, drawn(b, rect(49.875, 0, 100))).ZH)
	assert.Equal(t, "与 XZ-2020-0001 重叠 0.27 ㎡，不能保存", h.rejected(t, ledger.LandOverlaps, drawn(b, rect(49.995, 0, 100))).ZH)

	f = h.rejected(t, ledger.LandOutside, drawn(b, square(120.6499, 30.66, 0.0002)))
	assert.Equal(t, "图形超出洪合镇范围 0.32 亩", f.ZH)
	f = h.rejected(t, ledger.EffectiveOutside, ledger.RecordLand{Case: b, Recovered: rect(50, 0, 100), Effective: rect(60, 10, 101), Reason: "现场核定"})
	assert.Equal(t, "有效范围超出腾退范围 0.06 亩", f.ZH)
	crossed := orb.MultiPolygon{{{{120.61, 30.66}, {120.611, 30.661}, {120.611, 30.66}, {120.61, 30.661}, {120.61, 30.66}}}}
	f = h.rejected(t, ledger.LandInvalid, drawn(b, crossed))
	assert.Equal(t, "图形自相交，位置已在图上标出", f.ZH)
	remarshal(t, f.Detail, &detail)
	assert.InDelta(t, 120.6105, detail[0].Place[0], 1e-9)
	f = h.rejected(t, ledger.LandInvalid, drawn(b, orb.MultiPolygon{{{{120.61, 30.66}, {math.NaN(), 30.66}, {120.61, 30.67}, {120.61, 30.66}}}}))
	assert.Contains(t, f.ZH, "图形无效")
	h.rejected(t, "effective_reason", ledger.RecordLand{Case: b, Recovered: rect(50, 0, 100), Effective: rect(60, 10, 100)})
	h.rejected(t, "land_empty", drawn(b, orb.MultiPolygon{}))

	out := h.apply(t, shen, ledger.RecordLand{Case: b, Recovered: rect(50, 0, 100), Effective: rect(60, 0, 100), Reason: "现场核定"})
	l := h.landNow(t, out)
	require.Len(t, l.Deductions, 1)
	assert.Equal(t, ledger.DeductedOtherwise, l.Deductions[0].Code)
	assert.Equal(t, geo.GeodesicArea(rect(50, 0, 100))-geo.GeodesicArea(rect(60, 0, 100)), l.Deductions[0].Area, "adds up exactly")
	require.NoError(t, h.verify(t))
}

func remarshal(t *testing.T, from, into any) {
	t.Helper()
	text, err := json.Marshal(from)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, into))
}

// TestAnOperationIsJudgedWhole: what one change gives up another may take, and
// two changes of one operation may not take the same ground.
func TestAnOperationIsJudgedWhole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.cases(t, 2)
	a, b := two[0], two[1]
	h.apply(t, shen, drawn(a, rect(0, 0, 50)))
	h.rejected(t, ledger.LandOverlaps, drawn(a, rect(0, 0, 30)), drawn(b, rect(29, 0, 80)))
	h.apply(t, shen, drawn(b, rect(30, 0, 80)), drawn(a, rect(0, 0, 30)))
	swap := h.apply(t, shen, drawn(a, rect(30, 0, 80)), drawn(b, rect(0, 0, 30)))
	h.apply(t, shen, ledger.RemoveLand{Case: a, Reason: "并入邻案"}, drawn(b, rect(0, 0, 80)))
	h.rejected(t, "undo_blocked", ledger.UndoBatch{Batch: swap.BatchID, Reason: "误操作"})
	require.NoError(t, h.verify(t))
}

func TestACaseWithLandIsNotUnlisted(t *testing.T) {
	t.Parallel()
	h := setup(t)
	listed := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1), On: "2020-03-01"})
	recorded := h.apply(t, shen, ledger.RecordLand{Case: listed.Entries[0].NounID})
	h.rejected(t, "case_has_land", ledger.UndoBatch{Batch: listed.BatchID, Reason: "误列"})
	removed := h.apply(t, shen, ledger.UndoBatch{Batch: recorded.BatchID, Reason: "误列"})
	gone := h.apply(t, shen, ledger.UndoBatch{Batch: listed.BatchID, Reason: "误列"})
	h.rejected(t, "case_not_found", ledger.UndoBatch{Batch: removed.BatchID, Reason: "范围无误"})
	h.apply(t, shen, ledger.UndoBatch{Batch: gone.BatchID, Reason: "列得对"})
	require.NoError(t, h.verify(t))
}

func TestATenantHasNoLand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	p := h.parcels(t, 1)
	h.list(t, p...)
	tenant := h.apply(t, shen, ledger.ListCase{Parcels: p, On: "2020-03-01", Landless: true}).Entries[0].NounID
	f := h.rejected(t, "land_counts_elsewhere", ledger.RecordLand{Case: tenant})
	assert.Contains(t, f.ZH, "本案只计家数")
}

// accept passes every milestone of the main order to the district's acceptance.
func (h *house) accept(t *testing.T, id int64, also ...ledger.Change) ledger.Outcome {
	t.Helper()
	def, err := h.store.Running(t.Context())
	require.NoError(t, err)
	track, _ := def.Definition.Track("rectify")
	var out ledger.Outcome
	for _, m := range track.Milestones[1:] {
		var boxes []string
		for _, c := range m.Checks {
			boxes = append(boxes, c.Code)
		}
		done := ledger.MarkMilestone{Case: id, Milestone: m.Code, On: campaign.Date("2020-09-29"), Checks: boxes}
		actor := shen
		switch m.Code {
		case "town_checked":
			actor = auth.Actor{ID: "lu", Name: "陆某", Role: "town"}
		case "accepted":
			actor = auth.Actor{ID: "yu", Name: "俞某", Role: "district"}
		}
		if m.Code == "accepted" {
			return h.apply(t, actor, append(also, done)...)
		}
		h.apply(t, actor, done)
	}
	return out
}

func TestAcceptanceLocksTheLand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.cases(t, 2)
	before := h.apply(t, shen, ledger.RecordLand{Case: two[0]})
	h.apply(t, shen, ledger.MeasureCase{Case: two[0], FromLand: true})
	h.accept(t, two[0])
	for _, c := range []ledger.Change{ledger.RecordLand{Case: two[0]}, ledger.RemoveLand{Case: two[0], Reason: "重测"}, ledger.UndoBatch{Batch: before.BatchID, Reason: "误操作"}} {
		assert.Equal(t, "该事项已验收，数据已锁定，请申请解锁", h.rejected(t, "locked", c).ZH)
	}
	h.apply(t, shen, ledger.UseLand{Case: two[0], Use: "supply"})

	h.apply(t, shen, ledger.MeasureCase{Case: two[1], Recovered: 500_000_000, Reason: "证载面积"})
	accepted := h.accept(t, two[1], ledger.RecordLand{Case: two[1]})
	undone := h.apply(t, shen, ledger.UndoBatch{Batch: accepted.BatchID, Reason: "验收有误"})
	assert.Len(t, undone.Entries, 2, "land goes with the acceptance with which it came")
	redone := h.apply(t, shen, ledger.UndoBatch{Batch: undone.BatchID, Reason: "核对后恢复"})
	assert.Len(t, redone.Entries, 2)
	require.NoError(t, h.verify(t))
}

// TestOnlyOneOfTwoMayTakeTheGround: of two sessions that save overlapping land at
// once one wins and the other is told, every time.
func TestOnlyOneOfTwoMayTakeTheGround(t *testing.T) {
	t.Parallel()
	h := setup(t)
	const rounds = 50
	ids := h.cases(t, 2*rounds)
	for i := range rounds {
		x := float64(i * 60)
		errs := make([]error, 2)
		var both sync.WaitGroup
		for k := range errs {
			both.Go(func() {
				_, errs[k] = h.Apply(t.Context(), shen, operation(drawn(ids[2*i+k], rect(x+float64(k), 0, x+50))))
			})
		}
		both.Wait()
		won, told := errs[0], errs[1]
		if won != nil {
			won, told = told, won
		}
		require.NoError(t, won, "round %d", i)
		require.True(t, fault.Is(told, ledger.LandOverlaps), "round %d: %v", i, told)
	}
	require.NoError(t, h.verify(t))
}

func TestAPreviewComputesAndLeavesNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.cases(t, 2)
	h.apply(t, shen, drawn(two[0], rect(0, 0, 50)))
	var p ledger.LandPreview
	preview := func(c ledger.RecordLand) {
		c.Preview = &p
		_, err := h.Apply(t.Context(), shen, operation(c))
		require.ErrorIs(t, err, ledger.ErrDryRun)
	}
	preview(drawn(two[1], rect(40, 0, 90)))
	require.Len(t, p.Faults, 1)
	assert.Equal(t, "XZ-2020-0001", p.Faults[0].Other)
	assert.InDelta(t, float64(geo.GeodesicArea(rect(40, 0, 50))), float64(geo.GeodesicArea(p.Faults[0].Ground)), 10, "what overlaps can be drawn")
	assert.Equal(t, geo.GeodesicArea(rect(40, 0, 90)), geo.GeodesicArea(p.Effective), "nothing is excluded here")
	preview(ledger.RecordLand{Case: two[1], Recovered: rect(50, 0, 90), Effective: rect(60, 0, 90)})
	assert.Empty(t, p.Faults, "no reason is asked for yet")
	require.Len(t, p.Deductions, 1)
	preview(drawn(two[1], orb.MultiPolygon{{{{120.61, 30.66}, {120.611, 30.661}, {120.611, 30.66}, {120.61, 30.661}, {120.61, 30.66}}}}))
	require.Len(t, p.Invalid, 1)
	h.rejected(t, "no_land", ledger.RemoveLand{Case: two[1], Reason: "没有"})
	require.NoError(t, h.verify(t))
	asked := operation(ledger.RecordLand{Case: 99999, Preview: &p})
	_, err := h.Apply(t.Context(), shen, asked)
	require.True(t, fault.Is(err, "case_not_found"), "%v", err)
	_, err = h.store.Outcome(t.Context(), asked.OpID)
	require.True(t, fault.Is(err, "operation_not_found"), "a preview leaves not even a refusal: %v", err)
}

// TestLandOfAnEarlierYearIsNotRecoveredAgain: in words by the door, and by the trigger whatever the path.
func TestLandOfAnEarlierYearIsNotRecoveredAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.cases(t, 2)
	h.apply(t, shen, drawn(two[0], rect(0, 0, 50)))
	h.tamper(t, `INSERT INTO campaign (id, version, code, definition) SELECT 900000, 1, 'xz-2019', definition FROM campaign`,
		`UPDATE case_file SET campaign_id = 900000 WHERE code = 'XZ-2020-0001'`)
	f := h.rejected(t, ledger.LandEarlier, drawn(two[1], rect(45, 0, 100)))
	assert.Equal(t, "与往年已腾退的 XZ-2020-0001 重叠 0.40 亩，不能重复计入", f.ZH)
	h.apply(t, shen, drawn(two[1], rect(50, 0, 100)))
}

// TestAcceptedAreasComeFromTheRecordedLand: to the last digit, whether it is stored or recorded in the same operation.
func TestAcceptedAreasComeFromTheRecordedLand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.cases(t, 2)
	h.rejected(t, "no_land", ledger.MeasureCase{Case: two[0], FromLand: true})
	h.apply(t, shen, ledger.RecordLand{Case: two[0], Recovered: rect(0, 0, 50), Effective: rect(0, 0, 41), Reason: "现场核定"})
	why := "按实测"
	out := h.apply(t, shen, ledger.MeasureCase{Case: two[0], FromLand: true, Reason: why})
	accepted := func(e ledger.EntryRef) (recovered, effective geo.Area) {
		c, err := ledger.CaseOf(e.NounID, e.Version, h.entryOf(t, ledger.NounCase, e).Body.After)
		require.NoError(t, err)
		return c.Recovered, c.Effective
	}
	recovered, effective := accepted(out.Entries[0])
	assert.Equal(t, geo.GeodesicArea(rect(0, 0, 50)), recovered)
	assert.Equal(t, geo.GeodesicArea(rect(0, 0, 41)), effective)
	h.rejected(t, "area_differs", drawn(two[1], rect(60, 0, 90)), ledger.MeasureCase{Case: two[1], FromLand: true})
	out = h.apply(t, shen, drawn(two[1], rect(60, 0, 110)), ledger.MeasureCase{Case: two[1], FromLand: true, Reason: why})
	recovered, effective = accepted(out.Entries[1])
	assert.Equal(t, geo.GeodesicArea(rect(60, 0, 110)), recovered)
	assert.Equal(t, recovered, effective, "nothing is excluded here")
	require.NoError(t, h.verify(t))
}

func TestVerifyNamesTamperedLand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ statement, wants string }{
		"another polygon":  {`UPDATE land SET recovered = (SELECT shape FROM parcel)`, "the state (recovered) differs"},
		"a moved polygon":  {`UPDATE shape SET geom = ST_Translate(geom, 0.00001, 0) WHERE hash = (SELECT recovered FROM land)`, "does not match its hash"},
		"no deduction":     {`UPDATE land SET deductions = '[]'`, "the state (deductions) differs"},
		"an older polygon": {`UPDATE land_history SET recovered = (SELECT shape FROM parcel)`, "the history (recovered) differs"},
		"gone":             {`DELETE FROM land`, "is in the journal but not in the state"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := setup(t)
			id := h.listed(t)
			h.apply(t, shen, ledger.RecordLand{Case: id, Recovered: rect(0, 0, 50), Effective: rect(0, 0, 40), Reason: "现场核定"})
			require.NoError(t, h.verify(t), "clean before")
			h.tamper(t, c.statement)
			require.ErrorContains(t, h.verify(t), c.wants)
		})
	}
}
