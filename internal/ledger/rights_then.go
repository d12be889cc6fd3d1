package ledger

import (
	"context"
	"encoding/json"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// What is wrong with the time that a phone claims.
const (
	DoubtFuture = "future" // later than the server has it
	DoubtWaited = "waited" // how long it lay on the phone says another time
	DoubtOld    = "old"    // longer ago than a phone keeps its enrolment
)

// How far a phone's time may be out, and how long one may hold what it has.
const (
	clockSlack  = 10 * time.Minute
	longestHeld = 30 * 24 * time.Hour
)

// Doubt says what is wrong with the time a phone claims for an operation, "" for nothing. HappenedAt is by the server's
// clock as the phone knew it at its last contact: with the time it lay there by the phone's own clock it must come to now.
func (op Operation) Doubt(now time.Time) string {
	held := now.Sub(op.HappenedAt)
	switch {
	case op.Told == nil:
		return ""
	case held < -clockSlack:
		return DoubtFuture
	case held > longestHeld:
		return DoubtOld
	case (held - time.Duration(op.Told.WaitedMS)*time.Millisecond).Abs() > clockSlack:
		return DoubtWaited
	}
	return ""
}

// DoubtText says in words why something was kept: what is wrong with its time.
func DoubtText(why string) campaign.Text {
	switch why {
	case DoubtFuture:
		return campaign.Text{ZH: "手机所报时间晚于服务器时间，无法确认当时的权限", EN: "the phone claims a time to come; the rights of then cannot be confirmed"}
	case DoubtOld:
		return campaign.Text{ZH: "手机所报时间在 30 天以前，无法确认当时的权限", EN: "the phone claims a time more than 30 days ago; the rights of then cannot be confirmed"}
	case DoubtWaited:
		return campaign.Text{ZH: "手机所报时间与等待时长不符，无法确认当时的权限", EN: "the time claimed and the time it waited disagree; the rights of then cannot be confirmed"}
	}
	return campaign.Text{}
}

// Held are the rights by which an operation was judged where they are no longer its author's.
type Held struct {
	Role    string `json:"role"`
	Unit    string `json:"unit,omitempty"`
	Village string `json:"village,omitempty"`
}

// by is who an operation is judged as.
type by struct {
	auth.Actor
	again bool   // a refusal for want of rights is not the last word yet
	then  *Held  // these are rights of an earlier time
	doubt string // what is wrong with that time
}

// denied ends a transaction whose operation may have been within its author's rights when it was done.
type denied struct{ refusal *fault.Error }

func (d *denied) Error() string { return d.refusal.Error() }

// byThen is the author with the rights of the time of an operation; where they are the same as now, as now.
func (l *Ledger) byThen(ctx context.Context, actor auth.Actor, op Operation) (by, error) {
	known, err := l.store.PersonEntries(ctx, actor.ID)
	if err != nil {
		return by{}, err
	}
	now := l.clock()
	then, there, err := HeldAt(known, op.HappenedAt)
	if err != nil || !there || then == (Held{actor.Role, actor.Unit, actor.Village}) || campaign.Administers(then.Role) {
		return by{Actor: actor}, err
	}
	as := actor
	as.Role, as.Unit, as.Village = then.Role, then.Unit, then.Village
	return by{Actor: as, then: &then, doubt: op.Doubt(now)}, nil
}

// HeldAt folds the entries of a person, oldest first, to what they were at a time; not there before the first.
func HeldAt(entries []Recorded, at time.Time) (held Held, there bool, err error) {
	fields := Fields{}
	for _, e := range entries {
		if e.RecordedAt.After(at) {
			break
		}
		there = true
		for _, key := range e.Body.Keys() {
			if value, kept := e.Body.After[key]; kept {
				fields[key] = value
			} else {
				delete(fields, key)
			}
		}
	}
	r := &reader{fields: fields}
	r.get("role", &held.Role)
	r.get("unit", &held.Unit)
	r.get("village", &held.Village)
	return held, there, r.err
}

// mayBeKept refuses, of what hangs on a time that nobody can confirm, all but marks and their pictures: those are kept for a person to decide.
func (w *work) mayBeKept(changes []Change) error {
	for _, c := range changes {
		switch c.(type) {
		case MarkMilestone, AttachPhoto:
		default:
			why := DoubtText(w.doubt)
			return fault.New(fault.KindDenied, "time_in_doubt", why.ZH+"，可联系镇责任人", why.EN+"; please ask the town lead")
		}
	}
	return nil
}

// keepDoubtful keeps a mark of a time in doubt as it would have been made, beside what stands.
func (w *work) keepDoubtful(ctx context.Context, c campaign.Case, f fact, track campaign.Track, mark marking) error {
	kept, err := w.asIfUnmarked(c, f.milestone, track, mark)
	if err != nil {
		return err
	}
	standing := json.RawMessage("null")
	if stands, marked := c.Marks[f.milestone]; marked {
		if standing, err = canonical(stands); err != nil {
			return err
		}
	}
	why := DoubtText(w.doubt)
	return w.keep(ctx, Kept{Noun: NounCase, NounID: c.ID, Field: markKey + f.milestone, Standing: standing, Kept: kept, Why: w.doubt}, campaign.Text{
		ZH: why.ZH + "，您的内容已保留，待镇责任人核对", EN: why.EN + "; your entry is kept and the town lead will decide",
	})
}

// told is what the journal keeps of a phone's own time, and of the rights it was judged by.
func (w *work) told(op Operation) *Told {
	if op.Told == nil {
		return nil
	}
	return &Told{As: w.then, At: op.Told.At.UTC().Truncate(time.Millisecond), WaitedMS: max(op.Told.WaitedMS, 0)}
}

// refusedAs says whether a refusal is to be looked at again by the rights of an earlier time.
func (b by) refusedAs(err error, op Operation) error {
	f, is := fault.As(err)
	if is && b.again && f.Kind == fault.KindDenied && !op.dry() {
		return &denied{f}
	}
	return nil
}

// orNow is a claimed time, or now where none is claimed or it is yet to come.
func orNow(claimed, now time.Time) time.Time {
	if claimed.IsZero() || claimed.After(now) {
		return now
	}
	return claimed
}
