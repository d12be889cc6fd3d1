package chronicle

import (
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
)

// Past is the days that are over: what was known at their ends never changes.
type Past struct {
	book *Book
	page *page
	ends []*View // one a day on which anything was recorded, rising
	last campaign.Date
}

// Past are the days before today, as somebody sees them.
func (b *Book) Past(scope auth.Scope, today campaign.Date) *Past {
	p := &Past{book: b, page: b.page.Load(), last: today.AddDays(-1)}
	for _, d := range p.page.days {
		if d.On < today {
			p.ends = append(p.ends, b.view(scope, p.page, d.Last, d.On))
		}
	}
	return p
}

// Span is from the first day with an entry to the day before today; false when no day is over.
func (p *Past) Span() (campaign.Span, bool) {
	if len(p.ends) == 0 {
		return campaign.Span{}, false
	}
	return campaign.Span{From: p.ends[0].Day, To: p.last}, true
}

// Revision is the last entry of these days, 0 where there is none.
func (p *Past) Revision() int64 {
	if len(p.ends) == 0 {
		return 0
	}
	return p.ends[len(p.ends)-1].Revision
}

// Cases tells of each case, by code, the ends of the days on which it may have become another, oldest first.
func (p *Past) Cases(tell func(id int64, turns []*View)) {
	for _, h := range p.page.cases {
		p.tell(h.all()[0].ID, append(startsOf(h), p.defined()...), tell)
	}
}

// Parcels tells likewise of each parcel, by id; a parcel turns with the cases on it.
func (p *Past) Parcels(tell func(id int64, turns []*View)) {
	for _, h := range p.page.parcels {
		id := h.all()[0].ID
		starts := startsOf(h)
		p.book.mu.RLock()
		on := p.book.onParcel[id]
		p.book.mu.RUnlock()
		for _, c := range on {
			starts = append(starts, startsOf(c)...)
		}
		p.tell(id, starts, tell)
	}
}

func (p *Past) tell(id int64, starts []int64, tell func(id int64, turns []*View)) {
	slices.Sort(starts)
	var turns []*View
	for _, start := range starts {
		i, _ := slices.BinarySearchFunc(p.ends, start, func(v *View, r int64) int { return compare(v.Revision, r) })
		if i < len(p.ends) && (len(turns) == 0 || turns[len(turns)-1] != p.ends[i]) {
			turns = append(turns, p.ends[i])
		}
	}
	if len(turns) > 0 {
		tell(id, turns)
	}
}

// defined are the revisions at which the campaign's words and rules changed.
func (p *Past) defined() []int64 {
	var revisions []int64
	for _, row := range p.page.definitions[min(1, len(p.page.definitions)):] {
		revisions = append(revisions, row.From)
	}
	return revisions
}

func startsOf[V version](h *history[V]) []int64 {
	versions := h.all()
	starts := make([]int64, len(versions))
	for i, v := range versions {
		starts[i] = v.from()
	}
	return starts
}
