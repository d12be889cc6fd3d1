package caseimport

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
)

// entry is a row as it was understood.
type entry struct {
	*RowReport

	sheet *sheet
	row   grid.Row

	code, label, credit, kind, industry string
	village, track                      string
	above                               *bool
	tenant                              bool
	classes                             map[string]string
	taxes                               map[string]float64
	parcels                             []string
	plans, done                         map[string]campaign.Date
	skipped                             []string // milestones not applicable
	checks                              []string
	areas                               map[string]geo.Area // of the case itself
	fields                              map[string]string   // as a case is amended
	sheets                              map[string]map[string]string
}

// refuse adds a reason for which the row is not let in.
func (e *entry) refuse(zh, en string) {
	e.Reasons = append(e.Reasons, campaign.Text{ZH: zh, EN: en})
}

func (e *entry) notice(zh, en string) {
	e.Notices = append(e.Notices, campaign.Text{ZH: zh, EN: en})
}

// reader reads rows by the rules of a campaign.
type reader struct {
	units
	answers Answers
	year    int
}

// read reads a row; what cannot be understood is a reason to refuse it.
func (r reader) read(s *sheet, row grid.Row) *entry {
	e := &entry{
		RowReport: &RowReport{Place: s.place, File: s.file, Sheet: s.Sheet, Row: row.Number, Unit: s.unit, cells: row.Cells},
		sheet:     s, row: row, classes: map[string]string{}, taxes: map[string]float64{}, plans: map[string]campaign.Date{}, done: map[string]campaign.Date{},
		areas: map[string]geo.Area{}, fields: map[string]string{}, sheets: map[string]map[string]string{},
	}
	for _, first := range []bool{true, false} { // the unit before the village
		for _, c := range s.columns {
			if (c.target.Key == keyUnit) == first && (c.left == (campaign.Text{}) || c.target.kind == phone) {
				r.cell(e, c, row.Cell(c.Column))
			}
		}
	}
	if e.label == "" {
		e.refuse("没有企业（作坊）名称", "it has no name of a firm or workshop")
	}
	e.Code, e.Label = e.code, e.label
	return e
}

// cell reads one cell into what its column means.
func (r reader) cell(e *entry, c column, text string) {
	if grid.Blank(text) {
		return
	}
	switch c.target.kind {
	case words:
		r.words(e, c.target.Key, strings.Join(strings.Fields(text), " "))
	case unitName, villageName, trackName, kindName, disposalName:
		r.listed(e, c.target.kind, text)
	case caseCode, creditCode, parcelCodes, industry, phone:
		r.codes(e, c.target.kind, text)
	case scale, tenancy, box:
		r.yesNo(e, c, text)
	case classes:
		r.classes(e, c, text)
	case taxes:
		r.taxes(e, c, text)
	case plan, done:
		r.days(e, c, text)
	case area:
		if a, ok := r.area(e, c, text); ok {
			e.areas[c.target.Key] = a
		}
	case sheetField:
		r.field(e, c, text)
	case ignored:
	}
}

func (reader) words(e *entry, key, text string) {
	if key == keyLabel {
		e.label = text
		return
	}
	e.fields[key] = text
}

// listed reads a word of one of the campaign's lists.
func (r reader) listed(e *entry, k kind, text string) {
	d := r.main
	switch k { //nolint:exhaustive // those of a list
	case unitName:
		if code, known := r.named(text); known {
			e.Unit = code
			return
		}
		e.refuse("没有“"+text+"”这个责任主体", "there is no responsible unit called "+text)
	case villageName:
		code, known := r.village(e.Unit, text)
		if !known {
			e.refuse("“"+r.name(e.Unit).ZH+"”没有“"+text+"”这个村（社区）", "there is no village "+text+" in "+r.name(e.Unit).EN)
		}
		e.village = code
	case trackName:
		for _, t := range d.Tracks {
			if plain(t.Name.ZH) == plain(text) || t.Code == text {
				e.track = t.Code
				return
			}
		}
		e.refuse("没有“"+text+"”这个类别", "there is no track "+text)
	case kindName:
		e.kind = choice(e, "类型", "kind", d.Kinds, strings.TrimSuffix(strings.TrimPrefix(text, "小"), "户"))
	case disposalName:
		e.fields["disposal"] = choice(e, "处置方式", "way of disposal", d.Disposals, text)
	}
}

// choice finds one of a list, or says which there are.
func choice(e *entry, zh, en string, list []campaign.Choice, text string) string {
	var names []string
	for _, c := range list {
		if plain(c.Name.ZH) == plain(text) || c.Code == text {
			return c.Code
		}
		names = append(names, c.Name.ZH)
	}
	e.refuse("“"+zh+"”写的是“"+text+"”，应为："+strings.Join(names, "、"), en+": "+text+" is none of the list")
	return ""
}

// codes reads what Excel may have made a number of.
func (r reader) codes(e *entry, k kind, text string) {
	code, lost := grid.Digits(text)
	switch k { //nolint:exhaustive // those that are codes
	case caseCode:
		e.code = strings.ToUpper(code)
	case creditCode:
		r.credit(e, code, lost, text)
	case industry:
		e.industry = strings.TrimLeft(code, "ABCDEFGHIJKLMNOPQRST")
		if !industries.MatchString(e.industry) {
			e.notice("行业“"+text+"”不是 GB/T 4754 的代码，未导入", "industry "+text+" is no class of GB/T 4754 and is left out")
			e.industry = ""
		}
	case phone:
		if telephone := strings.Map(digitsOnly, code); len(telephone) < 7 || len(telephone) > 12 || lost {
			e.notice("联系电话“"+text+"”位数不对，请核对", "the telephone number "+text+" has the wrong length")
		}
	case parcelCodes:
		for part := range strings.FieldsFuncSeq(code, func(r rune) bool { return strings.ContainsRune("、,，;； \n", r) }) {
			e.parcels = append(e.parcels, part)
		}
	}
}

func digitsOnly(r rune) rune {
	if r < '0' || r > '9' {
		return -1
	}
	return r
}

var industries = regexp.MustCompile(`^\d{2,4}$`)

// credit reads a credit code: blank ones are common, and Excel ruins those that are all digits.
func (reader) credit(e *entry, code string, lost bool, text string) {
	if lost || len(code) == uscc.Length && strings.HasSuffix(code, "000") && strings.Trim(code, "0123456789") == "" {
		e.notice("信用代码“"+text+"”被 Excel 改成了数字，末几位已丢失，按名称核对", "the credit code "+text+" was made a number and lost its last digits; the row is matched by name")
		return
	}
	e.credit = uscc.Normalise(code)
	if odd := uscc.Check(e.credit); len(odd) > 0 {
		e.notice("统一社会信用代码校验位不符，可先保存，请核对", "the credit code does not check; please check it")
	}
}

func (reader) yesNo(e *entry, c column, text string) {
	yes, known := yesNo(text)
	switch c.target.kind { //nolint:exhaustive // those of yes and no
	case scale:
		above := strings.HasPrefix(plain(text), "规上") || known && yes
		e.above = &above
	case tenancy:
		e.tenant = yes || !known && strings.Contains(text, "租")
	case box:
		if yes {
			e.checks = append(e.checks, c.target.code)
		}
	}
}

func yesNo(text string) (yes, known bool) {
	switch plain(text) {
	case "是", "有", "√", "✓", "✔", "已", "已完成", "完成", "y", "yes", "1", "符合", "对":
		return true, true
	case "否", "无", "×", "x", "未", "未完成", "n", "no", "0", "不符合", "错":
		return false, true
	}
	return false, false
}

var years = regexp.MustCompile(`(20\d\d)\D{0,3}(20\d\d)?`)

// yearsOf are the years a head names; the last three before the campaign where it names none.
func (r reader) yearsOf(head string) []int {
	m := years.FindStringSubmatch(grid.Narrow(head))
	if m == nil {
		return []int{r.year - 3, r.year - 2, r.year - 1}
	}
	from, _ := strconv.Atoi(m[1]) // digits, by the pattern
	to := from
	if m[2] != "" {
		to, _ = strconv.Atoi(m[2])
	}
	var all []int
	for year := from; year <= to && len(all) < 6; year++ {
		all = append(all, year)
	}
	return all
}

// classes reads C, or —/C/D for three years.
func (r reader) classes(e *entry, c column, text string) {
	parts := strings.FieldsFunc(strings.ToUpper(grid.Narrow(text)), func(r rune) bool { return strings.ContainsRune("/、,; ", r) })
	all := r.yearsOf(c.Name())
	if len(parts) == 1 && len(all) == 3 {
		all = all[2:]
	}
	if len(parts) != len(all) {
		e.refuse("“亩均评价”写的是“"+text+"”，应为每年一个字母，如 C/D/D", "classes: one letter for each year, like C/D/D")
		return
	}
	for i, part := range parts {
		part = strings.TrimSuffix(part, "类")
		switch {
		case part >= "A" && part <= "D" && len(part) == 1:
			e.classes[strconv.Itoa(all[i])] = part
		case !grid.Blank(part) && part != "未评价":
			e.refuse("“亩均评价”写的是“"+text+"”，只有 A、B、C、D", "classes are A, B, C and D")
			return
		}
	}
}

// yuanOfTax are the yuan of 万元.
const yuanOfTax = 10_000

func (r reader) taxes(e *entry, c column, text string) {
	n, err := grid.Number(text)
	if err != nil {
		e.refuse("“亩均税收”写的是“"+text+"”，应为数字（万元/亩）", "tax per mu: a number of 10,000 yuan")
		return
	}
	all := r.yearsOf(c.Name())
	e.taxes[strconv.Itoa(all[len(all)-1])] = n * yuanOfTax
}

// days reads a planned or an actual day of a milestone.
func (r reader) days(e *entry, c column, text string) {
	name := c.target.Name.ZH
	if slices.Contains([]string{"不适用", "不需拆除", "无需拆除", "不需要", "无需"}, plain(text)) {
		if c.target.kind == done {
			e.skipped = append(e.skipped, c.target.code)
		}
		return
	}
	on, err := grid.Day(text, r.year)
	if err != nil {
		e.refuse("“"+name+"”写的是“"+text+"”，读不出是哪一天，请写成 2020-07-08", c.target.Name.EN+": "+text+" is no day; write 2020-07-08")
		return
	}
	if c.target.kind == plan {
		e.plans[c.target.code] = campaign.Date(on)
	} else {
		e.done[c.target.code] = campaign.Date(on)
	}
}

// area reads an area in what the cell, the answer or the column says it is in, and asks about amounts that cannot be.
func (r reader) area(e *entry, c column, text string) (geo.Area, bool) {
	amount, unit, err := grid.Area(text)
	if err != nil || amount < 0 {
		e.refuse("“"+c.Name()+"”写的是“"+text+"”，读不出是多少", c.Name()+": "+text+" is no area")
		return 0, false
	}
	cell := c.place + strconv.Itoa(e.Row)
	if unit == "" {
		if unit = c.unit; r.answers.Areas[cell] != "" {
			unit = r.answers.Areas[cell]
		} else if r.suspicious(c, amount) {
			e.ask(c, cell, amount)
		}
	}
	return geo.FromSquareMetres(grid.In(amount, unit, grid.SquareMetre)), true
}

// Beyond suspectMu, and many times the middle of its column, an amount of mu is asked about.
const (
	suspectMu    = 100.0
	suspectTimes = 20.0
)

func (reader) suspicious(c column, amount float64) bool {
	if c.unit != grid.Mu || c.target.Key == keyFloor || amount < suspectMu {
		return false
	}
	return amount >= suspectTimes*c.middle || !c.settled && c.middle >= suspectMu
}

func (e *entry) ask(c column, cell string, amount float64) {
	inMu := grid.In(amount, grid.SquareMetre, grid.Mu)
	e.Asks = append(e.Asks, Ask{
		Cell: cell, Amount: amountText(amount), Meant: grid.SquareMetre, Said: c.unit, InMu: amountText(inMu),
		Text: campaign.Text{
			ZH: fmt.Sprintf("第 %d 行面积 %s 疑为平方米（约 %s 亩），请确认", e.Row, amountText(amount), amountText(inMu)),
			EN: fmt.Sprintf("row %d: the area %s seems to be in m² (about %s mu); please confirm", e.Row, amountText(amount), amountText(inMu)),
		},
	})
}
