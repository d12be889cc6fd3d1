package chronicle

import (
	"slices"
	"sync/atomic"

	"github.com/guatu/guatu/internal/auth"
)

// For is the same view as somebody else has it. What their scope does not see
// comes reduced, whoever asks for it and in whatever way: every reader of a view
// is served by this one place.
func (v *View) For(scope auth.Scope) *View {
	scoped := *v
	scoped.scope = scope
	list := once[[]*Case]{}
	scoped.cases = func() []*Case {
		return *list.get(func() *[]*Case { cases := v.book.views.at(&scoped); return &cases })
	}
	return &scoped
}

// Scope is whose view it is.
func (v *View) Scope() auth.Scope { return v.scope }

// Sees tells whether the view's reader sees everything of a case.
func (v *View) Sees(c *Case) bool { return v.scope.Sees(c.Unit, c.Village) }

// shown is a case as the view shows it.
func (v *View) shown(c *Case) *Case {
	if c == nil || v.Sees(c) {
		return c
	}
	return c.public.get(c.reduced)
}

// reduced is what everybody sees of a case.
func (c *Case) reduced() *Case {
	public, identity := *c, *c.Identity
	identity.Label, identity.Enterprise = "", 0
	public.Identity, public.Reduced = &identity, true
	public.Sides = slices.Clone(c.Sides)
	for i := range public.Sides {
		public.Sides[i].Reason = ""
	}
	return &public
}

// shownParcel is a parcel as the view shows it.
func (v *View) shownParcel(p *Parcel) *Parcel {
	if v.seesParcel(p) {
		return p
	}
	return p.public.get(func() *Parcel {
		public := *p
		public.Label, public.Reduced = "", true
		return &public
	})
}

// seesParcel: the parcel lies in one's area, or carries a case that does. Where it
// lies in no unit, its cases alone decide.
func (v *View) seesParcel(p *Parcel) bool {
	if v.scope.Whole() {
		return true
	}
	on := v.allOnParcel(p.ID)
	return slices.ContainsFunc(on, v.Sees) || (p.Unit != "" || len(on) == 0) && v.scope.Sees(p.Unit, "")
}

// once is something that is made when it is first asked for; two who ask at once may both make it.
type once[V any] struct{ made atomic.Pointer[V] }

func (o *once[V]) get(anew func() *V) *V {
	if v := o.made.Load(); v != nil {
		return v
	}
	v := anew()
	if !o.made.CompareAndSwap(nil, v) {
		return o.made.Load()
	}
	return v
}
