// Package interchange turns an uploaded file into clean parcel features.
//
// It knows no database and no HTTP. A Reader recognises the format by content
// and name, has GDAL unpack what Go cannot read in a confined child process,
// decodes the attributes, brings every shape to EPSG:4490 and judges it. What
// needs the parcels already stored (the diff, overlaps with them, the
// district's boundary) is the caller's.
package interchange

import (
	"encoding/json"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
)

// Options is what the sender says about the file. The zero value asks the
// Reader to find everything out, and to ask (Report.Needs) rather than guess.
type Options struct {
	// CRS is the coordinate system where the file states none, or in place of
	// the stated one: "4490", "EPSG:4549", "GCJ-02", "BD-09". Empty: from the file.
	CRS string
	// Encoding of the attribute text, for example "GBK" or "UTF-8". Empty: .cpg,
	// then the language byte of the .dbf, then strict UTF-8, then GB18030.
	Encoding string
	// Map names the column of a field; the fields are "code" and "label".
	// Fields not named are found by the usual column names.
	Map map[string]string
	// Repair mends self-intersections and bad holes instead of rejecting the
	// row; each repair is a finding that says by how much the area changed.
	Repair bool
	// Layer picks one layer of a file that has several.
	Layer string
	// Into names the layer of zones that the file replaces; empty: it brings parcels.
	Into string
	// LeaveOut are rows, from 1, that a person decided not to let in: their parcels stay as they are.
	LeaveOut []int
	// District, if not the zero value, is where parcels are expected (degrees,
	// EPSG:4490); a file that lies about one GCJ-02 offset away is pointed out.
	District orb.Bound
	// DistrictName is what the place is called; empty: 范围.
	DistrictName Text

	// known is what was said of files, by the signature of their columns.
	known map[string]json.RawMessage
}

// Said is what a sender said of a file, to be used again for the next one with the same columns.
type Said struct {
	// Map is as in Options. CRS is used only where the file states none.
	Map map[string]string `json:"map,omitempty"`
	CRS string            `json:"crs,omitempty"`
}

// Feature is one clean parcel.
type Feature struct {
	// Row is the number of the record in the file, from 1.
	Row int
	// Code is empty where the file has no column of codes.
	Code, Label string
	// Geometry is EPSG:4490 longitude, latitude; rings closed, outer rings
	// counter-clockwise, holes clockwise, valid.
	Geometry orb.MultiPolygon
	// Attributes holds every column with a value, as text. Report.Columns has their order.
	Attributes map[string]string
	// LeftOut says that a person decided to leave this row out.
	LeftOut bool
}

// Text is a sentence for the user in both languages.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Rejected is a row that is not imported, and why.
type Rejected struct {
	Row    int    `json:"row"`
	Code   string `json:"code,omitempty"`
	Reason Text   `json:"reason"`
	// Place is the longitude and latitude of the fault (EPSG:4490), nil where it has none.
	Place *orb.Point `json:"place,omitempty"`
}

// Finding is something to look at that keeps no row out.
type Finding struct {
	// Row is 0 for a finding about the whole file.
	Row int `json:"row,omitempty"`
	// Code is the kind of finding, snake_case, for example z_dropped or overlap_in_file.
	Code  string     `json:"code"`
	Text  Text       `json:"text"`
	Place *orb.Point `json:"place,omitempty"`
}

// Report says what became of a file. A refused file has Refusal set and is to
// be imported not at all, even where features were already handed over.
type Report struct {
	// Features counts the records of the file, Accepted those handed over,
	// Repaired those of them that were mended.
	Features int        `json:"features"`
	Accepted int        `json:"accepted"`
	Repaired int        `json:"repaired"`
	Rejected []Rejected `json:"rejected"`
	// RejectedMore counts rejected rows beyond those listed; likewise FindingsMore.
	RejectedMore int       `json:"rejected_more,omitempty"`
	Findings     []Finding `json:"findings"`
	FindingsMore int       `json:"findings_more,omitempty"`
	// Format is the short name of the format, for example "shapefile".
	Format string `json:"format,omitempty"`
	// CRS is the coordinate system used, "EPSG:4549"; Encoding the encoding used.
	CRS      string `json:"crs,omitempty"`
	Encoding string `json:"encoding,omitempty"`
	// Columns are the columns in the order of the file; Fields says which of
	// them was read as code and as label.
	Columns []string          `json:"columns,omitempty"`
	Fields  map[string]string `json:"fields,omitempty"`
	// Remembered says that something of it is as somebody said of an earlier file with the same columns.
	Remembered bool `json:"remembered,omitempty"`
	// Layers are the layers to choose from where Needs has "layer".
	Layers []string `json:"layers,omitempty"`
	// Needs lists what must be said before the file can be read: "crs", "layer".
	Needs []string `json:"needs"`
	// Refusal says why the whole file is refused, nil if it is not. It is set
	// too where Needs is not empty.
	Refusal *fault.Error `json:"-"`
	// Bound encloses the accepted features (EPSG:4490).
	Bound orb.Bound `json:"-"`
}

// RejectedCount is the number of rejected rows, listed or not.
func (r *Report) RejectedCount() int { return len(r.Rejected) + r.RejectedMore }
