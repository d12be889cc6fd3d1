package dossier_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/ledger"
)

// sideways are the actions about side states.
func sideways(f *dossier.File) map[string][]dossier.Action {
	list := map[string][]dossier.Action{}
	for _, a := range of(f, ledger.KindCaseAsk, ledger.KindCaseDecide, ledger.KindCaseLeave) {
		list[a.Side] = append(list[a.Side], a)
	}
	return list
}

func buttons(list []dossier.Action) []string {
	said := make([]string, len(list))
	for i, a := range list {
		said[i] = a.Button.ZH
	}
	return said
}

func rectify(t *testing.T) campaign.Track {
	t.Helper()
	track, ok := definition(t).Track("rectify")
	require.True(t, ok)
	return track
}

func TestSideStatesStandInTheirOrderWithTheirWords(t *testing.T) {
	t.Parallel()
	file := opened(t, nil, "surveyed", "filed")
	assert.Equal(t, []string{
		"申请暂缓", "登记争议（信访/诉讼/权属）", "转强制执法", "退回整改", "打印验收表", "开始公示", "上报反弹", "申请剔除（误列）", "申请延期", "报卡点", "申请解锁",
	}, buttons(of(file, ledger.KindCaseAsk)))
	sides := sideways(file)
	assert.True(t, sides["held"][0].Approval)
	assert.False(t, sides["blocked"][0].Approval)
	assert.Equal(t, []dossier.Need{dossier.NeedReason, dossier.NeedUntil}, sides["blocked"][0].Needs)
	assert.Equal(t, campaign.Choice{Code: "compensation", Name: campaign.Text{ZH: "补偿未谈拢", EN: "compensation not agreed"}}, sides["blocked"][0].Reasons[0])
	assert.Equal(t, "还不能退回整改：镇初验尚未通过", sides["returned"][0].Refusal.ZH)
	assert.Equal(t, "还不能上报反弹：区验收尚未通过", sides["rebounded"][0].Refusal.ZH)
	assert.Nil(t, sides["held"][0].Refusal)
}

func TestAnExtensionAsksWhichPlanAndUntilWhen(t *testing.T) {
	t.Parallel()
	track := rectify(t)
	assert.Equal(t, "没有可延期的节点：未完成的节点都没有计划日期", sideways(opened(t, nil, "surveyed"))["extended"][0].Refusal.ZH)
	c, err := track.Plan(caseUpTo(t, track, "surveyed", "filed"), "vacated", "2020-10-20")
	require.NoError(t, err)
	a := sideways(look(t, &dossier.Case{Case: c}, "shen"))["extended"][0]
	assert.Equal(t, []dossier.Need{dossier.NeedReason, dossier.NeedMilestone, dossier.NeedUntil}, a.Needs)
	assert.Equal(t, []string{"vacated"}, a.Milestones, "only what has a plan can be moved")
}

func TestAHoldInForceOffersTheWayOutAndStopsMilestones(t *testing.T) {
	t.Parallel()
	track := rectify(t)
	c := caseUpTo(t, track, "surveyed", "filed")
	c.Sides = map[string]campaign.Side{"held": {Since: "2020-09-10", Reason: "诉讼", By: "shen", Approved: "zhou"}}
	file := look(t, &dossier.Case{Case: c}, "shen")
	assert.Equal(t, []string{"恢复办理"}, buttons(sideways(file)["held"]))
	assert.Equal(t, "该事项暂缓，请先恢复办理", file.Actions[0].Refusal.ZH)
	assert.NotNil(t, file.Actions[1].Refusal, "nor can it be skipped")
}

func TestARequestIsDecidedByAnother(t *testing.T) {
	t.Parallel()
	track := rectify(t)
	c, err := track.Ask(caseUpTo(t, track, "surveyed", "filed"), "held", campaign.Request{On: "2020-09-28", Reason: "合伙人纠纷", By: "shen"})
	require.NoError(t, err)
	for actor, refusal := range map[string]string{"shen": "审批人不能是申请人", "zhou": "", "": ""} {
		list := sideways(look(t, &dossier.Case{Case: c}, actor))["held"]
		require.Equal(t, []string{"通过“申请暂缓”", "退回“申请暂缓”"}, buttons(list), actor)
		assert.True(t, *list[0].Approve)
		assert.False(t, *list[1].Approve)
		for _, a := range list {
			if refusal == "" {
				assert.Nil(t, a.Refusal, actor)
				continue
			}
			assert.Equal(t, refusal, a.Refusal.ZH)
		}
	}
}

func TestWhoVacatedMayNotCheck(t *testing.T) {
	t.Parallel()
	track := rectify(t)
	c := caseUpTo(t, track, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished")
	assert.Equal(t, "初验人不能是标记腾空的人", look(t, &dossier.Case{Case: c}, "shen").Actions[0].Refusal.ZH)
	assert.Nil(t, look(t, &dossier.Case{Case: c}, "wang").Actions[0].Refusal)
}

func TestAnAcceptedCaseIsNotReturnedButReported(t *testing.T) {
	t.Parallel()
	track := rectify(t)
	c := caseUpTo(t, track, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished", "town_checked", "accepted")
	sides := sideways(look(t, &dossier.Case{Case: c}, "shen"))
	assert.Equal(t, "不能退回整改：该事项已验收", sides["returned"][0].Refusal.ZH)
	assert.Nil(t, sides["rebounded"][0].Refusal)
}

func TestTemplatesNameWhatTheyWouldSkip(t *testing.T) {
	t.Parallel()
	list := of(opened(t, nil, "surveyed", "filed"), ledger.KindCaseTemplate)
	require.Equal(t, []string{"不适用（强制执法）", "不适用（厂房保留）"}, buttons(list))
	assert.Equal(t, []string{"planned", "notified", "valued", "signed"}, list[0].Milestones)
	assert.Equal(t, "还不能标记已拆除：尚未确定方案", list[1].Refusal.ZH)
	list = of(opened(t, nil, "surveyed", "filed", "planned", "notified", "valued", "signed"), ledger.KindCaseTemplate)
	assert.Equal(t, "这些节点都已办理", list[0].Refusal.ZH)
}

func TestNotApplicableIsTakenBackWhileNothingFollowed(t *testing.T) {
	t.Parallel()
	track := rectify(t)
	c, err := track.MarkNotApplicable(caseUpTo(t, track, "surveyed", "filed"), "planned", "强制执法", "shen")
	require.NoError(t, err)
	list := of(look(t, &dossier.Case{Case: c}, "shen"), ledger.KindCaseApplicable)
	require.Len(t, list, 1)
	assert.Equal(t, "planned", list[0].Milestone)
	c, err = track.MarkDone(c, "notified", campaign.Done{On: "2020-03-02"}, "2020-09-30")
	require.NoError(t, err)
	assert.Empty(t, of(look(t, &dossier.Case{Case: c}, "shen"), ledger.KindCaseApplicable))
}

func TestAParkHasAFloorAndNoReturn(t *testing.T) {
	t.Parallel()
	d := definition(t)
	track, ok := d.Track("parks")
	require.True(t, ok)
	c := caseUpTo(t, track, "proposed")
	c.Shares = nil
	file := look(t, &dossier.Case{Case: c}, "shen")
	assert.Equal(t, []dossier.Need{dossier.NeedFloor, dossier.NeedNote}, of(file, ledger.KindCaseMeasure)[0].Needs)
	assert.Empty(t, sideways(file)["returned"], "a park has no town check to return")
	assert.Empty(t, of(file, ledger.KindCaseTemplate))
}

func TestAreasOfACase(t *testing.T) {
	t.Parallel()
	track := rectify(t)
	c := caseUpTo(t, track, "surveyed")
	c.Recovered, c.Effective = 40_000_000, 30_000_000
	held := dossier.Case{Case: c, Parcels: []dossier.ParcelRef{{ID: 1, Code: "P1", Share: 37_466_700, Area: 37_466_700, PlaneArea: 37_470_800}}}
	a := look(t, &held, "").Areas
	assert.EqualValues(t, 37_466_700, a.Parcels)
	assert.EqualValues(t, 37_470_800, a.Plane)
	assert.EqualValues(t, 10_000_000, a.Deducted)
	assert.InDelta(t, 6.8, a.Differs, 0.05)
	held.Case.Recovered = 37_500_000
	assert.Zero(t, look(t, &held, "").Areas.Differs, "under 5 % nothing is asked")
}

func TestATenantSaysWhichCaseCountsTheLand(t *testing.T) {
	t.Parallel()
	c := caseUpTo(t, rectify(t), "surveyed")
	c.Shares = []campaign.Share{{Parcel: 1}}
	held := dossier.Case{Case: c, Parcels: []dossier.ParcelRef{{ID: 1}}, Neighbours: []dossier.Summary{{Code: "XZ-2020-0231", Land: 37_466_700}, {Code: "XZ-2020-0232"}}}
	file := look(t, &held, "")
	require.NotNil(t, file.LandIn)
	assert.Equal(t, "XZ-2020-0231", file.LandIn.Code)
	held.Case.Shares[0].Area = 1
	assert.Nil(t, look(t, &held, "").LandIn, "it counts land itself")
}
