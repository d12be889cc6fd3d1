// Package landtxt reads and writes 国土TXT, the text of boundary points
// (勘测定界界址点坐标) that Chinese land offices exchange.
//
// A file has a section [属性描述] of key=value lines and a section [地块坐标]:
// for each plot a line that ends in @, 点数,面积(公顷),编号,名称,面,图幅号,用途,…,@,
// and its points, 点号,圈号,northing,easting in metres of a Gauss-Krüger zone
// of CGCS2000; ring 1 is the exterior, each higher ring a hole. Shorter plot
// lines without the number of points, and files with the easting first, are
// in use as well and are told apart by their content.
//
// In memory a polygon is longitude, latitude in degrees of EPSG:4490. Nothing
// is guessed: a file that does not say its datum or zone is an error with the
// code CodeNeedsCRS or CodeNeedsZone until Options say it.
package landtxt

import (
	"fmt"

	"github.com/paulmach/orb"
)

// Document is a file of plots.
type Document struct {
	// Version, Producer and Date are 格式版本号, 数据产生单位 and 数据产生日期, as written.
	Version, Producer, Date string
	// Zone is the number of the Gauss-Krüger zone, 25–45 of 3° or 13–23 of 6°; the two do not overlap.
	// It is 0 where the points were degrees.
	Zone int
	// Prefixed tells whether the zone number stands before the eastings.
	Prefixed bool
	// EastingFirst tells whether the points were written easting, northing, against the rule; Encode never does.
	EastingFirst bool
	// Encoding is that of the text read: UTF-8, UTF-16 or GB18030.
	Encoding string
	Plots    []Plot
	// Warnings are what was odd about the text but did not stand in the way.
	Warnings []Warning
}

// Plot is one parcel (地块).
type Plot struct {
	// Number, Name, Sheet and Use are 地块编号, 地块名称, 图幅号 and 地块用途.
	Number, Name, Sheet, Use string
	// Extra are the fields after the use and before the @.
	Extra []string
	// Hectares is the area as stated, 0 if it was left out. It is not compared with the polygon here.
	Hectares float64
	// Line is the line of the file on which the plot begins, from 1.
	Line int
	// Polygon is the shape in longitude, latitude (EPSG:4490), rings closed, winding as written.
	Polygon orb.Polygon
}

// Warning is something odd on a line, in Chinese and English.
type Warning struct {
	Line   int
	ZH, EN string
}

// The codes of Error.
const (
	CodeEncoding   = "encoding"    // the text is neither UTF-8, UTF-16 nor GB18030
	CodeNotLandTXT = "not_landtxt" // no section [地块坐标]
	CodeNoPlots    = "no_plots"    // the section is empty
	CodeNeedsCRS   = "needs_crs"   // the file does not say its datum
	CodeNeedsZone  = "needs_zone"  // the file does not say its zone
	CodeDatum      = "datum"       // the datum is not CGCS2000
	CodeZone       = "zone"        // header, option and coordinates name different zones, or none that exists
	CodeUnit       = "unit"        // the unit or projection is not supported
	CodePlotLine   = "plot_line"   // a plot line cannot be read
	CodePointLine  = "point_line"  // a point line cannot be read
	CodeCoordinate = "coordinate"  // a coordinate is no place in China
	CodeRing       = "ring"        // ring numbers out of order, or a ring of fewer than three points
	CodeLimit      = "limit"       // more points or plots than allowed
	CodeEncode     = "encode"      // a document cannot be written
)

// Error says what is wrong, on which line, and what to do, in Chinese and English.
type Error struct {
	Code string
	// Line counts from 1; 0 means the file as a whole.
	Line   int
	ZH, EN string
}

// Error implements error.
func (e *Error) Error() string {
	if e.Line == 0 {
		return "landtxt: " + e.EN
	}
	return fmt.Sprintf("landtxt: line %d: %s", e.Line, e.EN)
}

// fault makes an Error whose texts name the line.
func fault(code string, line int, zh, en string) *Error {
	if line > 0 {
		zh = fmt.Sprintf("第%d行：%s", line, zh)
	}
	return &Error{Code: code, Line: line, ZH: zh, EN: en}
}

// Options answer what a file may leave open, and bound what is read.
type Options struct {
	// CGCS2000 says that a file without a datum is in CGCS2000.
	CGCS2000 bool
	// Zone is the zone of a file that names none.
	Zone int
	// MaxPoints and MaxPlots bound the file; 0 means a million points, 100,000 plots.
	MaxPoints, MaxPlots int
}

func (o Options) maxPoints() int { return defaultTo(o.MaxPoints, 1_000_000) }

func (o Options) maxPlots() int { return defaultTo(o.MaxPlots, 100_000) }

func defaultTo(n, standard int) int {
	if n == 0 {
		return standard
	}
	return n
}
