package demo

import (
	"math/rand/v2"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// Days of the story.
const (
	today   = campaign.Date("2020-09-30")
	lastDay = campaign.Date("2020-09-29") // the last full one
	yearEnd = campaign.Date("2020-12-28")
)

// matter is what becomes of one case in the story.
type matter struct {
	track   string
	town    town
	village campaign.Village
	firm    firm
	plot    *plot
	// landless counts no land: a tenant, or a firm that moves into a park.
	landless bool
	// follows is the matter whose operator this one has too.
	follows *matter

	fixed             bool             // the area is the story's
	area, effective   int64            // hundredths of a mu
	surplus           int64            // of the parcel's land over the area that is accepted
	recovered         orb.MultiPolygon // where it is less than the plot
	floor             geo.Area
	batch, disposal   string
	responsible, note string
	reached           int             // index of the last milestone passed
	on                []campaign.Date // of each milestone passed
	kept, enforced    bool
	late              int           // days
	due               campaign.Date // of the next milestone, where it is the story's
	lastOn            campaign.Date // of the last milestone, where it is the story's
	reportedOn        campaign.Date // when the last milestone was entered, if later (补报)
	plans             map[string]campaign.Date
	told              bool              // the story says something of it already
	proof             map[string]string // of an upgraded firm: that its way is done
	minute            int               // of the last day, on the morning the demo begins
	withdrawn         bool              // its acceptance and closing are taken back
	against           against           // what its plot speaks against; empty: nothing
	clustered         bool              // it lies in a former village cluster
	incidents         []step
}

// plan sets the planned days: about the day of what is done, the deadline of
// what is next, and what follows at the usual distance.
func (m *matter) plan(r *rand.Rand, t campaign.Track) {
	m.plans = map[string]campaign.Date{}
	deadline := m.deadline(r)
	last := campaign.Date("")
	for i, milestone := range t.Milestones {
		var on campaign.Date
		switch {
		case i == 0 || milestone.Within != nil: // its time limit plans it
			continue
		case i <= m.reached:
			on = min(max(m.on[i].AddDays(r.IntN(14)-5), last), deadline.AddDays(-3))
		case i == m.reached+1:
			on = deadline
		default:
			on = min(last.AddDays(7+r.IntN(14)), yearEnd)
		}
		m.plans[milestone.Code] = on
		last = on
	}
	if m.due != "" {
		m.plans[t.Milestones[m.reached+1].Code] = m.due
	}
}

func (m *matter) deadline(r *rand.Rand) campaign.Date {
	switch {
	case m.due != "":
		return m.due
	case m.late > 0:
		return today.AddDays(-m.late)
	}
	return today.AddDays(2 + r.IntN(50))
}

// batchOf is the batch in which a case listed on a day came.
func batchOf(day campaign.Date) string {
	switch {
	case day < "2020-03-01":
		return "第一批"
	case day < "2020-05-01":
		return "第二批"
	}
	return "第三批"
}
