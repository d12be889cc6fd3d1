package export

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/campaign"
)

// mostExcelRows is what a sheet holds, less head and foot.
const mostExcelRows = 1_000_000

// writeExcel writes one sheet: title, what it is of, heads, rows, total. Numbers and days are numbers and days. Text is
// stored as text in cells whose format is text: nothing that somebody typed ever becomes a formula.
func writeExcel(ctx context.Context, j *job, w io.Writer) (err error) {
	t := j.table()
	if t.Len > mostExcelRows {
		return tooManyRows()
	}
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	s, err := newSheet(f, t)
	if err != nil {
		return err
	}
	if err := s.begin(j); err != nil {
		return err
	}
	if err := j.each(ctx, t, false, func(r Row) error { return s.row(r.Cells, s.styles.plain) }); err != nil {
		return err
	}
	if err := s.end(j); err != nil {
		return err
	}
	return f.Write(w)
}

// sheet is a sheet on its way to disk, row after row.
type sheet struct {
	*excelize.StreamWriter

	table  *Table
	styles sheetStyles
	next   int // row, from 1
}

func newSheet(f *excelize.File, t *Table) (*sheet, error) {
	name := t.Title.ZH
	if err := f.SetSheetName("Sheet1", name); err != nil {
		return nil, err
	}
	styles, err := newSheetStyles(f)
	if err != nil {
		return nil, err
	}
	stream, err := f.NewStreamWriter(name)
	return &sheet{stream, t, styles, 1}, err
}

// headRows are title, line of the day, and heads.
const headRows = 3

func (s *sheet) begin(j *job) error {
	for i, c := range s.table.Columns {
		if err := s.SetColWidth(i+1, i+1, width(c)); err != nil {
			return err
		}
	}
	if err := s.SetPanes(&excelize.Panes{Freeze: true, YSplit: headRows, TopLeftCell: "A" + strconv.Itoa(headRows+1), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := s.across(j.head.line(s.table.Title.ZH), s.styles.title); err != nil {
		return err
	}
	if err := s.across("数据截至："+string(j.head.day)+"　单位：家、亩、㎡", s.styles.line); err != nil {
		return err
	}
	names := make([]any, len(s.table.Columns))
	for i, c := range s.table.Columns {
		names[i] = excelize.Cell{StyleID: s.styles.head, Value: c.Name.ZH}
	}
	return s.line(names, excelize.RowOpts{Height: 32})
}

func (s *sheet) end(j *job) error {
	if s.table.Total != nil {
		if err := s.row(s.table.Total, s.styles.total); err != nil {
			return err
		}
	}
	if err := s.across(j.head.caliber.ZH, s.styles.line); err != nil {
		return err
	}
	return s.Flush()
}

// across writes a text over the whole width.
func (s *sheet) across(text string, style int) error {
	from, to := s.at(1), s.at(min(len(s.table.Columns), 20))
	if err := s.line([]any{excelize.Cell{StyleID: style, Value: text}}); err != nil {
		return err
	}
	return s.MergeCell(from, to)
}

func (s *sheet) at(column int) string {
	name, _ := excelize.CoordinatesToCellName(column, s.next) // columns of ours
	return name
}

func (s *sheet) line(cells []any, opts ...excelize.RowOpts) error {
	err := s.SetRow(s.at(1), cells, opts...)
	s.next++
	return err
}

func (s *sheet) row(cells []Cell, styles cellStyles) error {
	out := make([]any, len(cells))
	for i, c := range cells {
		v, err := s.table.Columns[i].excel(c, styles)
		if err != nil {
			return err
		}
		out[i] = v
	}
	return s.line(out)
}

// excel is a cell as Excel keeps it.
func (c Column) excel(v Cell, styles cellStyles) (excelize.Cell, error) {
	switch {
	case c.Kind == Number && v.Known:
		n, err := strconv.ParseFloat(c.Write(v), 64)
		return excelize.Cell{StyleID: styles.places[c.Places], Value: n}, err
	case v.Known && isDay(v.Text):
		on, err := time.Parse(time.DateOnly, v.Text)
		return excelize.Cell{StyleID: styles.day, Value: on}, err
	case v.Known:
		return excelize.Cell{StyleID: styles.text, Value: v.Text}, nil
	}
	return excelize.Cell{StyleID: styles.text}, nil
}

// isDay tells a day from words: columns of milestones hold 不适用 as well.
func isDay(s string) bool {
	_, err := campaign.ParseDate(s)
	return err == nil && len(s) == len(time.DateOnly)
}

// width is of a column in characters: its name, two lines of it, or what it holds.
func width(c Column) float64 {
	widths := map[string]float64{"label": 26, "credit": 22, "unit": 22, "note": 28, "parcels": 22, "code": 15, "number": 6}
	if w, ok := widths[c.Key]; ok {
		return w
	}
	return max(10, float64(len([]rune(c.Name.ZH))))
}

// cellStyles are the styles of cells of one kind of row.
type cellStyles struct {
	text, day int
	places    map[int]int // by decimals
}

type sheetStyles struct {
	title, line, head int
	plain, total      cellStyles
}

func newSheetStyles(f *excelize.File) (s sheetStyles, err error) {
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	if s.title, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true, Size: 16}, Alignment: &excelize.Alignment{Horizontal: "left"}}); err != nil {
		return s, err
	}
	if s.line, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Color: "5B6675"}}); err != nil {
		return s, err
	}
	fill := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E3E9F1"}}
	if s.head, err = f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: centre, Border: border(), Fill: fill}); err != nil {
		return s, err
	}
	if s.plain, err = newCellStyles(f, false); err != nil {
		return s, err
	}
	s.total, err = newCellStyles(f, true)
	return s, err
}

// formats of cells; 49 is text.
const textFormat = 49

func newCellStyles(f *excelize.File, bold bool) (s cellStyles, err error) {
	style := func(number int, custom string) int {
		st := &excelize.Style{Font: &excelize.Font{Bold: bold}, Border: border(), NumFmt: number}
		if custom != "" {
			st.CustomNumFmt = &custom
		}
		id, e := f.NewStyle(st)
		if err == nil {
			err = e
		}
		return id
	}
	s.text, s.day = style(textFormat, ""), style(0, "yyyy-mm-dd")
	s.places = map[int]int{0: style(1, ""), 2: style(2, ""), 4: style(0, "0.00")}
	if err != nil {
		err = fmt.Errorf("styles of a sheet: %w", err)
	}
	return s, err
}

func border() []excelize.Border {
	var all []excelize.Border
	for _, side := range []string{"left", "right", "top", "bottom"} {
		all = append(all, excelize.Border{Type: side, Color: "B9C3D0", Style: 1})
	}
	return all
}
