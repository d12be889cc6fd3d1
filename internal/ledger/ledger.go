// Package ledger is the one door for every change.
//
// Apply claims the operation's id, locks what it names, decides with the pure
// rules of internal/campaign, writes state, history and journal in one
// transaction and answers after the commit. 200 means committed.
package ledger

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Ledger applies operations to a store.
type Ledger struct {
	store Store
	clock func() time.Time
	log   *slog.Logger
}

// New makes a ledger; clock gives the running campaign's time.
func New(store Store, clock func() time.Time, log *slog.Logger) *Ledger {
	return &Ledger{store: store, clock: clock, log: log}
}

// Change is one part of an operation: one file of this package each.
type Change interface {
	kind() string
	// content is what the operation's id is bound to; encoded as canonical JSON.
	content() any
	// names adds what the change needs locked.
	names(l *Locks)
	// decide changes the work in memory or refuses with a fault.
	decide(ctx context.Context, w *work) error
}

// lookingUp is a change that must read the journal to know what it needs locked.
type lookingUp interface {
	looksUp(ctx context.Context, tx Tx, l *Locks) error
}

// dryRun is a change that may only look: what refuses it is not recorded then, for nothing was asked for.
type dryRun interface{ dry() bool }

func (op Operation) dry() bool {
	return slices.ContainsFunc(op.Changes, func(c Change) bool {
		d, is := c.(dryRun)
		return is && d.dry()
	})
}

// Apply applies an operation for an actor, or gives the recorded answer of its
// first application. A refusal by a rule comes back as the outcome's Refusal and
// as the error; other errors leave nothing behind.
func (l *Ledger) Apply(ctx context.Context, actor auth.Actor, op Operation) (Outcome, error) {
	if len(op.Changes) == 0 || op.OpID == uuid.Nil || op.Device == "" {
		return Outcome{}, fault.New(fault.KindInvalid, "operation_incomplete", "操作缺少编号、设备或内容", "the operation lacks its id, device or content")
	}
	if actor.ID == "" {
		return Outcome{}, fault.New(fault.KindUnidentified, "not_signed_in", "请先登录", "please sign in first")
	}
	hash, err := op.fingerprint()
	if err != nil {
		return Outcome{}, err
	}
	out, err := l.attempt(ctx, by{Actor: actor, again: op.Told != nil && op.Replays == nil && actor != auth.System()}, op, hash)
	if _, is := errors.AsType[*denied](err); is {
		var then by
		if then, err = l.byThen(ctx, actor, op); err != nil {
			return Outcome{}, err
		}
		out, err = l.attempt(ctx, then, op, hash)
	}
	if repeat, ok := errors.AsType[*repeated](err); ok {
		return l.recorded(ctx, actor, repeat.claim, hash)
	}
	if err != nil {
		return Outcome{}, err
	}
	if out.Refusal != nil {
		return out, out.Refusal.Fault()
	}
	return out, nil
}

// attempt applies an operation in one transaction that sees what its author may see.
func (l *Ledger) attempt(ctx context.Context, author by, op Operation, hash []byte) (out Outcome, err error) {
	err = l.store.InTx(ctx, auth.ScopeOf(author.Actor), func(tx Tx) error {
		out, err = l.applyIn(ctx, tx, author, op, hash)
		return err
	})
	return out, err
}

// repeated ends a transaction that found the operation id taken.
type repeated struct{ claim Claim }

func (r *repeated) Error() string {
	return "operation " + r.claim.OpID.String() + " was applied before"
}

// recorded answers a repeat: the same actor gets the first answer, another
// actor learns nothing, another content is refused.
func (l *Ledger) recorded(ctx context.Context, actor auth.Actor, first Claim, hash []byte) (Outcome, error) {
	if first.Actor != actor.ID {
		return Outcome{}, fault.New(fault.KindNotFound, "operation_not_found", "没有这个操作", "there is no such operation")
	}
	if !bytes.Equal(first.BodyHash, hash) {
		return Outcome{}, fault.New(fault.KindConflict, "operation_id_reused", "该操作编号已用于另一内容，未作改动", "this operation id was used for another content; nothing was changed")
	}
	out, err := l.store.Outcome(ctx, first.OpID)
	if err != nil {
		return Outcome{}, err
	}
	if out.Refusal != nil {
		return out, out.Refusal.Fault()
	}
	return out, nil
}

func (l *Ledger) applyIn(ctx context.Context, tx Tx, author by, op Operation, hash []byte) (Outcome, error) {
	now := l.clock().Truncate(time.Microsecond) // as the database keeps it: what is journalled and what is stored are one
	op.HappenedAt = orNow(op.HappenedAt, now).Truncate(time.Microsecond)
	claim := Claim{OpID: op.OpID, Actor: author.ID, Device: op.Device, BodyHash: hash, BatchID: op.OpID, HappenedAt: op.HappenedAt, ReceivedAt: now}
	earlier, err := tx.Claim(ctx, claim)
	if err != nil {
		return Outcome{}, err
	}
	if earlier != nil {
		return Outcome{}, &repeated{*earlier}
	}
	w, err := l.decide(ctx, tx, author, op, now)
	if again := author.refusedAs(err, op); again != nil {
		return Outcome{}, again
	}
	if f, isFault := fault.As(err); isFault && !op.dry() {
		return l.refuse(ctx, tx, author.Actor, op, now, f)
	}
	if err != nil {
		return Outcome{}, err
	}
	out, err := w.finish(ctx, tx, op)
	if f, isFault := fault.As(err); isFault {
		return l.refuse(ctx, tx, author.Actor, op, now, f)
	}
	return out, err
}

func (l *Ledger) decide(ctx context.Context, tx Tx, author by, op Operation, now time.Time) (*work, error) {
	locks := Locks{Held: op.heldID()}
	for _, c := range op.Changes {
		c.names(&locks)
		if c, ok := c.(lookingUp); ok {
			if err := c.looksUp(ctx, tx, &locks); err != nil {
				return nil, err
			}
		}
	}
	for _, ids := range []*[]int64{&locks.Cases, &locks.Enterprises, &locks.Parcels, &locks.ParcelRows, &locks.Conflicts} {
		slices.Sort(*ids)
		*ids = slices.Compact(*ids)
	}
	slices.Sort(locks.Sheets)
	locks.Sheets = slices.Compact(locks.Sheets)
	there, err := tx.Lock(ctx, locks)
	if err != nil {
		return nil, err
	}
	for id, c := range there.Cases {
		c.Photos = Ruled(there.Photos[id])
		there.Cases[id] = c
	}
	w := newWork(tx, there, author.Actor, op, now)
	w.then, w.doubt = author.then, author.doubt
	if err := w.judge(ctx, op.Changes); err != nil {
		return nil, err
	}
	if err := w.settleHeld(op); err != nil {
		return nil, err
	}
	for _, c := range op.Changes {
		if err := c.decide(ctx, w); err != nil {
			return nil, err
		}
	}
	if err := w.settleLand(ctx); err != nil {
		return nil, err
	}
	if err := w.settleVerdicts(ctx); err != nil {
		return nil, err
	}
	w.settlePhotos()
	err = w.leavesInArea(ctx)
	return w, err
}

func (l *Ledger) refuse(ctx context.Context, tx Tx, actor auth.Actor, op Operation, now time.Time, f *fault.Error) (Outcome, error) {
	r, err := refusalOf(f)
	if err != nil {
		return Outcome{}, err
	}
	var held *HeldOperation
	if h, ok := heldOf(op, actor.ID, *r, now); ok {
		held = &h
	}
	if err := tx.Refuse(ctx, op.OpID, *r, held); err != nil {
		return Outcome{}, err
	}
	return Outcome{OpID: op.OpID, BatchID: op.OpID, Result: Refused, Refusal: r}, nil
}

// work is one operation while it is decided: state in memory, entries so far.
type work struct {
	tx         Tx
	actor      auth.Actor
	then       *Held  // the rights are of an earlier time
	doubt      string // that time cannot be confirmed
	batch      uuid.UUID
	happenedAt time.Time
	now        time.Time
	there      Locked
	cases      map[int64]*caseWork
	lands      map[int64]*Land  // by id, as it is to be written; nil: to be removed
	photos     map[int64]*Photo // by id, as it is to be written; nil: to be removed
	cleared    []int64          // cases whose land is removed
	removed    map[int64]bool
	writes     Writes
	entries    []Entry
	conflicts  []Conflict
	spareIDs   []int64             // fetched and not given yet
	spareCodes map[string][]string // of cases that did not come to be, by track
	replaced   []string            // reference layers changed so far
	sheets     sheets
	replays    *Replays       // whose operation is sent again, as the server knows it
	gone       map[int64]bool // sheets removed
	unjudged   map[int64]bool // enterprises whose eligibility is to be evaluated
	parts      func(ctx context.Context, each func(Part) error) error
}

type caseWork struct {
	now           campaign.Case
	fields        Fields
	sharesChanged bool
}

func newWork(tx Tx, there Locked, actor auth.Actor, op Operation, now time.Time) *work {
	return &work{tx: tx, actor: actor, batch: op.OpID, happenedAt: op.HappenedAt, now: now, there: there, cases: map[int64]*caseWork{}, lands: map[int64]*Land{}, photos: map[int64]*Photo{}, removed: map[int64]bool{}, gone: map[int64]bool{}, unjudged: map[int64]bool{}}
}

// finish writes state and journal and makes the answer.
func (w *work) finish(ctx context.Context, tx Tx, op Operation) (Outcome, error) {
	for _, id := range slices.Sorted(maps.Keys(w.cases)) {
		c := w.cases[id]
		track, err := w.track(c.now)
		if err != nil {
			return Outcome{}, err
		}
		w.writes.Cases = append(w.writes.Cases, CaseWrite{Case: c.now, Standing: track.Standing(c.now), SharesChanged: c.sharesChanged})
	}
	for i := range w.entries {
		w.entries[i].Body.Told, w.entries[i].Body.Replays = w.told(op), w.replays
	}
	w.writes.RemovedCases = slices.Sorted(maps.Keys(w.removed))
	var listed refs
	end := Ending{OpID: op.OpID, Result: w.result(), Conflicts: w.conflicts, RecordedAt: w.now, Entries: w.entries, Parts: listed.of(w.parts)}
	revs, err := tx.Append(ctx, w.writes, end)
	if err != nil {
		return Outcome{}, err
	}
	listed.add(w.entries)
	return Outcome{
		OpID: op.OpID, BatchID: op.OpID, Result: end.Result, First: revs.First, Revision: revs.Last, RecordedAt: revs.RecordedAt,
		Conflicts: w.conflicts, Entries: listed.numbered(revs.First),
	}, nil
}

// refs are the first entries of an operation.
type refs []EntryRef

func (r *refs) add(entries []Entry) {
	for _, e := range entries[:min(len(entries), MostListed-len(*r))] {
		*r = append(*r, EntryRef{Kind: e.Kind, Noun: e.Noun, NounID: e.NounID, Version: e.Version})
	}
}

// of listens to the parts as they are made.
func (r *refs) of(parts func(context.Context, func(Part) error) error) func(context.Context, func(Part) error) error {
	if parts == nil {
		return nil
	}
	return func(ctx context.Context, each func(Part) error) error {
		return parts(ctx, func(p Part) error {
			r.add(p.Entries)
			return each(p)
		})
	}
}

func (r *refs) numbered(first int64) []EntryRef {
	for i := range *r {
		(*r)[i].ID = first + int64(i)
	}
	return *r
}

func (w *work) result() string {
	result := Applied
	for _, c := range w.conflicts {
		if c.Grade == Hard {
			return Quarantined
		}
		result = Merged
	}
	return result
}

func (w *work) definition(campaignID int64) (campaign.Definition, error) {
	c, ok := w.there.Campaigns[campaignID]
	if !ok {
		return campaign.Definition{}, fault.New(fault.KindNotFound, "no_campaign", "尚未建立专项行动", "no campaign has been set up yet")
	}
	return c.Definition, nil
}

func (w *work) track(c campaign.Case) (campaign.Track, error) {
	def, err := w.definition(c.Campaign)
	if err != nil {
		return campaign.Track{}, err
	}
	t, ok := def.Track(c.Track)
	if !ok {
		return campaign.Track{}, fault.New(fault.KindConflict, "unknown_track", "专项行动中没有“"+c.Track+"”这条线", "the campaign has no track "+c.Track)
	}
	return t, nil
}

// today is the campaign's civil day.
func (w *work) today() campaign.Date { return campaign.DateOf(w.now.In(campaign.Shanghai())) }

// happenedOn is the civil day of the claimed time.
func (w *work) happenedOn() campaign.Date {
	return campaign.DateOf(w.happenedAt.In(campaign.Shanghai()))
}

// caseNow is a locked case with its state so far in this operation.
func (w *work) caseNow(id int64) (*caseWork, error) {
	if c, ok := w.cases[id]; ok {
		return c, nil
	}
	c, ok := w.there.Cases[id]
	if !ok || w.removed[id] {
		return nil, errUnknownCase(id)
	}
	return w.open(c)
}

func (w *work) open(c campaign.Case) (*caseWork, error) {
	track, err := w.track(c)
	if err != nil {
		return nil, err
	}
	fields, err := CaseFields(c, track.Standing(c))
	if err != nil {
		return nil, err
	}
	cw := &caseWork{now: c, fields: fields}
	return cw, nil
}

// record takes the case's new state and appends the entry that says what changed.
func (w *work) record(cw *caseWork, next campaign.Case, e Entry) error {
	track, err := w.track(next)
	if err != nil {
		return err
	}
	if err := track.StaysMeasured(cw.now, next); err != nil {
		return err
	}
	fields, err := CaseFields(next, track.Standing(next))
	if err != nil {
		return err
	}
	said := e.Body
	e.Body = diff(cw.fields, fields)
	if e.Body.Empty() {
		return nil
	}
	e.Body.Undoes, e.Body.Note, e.Body.From, e.Body.Into = said.Undoes, said.Note, said.From, said.Into
	next.Version++
	cw.sharesChanged = cw.sharesChanged || slices.Contains(e.Body.Keys(), "shares")
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounCase, next.ID, next.Version
	cw.now, cw.fields = next, fields
	w.cases[next.ID] = cw
	w.entries = append(w.entries, e)
	return nil
}

// create records a noun that was not there before.
func (w *work) create(kind, noun string, id int64, fields Fields, err error) error {
	if err != nil {
		return err
	}
	w.entries = append(w.entries, Entry{Kind: kind, KindVersion: 1, Noun: noun, NounID: id, Version: 1, Body: Body{After: fields}})
	return nil
}
