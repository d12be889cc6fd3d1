package caseimport

import (
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/caseimport/grid"
)

// SheetType is the media type of the workbooks that this room writes.
const SheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// Returned are the rows that are not let in, of one unit or, with an empty code, of all.
func (r *Report) Returned(unit string) []RowReport {
	var rows []RowReport
	for _, row := range r.Rows {
		if (row.Verdict == RowRefused || row.Verdict == RowAsked) && (unit == "" || row.Unit == unit) {
			rows = append(rows, row)
		}
	}
	return rows
}

// WriteReturns writes the rows that were not let in for the town that sent them: a sheet for each of theirs, in their own
// columns, each row with its number and the reasons before it. Mended, the workbook is imported as it is.
func (r *Report) WriteReturns(w io.Writer, unit string) (err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	rows := r.Returned(unit)
	for n, place := range r.placesOf(rows) {
		name := "退回" + strconv.Itoa(n+1)
		if _, err := f.NewSheet(name); err != nil {
			return err
		}
		if err := r.returnedSheet(f, name, place, rows); err != nil {
			return err
		}
	}
	if len(rows) > 0 {
		if err := f.DeleteSheet("Sheet1"); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func (r *Report) returnedSheet(f *excelize.File, name, place string, rows []RowReport) error {
	of := r.sheetAt(place)
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	s, err := f.NewStreamWriter(name)
	if err != nil {
		return err
	}
	title := "退回清单　" + of.File + "　" + of.Sheet
	if of.Unit != "" {
		title += "　填报单位：" + r.unitName(of.Unit)
	}
	heads := []any{excelize.Cell{StyleID: styles.head, Value: "原行号"}, excelize.Cell{StyleID: styles.reason, Value: "退回原因"}}
	widths := []float64{8, 44}
	for _, c := range of.Columns {
		heads = append(heads, excelize.Cell{StyleID: styles.head, Value: c.Head})
		widths = append(widths, 16)
	}
	for i, width := range widths {
		if err := s.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
	}
	lines := [][]any{{excelize.Cell{StyleID: styles.title, Value: title}}, heads}
	for _, row := range rows {
		if row.Place == place {
			lines = append(lines, of.returned(row, styles))
		}
	}
	for i, line := range lines {
		if err := s.SetRow("A"+strconv.Itoa(i+1), line); err != nil {
			return err
		}
	}
	return s.Flush()
}

// returned is a row as it was sent, behind its number and the reasons.
func (s SheetReport) returned(row RowReport, styles styles) []any {
	reasons := row.Reasons
	for _, ask := range row.Asks {
		reasons = append(reasons, ask.Text)
	}
	why := inOne(reasons)
	if why == "" {
		why = "本表还有未答复的问题（责任主体、列或面积单位）"
	}
	line := []any{excelize.Cell{StyleID: styles.text, Value: strconv.Itoa(row.Row)}, excelize.Cell{StyleID: styles.reason, Value: why}}
	cells := grid.Row{Cells: row.cells}
	for _, c := range s.Columns {
		line = append(line, excelize.Cell{StyleID: styles.text, Value: cells.Cell(c.column)})
	}
	return line
}

func (r *Report) sheetAt(place string) SheetReport {
	for _, s := range r.Sheets {
		if s.Place == place {
			return s
		}
	}
	return SheetReport{}
}

func (r *Report) unitName(code string) string { return r.units.name(code).ZH }

// styles of the workbooks; everything that is written is text, so that nothing becomes a formula.
type styles struct{ title, head, reason, text int }

// textFormat is the number format of text.
const textFormat = 49

func newStyles(f *excelize.File) (s styles, err error) {
	border := []excelize.Border{}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		border = append(border, excelize.Border{Type: side, Color: "C6CFDA", Style: 1})
	}
	wrapped := &excelize.Alignment{Vertical: "center", WrapText: true}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	for _, style := range []struct {
		into *int
		of   excelize.Style
	}{
		{&s.title, excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}}},
		{&s.head, excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}, Border: border, Fill: fill("E3E9F1")}},
		{&s.reason, excelize.Style{Font: &excelize.Font{Color: "BF2F14"}, Alignment: wrapped, Border: border, Fill: fill("FFF1EC"), NumFmt: textFormat}},
		{&s.text, excelize.Style{Alignment: wrapped, Border: border, NumFmt: textFormat}},
	} {
		if *style.into, err = f.NewStyle(&style.of); err != nil {
			return s, err
		}
	}
	return s, nil
}
