// Package finding keeps what named rules find wrong with parcels, recovered land
// and their figures (数据核查): brought up to date by whoever reads it, made
// anew every night, told by pairs with their ground.
package finding

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// Finding is what a rule finds wrong with a case or parcel, or with two.
type Finding struct {
	Rule       string
	Noun       string // case or parcel
	One, Other int64  // Other: the second of a pair, the unit that land leaves, 0 for none
	Area       geo.Area
	Place      orb.Point
	Ground     orb.MultiPolygon
	FoundAt    time.Time
	Cases      []int64 // whose land it concerns
	Waiver     *Waiver // nil while it is open
}

// Waiver is that somebody lets a finding be.
type Waiver struct {
	ID     int64
	Reason string
	Author string // code of the person
	MadeAt time.Time
	Batch  uuid.UUID // to take it back by
}

// Report is what a nightly check found.
type Report struct {
	Ended    time.Time
	Findings int64
	Strayed  int64 // findings that were not known before, or were none any more
}

// Register is the database as this room uses it.
type Register interface {
	// Bring brings the findings up to what is committed and says the revision. Two that do so wait for each other.
	Bring(ctx context.Context, at time.Time) (revision int64, err error)
	// MakeAnew finds everything again, whatever is known.
	MakeAnew(ctx context.Context, at time.Time) (Report, error)
	// Findings are all there are, the largest first, and the day of the last nightly check that ended ("" before the first).
	Findings(ctx context.Context) ([]Finding, campaign.Date, error)
	// NightDue enters the check of a day, or takes over one that was cut off; false where another server has it or made it.
	NightDue(ctx context.Context, day campaign.Date, at time.Time) (bool, error)
	// NightEnded enters what it found.
	NightEnded(ctx context.Context, day campaign.Date, r Report) error
}

// Desk answers what is wrong.
type Desk struct {
	register Register
	now      func() time.Time
	log      *slog.Logger

	mu       sync.Mutex // guards what follows
	revision int64      // of what is kept
	kept     []Finding
	night    campaign.Date
	bringing chan struct{} // closed when the run under way has ended; nil: there is none
	failed   error         // of the last run
}

// NewDesk makes a desk; now gives the campaign's time.
func NewDesk(register Register, now func() time.Time, log *slog.Logger) *Desk {
	return &Desk{register: register, now: now, log: log}
}

// patience is how long a reader waits for findings of the newest revision: a
// file of 100,000 parcels takes longer to look through than a page may wait.
const patience = 5 * time.Second

// List is what is found, the revision it is of and the day of the last nightly check.
type List struct {
	Revision int64
	Night    campaign.Date
	Findings []Finding
}

// All are the findings at a revision or later; those of the last
// revision looked through where that takes long.
func (d *Desk) All(ctx context.Context, revision int64) (List, error) {
	wait, end := context.WithTimeout(ctx, patience)
	defer end()
	for {
		list, done, err := d.start(ctx, revision)
		if done == nil || err != nil {
			return list, err
		}
		select {
		case <-done:
		case <-wait.Done():
			return list, ctx.Err()
		}
	}
}

// start gives what is kept, and where it is older than the revision, a run that brings it up to date.
func (d *Desk) start(ctx context.Context, revision int64) (List, <-chan struct{}, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := List{d.revision, d.night, d.kept}
	err := d.failed
	d.failed = nil
	if d.revision >= revision || err != nil {
		return list, nil, err
	}
	if d.bringing == nil {
		d.bringing = make(chan struct{})
		go d.bring(context.WithoutCancel(ctx), d.bringing)
	}
	return list, d.bringing, nil
}

func (d *Desk) bring(ctx context.Context, done chan struct{}) {
	defer close(done)
	revision, err := d.register.Bring(ctx, d.now())
	var found []Finding
	var night campaign.Date
	if err == nil {
		found, night, err = d.register.Findings(ctx)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bringing = nil
	if d.failed = err; err == nil {
		d.revision, d.kept, d.night = revision, found, night
	}
}

// Cases are the cases with open findings, by kind of the to-do.
func (l List) Cases() map[string]map[int64]bool {
	kinds := map[string]map[int64]bool{}
	for _, f := range l.Findings {
		rule, known := campaign.FindingRuleOf(f.Rule)
		if !known || f.Waiver != nil {
			continue
		}
		if kinds[rule.Kind] == nil {
			kinds[rule.Kind] = map[int64]bool{}
		}
		for _, id := range f.Cases {
			kinds[rule.Kind][id] = true
		}
	}
	return kinds
}

// Of are the findings that concern one of these cases, or parcels.
func (l List) Of(rule string, concerns func(Finding) bool) []Finding {
	return slices.DeleteFunc(slices.Clone(l.Findings), func(f Finding) bool {
		return rule != "" && f.Rule != rule || !concerns(f)
	})
}

// nightHour is from when on the check of a day may begin.
const nightHour = 2

// Nightly makes the check of the day if it is night and nobody made it; false where it was not due.
func (d *Desk) Nightly(ctx context.Context) (bool, error) {
	now := d.now().In(campaign.Shanghai())
	if now.Hour() < nightHour {
		return false, nil
	}
	day := campaign.DateOf(now)
	due, err := d.register.NightDue(ctx, day, now)
	if err != nil || !due {
		return false, err
	}
	r, err := d.register.MakeAnew(ctx, now)
	if err != nil {
		return true, fmt.Errorf("look the land through: %w", err)
	}
	d.log.InfoContext(ctx, "land looked through", slog.Int64("findings", r.Findings), slog.Int64("strayed", r.Strayed))
	r.Ended = d.now()
	d.forget()
	return true, d.register.NightEnded(ctx, day, r)
}

// forget lets the next reader read anew: what strayed came without a revision.
func (d *Desk) forget() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.revision = 0
}
