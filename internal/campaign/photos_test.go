package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// requiring is the track with photos of these slots of 腾空 required.
func requiring(t *testing.T, slots ...string) campaign.Track {
	t.Helper()
	tr := track(t)
	photos := tr.Milestones[tr.Index("vacated")].Photos
	for i := range photos {
		for _, s := range slots {
			photos[i].Required = photos[i].Required || photos[i].Code == s
		}
	}
	return tr
}

func TestTheTownCheckWaitsForPhotosThatWereAnnounced(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c := done(t, tr, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished")
	require.NoError(t, tr.MayMark(c, "town_checked", "wang"))

	c.Photos = []campaign.Photo{{Milestone: "vacated", Slot: "gate", Arrived: true}, {Milestone: "vacated", Slot: "meter"}, {Milestone: "vacated"}}
	err := tr.MayMark(c, "town_checked", "wang")
	f, is := fault.As(err)
	require.True(t, is)
	assert.Equal(t, "evidence_missing", f.Code)
	assert.Equal(t, "还缺 2 项材料：电表照片（未送达）、腾空照片（未送达）", f.ZH)

	for i := range c.Photos {
		c.Photos[i].Arrived = true
	}
	require.NoError(t, tr.MayMark(c, "town_checked", "wang"))
	c.Photos = append(c.Photos, campaign.Photo{Milestone: "stopped", Slot: "during"})
	require.NoError(t, tr.MayMark(c, "town_checked", "wang"), "it looks at 腾空 and 拆除, not at 停产")
}

func TestRequiredSlotsWithoutAPhotoAreMissed(t *testing.T) {
	t.Parallel()
	tr := requiring(t, "gate", "meter")
	c := done(t, tr, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped")
	assert.Empty(t, tr.Lacking(c, "vacated"), "nothing is missed before the step is done")
	c = done(t, tr, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished")
	c.Photos = []campaign.Photo{{Milestone: "vacated", Slot: "gate", Arrived: true}}
	f, is := fault.As(tr.MayMark(c, "town_checked", "wang"))
	require.True(t, is)
	assert.Equal(t, "还缺 1 项材料：电表照片", f.ZH)
	assert.Equal(t, "1 items are missing: photo: power meter", f.EN)
}

func TestPhotosGoIntoSlotsOfTheCampaign(t *testing.T) {
	t.Parallel()
	tr := track(t)
	var c campaign.Case
	require.NoError(t, tr.MayAttach(c, "vacated", "gate"))
	require.NoError(t, tr.MayAttach(c, "vacated", ""), "beside the slots")
	assert.True(t, fault.Is(tr.MayAttach(c, "vacated", "after"), "unknown_slot"))
	assert.True(t, fault.Is(tr.MayAttach(c, "burned", ""), "unknown_milestone"))
	for range campaign.MostPhotos {
		c.Photos = append(c.Photos, campaign.Photo{Milestone: "vacated"})
	}
	assert.True(t, fault.Is(tr.MayAttach(c, "vacated", "gate"), "too_many_photos"))
	require.NoError(t, tr.MayAttach(c, "demolished", "after"))
}

func TestPhotoSlotsAreChecked(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(m *campaign.Milestone){
		"repeated":     func(m *campaign.Milestone) { m.Photos = append(m.Photos, m.Photos[0]) },
		"one language": func(m *campaign.Milestone) { m.Photos[0].Name.EN = "" },
		"later":        func(m *campaign.Milestone) { m.EvidenceOf = []string{"closed"} },
	} {
		d, err := campaign.Rectify2020()
		require.NoError(t, err)
		tr, _ := d.Track("rectify")
		spoil(&tr.Milestones[tr.Index("vacated")])
		require.Error(t, d.Check(), name)
	}
}
