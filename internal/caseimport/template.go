package caseimport

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/chronicle"
)

// blank is a column of the template.
type blank struct {
	group, name string
	list        []string // what can be chosen
	day         bool
	width       float64
}

// templateRows are the rows of the template that are checked while somebody types.
const templateRows = 2000

// WriteTemplate writes an empty ledger of a track with lists to choose from, which reads back without a question. With a
// unit it is that unit's: the heading says so, and there are its villages alone.
func WriteTemplate(w io.Writer, v *chronicle.View, trackCode, unit string) (err error) {
	track, known := v.Definition.Track(trackCode)
	if trackCode == "" {
		track, known = v.Definition.Tracks[0], true
	}
	u := units{v.Units, v.Definition}
	if !known || unit != "" && u.name(unit) == (campaign.Text{}) {
		return invalid("unknown_template", "没有这个类别或责任主体", "there is no such track or unit")
	}
	f := excelize.NewFile()
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	styles, err := newStyles(f)
	if err != nil {
		return err
	}
	t := template{f, u, unit, "台账", styles, nil}
	if err := t.write(track); err != nil {
		return err
	}
	return f.Write(w)
}

type template struct {
	*excelize.File

	units  units
	unit   string
	sheet  string
	styles styles
	lists  [][]string // of the hidden sheet, by column
}

func (t *template) write(track campaign.Track) error {
	if err := t.SetSheetName("Sheet1", t.sheet); err != nil {
		return err
	}
	if _, err := t.NewSheet(listSheet); err != nil {
		return err
	}
	if err := t.SetSheetVisible(listSheet, false); err != nil {
		return err
	}
	title := t.units.main.Title.ZH + "台账　" + track.Name.ZH
	if t.unit != "" {
		title += "　填报单位：" + t.units.name(t.unit).ZH
	}
	columns := t.columns(track)
	if err := t.heads(title, columns); err != nil {
		return err
	}
	for i, c := range columns {
		if err := t.checked(i+1, c); err != nil {
			return err
		}
	}
	return t.SetPanes(t.sheet, &excelize.Panes{Freeze: true, XSplit: 4, YSplit: 3, TopLeftCell: "E4", ActivePane: "bottomRight"})
}

// columns of the template, in the order that offices know.
func (t *template) columns(track campaign.Track) []blank {
	d := t.units.main
	yes := []string{"是", "否"}
	list := []blank{
		{"", "序号", nil, false, 6},
		{"", "责任主体", t.unitNames(), false, 22},
		{"", "村（社区）", t.villageNames(), false, 16},
		{"", "企业（作坊）名称", nil, false, 26},
		{"", "编号", nil, false, 15},
		{"", "统一社会信用代码", nil, false, 22},
		{"", "类型", namesOf(d.Kinds), false, 8},
		{"", "类别", []string{track.Name.ZH}, false, 14},
		{"", "批次", nil, false, 10},
		{"", "行业（GB/T 4754）", nil, false, 10},
		{"", "规上/规下", []string{"规上", "规下"}, false, 10},
		{"", fmt.Sprintf("亩均评价（%d至%d年）", d.Year-3, d.Year-1), nil, false, 14},
		{"", strconv.Itoa(d.Year-1) + "年亩均税收（万元/亩）", nil, false, 14},
		{"", "是否租赁", yes, false, 8},
		{"", "图斑编号", nil, false, 18},
		{"", "建筑面积（㎡）", nil, false, 12},
	}
	list = append(list, t.sheetColumns(track, yes)...)
	list = append(list, blank{"", "处置方式", namesOf(d.Disposals), false, 12})
	for _, m := range track.Milestones[1:] {
		list = append(list, blank{"计划时间", m.Name.ZH, nil, true, 12})
	}
	for _, m := range track.Milestones {
		list = append(list, blank{"完成时间", m.Name.ZH, nil, true, 12})
	}
	seen := []string{}
	for _, m := range track.Milestones {
		for _, c := range m.Checks {
			if !slices.Contains(seen, c.Code) {
				seen = append(seen, c.Code)
				list = append(list, blank{"两断三清", c.Name.ZH, []string{"√"}, false, 8})
			}
		}
	}
	return append(list, blank{"", "腾退面积（亩）", nil, false, 12}, blank{"", "有效面积（亩）", nil, false, 12}, blank{"", "责任人", nil, false, 10}, blank{"", "备注", nil, false, 24})
}

// sheetColumns are the single choices, areas and days of what the campaign keeps of an operator on this track.
func (t *template) sheetColumns(track campaign.Track, yes []string) []blank {
	var list []blank
	for _, s := range t.units.main.Sheets {
		if s.Many || s.Of != campaign.OfEnterprise || !s.On(track.Code) {
			continue
		}
		for _, f := range s.Fields {
			b := blank{name: f.Name.ZH, width: max(10, float64(len([]rune(f.Name.ZH))*2+2))}
			switch f.Type { //nolint:exhaustive // the others are typed freely
			case campaign.FieldChoice:
				b.list = namesOf(plainChoices(t.units.main.Options(f)))
			case campaign.FieldYesNo:
				b.list = yes
			case campaign.FieldMu:
				b.name += "（亩）"
			case campaign.FieldArea:
				b.name += "（㎡）"
			case campaign.FieldDate:
				b.day = true
			}
			list = append(list, b)
		}
	}
	return list
}

func (t *template) unitNames() []string {
	var names []string
	for _, u := range t.units.all {
		if !u.Outside && (t.unit == "" || u.Code == t.unit) {
			names = append(names, u.Name.ZH)
		}
	}
	return names
}

func (t *template) villageNames() []string {
	var names []string
	for _, v := range t.units.main.Villages {
		if t.unit == "" || v.Unit == t.unit {
			names = append(names, v.Name.ZH)
		}
	}
	return names
}

func namesOf(list []campaign.Choice) []string {
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.Name.ZH
	}
	return names
}

// heads writes the title and two rows of heads: groups over their columns, single ones merged with the row below.
func (t *template) heads(title string, columns []blank) error {
	if err := t.SetCellStr(t.sheet, "A1", title); err != nil {
		return err
	}
	if err := t.SetCellStyle(t.sheet, "A1", "A1", t.styles.title); err != nil {
		return err
	}
	last := grid.ColumnName(len(columns) - 1)
	if err := t.SetCellStyle(t.sheet, "A2", last+"3", t.styles.head); err != nil {
		return err
	}
	for i := 0; i < len(columns); {
		n := i + 1
		for n < len(columns) && columns[i].group != "" && columns[n].group == columns[i].group {
			n++
		}
		if err := t.group(columns, i, n); err != nil {
			return err
		}
		i = n
	}
	return nil
}

// group writes the heads of columns from one to another.
func (t *template) group(columns []blank, from, to int) error {
	first, last := grid.ColumnName(from), grid.ColumnName(to-1)
	if columns[from].group == "" || to == from+1 {
		if err := t.SetCellStr(t.sheet, first+"2", columns[from].group+columns[from].name); err != nil {
			return err
		}
		if err := t.MergeCell(t.sheet, first+"2", first+"3"); err != nil {
			return err
		}
	} else {
		if err := t.SetCellStr(t.sheet, first+"2", columns[from].group); err != nil {
			return err
		}
		if err := t.MergeCell(t.sheet, first+"2", last+"2"); err != nil {
			return err
		}
		for i := from; i < to; i++ {
			if err := t.SetCellStr(t.sheet, grid.ColumnName(i)+"3", columns[i].name); err != nil {
				return err
			}
		}
	}
	for i := from; i < to; i++ {
		if err := t.SetColWidth(t.sheet, grid.ColumnName(i), grid.ColumnName(i), columns[i].width); err != nil {
			return err
		}
	}
	return nil
}

// listSheet holds the lists: Excel takes none of more than 255 characters beside the cells.
const listSheet = "选项"

// checked has Excel check what is typed into a column.
func (t *template) checked(column int, c blank) error {
	if len(c.list) == 0 && !c.day {
		return nil
	}
	letter := grid.ColumnName(column - 1)
	v := excelize.NewDataValidation(true)
	v.Sqref = fmt.Sprintf("%s4:%s%d", letter, letter, templateRows)
	if c.day {
		if err := v.SetRange(36526, 73050, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween); err != nil {
			return err
		}
		v.SetError(excelize.DataValidationErrorStyleWarning, "日期", "请填日期，如 2020-07-08；不需要的节点填“不适用”")
		style, err := t.NewStyle(&excelize.Style{CustomNumFmt: new("yyyy-mm-dd")})
		if err != nil {
			return err
		}
		if err := t.SetColStyle(t.sheet, letter, style); err != nil {
			return err
		}
		if err := t.SetCellStyle(t.sheet, letter+"2", letter+"3", t.styles.head); err != nil { // the column's covers that of its heads
			return err
		}
		return t.AddDataValidation(t.sheet, v)
	}
	t.lists = append(t.lists, c.list)
	held := grid.ColumnName(len(t.lists) - 1)
	for i, word := range c.list {
		if err := t.SetCellStr(listSheet, held+strconv.Itoa(i+1), word); err != nil {
			return err
		}
	}
	v.SetSqrefDropList(fmt.Sprintf("'%s'!$%s$1:$%s$%d", listSheet, held, held, len(c.list)))
	v.SetError(excelize.DataValidationErrorStyleStop, c.name, "请从列表中选择")
	return t.AddDataValidation(t.sheet, v)
}
