// Package chronicle is what was known on any day: every version of every case
// and parcel in memory, each valid from one revision of the journal to the next.
//
// Versions never change, so a View at a revision is consistent while newer ones
// arrive, and the newest revision is read by the same code as last year's. The
// chronicle holds what maps, lists and figures need, no names of persons, no notes.
package chronicle

import (
	"context"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// CaseRow is a version of a case as the database gives it.
type CaseRow struct {
	ID, Version int64
	From        int64 // revision from which it holds
	To          int64 // revision from which it holds no longer; 0: it still does
	Identity    Identity
	Standing    campaign.Standing
	Recovered   geo.Area
	Effective   geo.Area
	Floor       geo.Area
	Rebounds    int
	Sides       map[string]string        // code of the reason by side state in force
	Passed      map[string]campaign.Date // an empty day: not applicable
	Planned     map[string]campaign.Date
}

// ParcelRow is a version of a parcel as the database gives it.
type ParcelRow struct {
	Parcel

	To int64
}

// Operator is an enterprise or workshop as it is known now.
type Operator struct {
	ID int64
	// Evaluations are its classes A to D by year (亩均评价); a year without one is 未评价.
	Evaluations map[string]string
}

// Unit is a responsible unit (责任主体).
type Unit struct {
	ID      int64
	Code    string
	Name    campaign.Text
	Short   campaign.Text
	Sort    int
	Outside bool   // part of the district outside the campaign: no figures
	Shape   string // names the boundary; "" when it is unknown
}

// DefinitionRow is a campaign's data from a revision on.
type DefinitionRow struct {
	From       int64
	Definition campaign.Definition
}

// DayRow says which was the last entry recorded on a civil day (UTC+8).
type DayRow struct {
	On   campaign.Date
	Last int64
}

// News is what the journal brought past a revision.
type News struct {
	Revision    int64       // its last entry
	Cases       []CaseRow   // begun or ended since, by id and revision
	Parcels     []ParcelRow // likewise
	Lands       []LandRow   // likewise
	Units       []Unit      // all of them, by sort; nil when none changed
	UnitsRev    int64       // last entry that touched a unit; 0 when none did since
	CampaignRev int64       // likewise of the campaign
	Definitions []DefinitionRow
	Days        []DayRow
	Operators   []Operator // entered or changed since
}

// Source is the database as this room reads it.
type Source interface {
	// News reads what is past a revision, in one consistent view.
	News(ctx context.Context, after int64) (News, error)
}
