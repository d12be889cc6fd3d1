package chronicle

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Book holds every version, as far as the journal was read.
type Book struct {
	source Source
	words  *words

	catching sync.Mutex // held while News are taken in
	page     atomic.Pointer[page]
	views    views

	mu       sync.RWMutex // guards what follows
	cases    map[int64]*history[*Case]
	parcels  map[int64]*history[*Parcel]
	onParcel map[int64][]*history[*Case] // cases that ever counted land of a parcel
	lands    map[int64]*history[*Land]
	landOf   map[int64][]*history[*Land] // land that a case ever had
	// operators by id, as they are known now: a class of a year that is over is corrected, it does not move on.
	operators map[int64]Operator
}

// page is what the book says at its newest revision. Its lists only grow; a
// noun whose first version is newer than a reader's revision is not there yet.
type page struct {
	revision    int64
	unitsRev    int64
	touched     []int64             // revisions at which a case, parcel or land began or ended, rising
	cases       []*history[*Case]   // by code
	parcels     []*history[*Parcel] // by id
	lands       []*history[*Land]   // by id
	units       []Unit
	definitions []DefinitionRow
	days        []DayRow
	moved       chan struct{} // closed when there is a newer page
}

// Open reads everything.
func Open(ctx context.Context, source Source) (*Book, error) {
	b := &Book{
		source: source, words: newWords(),
		cases: map[int64]*history[*Case]{}, parcels: map[int64]*history[*Parcel]{}, onParcel: map[int64][]*history[*Case]{},
		lands: map[int64]*history[*Land]{}, landOf: map[int64][]*history[*Land]{}, operators: map[int64]Operator{},
	}
	b.page.Store(&page{moved: make(chan struct{})})
	err := b.CatchUp(ctx, 1)
	return b, err
}

// Revision is the newest one read.
func (b *Book) Revision() int64 { return b.page.Load().revision }

// CatchUp reads the journal up to a revision at least; it may read further.
func (b *Book) CatchUp(ctx context.Context, revision int64) error {
	b.catching.Lock()
	defer b.catching.Unlock()
	old := b.page.Load()
	if old.revision >= revision {
		return nil
	}
	news, err := b.source.News(ctx, old.revision)
	if err != nil {
		return err
	}
	b.takeOperators(news.Operators)
	next := &page{
		revision: news.Revision, unitsRev: max(old.unitsRev, news.UnitsRev, news.CampaignRev), units: old.units,
		definitions: append(slices.Clip(old.definitions), news.Definitions...),
		days:        joinDays(old.days, news.Days),
		cases:       b.takeCases(old.cases, news.Cases), parcels: b.takeParcels(old.parcels, news.Parcels),
		lands:   b.takeLands(old.lands, news.Lands),
		touched: touched(old, &news), moved: make(chan struct{}),
	}
	if news.Units != nil {
		next.units = news.Units
	}
	b.page.Store(next)
	close(old.moved)
	return nil
}

// Wait waits until the book has read a revision.
func (b *Book) Wait(ctx context.Context, revision int64) error {
	for {
		p := b.page.Load()
		if p.revision >= revision {
			return nil
		}
		select {
		case <-p.moved:
		case <-ctx.Done():
			return fault.New(fault.KindUnavailable, "revision_not_here", "数据正在更新，请稍后重试", "this revision has not arrived here yet; please try again").Because(ctx.Err())
		}
	}
}

// touched adds the revisions at which something on the map changed.
func touched(old *page, news *News) []int64 {
	var fresh []int64
	note := func(from, to int64) {
		for _, revision := range []int64{from, to} {
			if revision > old.revision {
				fresh = append(fresh, revision)
			}
		}
	}
	for i := range news.Cases {
		note(news.Cases[i].From, news.Cases[i].To)
	}
	for i := range news.Parcels {
		note(news.Parcels[i].From, news.Parcels[i].To)
	}
	for i := range news.Lands {
		note(news.Lands[i].From, news.Lands[i].To)
	}
	slices.Sort(fresh)
	return append(old.touched, slices.Compact(fresh)...)
}

// joinDays adds days; the newest day of the old ones may have gone on.
func joinDays(old, news []DayRow) []DayRow {
	days := slices.Clone(old)
	for _, d := range news {
		if n := len(days); n > 0 && days[n-1].On == d.On {
			days[n-1].Last = d.Last
			continue
		}
		days = append(days, d)
	}
	return days
}

func (b *Book) takeCases(known []*history[*Case], rows []CaseRow) []*history[*Case] {
	b.mu.Lock()
	defer b.mu.Unlock()
	fresh := b.words.take(rows, b.cases, func(h *history[*Case], c *Case) {
		for _, s := range c.Shares {
			if on := b.onParcel[s.Parcel]; !slices.Contains(on, h) {
				b.onParcel[s.Parcel] = append(slices.Clip(on), h)
			}
		}
	})
	return merged(known, fresh, func(a, b *history[*Case]) int { return cmp.Compare(a.all()[0].Code, b.all()[0].Code) })
}

// take brings rows into their histories and returns those that are new.
func (w *words) take(rows []CaseRow, cases map[int64]*history[*Case], added func(*history[*Case], *Case)) []*history[*Case] {
	var fresh []*history[*Case]
	for i, row := range rows {
		h := cases[row.ID]
		if h == nil {
			h = &history[*Case]{}
			cases[row.ID] = h
			fresh = append(fresh, h)
		}
		last := latest(h)
		if last == nil || row.From > last.From || last.gone && row.From == last.From { // else only its end is news
			last = w.version(row, last)
			put(h, last)
			added(h, last)
		}
		if row.To != 0 && (i+1 == len(rows) || rows[i+1].ID != row.ID || rows[i+1].From != row.To) {
			end := *last
			end.From, end.gone = row.To, true
			h.add(&end)
		}
	}
	return fresh
}

// put adds a version, in place of an end at the same revision.
func put[V version](h *history[V], v V) {
	versions := h.all()
	if n := len(versions); n > 0 && versions[n-1].from() == v.from() {
		versions = slices.Clone(versions)
		versions[n-1] = v
		h.versions.Store(&versions)
		return
	}
	h.add(v)
}

func latest[V version](h *history[V]) V {
	versions := h.all()
	if len(versions) == 0 {
		var none V
		return none
	}
	return versions[len(versions)-1]
}

// version makes a version from its row; what it has in common with the one before is shared.
func (w *words) version(row CaseRow, before *Case) *Case {
	c := &Case{
		ID: row.ID, Version: row.Version, From: row.From, words: w, public: &once[Case]{},
		Stage: row.Standing.Stage, Next: w.keep(row.Standing.Next), Deadline: campaign.Date(w.keep(string(row.Standing.Deadline))),
		Recovered: row.Recovered, Effective: row.Effective, Floor: row.Floor, Rebounds: row.Rebounds,
		passed: w.marks(row.Passed), planned: w.marks(row.Planned),
	}
	for _, code := range slices.Sorted(maps.Keys(row.Sides)) {
		c.Sides = append(c.Sides, Side{w.keep(code), w.keep(row.Sides[code])})
	}
	slices.SortFunc(c.passed, byMilestone)
	slices.SortFunc(c.planned, byMilestone)
	if before == nil {
		c.Identity = w.identity(row.Identity)
		return c
	}
	c.Identity = before.Identity
	if !before.same(row.Identity) {
		c.Identity = w.identity(row.Identity)
	}
	if slices.Equal(c.passed, before.passed) {
		c.passed = before.passed
	}
	if slices.Equal(c.planned, before.planned) {
		c.planned = before.planned
	}
	return c
}

func byMilestone(a, b mark) int { return int(a.milestone) - int(b.milestone) }

func (w *words) identity(i Identity) *Identity {
	for _, text := range []*string{&i.Track, &i.Unit, &i.Village, &i.Kind, &i.Batch, &i.Disposal} {
		*text = w.keep(*text)
	}
	i.operator, i.land = i.Enterprise, 0
	for _, s := range i.Shares {
		i.land += s.Area
	}
	return &i
}

func (i *Identity) same(o Identity) bool {
	return i.Code == o.Code && i.Label == o.Label && i.Track == o.Track && i.Unit == o.Unit && i.Village == o.Village && i.Kind == o.Kind &&
		i.Batch == o.Batch && i.Disposal == o.Disposal && i.Enterprise == o.Enterprise && slices.Equal(i.Shares, o.Shares)
}

func (b *Book) takeOperators(news []Operator) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range news {
		b.operators[o.ID] = o
	}
}

func (b *Book) takeParcels(known []*history[*Parcel], rows []ParcelRow) []*history[*Parcel] {
	b.mu.Lock()
	defer b.mu.Unlock()
	var fresh []*history[*Parcel]
	for i := range rows {
		p := rows[i].Parcel
		p.Unit, p.public = b.words.keep(p.Unit), &once[Parcel]{}
		_, fresh = bring(b.parcels, fresh, p.ID, &p, p.until(rows[i].To))
	}
	return merged(known, fresh, func(a, b *history[*Parcel]) int { return compare(a.all()[0].ID, b.all()[0].ID) })
}

// until is the end of the version, nil where it still holds.
func (p Parcel) until(to int64) *Parcel {
	if to == 0 {
		return nil
	}
	p.From, p.gone = to, true
	return &p
}

// merged is both lists in order; the old one is not changed within its length.
func merged[V version](known, fresh []*history[V], order func(a, b *history[V]) int) []*history[V] {
	if len(fresh) == 0 {
		return known
	}
	slices.SortFunc(fresh, order)
	if len(known) == 0 || order(known[len(known)-1], fresh[0]) <= 0 {
		return append(known, fresh...)
	}
	all := slices.Concat(known, fresh)
	slices.SortFunc(all, order)
	return all
}
