package chronicle

import (
	"cmp"
	"slices"
	"strings"
)

// List is a page of a list.
type List struct {
	Total Total // of the whole list
	Cases []*Case
	More  bool // there are further ones
}

// Paging says which part of a list, and in which order.
type Paging struct {
	Sort  string // a column of Columns, with "-" before it for falling order; "" is code
	After string // code of the last case of the page before
	Limit int
}

// List is a page of what a filter leaves. Equal values are ordered by code.
func (v *View) List(f Filter, p Paging) (List, error) {
	found, total, err := v.Select(f)
	if err != nil {
		return List{}, err
	}
	if found, err = v.sorted(found, p.Sort); err != nil {
		return List{}, err
	}
	start := 0
	if p.After != "" {
		start = 1 + slices.IndexFunc(found, func(c *Case) bool { return c.Code == p.After })
	}
	end := min(len(found), start+p.Limit)
	return List{Total: total, Cases: found[start:end], More: end < len(found)}, nil
}

// order compares by one column.
type order func(a, b *Case) int

// orders are the columns that lists are sorted by.
func (v *View) orders() map[string]order {
	return map[string]order{
		"code": func(a, b *Case) int { return strings.Compare(a.Code, b.Code) },
		"label": func(a, b *Case) int {
			return strings.Compare(v.book.Names().Initials(a.Label), v.book.Names().Initials(b.Label))
		},
		"unit":      func(a, b *Case) int { return v.unitOrder(a.Unit) - v.unitOrder(b.Unit) },
		"village":   func(a, b *Case) int { return strings.Compare(a.Village, b.Village) },
		"stage":     func(a, b *Case) int { return a.Stage - b.Stage },
		"deadline":  byDeadline,
		"late":      func(a, b *Case) int { return v.Late(a) - v.Late(b) },
		"land":      func(a, b *Case) int { return cmp.Compare(a.Land(), b.Land()) },
		"recovered": func(a, b *Case) int { return cmp.Compare(a.Recovered, b.Recovered) },
		"effective": func(a, b *Case) int { return cmp.Compare(a.Effective, b.Effective) },
		"floor":     func(a, b *Case) int { return cmp.Compare(a.Floor, b.Floor) },
		"changed":   func(a, b *Case) int { return cmp.Compare(a.From, b.From) },
	}
}

// byDeadline puts cases without a deadline last.
func byDeadline(a, b *Case) int {
	if (a.Deadline == "") != (b.Deadline == "") {
		return strings.Compare(string(b.Deadline), string(a.Deadline))
	}
	return strings.Compare(string(a.Deadline), string(b.Deadline))
}

func (v *View) unitOrder(code string) int {
	return slices.IndexFunc(v.Units, func(u Unit) bool { return u.Code == code })
}

// sorted is the list, which comes by code, in another order.
func (v *View) sorted(found []*Case, by string) ([]*Case, error) {
	name, falling := strings.CutPrefix(by, "-")
	if name == "" || name == "code" && !falling {
		return found, nil
	}
	compare, ok := v.orders()[name]
	if !ok {
		return nil, badSort(name)
	}
	slices.SortStableFunc(found, func(a, b *Case) int {
		if falling {
			a, b = b, a
		}
		return compare(a, b)
	})
	return found, nil
}
