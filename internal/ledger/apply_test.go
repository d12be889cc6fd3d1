package ledger_test

import (
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

func mark(id int64, milestone, on string) ledger.MarkMilestone {
	return ledger.MarkMilestone{Case: id, Milestone: milestone, On: campaign.Date(on)}
}

func TestMilestonesFollowTheMainOrder(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	_, err := h.Apply(t.Context(), shen, operation(mark(id, "demolished", "2020-09-10")))
	require.True(t, fault.Is(err, "prerequisite_missing"), err)
	require.ErrorContains(t, err, "not filed yet")

	out := h.apply(t, shen, mark(id, "filed", "2020-03-25"), ledger.MarkNotApplicable{Case: id, Milestone: "planned", Reason: "强制执法"}, mark(id, "notified", "2020-04-15"))
	assert.Equal(t, ledger.Applied, out.Result)
	assert.Len(t, out.Entries, 3)
	assert.Equal(t, int64(4), out.Entries[2].Version)

	for name, c := range map[string]ledger.Change{
		"later_than_today":         mark(id, "valued", "2020-10-01"),
		"before_the_step_before":   mark(id, "valued", "2020-04-14"),
		"already_done":             mark(id, "filed", "2020-03-26"),
		"not_applicable_forbidden": ledger.MarkNotApplicable{Case: id, Milestone: "vacated", Reason: "无"},
		"unknown_milestone":        mark(id, "painted", "2020-05-01"),
		"reason_missing":           ledger.MarkNotApplicable{Case: id, Milestone: "valued", Reason: " "},
		"case_not_found":           mark(id+1000, "valued", "2020-05-01"),
	} {
		_, err := h.Apply(t.Context(), shen, operation(c))
		assert.True(t, fault.Is(err, name), "%s: %v", name, err)
	}
}

func TestAnOperationIsWholeOrNothing(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	_, err := h.Apply(t.Context(), shen, operation(mark(id, "filed", "2020-03-25"), mark(id, "closed", "2020-09-30")))
	require.True(t, fault.Is(err, "prerequisite_missing"), err)
	out := h.apply(t, shen, mark(id, "filed", "2020-03-25"))
	assert.Equal(t, int64(2), out.Entries[0].Version, "the refused operation left nothing behind")
}

func TestARepeatedOperationIsOneRowAndEqualAnswers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	const parallel = 50
	rounds := 50
	if testing.Short() {
		rounds = 5
	}
	parcels := h.parcels(t, rounds)
	for round := range rounds {
		id := h.list(t, parcels[round])
		op := operation(mark(id, "filed", "2020-03-25"))
		answers := make([]ledger.Outcome, parallel)
		var wg sync.WaitGroup
		for i := range parallel {
			wg.Go(func() {
				out, err := h.Apply(t.Context(), shen, op)
				assert.NoError(t, err)
				answers[i] = out
			})
		}
		wg.Wait()
		for _, a := range answers {
			require.Equal(t, answers[0], a)
		}
		history, err := h.store.Timeline(t.Context(), auth.Everything(), ledger.NounCase, id)
		require.NoError(t, err)
		require.Len(t, history, 2, "listed and filed, once each")
	}
}

func TestAnOperationIDBelongsToItsAuthorAndContent(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	op := operation(mark(id, "filed", "2020-03-25"))
	first, err := h.Apply(t.Context(), shen, op)
	require.NoError(t, err)

	_, err = h.Apply(t.Context(), lu, op)
	assert.Equal(t, fault.KindNotFound, fault.KindOf(err), "another actor learns nothing")
	other := op
	other.Changes = []ledger.Change{mark(id, "planned", "2020-03-26")}
	_, err = h.Apply(t.Context(), shen, other)
	assert.True(t, fault.Is(err, "operation_id_reused"), err)
	again, err := h.Apply(t.Context(), shen, op)
	require.NoError(t, err)
	assert.Equal(t, first, again)
}

func TestARefusalIsRecordedAndRepeatedInTheSameWords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	op := operation(mark(id, "planned", "2020-03-25"))
	out, err := h.Apply(t.Context(), shen, op)
	require.Error(t, err)
	require.Equal(t, ledger.Refused, out.Result)
	h.apply(t, shen, mark(id, "filed", "2020-03-20"))
	again, errAgain := h.Apply(t.Context(), shen, op)
	assert.Equal(t, out, again, "although it would be legal by now")
	assert.Equal(t, err.Error(), errAgain.Error())
}

func TestDisjointFieldsMergeAndTheSameFieldIsKept(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	amend := func(base int64, fields map[string]string) ledger.Change {
		return ledger.AmendCase{Case: id, BaseVersion: base, Fields: fields}
	}
	out := h.apply(t, shen, amend(1, map[string]string{"responsible": "沈某"}))
	require.Equal(t, ledger.Applied, out.Result)
	out = h.apply(t, lu, amend(1, map[string]string{"note": "钥匙已交村"}))
	require.Equal(t, ledger.Merged, out.Result)
	require.Equal(t, ledger.Soft, out.Conflicts[0].Grade)

	out = h.apply(t, lu, amend(1, map[string]string{"responsible": "陆某"}))
	require.Equal(t, ledger.Quarantined, out.Result)
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, "沈某", d.Case.Responsible, "what stands stays")
	assert.Equal(t, "钥匙已交村", d.Case.Note)

	hard := out.Conflicts[0].ConflictID
	h.apply(t, shen, ledger.ResolveConflict{Conflict: hard, Choose: ledger.ChooseKept})
	d, err = h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, "陆某", d.Case.Responsible)
	_, err = h.Apply(t.Context(), shen, operation(ledger.ResolveConflict{Conflict: hard, Choose: ledger.ChooseStanding}))
	assert.True(t, fault.Is(err, "already_resolved"), err)
}

func TestTwoMarksOfOneMilestoneAreBothKept(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	first := mark(id, "filed", "2020-03-25")
	first.BaseVersion = 1
	h.apply(t, shen, first)
	second := mark(id, "filed", "2020-03-26")
	second.BaseVersion = 1
	out := h.apply(t, lu, second)
	require.Equal(t, ledger.Quarantined, out.Result)
	assert.Contains(t, out.Conflicts[0].Text.ZH, "沈某已于 14:12 完成建档，您的内容已保留，待镇责任人核对")
	require.NoError(t, h.verify(t))
	h.apply(t, shen, ledger.ResolveConflict{Conflict: out.Conflicts[0].ConflictID, Choose: ledger.ChooseKept})
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, campaign.Date("2020-03-26"), d.Case.Marks["filed"].DoneOn)
	require.NoError(t, h.verify(t))
}

func TestAContradictingMarkIsWithdrawnByItsAuthor(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	marked := func(on string) ledger.MarkMilestone {
		m := mark(id, "filed", on)
		m.BaseVersion = 1
		return m
	}
	h.apply(t, shen, marked("2020-03-25"))
	mine := h.apply(t, lu, marked("2020-03-26"))
	require.Equal(t, ledger.Quarantined, mine.Result)
	withdrawn := h.apply(t, lu, ledger.UndoBatch{Batch: mine.BatchID, Reason: "以沈某为准"})
	require.Equal(t, ledger.Applied, withdrawn.Result)
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, campaign.Date("2020-03-25"), d.Case.Marks["filed"].DoneOn, "what stands stays")
	_, err = h.Apply(t.Context(), shen, operation(ledger.ResolveConflict{Conflict: mine.Conflicts[0].ConflictID, Choose: ledger.ChooseKept}))
	require.True(t, fault.Is(err, "already_resolved"), "nobody needs to choose any more")
	_, err = h.Apply(t.Context(), lu, operation(ledger.UndoBatch{Batch: mine.BatchID, Reason: "再撤"}))
	require.True(t, fault.Is(err, "already_resolved"))
	require.NoError(t, h.verify(t))
}

func TestUndoIsWholeOrRefusedWithWhatStandsInItsWay(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t)
	filed := h.apply(t, shen, mark(id, "filed", "2020-03-25"))
	planned := h.apply(t, lu, mark(id, "planned", "2020-03-26"))

	_, err := h.Apply(t.Context(), shen, operation(ledger.UndoBatch{Batch: filed.BatchID, Reason: "误操作"}))
	require.True(t, fault.Is(err, "undo_blocked"), err)
	f, _ := fault.As(err)
	assert.Contains(t, f.ZH, "还有 1 条记录")
	assert.Contains(t, f.ZH, "陆某")

	h.apply(t, lu, ledger.UndoBatch{Batch: planned.BatchID, Reason: "误操作"})
	undone := h.apply(t, shen, ledger.UndoBatch{Batch: filed.BatchID, Reason: "误操作"})
	_, err = h.Apply(t.Context(), shen, operation(ledger.UndoBatch{Batch: filed.BatchID, Reason: "误操作"}))
	require.True(t, fault.Is(err, "already_undone"), err)
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, 1, d.Standing.Stage)
	assert.Equal(t, "filed", d.Standing.Next)

	h.apply(t, shen, ledger.UndoBatch{Batch: undone.BatchID, Reason: "其实已建档"})
	d, err = h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, campaign.Date("2020-03-25"), d.Case.Marks["filed"].DoneOn, "an undo can be taken back itself")
	_, err = h.Apply(t.Context(), shen, operation(ledger.UndoBatch{Batch: uuid.New(), Reason: "误操作"}))
	require.True(t, fault.Is(err, "batch_not_found"), err)
}

func TestUndoOfAListingRemovesTheCaseAndItsUndoBringsItBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	listing := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1)})
	id := listing.Entries[0].NounID
	undone := h.apply(t, shen, ledger.UndoBatch{Batch: listing.BatchID, Reason: "误列"})
	_, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.True(t, fault.Is(err, "case_not_found"), err)
	h.apply(t, shen, ledger.UndoBatch{Batch: undone.BatchID, Reason: "未误列"})
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, int64(3), d.Case.Version)
	assert.Equal(t, "XZ-2020-0001", d.Case.Code)
	require.NoError(t, h.verify(t))
}

func TestAListingSomebodyBuiltOnStaysUntilThatIsTakenBack(t *testing.T) {
	t.Parallel()
	h := setup(t)
	listing := h.apply(t, shen, ledger.ListCase{Parcels: h.parcels(t, 1), On: "2020-03-01"})
	id := listing.Entries[0].NounID
	filed := h.apply(t, lu, mark(id, "filed", "2020-03-25"))
	_, err := h.Apply(t.Context(), shen, operation(ledger.UndoBatch{Batch: listing.BatchID, Reason: "误列"}))
	require.True(t, fault.Is(err, "undo_blocked"), err)
	unfiled := h.apply(t, lu, ledger.UndoBatch{Batch: filed.BatchID, Reason: "误操作"})
	h.apply(t, shen, ledger.UndoBatch{Batch: listing.BatchID, Reason: "误列"})
	_, err = h.Apply(t.Context(), lu, operation(ledger.UndoBatch{Batch: unfiled.BatchID, Reason: "未误操作"}))
	require.True(t, fault.Is(err, "undo_blocked"), "the case is gone: %v", err)
	require.NoError(t, h.verify(t))
}

func TestAParcelsLandIsCountedOnceByItsCases(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcel := h.parcels(t, 1)
	landlord, err := h.store.Case(t.Context(), auth.Everything(), h.list(t, parcel...))
	require.NoError(t, err)
	tenant, err := h.store.Case(t.Context(), auth.Everything(), h.list(t, parcel...))
	require.NoError(t, err)
	assert.Positive(t, landlord.Case.Land())
	assert.Zero(t, tenant.Case.Land(), "只计家数")
}

func TestImportIsOneUndoableBatch(t *testing.T) {
	t.Parallel()
	h := setup(t)
	a := ledger.ParcelDraft{Row: 1, Code: "A", Label: "甲", Geometry: square(120.61, 30.66, 0.001), Attributes: map[string]string{"用途": "工业用地"}}
	b := ledger.ParcelDraft{Row: 2, Code: "B", Label: "乙", Geometry: square(120.62, 30.66, 0.001)}
	far := ledger.ParcelDraft{Row: 3, Label: "无编号", Geometry: square(121.9, 30.66, 0.001)}
	in := drafts(a, b, far)
	out := h.apply(t, shen, in)
	assert.Equal(t, int64(3), in.Summary.Created)
	assert.Equal(t, []int{3}, in.Summary.Outside)
	assert.Len(t, out.Entries, 3)

	again := drafts(a, b, far)
	out = h.apply(t, shen, again)
	assert.Equal(t, int64(3), again.Summary.Unchanged)
	assert.Empty(t, out.Entries, "importing again changes nothing")

	b.Geometry = square(120.62, 30.66, 0.002)
	changed := drafts(a, b, far)
	out = h.apply(t, shen, changed)
	assert.Equal(t, int64(1), changed.Summary.Changed)
	p, err := h.store.Parcel(t.Context(), auth.Everything(), out.Entries[0].NounID)
	require.NoError(t, err)
	assert.Equal(t, int64(2), p.Parcel.Version)

	h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "图斑有误"})
	p, err = h.store.Parcel(t.Context(), auth.Everything(), out.Entries[0].NounID)
	require.NoError(t, err)
	assert.InDelta(t, 10_600, float64(p.Area)/10_000, 100, "the old geometry is back")
	require.NoError(t, h.verify(t))

	dry := drafts(ledger.ParcelDraft{Row: 1, Code: "C", Geometry: square(120.63, 30.66, 0.001)})
	dry.DryRun = true
	_, err = h.Apply(t.Context(), shen, operation(dry))
	require.ErrorIs(t, err, ledger.ErrDryRun)
	assert.Equal(t, int64(1), dry.Summary.Created)
	require.NoError(t, h.verify(t))
}

func TestUndoOfAnImportIsRefusedOnceACaseStandsOnIt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	in := h.apply(t, shen, drafts(ledger.ParcelDraft{Row: 1, Code: "A", Label: "甲", Geometry: square(120.61, 30.66, 0.001)}))
	id := h.list(t, in.Entries[0].NounID)
	_, err := h.Apply(t.Context(), shen, operation(ledger.UndoBatch{Batch: in.BatchID, Reason: "误导入"}))
	require.True(t, fault.Is(err, "parcel_has_cases"), err)
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	require.NotEmpty(t, d.Case.Shares)
}
