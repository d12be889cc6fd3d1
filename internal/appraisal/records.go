package appraisal

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// News is what the journal says past a revision.
type News struct {
	Revision int64
	Entries  []ledger.Recorded // in their order
}

// Source is the journal as this room reads it.
type Source interface {
	// RecordsSince reads the entries past a revision about orders, bulletins, what units answered, and sheets of units.
	RecordsSince(ctx context.Context, after int64) (News, error)
}

// Records are orders, bulletins, answers and sheets of units in memory, with every version of them.
type Records struct {
	source  Source
	reading sync.Mutex // held while News are taken in
	page    atomic.Pointer[page]
}

// NewRecords keeps what a source says.
func NewRecords(source Source) *Records {
	r := &Records{source: source}
	r.page.Store(&page{})
	return r
}

// noun is what an entry is about.
type noun struct {
	kind string
	id   int64
}

// version is a noun from a revision on; no fields: it is gone.
type version struct {
	from   int64
	fields ledger.Fields
}

// page are the versions up to a revision; it never changes.
type page struct {
	revision int64
	versions map[noun][]version
}

func (p *page) with(news News) *page {
	next := &page{news.Revision, maps.Clone(p.versions)}
	if next.versions == nil {
		next.versions = map[noun][]version{}
	}
	for _, e := range news.Entries {
		key := noun{e.Noun, e.NounID}
		before := next.versions[key]
		fields := ledger.Fields{}
		if len(before) > 0 {
			fields = maps.Clone(before[len(before)-1].fields)
		}
		next.versions[key] = append(slices.Clip(before), version{e.ID, e.Body.Apply(fields)})
	}
	return next
}

// upTo is a page of a revision or a later one.
func (r *Records) upTo(ctx context.Context, revision int64) (*page, error) {
	if p := r.page.Load(); p.revision >= revision {
		return p, nil
	}
	r.reading.Lock()
	defer r.reading.Unlock()
	p := r.page.Load()
	if p.revision >= revision {
		return p, nil
	}
	news, err := r.source.RecordsSince(ctx, p.revision)
	if err != nil {
		return nil, err
	}
	p = p.with(news)
	r.page.Store(p)
	return p, nil
}

// known is what was known at a revision, by id.
type known struct {
	order    []ledger.Order
	bulletin []ledger.Bulletin
	answer   []ledger.BulletinAnswer
	sheet    []campaign.Filled
}

func (r *Records) at(ctx context.Context, revision int64) (k known, err error) {
	p, err := r.upTo(ctx, revision)
	if err != nil {
		return k, err
	}
	for n, versions := range p.versions {
		i := slices.IndexFunc(versions, func(v version) bool { return v.from > revision })
		if i < 0 {
			i = len(versions)
		}
		if i == 0 || len(versions[i-1].fields) == 0 {
			continue
		}
		if err := k.add(n, int64(i), versions[i-1].fields); err != nil {
			return k, err
		}
	}
	slices.SortFunc(k.order, func(a, b ledger.Order) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(k.bulletin, func(a, b ledger.Bulletin) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(k.sheet, func(a, b campaign.Filled) int { return cmp.Compare(a.ID, b.ID) })
	return k, nil
}

func (k *known) add(n noun, of int64, fields ledger.Fields) (err error) {
	switch n.kind {
	case ledger.NounOrder:
		k.order, err = more(k.order, ledger.OrderOf, n, of, fields)
	case ledger.NounBulletin:
		k.bulletin, err = more(k.bulletin, ledger.BulletinOf, n, of, fields)
	case ledger.NounBulletinAnswer:
		k.answer, err = more(k.answer, ledger.BulletinAnswerOf, n, of, fields)
	case ledger.NounSheet:
		k.sheet, err = more(k.sheet, ledger.SheetOf, n, of, fields)
	}
	return err
}

func more[T any](list []T, of func(int64, int64, ledger.Fields) (T, error), n noun, version int64, fields ledger.Fields) ([]T, error) {
	one, err := of(n.id, version, fields)
	return append(list, one), err
}

// orders are those that a unit did not answer by their day.
func (k *known) orders(unit string, today campaign.Date) (facts []Fact) {
	for _, o := range k.order {
		answered := civil(o.Acts[campaign.OrderAnswered].At)
		if o.Unit == unit && campaign.OrderMissed(o.Stage, o.DueOn, answered, today) {
			facts = append(facts, Fact{On: answered, Due: o.DueOn, Title: o.DocumentNumber(), Words: o.Matter})
		}
	}
	return facts
}

// answers are the frozen figures that a unit did not answer by their day.
func (k *known) answers(unit string, today campaign.Date) (facts []Fact) {
	for i := range k.bulletin {
		b := &k.bulletin[i]
		var answered campaign.Date
		for _, a := range k.answer {
			if a.Bulletin == b.ID && a.Unit == unit {
				answered = civil(a.At)
			}
		}
		if campaign.AnswerMissed(b.CheckBy, answered, today) {
			facts = append(facts, Fact{On: answered, Due: b.CheckBy, Title: b.DocumentNumber()})
		}
	}
	return facts
}

// rows are those of a sheet of a unit up to a day, in the order of their days.
func (k *known) rows(sheet, unit string, today campaign.Date) (rows []campaign.Filled) {
	for _, f := range k.sheet {
		if f.Sheet == sheet && f.Of == campaign.OfUnit && f.Unit == unit && campaign.Date(f.Values[campaign.CriticismOn]) <= today {
			rows = append(rows, f)
		}
	}
	slices.SortStableFunc(rows, func(a, b campaign.Filled) int {
		return cmp.Compare(a.Values[campaign.CriticismOn], b.Values[campaign.CriticismOn])
	})
	return rows
}

// civil is the day of a moment, "" of none.
func civil(at time.Time) campaign.Date {
	if at.IsZero() {
		return ""
	}
	return campaign.DateOf(at.In(campaign.Shanghai()))
}
