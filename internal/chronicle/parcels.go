package chronicle

import (
	"cmp"
	"slices"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/fault"
)

// ParcelFilter narrows a list of parcels; its zero values do not.
type ParcelFilter struct {
	Unit   string
	Stages []int  // of the least advanced case on it, 0 without a case
	Free   bool   // without a case
	Track  string // with a case of it
	Query  string // part of code or label, or of the label's pinyin initials
}

// ParcelOn is a parcel with the cases on it.
type ParcelOn struct {
	*Parcel

	Cases []*Case // the least advanced first
}

// Stage is that of the least advanced case on it, 0 without a case.
func (p ParcelOn) Stage() int {
	if len(p.Cases) == 0 {
		return 0
	}
	return p.Cases[0].Stage
}

// ParcelList is a page of a list of parcels.
type ParcelList struct {
	Total   int64
	Area    geo.Area // of the whole list
	Parcels []ParcelOn
	More    bool
}

// ParcelPaging says which part of a list of parcels, and in which order.
type ParcelPaging struct {
	Sort  string // code, label, unit, stage, area; "-" before it for falling order; "" is code
	After int64  // id of the last parcel of the page before
	Limit int
}

// ListParcels is a page of what a filter leaves. Equal values are ordered by id.
func (v *View) ListParcels(f ParcelFilter, p ParcelPaging) (ParcelList, error) {
	name, falling := strings.CutPrefix(p.Sort, "-")
	compare, ok := v.parcelOrders()[cmp.Or(name, "code")]
	if !ok {
		return ParcelList{}, badSort(name)
	}
	var found []ParcelOn
	var list ParcelList
	match := v.parcelMatcher(f)
	for _, parcel := range v.Parcels() {
		if on := (ParcelOn{parcel, v.OnParcel(parcel.ID)}); match(on) {
			found = append(found, on)
			list.Area += parcel.Area
		}
	}
	slices.SortStableFunc(found, func(a, b ParcelOn) int {
		if falling {
			a, b = b, a
		}
		return compare(a, b)
	})
	start := 0
	if p.After != 0 {
		start = 1 + slices.IndexFunc(found, func(on ParcelOn) bool { return on.ID == p.After })
	}
	end := min(len(found), start+p.Limit)
	list.Total, list.Parcels, list.More = int64(len(found)), found[start:end], end < len(found)
	return list, nil
}

func (v *View) parcelMatcher(f ParcelFilter) func(ParcelOn) bool {
	query := v.book.Names().Parse(f.Query)
	return func(p ParcelOn) bool {
		return (f.Unit == "" || p.Unit == f.Unit) && (f.Stages == nil || slices.Contains(f.Stages, p.Stage())) && (!f.Free || len(p.Cases) == 0) &&
			(f.Track == "" || slices.ContainsFunc(p.Cases, func(c *Case) bool { return c.Track == f.Track })) &&
			(query.Empty() || query.Fits(p.Code, p.Label))
	}
}

func (v *View) parcelOrders() map[string]func(a, b ParcelOn) int {
	return map[string]func(a, b ParcelOn) int{
		"code": func(a, b ParcelOn) int { return strings.Compare(a.Code, b.Code) },
		"label": func(a, b ParcelOn) int {
			return strings.Compare(v.book.Names().Initials(a.Label), v.book.Names().Initials(b.Label))
		},
		"unit":  func(a, b ParcelOn) int { return v.unitOrder(a.Unit) - v.unitOrder(b.Unit) },
		"stage": func(a, b ParcelOn) int { return a.Stage() - b.Stage() },
		"area":  func(a, b ParcelOn) int { return cmp.Compare(a.Area, b.Area) },
	}
}

func badSort(name string) error {
	return fault.New(fault.KindInvalid, "bad_sort", "不能按“"+name+"”排序", "lists cannot be sorted by "+name)
}
