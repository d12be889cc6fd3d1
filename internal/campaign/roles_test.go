package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

// TestAMilestoneNamesRolesThatThereAre: a slip of the pen would lock everybody out of it.
func TestAMilestoneNamesRolesThatThereAre(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	require.NoError(t, d.Check())
	for _, role := range campaign.Roles() {
		assert.True(t, campaign.KnownRole(role.Code), role.Code)
	}
	d.Tracks[0].Milestones[1].By = []string{"emperor"}
	assert.ErrorContains(t, d.Check(), "emperor")
}
