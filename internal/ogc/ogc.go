// Package ogc is the campaign as OGC API – Features has it: collections of
// features with queryable properties, filtered by CQL2 text.
//
// It is fed by views, which belong to scopes: of other units there are no
// names here either. HTTP, links and documents are internal/httpapi's.
package ogc

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/chronicle"
)

// Kind is what the values of a property are.
type Kind string

// Kinds of properties, as JSON Schema calls them; a Date is a string of the format date.
const (
	String  Kind = "string"
	Integer Kind = "integer"
	Number  Kind = "number"
	Date    Kind = "date"
)

// Property is one property of a collection.
type Property struct {
	Name, Title string
	Kind        Kind
	// Editable properties can be changed through the ledger.
	Editable bool
	// Unfiltered ones are read for the features that are shown, and cannot be filtered by.
	Unfiltered bool
}

// Value is a value of a property; the zero Value is none.
type Value struct {
	Text   string
	Number float64
	Known  bool
}

// Feature is one feature.
type Feature struct {
	ID, Version int64
	// Parcels it lies on, and the names of their shapes.
	Parcels []int64
	Shapes  []string
	value   func(property int) Value
}

// Value is that of the collection's property at a place.
func (f *Feature) Value(property int) Value { return f.value(property) }

// Collection is a list of features of one kind.
type Collection struct {
	ID, Title, Description string
	Properties             []Property
	list                   func(v *chronicle.View) []Feature
}

// Property finds a property by its name, -1 for none.
func (c *Collection) Property(name string) int {
	for i, p := range c.Properties {
		if p.Name == name {
			return i
		}
	}
	return -1
}

// Ground says what lies where.
type Ground interface {
	// ParcelsIn are the parcels whose boxes meet a bound, each with whether the bound holds all of it.
	ParcelsIn(b orb.Bound) map[int64]bool
}

// Shapes reads geometries.
type Shapes interface {
	// EachShape puts the geometry of each name, EPSG:4490, by its place among them.
	EachShape(ctx context.Context, names []string, put func(i int, mp orb.MultiPolygon)) error
}

// Query says which features are wanted; what is zero does not narrow.
type Query struct {
	Bounds []orb.Bound // EPSG:4490 longitude, latitude; one of them is enough
	Filter Filter
	Equal  map[string]string // properties that have a value
	Offset int
	Limit  int
}

// Page is a part of what matched, by id.
type Page struct {
	Matched  int
	Features []Feature
}

// Find is a page of a collection at a view.
func (c *Collection) Find(ctx context.Context, v *chronicle.View, ground Ground, shapes Shapes, q Query) (Page, error) {
	tests, err := c.equal(q.Equal)
	if err != nil {
		return Page{}, err
	}
	where := &places{ctx: ctx, view: v, ground: ground, shapes: shapes}
	if len(q.Bounds) > 0 {
		tests = append(tests, anywhere(q.Bounds))
	}
	if q.Filter != nil {
		tests = append(tests, q.Filter)
	}
	var page Page
	for _, f := range c.list(v) {
		all := yes
		for _, test := range tests {
			t, err := test(where, &f)
			if err != nil {
				return Page{}, err
			}
			all = min(all, t)
		}
		if all != yes {
			continue
		}
		if page.Matched >= q.Offset && len(page.Features) < q.Limit {
			page.Features = append(page.Features, f)
		}
		page.Matched++
	}
	return page, nil
}

// One is the feature with an id, nil where there is none.
func (c *Collection) One(v *chronicle.View, id int64) *Feature {
	for _, f := range c.list(v) {
		if f.ID == id {
			return &f
		}
	}
	return nil
}

// equal are the tests of properties that have a value.
func (c *Collection) equal(want map[string]string) ([]Filter, error) {
	var tests []Filter
	for name, text := range want {
		test, err := c.compare(name, "=", literal{text: text, bare: true})
		if err != nil {
			return nil, err
		}
		tests = append(tests, test)
	}
	return tests, nil
}
