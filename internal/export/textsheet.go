package export

import (
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// TextSheet is a spreadsheet of texts alone, row after row on its way to disk. As in every sheet of this room, nothing in it
// ever becomes a formula.
type TextSheet struct {
	*sheet

	file *excelize.File
}

// SpreadsheetType is the media type of what TextSheet writes.
const SpreadsheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// NewTextSheet begins a sheet with its heads; widths are of the columns, in characters. Who begins one closes it.
func NewTextSheet(title string, heads []string, widths []float64) (s *TextSheet, err error) {
	f := excelize.NewFile()
	defer func() {
		if err != nil {
			_ = f.Close() // the first error says more
		}
	}()
	columns := make([]Column, len(heads))
	head := make([]any, len(heads))
	inner, err := newSheet(f, &Table{Title: campaign.Text{ZH: title}, Columns: columns})
	if err != nil {
		return nil, err
	}
	for i, name := range heads {
		head[i] = excelize.Cell{StyleID: inner.styles.head, Value: name}
		if err := inner.SetColWidth(i+1, i+1, widths[i]); err != nil {
			return nil, err
		}
	}
	if err := inner.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	return &TextSheet{inner, f}, inner.line(head)
}

// Add appends a row; the refusal of one too many has words.
func (s *TextSheet) Add(texts []string) error {
	if s.next > mostExcelRows {
		return tooManyRows()
	}
	cells := make([]any, len(texts))
	for i, text := range texts {
		cells[i] = excelize.Cell{StyleID: s.styles.plain.text, Value: text}
	}
	return s.line(cells)
}

// Write ends the sheet and writes it.
func (s *TextSheet) Write(w io.Writer) error {
	if err := s.Flush(); err != nil {
		return err
	}
	return s.file.Write(w)
}

// Close removes what lies on disk.
func (s *TextSheet) Close() error { return s.file.Close() }

func tooManyRows() error {
	return fault.New(fault.KindInvalid, "too_many_rows", "超过 Excel 一张表的行数，请先筛选", "this is more than a sheet holds; please filter first")
}
