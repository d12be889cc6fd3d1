package ledger_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

// unitOf is the unit of a case at a revision, as the history has it.
func (h *house) unitOf(t *testing.T, caseID, revision int64) string {
	t.Helper()
	found := h.db.Texts(t, "postgres", fmt.Sprintf(`SELECT array_agg(u.code) FROM guatu.case_history c JOIN guatu.unit u ON u.id = c.unit_id
		WHERE c.case_id = %d AND c.from_rev <= %[2]d AND (c.to_rev IS NULL OR c.to_rev > %[2]d)`, caseID, revision))
	require.Len(t, found, 1)
	return found[0]
}

func TestACaseIsHandedOverToAnotherUnit(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	h.apply(t, shen, ledger.FillSheet{Sheet: "cure", Of: "case", OfID: id, Values: map[string]string{"hazards": "2"}})
	move := ledger.MoveCase{Case: id, Unit: "wangdian", Reason: "行政区划调整"}
	town := auth.Actor{ID: "wang", Name: "王某", Role: "town", Unit: "honghe"}
	h.refused(t, "no_right", town, move)
	h.rejected(t, "reason_missing", ledger.MoveCase{Case: id, Unit: "wangdian"})
	h.rejected(t, "unknown_unit", ledger.MoveCase{Case: id, Unit: "nowhere", Reason: "误"})
	h.rejected(t, "unknown_village", ledger.MoveCase{Case: id, Unit: "wangdian", Village: "330411106001", Reason: "误"})
	assert.Equal(t, "XZ-2020-0001 已属洪合镇", h.rejected(t, "same_unit", ledger.MoveCase{Case: id, Unit: "honghe", Reason: "误"}).ZH)

	out := h.apply(t, shen, move)
	assert.Equal(t, "honghe", h.unitOf(t, id, out.First-1), "not before")
	assert.Equal(t, "wangdian", h.unitOf(t, id, out.Revision))
	assert.Equal(t, []string{"wangdian"}, h.db.Texts(t, "postgres", `SELECT array_agg(DISTINCT u.code) FROM guatu.sheet s JOIN guatu.unit u ON u.id = s.unit_id WHERE s.noun = 'case'`), "its sheets go along")
	require.NoError(t, h.verify(t))
	h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "未批准"})
	require.NoError(t, h.verify(t))
}

func TestACaseIsSplitAndTheLandIsCountedOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.parcels(t, 2)
	id := h.list(t, two...)
	h.apply(t, shen, mark(id, "filed", "2020-03-02"))
	before := h.shares(t, id)
	split := ledger.SplitCase{Case: id, Operator: &ledger.EnterpriseDraft{Name: "良三织造", Kind: "enterprise"}, Parts: []ledger.SplitPart{{Parcel: two[1]}}, Reason: "两家经营"}
	h.rejected(t, "split_all", ledger.SplitCase{Case: id, Label: "甲", Parts: []ledger.SplitPart{{Parcel: two[0]}, {Parcel: two[1]}}, Reason: "误"})
	h.rejected(t, "split_beyond", ledger.SplitCase{Case: id, Label: "甲", Parts: []ledger.SplitPart{{Parcel: two[1], Area: 1 << 40}}, Reason: "误"})
	h.apply(t, shen, ledger.RecordLand{Case: id})
	h.rejected(t, "split_land", ledger.SplitCase{Case: id, Label: "甲", Parts: []ledger.SplitPart{{Parcel: two[1], Area: 5}}, Reason: "误"})
	h.rejected(t, "label_missing", ledger.SplitCase{Case: id, Reason: "误"})

	out := h.apply(t, shen, split)
	fresh := caseOf(t, h, "XZ-2020-0002")
	assert.Equal(t, before[:1], h.shares(t, id))
	assert.Equal(t, before[1:], h.shares(t, fresh), "what both count is what the one counted")
	assert.Equal(t, []int64{2, 2}, h.db.Numbers(t, "postgres", `SELECT array_agg(stage::bigint) FROM guatu.case_file`), "it has gone as far")
	areas := h.db.Numbers(t, "postgres", `SELECT array_agg(s.area ORDER BY l.case_id) FROM guatu.land l JOIN guatu.shape s ON s.hash = l.recovered`)
	assert.Equal(t, before, areas, "and the recorded land goes with its parcel")
	e := h.entryOf(t, ledger.NounCase, ledger.EntryRef{NounID: fresh, ID: out.First})
	assert.Equal(t, []int64{id}, e.Body.From)
	require.NoError(t, h.verify(t))

	undone := h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "误办"})
	assert.Equal(t, before, h.shares(t, id))
	h.apply(t, shen, ledger.UndoBatch{Batch: undone.BatchID, Reason: "仍要分户"})
	require.NoError(t, h.verify(t))

	some := h.apply(t, shen, ledger.RemoveLand{Case: id, Reason: "重测"}, ledger.SplitCase{Case: id, Label: "作坊", Parts: []ledger.SplitPart{{Parcel: two[0], Area: 1_000_000}}, Reason: "隔间"})
	require.NotEmpty(t, some.Entries)
	assert.Equal(t, []int64{before[0] - 1_000_000}, h.shares(t, id))
	assert.Equal(t, []int64{1_000_000}, h.shares(t, caseOf(t, h, "XZ-2020-0003")))
	h.apply(t, shen, ledger.MeasureCase{Case: id, Recovered: 500_000_000, Reason: "证载面积"})
	h.rejected(t, "split_measured", ledger.SplitCase{Case: id, Label: "甲", Parts: []ledger.SplitPart{{Parcel: two[0], Area: 5}}, Reason: "误"})
}

func caseOf(t *testing.T, h *house, code string) int64 {
	t.Helper()
	found := h.db.Numbers(t, "postgres", `SELECT array_agg(id) FROM guatu.case_file WHERE code = '`+code+`'`)
	require.Len(t, found, 1)
	return found[0]
}

func TestDuplicatesAreMergedIntoOneCase(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.parcels(t, 2)
	a, b, c := h.list(t, two[0]), h.list(t, two...), h.list(t, two[1])
	land := h.areas(t, two...)
	require.Equal(t, []int64{0, land[1]}, h.shares(t, b))
	h.rejected(t, "merge_cases", ledger.MergeCases{Into: a, Duplicates: []int64{a}, Reason: "重复"})
	h.rejected(t, "reason_missing", ledger.MergeCases{Into: a, Duplicates: []int64{b}})
	recorded := h.apply(t, shen, ledger.RecordLand{Case: b})
	h.rejected(t, "merge_has_land", ledger.MergeCases{Into: a, Duplicates: []int64{b}, Reason: "重复"})
	h.apply(t, shen, ledger.UndoBatch{Batch: recorded.BatchID, Reason: "重测"})

	out := h.apply(t, shen, ledger.MergeCases{Into: a, Duplicates: []int64{b, c}, Reason: "同一家登记了三次"})
	assert.Equal(t, land, h.shares(t, a), "the one that stays counts the land of all")
	assert.Equal(t, []int64{0, 0}, h.shares(t, b))
	struck := h.db.Texts(t, "postgres", `SELECT array_agg(sides->'struck'->>'reason') FROM guatu.case_file WHERE sides ? 'struck'`)
	assert.Equal(t, []string{"与 XZ-2020-0001 重复，已合并", "与 XZ-2020-0001 重复，已合并"}, struck)
	require.NoError(t, h.verify(t))
	h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "不是一家"})
	assert.Equal(t, []int64{land[0]}, h.shares(t, a))
	assert.Equal(t, []int64{0, land[1]}, h.shares(t, b))
	require.NoError(t, h.verify(t))
}
