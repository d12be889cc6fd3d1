package ledger

import (
	"context"

	"github.com/guatu/guatu/internal/fault"
)

// bulletin is one with its answers, as they are now; those who change bulletins wait for each other.
func (w *work) bulletin(ctx context.Context, id int64) (BulletinNow, error) {
	found, err := w.tx.BulletinNow(ctx, id)
	if err == nil && found.Bulletin.ID == 0 {
		err = fault.New(fault.KindNotFound, "bulletin_not_found", "没有这一期通报", "there is no such bulletin")
	}
	return found, err
}

// answer is what a unit said, without an id where it said nothing.
func (n BulletinNow) answer(unit string) BulletinAnswer {
	for _, a := range n.Answers {
		if a.Unit == unit {
			return a
		}
	}
	return BulletinAnswer{}
}

func (w *work) recordBulletin(before, after Bulletin, kind string) error {
	w.writes.Bulletins = append(w.writes.Bulletins, after)
	return w.recordNoun(before.ID != 0, Entry{Kind: kind, Noun: NounBulletin, NounID: after.ID, Version: after.Version},
		func() (Fields, error) { return BulletinFields(before) }, func() (Fields, error) { return BulletinFields(after) })
}

func (w *work) recordAnswer(before, after BulletinAnswer, kind string) error {
	w.writes.BulletinAnswers = append(w.writes.BulletinAnswers, after)
	return w.recordNoun(before.ID != 0, Entry{Kind: kind, Noun: NounBulletinAnswer, NounID: after.ID, Version: after.Version},
		func() (Fields, error) { return BulletinAnswerFields(before) }, func() (Fields, error) { return BulletinAnswerFields(after) })
}

// recordNoun appends the entry that says what changed of a noun.
func (w *work) recordNoun(was bool, e Entry, before, after func() (Fields, error)) (err error) {
	old := Fields{}
	if was {
		if old, err = before(); err != nil {
			return err
		}
	}
	will, err := after()
	said := e.Body
	e.Body = diff(old, will)
	e.Body.Undoes, e.Body.Note = said.Undoes, said.Note
	e.KindVersion = 1
	w.entries = append(w.entries, e)
	return err
}

// allBulletins puts the bulletins and answers of the batch back; what was issued is issued.
func (u *undo) allBulletins(ctx context.Context) error {
	ids := u.touched.Nouns[NounBulletin]
	if len(ids) > 0 {
		if err := u.load(ctx, NounBulletin, ids); err != nil {
			return err
		}
	}
	for _, id := range ids {
		found, err := u.tx.BulletinNow(ctx, id)
		if err != nil {
			return err
		}
		if err := u.undoBulletin(id, found); err != nil {
			return err
		}
	}
	return u.blocked()
}

func (u *undo) undoBulletin(id int64, found BulletinNow) error {
	now, err := BulletinFields(found.Bulletin)
	if err != nil {
		return err
	}
	if found.Bulletin.ID == 0 {
		now = Fields{}
	}
	fields, version := u.before(id, now, "campaign")
	if len(u.inTheWay) > 0 {
		return nil
	}
	if len(fields) > 0 {
		after, err := BulletinOf(id, version+1, fields)
		u.writes.Bulletins = append(u.writes.Bulletins, after)
		u.recordUndo(NounBulletin, id, version+1, now, fields)
		return err
	}
	for _, a := range found.Answers {
		said, err := BulletinAnswerFields(a)
		if err != nil {
			return err
		}
		u.recordUndo(NounBulletinAnswer, a.ID, a.Version+1, said, Fields{})
	}
	u.writes.RemovedBulletins = append(u.writes.RemovedBulletins, id)
	u.recordUndo(NounBulletin, id, version+1, now, Fields{})
	return nil
}

// recordUndo appends the entry by which a noun becomes what it was.
func (u *undo) recordUndo(noun string, id, version int64, now, before Fields) {
	body, said := diff(now, before), u.said()
	body.Undoes, body.Note = said.Undoes, said.Note
	u.entries = append(u.entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: noun, NounID: id, Version: version, Body: body})
}
