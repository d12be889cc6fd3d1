// Package grid reads workbooks as offices keep them: titles above, heads of two or three rows, merged cells, subtotals
// between the rows, notes below. It knows no campaign; who asks says which heads are known.
package grid

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/fault"
)

// Limits of a workbook: those of a ledger, and no invitation to a bomb.
const (
	MostRows    = 20_000
	mostColumns = 256
	mostSheets  = 30
	mostInside  = 48 << 20 // bytes of the unpacked workbook
)

// Sheet is a sheet of a workbook as text: numbers as they are stored, merged cells each with what the merge says.
type Sheet struct {
	Name  string
	Cells [][]string // rows, from the first; of different lengths
	// merged names the first cell of the merge that a cell is of, by row and column.
	merged map[at]at
}

type at struct{ row, column int }

// Cell is the text of a cell, "" outside; rows and columns from 0.
func (s Sheet) Cell(row, column int) string {
	if row < 0 || row >= len(s.Cells) || column >= len(s.Cells[row]) {
		return ""
	}
	return s.Cells[row][column]
}

// Read reads the visible sheets of a workbook. A file that is none is refused in words.
func Read(path, name string) (sheets []Sheet, err error) {
	if err := mayBeWorkbook(path, name); err != nil {
		return nil, err
	}
	defer func() {
		if what := recover(); what != nil { // the library trusts what it reads
			err = damaged(name).Because(fmt.Errorf("panic: %v", what))
		}
	}()
	f, err := excelize.OpenFile(path, excelize.Options{UnzipSizeLimit: mostInside, UnzipXMLSizeLimit: mostInside, RawCellValue: true})
	if err != nil {
		return nil, damaged(name).Because(err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	if props, err := f.GetWorkbookProps(); err == nil && props.Date1904 != nil && *props.Date1904 {
		return nil, refused("workbook_1904", name, "用的是 1904 日期系统，日期会差四年；请在选项中改为 1900 再保存", "its days count from 1904 and would be four years off; change that in the options and save it again")
	}
	for _, sheet := range f.GetSheetList() {
		if visible, err := f.GetSheetVisible(sheet); err != nil || !visible {
			continue
		}
		if len(sheets) == mostSheets {
			return nil, refused("workbook_too_large", name, fmt.Sprintf("超过 %d 张工作表，请拆分", mostSheets), fmt.Sprintf("it has more than %d sheets; please split it", mostSheets))
		}
		s, err := readSheet(f, sheet, name)
		if err != nil {
			return nil, err
		}
		sheets = append(sheets, s)
	}
	return sheets, nil
}

// mayBeWorkbook looks at the first bytes: what offices send instead has words of its own.
func mayBeWorkbook(path, name string) error {
	f, err := os.Open(path) //nolint:gosec // the caller's own temporary file
	if err != nil {
		return fmt.Errorf("open the upload: %w", err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	head := make([]byte, 8)
	if _, err := io.ReadFull(f, head); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read the upload: %w", err)
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return refused("old_workbook", name, "是旧的 .xls 或加了密码的工作簿，请用 Excel 或 WPS 另存为不加密的 .xlsx", "this is an old .xls, or it has a password; save it as .xlsx without one")
	case !bytes.HasPrefix(head, []byte("PK")):
		return refused("not_workbook", name, "不是 Excel 工作簿，请选择 .xlsx 文件", "this is no Excel workbook; please choose .xlsx files")
	}
	return nil
}

func damaged(name string) *fault.Error {
	return refused("workbook_damaged", name, "打不开，可能已损坏；请重新另存为 .xlsx", "it cannot be opened and may be damaged; save it anew as .xlsx")
}

// refused is a refusal of a file, which is named: there may be several.
func refused(code, name, zh, en string) *fault.Error {
	return fault.New(fault.KindInvalid, code, "“"+name+"”"+zh, name+": "+en)
}

func readSheet(f *excelize.File, sheet, name string) (Sheet, error) {
	s := Sheet{Name: sheet, merged: map[at]at{}}
	rows, err := f.Rows(sheet)
	if err != nil {
		return s, damaged(name).Because(err)
	}
	defer rows.Close() //nolint:errcheck // read to the end
	for rows.Next() {
		if len(s.Cells) == MostRows {
			return s, refused("workbook_too_large", name, fmt.Sprintf("“%s”超过 %d 行，请拆分", sheet, MostRows), fmt.Sprintf("%s has more than %d rows; please split it", sheet, MostRows))
		}
		cells, err := rows.Columns(excelize.Options{RawCellValue: true})
		if err != nil {
			return s, damaged(name).Because(err)
		}
		s.Cells = append(s.Cells, cleaned(cells[:min(len(cells), mostColumns)]))
	}
	err = s.merge(f)
	return s, err
}

// cleaned takes away what nobody sees.
func cleaned(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.NewReplacer("\u00a0", " ", "\ufeff", "", "\u200b", "", "\r", "").Replace(c))
	}
	return cells
}

// merge gives every cell of a merge what its first cell says.
func (s *Sheet) merge(f *excelize.File) error {
	merges, err := f.GetMergeCells(s.Name)
	if err != nil {
		return fmt.Errorf("read merged cells: %w", err)
	}
	for _, m := range merges {
		left, top, err1 := excelize.CellNameToCoordinates(m.GetStartAxis())
		right, bottom, err2 := excelize.CellNameToCoordinates(m.GetEndAxis())
		if err := errors.Join(err1, err2); err != nil {
			return fmt.Errorf("read merged cells: %w", err)
		}
		s.spread(at{top - 1, left - 1}, at{min(bottom, len(s.Cells)) - 1, min(right, mostColumns) - 1})
	}
	return nil
}

func (s *Sheet) spread(first, last at) {
	text := s.Cell(first.row, first.column)
	for row := first.row; row <= last.row; row++ {
		for column := first.column; column <= last.column; column++ {
			for len(s.Cells[row]) <= column {
				s.Cells[row] = append(s.Cells[row], "")
			}
			s.Cells[row][column] = text
			s.merged[at{row, column}] = first
		}
	}
}

// ColumnName is a column as Excel calls it; from 0.
func ColumnName(column int) string {
	name, err := excelize.ColumnNumberToName(column + 1)
	if err != nil {
		return ""
	}
	return name
}
