// Package register (台账) holds the sheets of the running campaign as they are
// filled now, and reads them together with cases and enterprises: the page of a
// track with its totals, the lists under watch, who is a target and why.
//
// It is in memory like the directory and follows the chronicle: whoever reads gets
// the sheets of the view's revision or a later one.
package register

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ledger"
)

// News is what the journal brought past a revision.
type News struct {
	Revision int64
	Changed  []campaign.Filled
	Gone     []int64
}

// Source is the database as this room reads it.
type Source interface {
	// SheetsSince reads what is past a revision, in one consistent view.
	SheetsSince(ctx context.Context, after int64) (News, error)
	// Areas are the features of a reference layer with the parcels that lie in them, by code.
	Areas(ctx context.Context, layer string) ([]Area, error)
}

// Directory knows the enterprises.
type Directory interface {
	// Everybody are the enterprises of a view, by id.
	Everybody(ctx context.Context, scope auth.Scope, v *chronicle.View) ([]ledger.Enterprise, error)
}

// Desk answers from memory.
type Desk struct {
	source    Source
	directory Directory

	reading sync.Mutex // held while News are taken in
	page    atomic.Pointer[page]
}

// noun is what a sheet belongs to.
type noun struct {
	kind string
	id   int64
}

// page is the sheets at a revision; it never changes.
type page struct {
	revision int64
	byID     map[int64]campaign.Filled
	of       map[noun][]campaign.Filled // by id
}

// NewDesk makes a desk.
func NewDesk(source Source, directory Directory) *Desk {
	d := &Desk{source: source, directory: directory}
	d.page.Store(&page{})
	return d
}

// at is a page of a revision or a later one.
func (d *Desk) at(ctx context.Context, v *chronicle.View) (*page, error) {
	if p := d.page.Load(); p.revision >= v.Revision {
		return p, nil
	}
	d.reading.Lock()
	defer d.reading.Unlock()
	old := d.page.Load()
	if old.revision >= v.Revision {
		return old, nil
	}
	news, err := d.source.SheetsSince(ctx, old.revision)
	if err != nil {
		return nil, err
	}
	next := old.with(news)
	d.page.Store(next)
	return next, nil
}

// with is the page after news.
func (p *page) with(news News) *page {
	if p.byID != nil && len(news.Changed)+len(news.Gone) == 0 {
		return &page{news.Revision, p.byID, p.of}
	}
	next := &page{revision: news.Revision, byID: make(map[int64]campaign.Filled, len(p.byID)+len(news.Changed)), of: map[noun][]campaign.Filled{}}
	maps.Copy(next.byID, p.byID)
	for _, f := range news.Changed {
		next.byID[f.ID] = f
	}
	for _, id := range news.Gone {
		delete(next.byID, id)
	}
	for _, f := range next.byID {
		key := noun{f.Of, f.OfID}
		next.of[key] = append(next.of[key], f)
	}
	for _, list := range next.of {
		slices.SortFunc(list, func(a, b campaign.Filled) int { return cmp.Compare(a.ID, b.ID) })
	}
	return next
}

// sheets are the rows of one sheet, by id.
func (p *page) sheets(code string) []campaign.Filled {
	var rows []campaign.Filled
	for _, f := range p.byID {
		if f.Sheet == code {
			rows = append(rows, f)
		}
	}
	slices.SortFunc(rows, func(a, b campaign.Filled) int { return cmp.Compare(a.ID, b.ID) })
	return rows
}

// reading is one question: what there is at a view, for somebody.
type reading struct {
	*chronicle.View

	page  *page
	scope auth.Scope
	firms map[int64]ledger.Enterprise
	cases map[int64]map[string]tally // by enterprise and track
}

// tally is how many cases an enterprise has on a track, and how many of them count.
type tally struct{ all, done int }

func (d *Desk) read(ctx context.Context, scope auth.Scope, v *chronicle.View) (*reading, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	p, err := d.at(ctx, v)
	if err != nil {
		return nil, err
	}
	everybody, err := d.directory.Everybody(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	r := &reading{View: v, page: p, scope: scope, firms: make(map[int64]ledger.Enterprise, len(everybody)), cases: map[int64]map[string]tally{}}
	for _, e := range everybody {
		r.firms[e.ID] = e
	}
	r.tally()
	return r, nil
}

func (r *reading) tally() {
	for _, c := range r.Cases() {
		if c.Enterprise == 0 || r.Excluded(c) {
			continue
		}
		if r.cases[c.Enterprise] == nil {
			r.cases[c.Enterprise] = map[string]tally{}
		}
		t := r.cases[c.Enterprise][c.Track]
		t.all++
		if r.done(c) {
			t.done++
		}
		r.cases[c.Enterprise][c.Track] = t
	}
}

// done tells whether a case counts as completed: the milestone by which the
// campaign counts its track, or where it counts none the first of the group of the done.
func (r *reading) done(c *chronicle.Case) bool {
	code := r.completes(c.Track)
	on, _ := c.Passed(code)
	return on != "" && !r.Excluded(c) && !r.Uncounted(c)
}

func (r *reading) completes(track string) string {
	for _, m := range r.Definition.Metrics {
		if m.Counts.Track == track {
			return m.Counts.Milestone
		}
	}
	t, _ := r.Definition.Track(track)
	for _, m := range t.Milestones {
		if r.Definition.Slots[m.Slot-1].Group == r.Definition.Groups[len(r.Definition.Groups)-1].Code {
			return m.Code
		}
	}
	return ""
}
