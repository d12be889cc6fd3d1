package campaign_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

func refusal(t *testing.T, err error, code, zh string) {
	t.Helper()
	f, ok := fault.As(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, code, f.Code)
	assert.Equal(t, zh, f.ZH)
	assert.NotEmpty(t, f.EN)
}

func upTo(t *testing.T, tr campaign.Track, last string) campaign.Case {
	t.Helper()
	var codes []string
	for _, m := range tr.Milestones[:tr.Index(last)+1] {
		codes = append(codes, m.Code)
	}
	return done(t, tr, codes...)
}

func TestAcceptanceIsByOthersAndWithEveryBox(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c := upTo(t, tr, "demolished")
	all := boxes(tr, "town_checked")
	_, err := tr.MarkDone(c, "town_checked", campaign.Done{On: today, Actor: "shen", Checks: all}, today)
	refusal(t, err, "same_person", "初验人不能是标记腾空的人")
	_, err = tr.MarkDone(c, "town_checked", campaign.Done{On: today, Actor: "wang", Checks: all[:3]}, today)
	refusal(t, err, "evidence_missing", "还缺 2 项材料：清产品、清设备")
	_, err = tr.MarkDone(c, "town_checked", campaign.Done{On: today, Actor: "wang", Checks: append(slices.Clip(all), "gas")}, today)
	refusal(t, err, "unknown_check", "“镇初验”没有“gas”这一项")
	c, err = tr.MarkDone(c, "town_checked", campaign.Done{On: today, Actor: "wang", Checks: all}, today)
	require.NoError(t, err)
	assert.Equal(t, "water,power,materials,products,equipment", c.Marks["town_checked"].Checks)
	for actor, zh := range map[string]string{"shen": "验收人不能是标记腾空的人", "wang": "验收人不能是标记镇初验的人"} {
		_, err = tr.MarkDone(c, "accepted", campaign.Done{On: today, Actor: actor, Checks: all}, today)
		refusal(t, err, "same_person", zh)
	}
	c, err = tr.MarkDone(c, "accepted", campaign.Done{On: today, Actor: "yu", Checks: all}, today)
	require.NoError(t, err)
	assert.Equal(t, campaign.Standing{Stage: 8, Next: "closed", Deadline: "2020-10-14"}, tr.Standing(c), "5 workdays after 09-30: the holidays do not count, 10-10 does")
	assert.Equal(t, "已验收", tr.Reached(c).State.ZH)
}

func TestAHoldIsAskedForAndApprovedByAnother(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c := upTo(t, tr, "signed")
	_, err := tr.Ask(c, "held", campaign.Request{On: today, Reason: " ", By: "shen"})
	refusal(t, err, "reason_missing", "请填写原因")
	c, err = tr.Ask(c, "held", campaign.Request{On: today, Reason: "厂房诉讼中", By: "shen"})
	require.NoError(t, err)
	assert.Empty(t, c.Sides, "asked for is not in force")
	_, err = tr.Ask(c, "held", campaign.Request{On: today, Reason: "再次", By: "lu"})
	refusal(t, err, "already_asked", "已提出申请暂缓，待审批")
	_, err = tr.Decide(c, "held", true, "shen", today)
	refusal(t, err, "own_request", "审批人不能是申请人")
	rejected, err := tr.Decide(c, "held", false, "zhou", today)
	require.NoError(t, err)
	assert.Empty(t, rejected.Requests)
	assert.Empty(t, rejected.Sides)
	c, err = tr.Decide(c, "held", true, "zhou", today)
	require.NoError(t, err)
	assert.Equal(t, campaign.Side{Since: today, Reason: "厂房诉讼中", By: "shen", Approved: "zhou"}, c.Sides["held"])
	_, err = tr.MarkDone(c, "stopped", campaign.Done{On: today, Actor: "shen"}, today)
	refusal(t, err, "stopped", "该事项暂缓，请先恢复办理")
	c, err = tr.Leave(c, "held", "2020-09-30")
	require.NoError(t, err)
	_, err = tr.MarkDone(c, "stopped", campaign.Done{On: today, Actor: "shen"}, today)
	require.NoError(t, err)
	_, err = tr.Leave(c, "held", "2020-09-30")
	refusal(t, err, "not_in_side", "该事项不在“暂缓”状态")
}

func TestAnExtensionMovesThePlanAndKeepsTheOriginal(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c, err := tr.Plan(upTo(t, tr, "signed"), "stopped", "2020-09-20")
	require.NoError(t, err)
	_, err = tr.Ask(c, "extended", campaign.Request{On: today, Reason: "设备出售", By: "shen", Milestone: "stopped", Until: "2020-09-01"})
	refusal(t, err, "no_extension", "延期后的日期应晚于现在的计划日期，且该节点尚未完成")
	_, err = tr.Ask(c, "extended", campaign.Request{On: today, Reason: "设备出售", By: "shen", Milestone: "signed", Until: "2020-11-01"})
	refusal(t, err, "no_extension", "延期后的日期应晚于现在的计划日期，且该节点尚未完成")
	c, err = tr.Ask(c, "extended", campaign.Request{On: today, Reason: "设备出售", By: "shen", Milestone: "stopped", Until: "2020-10-20"})
	require.NoError(t, err)
	c, err = tr.Decide(c, "extended", true, "zhou", today)
	require.NoError(t, err)
	assert.Equal(t, campaign.Mark{PlanOn: "2020-10-20", PlanOriginal: "2020-09-20"}, c.Marks["stopped"])
	assert.Empty(t, c.Sides)
	assert.Empty(t, c.Requests)
}

func TestAReturnedCaseIsAppliedForAgain(t *testing.T) {
	t.Parallel()
	tr := track(t)
	_, err := tr.Ask(upTo(t, tr, "demolished"), "returned", campaign.Request{On: today, Reason: "水电未断", By: "yu"})
	refusal(t, err, "prerequisite_missing", "还不能退回整改：镇初验尚未通过")
	c, err := tr.Ask(upTo(t, tr, "town_checked"), "returned", campaign.Request{On: today, Reason: "水电未断", By: "yu"})
	require.NoError(t, err)
	assert.Empty(t, c.Marks["town_checked"].DoneOn, "the town checks again")
	assert.Equal(t, "demolished", tr.Reached(c).Code)
	_, err = tr.MarkDone(c, "town_checked", campaign.Done{On: today, Actor: "wang", Checks: boxes(tr, "town_checked")}, today)
	refusal(t, err, "stopped", "该事项验收退回，请先重新申报")
	c, err = tr.Leave(c, "returned", "2020-09-30")
	require.NoError(t, err)
	_, err = tr.MarkDone(c, "town_checked", campaign.Done{On: today, Actor: "wang", Checks: boxes(tr, "town_checked")}, today)
	require.NoError(t, err)
}

func TestARebouncedIsCountedForEver(t *testing.T) {
	t.Parallel()
	tr := track(t)
	_, err := tr.Ask(upTo(t, tr, "town_checked"), "rebounded", campaign.Request{On: today, Reason: "夜间生产", By: "shen"})
	refusal(t, err, "prerequisite_missing", "还不能上报反弹：区验收尚未通过")
	c, err := tr.Ask(upTo(t, tr, "closed"), "rebounded", campaign.Request{On: today, Reason: "夜间生产", By: "shen"})
	require.NoError(t, err)
	assert.Equal(t, 1, c.Rebounds)
	c, err = tr.Leave(c, "rebounded", "2020-09-30")
	require.NoError(t, err)
	assert.Equal(t, 1, c.Rebounds)
	c, err = tr.Ask(c, "rebounded", campaign.Request{On: today, Reason: "又反弹", By: "shen"})
	require.NoError(t, err)
	assert.Equal(t, 2, c.Rebounds)
}

func TestLateIsDerived(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	st := campaign.Standing{Stage: 4, Next: "stopped", Deadline: "2020-09-20"}
	assert.Equal(t, 10, d.Late(st, nil, today))
	assert.Equal(t, 10, d.Late(st, []string{"blocked", "disputed"}, today))
	assert.Zero(t, d.Late(st, []string{"held"}, today), "a hold pauses")
	assert.Zero(t, d.Late(st, []string{"struck"}, today))
	assert.Zero(t, d.Late(campaign.Standing{Next: "stopped", Deadline: today}, nil, today), "the day itself is not late")
	assert.Zero(t, d.Late(campaign.Standing{Next: "stopped"}, nil, today), "no plan, not late")
}

func TestSideStatesSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	var badges []string
	for _, s := range d.Sides {
		badges = append(badges, s.Badge)
	}
	assert.Equal(t, "缓争执退核章公异反剔延卡解", strings.Join(badges, ""))
	_, err = track(t).Ask(campaign.Case{}, "sleeping", campaign.Request{Reason: "x"})
	refusal(t, err, "unknown_side", "没有“sleeping”这种状态")
}

func TestAReasonHasItsCodeWhereItIsAUsualOne(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c := upTo(t, tr, "filed")
	for name, k := range map[string]struct{ reason, given, code, want string }{
		"its words":         {"补偿未谈拢", "", "compensation", "补偿未谈拢"},
		"words and more":    {"补偿未谈拢：差价三万元", "", "compensation", "补偿未谈拢：差价三万元"},
		"in English":        {"compensation not agreed", "", "compensation", "compensation not agreed"},
		"its code":          {"", "ownership", "ownership", "产权纠纷"},
		"code and text":     {"与村委会有争议", "ownership", "ownership", "产权纠纷：与村委会有争议"},
		"code and the same": {"产权纠纷，已报镇", "ownership", "ownership", "产权纠纷，已报镇"},
		"one's own":         {"设备进不去", "", "", "设备进不去"},
		"only a beginning":  {"涉诉讼时效", "", "", "涉诉讼时效"},
	} {
		got, err := tr.Ask(c, "blocked", campaign.Request{On: today, Reason: k.reason, Code: k.given, By: "shen"})
		require.NoError(t, err, name)
		assert.Equal(t, campaign.Side{Since: today, Reason: k.want, Code: k.code, By: "shen", Until: "2020-10-15"}, got.Sides["blocked"], name)
	}
	_, err := tr.Ask(c, "blocked", campaign.Request{On: today, Code: "weather", By: "shen"})
	refusal(t, err, "unknown_reason", "“卡点”没有“weather”这个原因")
}

func TestTheReasonOfAHoldStaysWhenItIsApproved(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c, err := tr.Ask(upTo(t, tr, "signed"), "held", campaign.Request{On: today, Code: "seized", By: "shen"})
	require.NoError(t, err)
	c, err = tr.Decide(c, "held", true, "zhou", today)
	require.NoError(t, err)
	assert.Equal(t, "seized", c.Sides["held"].Code)
}

func TestWhatCannotBeAskedOfACaseThatIsFar(t *testing.T) {
	t.Parallel()
	tr := track(t)
	_, err := tr.Ask(upTo(t, tr, "accepted"), "returned", campaign.Request{On: today, Reason: "水电未断", By: "yu"})
	refusal(t, err, "too_late_to_return", "不能退回整改：该事项已验收")
	for _, side := range []string{"held", "extended"} {
		require.Error(t, tr.MayAsk(upTo(t, tr, "closed"), side))
	}
	assert.NoError(t, tr.MayAsk(upTo(t, tr, "closed"), "rebounded"))
}

func TestAnExtensionIsNotApprovedOnceTheMilestoneIsDone(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c, err := tr.Plan(upTo(t, tr, "signed"), "stopped", "2020-09-20")
	require.NoError(t, err)
	c, err = tr.Ask(c, "extended", campaign.Request{On: today, Code: "orders", By: "shen", Milestone: "stopped", Until: "2020-10-20"})
	require.NoError(t, err)
	c, err = tr.MarkDone(c, "stopped", campaign.Done{On: today, Actor: "shen"}, today)
	require.NoError(t, err)
	_, err = tr.Decide(c, "extended", true, "zhou", today)
	refusal(t, err, "no_extension", "延期后的日期应晚于现在的计划日期，且该节点尚未完成")
	c, err = tr.Decide(c, "extended", false, "zhou", today)
	require.NoError(t, err)
	assert.Empty(t, c.Requests)
}

func TestNotApplicableIsTakenBack(t *testing.T) {
	t.Parallel()
	tr := track(t)
	_, err := tr.MarkApplicable(upTo(t, tr, "filed"), "planned")
	refusal(t, err, "not_not_applicable", "“一企一策方案”没有标记为不适用")
	c, err := tr.MarkNotApplicable(upTo(t, tr, "filed"), "planned", "强制执法", "shen")
	require.NoError(t, err)
	back, err := tr.MarkApplicable(c, "planned")
	require.NoError(t, err)
	assert.Equal(t, campaign.Mark{}, back.Marks["planned"])
	c, err = tr.MarkDone(c, "notified", campaign.Done{On: today, Actor: "shen"}, today)
	require.NoError(t, err)
	_, err = tr.MarkApplicable(c, "planned")
	refusal(t, err, "later_marked", "“一企一策方案”之后的“告知”已办理，不能取消不适用")
}

// TestLandIsMeasuredAgainOnlyAfterUnlocking: asked for, approved by another person, locked again.
func TestLandIsMeasuredAgainOnlyAfterUnlocking(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	track, ok := d.Track("rectify")
	require.True(t, ok)
	c := campaign.Case{Track: "rectify", Marks: map[string]campaign.Mark{}}
	_, err = track.Ask(c, "unlocked", campaign.Request{On: "2020-09-30", Reason: "面积有误", By: "shen"})
	require.ErrorContains(t, err, "not locked")
	for _, m := range track.Milestones {
		c.Marks[m.Code] = campaign.Mark{DoneOn: "2020-06-01"}
		if m.Code == "accepted" {
			break
		}
	}
	require.Error(t, track.MayMeasure(c))
	asked, err := track.Ask(c, "unlocked", campaign.Request{On: "2020-09-30", Reason: "面积有误", By: "shen"})
	require.NoError(t, err)
	require.Error(t, track.MayMeasure(asked), "asked for is not approved")
	_, err = track.Decide(asked, "unlocked", true, "shen", "2020-09-30")
	require.ErrorContains(t, err, "person who made it")
	open, err := track.Decide(asked, "unlocked", true, "zhou", "2020-09-30")
	require.NoError(t, err)
	require.NoError(t, track.MayMeasure(open))
	shut, err := track.Leave(open, "unlocked", "2020-09-30")
	require.NoError(t, err)
	require.Error(t, track.MayMeasure(shut))
}
