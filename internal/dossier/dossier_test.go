package dossier_test

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

func definition(t *testing.T) campaign.Definition {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	return d
}

// entry is a journal entry of a kind that leaves fields behind.
func entry(t *testing.T, kind string, after map[string]any) ledger.Recorded {
	t.Helper()
	e := ledger.Recorded{Entry: ledger.Entry{Kind: kind, Body: ledger.Body{After: ledger.Fields{}}}, BatchID: uuid.New()}
	for key, value := range after {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		e.Body.After[key] = text
	}
	return e
}

func mark(code string, m campaign.Mark) map[string]any {
	return map[string]any{"milestone/" + code: m, "stage": 2, "next": "planned"}
}

func TestEntriesInWords(t *testing.T) {
	t.Parallel()
	d := definition(t)
	track, _ := d.Track("rectify")
	undo := entry(t, ledger.KindUndo, nil)
	undo.Body.Note = "误操作"
	for name, c := range map[string]struct {
		entry        ledger.Recorded
		zh, en, note string
	}{
		"listed":         {entry(t, ledger.KindCaseList, map[string]any{"label": "宏兴"}), "列入清单", "listed", ""},
		"marked":         {entry(t, ledger.KindCaseMilestone, mark("vacated", campaign.Mark{DoneOn: "2020-09-10", Note: "钥匙已交"})), "已腾空（09-10）", "vacated (09-10)", "钥匙已交"},
		"not applicable": {entry(t, ledger.KindCaseNotApplicable, mark("signed", campaign.Mark{NotApplicable: true, Reason: "强制执法"})), "签约：不适用", "signing: not applicable", "强制执法"},
		"amended": {entry(t, ledger.KindCaseAmend, map[string]any{
			"responsible": "沈某", "note": "x", "label": "宏兴", "milestone/filed": campaign.Mark{PlanOn: "2020-09-20"}, "deadline": "2020-09-20",
		}), "修改了名称、计划建档、说明、责任人", "changed name, plan: filing, note, person responsible", ""},
		"taken back":           {undo, "撤销", "taken back", "误操作"},
		"compared":             {entry(t, ledger.KindConflictResolve, mark("filed", campaign.Mark{DoneOn: "2020-03-26"})), "核对后改正", "corrected after comparing", ""},
		"an old milestone":     {entry(t, ledger.KindCaseMilestone, mark("painted", campaign.Mark{DoneOn: "2020-03-26"})), "办理了现已取消的节点", "marked a milestone that is gone", ""},
		"a kind of the future": {entry(t, "case.rebound", map[string]any{"stage": 1}), "有改动", "changed", ""},
	} {
		text, note := dossier.Words(d, track, c.entry)
		assert.Equal(t, campaign.Text{ZH: c.zh, EN: c.en}, text, name)
		assert.Equal(t, c.note, note, name)
	}
}

// shelf is a store with one case on it.
// newDesk is a desk on the demo's day.
func newDesk(s *shelf) *dossier.Desk {
	return dossier.NewDesk(s, func() time.Time { return time.Date(2020, 9, 30, 9, 0, 0, 0, campaign.Shanghai()) })
}

type shelf struct {
	dossier.Store
	held      dossier.Case
	timeline  []ledger.Recorded
	conflicts []dossier.Conflict
	running   campaign.Definition
}

func (s *shelf) Running(context.Context) (ledger.Campaign, error) {
	return ledger.Campaign{Definition: s.running}, nil
}

func (s *shelf) Units(context.Context, int64) ([]ledger.Unit, error) {
	return []ledger.Unit{{Code: "honghe", Name: campaign.Text{ZH: "洪合镇"}}, {Code: "wangdian", Name: campaign.Text{ZH: "王店镇"}}}, nil
}

func (s *shelf) Case(context.Context, auth.Scope, int64) (dossier.Case, error) { return s.held, nil }

func (s *shelf) Timeline(context.Context, auth.Scope, string, int64) ([]ledger.Recorded, error) {
	return s.timeline, nil
}

func (s *shelf) Responsible(context.Context, auth.Scope, []int64) (map[int64]string, error) {
	return map[int64]string{}, nil
}

func (s *shelf) Photographed(context.Context, auth.Scope, []int64) (map[int64][]dossier.Photographed, error) {
	return map[int64][]dossier.Photographed{}, nil
}

func (s *shelf) Conflicts(context.Context, auth.Scope, int64) ([]dossier.Conflict, error) {
	return s.conflicts, nil
}

// boxes are all the boxes of a milestone.
func boxes(t campaign.Track, code string) []string {
	var codes []string
	for _, c := range t.Milestones[t.Index(code)].Checks {
		codes = append(codes, c.Code)
	}
	return codes
}

// caseUpTo is a case of a track with these milestones done, 腾空 by shen.
func caseUpTo(t *testing.T, track campaign.Track, done ...string) campaign.Case {
	t.Helper()
	c := campaign.Case{ID: 7, Track: track.Code, Marks: map[string]campaign.Mark{}, Shares: []campaign.Share{{Parcel: 1, Area: 37_466_700}}, Recovered: 37_000_000}
	for _, code := range done {
		var err error
		by := map[string]string{"vacated": "shen", "town_checked": "wang", "accepted": "yu"}
		c, err = track.MarkDone(c, code, campaign.Done{On: "2020-03-01", Actor: by[code], Checks: boxes(track, code)}, "2020-09-30")
		require.NoError(t, err)
	}
	return c
}

// look opens the file of a case as a person sees it.
func look(t *testing.T, held *dossier.Case, actor string, entries ...ledger.Recorded) *dossier.File {
	t.Helper()
	held.Definition = definition(t)
	scope := auth.ScopeOf(auth.System())
	if actor != "" {
		scope = auth.ScopeOf(auth.Actor{ID: actor, Role: "town"})
	}
	file, err := newDesk(&shelf{held: *held, timeline: entries}).Case(t.Context(), scope, 7)
	require.NoError(t, err)
	return &file
}

// opened is the file of a case with these milestones done, and these entries.
func opened(t *testing.T, entries []ledger.Recorded, done ...string) *dossier.File {
	t.Helper()
	track, _ := definition(t).Track("rectify")
	return look(t, &dossier.Case{Case: caseUpTo(t, track, done...)}, "", entries...)
}

// of are the actions of these kinds, in their order.
func of(f *dossier.File, kinds ...string) []dossier.Action {
	var list []dossier.Action
	for _, a := range f.Actions {
		if slices.Contains(kinds, a.Kind) {
			list = append(list, a)
		}
	}
	return list
}

func TestTheNextMilestoneIsTheOneBigButton(t *testing.T) {
	t.Parallel()
	file := opened(t, nil, "surveyed", "filed")
	require.NotEmpty(t, file.Actions)
	first := file.Actions[0]
	assert.Equal(t, "planned", first.Milestone)
	assert.True(t, first.Main)
	assert.Nil(t, first.Refusal)
	assert.Equal(t, "确定方案", first.Button.ZH)
	assert.Equal(t, ledger.KindCaseNotApplicable, file.Actions[1].Kind, "a plan may be not applicable")

	mains := 0
	later := of(file, ledger.KindCaseMilestone)[1:]
	for _, a := range later {
		require.NotNil(t, a.Refusal, "%s cannot be done yet, and says why", a.Milestone)
		act := map[string]string{"town_checked": "初验", "accepted": "验收"}[a.Milestone]
		assert.Equal(t, "还不能"+cmp.Or(act, a.Button.ZH)+"：尚未确定方案", a.Refusal.ZH)
		if a.Main {
			mains++
		}
	}
	assert.Zero(t, mains, "one big button, no more")
	assert.Len(t, later, 9, "a button for every later milestone")
}

func TestWhatMayNotBeSkippedOffersNoNotApplicable(t *testing.T) {
	t.Parallel()
	for _, a := range opened(t, nil, "surveyed").Actions {
		assert.NotEqual(t, ledger.KindCaseNotApplicable, a.Kind, "filing cannot be not applicable")
	}
}

func TestAClosedCaseOffersNoMilestone(t *testing.T) {
	t.Parallel()
	var all []string
	for _, m := range definition(t).Tracks[0].Milestones {
		all = append(all, m.Code)
	}
	file := opened(t, nil, all...)
	assert.Empty(t, of(file, ledger.KindCaseMilestone, ledger.KindCaseNotApplicable, ledger.KindCaseApplicable))
	assert.Equal(t, "该事项已验收，数据已锁定，请申请解锁", of(file, ledger.KindCaseMeasure)[0].Refusal.ZH)
	assert.True(t, file.Locked)
}

func TestUndoIsOfferedForTheNewestBatchThatStands(t *testing.T) {
	t.Parallel()
	listed := entry(t, ledger.KindCaseList, nil)
	filed := entry(t, ledger.KindCaseMilestone, mark("filed", campaign.Mark{DoneOn: "2020-03-25"}))
	undo := entry(t, ledger.KindUndo, nil)
	undo.Body.Undoes = &filed.BatchID

	file := opened(t, []ledger.Recorded{listed, filed}, "surveyed", "filed")
	last := file.Actions[len(file.Actions)-1]
	assert.Equal(t, ledger.KindUndo, last.Kind)
	assert.Equal(t, filed.BatchID, last.Batch)
	assert.Equal(t, campaign.Text{ZH: "撤销“已建档（03-25）”", EN: "take back “filed (03-25)”"}, last.Button)

	file = opened(t, []ledger.Recorded{listed, filed, undo}, "surveyed")
	last = file.Actions[len(file.Actions)-1]
	assert.Equal(t, listed.BatchID, last.Batch, "what was taken back is not offered again")
	assert.Equal(t, []bool{false, true, false}, []bool{file.Timeline[0].Undone, file.Timeline[1].Undone, file.Timeline[2].Undone})
	assert.Equal(t, ledger.KindUndo, file.Timeline[0].Kind, "newest first")
	assert.Equal(t, campaign.Text{ZH: "撤销“已建档（03-25）”", EN: "taken back: “filed (03-25)”"}, file.Timeline[0].Text)
}

func TestOnAParcelOneLists(t *testing.T) {
	t.Parallel()
	desk := newDesk(&shelf{})
	for role, refusal := range map[string]string{"field": "", "viewer": "您没有此项权限，可联系区整治办"} {
		list, err := desk.Listing(t.Context(), auth.ScopeOf(auth.Actor{ID: "he", Role: role, Unit: "honghe"}), "honghe")
		require.NoError(t, err)
		require.Len(t, list, 1)
		assert.Equal(t, ledger.KindCaseList, list[0].Kind)
		assert.True(t, list[0].Main)
		assert.Equal(t, refusal, refusalOf(list[0]))
	}
}

func refusalOf(a dossier.Action) string {
	if a.Refusal == nil {
		return ""
	}
	return a.Refusal.ZH
}

// TestWhatAnActorMayNotDoIsShownOffWithTheReason: the same refusals as the ledger's, and before the rules'.
func TestWhatAnActorMayNotDoIsShownOffWithTheReason(t *testing.T) {
	t.Parallel()
	track, _ := definition(t).Track("rectify")
	c := caseUpTo(t, track, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished", "town_checked")
	c.Unit = "honghe"
	for _, as := range []struct {
		actor   auth.Actor
		accepts string
		amends  string
	}{
		{auth.Actor{ID: "yu", Role: "acceptance"}, "", "您没有此项权限，可联系区整治办"},
		{auth.Actor{ID: "he", Role: "field", Unit: "honghe"}, "您没有此项权限，可联系区整治办", ""},
		{auth.Actor{ID: "fei", Role: "field", Unit: "wangdian"}, "您没有此项权限，可联系区整治办", "该事项属洪合镇，您的权限范围为王店镇"},
	} {
		file, err := newDesk(&shelf{held: dossier.Case{Case: c, Definition: definition(t)}}).Case(t.Context(), auth.ScopeOf(as.actor), 7)
		require.NoError(t, err)
		assert.Equal(t, as.accepts, refusalOf(of(&file, ledger.KindCaseMilestone)[0]), as.actor.ID)
		assert.Equal(t, as.amends, refusalOf(of(&file, ledger.KindCaseAmend)[0]), as.actor.ID)
	}
}

func TestAScopeThatSeesNothingOpensNothing(t *testing.T) {
	t.Parallel()
	desk := newDesk(&shelf{})
	_, one := desk.Case(t.Context(), auth.Scope{}, 1)
	_, parcel := desk.Parcel(t.Context(), auth.Scope{}, 1)
	_, conflicts := desk.Conflicts(t.Context(), auth.Scope{})
	for _, err := range []error{one, parcel, conflicts} {
		assert.Equal(t, fault.KindDenied, fault.KindOf(err))
	}
}

func TestACaseOfATrackTheCampaignLacksIsAFault(t *testing.T) {
	t.Parallel()
	_, err := newDesk(&shelf{held: dossier.Case{Case: campaign.Case{Track: "paint"}, Definition: definition(t)}}).Case(t.Context(), auth.ScopeOf(auth.System()), 1)
	assert.True(t, fault.Is(err, "unknown_track"), err)
}
