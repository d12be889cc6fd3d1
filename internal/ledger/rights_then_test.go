package ledger_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

func TestTheTimeAPhoneClaimsHasToAddUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2020, 9, 30, 14, 0, 0, 0, time.UTC)
	ago := func(d, waited time.Duration) ledger.Operation {
		return ledger.Operation{HappenedAt: now.Add(-d), Told: &ledger.Told{At: now.Add(-d), WaitedMS: waited.Milliseconds()}}
	}
	for name, c := range map[string]struct {
		op   ledger.Operation
		want string
	}{
		"at once":                      {ago(time.Second, 0), ""},
		"two days without a network":   {ago(48*time.Hour, 48*time.Hour+3*time.Minute), ""},
		"a clock eight minutes fast":   {ago(-8*time.Minute, 0), ""},
		"a clock an hour fast":         {ago(-time.Hour, 0), ledger.DoubtFuture},
		"the clock was set meanwhile":  {ago(48*time.Hour, time.Minute), ledger.DoubtWaited},
		"said to have waited too long": {ago(time.Hour, 48*time.Hour), ledger.DoubtWaited},
		"longer than an enrolment":     {ago(31*24*time.Hour, 31*24*time.Hour), ledger.DoubtOld},
		"from a desk":                  {ledger.Operation{HappenedAt: now.AddDate(-1, 0, 0)}, ""},
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); assert.Equal(t, c.want, c.op.Doubt(now)) })
	}
	for _, why := range []string{ledger.DoubtFuture, ledger.DoubtOld, ledger.DoubtWaited} {
		assert.NotEmpty(t, ledger.DoubtText(why).ZH)
	}
}

// Somebody marked without a network and was moved to another town before the phone had one again.
func TestAMarkIsJudgedByTheRightsOfItsTime(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, 3)
	one, two := h.list(t, ids[0]), h.list(t, ids[1])
	he := ledger.PutPerson{Code: "he", Name: "何某", Role: "field", Unit: "honghe"}
	h.apply(t, auth.System(), he)
	h.now = h.now.Add(time.Hour)
	inTime := h.now
	h.now = h.now.Add(time.Hour)
	he.Unit = "wangdian"
	h.apply(t, auth.System(), he)
	h.now = h.now.Add(22 * time.Hour)
	moved := auth.Actor{ID: "he", Name: "何某", Role: "field", Unit: "wangdian"}
	sent := func(at time.Time, waited time.Duration, changes ...ledger.Change) (ledger.Outcome, error) {
		return h.Apply(t.Context(), moved, ledger.Operation{OpID: uuid.New(), Device: "phone-1", HappenedAt: at, Changes: changes, Told: &ledger.Told{At: at, WaitedMS: waited.Milliseconds()}})
	}
	honest := h.now.Sub(inTime)

	_, err := sent(h.now.Add(-time.Hour), time.Hour, mark(one, "filed", "2020-03-25"))
	require.True(t, fault.Is(err, "other_unit"), "of a time after the move: %v", err)
	_, err = h.Apply(t.Context(), moved, ledger.Operation{OpID: uuid.New(), Device: "desk", HappenedAt: inTime, Changes: []ledger.Change{mark(one, "filed", "2020-03-25")}})
	require.True(t, fault.Is(err, "other_unit"), "a desk has no queue: %v", err)

	out, err := sent(inTime, honest, mark(one, "filed", "2020-03-25"))
	require.NoError(t, err)
	require.Equal(t, ledger.Applied, out.Result)
	entries, err := h.store.Timeline(t.Context(), auth.Everything(), ledger.NounCase, one)
	require.NoError(t, err)
	last := entries[len(entries)-1]
	require.Equal(t, &ledger.Held{Role: "field", Unit: "honghe"}, last.Body.Told.As, "the chain says by which rights")

	out, err = sent(inTime, time.Minute, mark(two, "filed", "2020-03-25"))
	require.NoError(t, err)
	require.Equal(t, ledger.Quarantined, out.Result, "a time that does not add up is for a person to judge")
	assert.Equal(t, "手机所报时间与等待时长不符，无法确认当时的权限，您的内容已保留，待镇责任人核对", out.Conflicts[0].Text.ZH)
	_, err = sent(inTime, time.Minute, ledger.ListCase{Parcels: ids[2:], On: "2020-03-01"})
	require.True(t, fault.Is(err, "time_in_doubt"), err)
	h.decidedByALead(t, two, out.Conflicts[0].ConflictID)
}

// decidedByALead takes what was kept over: under their own name in the journal, the mark its author's.
func (h *house) decidedByALead(t *testing.T, id, kept int64) {
	t.Helper()
	d, err := h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	require.Empty(t, d.Case.Marks["filed"].DoneOn)
	_, err = h.Apply(t.Context(), lu, operation(ledger.ResolveConflict{Conflict: kept, Choose: ledger.ChooseStanding}))
	require.True(t, fault.Is(err, "reason_missing"), err)
	out := h.apply(t, lu, ledger.ResolveConflict{Conflict: kept, Choose: ledger.ChooseKept, Reason: "已核实"})
	d, err = h.store.Case(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	assert.Equal(t, campaign.Done{On: "2020-03-25", Actor: "he"}, campaign.Done{On: d.Case.Marks["filed"].DoneOn, Actor: d.Case.Marks["filed"].Actor})
	entries, err := h.store.Timeline(t.Context(), auth.Everything(), ledger.NounCase, id)
	require.NoError(t, err)
	assert.Equal(t, "lu", entries[len(entries)-1].Actor)
	require.NotZero(t, out.Revision)
	require.NoError(t, h.verify(t))
}
