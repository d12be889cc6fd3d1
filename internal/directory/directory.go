// Package directory (名录) holds the enterprises as they are known now, and finds
// by what people type: cases, enterprises, parcels, villages and units.
//
// It is in memory like the chronicle and follows it: whoever reads gets the
// enterprises of the view's revision or a later one. Names and credit codes of
// operators are kept here and not there, where maps and figures are made.
package directory

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/lookup"
)

// News is what the journal brought past a revision.
type News struct {
	Revision int64
	Changed  []ledger.Enterprise // entered or changed
	Gone     []int64             // their entry was taken back
}

// Source is the database as this room reads it.
type Source interface {
	// EnterprisesSince reads what is past a revision, in one consistent view.
	EnterprisesSince(ctx context.Context, after int64) (News, error)
	// Holdings says what else there is of enterprises that the scope sees, by id.
	Holdings(ctx context.Context, scope auth.Scope, enterprises []int64) (map[int64]Holdings, error)
}

// Directory answers from memory.
type Directory struct {
	source Source
	names  *lookup.Names

	reading sync.Mutex // held while News are taken in
	page    atomic.Pointer[page]
}

// page is the enterprises at a revision; it never changes.
type page struct {
	revision int64
	all      []*enterprise // by id
}

type enterprise struct {
	ledger.Enterprise

	odd bool // its credit code is
}

// New makes a directory that shares the names a chronicle knows.
func New(source Source, names *lookup.Names) *Directory {
	d := &Directory{source: source, names: names}
	d.page.Store(&page{})
	return d
}

// at is a page of a revision or a later one, with what the scope sees of it.
func (d *Directory) at(ctx context.Context, scope auth.Scope, v *chronicle.View) (*page, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	p, err := d.current(ctx, v)
	if err != nil || scope.Whole() {
		return p, err
	}
	return &page{p.revision, p.seen(v.For(scope))}, nil
}

// current is the page of everything, of a revision or a later one.
func (d *Directory) current(ctx context.Context, v *chronicle.View) (*page, error) {
	if p := d.page.Load(); p.revision >= v.Revision {
		return p, nil
	}
	d.reading.Lock()
	defer d.reading.Unlock()
	old := d.page.Load()
	if old.revision >= v.Revision {
		return old, nil
	}
	news, err := d.source.EnterprisesSince(ctx, old.revision)
	if err != nil {
		return nil, err
	}
	next := old.with(news)
	d.page.Store(next)
	return next, nil
}

// with is the page after news.
func (p *page) with(news News) *page {
	next := &page{revision: news.Revision, all: p.all}
	if len(news.Changed)+len(news.Gone) == 0 {
		return next
	}
	fresh := make(map[int64]*enterprise, len(news.Changed)+len(news.Gone))
	for _, id := range news.Gone {
		fresh[id] = nil
	}
	for _, e := range news.Changed {
		fresh[e.ID] = &enterprise{e, len(uscc.Check(e.Code)) > 0}
	}
	next.all = make([]*enterprise, 0, len(p.all)+len(news.Changed))
	for _, e := range p.all {
		if _, other := fresh[e.ID]; !other {
			next.all = append(next.all, e)
		}
	}
	for _, e := range fresh {
		if e != nil {
			next.all = append(next.all, e)
		}
	}
	slices.SortFunc(next.all, func(a, b *enterprise) int { return cmp.Compare(a.ID, b.ID) })
	return next
}

func (p *page) find(id int64) *enterprise {
	i, ok := slices.BinarySearchFunc(p.all, id, func(e *enterprise, id int64) int { return cmp.Compare(e.ID, id) })
	if !ok {
		return nil
	}
	return p.all[i]
}

// seen are the enterprises that the reader of a view sees: those of their area,
// and those that operate a case of it. A view of less shows no operator of the others.
func (p *page) seen(v *chronicle.View) []*enterprise {
	scope := v.Scope()
	if scope.Whole() {
		return p.all
	}
	operators := map[int64]bool{}
	for _, c := range v.Cases() {
		operators[c.Enterprise] = c.Enterprise != 0
	}
	var seen []*enterprise
	for _, e := range p.all {
		if operators[e.ID] || e.Unit != "" && scope.Sees(e.Unit, e.Village) {
			seen = append(seen, e)
		}
	}
	return seen
}

// named are the other enterprises of the same name.
func (p *page) named(name string, but int64) []*enterprise {
	var same []*enterprise
	for _, e := range p.all {
		if e.Name == name && e.ID != but && e.MergedInto == 0 {
			same = append(same, e)
		}
	}
	return same
}

// Operators are the enterprises that somebody finds by name or credit code.
func (d *Directory) Operators(ctx context.Context, scope auth.Scope, v *chronicle.View, typed string) ([]int64, error) {
	p, err := d.at(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	q := d.names.Parse(typed)
	fits := map[int64]bool{}
	for _, e := range p.all {
		if itself, seen := p.itself(e); seen && q.Fits(e.Code, e.Name, e.Label) {
			fits[itself.ID] = true
		}
	}
	var ids []int64
	for _, e := range p.all {
		if itself, seen := p.itself(e); seen && fits[itself.ID] { // of an earlier day the case names the one that was merged
			ids = append(ids, e.ID)
		}
	}
	return ids, nil
}

// itself is the enterprise that one is after all merges, false where the page does not have it.
func (p *page) itself(e *enterprise) (*enterprise, bool) {
	found, seen := e.Itself(func(id int64) (ledger.Enterprise, bool) {
		if next := p.find(id); next != nil {
			return next.Enterprise, true
		}
		return ledger.Enterprise{}, false
	})
	return p.find(found.ID), seen
}

// Odd are the enterprises whose credit code does not check.
func (d *Directory) Odd(ctx context.Context, scope auth.Scope, v *chronicle.View) (map[int64]bool, error) {
	p, err := d.at(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	odd := map[int64]bool{}
	for _, e := range p.all {
		if e.odd && e.MergedInto == 0 {
			odd[e.ID] = true
		}
	}
	return odd, nil
}

// Everybody are the enterprises, by id.
func (d *Directory) Everybody(ctx context.Context, scope auth.Scope, v *chronicle.View) ([]ledger.Enterprise, error) {
	p, err := d.at(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	all := make([]ledger.Enterprise, len(p.all))
	for i, e := range p.all {
		all[i] = e.Enterprise
	}
	return all, nil
}

func notFound() error {
	return fault.New(fault.KindNotFound, "enterprise_not_found", "没有这家企业", "there is no such enterprise")
}
