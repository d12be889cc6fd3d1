package chronicle

import (
	"slices"
	"sync/atomic"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// Identity is what of a case rarely changes; versions of a case share it.
type Identity struct {
	Code       string // XZ-2020-0231
	Label      string // may be shown publicly
	Track      string
	Unit       string // code of the responsible unit at that revision
	Village    string // code
	Kind       string // 企业, 作坊: a code of the campaign's list
	Batch      string
	Disposal   string
	Enterprise int64 // 0: none known
	Shares     []campaign.Share

	land     geo.Area // of the shares
	operator int64    // the enterprise, also where it is not shown: figures count operators
}

// Case is a version of a case. Areas are 0.0001 m².
type Case struct {
	*Identity

	ID, Version int64
	From        int64 // revision
	Stage       int
	Next        string // milestone; "" when closed
	Deadline    campaign.Date
	Recovered   geo.Area // as accepted; 0 before
	Effective   geo.Area
	Floor       geo.Area
	Rebounds    int
	Sides       []Side // in force, by code
	// Reduced says that name, operator and reasons are not shown: the reader is of another unit.
	Reduced bool

	words   *words
	passed  []mark
	planned []mark
	gone    bool // from here on there is no such case
	public  *once[Case]
}

// Side is a side state in force with the code of its reason, "" where it was given in words.
type Side struct{ Code, Reason string }

// Land is the land of the case's parcels that it counts.
func (c *Case) Land() geo.Area { return c.land }

// Passed says whether a milestone is done, and when, or not applicable (an empty day).
func (c *Case) Passed(milestone string) (on campaign.Date, passed bool) {
	day, passed := find(c.passed, c.words.code(milestone))
	return dateOf(day), passed
}

// Planned is the day for which a milestone is planned, "" for none.
func (c *Case) Planned(milestone string) campaign.Date {
	day, _ := find(c.planned, c.words.code(milestone))
	return dateOf(day)
}

// Days are the milestones passed with their day, an empty one where not applicable.
func (c *Case) Days() map[string]campaign.Date { return c.words.days(c.passed) }

// Plans are the milestones planned with their day.
func (c *Case) Plans() map[string]campaign.Date { return c.words.days(c.planned) }

// In says whether a side state is in force.
func (c *Case) In(side string) bool {
	return slices.ContainsFunc(c.Sides, func(s Side) bool { return s.Code == side })
}

// SideCodes are the codes of the side states in force.
func (c *Case) SideCodes() []string {
	codes := make([]string, len(c.Sides))
	for i, s := range c.Sides {
		codes[i] = s.Code
	}
	return codes
}

// Parcel is a version of a parcel.
type Parcel struct {
	ID    int64
	From  int64 // revision
	Code  string
	Label string
	Unit  string
	Area  geo.Area // geodesic
	Shape string   // names the geometry
	// PlaneArea is that of EPSG:4549.
	PlaneArea geo.Area
	// Reduced says that the label is not shown: the reader is of another unit.
	Reduced bool

	gone   bool
	public *once[Parcel]
}

// mark is a milestone and a day; 0 is no day.
type mark struct {
	milestone uint16
	day       int32 // days since 1970-01-01, plus one
}

// find is the day of a milestone, 0 where it is none; figures ask a hundred thousand times, and print no day.
func find(marks []mark, milestone uint16) (day int32, passed bool) {
	for _, m := range marks {
		if m.milestone == milestone {
			return m.day, true
		}
	}
	return 0, false
}

// version is what a history is made of.
type version interface{ from() int64 }

func (c *Case) from() int64   { return c.From }
func (p *Parcel) from() int64 { return p.From }
func (l *Land) from() int64   { return l.From }

// plain is a version that is what its row says.
type plain interface {
	version
	comparable
	over() bool
}

func (p *Parcel) over() bool { return p.gone }
func (l *Land) over() bool   { return l.gone }

// bring takes a version into its history, unless it is known already, and its
// end where the row has one; the histories that are new are returned as fresh.
func bring[V plain](known map[int64]*history[V], fresh []*history[V], id int64, v, ended V) (h *history[V], allFresh []*history[V]) {
	var none V
	if h = known[id]; h == nil {
		h = &history[V]{}
		known[id] = h
		fresh = append(fresh, h)
	}
	if last := latest(h); last == none || v.from() > last.from() || last.over() && v.from() == last.from() {
		put(h, v)
	}
	if ended != none {
		h.add(ended)
	}
	return h, fresh
}

// history is the versions of one noun, oldest first. They never change; newer
// ones are appended, which a reader of an earlier revision does not notice.
type history[V version] struct{ versions atomic.Pointer[[]V] }

func (h *history[V]) all() []V {
	if p := h.versions.Load(); p != nil {
		return *p
	}
	return nil
}

func (h *history[V]) add(v V) {
	versions := append(h.all(), v)
	h.versions.Store(&versions)
}

// at is the version that holds at a revision; the zero V before the first.
func (h *history[V]) at(revision int64) V {
	versions := h.all()
	i, exact := slices.BinarySearchFunc(versions, revision, func(v V, r int64) int { return compare(v.from(), r) })
	if !exact {
		i--
	}
	if i < 0 {
		var none V
		return none
	}
	return versions[i]
}

// compare is cmp.Compare for revisions; it does not overflow.
func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
