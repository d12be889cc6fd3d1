package export

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"
)

// Form is a sheet that is printed on one side of A3: title, a line of three, heads in two rows, rows, a foot.
type Form struct {
	Name                string // of the sheet
	Title               string
	Left, Middle, Right string // the line below the title
	Heads               []FormHead
	Rows                [][]FormCell
	Total               bool // the last row is a sum
	Foot                []string
}

// FormHead is the head of a column; neighbours of the same group share its upper row, one without stands over both.
type FormHead struct {
	Group, Name string
	Width       float64 // characters
}

// FormCell is a number as Excel shows it by a format, or text; without either it is empty.
type FormCell struct {
	Text   string
	Number float64
	Format string // of a number; "" says that the cell is text
}

// rows of a form before those of its table.
const formHeads = 4

// WriteForm makes the file. As in every sheet of this room, no text ever becomes a formula.
func WriteForm(form Form) (file []byte, err error) {
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	if err := f.SetSheetName("Sheet1", form.Name); err != nil {
		return nil, err
	}
	p := &formPen{file: f, form: &form, styles: map[formStyle]int{}}
	for _, write := range []func() error{p.page, p.title, p.heads, p.rows, p.foot} {
		if err := write(); err != nil {
			return nil, fmt.Errorf("write form %s: %w", form.Name, err)
		}
	}
	var out bytes.Buffer
	_, err = f.WriteTo(&out)
	return out.Bytes(), err
}

type formPen struct {
	file   *excelize.File
	form   *Form
	styles map[formStyle]int
}

// formStyle is how a cell looks.
type formStyle struct {
	format, align string
	size          float64
	bold, ruled   bool
	ground        bool
}

func (p *formPen) style(s formStyle) (int, error) {
	if id, known := p.styles[s]; known {
		return id, nil
	}
	st := &excelize.Style{
		Font:      &excelize.Font{Bold: s.bold, Size: s.size, Family: "宋体"},
		Alignment: &excelize.Alignment{Horizontal: s.align, Vertical: "center", WrapText: s.ground},
		NumFmt:    textFormat,
	}
	if s.format != "" {
		st.NumFmt, st.CustomNumFmt = 0, &s.format
	}
	if s.align == "right" && s.ruled {
		st.Alignment.Indent = 1
	}
	if s.ruled {
		st.Border = blackLines()
	}
	if s.ground {
		st.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7EAEE"}}
	}
	id, err := p.file.NewStyle(st)
	p.styles[s] = id
	return id, err
}

func blackLines() []excelize.Border {
	lines := border()
	for i := range lines {
		lines[i].Color = "000000"
	}
	return lines
}

// put writes one cell, over several where to is another.
func (p *formPen) put(from, to [2]int, value any, s formStyle) error {
	a, b := at(from), at(to)
	id, err := p.style(s)
	if err != nil {
		return err
	}
	if err := p.file.SetCellStyle(p.form.Name, a, b, id); err != nil {
		return err
	}
	if from != to {
		if err := p.file.MergeCell(p.form.Name, a, b); err != nil {
			return err
		}
	}
	if text, is := value.(string); is {
		return p.file.SetCellStr(p.form.Name, a, text)
	}
	return p.file.SetCellValue(p.form.Name, a, value)
}

// at names a cell by column and row, from 1.
func at(place [2]int) string {
	name, _ := excelize.CoordinatesToCellName(place[0], place[1]) // columns of ours
	return name
}

// page is A3 across, everything on one side, the heads again on each where somebody makes it more.
func (p *formPen) page() error {
	const a3 = 8
	across, one, yes := "landscape", 1, true
	size := a3
	name := p.form.Name
	if err := p.file.SetPageLayout(name, &excelize.PageLayoutOptions{Size: &size, Orientation: &across, FitToWidth: &one, FitToHeight: &one}); err != nil {
		return err
	}
	margin, middle := 0.6, true
	if err := p.file.SetPageMargins(name, &excelize.PageLayoutMarginsOptions{Left: &margin, Right: &margin, Top: &margin, Bottom: &margin, Horizontally: &middle}); err != nil {
		return err
	}
	if err := p.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &yes}); err != nil {
		return err
	}
	if err := p.file.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$1:$%d", name, formHeads), Scope: name}); err != nil {
		return err
	}
	for i, h := range p.form.Heads {
		column, _ := excelize.ColumnNumberToName(i + 1) // columns of ours
		if err := p.file.SetColWidth(name, column, column, h.Width); err != nil {
			return err
		}
	}
	return p.file.SetPanes(name, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: formHeads, TopLeftCell: at([2]int{3, formHeads + 1}), ActivePane: "bottomRight"})
}

func (p *formPen) title() error {
	n := len(p.form.Heads)
	if err := p.put([2]int{1, 1}, [2]int{n, 1}, p.form.Title, formStyle{align: "center", size: 20, bold: true}); err != nil {
		return err
	}
	if err := p.height(1, 42); err != nil {
		return err
	}
	third := n / 3
	for _, part := range []struct {
		from, to    int
		text, align string
	}{{1, third, p.form.Left, "left"}, {third + 1, n - third, p.form.Middle, "center"}, {n - third + 1, n, p.form.Right, "right"}} {
		if err := p.put([2]int{part.from, 2}, [2]int{part.to, 2}, part.text, formStyle{align: part.align, size: 11}); err != nil {
			return err
		}
	}
	return p.height(2, 24)
}

func (p *formPen) height(row int, points float64) error {
	return p.file.SetRowHeight(p.form.Name, row, points)
}

func (p *formPen) heads() error {
	look := formStyle{align: "center", size: 11, bold: true, ruled: true, ground: true}
	for i := 0; i < len(p.form.Heads); {
		h, end := p.form.Heads[i], i+1
		if h.Group == "" {
			if err := p.put([2]int{i + 1, 3}, [2]int{i + 1, 4}, h.Name, look); err != nil {
				return err
			}
			i = end
			continue
		}
		for end < len(p.form.Heads) && p.form.Heads[end].Group == h.Group {
			end++
		}
		if err := p.put([2]int{i + 1, 3}, [2]int{end, 3}, h.Group, look); err != nil {
			return err
		}
		for ; i < end; i++ {
			if err := p.put([2]int{i + 1, 4}, [2]int{i + 1, 4}, p.form.Heads[i].Name, look); err != nil {
				return err
			}
		}
	}
	if err := p.height(3, 26); err != nil {
		return err
	}
	return p.height(4, 34)
}

func (p *formPen) rows() error {
	for r, row := range p.form.Rows {
		line := formHeads + 1 + r
		sum := p.form.Total && r == len(p.form.Rows)-1
		for i, c := range row {
			look := formStyle{align: "center", size: 11, ruled: true, bold: sum}
			var value any = c.Text
			if c.Format != "" {
				value, look.format, look.align = c.Number, c.Format, "right"
			}
			place := [2]int{i + 1, line}
			if err := p.put(place, place, value, look); err != nil {
				return err
			}
		}
		if err := p.height(line, 38); err != nil {
			return err
		}
	}
	return nil
}

func (p *formPen) foot() error {
	for i, text := range p.form.Foot {
		line := formHeads + 1 + len(p.form.Rows) + i
		if err := p.put([2]int{1, line}, [2]int{len(p.form.Heads), line}, text, formStyle{align: "left", size: 11}); err != nil {
			return err
		}
		if err := p.height(line, 24); err != nil {
			return err
		}
	}
	return nil
}
