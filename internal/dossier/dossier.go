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
	Revision   int64
}

// ParcelRef is a parcel of a case.
type ParcelRef struct {
	ID    int64
	Code  string
	Share geo.Area
}

// Parcel is a parcel at a revision with the cases on it.
type Parcel struct {
	Parcel    ledger.Parcel
	Area      geo.Area // geodesic, CGCS2000
	PlaneArea geo.Area // EPSG:4549
	Cases     []Summary
	Revision  int64
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
}

// Filter narrows a list of cases; zero values do not.
type Filter struct {
	Unit  string
	Track string
	Stage int
	Query string // part of the code or label
	After string // code of the last case of the page before
	Limit int
}

// Page is a part of a list, with the count and land of the whole.
type Page struct {
	Total int64
	Land  geo.Area
	Items []Summary
}

// Conflict is a hard conflict with its author's name and when it was recorded.
type Conflict struct {
	ledger.Kept
	ActorName  string
	RecordedAt time.Time
}

// Store is the database as this room reads it.
type Store interface {
	Case(ctx context.Context, id int64) (Case, error)
	Parcel(ctx context.Context, id int64) (Parcel, error)
	Timeline(ctx context.Context, caseID int64) ([]ledger.Recorded, error)
	Cases(ctx context.Context, f Filter) (Page, error)
	Conflicts(ctx context.Context, caseID int64) ([]Conflict, error)
}

// Desk opens dossiers.
type Desk struct{ store Store }

// NewDesk makes a desk over a store.
func NewDesk(store Store) *Desk { return &Desk{store} }

// File is everything about one case.
type File struct {
	Case
	Timeline  []Event
	Conflicts []Conflict
	Actions   []Action
}

// Case opens the file of one case.
func (d *Desk) Case(ctx context.Context, scope auth.Scope, id int64) (File, error) {
	if err := scope.Check(); err != nil {
		return File{}, err
	}
	c, err := d.store.Case(ctx, id)
	if err != nil {
		return File{}, err
	}
	track, ok := c.Definition.Track(c.Case.Track)
	if !ok {
		return File{}, fault.New(fault.KindConflict, "unknown_track", "专项行动中没有这条线", "the campaign has no such track")
	}
	entries, err := d.store.Timeline(ctx, id)
	if err != nil {
		return File{}, err
	}
	conflicts, err := d.store.Conflicts(ctx, id)
	if err != nil {
		return File{}, err
	}
	f := File{Case: c, Timeline: timeline(track, entries), Conflicts: conflicts}
	f.Actions = actions(track, c.Case, f.Timeline)
	return f, nil
}

// Parcel opens what is known of a parcel.
func (d *Desk) Parcel(ctx context.Context, scope auth.Scope, id int64) (Parcel, error) {
	if err := scope.Check(); err != nil {
		return Parcel{}, err
	}
	return d.store.Parcel(ctx, id)
}

// Cases lists cases by code.
func (d *Desk) Cases(ctx context.Context, scope auth.Scope, f Filter) (Page, error) {
	if err := scope.Check(); err != nil {
		return Page{}, err
	}
	return d.store.Cases(ctx, f)
}

// Conflicts lists what was kept, unresolved first.
func (d *Desk) Conflicts(ctx context.Context, scope auth.Scope) ([]Conflict, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	return d.store.Conflicts(ctx, 0)
}
