package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ledger"
)

// Likeness is why two enterprises may be one.
type Likeness string

// What makes two enterprises alike, the strongest first.
const (
	SameCode   Likeness = "code"   // their credit codes differ in letters that codes do not use (O for 0) or in writing
	SameName   Likeness = "name"   // their names differ in writing and in the form of the company
	SamePlaces Likeness = "parcel" // they stand on one parcel and their names are nearly the same
)

// Pair are two enterprises that may be one, the one with more cases first.
type Pair struct {
	One, Other Row
	Why        []Likeness
	Has        [2]Holdings
}

// Holdings are what hangs on an enterprise beside its cases.
type Holdings struct {
	Photos  int
	Lands   int            // cases with recorded land
	Contact bool           // somebody to reach is entered
	Sheets  map[string]int // rows by code, of it and of its cases: funds, readings, …
}

// mostPairs is how many pairs are shown; who has merged some sees the next.
const mostPairs = 100

// Twins finds enterprises that may be entered twice. Two with sound and different credit codes are two.
func (d *Directory) Twins(ctx context.Context, scope auth.Scope, v *chronicle.View) ([]Pair, error) {
	p, err := d.at(ctx, scope, v)
	if err != nil {
		return nil, err
	}
	pairs := p.twins(operated(v.For(scope)))
	pairs = pairs[:min(mostPairs, len(pairs))]
	var ids []int64
	for _, pair := range pairs {
		ids = append(ids, pair.One.ID, pair.Other.ID)
	}
	has, err := d.source.Holdings(ctx, scope, ids)
	for i := range pairs {
		pairs[i].Has = [2]Holdings{has[pairs[i].One.ID], has[pairs[i].Other.ID]}
	}
	return pairs, err
}

// likeness is a thing that two enterprises can have in common.
type likeness struct {
	what Likeness
	key  string
	unit string
}

func (p *page) twins(cases map[int64][]*chronicle.Case) []Pair {
	found := map[[2]int64]*Pair{}
	of := map[likeness][]*enterprise{}
	on := map[int64][]*enterprise{} // by parcel
	for _, e := range p.all {
		if e.MergedInto != 0 {
			continue
		}
		for _, l := range marks(e.Enterprise) {
			for _, other := range of[l] {
				alike(found, cases, other, e, l.what)
			}
			of[l] = append(of[l], e)
		}
		for _, parcel := range parcelsOf(cases[e.ID]) {
			for _, other := range on[parcel] {
				if nearly(e.Name, other.Name) {
					alike(found, cases, other, e, SamePlaces)
				}
			}
			on[parcel] = append(on[parcel], e)
		}
	}
	return sorted(found)
}

// marks are what an enterprise is compared by. Names of workshops are names of people, of whom there are several: they say
// something within a unit, that of a company everywhere.
func marks(e ledger.Enterprise) []likeness {
	var list []likeness
	if e.Code != "" {
		list = append(list, likeness{what: SameCode, key: confusable.Replace(uscc.Normalise(e.Code))})
	}
	name, company := bare(e.Name)
	if name != "" {
		list = append(list, likeness{what: SameName, key: name, unit: "in " + e.Unit})
	}
	if company {
		list = append(list, likeness{what: SameName, key: name})
	}
	return list
}

func alike(found map[[2]int64]*Pair, cases map[int64][]*chronicle.Case, a, b *enterprise, why Likeness) {
	if a.ID == b.ID || twoFirms(a, b) {
		return
	}
	if len(cases[b.ID]) > len(cases[a.ID]) {
		a, b = b, a
	}
	key := [2]int64{min(a.ID, b.ID), max(a.ID, b.ID)}
	pair := found[key]
	if pair == nil {
		pair = &Pair{One: Row{a.Enterprise, cases[a.ID], a.odd}, Other: Row{b.Enterprise, cases[b.ID], b.odd}}
		found[key] = pair
	}
	if !slices.Contains(pair.Why, why) {
		pair.Why = append(pair.Why, why)
	}
}

func twoFirms(a, b *enterprise) bool {
	return a.Code != "" && b.Code != "" && a.Code != b.Code && !a.odd && !b.odd
}

func sorted(found map[[2]int64]*Pair) []Pair {
	list := make([]Pair, 0, len(found))
	for _, pair := range found {
		slices.SortFunc(pair.Why, func(a, b Likeness) int { return strength(a) - strength(b) })
		list = append(list, *pair)
	}
	slices.SortFunc(list, func(a, b Pair) int {
		return cmp.Or(strength(a.Why[0])-strength(b.Why[0]), len(b.Why)-len(a.Why), cmp.Compare(a.One.ID, b.One.ID), cmp.Compare(a.Other.ID, b.Other.ID))
	})
	return list
}

func strength(l Likeness) int { return slices.Index([]Likeness{SameCode, SameName, SamePlaces}, l) }

func parcelsOf(cases []*chronicle.Case) []int64 {
	var ids []int64
	for _, c := range cases {
		for _, s := range c.Shares {
			ids = append(ids, s.Parcel)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// confusable writes the letters that codes do not use as the characters they are taken for.
var confusable = strings.NewReplacer("O", "0", "I", "1", "Z", "2", "S", "5", "V", "U") //nolint:gochecknoglobals // a constant table

// forms are forms of companies, the longest first: what a name may have at its end or lack.
var forms = []string{"有限责任公司", "股份有限公司", "有限公司", "分公司", "公司", "个体工商户"} //nolint:gochecknoglobals // a constant list

// bare is a name without writing and form of the company: （秀洲）良三织造 有限公司 is 秀洲良三织造.
func bare(name string) (short string, company bool) {
	name = strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()[]·.-,、（）【】　", r) {
			return -1
		}
		return r
	}, width.Fold.String(name)))
	for _, form := range forms {
		if rest, cut := strings.CutSuffix(name, form); cut && len([]rune(rest)) > 1 {
			return rest, true
		}
	}
	return name, false
}

// nearly says that of two names, without writing and form, one holds the other, or they differ in one character.
func nearly(a, b string) bool {
	a, _ = bare(a)
	b, _ = bare(b)
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < 2 {
		return false
	}
	return strings.Contains(string(y), string(x)) || len(x) > 3 && oneApart(x, y)
}

// oneApart says that one character was changed, left out or put in; y is not the shorter. Another number is another workshop.
func oneApart(x, y []rune) bool {
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return i < len(x) && !unicode.IsDigit(y[i]) && slices.Equal(x[i+1:], y[i+1:])
	}
	return len(x)+1 == len(y) && !unicode.IsDigit(y[i]) && slices.Equal(x[i:], y[i+1:])
}

// former are the enterprises that were merged into one, at once or through others.
func (p *page) former(id int64) []ledger.Enterprise {
	var list []ledger.Enterprise
	for _, e := range p.all {
		if itself, seen := p.itself(e); seen && e.MergedInto != 0 && itself.ID == id {
			list = append(list, e.Enterprise)
		}
	}
	return list
}
