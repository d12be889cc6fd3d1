package export

import (
	"context"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/campaign"
)

// Kind is what a column's cells are.
type Kind int

// Kinds of columns.
const (
	Words  Kind = iota // text
	Number             // a whole number, or a decimal of the column's places
	Day                // a civil day
)

// Column is one column of a table.
type Column struct {
	Key    string        // names it in formats for programs: ASCII, snake_case
	Name   campaign.Text // in full, with its unit
	Short  string        // Chinese, as short as it is still understood: for formats that cut names
	Kind   Kind
	Places int  // decimals of a Number
	Sum    bool // its total is meaningful
}

// Cell is one value; the zero Cell is none.
type Cell struct {
	Text   string // of Words; of a Day, 2020-09-30
	Scaled int64  // of a Number: times ten to the column's places
	Known  bool
}

func words(s string) Cell { return Cell{Text: s, Known: s != ""} }

func number(n int64) Cell { return Cell{Scaled: n, Known: true} }

func day(d campaign.Date) Cell { return words(string(d)) }

// Write is the cell as text: a decimal point, no separators, "" for none.
func (c Column) Write(v Cell) string {
	switch {
	case !v.Known:
		return ""
	case c.Kind == Number:
		return decimal(v.Scaled, c.Places)
	}
	return v.Text
}

// decimal writes n scaled by ten to places.
func decimal(n int64, places int) string {
	if places == 0 {
		return strconv.FormatInt(n, 10)
	}
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	digits := strconv.FormatInt(n, 10)
	if len(digits) <= places {
		digits = strings.Repeat("0", places+1-len(digits)) + digits
	}
	point := len(digits) - places
	return sign + digits[:point] + "." + digits[point:]
}

// Row is one line of a table.
type Row struct {
	Cells []Cell // one for each column
	Shape orb.MultiPolygon
	// Code, Label and Stage are what formats without columns show; Hectares is the area that 国土TXT states.
	Code, Label string
	Stage       int
	Hectares    float64
}

// Table is something to be written. It can be walked several times and is the same each time.
type Table struct {
	Name    string        // names it in formats for programs: ASCII
	Title   campaign.Text // in words
	Columns []Column
	Len     int
	Total   []Cell // its foot (合计); nil where it has none
	// each walks the rows; with shapes only where asked for: they are the dear part.
	each func(ctx context.Context, shapes bool, do func(Row) error) error
}

// Walk calls do with each row.
func (t *Table) Walk(ctx context.Context, shapes bool, do func(Row) error) error {
	return t.each(ctx, shapes, do)
}

// spatial tells whether the rows have shapes.
func (t *Table) spatial() bool { return t.Name != ledgerName && t.Name != timelineName }
