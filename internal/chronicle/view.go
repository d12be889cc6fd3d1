package chronicle

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// View is what was known at a revision, seen on a civil day: what is late
// depends on the day. A View never changes.
type View struct {
	Revision   int64
	Day        campaign.Date
	Definition campaign.Definition // the campaign's data at the revision
	DefinedAt  int64               // revision from which they hold
	Units      []Unit              // by sort

	scope auth.Scope
	book  *Book
	page  *page
	cases func() []*Case // made when first asked for
	rules rules
}

// rules are the definition's side states, ready to be asked.
type rules struct{ stops, pauses, excludes, uncounts, unlocks []string }

// Now is the view that somebody has of the newest revision on a day.
func (b *Book) Now(scope auth.Scope, today campaign.Date) *View {
	p := b.page.Load()
	return b.view(scope, p, p.revision, today)
}

// AsOf is the view as known at the end of a day: of the last revision recorded
// before the next midnight. Today's is the newest. Days to come are refused.
func (b *Book) AsOf(scope auth.Scope, day, today campaign.Date) (*View, error) {
	switch {
	case day > today:
		return nil, fault.New(fault.KindInvalid, "day_to_come", fmt.Sprintf("%s 还没有到，不能查看", day), fmt.Sprintf("%s is still to come", day))
	case day == today:
		return b.Now(scope, today), nil
	}
	p := b.page.Load()
	return b.view(scope, p, p.lastOn(day), day), nil
}

// At is the view that somebody has of a revision on a day.
func (b *Book) At(scope auth.Scope, revision int64, day campaign.Date) *View {
	p := b.page.Load()
	return b.view(scope, p, min(revision, p.revision), day)
}

// lastOn is the last revision recorded by the end of a day, 0 before the first.
func (p *page) lastOn(day campaign.Date) int64 {
	i, exact := slices.BinarySearchFunc(p.days, day, func(d DayRow, day campaign.Date) int {
		switch {
		case d.On < day:
			return -1
		case d.On > day:
			return 1
		}
		return 0
	})
	if exact {
		return p.days[i].Last
	}
	if i == 0 {
		return 0
	}
	return p.days[i-1].Last
}

func (b *Book) view(scope auth.Scope, p *page, revision int64, day campaign.Date) *View {
	v := &View{Revision: revision, Day: day, Units: p.units, book: b, page: p}
	v.Definition, v.DefinedAt = p.definitionAt(revision)
	v.rules = rulesOf(v.Definition)
	return v.For(scope)
}

// With is the view as it would be with other data of the campaign: nobody defined them at any revision.
func (v *View) With(d campaign.Definition) *View {
	other := *v
	other.Definition, other.DefinedAt, other.rules = d, -1, rulesOf(d)
	return &other
}

func rulesOf(d campaign.Definition) rules {
	var r rules
	for _, s := range d.Sides {
		if s.Stops {
			r.stops = append(r.stops, s.Code)
		}
		if s.Unlocks {
			r.unlocks = append(r.unlocks, s.Code)
		}
		if s.Pauses {
			r.pauses = append(r.pauses, s.Code)
		}
		if s.Excludes {
			r.excludes = append(r.excludes, s.Code)
		}
		if s.Uncounts {
			r.uncounts = append(r.uncounts, s.Code)
		}
	}
	return r
}

// definitionAt is the campaign's data at a revision; its first before the campaign began.
func (p *page) definitionAt(revision int64) (d campaign.Definition, from int64) {
	for i, row := range p.definitions {
		if i > 0 && row.From > revision {
			break
		}
		d, from = row.Definition, row.From
	}
	return d, from
}

// Cases are the cases there were, by code, each as the view's scope shows it. The slice must not be changed.
func (v *View) Cases() []*Case { return v.cases() }

// MapRevision is the last revision that changed a case, a parcel or recovered land.
func (v *View) MapRevision() int64 {
	i := firstAt(v.page.touched, v.Revision+1)
	if i == 0 {
		return 0
	}
	return v.page.touched[i-1]
}

// UnitsRevision is the last revision that changed a unit or the campaign.
func (v *View) UnitsRevision() int64 { return v.page.unitsRev }

// Case finds a case by its id, nil when there is none.
func (v *View) Case(id int64) *Case {
	v.book.mu.RLock()
	h := v.book.cases[id]
	v.book.mu.RUnlock()
	if h == nil {
		return nil
	}
	return v.shown(caseAt(h, v.Revision))
}

func caseAt(h *history[*Case], revision int64) *Case {
	if c := h.at(revision); c != nil && !c.gone {
		return c
	}
	return nil
}

// Evaluation is the class of the case's operator in the year before the
// campaign's, as it is known now; "" is 未评价.
func (v *View) Evaluation(c *Case) string {
	v.book.mu.RLock()
	defer v.book.mu.RUnlock()
	return v.book.operators[c.Enterprise].Evaluations[strconv.Itoa(v.Definition.Year-1)]
}

// Parcels are the parcels there were, by id.
func (v *View) Parcels() []*Parcel {
	found := make([]*Parcel, 0, len(v.page.parcels))
	for _, h := range v.page.parcels {
		if p := h.at(v.Revision); p != nil && !p.gone {
			found = append(found, v.shownParcel(p))
		}
	}
	return found
}

// EachParcel gives the parcels there were, by id, with the cases on each, the least advanced first.
func (v *View) EachParcel(put func(p *Parcel, on []*Case)) {
	for _, h := range v.page.parcels {
		if p := h.at(v.Revision); p != nil && !p.gone {
			put(v.shownParcel(p), v.OnParcel(p.ID))
		}
	}
}

// ParcelsMost is how many parcels there are at most.
func (v *View) ParcelsMost() int { return len(v.page.parcels) }

// Parcel finds a parcel by its id, nil when there is none.
func (v *View) Parcel(id int64) *Parcel {
	v.book.mu.RLock()
	h := v.book.parcels[id]
	v.book.mu.RUnlock()
	if h == nil {
		return nil
	}
	if p := h.at(v.Revision); p != nil && !p.gone {
		return v.shownParcel(p)
	}
	return nil
}

// ParcelsSince are the parcels that began, changed or ended after a revision and by the view's.
func (v *View) ParcelsSince(revision int64) []int64 {
	var ids []int64
	for _, h := range v.page.parcels {
		if p := h.at(v.Revision); p != nil && p.From > revision {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// OnParcel are the cases on a parcel, the least advanced first.
func (v *View) OnParcel(id int64) []*Case {
	found := v.allOnParcel(id)
	for i, c := range found {
		found[i] = v.shown(c)
	}
	return found
}

func (v *View) allOnParcel(id int64) []*Case {
	v.book.mu.RLock()
	histories := v.book.onParcel[id]
	v.book.mu.RUnlock()
	var found []*Case
	for _, h := range histories {
		if c := caseAt(h, v.Revision); c != nil && slices.ContainsFunc(c.Shares, func(s campaign.Share) bool { return s.Parcel == id }) {
			found = append(found, c)
		}
	}
	if len(found) < 2 {
		return found
	}
	slices.SortFunc(found, func(a, b *Case) int {
		if a.Stage != b.Stage {
			return a.Stage - b.Stage
		}
		return compare(a.ID, b.ID)
	})
	return found
}

// Excluded says that the case is out of every figure (剔除).
func (v *View) Excluded(c *Case) bool { return inAny(c, v.rules.excludes) }

// Uncounted says that what the case completed does not count (反弹).
func (v *View) Uncounted(c *Case) bool { return inAny(c, v.rules.uncounts) }

// Locked says that the case's land stands: a milestone that locks it is done, and nothing unlocks it.
func (v *View) Locked(c *Case) bool {
	if inAny(c, v.rules.unlocks) {
		return false
	}
	t, _ := v.Definition.Track(c.Track)
	for _, m := range t.Milestones {
		if on, _ := c.Passed(m.Code); m.Locks && on != "" {
			return true
		}
	}
	return false
}

// Paused says that the case is not late while a side state is in force.
func (v *View) Paused(c *Case) bool { return inAny(c, v.rules.pauses) || inAny(c, v.rules.excludes) }

// Late is how many days the case is late on the view's day; 0 when it is not.
func (v *View) Late(c *Case) int {
	if c.Next == "" || c.Deadline == "" || c.Deadline >= v.Day || inAny(c, v.rules.pauses) || inAny(c, v.rules.excludes) {
		return 0
	}
	return c.Deadline.DaysUntil(v.Day)
}

// Ahead is by how many days the furthest milestone of an open case was early; 0 where that is no
// praise by the campaign's rule (提前), nothing was planned, or the case is out of the campaign.
func (v *View) Ahead(c *Case) int {
	if c.Next == "" || inAny(c, v.rules.excludes) {
		return 0
	}
	t, _ := v.Definition.Track(c.Track)
	for _, m := range slices.Backward(t.Milestones) {
		on, _ := c.Passed(m.Code)
		if on == "" {
			continue
		}
		if days := on.DaysUntil(c.Planned(m.Code)); v.Definition.LightRule().Ahead(days) {
			return days
		}
		return 0
	}
	return 0
}

func inAny(c *Case, codes []string) bool {
	for _, s := range c.Sides {
		if slices.Contains(codes, s.Code) {
			return true
		}
	}
	return false
}

// kept is how many lists are held ready, by revision and scope class: a comparison,
// some bulletins, and the days somebody slides over.
const kept = 64

// views holds the cases of revisions that were asked for, the last asked last.
type views struct {
	mu   sync.Mutex
	held []heldView
}

type heldView struct {
	revision int64
	class    string
	cases    []*Case
}

// at are the cases at the view's revision, by code.
func (vs *views) at(v *View) []*Case {
	revision, class := v.Revision, v.scope.Class()
	vs.mu.Lock()
	defer vs.mu.Unlock()
	for i, h := range vs.held {
		if h.revision == revision && h.class == class {
			vs.held = append(slices.Delete(vs.held, i, i+1), h)
			return h.cases
		}
	}
	cases := make([]*Case, 0, len(v.page.cases))
	for _, h := range v.page.cases {
		if c := caseAt(h, revision); c != nil {
			cases = append(cases, v.shown(c))
		}
	}
	if len(vs.held) >= kept {
		vs.held = slices.Delete(vs.held, 0, 1)
	}
	vs.held = append(vs.held, heldView{revision, class, cases})
	return cases
}
