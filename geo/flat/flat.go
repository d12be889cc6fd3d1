package flat

import (
	"fmt"

	"github.com/paulmach/orb"
)

// Scale is how many units of a coordinate a degree has.
const Scale = 1e7

const (
	magic     = "GFLT"
	version   = 1
	flagDelta = 1
	// mostShared is how much of a text another may repeat: few bytes never become many.
	mostShared = 255
)

// Kind is how the values of a column are written.
type Kind byte

// The kinds of columns.
const (
	Number  Kind = 1 // an unsigned number
	Text    Kind = 2 // a text of its own
	Word    Kind = 3 // one of few texts
	Numbers Kind = 4 // a list of numbers
)

// Column is an attribute that every feature has.
type Column struct {
	Name string
	Kind Kind
}

// Value is that of a column in one feature: the field of the column's kind.
type Value struct {
	Number  uint64
	Text    string // of Text and Word
	Numbers []int64
}

// Head says what a file holds.
type Head struct {
	Layer    string
	Class    string // who may see just this
	Revision int64
	Delta    bool
	Since    int64   // of a delta: the revision that it brings forward
	Removed  []int64 // of a delta, rising
	Columns  []Column
	Counts   Counts
}

// Counts are sums over the features of a block or file.
type Counts struct{ Features, Polygons, Rings, Points int }

// Add is the sum of both.
func (c Counts) Add(o Counts) Counts {
	return Counts{c.Features + o.Features, c.Polygons + o.Polygons, c.Rings + o.Rings, c.Points + o.Points}
}

// Feature is a shape with an id and a value for each column.
type Feature struct {
	ID     int64
	Shape  *Shape // nil without one
	Values []Value
}

// File is a file as read.
type File struct {
	Head

	Features []Feature
}

// Error says what is wrong with the bytes, and at which offset.
type Error struct {
	Offset int
	Reason string
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("flat: byte %d: %s", e.Offset, e.Reason) }

// Shape is a multipolygon made ready to be written; it never changes.
type Shape struct {
	anchor  [2]int64 // first vertex
	counts  []byte   // polygons, rings and points, as in the file
	deltas  []byte   // the other vertices
	holding Counts
}

// units is a coordinate in units, rounded half away from zero as every other coordinate of the program.
func units(p orb.Point) [2]int64 { return [2]int64{unit(p[0]), unit(p[1])} }
