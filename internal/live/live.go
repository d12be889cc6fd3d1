// Package live carries what the journal records to everybody who watches.
//
// One feed per server listens to the database, brings the map in memory up to
// date and then publishes. Notifications only wake it: it reads the journal
// past its last revision, because they are delivered at most once.
package live

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/layer"
)

// Operation is one committed operation as watchers hear of it.
type Operation struct {
	First, Last int64 // its revisions
	RecordedAt  time.Time
	HappenedAt  time.Time
	Actor       string
	ActorName   string
	ActorUnit   string // "" for somebody of the whole district
	BatchID     uuid.UUID
	Kinds       []string
	Cases       []int64
	Parcels     []int64      // touched themselves or through a case
	Geometry    bool         // a parcel itself changed, not only its cases
	Units       bool         // units or the campaign changed
	Campaign    bool         // the campaign's data changed
	References  []string     // reference layers touched
	Land        bool         // recovered land touched
	Foremost    int64        // revision of the entry that stands for it: the first about a case, else the first
	Deed        dossier.Deed // what that entry did
	Subject     int64        // the case it is about, 0 for none
}

// Event is an operation with the new state of what it touched.
type Event struct {
	Operation
	View    *chronicle.View   // as it left things, on the day it was recorded
	Touched []*chronicle.Case // by code; none where there are too many, or where they are gone
	Changed []layer.Properties
	Reload  []string // layers to fetch again
}

// Told is the event as a sentence tells it (dossier.Sentence).
func (e Event) Told() dossier.Told {
	t := dossier.Told{Deed: e.Deed, Actor: e.ActorName, Unnamed: e.Actor == "", Cases: len(e.Cases), Parcels: len(e.Parcels)}
	if e.Actor == auth.System().ID {
		t.Actor = ""
	}
	for _, c := range e.Touched {
		if c.ID == e.Subject {
			t.Case = &dossier.CaseRef{ID: c.ID, Code: c.Code, Label: c.Label, Track: c.Track}
		}
	}
	return t
}

// For is what somebody sees of an event: of other units neither people nor names.
func (e Event) For(scope auth.Scope) Event {
	if scope.Whole() {
		return e
	}
	if e.Actor != auth.System().ID && !scope.SeesPeople(e.ActorUnit) {
		e.Actor, e.ActorName, e.ActorUnit = "", "", ""
	}
	e.View = e.View.For(scope)
	e.Touched = slices.Clone(e.Touched)
	for i, c := range e.Touched {
		e.Touched[i] = e.View.Case(c.ID)
	}
	e.Changed = slices.Clone(e.Changed)
	for i, p := range e.Changed {
		e.Changed[i] = p.For(scope)
	}
	return e
}

// Source is the database as this room reads it.
type Source interface {
	// Operations are those committed after a revision, in order, at most limit.
	Operations(ctx context.Context, after int64, limit int) ([]Operation, error)
	// Listen calls wake once when it listens and then at each notification; it returns when the connection ends.
	Listen(ctx context.Context, wake func()) error
}

const (
	mostListed = 500 // parcels listed in an event; beyond that the layer is fetched again

	usuallyKept      = 1024
	usualPage        = 256
	usualSafetyCheck = 10 * time.Second
	usualRetryAfter  = 500 * time.Millisecond
)

// Feed reads the journal and publishes.
type Feed struct {
	source Source
	model  *layer.Model
	book   *chronicle.Book
	clock  func() time.Time
	log    *slog.Logger
	wake   chan struct{}

	kept        int           // events held for those who resume
	page        int           // operations read at once
	safetyCheck time.Duration // the journal is read this often even if nothing wakes the feed
	retryAfter  time.Duration // pause before the database is asked again after a failure

	mu     sync.Mutex
	last   int64
	day    campaign.Date // today, as it was told last
	events []Event
	moved  chan struct{}
}

// NewFeed makes a feed that starts at the revision of the map in memory and
// keeps the chronicle up to date beside it. The clock is that of the campaign.
func NewFeed(source Source, model *layer.Model, book *chronicle.Book, clock func() time.Time, log *slog.Logger) *Feed {
	return &Feed{
		source: source, model: model, book: book, clock: clock, log: log, wake: make(chan struct{}, 1), kept: usuallyKept, page: usualPage,
		safetyCheck: usualSafetyCheck, retryAfter: usualRetryAfter, last: model.Now().Revision, day: dayAt(clock()), moved: make(chan struct{}),
	}
}

// Run listens and publishes until ctx ends.
func (f *Feed) Run(ctx context.Context) {
	go f.listen(ctx)
	ticker := time.NewTicker(f.safetyCheck)
	defer ticker.Stop()
	for {
		midnight := f.turnDay()
		if err := f.catchUp(ctx); err != nil && ctx.Err() == nil {
			f.log.WarnContext(ctx, "live feed waits for the database", slog.Any("error", err))
			pause(ctx, f.retryAfter)
			f.wakeUp()
		}
		select {
		case <-f.wake:
		case <-midnight:
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (f *Feed) listen(ctx context.Context) {
	for ctx.Err() == nil {
		if err := f.source.Listen(ctx, f.wakeUp); err != nil && ctx.Err() == nil {
			f.log.WarnContext(ctx, "listening connection ended", slog.Any("error", err))
			pause(ctx, f.retryAfter)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func (f *Feed) wakeUp() {
	select {
	case f.wake <- struct{}{}:
	default: // it is awake already
	}
}

// catchUp reads the journal past the last revision.
func (f *Feed) catchUp(ctx context.Context) error {
	for {
		operations, err := f.source.Operations(ctx, f.revision(), f.page)
		if err != nil {
			return err
		}
		if n := len(operations); n > 0 {
			if err := f.book.CatchUp(ctx, operations[n-1].Last); err != nil {
				return err
			}
		}
		for _, op := range operations {
			snapshot, err := f.model.Apply(ctx, layer.Change{Revision: op.Last, Parcels: op.Parcels, Units: op.Units, References: op.References, Land: op.Land})
			if err != nil {
				return err
			}
			f.publish(f.event(op, snapshot.Properties(auth.Everything(), op.Parcels)))
		}
		if len(operations) < f.page {
			return nil
		}
	}
}

// photosAlone: nothing that a layer shows follows from photos, and there are many of them.
func (op Operation) photosAlone() bool {
	return !slices.ContainsFunc(op.Kinds, func(kind string) bool { return !strings.HasPrefix(kind, "photo.") })
}

func (f *Feed) event(op Operation, changed []layer.Properties) Event {
	e := Event{Operation: op, View: f.book.At(auth.Everything(), op.Last, campaign.DateOf(op.RecordedAt.In(campaign.Shanghai())))}
	switch {
	case op.Units:
		e.Reload = []string{layer.Units, layer.Parcels}
	case op.Geometry || len(op.Parcels) > mostListed || len(op.Cases) > mostListed || len(changed) < len(op.Parcels):
		e.Reload = []string{layer.Parcels}
	default:
		e.Changed = changed
	}
	e.Reload = append(e.Reload, op.References...)
	if !op.photosAlone() {
		e.Reload = append(e.Reload, layer.Stale(e.View, op.Land, op.Cases)...)
	}
	if len(op.Cases) > mostListed {
		return e
	}
	for _, id := range op.Cases {
		if c := e.View.Case(id); c != nil {
			e.Touched = append(e.Touched, c)
		}
	}
	slices.SortFunc(e.Touched, func(a, b *chronicle.Case) int { return strings.Compare(a.Code, b.Code) })
	return e
}

func (f *Feed) publish(e Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last = e.Last
	f.events = append(f.events, e)
	if len(f.events) > f.kept {
		f.events = append(f.events[:0:0], f.events[len(f.events)-f.kept/2:]...)
	}
	f.stir()
}

// stir wakes everybody who waits; f.mu is held.
func (f *Feed) stir() {
	close(f.moved)
	f.moved = make(chan struct{})
}

func (f *Feed) revision() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

// Revision is the last one published.
func (f *Feed) Revision(scope auth.Scope) (int64, error) {
	return f.revision(), scope.Check()
}

// After gives the events after a revision as somebody sees them, and a channel that is
// closed when there are more. A watcher asks at its own pace; nobody waits for it.
func (f *Feed) After(ctx context.Context, scope auth.Scope, revision int64) ([]Event, <-chan struct{}, error) {
	events, moved, err := f.after(ctx, scope, revision)
	if !scope.Whole() {
		events = slices.Clone(events)
		for i, e := range events {
			events[i] = e.For(scope)
		}
	}
	return events, moved, err
}

func (f *Feed) after(ctx context.Context, scope auth.Scope, revision int64) ([]Event, <-chan struct{}, error) {
	if err := scope.Check(); err != nil {
		return nil, nil, err
	}
	f.mu.Lock()
	events, moved, last := f.events, f.moved, f.last
	f.mu.Unlock()
	if revision >= last {
		return nil, moved, nil
	}
	if len(events) > 0 && events[0].First <= revision+1 {
		for i, e := range events {
			if e.Last > revision {
				return events[i:], moved, nil
			}
		}
	}
	older, err := f.older(ctx, revision, last)
	return older, moved, err
}

// older reads events from the journal that are no longer held.
func (f *Feed) older(ctx context.Context, after, upTo int64) ([]Event, error) {
	operations, err := f.source.Operations(ctx, after, f.page)
	if err != nil {
		return nil, err
	}
	var events []Event
	for _, op := range operations {
		if op.Last > upTo {
			break
		}
		events = append(events, f.event(op, f.model.Now().Properties(auth.Everything(), op.Parcels)))
	}
	return events, nil
}
