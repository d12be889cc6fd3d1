package caseimport

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
)

// leftOut is the answer that leaves a column out.
const leftOut = "-"

// column is a column of a sheet with what it is read as.
type column struct {
	grid.Head

	letter string
	place  string // file/sheet/C
	target Target
	unit   grid.Unit // of an area
	middle float64   // of its amounts
	// settled says that somebody has said the unit.
	settled bool
	// doubtful columns wait for a unit; why says why.
	doubtful bool
	why      campaign.Text
	left     campaign.Text
}

// sheet is a sheet on its way in.
type sheet struct {
	place, file string
	grid.Table

	columns    []column
	unit, from string
	signature  string
	remembered bool
}

// findTable finds the table of a sheet by the words of the campaign, and by the column that somebody says names the rows.
func findTable(s grid.Sheet, place string, list []Target, a Answers) (grid.Table, bool) {
	known := func(path []string) (bool, bool) {
		t, known := find(list, path)
		return known, known && t.Key == keyLabel
	}
	naming := -1
	for column := range len(widest(s.Cells)) {
		if a.Columns[place+"/"+grid.ColumnName(column)] == keyLabel {
			naming = column
		}
	}
	return s.Find(known, naming)
}

func widest(rows [][]string) []string {
	var most []string
	for _, r := range rows {
		if len(r) > len(most) {
			most = r
		}
	}
	return most
}

// almostTable finds heads that are known where none of them names the rows: somebody has to say which column does.
func almostTable(s grid.Sheet, list []Target) (grid.Table, bool) {
	return s.Find(func(path []string) (bool, bool) {
		_, known := find(list, path)
		return known, false
	}, 0)
}

// signatureOf names sheets with the same heads in the same columns.
func signatureOf(heads []grid.Head) string {
	h := sha256.New()
	for _, head := range heads {
		_, _ = fmt.Fprintf(h, "%d %s\n", head.Column, plain(head.Name()))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// readColumns decides what each column is read as: what is said now, what was said of such heads before, what the head says.
func (s *sheet) readColumns(list []Target, a Answers, before Said) {
	for _, head := range s.Heads {
		letter := grid.ColumnName(head.Column)
		c := column{Head: head, letter: letter, place: s.place + "/" + letter}
		c.target, _ = find(list, head.Path)
		key, said := a.Columns[c.place]
		if !said {
			key, said = before.Columns[letter]
			s.remembered = s.remembered || said
		}
		if said {
			c.target, _ = byKey(list, key)
			if key == leftOut {
				c.left = campaign.Text{ZH: "不导入", EN: "left out"}
			}
		}
		if c.target.measures() {
			s.columnUnit(&c, a, before)
		}
		s.columns = append(s.columns, c)
	}
	s.leaveRepeats()
	s.leaveKnown()
}

// columnUnit is the unit of an area: said, or in the head; else it is guessed from the values, and asked.
func (s *sheet) columnUnit(c *column, a Answers, before Said) {
	c.middle, _ = s.middle(c.Column)
	if said, ok := a.Areas[c.place]; ok {
		c.unit, c.settled = said, true
		return
	}
	if said, ok := before.Areas[c.letter]; ok {
		c.unit, c.settled, s.remembered = said, true, true
		return
	}
	for _, part := range slices.Backward(c.Path) {
		if unit, _ := grid.UnitIn(part); unit != "" && c.unit == "" {
			c.unit = unit
		}
	}
	s.doubtUnit(c)
}

// Amounts beyond which a column of mu reads like square metres, and the other way round: a case has a few mu on average,
// and none has less than a twentieth.
const (
	manyMu          = 60.0
	fewSquareMetres = 40.0
)

// doubtUnit asks where the head names no unit, or where most of what stands below cannot be in it.
func (s *sheet) doubtUnit(c *column) {
	middle, n := s.middle(c.Column)
	guess := grid.Mu
	if middle >= manyMu {
		guess = grid.SquareMetre
	}
	land := c.target.Key != keyFloor
	switch {
	case n == 0:
		if c.unit == "" {
			c.unit = grid.SquareMetre
			if land {
				c.unit = grid.Mu
			}
		}
	case c.unit == "":
		c.unit, c.doubtful = guess, true
		c.why = campaign.Text{ZH: "表头没有写单位", EN: "the head names no unit"}
	case land && n > 2 && (c.unit == grid.Mu && middle >= manyMu || c.unit == grid.SquareMetre && middle < fewSquareMetres):
		c.why = campaign.Text{
			ZH: fmt.Sprintf("表头写的是%s，但多数数值在 %s 左右，像是%s", unitWord(c.unit).ZH, amountText(middle), unitWord(guess).ZH),
			EN: fmt.Sprintf("the head says %s, but most values are about %s and look like %s", unitWord(c.unit).EN, amountText(middle), unitWord(guess).EN),
		}
		c.unit, c.doubtful = guess, true
	}
}

// middle is the median of a column's amounts that say no unit themselves, and how many there are.
func (s *sheet) middle(column int) (median float64, n int) {
	var amounts []float64
	for _, r := range s.Rows {
		if amount, unit, err := grid.Area(r.Cell(column)); err == nil && unit == "" && amount > 0 {
			amounts = append(amounts, amount)
		}
	}
	if len(amounts) == 0 {
		return 0, 0
	}
	sort.Float64s(amounts)
	return amounts[(len(amounts)-1)/2], len(amounts)
}

// leaveRepeats keeps one column of each target; of areas the one in square metres, which is exact.
func (s *sheet) leaveRepeats() {
	kept := map[string]int{}
	for i := range s.columns {
		c := &s.columns[i]
		if c.target.Key == "" || c.target.kind == classes || c.target.kind == taxes || c.target.kind == box {
			continue
		}
		first, again := kept[c.target.Key]
		if !again {
			kept[c.target.Key] = i
			continue
		}
		leave := i
		if c.unit == grid.SquareMetre && s.columns[first].unit == grid.Mu && !s.columns[first].doubtful && !c.doubtful {
			leave, kept[c.target.Key] = first, i
		}
		s.columns[leave].left = campaign.Text{ZH: "与 " + s.columns[kept[c.target.Key]].letter + " 列相同，不重复读取", EN: "the same as column " + s.columns[kept[c.target.Key]].letter}
		s.columns[leave].doubtful = false
	}
}

// leaveKnown says of columns that are known why they are not taken in.
func (s *sheet) leaveKnown() {
	for i := range s.columns {
		c := &s.columns[i]
		switch {
		case c.left != campaign.Text{}:
		case c.target.kind == phone:
			c.left = campaign.Text{ZH: "联系方式加密保存，请在企业页登记；此处只核对写法", EN: "contacts are sealed and entered with their enterprise; here only their form is checked"}
		case c.target.kind == ignored && len(c.target.names) > 0:
			c.left = campaign.Text{ZH: "由系统得出，不导入", EN: "follows from other data"}
		}
	}
}

// asks are what must be said of a sheet before its rows can be let in.
func (s *sheet) asks() []string {
	asks := []string{}
	if !s.has(keyLabel) {
		asks = append(asks, keyLabel)
	}
	if s.unit == "" && !s.has(keyUnit) {
		asks = append(asks, keyUnit)
	}
	if slices.ContainsFunc(s.columns, func(c column) bool { return c.doubtful }) {
		asks = append(asks, "areas")
	}
	return asks
}

// missing are the milestones of a track that may be not applicable and have no column before one that has.
func (s *sheet) missing(t campaign.Track) []campaign.Milestone {
	var missing, waiting []campaign.Milestone
	for _, m := range t.Milestones {
		switch {
		case s.has("done:" + m.Code):
			missing, waiting = append(missing, waiting...), nil
		case m.MayBeNotApplicable:
			waiting = append(waiting, m)
		}
	}
	return missing
}

func (s *sheet) has(key string) bool {
	return slices.ContainsFunc(s.columns, func(c column) bool { return c.target.Key == key })
}

// said is what to keep of a sheet: its columns and their units.
func (s *sheet) said() Said {
	said := Said{Columns: map[string]string{}, Areas: map[string]grid.Unit{}}
	for _, c := range s.columns {
		key := c.target.Key
		if key == "" {
			key = leftOut
		}
		if c.target.kind != ignored || key == leftOut {
			said.Columns[c.letter] = key
		}
		if c.target.measures() {
			said.Areas[c.letter] = c.unit
		}
	}
	return said
}

func (s *sheet) report(first campaign.Track) SheetReport {
	r := SheetReport{
		Place: s.place, File: s.file, Sheet: s.Sheet, Unit: s.unit, UnitFrom: s.from, Rows: len(s.Rows), Notes: s.Notes,
		Totals: s.totals(), Asks: s.asks(), Remembered: s.remembered, signature: s.signature,
	}
	for _, m := range s.missing(first) {
		r.Missing = append(r.Missing, m.State)
	}
	for _, c := range s.columns {
		r.Columns = append(r.Columns, ColumnReport{
			Place: c.place, Letter: c.letter, Head: c.Name(), Key: c.target.Key, Unit: c.unit, AskUnit: c.doubtful, Why: c.why, Left: c.left, Samples: s.samples(c.Column), column: c.Column,
		})
	}
	return r
}

// samples are the first three values of a column that differ.
func (s *sheet) samples(column int) []string {
	var found []string
	for _, r := range s.Rows {
		if text := strings.Join(strings.Fields(r.Cell(column)), " "); text != "" && !slices.Contains(found, text) {
			if found = append(found, text); len(found) == 3 {
				break
			}
		}
	}
	return found
}
