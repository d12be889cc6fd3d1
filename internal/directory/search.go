package directory

import (
	"cmp"
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/lookup"
)

// Kind is what a suggestion is.
type Kind string

// The kinds, in the order in which equally good suggestions come.
const (
	KindUnit       Kind = "unit"
	KindVillage    Kind = "village"
	KindCase       Kind = "case"
	KindEnterprise Kind = "enterprise"
	KindParcel     Kind = "parcel"
)

// Suggestion is one thing that fits what was typed.
type Suggestion struct {
	Kind    Kind
	Rank    lookup.Rank
	ID      int64 // 0 for a village
	Code    string
	Label   string
	Unit    string // code
	Village string // code
	Reduced bool   // the label is not shown
	Stage   int    // of a case, or of a parcel's least advanced one; 0 without

	Case    *chronicle.Case // of a case
	Parcels []int64         // where it is on the map
}

// Found is what fits, the best first.
type Found struct {
	Suggestions []Suggestion
	Number      map[Kind]int // how many there are of each kind, whether suggested or not
}

// Search finds what somebody types among everything that has a name, at most so many of each kind.
func (d *Directory) Search(ctx context.Context, scope auth.Scope, v *chronicle.View, typed string, most int) (Found, error) {
	p, err := d.at(ctx, scope, v)
	if err != nil {
		return Found{}, err
	}
	s := &search{view: v.For(scope), page: p, query: d.names.Parse(typed), ranks: map[int64]lookup.Rank{}}
	found := Found{Number: make(map[Kind]int)}
	for _, e := range p.all {
		rank := min(s.query.Code(e.Code), s.query.Name(e.Name), s.query.Name(e.Label))
		if itself, seen := p.itself(e); seen && rank < lookup.None {
			s.rank(itself.ID, rank)
		}
	}
	for _, part := range [][]Suggestion{s.units(), s.villages(), s.cases(), s.enterprises(), s.parcels()} {
		if len(part) == 0 {
			continue
		}
		found.Number[part[0].Kind] = len(part)
		slices.SortStableFunc(part, better)
		found.Suggestions = append(found.Suggestions, part[:min(most, len(part))]...)
	}
	slices.SortStableFunc(found.Suggestions, func(a, b Suggestion) int { return cmp.Compare(a.Rank, b.Rank) })
	return found, nil
}

// better orders suggestions of one kind: by rank, then the shorter label, then the code.
func better(a, b Suggestion) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(len(a.Label), len(b.Label)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID))
}

type search struct {
	view  *chronicle.View
	page  *page
	query lookup.Query
	ranks map[int64]lookup.Rank // of the enterprises that fit
}

// rank keeps the best rank of an enterprise; its own names count, and those of what was merged into it.
func (s *search) rank(id int64, rank lookup.Rank) {
	if best, fits := s.ranks[id]; !fits || rank < best {
		s.ranks[id] = rank
	}
}

func (s *search) units() []Suggestion {
	var list []Suggestion
	for _, u := range s.view.Units {
		rank := min(s.query.Code(u.Code), s.query.Name(u.Name.ZH), s.query.Name(u.Short.ZH), s.query.Name(u.Name.EN))
		if rank < lookup.None {
			list = append(list, Suggestion{Kind: KindUnit, Rank: rank, ID: u.ID, Code: u.Code, Label: u.Name.ZH, Unit: u.Code})
		}
	}
	return list
}

func (s *search) villages() []Suggestion {
	var list []Suggestion
	for _, w := range s.view.Definition.Villages {
		if rank := min(s.query.Code(w.Code), s.query.Name(w.Name.ZH)); rank < lookup.None {
			list = append(list, Suggestion{Kind: KindVillage, Rank: rank, Code: w.Code, Label: w.Name.ZH, Unit: w.Unit, Village: w.Code})
		}
	}
	return list
}

func (s *search) enterprises() []Suggestion {
	var list []Suggestion
	for id, rank := range s.ranks {
		e := s.page.find(id)
		list = append(list, Suggestion{Kind: KindEnterprise, Rank: rank, ID: e.ID, Code: e.Code, Label: e.Label, Unit: e.Unit, Village: e.Village})
	}
	return list
}

// cases fit by code or label, or, less well, by their operator's name or code.
func (s *search) cases() []Suggestion {
	var list []Suggestion
	for _, c := range s.view.Cases() {
		rank := min(s.query.Code(c.Code), s.query.Name(c.Label))
		if by, fits := s.ranks[c.Enterprise]; fits {
			rank = min(rank, by)
		}
		if rank == lookup.None {
			continue
		}
		found := Suggestion{Kind: KindCase, Rank: rank, ID: c.ID, Code: c.Code, Label: c.Label, Reduced: c.Reduced, Unit: c.Unit, Village: c.Village, Stage: c.Stage, Case: c}
		for _, share := range c.Shares {
			found.Parcels = append(found.Parcels, share.Parcel)
		}
		list = append(list, found)
	}
	return list
}

func (s *search) parcels() []Suggestion {
	var list []Suggestion
	for _, p := range s.view.Parcels() {
		if rank := min(s.query.Code(p.Code), s.query.Name(p.Label)); rank < lookup.None {
			found := Suggestion{Kind: KindParcel, Rank: rank, ID: p.ID, Code: p.Code, Label: p.Label, Reduced: p.Reduced, Unit: p.Unit, Parcels: []int64{p.ID}}
			if on := s.view.OnParcel(p.ID); len(on) > 0 {
				found.Stage = on[0].Stage
			}
			list = append(list, found)
		}
	}
	return list
}
