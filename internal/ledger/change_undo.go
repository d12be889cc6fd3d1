package ledger

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindUndo is the kind of compensating entries.
const KindUndo = "batch.undo"

// UndoBatch takes a batch back (撤销，须填理由): one compensating batch, whole, or
// refused with the list of later entries in its way.
type UndoBatch struct {
	Batch  uuid.UUID `json:"batch"`
	Reason string    `json:"reason"`
}

func (UndoBatch) kind() string   { return KindUndo }
func (c UndoBatch) content() any { return c }

func (UndoBatch) names(*Locks) {}

// looksUp reads which nouns the batch touched.
func (c UndoBatch) looksUp(ctx context.Context, tx Tx, l *Locks) error {
	entries, err := tx.Entries(ctx, Query{Batch: c.Batch})
	for _, e := range entries {
		switch e.Noun {
		case NounCase:
			l.Cases = append(l.Cases, e.NounID)
		case NounParcel:
			l.Parcels = append(l.Parcels, e.NounID)
		}
	}
	return err
}

// InTheWay is a later entry that an undo would destroy.
type InTheWay struct {
	Revision   int64     `json:"revision"`
	Kind       string    `json:"kind"`
	Noun       string    `json:"noun"`
	NounID     int64     `json:"noun_id"`
	Actor      string    `json:"actor"`
	RecordedAt time.Time `json:"recorded_at"`
}

func (c UndoBatch) decide(ctx context.Context, w *work) error {
	if strings.TrimSpace(c.Reason) == "" {
		return fault.New(fault.KindInvalid, "reason_missing", "请填写撤销理由", "please give the reason for taking it back")
	}
	entries, err := w.tx.Entries(ctx, Query{Batch: c.Batch})
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fault.New(fault.KindNotFound, "batch_not_found", "没有这一批改动", "there is no such batch")
	}
	later, err := c.laterEntries(ctx, w, entries)
	if err != nil {
		return err
	}
	slices.Reverse(entries)
	u := &undo{work: w, said: Body{Undoes: &c.Batch, Note: strings.TrimSpace(c.Reason)}, batch: byNoun(entries), later: later}
	for _, id := range firstSeen(entries, NounCase) {
		if err := u.undoCase(id); err != nil {
			return err
		}
	}
	for _, id := range firstSeen(entries, NounParcel) {
		if err := u.undoParcel(id); err != nil {
			return err
		}
	}
	if len(u.inTheWay) > 0 {
		return blocked(u.inTheWay)
	}
	return nil
}

// laterEntries are the entries after the batch on the nouns it touched, by noun.
func (c UndoBatch) laterEntries(ctx context.Context, w *work, entries []Recorded) (map[string][]Recorded, error) {
	var later []Recorded
	last := entries[len(entries)-1].ID
	for _, noun := range []string{NounCase, NounParcel} {
		found, err := w.tx.Entries(ctx, Query{Noun: noun, NounIDs: firstSeen(entries, noun)})
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if e.Body.Undoes != nil && *e.Body.Undoes == c.Batch {
				return nil, fault.New(fault.KindConflict, "already_undone", "这一批改动已经撤销", "this batch was taken back already")
			}
			if e.ID > last {
				later = append(later, e)
			}
		}
	}
	for _, e := range entries {
		if e.Noun != NounCase && e.Noun != NounParcel {
			return nil, fault.New(fault.KindConflict, "not_undoable", "这类改动不能撤销", "changes of this kind cannot be taken back")
		}
	}
	return byNoun(later), nil
}

func byNoun(entries []Recorded) map[string][]Recorded {
	grouped := map[string][]Recorded{}
	for _, e := range entries {
		grouped[key(e.Entry)] = append(grouped[key(e.Entry)], e)
	}
	return grouped
}

type undo struct {
	*work
	said     Body                  // what every compensating entry says: which batch, and why
	batch    map[string][]Recorded // its entries by noun, newest first
	later    map[string][]Recorded // entries after it, by noun
	inTheWay []InTheWay
}

func key(e Entry) string { return fmt.Sprintf("%s/%d", e.Noun, e.NounID) }

func firstSeen(entries []Recorded, noun string) []int64 {
	var ids []int64
	seen := map[int64]bool{}
	for _, e := range entries {
		if e.Noun == noun && !seen[e.NounID] {
			seen[e.NounID] = true
			ids = append(ids, e.NounID)
		}
	}
	return ids
}

// before computes the state of a noun before the batch, from its state now.
// Fields that later entries changed stay in the way.
func (u *undo) before(noun string, id int64, now Fields) (before Fields, version int64) {
	before = maps.Clone(now)
	if before == nil {
		before = Fields{}
	}
	of := key(Entry{Noun: noun, NounID: id})
	for _, e := range u.batch[of] {
		version = max(version, e.Version)
		for k, v := range e.Body.After {
			if !isDerived(k) && !bytes.Equal(before[k], v) {
				u.block(e.Entry)
			}
		}
		for k := range e.Body.Before {
			if _, stays := e.Body.After[k]; !stays && !isDerived(k) && before[k] != nil {
				u.block(e.Entry)
			}
		}
		before = e.Body.revert(before)
	}
	for _, e := range u.later[of] {
		version = max(version, e.Version)
	}
	if before["code"] == nil && hasContent(before) {
		u.block(Entry{Noun: noun, NounID: id}) // the batch made the noun, and somebody added to it since
	}
	return before, version
}

// wasRemoval says whether the batch ended by removing the noun.
func (u *undo) wasRemoval(noun string, id int64) bool {
	newest := u.batch[key(Entry{Noun: noun, NounID: id})][0]
	return len(newest.Body.After) == 0 && newest.Body.Before["code"] != nil
}

// gone stops the undo of a noun that somebody removed after the batch.
func (u *undo) gone(noun string, id int64, otherwise error) error {
	u.block(Entry{Noun: noun, NounID: id})
	if len(u.inTheWay) == 0 {
		return otherwise
	}
	return nil
}

func (u *undo) block(e Entry) {
	for _, l := range u.later[key(e)] {
		way := InTheWay{Revision: l.ID, Kind: l.Kind, Noun: l.Noun, NounID: l.NounID, Actor: l.ActorName, RecordedAt: l.RecordedAt}
		if !slices.Contains(u.inTheWay, way) {
			u.inTheWay = append(u.inTheWay, way)
		}
	}
}

func blocked(way []InTheWay) error {
	first := way[0]
	at := first.RecordedAt.In(campaign.Shanghai()).Format("01-02 15:04")
	return fault.New(fault.KindConflict, "undo_blocked",
		fmt.Sprintf("不能撤销：之后还有 %d 条记录（最早 %s %s），请先撤销这些记录", len(way), at, first.Actor),
		fmt.Sprintf("cannot take it back: %d later entries stand in the way (the first: %s %s); take those back first", len(way), at, first.Actor)).With(way)
}

// undoCase puts a case back as it was before the batch.
func (u *undo) undoCase(id int64) error {
	cw, err := u.caseNow(id)
	switch {
	case fault.Is(err, "case_not_found"):
		if !u.wasRemoval(NounCase, id) {
			return u.gone(NounCase, id, err)
		}
		cw = &caseWork{fields: Fields{}} // an undone listing is being taken back itself
	case err != nil:
		return err
	}
	before, version := u.before(NounCase, id, cw.fields)
	if len(u.inTheWay) > 0 {
		return nil
	}
	if !hasContent(before) {
		return u.removeCase(id, cw, version)
	}
	next, err := CaseOf(id, version, before)
	if err != nil {
		return err
	}
	track, err := u.track(next)
	if err != nil {
		return err
	}
	if illegal := track.Legal(next); illegal != nil {
		u.block(Entry{Noun: NounCase, NounID: id})
		if len(u.inTheWay) == 0 {
			return illegal
		}
		return nil
	}
	return u.record(cw, next, Entry{Kind: KindUndo, Body: u.said})
}

func hasContent(f Fields) bool {
	for k := range f {
		if !isDerived(k) {
			return true
		}
	}
	return false
}

func (u *undo) removeCase(id int64, cw *caseWork, version int64) error {
	u.removed[id] = true
	delete(u.cases, id)
	u.entries = append(u.entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: NounCase, NounID: id, Version: version + 1, Body: Body{Before: cw.fields, Undoes: u.said.Undoes, Note: u.said.Note}})
	return nil
}

// undoParcel puts a parcel back as it was before the batch.
func (u *undo) undoParcel(id int64) error {
	now := Fields{}
	locked, exists := u.there.Parcels[id]
	if exists {
		var err error
		if now, err = ParcelFields(locked.Parcel); err != nil {
			return err
		}
	}
	if !exists && !u.wasRemoval(NounParcel, id) {
		return u.gone(NounParcel, id, fault.New(fault.KindNotFound, "parcel_not_found", "没有这个地块，可能已被撤销", "there is no such parcel; it may have been undone"))
	}
	before, version := u.before(NounParcel, id, now)
	if len(u.inTheWay) > 0 {
		return nil
	}
	e := Entry{Kind: KindUndo, KindVersion: 1, Noun: NounParcel, NounID: id, Version: version + 1, Body: diff(now, before)}
	e.Body.Undoes, e.Body.Note = u.said.Undoes, u.said.Note
	u.entries = append(u.entries, e)
	if len(before) > 0 {
		p, err := ParcelOf(id, version+1, before)
		u.writes.Parcels = append(u.writes.Parcels, p)
		return err
	}
	for _, caseID := range locked.Cases {
		if !u.removed[caseID] {
			return fault.New(fault.KindConflict, "parcel_has_cases",
				fmt.Sprintf("不能撤销：地块 %s 已有事项", locked.Code), "cannot take it back: there are cases on parcel "+locked.Code)
		}
	}
	u.writes.RemovedParcels = append(u.writes.RemovedParcels, id)
	return nil
}
