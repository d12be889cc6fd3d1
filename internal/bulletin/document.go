package bulletin

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/ooxml"
	"github.com/guatu/guatu/internal/report"
)

// Fonts of official documents (GB/T 9704-2012), with what stands in where they are not installed.
var (
	titleFont  = ooxml.Font{Name: "方正小标宋简体", Otherwise: "宋体"}   //nolint:gochecknoglobals // a constant
	bodyFont   = ooxml.Font{Name: "仿宋_GB2312", Otherwise: "仿宋"} //nolint:gochecknoglobals // a constant
	headFont   = ooxml.Font{Name: "黑体"}                         //nolint:gochecknoglobals // a constant
	kaiFont    = ooxml.Font{Name: "楷体_GB2312", Otherwise: "楷体"} //nolint:gochecknoglobals // a constant
	numberFont = ooxml.Font{Name: "宋体"}                         //nolint:gochecknoglobals // a constant
)

// Fonts are the names of the fonts that documents ask for.
func Fonts() []string {
	return []string{titleFont.Name, bodyFont.Name, headFont.Name, kaiFont.Name, numberFont.Name}
}

// Sizes (字号) in points, the height of a line of which a page has 22, and the red of 公文.
const (
	size2 = 22
	size3 = 16
	size4 = 14
	line  = 28.95
	red   = "E60012"
)

// Document is the 通报 as a Word file in the layout of official documents.
func (c *Content) Document() ([]byte, error) {
	d := ooxml.Document{
		Title: c.title(), Author: c.Bulletin.Issuing.Office.ZH,
		Top: ooxml.Millimetres(37), Bottom: ooxml.Millimetres(35), Inner: ooxml.Millimetres(28), Outer: ooxml.Millimetres(26), Pitch: 579,
		Number: ooxml.Run{Font: numberFont, Size: size4},
	}
	d.Blocks = append(d.Blocks, c.top()...)
	d.Blocks = append(d.Blocks, c.body()...)
	d.Blocks = append(d.Blocks, c.bottom()...)
	return d.Bytes()
}

func (c *Content) title() string {
	return "关于" + c.Definition().Name.ZH + subject
}

const subject = "工作进展情况的通报"

// top is 版头, title and addressees.
func (c *Content) top() []ooxml.Block {
	b := &c.Bulletin
	number := b.DocumentNumber()
	if c.Definition().Demo {
		number += "（演示数据）"
	}
	return []ooxml.Block{
		ooxml.Paragraph{Runs: []ooxml.Run{{Text: c.Definition().Name.ZH + "工作通报", Font: titleFont, Size: 26, Color: red}}, Align: ooxml.Centre, Before: 24, After: 18},
		text(number, ooxml.Centre),
		ooxml.Paragraph{Runs: []ooxml.Run{{Text: "　", Font: bodyFont, Size: 6}}, Rule: red},
		ooxml.Paragraph{Runs: []ooxml.Run{{Text: strings.Replace(c.title(), subject, "\n"+subject, 1), Font: titleFont, Size: size2}}, Align: ooxml.Centre, Before: 29, Line: 36},
		ooxml.Paragraph{Runs: []ooxml.Run{{Text: "（" + c.series() + "，" + shortDay(c.Span.From) + "—" + shortDay(c.Span.To) + "）", Font: kaiFont, Size: size3}}, Align: ooxml.Centre, Line: line, After: 14},
		text(b.Issuing.To.ZH+"：", ooxml.Full),
	}
}

func text(s string, align ooxml.Align) ooxml.Paragraph {
	return ooxml.Paragraph{Runs: []ooxml.Run{{Text: s, Font: bodyFont, Size: size3}}, Align: align, Line: line}
}

func indented(s string) ooxml.Paragraph {
	p := text(s, ooxml.Full)
	p.First = 2
	return p
}

// body has the sections that have something to say, numbered.
func (c *Content) body() []ooxml.Block {
	blocks := []ooxml.Block{indented("现将" + c.span() + c.Definition().Name.ZH + "工作进展情况通报如下。")}
	n := 0
	section := func(name string, inside ...ooxml.Block) {
		n++
		blocks = append(blocks, ooxml.Paragraph{Runs: []ooxml.Run{{Text: ordinal(n) + "、" + name, Font: headFont, Size: size3}}, First: 2, Line: line, Keep: true})
		blocks = append(blocks, inside...)
	}
	section("总体进展", paragraphs(c.until()+"，"+standing(&c.Sheet, fresh), others(&c.Sheet), c.Compared())...)
	section("各单位情况", append(paragraphs(c.places()), c.ranks())...)
	section("逾期和反弹", paragraphs(c.lateWords())...)
	if said := c.Corrected(); len(said) > 0 {
		section("补报和更正", paragraphs(said...)...)
	}
	section("核对情况", paragraphs(c.answers())...)
	if c.Bulletin.Outlook != "" {
		section("下一步工作", paragraphs(strings.Split(c.Bulletin.Outlook, "\n")...)...)
	}
	return blocks
}

func paragraphs(all ...string) []ooxml.Block {
	var blocks []ooxml.Block
	for _, s := range all {
		if s = strings.TrimSpace(s); s != "" {
			blocks = append(blocks, indented(s))
		}
	}
	return blocks
}

func ordinal(n int) string { return string([]rune("〇一二三四五六七八九")[n]) }

func (c *Content) span() string {
	if c.Bulletin.Monthly {
		return fmt.Sprintf("%d月份", c.Bulletin.Number)
	}
	return shortDay(c.Span.From) + "至" + shortDay(c.Span.To)
}

// places says who is first and who last, and how far apart.
func (c *Content) places() string {
	places := c.Sheet.Ranking.Places
	if len(places) == 0 {
		return "各单位尚无任务，不作排名。"
	}
	return leaders(&c.Sheet) + plain(places.SpreadWording()) + "。"
}

// ranks is the table of the units in the order of their places.
func (c *Content) ranks() ooxml.Block {
	heads := []string{"名次", "责任主体", "完成/任务（家）", "完成率", "升降", "序时差", "灯", "本期新增", "逾期"}
	t := ooxml.Table{Head: 1, Widths: []ooxml.Twips{640, 2240, 1300, 900, 700, 900, 600, 880, 680}, Rows: [][]ooxml.Cell{row(heads, headFont)}}
	for _, p := range c.Sheet.Ranking.Places {
		for i := range c.Sheet.Rows {
			if r := &c.Sheet.Rows[i]; r.Code == p.Unit {
				t.Rows = append(t.Rows, row(rankWords(r), bodyFont))
			}
		}
	}
	return t
}

func rankWords(r *report.Row) []string {
	m := metricOf(r, campaign.MetricRectified)
	return []string{
		strconv.Itoa(r.Place), r.Name.ZH, figures.Done(m.Done, m.Metric.Measure, figures.Document) + "/" + figures.Task(m.Task, m.Metric.Measure, figures.Document),
		m.Rate.String(), r.Movement.String(), m.Gap.String(), m.Light.Lamp().ZH, figures.Signed(added(r, m.Metric.Code), 0, figures.Document), strconv.FormatInt(r.Late.Cases, 10),
	}
}

func row(cells []string, font ooxml.Font) []ooxml.Cell {
	out := make([]ooxml.Cell, len(cells))
	for i, s := range cells {
		out[i].Paragraph = ooxml.Paragraph{Runs: []ooxml.Run{{Text: s, Font: font, Size: 10.5}}, Align: ooxml.Centre, Line: 16, Before: 3, After: 3}
	}
	return out
}

// lateWords says how much is late and rebounded, by unit.
func (c *Content) lateWords() string {
	var late, back []string
	for i := range c.Sheet.Rows {
		r := &c.Sheet.Rows[i]
		if r.Late.Cases > 0 {
			late = append(late, fmt.Sprintf("%s%d件", r.Name.ZH, r.Late.Cases))
		}
		if r.Rebounds > 0 {
			back = append(back, fmt.Sprintf("%s%d件", r.Name.ZH, r.Rebounds))
		}
	}
	return listed("逾期", c.Sheet.Total.Late.Cases, late) + listed("累计反弹", c.Sheet.Total.Rebounds, back)
}

func listed(what string, n int64, by []string) string {
	if n == 0 {
		return "无" + strings.TrimPrefix(what, "累计") + "事项。"
	}
	return fmt.Sprintf("%s%d件，其中%s。", what, n, strings.Join(by, "、"))
}

// answers says which units confirmed, which had nothing new (零报告), who objected and who said nothing.
func (c *Content) answers() string {
	groups := map[string][]string{}
	for _, code := range c.Units {
		name := unitOf(c.Sheet.View, code).Name.ZH
		kind := c.answerKind(code)
		groups[kind] = append(groups[kind], name)
	}
	var b strings.Builder
	for _, g := range []struct{ kind, words string }{
		{"right", "核对无误"}, {"zero", "零报告（本期无变化，经核对）"}, {"objection", "提出异议（已答复）"}, {"silent", "逾期未反馈，视为无异议"},
	} {
		if names := groups[g.kind]; len(names) > 0 {
			b.WriteString(g.words + "：" + strings.Join(names, "、") + "。")
		}
	}
	return b.String()
}

func (c *Content) answerKind(unit string) string {
	for _, a := range c.Answers {
		switch {
		case a.Unit != unit:
		case !a.Agrees:
			return "objection"
		case c.Nothing(unit):
			return "zero"
		default:
			return "right"
		}
	}
	return "silent"
}

// Nothing says that no figure of the unit moved in the period: its answer is a 零报告.
func (c *Content) Nothing(unit string) bool {
	for i := range c.Sheet.Rows {
		if r := &c.Sheet.Rows[i]; r.Code == unit {
			for _, a := range r.Added {
				if a.Done != 0 {
					return false
				}
			}
		}
	}
	return true
}

// bottom is the note of what is attached, who signs, and 版记.
func (c *Content) bottom() []ooxml.Block {
	b := &c.Bulletin
	right := func(s string) ooxml.Paragraph {
		p := text(s, ooxml.Right)
		p.Right, p.Keep = 2, true
		return p
	}
	blocks := []ooxml.Block{
		indented("附件：" + c.form().Title), indented("口径：" + c.Definition().Caliber.ZH + fmt.Sprintf("；统计数据截至第%d号记录。", b.Revision)), text("", ooxml.Full),
		right(b.Issuing.Office.ZH), right(c.actOn(campaign.BulletinSigned)), text("", ooxml.Full),
	}
	small := func(s string) ooxml.Paragraph {
		return ooxml.Paragraph{Runs: []ooxml.Run{{Text: s, Font: bodyFont, Size: size4}}, Left: 1, Right: 1, Line: 24}
	}
	copies := small("抄送：" + b.Issuing.Copies.ZH + "。")
	copies.Over, copies.Keep = "000000", true
	issued := small(b.Issuing.Office.ZH + "\t" + c.actOn(campaign.BulletinIssued) + "印发")
	issued.Tab = ooxml.Millimetres(156) - 280 // of the breadth of the text, less one character
	issued.Over, issued.Rule = "000000", "000000"
	if b.Issuing.Copies.ZH == "" {
		return append(blocks, issued)
	}
	return append(blocks, copies, issued)
}

// actOn is the day on which the bulletin came to a stage; before that, room for it.
func (c *Content) actOn(stage string) string {
	if act, done := c.Bulletin.Acts[stage]; done {
		return campaign.DateOf(act.At.In(campaign.Shanghai())).Written()
	}
	return "　　年　月　日"
}
