package report

import (
	"container/list"
	"fmt"
	"sync"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// keptAnswers is how many answers are held ready: those of the pages that are
// open, and of the days somebody slides over.
const keptAnswers = 128

// asked is what an answer depends on: what was known, the day it is seen on, and the question.
type asked struct {
	revision, units int64
	day             campaign.Date
	class           string // of the scope, or whatever else makes it another answer
	query           Query
}

func askedOf(v *chronicle.View, class string, q Query) asked {
	return asked{v.Revision, v.UnitsRevision(), v.Day, class, q}
}

// kept are answers by what they depend on, each worked out once, the last asked for first.
// What was known at a revision never changes, so none of them is ever stale.
type kept[A any] struct {
	mu     sync.Mutex
	order  list.List
	places map[asked]*list.Element
}

type keptAnswer[A any] struct {
	of     asked
	once   sync.Once
	answer A
	err    error
}

// get is the answer; a failure is given to those who waited for it, and not kept.
func (k *kept[A]) get(of asked, work func() (A, error)) (A, error) {
	e := k.entry(of)
	e.once.Do(func() { e.answer, e.err = work() })
	if e.err != nil {
		k.drop(e)
	}
	return e.answer, e.err
}

func (k *kept[A]) entry(of asked) *keptAnswer[A] {
	k.mu.Lock()
	defer k.mu.Unlock()
	if place := k.places[of]; place != nil {
		k.order.MoveToFront(place)
		return place.Value.(*keptAnswer[A]) //nolint:forcetypeassert // nothing else is put in
	}
	if k.places == nil {
		k.places = map[asked]*list.Element{}
	}
	if k.order.Len() >= keptAnswers {
		oldest := k.order.Back()
		k.order.Remove(oldest)
		delete(k.places, oldest.Value.(*keptAnswer[A]).of) //nolint:forcetypeassert // likewise
	}
	e := &keptAnswer[A]{of: of}
	k.places[of] = k.order.PushFront(e)
	return e
}

func (k *kept[A]) drop(e *keptAnswer[A]) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if place := k.places[e.of]; place != nil && place.Value == e {
		k.order.Remove(place)
		delete(k.places, e.of)
	}
}

// doneBefore is what the metrics counted at the view before, worked out once for each such day.
func (k *counting) doneBefore() sums {
	q := k.query
	q.AsOf, q.Cycle, q.Rank, q.Since, q.Issue = "", "", "", "", campaign.Bulletin{}
	// The metrics are those of the definition in force now, or of one that somebody thinks of.
	counts := make([]any, len(k.metrics))
	for i, m := range k.metrics {
		counts[i] = m.Counts
	}
	out, _ := k.kept.get(askedOf(k.before, fmt.Sprint(counts...), q), k.countDone) // it does not fail
	return out
}

// rowsOn are the rows of an earlier view, worked out once.
func (d *Desk) rowsOn(then *chronicle.View, q Query) ([]Row, error) {
	q.AsOf, q.Cycle, q.Since, q.Issue = "", "", "", campaign.Bulletin{}
	return d.rows.get(askedOf(then, "", q), func() ([]Row, error) {
		count := counting{view: then, before: then, query: q, kept: &d.done}
		_, rows := count.rows()
		return rows, nil
	})
}
