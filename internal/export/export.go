// Package export writes what the campaign knows into files that leave: ledgers
// for spreadsheets, polygons for programs of maps and surveying.
//
// What is written is a Table of a view, which belongs to a scope: of other
// units there are no names in any file. A format is one file of this room and
// an entry of formats(). Whatever can be wrong is found before the first byte
// goes out; after that a failure breaks the stream off.
package export

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange/child"
)

// Names of the contents, which are those of their files.
const (
	ledgerName    = "ledger"    // 台账: cases, without geometry
	parcelsName   = "parcels"   // 图斑
	recoveredName = "recovered" // 腾退范围
	effectiveName = "effective" // 有效范围
	timelineName  = "timeline"  // milestones of the cases, beside the others
)

// GeometryRight is the right that taking geometry away needs (auth.Actor.May).
const GeometryRight = "export.geometry"

// Shapes reads geometries.
type Shapes interface {
	// EachShape puts the geometry of each name, EPSG:4490, by its place among them.
	EachShape(ctx context.Context, names []string, put func(i int, mp orb.MultiPolygon)) error
}

// Facts is what the memory of lists does not hold of a case, as known now.
type Facts struct {
	Responsible, Note string
	Operator, Credit  string // registered name and unified social credit code
	Industry          string
	AboveScale        bool
	Evaluations       map[string]string  // class by year
	Taxes             map[string]float64 // yuan per mu by year
	Checks            []string           // boxes ticked, codes
}

// Library reads facts of cases as far as a scope sees them.
type Library interface {
	LedgerFacts(ctx context.Context, scope auth.Scope, cases []int64) (map[int64]Facts, error)
}

// Desk makes exports.
type Desk struct {
	Shapes  Shapes
	Library Library
	Tools   *child.Runner // GDAL, for formats that it writes
}

// Request says what is wanted.
type Request struct {
	Content string // ledger, parcels, recovered, effective
	Format  string
	// Encoding of a shapefile's or 国土TXT's text: GBK or UTF-8; "" is GBK, which every office's programs read.
	Encoding string
	// CRS of a shapefile: 4490 or 4549; 0 is 4490.
	CRS    int
	Filter chronicle.Filter
	// Whole: nothing narrows the content, parcels without a case belong to it.
	Whole bool
	Sort  string // of the ledger, a column of lists
	// Past: the view is of an earlier day; what is known of now alone stays out.
	Past bool
}

// Export is a file about to be written.
type Export struct {
	File, Type string // name with extension, and media type
	Rows       int    // of its tables together
	Tables     []string
	write      func(ctx context.Context, w io.Writer, progress Progress) error
}

// Progress is told how many rows are done. Formats walk the rows more than once: total is of all walks.
type Progress func(done, total int)

// Write writes the file. An error before the first byte is a fault of the request.
func (e *Export) Write(ctx context.Context, w io.Writer, progress Progress) error {
	return e.write(ctx, w, progress)
}

// Open prepares an export of a view. It refuses who may not take geometry.
func (d *Desk) Open(v *chronicle.View, r Request) (*Export, error) {
	if err := v.Scope().Check(); err != nil {
		return nil, err
	}
	f, known := formats()[r.Format]
	if !known || f.spatial != (r.Content != ledgerName) {
		return nil, badFormat(r)
	}
	if f.spatial {
		if err := v.Scope().Actor().May(GeometryRight); err != nil {
			return nil, err
		}
	}
	tables, err := d.tables(v, r, f)
	if err != nil {
		return nil, err
	}
	j := &job{Desk: d, tables: tables, request: r, head: headOf(v), stages: stagesOf(v.Definition)}
	e := &Export{File: j.head.fileName(tables[0].Title.ZH) + f.extension, Type: f.media}
	for _, t := range tables {
		e.Rows += t.Len
		e.Tables = append(e.Tables, t.Name)
	}
	e.write = func(ctx context.Context, w io.Writer, progress Progress) error {
		return j.run(ctx, w, f, e.Rows, progress)
	}
	return e, nil
}

// badFormat names what there is in place of what was asked for.
func badFormat(r Request) error {
	contents := []string{ledgerName, parcelsName, recoveredName, effectiveName}
	if !slices.Contains(contents, r.Content) {
		return refused("没有可导出的内容", "there is nothing to be exported called", r.Content, contents)
	}
	var offered []string
	for name, f := range formats() {
		if f.spatial == (r.Content != ledgerName) {
			offered = append(offered, name)
		}
	}
	slices.Sort(offered)
	return refused(r.Content+" 没有格式", r.Content+" has no format", r.Format, offered)
}

func refused(zh, en, wanted string, offered []string) error {
	return fault.New(fault.KindInvalid, "bad_format", zh+"“"+wanted+"”，可选："+strings.Join(offered, "、"), en+" \""+wanted+"\"; there are "+strings.Join(offered, ", "))
}

// tables are what goes into the file: the content, and in a GeoPackage what belongs to it.
func (d *Desk) tables(v *chronicle.View, r Request, f format) ([]*Table, error) {
	list, err := v.List(r.Filter, chronicle.Paging{Sort: r.Sort, Limit: math.MaxInt32})
	if err != nil {
		return nil, err
	}
	s := selection{Desk: d, view: v, cases: list.Cases, whole: r.Whole, past: r.Past, total: list.Total}
	contents := map[string]func() *Table{ledgerName: s.ledger, parcelsName: s.parcels, recoveredName: s.recovered, effectiveName: s.effective}
	one, known := contents[r.Content]
	if !known {
		return nil, badFormat(r)
	}
	if !f.several {
		return []*Table{one()}, nil
	}
	return []*Table{s.parcels(), s.recovered(), s.effective(), s.timeline()}, nil
}

// selection is the cases that an export is about, as a view shows them.
type selection struct {
	*Desk

	view        *chronicle.View
	cases       []*chronicle.Case
	total       chronicle.Total
	whole, past bool
}

// head is what every file says of itself.
type head struct {
	title campaign.Text // the campaign's name
	day   campaign.Date // as known on
	demo  bool
	// caliber is the line of what the figures mean.
	caliber campaign.Text
}

func headOf(v *chronicle.View) head {
	d := v.Definition
	return head{title: d.Name, day: v.Day, demo: d.Demo, caliber: d.Caliber}
}

// fileName is 图斑_2020-09-30, with 演示数据 where it is.
func (h head) fileName(content string) string {
	name := content + "_" + string(h.day)
	if h.demo {
		name += "_演示数据"
	}
	return name
}

// line is the title line of a file.
func (h head) line(content string) string {
	mark := ""
	if h.demo {
		mark = "（演示数据）"
	}
	return fmt.Sprintf("%s %s%s", h.title.ZH, content, mark)
}
