package ledger_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// across is a line from south to north over the first parcel of h.parcels, at a share of its width.
func across(share float64) orb.LineString {
	lon := 120.60 + 0.0005*share
	return orb.LineString{{lon, 30.6499}, {lon, 30.6506}}
}

// previewed is what a split or merge would do.
func (h *house) previewed(t *testing.T, c ledger.Change) {
	t.Helper()
	_, err := h.Apply(t.Context(), shen, operation(c))
	require.ErrorIs(t, err, ledger.ErrDryRun)
}

func on(caseID int64, pieces ...int) ledger.Stand { return ledger.Stand{Case: caseID, Pieces: pieces} }

// made are the ids of the parcels that an operation made, in the order of the pieces.
func made(out ledger.Outcome) []int64 {
	var ids []int64
	for _, e := range out.Entries {
		if e.Noun == ledger.NounParcel && e.Version == 1 {
			ids = append(ids, e.NounID)
		}
	}
	return ids
}

// codes are the codes of the parcels that are there.
func (h *house) codes(t *testing.T) []string {
	t.Helper()
	return h.db.Texts(t, "postgres", `SELECT array_agg(code ORDER BY code) FROM guatu.parcel`)
}

// shares are what a case counts, parcel by parcel, in 0.0001 m².
func (h *house) shares(t *testing.T, caseID int64) []int64 {
	t.Helper()
	return h.db.Numbers(t, "postgres", fmt.Sprintf(`SELECT array_agg(share ORDER BY parcel_id) FROM guatu.case_parcel WHERE case_id = %d`, caseID))
}

// codesAt are the codes of the parcels that were there at a revision.
func (h *house) codesAt(t *testing.T, revision int64) []string {
	t.Helper()
	return h.db.Texts(t, "postgres", fmt.Sprintf(`SELECT array_agg(code ORDER BY code) FROM guatu.parcel_history WHERE from_rev <= %[1]d AND (to_rev IS NULL OR to_rev > %[1]d)`, revision))
}

// list is ids in SQL.
func list(ids []int64) string {
	return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(ids)), ","), "[]")
}

func (h *house) areas(t *testing.T, parcels ...int64) []int64 {
	t.Helper()
	return h.db.Numbers(t, "postgres", `SELECT array_agg(s.area ORDER BY p.id) FROM guatu.parcel p JOIN guatu.shape s ON s.hash = p.shape WHERE p.id IN (`+list(parcels)+`)`)
}

func TestAParcelIsSplitAlongALine(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.parcels(t, 1)[0]
	owner := h.list(t, parcel)
	second := h.list(t, parcel) // counts nothing: the first has all of it
	whole := h.areas(t, parcel)[0]

	var p ledger.Succession
	h.previewed(t, ledger.SplitParcel{Parcel: parcel, Line: across(0.4), Preview: &p})
	require.Len(t, p.Next, 2)
	assert.Equal(t, []string{"P00001-1", "P00001-2"}, []string{p.Next[0].Parcel.Code, p.Next[1].Parcel.Code}, "from west to east")
	assert.InDelta(t, whole, int64(p.Next[0].Area+p.Next[1].Area), 500)
	require.NotNil(t, p.Fault)
	assert.Equal(t, "split_case_open", p.Fault.Code, "it is asked on which piece each case stands")
	assert.Equal(t, []string{"P00001"}, h.codes(t), "a preview leaves nothing behind")

	out := h.apply(t, shen, ledger.SplitParcel{Parcel: parcel, Line: across(0.4), Stands: []ledger.Stand{on(owner, 0, 1), on(second, 1)}, Reason: "两家分开", BaseVersion: 1})
	pieces := made(out)
	require.Len(t, pieces, 2)
	assert.Equal(t, []string{"P00001-1", "P00001-2"}, h.codes(t))
	assert.Equal(t, h.areas(t, pieces...), h.shares(t, owner), "what counted the whole counts all of both, to the last digit")
	assert.Equal(t, []int64{0}, h.shares(t, second))

	ended := h.entryOf(t, ledger.NounParcel, ledger.EntryRef{NounID: parcel, Version: 2, ID: out.First})
	assert.Equal(t, pieces, ended.Body.Into, "the old one names its successors")
	for _, id := range pieces {
		e := h.entryOf(t, ledger.NounParcel, ledger.EntryRef{NounID: id, Version: 1})
		assert.Equal(t, []int64{parcel}, e.Body.From, "each piece names where it comes from")
		assert.Equal(t, "两家分开", e.Body.Note)
	}
	assert.Equal(t, []string{"P00001"}, h.codesAt(t, out.First-1), "as of before, the old parcel")
	assert.Equal(t, []string{"P00001-1", "P00001-2"}, h.codesAt(t, out.Revision))
	require.NoError(t, h.verify(t))

	h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "画错了"})
	assert.Equal(t, []string{"P00001"}, h.codes(t))
	assert.Equal(t, []int64{whole}, h.shares(t, owner))
	require.NoError(t, h.verify(t))

	again := h.apply(t, shen, ledger.SplitParcel{Parcel: parcel, Line: across(0.7), Stands: []ledger.Stand{on(owner, 0), on(second, 1)}})
	assert.Equal(t, []string{"P00001-3", "P00001-4"}, h.codes(t), "no code is given twice")
	assert.Equal(t, h.areas(t, made(again)...)[:1], h.shares(t, owner), "who stands on one piece counts that one")
	require.NoError(t, h.verify(t))
}

func TestSharesFollowTheirPieces(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.parcels(t, 1)[0]
	a, b := h.list(t, parcel), h.list(t, parcel)
	whole := h.areas(t, parcel)[0]
	h.db.Exec(t, "postgres", fmt.Sprintf(`UPDATE guatu.case_parcel SET share = CASE case_id WHEN %d THEN %d ELSE %d END`, a, whole/4, whole-whole/4))

	var p ledger.Succession
	h.previewed(t, ledger.SplitParcel{Parcel: parcel, Line: across(0.5), Stands: []ledger.Stand{on(a, 0), on(b, 0, 1)}, Preview: &p})
	require.Nil(t, p.Fault)
	one, two := p.Next[0].Area, p.Next[1].Area
	assert.Equal(t, one, p.Moved[0].After[0]+p.Moved[1].After[0], "what was counted whole is counted whole, once")
	assert.InDelta(t, int64(one)/4, int64(p.Moved[0].After[0]), 1, "in the proportion of before")
	assert.Equal(t, []geo.Area{0, two}, []geo.Area{p.Moved[0].After[1], p.Moved[1].After[1]})
}

func TestApportionAddsUp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		weights := make([]geo.Area, 1+r.IntN(6))
		var weight, sum geo.Area
		for i := range weights {
			weights[i] = geo.Area(r.Int64N(1e11))
			weight += weights[i]
		}
		area := geo.Area(r.Int64N(1e11))
		for i, part := range ledger.Apportion(area, weights) {
			require.InDelta(t, float64(area)*float64(weights[i])/float64(weight), float64(part), 6)
			sum += part
		}
		require.Equal(t, area, sum)
	}
	assert.Equal(t, []geo.Area{0, 0}, ledger.Apportion(5, []geo.Area{0, 0}))
}

func TestWhatCannotBeSplitIsSaidInWords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, 2)
	owner := h.list(t, parcels[0])
	split := func(line orb.LineString, stands ...ledger.Stand) ledger.SplitParcel {
		return ledger.SplitParcel{Parcel: parcels[0], Line: line, Stands: stands}
	}
	f := h.rejected(t, "split_not_crossed", split(orb.LineString{{120.6001, 30.6499}, {120.6001, 30.6502}}, on(owner, 0)))
	assert.Equal(t, "分割线没有穿过图斑 P00001，请从边界外画到边界外", f.ZH)
	h.rejected(t, "split_not_crossed", split(orb.LineString{{120.7, 30.6}, {120.8, 30.7}}, on(owner, 0)))
	f = h.rejected(t, "split_sliver", split(across(0.003), on(owner, 0, 1)))
	assert.Contains(t, f.ZH, "的碎片（不足 10 ㎡，或平均宽不足 0.5 米），请移动分割线")
	h.rejected(t, "split_line_crosses_itself", split(orb.LineString{{120.6001, 30.6499}, {120.6004, 30.6506}, {120.6004, 30.6499}, {120.6001, 30.6506}}, on(owner, 0)))
	f = h.rejected(t, "split_case_open", split(across(0.5)))
	assert.Equal(t, "请选择 XZ-2020-0001 在哪一块上", f.ZH)
	h.rejected(t, "split_pieces", split(across(0.5), on(owner, 2)))
	h.rejected(t, "parcel_changed", split(across(0.5), on(owner, 0), on(999999, 0)))
	h.rejected(t, "parcel_changed", ledger.SplitParcel{Parcel: parcels[0], Line: across(0.5), Stands: []ledger.Stand{on(owner, 0)}, BaseVersion: 7})
	h.rejected(t, "split_line", split(nil))
	h.rejected(t, "parcel_not_found", ledger.SplitParcel{Parcel: 999999, Line: across(0.5)})

	h.apply(t, shen, ledger.RecordLand{Case: owner}, ledger.MeasureCase{Case: owner, Recovered: 500_000_000, Reason: "证载面积"})
	h.accept(t, owner)
	f = h.rejected(t, "parcel_case_locked", split(across(0.5), on(owner, 0)))
	assert.Contains(t, f.ZH, "XZ-2020-0001 已验收，数据已锁定")
	h.apply(t, shen, split(across(0.5), on(owner, 0, 1)))
	require.NoError(t, h.verify(t))
}

func TestRecordedLandIsCutWithItsParcel(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.parcels(t, 1)[0]
	owner := h.list(t, parcel)
	h.apply(t, shen, ledger.RecordLand{Case: owner, Use: "reserve"})
	out := h.apply(t, shen, ledger.SplitParcel{Parcel: parcel, Line: across(0.4), Stands: []ledger.Stand{on(owner, 1)}})
	piece := h.areas(t, made(out)[1])[0]
	land := func() []int64 {
		return h.db.Numbers(t, "postgres", fmt.Sprintf(`SELECT array_agg(s.area) FROM guatu.land l JOIN guatu.shape s ON s.hash = l.recovered WHERE l.case_id = %d`, owner))
	}
	require.Len(t, land(), 1)
	assert.InDelta(t, piece, land()[0], 500, "what lies on the other piece has gone off")
	require.NoError(t, h.verify(t))
	moved := h.apply(t, shen, ledger.RecordLand{Case: owner, Recovered: square(120.60022, 30.6501, 0.0001)})
	h.rejected(t, "split_land_gone", ledger.SplitParcel{Parcel: made(out)[1], Line: across(0.7), Stands: []ledger.Stand{on(owner, 1)}})
	h.apply(t, shen, ledger.UndoBatch{Batch: moved.BatchID, Reason: "画错了"})
	h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "画错了"})
	assert.InDelta(t, h.areas(t, parcel)[0], land()[0], 1)
	require.NoError(t, h.verify(t))
}

func TestPiecesAreMergedAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, 2)
	owner := h.list(t, parcels[0])
	whole := h.areas(t, parcels[0])[0]
	pieces := made(h.apply(t, shen, ledger.SplitParcel{Parcel: parcels[0], Line: across(0.4), Stands: []ledger.Stand{on(owner, 0, 1)}}))

	f := h.rejected(t, "merge_apart", ledger.MergeParcels{Parcels: []int64{pieces[1], parcels[1]}})
	assert.Contains(t, f.ZH, "图斑 P00001-2、P00002 不相邻（相距 9.5")
	h.rejected(t, "merge_parcels", ledger.MergeParcels{Parcels: []int64{pieces[1]}})
	h.rejected(t, "merge_parcels", ledger.MergeParcels{Parcels: []int64{pieces[1], pieces[1]}})

	var p ledger.Succession
	h.previewed(t, ledger.MergeParcels{Parcels: pieces, Preview: &p})
	require.Nil(t, p.Fault)
	require.Len(t, p.Next, 1)
	out := h.apply(t, shen, ledger.MergeParcels{Parcels: pieces, Bases: []int64{1, 1}, Reason: "权属合一"})
	assert.Equal(t, []string{"P00001-1-1", "P00002"}, h.codes(t))
	one := made(out)[0]
	assert.InDelta(t, whole, h.areas(t, one)[0], 500)
	assert.Equal(t, h.areas(t, one), h.shares(t, owner), "counted whole, once")
	require.NoError(t, h.verify(t))

	h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "两证"})
	assert.Equal(t, []string{"P00001-1", "P00001-2", "P00002"}, h.codes(t))
	assert.Equal(t, h.areas(t, pieces...), h.shares(t, owner))
	require.NoError(t, h.verify(t))
}

func TestTheUndoOfASplitIsRefusedOnceACaseStandsOnAPiece(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.parcels(t, 1)[0]
	owner := h.list(t, parcel)
	out := h.apply(t, shen, ledger.SplitParcel{Parcel: parcel, Line: across(0.4), Stands: []ledger.Stand{on(owner, 0)}})
	later := h.apply(t, shen, ledger.ListCase{Parcels: made(out)[1:], On: "2020-03-01"})
	h.rejected(t, "parcel_has_cases", ledger.UndoBatch{Batch: out.BatchID, Reason: "画错了"})
	h.apply(t, shen, ledger.UndoBatch{Batch: later.BatchID, Reason: "误列"})
	h.apply(t, shen, ledger.RecordLand{Case: owner}, ledger.MeasureCase{Case: owner, Recovered: 200_000_000, Reason: "证载面积"})
	h.accept(t, owner)
	h.rejected(t, "locked", ledger.UndoBatch{Batch: out.BatchID, Reason: "画错了"})
}

func TestATownSplitsItsOwnParcelsAndNobodyElses(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, 2)
	h.list(t, parcels[0])
	h.apply(t, auth.System(), ledger.PutPerson{Code: "wang", Name: "王某", Role: "town", Unit: "honghe"}, ledger.PutPerson{Code: "zhu", Name: "朱某", Role: "town", Unit: "wangdian"})
	town := auth.Actor{ID: "wang", Name: "王某", Role: "town", Unit: "honghe"}
	c := ledger.SplitParcel{Parcel: parcels[1], Line: orb.LineString{{120.6008, 30.6499}, {120.6008, 30.6506}}}
	out := h.apply(t, town, c)
	h.apply(t, town, ledger.MergeParcels{Parcels: made(out)})
	_, err := h.Apply(t.Context(), auth.Actor{ID: "zhu", Name: "朱某", Role: "town", Unit: "wangdian"}, operation(ledger.SplitParcel{Parcel: parcels[0], Line: across(0.5)}))
	require.True(t, fault.Is(err, "other_unit"), err)
	require.NoError(t, h.verify(t))
}

// away is how far the ring of the joined parcels strays from that of an earlier one, in micrometres.
func (h *house) away(t *testing.T, old int64, parcels []int64) int64 {
	t.Helper()
	return h.db.Numbers(t, "postgres", fmt.Sprintf(`SELECT ARRAY[ceil(1e6 * ST_HausdorffDistance(
		ST_Transform(ST_Boundary((SELECT ST_Union(s.geom) FROM guatu.parcel p JOIN guatu.shape s ON s.hash = p.shape WHERE p.id IN (%s))), 4549),
		ST_Transform(ST_Boundary((SELECT s.geom FROM guatu.parcel_history p JOIN guatu.shape s ON s.hash = p.shape WHERE p.parcel_id = %d)), 4549)))::bigint]`, list(parcels), old))[0]
}

// bay is a polygon of n corners about a place, its radius (in degrees) uneven, with more decimals than the grid has.
func bay(r *rand.Rand, at orb.Point, n int) orb.MultiPolygon {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		angle := 2 * math.Pi * (float64(i) + 0.5*r.Float64()) / float64(n)
		radius := 0.0003 + 0.0004*r.Float64()
		ring = append(ring, orb.Point{at[0] + radius*math.Cos(angle), at[1] + radius*math.Sin(angle)})
	}
	return orb.MultiPolygon{{append(ring, ring[0])}}
}

// Whatever the line, the pieces are the parcel: their areas add up, their union is the old ground to 1 mm, what they share
// they share to the bit, and merging them gives one parcel of that ground again.
func TestPiecesAreTheWhole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	r := rand.New(rand.NewPCG(7, 9))
	plots := make([]ledger.ParcelDraft, 25)
	centre := func(i int) orb.Point { return orb.Point{120.602 + 0.002*float64(i%5), 30.652 + 0.002*float64(i/5)} }
	for i := range plots {
		plots[i] = ledger.ParcelDraft{Row: i + 1, Code: string(rune('A'+i)) + "地块", Label: "地块", Geometry: bay(r, centre(i), 5+r.IntN(12))}
	}
	imported := h.apply(t, auth.System(), drafts(plots...))
	for i, e := range imported.Entries {
		at, angle := centre(i), math.Pi*r.Float64()
		east, north := 0.0009*math.Cos(angle), 0.0009*math.Sin(angle)
		bend := orb.Point{at[0] + 0.0001*r.Float64(), at[1] + 0.0001*r.Float64()}
		var p ledger.Succession
		split := ledger.SplitParcel{Parcel: e.NounID, Line: orb.LineString{{at[0] - east, at[1] - north}, bend, {at[0] + east, at[1] + north}}}
		dry := split
		dry.Preview = &p
		h.previewed(t, dry)
		if p.Fault != nil {
			require.Equal(t, "split_sliver", p.Fault.Code)
			continue
		}
		whole := geo.GeodesicArea(plots[i].Geometry)
		var sum geo.Area
		shared := map[orb.Point]int{}
		for _, n := range p.Next {
			sum += n.Area
			for _, v := range n.Ground[0][0][1:] {
				shared[v]++
			}
		}
		require.InDelta(t, int64(whole), int64(sum), 500, "parcel %d", i)
		common := 0
		for _, n := range shared {
			common += n - 1
		}
		require.GreaterOrEqual(t, common, 2*(len(p.Next)-1), "both ends of each cut are corners of both sides")

		pieces := made(h.apply(t, shen, split))
		require.Less(t, h.away(t, e.NounID, pieces), int64(1000), "parcel %d: micrometres from the old ring", i)
		one := made(h.apply(t, shen, ledger.MergeParcels{Parcels: pieces}))
		require.InDelta(t, int64(sum), h.areas(t, one...)[0], 500)
	}
	require.NoError(t, h.verify(t))
}
