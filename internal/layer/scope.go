package layer

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
)

// owner is whose name a feature shows: the unit and the village of its case.
type owner struct{ unit, village string }

func ownerOf(c *chronicle.Case) owner { return owner{c.Unit, c.Village} }

func (o owner) seenBy(scope auth.Scope) bool { return scope.Sees(o.unit, o.village) }

// veil says whose label a feature shows, and where it stands in its JSON: from
// those who may not see the owner's names it is hidden.
type veil struct {
	owner    owner
	from, to int
}

const (
	labelKey    = `,"label":`
	hiddenLabel = labelKey + `"","reduced":true`
)

func (v *veil) equal(o *veil) bool { return v == o || v != nil && o != nil && *v == *o }

// lifted says that a scope sees everything of the feature.
func (f *feature) lifted(scope auth.Scope) bool {
	of, ok := f.named()
	return !ok || of.seenBy(scope)
}

// labelled begins JSON with what stands before the label, and goes on behind it.
func labelled(o owner, before []byte, label string, behind func([]byte) []byte) (head []byte, v *veil) {
	v = &veil{owner: o, from: len(before)}
	b := appendString(append(before, labelKey...), label)
	v.to = len(b)
	return behind(b), v
}

// sight is a chunk as some scopes see it: its size as JSON, known once it was sent, and what it is packed to.
type sight struct {
	size   atomic.Int64
	packed packed
	flat   packed // in the flat form
}

// sights are the ways in which a chunk is seen. Scopes share what they see alike:
// all of it, or nothing but what everybody sees. Only a chunk in which somebody's own features
// are mixed with others' is packed for their class apart, when it is first asked for.
type sights struct {
	looked sync.Once
	owners []owner // whose names there are
	isAway bool    // some geometry is not in memory
	full   sight
	public sight

	mu    sync.Mutex
	mixed map[string]*sight // by class
}

// look finds the owners, and whether all geometries are here.
func (c *chunk) look() {
	c.isAway = away(c.features)
	var last owner
	for _, f := range c.features {
		of, ok := f.named()
		if !ok || of == last && len(c.owners) > 0 {
			continue
		}
		if last = of; !slices.Contains(c.owners, of) {
			c.owners = append(c.owners, of)
		}
	}
}

// as is the chunk as a scope sees it.
func (c *chunk) as(scope auth.Scope) *sight {
	c.looked.Do(c.look)
	seen := 0
	for _, o := range c.owners {
		if o.seenBy(scope) {
			seen++
		}
	}
	switch seen {
	case len(c.owners):
		return &c.full
	case 0:
		return &c.public
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.mixed[scope.Class()]
	if s == nil {
		s = &sight{}
		if c.mixed == nil {
			c.mixed = map[string]*sight{}
		}
		c.mixed[scope.Class()] = s
	}
	return s
}

// wholes are the whole layer put together, by scope class and coding.
type wholes struct {
	mu      sync.Mutex
	byClass map[string]*[3]atomic.Pointer[Answer]
}

func (w *wholes) of(scope auth.Scope) *[3]atomic.Pointer[Answer] {
	w.mu.Lock()
	defer w.mu.Unlock()
	slots := w.byClass[scope.Class()]
	if slots == nil {
		slots = new([3]atomic.Pointer[Answer])
		if w.byClass == nil {
			w.byClass = map[string]*[3]atomic.Pointer[Answer]{}
		}
		w.byClass[scope.Class()] = slots
	}
	return slots
}
