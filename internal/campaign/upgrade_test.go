package campaign_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

// earlier is the campaign as an office has it that began before the sheets, the side states with terms and the
// overlays came, and has made some of it its own.
func earlier(t *testing.T) campaign.Definition {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	d.Edition = 0
	d.Sides = slices.DeleteFunc(d.Sides, func(s campaign.SideState) bool {
		return slices.Contains([]string{"reviewed", "stamping", "publicised", "objected"}, s.Code)
	})
	d.Todos = slices.DeleteFunc(d.Todos, func(g campaign.Todo) bool { return g.Page == "acceptance" })
	d.Zones, d.Overlays, d.Acceptance = nil, nil, nil
	for i := range d.Eligibility {
		d.Eligibility[i].Parts = slices.Clone(d.Eligibility[i].Parts)
		for j := range d.Eligibility[i].Parts {
			d.Eligibility[i].Parts[j].Else = nil
		}
	}
	d.Eligibility[0].Mode = campaign.ModeAny
	d.Tracks = slices.Clone(d.Tracks)
	d.Tracks[0].Name.ZH = "“低散乱”整治（本区）"
	d.Targets = append(d.Targets, campaign.Target{Metric: campaign.MetricRectified, Unit: "honghe", Period: campaign.PeriodYear, Task: 60})
	return d
}

// TestAnEarlierCampaignGetsWhatIsNewAndKeepsItsOwn: by code, once.
func TestAnEarlierCampaignGetsWhatIsNewAndKeepsItsOwn(t *testing.T) {
	t.Parallel()
	offered, err := campaign.Rectify2020()
	require.NoError(t, err)
	old := earlier(t)
	require.NoError(t, old.Check())
	next, changed, err := old.Upgraded(offered)
	require.NoError(t, err)
	require.True(t, changed)
	for _, s := range offered.Sides {
		assert.True(t, slices.ContainsFunc(next.Sides, func(own campaign.SideState) bool { return own.Code == s.Code }), s.Code)
	}
	assert.Len(t, next.Todos, len(offered.Todos))
	assert.Equal(t, offered.Zones, next.Zones)
	assert.Equal(t, offered.Overlays, next.Overlays)
	assert.Equal(t, offered.Acceptance, next.Acceptance)
	assert.Equal(t, offered.Eligibility[3].Parts, next.Eligibility[3].Parts, "parts know the overlay")

	assert.Equal(t, campaign.ModeAny, next.Eligibility[0].Mode, "what the office switched stays")
	assert.Equal(t, "“低散乱”整治（本区）", next.Tracks[0].Name.ZH)
	assert.Equal(t, old.Targets, next.Targets)
	require.NoError(t, old.MayBecome(next))

	again, changed, err := next.Upgraded(offered)
	require.NoError(t, err)
	assert.False(t, changed)
	assert.Equal(t, next, again)
}

func TestAnotherCampaignIsNotUpgraded(t *testing.T) {
	t.Parallel()
	offered, err := campaign.Rectify2020()
	require.NoError(t, err)
	other := earlier(t)
	other.Code = "xz-2021"
	_, changed, err := other.Upgraded(offered)
	require.NoError(t, err)
	assert.False(t, changed)
}
