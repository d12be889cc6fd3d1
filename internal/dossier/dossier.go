// Package dossier reads cases and parcels with all that is known of them
// (一企一档): standing, timeline, and what may be done next and why not.
package dossier

import (
	"context"
	"time"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Case is a case at a revision.
type Case struct {
	Case       campaign.Case
	Standing   campaign.Standing
	Definition campaign.Definition
	Parcels    []ParcelRef
	Enterprise *ledger.Enterprise // nil: none known
	// Neighbours are the other cases of the track on the same parcels, those that count land first; Land is their share there.
	Neighbours []Summary
	Land       *Land          // nil: none recorded
	Photos     []ledger.Photo // in the order they were attached
	Revision   int64
}

// ParcelRef is a parcel of a case.
type ParcelRef struct {
	ID        int64
	Code      string
	Share     geo.Area
	Area      geo.Area // geodesic, CGCS2000
	PlaneArea geo.Area // EPSG:4549
	// Attributes are what else is known of it.
	Attributes map[string]string
}

// Parcel is a parcel at a revision with the cases on it.
type Parcel struct {
	Parcel    ledger.Parcel
	Area      geo.Area // geodesic, CGCS2000
	PlaneArea geo.Area // EPSG:4549
	Cases     []Summary
	From      []string // codes of the parcels it was cut from or joined of
	Revision  int64
	// Reduced says that it lies in another unit: no label and nothing else in words.
	Reduced bool
}

// Summary is a case as lists show it.
type Summary struct {
	ID       int64
	Code     string
	Label    string
	Track    string
	Unit     string
	Stage    int
	Next     string
	Deadline campaign.Date
	Version  int64
	Land     geo.Area
	// Passed are the milestones done, with their day, and not applicable ones, with an empty day.
	Passed map[string]campaign.Date
	Sides  []string // codes of the side states in force
	// Reduced says that the label is not shown: the case is another unit's.
	Reduced bool
}

// Conflict is a hard conflict: what stands, what was kept, who said either and when.
type Conflict struct {
	ledger.Kept
	ActorName  string
	RecordedAt time.Time
	Case       CaseRef
	Stands     Author // of the value that stands; zero where nobody is known
	// StandsHappened is when that was, by its author's claim.
	StandsHappened time.Time

	// In words, of the campaign.
	FieldName, StandingText, KeptText, Text campaign.Text
}

// CaseRef names a case.
type CaseRef struct {
	ID          int64
	Code, Label string
	Track       string
}

// Author is who said something, and when it was recorded.
type Author struct {
	ID, Name string
	At       time.Time
}

// Store is the database as this room reads it: as far as a scope sees it.
// What it does not see is not there.
type Store interface {
	Case(ctx context.Context, scope auth.Scope, id int64) (Case, error)
	Parcel(ctx context.Context, scope auth.Scope, id int64) (Parcel, error)
	// Timeline is the journal of one noun, oldest first; of a case with the entries about its land, photos, sheets and its operator's contact.
	Timeline(ctx context.Context, scope auth.Scope, noun string, id int64) ([]ledger.Recorded, error)
	// Conflicts are those of one case or (0) of all, unresolved first.
	Conflicts(ctx context.Context, scope auth.Scope, caseID int64) ([]Conflict, error)
	Running(ctx context.Context) (ledger.Campaign, error)
	Units(ctx context.Context, campaignID int64) ([]ledger.Unit, error)
	// Responsible are the persons named for cases as they stand, those that name one.
	Responsible(ctx context.Context, scope auth.Scope, cases []int64) (map[int64]string, error)
	// Photographed are how many photos cases have, by milestone; those that have any.
	Photographed(ctx context.Context, scope auth.Scope, cases []int64) (map[int64][]Photographed, error)
}

// Photographed is how much evidence there is of a milestone.
type Photographed struct {
	Milestone          string // "" for photos of no milestone
	Announced, Arrived int32
}

// Desk opens dossiers.
type Desk struct {
	store Store
	clock func() time.Time // the campaign's time
}

// NewDesk makes a desk over a store.
func NewDesk(store Store, clock func() time.Time) *Desk { return &Desk{store, clock} }

// File is everything about one case.
type File struct {
	Case
	Timeline  []Event
	Conflicts []Conflict
	Actions   []Action
	Areas     Areas
	LandIn    *Summary // the case that counts the land, where this one counts only the firm
	Extended  []string // open milestones whose plan was moved
	Locked    bool     // its land cannot be changed any more
	Form      *Form    // of its acceptance; nil where the track has none
	// Reduced says that it is another unit's case: no names, people, documents, notes and reasons.
	Reduced bool
}

// today is the day in the campaign.
func (d *Desk) today() campaign.Date { return campaign.DateOf(d.clock()) }

// Case opens the file of one case. What may be done is judged for the actor of the scope.
func (d *Desk) Case(ctx context.Context, scope auth.Scope, id int64) (File, error) {
	if err := scope.Check(); err != nil {
		return File{}, err
	}
	c, err := d.store.Case(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	track, ok := c.Definition.Track(c.Case.Track)
	if !ok {
		return File{}, fault.New(fault.KindConflict, "unknown_track", "专项行动中没有这条线", "the campaign has no such track")
	}
	entries, err := d.store.Timeline(ctx, scope, ledger.NounCase, id)
	if err != nil {
		return File{}, err
	}
	conflicts, err := d.store.Conflicts(ctx, scope, id)
	if err != nil {
		return File{}, err
	}
	f := File{
		Case: c, Timeline: timeline(c.Definition, track, entries), Conflicts: worded(c.Definition, conflicts),
		Areas: areasOf(&c), LandIn: landIn(&c), Extended: extended(track, c.Case), Locked: track.Locked(c.Case), Form: formOf(track, &c),
	}
	if f.Land != nil {
		f.Land.RecordedOn = recordedOn(entries)
	}
	f.Actions, err = d.permitted(ctx, scope.Actor(), c.Case.Unit, c.Case.Village, track, actions(&file{c.Definition, track, c.Case, scope.Actor().ID, d.today()}, f.Timeline))
	return f, err
}

// Responsible are the persons named for cases (责任人); the memory of lists and maps does not hold them.
func (d *Desk) Responsible(ctx context.Context, scope auth.Scope, cases []int64) (map[int64]string, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	return d.store.Responsible(ctx, scope, cases)
}

// Photographed are how many photos cases have; the memory of lists and maps does not hold them.
func (d *Desk) Photographed(ctx context.Context, scope auth.Scope, cases []int64) (map[int64][]Photographed, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	return d.store.Photographed(ctx, scope, cases)
}

// Parcel opens what is known of a parcel.
func (d *Desk) Parcel(ctx context.Context, scope auth.Scope, id int64) (Parcel, error) {
	if err := scope.Check(); err != nil {
		return Parcel{}, err
	}
	return d.store.Parcel(ctx, scope, id)
}

// Conflicts lists what was kept, unresolved first.
func (d *Desk) Conflicts(ctx context.Context, scope auth.Scope) ([]Conflict, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	found, err := d.store.Conflicts(ctx, scope, 0)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	running, err := d.store.Running(ctx)
	return worded(running.Definition, found), err
}
