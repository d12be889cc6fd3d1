package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

// TestABlockerHasAnOwnerAndAClock: who is to solve it, and by when; its term is the campaign's where nobody says a day.
func TestABlockerHasAnOwnerAndAClock(t *testing.T) {
	t.Parallel()
	def, err := campaign.Rectify2020()
	require.NoError(t, err)
	track, _ := def.Track("rectify")
	_, err = track.Assign(campaign.Case{}, "blocked", "区资规分局", "")
	refusal(t, err, "not_in_side", "该事项不在“卡点”状态")
	c, err := track.Ask(campaign.Case{}, "blocked", campaign.Request{On: "2020-09-01", Code: "title", By: "shen"})
	require.NoError(t, err)
	assert.Equal(t, campaign.Date("2020-09-16"), track.Ends("blocked", c.Sides["blocked"]))
	assert.Equal(t, campaign.Date("2020-09-16"), track.Ends("blocked", campaign.Side{Since: "2020-09-01"}), "one that was reported before there was a term")
	_, err = track.Assign(c, "blocked", " ", "")
	refusal(t, err, "owner_missing", "请填写责任人或责任部门")
	_, err = track.Assign(c, "blocked", "区资规分局", "2020-08-31")
	refusal(t, err, "until_too_early", "期限不能早于09-01")
	owned, err := track.Assign(c, "blocked", " 区资规分局 ", "2020-09-20")
	require.NoError(t, err)
	side := owned.Sides["blocked"]
	assert.Equal(t, []string{"区资规分局", "2020-09-20", "2020-09-01", "shen"}, []string{side.Owner, string(side.Until), string(side.Since), side.By})
	assert.Empty(t, c.Sides["blocked"].Owner, "the case as it was stays")
	handed, err := track.Assign(owned, "blocked", "沈某", "")
	require.NoError(t, err)
	assert.Equal(t, campaign.Date("2020-09-20"), handed.Sides["blocked"].Until, "another owner, the same day")
	_, err = track.Assign(campaign.Case{Sides: map[string]campaign.Side{"publicised": {Since: "2020-09-01"}}}, "publicised", "沈某", "2020-09-30")
	refusal(t, err, "until_fixed", "“公示中”的期限不能另定")
}
