package directory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Filter narrows the list of enterprises; its zero values do not.
type Filter struct {
	Query      string // part of name, label, credit code, village, or of their initials
	Kind       string
	Unit       string
	Village    string
	Industry   string // the beginning of a class of GB/T 4754
	AboveScale bool
	Year       string // of Class; "" is any year
	Class      string // A to D
	Track      string // with a case of it
	Odd        bool   // the credit code does not check
}

// Paging says which part of the list, and in which order.
type Paging struct {
	Sort  string // name, code, unit, village, tax, land, cases; "-" before it for falling order; "" is name
	After int64  // id of the last one of the page before
	Limit int
}

// Row is an enterprise with its cases.
type Row struct {
	ledger.Enterprise

	Cases []*chronicle.Case // by code
	Odd   bool              // its credit code does not check
}

// Land is what its cases count of their parcels.
func (r Row) Land() geo.Area {
	var sum geo.Area
	for _, c := range r.Cases {
		sum += c.Land()
	}
	return sum
}

// List is a page of the list.
type List struct {
	Total int
	Rows  []Row
	More  bool
}

// List gives the enterprises that a filter leaves.
func (d *Directory) List(ctx context.Context, scope auth.Scope, v *chronicle.View, f Filter, p Paging) (List, error) {
	now, err := d.at(ctx, scope, v)
	if err != nil {
		return List{}, err
	}
	v = v.For(scope)
	cases := operated(v)
	test := d.matcher(v, f)
	var rows []Row
	for _, e := range now.all {
		if row := (Row{e.Enterprise, cases[e.ID], e.odd}); e.MergedInto == 0 && test(row) {
			rows = append(rows, row)
		}
	}
	if err := d.sort(v, rows, p.Sort); err != nil {
		return List{}, err
	}
	start := 0
	if p.After != 0 {
		start = 1 + slices.IndexFunc(rows, func(r Row) bool { return r.ID == p.After })
	}
	end := min(len(rows), start+p.Limit)
	return List{Total: len(rows), Rows: rows[start:end], More: end < len(rows)}, nil
}

// operated are a view's cases by operator.
func operated(v *chronicle.View) map[int64][]*chronicle.Case {
	cases := map[int64][]*chronicle.Case{}
	for _, c := range v.Cases() {
		if c.Enterprise != 0 {
			cases[c.Enterprise] = append(cases[c.Enterprise], c)
		}
	}
	return cases
}

// matcher turns a filter into one test.
func (d *Directory) matcher(v *chronicle.View, f Filter) func(Row) bool {
	query := d.names.Parse(f.Query)
	return func(r Row) bool {
		village, _ := v.Definition.Village(r.Village)
		return (f.Kind == "" || r.Kind == f.Kind) && (f.Unit == "" || r.Unit == f.Unit) && (f.Village == "" || r.Village == f.Village) &&
			strings.HasPrefix(r.Industry, f.Industry) && (!f.AboveScale || r.AboveScale) && (!f.Odd || r.Odd) && f.classed(r) &&
			(f.Track == "" || slices.ContainsFunc(r.Cases, func(c *chronicle.Case) bool { return c.Track == f.Track })) &&
			(query.Empty() || query.Fits(r.Code, r.Name, r.Label, village.Name.ZH))
	}
}

// classed tests the class of a year, or of any.
func (f Filter) classed(r Row) bool {
	if f.Class == "" {
		return true
	}
	for year, class := range r.Evaluations {
		if class == f.Class && (f.Year == "" || f.Year == year) {
			return true
		}
	}
	return false
}

// sort orders the rows; equal ones by id.
func (d *Directory) sort(v *chronicle.View, rows []Row, by string) error {
	name, falling := strings.CutPrefix(by, "-")
	compare, ok := d.orders(v)[cmp.Or(name, "name")]
	if !ok {
		return fault.New(fault.KindInvalid, "bad_sort", "不能按“"+name+"”排序", "lists cannot be sorted by "+name)
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if falling {
			return compare(b, a)
		}
		return compare(a, b)
	})
	return nil
}

func (d *Directory) orders(v *chronicle.View) map[string]func(a, b Row) int {
	return map[string]func(a, b Row) int{
		"name": func(a, b Row) int {
			return cmp.Or(strings.Compare(d.names.Initials(a.Name), d.names.Initials(b.Name)), strings.Compare(a.Name, b.Name))
		},
		"code":    func(a, b Row) int { return strings.Compare(a.Code, b.Code) },
		"unit":    func(a, b Row) int { return unitOrder(v, a.Unit) - unitOrder(v, b.Unit) },
		"village": func(a, b Row) int { return strings.Compare(a.Village, b.Village) },
		"tax":     func(a, b Row) int { return cmp.Compare(lastTax(a), lastTax(b)) },
		"land":    func(a, b Row) int { return cmp.Compare(a.Land(), b.Land()) },
		"cases":   func(a, b Row) int { return len(a.Cases) - len(b.Cases) },
	}
}

func unitOrder(v *chronicle.View, code string) int {
	return slices.IndexFunc(v.Units, func(u chronicle.Unit) bool { return u.Code == code })
}

// lastTax is the tax per mu of the last year for which it is known, 0 where it never is.
func lastTax(r Row) float64 {
	last, tax := "", 0.0
	for year, yuan := range r.TaxPerMu {
		if year > last {
			last, tax = year, yuan
		}
	}
	return tax
}

// File is everything about one enterprise.
type File struct {
	Row

	Notices []Notice
	Former  []ledger.Enterprise // those that were merged into it
}

// Find opens one enterprise with its cases at a view; by the id of one that was merged, the one that it is.
func (d *Directory) Find(ctx context.Context, scope auth.Scope, v *chronicle.View, id int64) (File, error) {
	p, err := d.at(ctx, scope, v)
	if err != nil {
		return File{}, err
	}
	e := p.find(id)
	if e == nil {
		return File{}, notFound()
	}
	e, seen := p.itself(e)
	if !seen {
		return File{}, notFound()
	}
	v = v.For(scope)
	f := File{Former: p.former(e.ID), Row: Row{e.Enterprise, nil, e.odd}, Notices: p.notices(e.Name, e.Code, e.ID)}
	for _, c := range v.Cases() {
		if c.Enterprise == e.ID {
			f.Cases = append(f.Cases, c)
		}
	}
	return f, nil
}
