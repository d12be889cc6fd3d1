package ledger

import (
	"bytes"
	"cmp"
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
	touched, err := tx.Touched(ctx, c.Batch)
	l.Cases = append(l.Cases, touched.Nouns[NounCase]...)
	l.Enterprises = append(l.Enterprises, touched.Nouns[NounEnterprise]...)
	if err := locksOfSheets(ctx, tx, touched, l); err != nil {
		return err
	}
	l.ParcelRows = append(l.ParcelRows, touched.Nouns[NounParcel]...)
	l.Conflicts = append(l.Conflicts, touched.Nouns[NounQuarantine]...)
	l.References = l.References || len(touched.Nouns[NounReference]) > 0
	lands := touched.Nouns[NounLand]
	l.Land = l.Land || len(lands) > 0 || len(touched.Nouns[NounCase]) > 0 // land keeps its case
	if err == nil && len(lands) > 0 {
		var cases []int64
		cases, err = tx.CasesOfLand(ctx, lands)
		l.Cases = append(l.Cases, cases...)
	}
	if photos := touched.Nouns[NounPhoto]; err == nil && len(photos) > 0 {
		var cases []int64
		cases, err = tx.CasesOfPhotos(ctx, photos)
		l.Cases = append(l.Cases, cases...)
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
	touched, err := w.tx.Touched(ctx, c.Batch)
	if err != nil {
		return err
	}
	if touched.Last == 0 {
		return fault.New(fault.KindNotFound, "batch_not_found", "没有这一批改动", "there is no such batch")
	}
	for noun := range touched.Nouns {
		if !slices.Contains([]string{NounCase, NounParcel, NounEnterprise, NounReference, NounLand, NounPhoto, NounSheet, NounContact, NounWaiver, NounBulletin, NounQuarantine}, noun) {
			return fault.New(fault.KindConflict, "not_undoable", "这类改动不能撤销", "changes of this kind cannot be taken back")
		}
	}
	u := &undo{work: w, change: c, touched: touched}
	if err := u.allCases(ctx); err != nil {
		return err
	}
	for _, putBack := range []func(context.Context) error{u.allSheets, u.allContacts, u.allLands, u.allPhotos, u.allReferences, u.allWaivers, u.allBulletins, u.allKept} {
		if err := putBack(ctx); err != nil {
			return err
		}
	}
	if err := u.allEnterprises(ctx); err != nil {
		return err
	}
	if len(touched.Nouns[NounParcel]) > undoneAtOnce {
		w.parts = u.allParcels
		return nil
	}
	return u.allParcels(ctx, w.whole)
}

// whole takes a part into the operation itself: cases move between parcels that come and parcels that go with it.
func (w *work) whole(p Part) error {
	w.writes.Parcels = append(w.writes.Parcels, p.Writes.Parcels...)
	w.writes.RemovedParcels = append(w.writes.RemovedParcels, p.Writes.RemovedParcels...)
	w.entries = append(w.entries, p.Entries...)
	return nil
}

// undo is the taking back of a batch.
type undo struct {
	*work
	change   UndoBatch
	touched  Touched
	batch    map[int64][]Recorded // its entries by noun, newest first
	later    map[int64][]Recorded // entries after it, by noun
	inTheWay []InTheWay
	ways     int // in the way, listed or not
}

// allCases puts the cases of the batch back.
func (u *undo) allCases(ctx context.Context) error {
	ids := u.touched.Nouns[NounCase]
	if len(ids) == 0 {
		return nil
	}
	if err := u.load(ctx, NounCase, ids); err != nil {
		return err
	}
	for _, id := range ids {
		if err := u.undoCase(ctx, id); err != nil {
			return err
		}
	}
	return u.blocked()
}

// allEnterprises puts the enterprises of the batch back.
func (u *undo) allEnterprises(ctx context.Context) error {
	ids := u.touched.Nouns[NounEnterprise]
	if len(ids) == 0 {
		return nil
	}
	if err := u.load(ctx, NounEnterprise, ids); err != nil {
		return err
	}
	for _, id := range ids {
		if err := u.undoEnterprise(ctx, id); err != nil {
			return err
		}
	}
	return u.blocked()
}

func (u *undo) undoEnterprise(ctx context.Context, id int64) error {
	old, exists := u.there.Enterprises[id]
	now := Fields{}
	if exists {
		var err error
		if now, err = EnterpriseFields(old); err != nil {
			return err
		}
	}
	if !exists && len(u.batch[id][0].Body.After) > 0 {
		return u.gone(id, fault.New(fault.KindNotFound, "enterprise_not_found", "没有这家企业，可能已被撤销", "there is no such enterprise; it may have been undone"))
	}
	before, version := u.before(id, now, "name")
	if len(u.inTheWay) > 0 {
		return nil
	}
	body, said := diff(now, before), u.said()
	body.Undoes, body.Note = said.Undoes, said.Note
	u.entries = append(u.entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: NounEnterprise, NounID: id, Version: version + 1, Body: body})
	if len(before) == 0 {
		u.writes.RemovedEnterprises = append(u.writes.RemovedEnterprises, id)
		return u.withoutSheets(ctx, NounEnterprise, id)
	}
	u.unjudged[id] = true
	e, err := EnterpriseOf(id, version+1, before)
	u.writes.Enterprises = append(u.writes.Enterprises, e)
	return err
}

// undoneAtOnce is how many parcels an undo has in memory.
const undoneAtOnce = 2000

// allParcels puts the parcels of the batch back, a part at a time.
func (u *undo) allParcels(ctx context.Context, each func(Part) error) error {
	for ids := range slices.Chunk(u.touched.Nouns[NounParcel], undoneAtOnce) {
		if err := u.load(ctx, NounParcel, ids); err != nil {
			return err
		}
		now, err := u.tx.ParcelsNow(ctx, ids)
		if err != nil {
			return err
		}
		var part Part
		for _, id := range ids {
			if err := u.undoParcel(id, now, &part); err != nil {
				return err
			}
		}
		if len(u.inTheWay) > 0 {
			continue // nothing of it will stay: only what else stands in the way is of interest
		}
		if err := each(part); err != nil {
			return err
		}
	}
	return u.blocked()
}

// said is what every compensating entry says: which batch, and why.
func (u *undo) said() Body {
	return Body{Undoes: &u.change.Batch, Note: strings.TrimSpace(u.change.Reason)}
}

// load reads the entries of these nouns from the batch on.
func (u *undo) load(ctx context.Context, noun string, ids []int64) error {
	entries, err := u.tx.Entries(ctx, Query{Noun: noun, NounIDs: ids, From: u.touched.First})
	if err != nil {
		return err
	}
	u.batch, u.later = make(map[int64][]Recorded, len(ids)), map[int64][]Recorded{}
	for _, e := range slices.Backward(entries) {
		if e.BatchID == u.change.Batch {
			u.batch[e.NounID] = append(u.batch[e.NounID], e)
		}
	}
	for _, e := range entries {
		if e.Body.Undoes != nil && *e.Body.Undoes == u.change.Batch {
			return fault.New(fault.KindConflict, "already_undone", "这一批改动已经撤销", "this batch was taken back already")
		}
		if e.ID > u.touched.Last {
			u.later[e.NounID] = append(u.later[e.NounID], e)
		}
	}
	return nil
}

// before computes the state of a noun before the batch, from its state now.
// Fields that later entries changed stay in the way. A noun without its
// essential field was made by the batch.
func (u *undo) before(id int64, now Fields, essential string) (before Fields, version int64) {
	before = maps.Clone(now)
	if before == nil {
		before = Fields{}
	}
	for _, e := range u.batch[id] {
		version = max(version, e.Version)
		for k, v := range e.Body.After {
			if !isDerived(k) && !bytes.Equal(before[k], v) {
				u.block(id)
			}
		}
		for k := range e.Body.Before {
			if _, stays := e.Body.After[k]; !stays && !isDerived(k) && before[k] != nil {
				u.block(id)
			}
		}
		before = e.Body.revert(before)
	}
	for _, e := range u.later[id] {
		version = max(version, e.Version)
	}
	if before[essential] == nil && hasContent(before) {
		u.block(id) // the batch made the noun, and somebody added to it since
	}
	return before, version
}

// wasRemoval says whether the batch ended by removing the noun.
func (u *undo) wasRemoval(id int64) bool {
	newest := u.batch[id][0]
	return len(newest.Body.After) == 0 && newest.Body.Before["code"] != nil
}

// gone stops the undo of a noun that somebody removed after the batch.
func (u *undo) gone(id int64, otherwise error) error {
	u.block(id)
	if len(u.inTheWay) == 0 {
		return otherwise
	}
	return nil
}

// block says that the later entries of a noun stand in the way.
func (u *undo) block(id int64) {
	for _, l := range u.later[id] {
		way := InTheWay{Revision: l.ID, Kind: l.Kind, Noun: l.Noun, NounID: l.NounID, Actor: l.ActorName, RecordedAt: l.RecordedAt}
		if slices.Contains(u.inTheWay, way) {
			continue
		}
		u.ways++
		if len(u.inTheWay) < MostListed {
			u.inTheWay = append(u.inTheWay, way)
		}
	}
}

// blocked refuses when something stands in the way.
func (u *undo) blocked() error {
	if len(u.inTheWay) == 0 {
		return nil
	}
	slices.SortFunc(u.inTheWay, func(a, b InTheWay) int { return cmp.Compare(a.Revision, b.Revision) })
	first := u.inTheWay[0]
	at := first.RecordedAt.In(campaign.Shanghai()).Format("01-02 15:04")
	return fault.New(fault.KindConflict, "undo_blocked",
		fmt.Sprintf("不能撤销：之后还有 %d 条记录（最早 %s %s），请先撤销这些记录", u.ways, at, first.Actor),
		fmt.Sprintf("cannot take it back: %d later entries stand in the way (the first: %s %s); take those back first", u.ways, at, first.Actor)).With(u.inTheWay)
}

// standsOn tells whether a case that stood on a parcel before the operation still does.
func (w *work) standsOn(caseID, parcel int64) bool {
	if w.removed[caseID] {
		return false
	}
	cw, changed := w.cases[caseID]
	return !changed || slices.ContainsFunc(cw.now.Shares, func(s campaign.Share) bool { return s.Parcel == parcel })
}

// undoParcel puts a parcel back as it was before the batch.
func (u *undo) undoParcel(id int64, there map[int64]LockedParcel, part *Part) error {
	now := Fields{}
	locked, exists := there[id]
	if exists {
		var err error
		if now, err = ParcelFields(locked.Parcel); err != nil {
			return err
		}
	}
	if !exists && !u.wasRemoval(id) {
		return u.gone(id, fault.New(fault.KindNotFound, "parcel_not_found", "没有这个地块，可能已被撤销", "there is no such parcel; it may have been undone"))
	}
	before, version := u.before(id, now, "code")
	if len(u.inTheWay) > 0 {
		return nil
	}
	body, said := diff(now, before), u.said()
	body.Undoes, body.Note = said.Undoes, said.Note
	part.Entries = append(part.Entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: NounParcel, NounID: id, Version: version + 1, Body: body})
	if len(before) > 0 {
		p, err := ParcelOf(id, version+1, before)
		part.Writes.Parcels = append(part.Writes.Parcels, p)
		return err
	}
	for _, caseID := range locked.Cases {
		if u.standsOn(caseID, id) {
			return fault.New(fault.KindConflict, "parcel_has_cases",
				fmt.Sprintf("不能撤销：地块 %s 已有事项", locked.Code), "cannot take it back: there are cases on parcel "+locked.Code)
		}
	}
	part.Writes.RemovedParcels = append(part.Writes.RemovedParcels, id)
	return nil
}
