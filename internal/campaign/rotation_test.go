package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

func TestARotationIsTheUsualOneUntilTheOfficeHasItsOwn(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	assert.Len(t, d.Turning().Turns, 4)
	assert.Equal(t, campaign.Turn{Page: campaign.TurnDistrict, Seconds: 30}, d.Turning().Turns[0])
	d.Rotation = &campaign.Rotation{Turns: []campaign.Turn{}}
	require.NoError(t, d.Check())
	assert.Empty(t, d.Turning().Turns, "screens may stand still")
}

func TestARotationThatNobodyCouldReadIsRefused(t *testing.T) {
	t.Parallel()
	for name, turns := range map[string][]campaign.Turn{
		"unknown page":           {{Page: "weather", Seconds: 20}},
		"unit without its code":  {{Page: campaign.TurnUnit, Seconds: 20}},
		"code without its page":  {{Page: campaign.TurnLate, Unit: "honghe", Seconds: 20}},
		"gone before it is read": {{Page: campaign.TurnLate, Seconds: 4}},
		"stands for hours":       {{Page: campaign.TurnLate, Seconds: 3601}},
		"too many":               make([]campaign.Turn, 41),
	} {
		d, err := campaign.Rectify2020()
		require.NoError(t, err)
		d.Rotation = &campaign.Rotation{Turns: turns}
		assert.ErrorContains(t, d.Check(), "rotation", name)
	}
}

func TestAnotherRotationIsToldInWords(t *testing.T) {
	t.Parallel()
	before, err := campaign.Rectify2020()
	require.NoError(t, err)
	before.Rotation = &campaign.Rotation{Turns: []campaign.Turn{{Page: campaign.TurnDistrict, Seconds: 30}}}
	after := before
	after.Rotation = &campaign.Rotation{Turns: []campaign.Turn{{Page: campaign.TurnUnit, Unit: "honghe", Seconds: 60}, {Page: campaign.TurnLate, Seconds: 20}}}
	told, err := campaign.Differences(before, after, func(string) campaign.Text { return campaign.Text{ZH: "洪合镇", EN: "Honghe"} })
	require.NoError(t, err)
	require.Len(t, told, 1)
	assert.Equal(t, "大屏轮播", told[0].Where[0].ZH)
	assert.Equal(t, "页面：全区；停留（秒）：30", told[0].Before.ZH)
	assert.Equal(t, "页面：责任主体；停留（秒）：60；单位：洪合镇、页面：逾期清单；停留（秒）：20", told[0].After.ZH)
}
