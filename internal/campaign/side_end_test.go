package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

func TestAReturnHasADayByWhichItIsDoneAgain(t *testing.T) {
	t.Parallel()
	tr := track(t)
	checked := upTo(t, tr, "town_checked")
	c, err := tr.Ask(checked, "returned", campaign.Request{On: today, Reason: "水电未断", By: "yu"})
	require.NoError(t, err)
	assert.Equal(t, campaign.Date("2020-10-15"), c.Sides["returned"].Until, "15 days, where nobody says another day")
	assert.Equal(t, campaign.Date("2020-10-15"), tr.Standing(c).Deadline, "so that it is late after it like everything else")
	c, err = tr.Ask(checked, "returned", campaign.Request{On: today, Reason: "水电未断", By: "yu", Until: "2020-10-05"})
	require.NoError(t, err)
	assert.Equal(t, campaign.Date("2020-10-05"), tr.Standing(c).Deadline)
	_, err = tr.Ask(checked, "returned", campaign.Request{On: today, Reason: "水电未断", By: "yu", Until: "2020-09-29"})
	refusal(t, err, "until_too_early", "期限不能早于09-30")
}

func TestAReviewGivesBackWhatAReturnTook(t *testing.T) {
	t.Parallel()
	tr := track(t)
	checked := upTo(t, tr, "town_checked")
	review := campaign.Request{On: today, Code: "done", By: "wang"}
	_, err := tr.Ask(checked, "reviewed", review)
	refusal(t, err, "not_during", "不能申请复核：该事项不在“验收退回”状态")
	returned, err := tr.Ask(checked, "returned", campaign.Request{On: today, Reason: "水电未断", By: "yu"})
	require.NoError(t, err)
	asked, err := tr.Ask(returned, "reviewed", review)
	require.NoError(t, err)

	granted, err := tr.Decide(asked, "reviewed", true, "zhou", today)
	require.NoError(t, err)
	assert.Equal(t, checked.Marks, granted.Marks, "as if it had not been returned")
	assert.Empty(t, granted.Sides)
	assert.Empty(t, granted.Requests)

	denied, err := tr.Decide(asked, "reviewed", false, "zhou", today)
	require.NoError(t, err)
	assert.Equal(t, returned.Sides, denied.Sides)
	again, err := tr.Leave(asked, "returned", today)
	require.NoError(t, err)
	assert.Empty(t, again.Requests, "who applies again asks for no review any more")
}

func TestAPublicNoticeLastsItsDaysAndIsNotClosedOver(t *testing.T) {
	t.Parallel()
	tr := track(t)
	_, err := tr.Ask(upTo(t, tr, "town_checked"), "publicised", campaign.Request{On: today, By: "zhou"})
	refusal(t, err, "prerequisite_missing", "还不能开始公示：区验收尚未通过")
	accepted := upTo(t, tr, "accepted")
	_, err = tr.Ask(accepted, "publicised", campaign.Request{On: today, By: "zhou", Until: "2020-10-12"})
	refusal(t, err, "until_too_early", "期限至少到10-14")
	c, err := tr.Ask(accepted, "publicised", campaign.Request{On: today, By: "zhou"})
	require.NoError(t, err)
	assert.Equal(t, "验收通过，予以公示", c.Sides["publicised"].Reason, "the one usual reason need not be said")
	assert.Equal(t, campaign.Date("2020-10-14"), c.Sides["publicised"].Until, "five working days after 09-30")
	_, err = tr.MarkDone(c, "closed", campaign.Done{On: today, Actor: "zhou"}, today)
	refusal(t, err, "stopped", "该事项公示中，请先结束公示")
	_, err = tr.Leave(c, "publicised", "2020-10-14")
	refusal(t, err, "still_held", "公示中，10-14期满后才能结束公示")

	objected, err := tr.Ask(c, "objected", campaign.Request{On: "2020-10-12", Code: "not_cleared", By: "shen"})
	require.NoError(t, err)
	_, err = tr.Leave(objected, "publicised", "2020-10-15")
	refusal(t, err, "not_settled", "该事项有公示异议，请先处理异议")
	objected, err = tr.Leave(objected, "objected", "2020-10-13")
	require.NoError(t, err)
	over, err := tr.Leave(objected, "publicised", "2020-10-15")
	require.NoError(t, err)
	over, err = tr.MarkDone(over, "closed", campaign.Done{On: "2020-10-15", Actor: "zhou"}, "2020-10-15")
	require.NoError(t, err)
	_, err = tr.Ask(over, "publicised", campaign.Request{On: "2020-10-15", By: "zhou"})
	refusal(t, err, "nothing_open", "不能开始公示：该事项已全部办结")
}

func TestTheStampedFormEndsTheWaitForIt(t *testing.T) {
	t.Parallel()
	tr := track(t)
	printed := campaign.Request{On: today, By: "yu"}
	_, err := tr.Ask(upTo(t, tr, "vacated"), "stamping", printed)
	refusal(t, err, "prerequisite_missing", "还不能打印验收表：尚未拆除")
	c, err := tr.Ask(upTo(t, tr, "town_checked"), "stamping", printed)
	require.NoError(t, err)
	_, err = tr.Leave(c, "stamping", today)
	refusal(t, err, "evidence_missing", "还缺 1 项材料：验收表盖章件")
	c.Photos = []campaign.Photo{{Milestone: "accepted", Slot: "stamped_form", Arrived: true}}
	c, err = tr.Leave(c, "stamping", today)
	require.NoError(t, err)
	_, err = tr.Ask(c, "stamping", printed)
	refusal(t, err, "already_back", "盖章件已回传")
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	parks, _ := d.Track("parks")
	_, has := parks.Awaits()
	assert.False(t, has, "a park is built, not accepted")
}

func TestSideStatesThatAreNotSoundAreRefused(t *testing.T) {
	t.Parallel()
	for what, spoil := range map[string]func(*campaign.SideState){
		"holds without a term": func(s *campaign.SideState) { s.Holds = true },
		"a term of no day":     func(s *campaign.SideState) { s.Lasts = &campaign.Term{} },
		"during an unknown":    func(s *campaign.SideState) { s.During = "sleeping" },
		"overturns nothing":    func(s *campaign.SideState) { s.Overturns = true },
		"an unknown role":      func(s *campaign.SideState) { s.By = []string{"king"} },
		"no such slot":         func(s *campaign.SideState) { s.Evidence = &campaign.EvidenceSlot{Milestone: "accepted", Slot: "seal"} },
	} {
		d, err := campaign.Rectify2020()
		require.NoError(t, err)
		spoil(&d.Sides[0])
		assert.Error(t, d.Check(), what)
	}
}
