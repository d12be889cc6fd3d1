package grid

import (
	"slices"
	"strconv"
	"strings"
)

// Table is what a sheet holds below its title: heads, rows, and what is none of them.
type Table struct {
	Sheet string
	// Title is what stands above the heads, row by row.
	Title []string
	Heads []Head
	Rows  []Row
	// Totals are the rows that add others up; Notes what stands between and below, as text.
	Totals []Total
	Notes  []Note
}

// Head is a column's name: its parts from above, without repeats.
type Head struct {
	Column int // from 0
	Path   []string
}

// Name is the head as one text.
func (h Head) Name() string { return strings.Join(h.Path, "·") }

// Row is a line of the table.
type Row struct {
	Number int // of the sheet, from 1
	Cells  []string
}

// Cell is the text of a column, "" where the row ends before.
func (r Row) Cell(column int) string {
	if column >= len(r.Cells) {
		return ""
	}
	return r.Cells[column]
}

// Total is a row that says what others add up to.
type Total struct {
	Row

	Label string
	// From and To are the rows it should add up to: indices into Rows.
	From, To int
}

// Note is a line that is no row of the table.
type Note struct {
	Number int
	Text   string
}

// Known tells which heads somebody knows; named says that it is the one that every row must fill.
type Known func(path []string) (known, named bool)

// deepestHead and lastHead bound where heads are looked for.
const (
	deepestHead = 3
	lastHead    = 40
	leastKnown  = 3
)

// Find finds the table of a sheet: the heads of which most are known, at least three. One of them names the row, unless
// the caller says which column does (from 0; -1: by its head).
func (s Sheet) Find(known Known, naming int) (Table, bool) {
	best, bestRow, bestDepth := 0, -1, 0
	for row := range min(len(s.Cells), lastHead) {
		if s.filled(row) < leastKnown {
			continue // a title, which may stand over everything
		}
		depth := s.headDepth(row)
		n, named := 0, false
		for _, h := range s.heads(row, depth) {
			is, names := known(h.Path)
			if is {
				n++
			}
			named = named || names
		}
		if (named || naming >= 0) && n >= leastKnown && n > best {
			best, bestRow, bestDepth = n, row, depth
		}
	}
	if bestRow < 0 {
		return Table{}, false
	}
	t := Table{Sheet: s.Name, Heads: s.heads(bestRow, bestDepth), Title: s.title(bestRow)}
	if naming < 0 {
		naming = namingColumn(t, known)
	}
	s.body(&t, bestRow+bestDepth, naming)
	return t, true
}

// filled counts the cells of a row that say something, each merge once.
func (s Sheet) filled(row int) int {
	n := 0
	for column, text := range s.Cells[row] {
		if first, merged := s.merged[at{row, column}]; text != "" && (!merged || first == (at{row, column})) {
			n++
		}
	}
	return n
}

func namingColumn(t Table, known Known) int {
	for _, h := range t.Heads {
		if _, named := known(h.Path); named {
			return h.Column
		}
	}
	return 0
}

func (s Sheet) title(until int) []string {
	var lines []string
	for row := range until {
		if line := s.line(row); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// line is a row as text, each merge once.
func (s Sheet) line(row int) string {
	var parts []string
	for column, text := range s.Cells[row] {
		if first, merged := s.merged[at{row, column}]; text == "" || merged && first != (at{row, column}) {
			continue
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// headDepth is how many rows the heads that begin in a row have.
func (s Sheet) headDepth(row int) int {
	depth := 1
	for depth < deepestHead && s.subHead(row+depth) {
		depth++
	}
	return depth
}

// subHead tells whether a row divides the heads above it: under a single head it is empty or merged with it, under a
// group (merged, or followed by empty cells) it has names, which are no numbers.
func (s Sheet) subHead(row int) bool {
	if row >= len(s.Cells) {
		return false
	}
	divides := false
	for column := range max(len(s.Cells[row]), len(s.Cells[row-1])) {
		text := s.Cell(row, column)
		if text == "" || s.sameMerge(at{row, column}, at{row - 1, column}) {
			continue
		}
		if looksNumber(text) || !s.grouped(row-1, column) {
			return false
		}
		divides = true
	}
	return divides
}

func (s Sheet) sameMerge(a, b at) bool {
	firstA, mergedA := s.merged[a]
	firstB, mergedB := s.merged[b]
	return mergedA && mergedB && firstA == firstB
}

// grouped tells whether a head spans several columns.
func (s Sheet) grouped(row, column int) bool {
	here := at{row, column}
	if s.sameMerge(here, at{row, column + 1}) || column > 0 && s.sameMerge(here, at{row, column - 1}) {
		return true
	}
	if s.Cell(row, column) == "" {
		return s.groupOf(row, column) != ""
	}
	return s.Cell(row, column+1) == "" && (s.Cell(row+1, column+1) != "")
}

// groupOf is the head that an empty cell beside it continues.
func (s Sheet) groupOf(row, column int) string {
	for ; column >= 0; column-- {
		if text := s.Cell(row, column); text != "" {
			return text
		}
	}
	return ""
}

func looksNumber(text string) bool {
	_, err := strconv.ParseFloat(Narrow(text), 64)
	return err == nil
}

// heads are the columns' names over several rows.
func (s Sheet) heads(row, depth int) []Head {
	width := 0
	for r := row; r < row+depth; r++ {
		width = max(width, len(s.Cells[r]))
	}
	var heads []Head
	for column := range width {
		var path []string
		for r := row; r < row+depth; r++ {
			text := s.Cell(r, column)
			if text == "" && r < row+depth-1 && s.Cell(r+1, column) != "" {
				text = s.groupOf(r, column)
			}
			if text = oneLine(text); text != "" && (len(path) == 0 || path[len(path)-1] != text) {
				path = append(path, text)
			}
		}
		if len(path) > 0 {
			heads = append(heads, Head{Column: column, Path: path})
		}
	}
	return heads
}

// oneLine takes breaks and blanks out of a head.
func oneLine(text string) string { return strings.Join(strings.Fields(text), "") }

// body divides what stands below the heads.
func (s Sheet) body(t *Table, from, named int) {
	sinceSubtotal := 0
	for row := from; row < len(s.Cells); row++ {
		r := Row{Number: row + 1, Cells: s.flat(row)}
		switch label, total := totalLabel(r, named); {
		case s.line(row) == "" || s.repeatsHead(t, r) || countsColumns(r):
		case total:
			sum := Total{Row: r, Label: label, To: len(t.Rows)}
			if partial(label) {
				sum.From, sinceSubtotal = sinceSubtotal, len(t.Rows)
			}
			t.Totals = append(t.Totals, sum)
		case isNote(r, named):
			t.Notes = append(t.Notes, Note{r.Number, s.line(row)})
		default:
			t.Rows = append(t.Rows, r)
		}
	}
}

// flat is a row of the body: of a merge over columns only the first cell counts, of one over rows each.
func (s Sheet) flat(row int) []string {
	cells := make([]string, len(s.Cells[row]))
	for column, text := range s.Cells[row] {
		if first, merged := s.merged[at{row, column}]; !merged || first.column == column {
			cells[column] = text
		}
	}
	return cells
}

// repeatsHead tells a head that is printed on every page anew.
func (s Sheet) repeatsHead(t *Table, r Row) bool {
	same, filled := 0, 0
	for _, h := range t.Heads {
		text := oneLine(r.Cell(h.Column))
		if text == "" {
			continue
		}
		filled++
		if slices.Contains(h.Path, text) {
			same++
		}
	}
	return same >= leastKnown && same == filled
}

// countsColumns tells the row that numbers the columns: 1, 2, 3 or 甲, 乙, 1, 2.
func countsColumns(r Row) bool {
	last, n := 0, 0
	for _, text := range r.Cells {
		if text == "" || strings.Trim(text, "甲乙丙丁戊己庚辛壬癸栏次") == "" {
			continue
		}
		number, err := strconv.Atoi(strings.Trim(Narrow(text), "()"))
		if err != nil || number != last+1 {
			return false
		}
		last, n = number, n+1
	}
	return n >= leastKnown
}

var (
	totalWords   = []string{"合计", "总计", "共计", "小计", "累计", "总数"}                                                            //nolint:gochecknoglobals // a constant list
	partialWords = []string{"小计"}                                                                                          //nolint:gochecknoglobals // a constant list
	noteWords    = []string{"备注", "注：", "注:", "说明", "填表", "填报", "制表", "审核", "单位负责人", "联系电话", "联系人：", "联系人:", "统计截止", "盖章"} //nolint:gochecknoglobals // a constant list
)

// totalLabel finds the word that makes a row a total; it stands left of the numbers, in whichever column.
func totalLabel(r Row, named int) (string, bool) {
	seen := 0
	for column, text := range r.Cells {
		if text == "" {
			continue
		}
		plain := oneLine(text)
		for _, word := range totalWords {
			rest, begins := strings.CutPrefix(plain, word)
			if strings.HasSuffix(plain, word) || begins && strings.IndexAny(rest, "（(：:0123456789") == 0 {
				return plain, true
			}
		}
		seen++
		if seen >= leastKnown || column > named+1 {
			break
		}
	}
	return "", false
}

func partial(label string) bool {
	for _, word := range partialWords {
		if strings.Contains(label, word) {
			return true
		}
	}
	return false
}

// isNote tells lines of words: those that begin like one, and single cells where the name of the row is empty.
func isNote(r Row, named int) bool {
	first, filled := "", 0
	for _, text := range r.Cells {
		if text == "" {
			continue
		}
		if first == "" {
			first = oneLine(text)
		}
		filled++
	}
	for _, word := range noteWords {
		if strings.HasPrefix(first, word) {
			return r.Cell(named) == "" || filled <= 2 || strings.ContainsAny(first, ":：")
		}
	}
	return filled == 1 && r.Cell(named) == "" && !looksNumber(first)
}
