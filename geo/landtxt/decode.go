package landtxt

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// Decode reads a file whole; the first fault ends it. Every error is an *Error.
func Decode(b []byte, options Options) (*Document, error) {
	text, encodingName, err := readText(b)
	if err != nil {
		return nil, err
	}
	d := decoder{doc: Document{Encoding: encodingName}, options: options, grid: grid{zone: options.Zone}}
	if err := d.lines(text); err != nil {
		return nil, err
	}
	if !d.found {
		return nil, fault(CodeNotLandTXT, 0, "没有“[地块坐标]”一节，这不是国土TXT文件", "there is no section [地块坐标]: this is no land TXT file")
	}
	if err := d.finish(); err != nil {
		return nil, err
	}
	return &d.doc, nil
}

// decoder holds the state of reading.
type decoder struct {
	doc     Document
	options Options
	line    int
	section string
	found   bool // the section of plots was seen
	header  header
	grid    grid
	points  int
	plots   []rawPlot
}

// rawPlot is a plot with its rings still in the coordinates of the file.
type rawPlot struct {
	Plot
	declared int // number of points stated, -1 if none
	points   int
	rings    []rawRing
}

type rawRing struct {
	number, line int
	points       orb.Ring // easting or longitude first
}

func (d *decoder) fault(code, zh, en string) error { return fault(code, d.line, zh, en) }

func (d *decoder) warn(line int, zh, en string) {
	d.doc.Warnings = append(d.doc.Warnings, Warning{Line: line, ZH: fmt.Sprintf("第%d行：%s", line, zh), EN: fmt.Sprintf("line %d: %s", line, en)})
}

func (d *decoder) lines(text string) error {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	for line := range strings.Lines(text) {
		d.line++
		if err := d.one(strings.TrimSpace(line)); err != nil {
			return err
		}
	}
	return d.endPlot()
}

// one reads a line; lines of sections that mean nothing here are passed over.
func (d *decoder) one(line string) error {
	switch {
	case line == "":
		return nil
	case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
		d.section = line
		if line != sectionPlots {
			return nil
		}
		d.found = true
		return d.applyHeader()
	case d.section == sectionHeader:
		return d.headerLine(line)
	case d.section != sectionPlots:
		return nil
	case strings.HasSuffix(strings.TrimRight(line, ", "), "@"):
		return d.plotLine(strings.TrimRight(line, ", "))
	}
	return d.pointLine(line)
}

// plotLine reads 点数,面积,编号,名称,面,图幅号,用途,…,@ and the shorter order without 点数.
func (d *decoder) plotLine(line string) error {
	if err := d.endPlot(); err != nil {
		return err
	}
	if len(d.plots) >= d.options.maxPlots() {
		return d.fault(CodeLimit, fmt.Sprintf("地块超过%d个，请拆分文件", d.options.maxPlots()), fmt.Sprintf("more than %d plots; split the file", d.options.maxPlots()))
	}
	fields := splitFields(strings.TrimSuffix(line, "@"))
	kind := kindField(fields)
	if kind < 0 {
		return d.fault(CodePlotLine, "地块行缺少图形属性“面”，应为：点数,面积,编号,名称,面,图幅号,用途,…,@",
			"the plot line lacks the kind of figure 面; expected 点数,面积,编号,名称,面,图幅号,用途,…,@")
	}
	if fields[kind] != "面" {
		return d.fault(CodePlotLine, "只接受图形属性为“面”的地块", "only plots of the kind 面 (area) are accepted")
	}
	p := rawPlot{Plot: Plot{Line: d.line}, declared: -1}
	if err := d.leading(&p, fields[:kind]); err != nil {
		return err
	}
	p.Sheet, p.Use, p.Extra = trailing(fields[kind+1:])
	d.plots = append(d.plots, p)
	return nil
}

// kindField finds the field that says 面, 线 or 点; it stands fourth or fifth.
func kindField(fields []string) int {
	for _, i := range []int{4, 3} {
		if i < len(fields) {
			switch fields[i] {
			case "面", "线", "点":
				return i
			}
		}
	}
	return -1
}

// leading reads what stands before the kind: with or without the number of points.
func (d *decoder) leading(p *rawPlot, fields []string) error {
	if len(fields) == 4 {
		n, err := strconv.Atoi(fields[0])
		if fields[0] != "" && (err != nil || n < 0) {
			return d.fault(CodePlotLine, "界址点数不是整数", "the number of points is no whole number")
		}
		if fields[0] != "" {
			p.declared = n
		}
		fields = fields[1:]
	}
	area := strings.TrimSpace(strings.TrimSuffix(fields[0], "公顷"))
	if area != "" {
		v, ok := plainNumber(area)
		if !ok || v < 0 {
			return d.fault(CodePlotLine, "地块面积不是数（单位应为公顷）", "the area is no number (of hectares)")
		}
		p.Hectares = v
	}
	p.Number, p.Name = fields[1], fields[2]
	return nil
}

// trailing splits what stands after the kind: 图幅号, 用途 and the rest without empty fields at its end.
func trailing(fields []string) (sheet, use string, extra []string) {
	for len(fields) > 0 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) > 0 {
		sheet = fields[0]
	}
	if len(fields) > 1 {
		use = fields[1]
	}
	if len(fields) > 2 {
		extra = fields[2:]
	}
	return sheet, use, extra
}

// pointLine reads 点号,圈号,northing,easting.
func (d *decoder) pointLine(line string) error {
	if len(d.plots) == 0 {
		return d.fault(CodePlotLine, "界址点之前没有地块行（以@结尾）", "a point stands before any plot line (which ends in @)")
	}
	d.points++
	if d.points > d.options.maxPoints() {
		return d.fault(CodeLimit, fmt.Sprintf("界址点超过%d个，请拆分文件", d.options.maxPoints()), fmt.Sprintf("more than %d points; split the file", d.options.maxPoints()))
	}
	fields := splitFields(line)
	for len(fields) > 4 && fields[len(fields)-1] == "" {
		fields = fields[:len(fields)-1]
	}
	if len(fields) != 4 {
		return d.fault(CodePointLine, "界址点行应为：点号,圈号,北坐标,东坐标（半角逗号）", "a point line is 点号,圈号,northing,easting with half-width commas")
	}
	ring, err := strconv.Atoi(fields[1])
	if err != nil || ring < 1 {
		return d.fault(CodePointLine, "圈号不是正整数", "the ring number is no positive whole number")
	}
	first, ok1 := plainNumber(fields[2])
	second, ok2 := plainNumber(fields[3])
	if !ok1 || !ok2 {
		return d.fault(CodePointLine, "坐标不是数", "a coordinate is no number")
	}
	p, err := d.grid.place(first, second, d.line)
	if err != nil {
		return err
	}
	return d.addPoint(ring, p)
}

// addPoint appends to the ring of that number, which opens behind the ring before it.
func (d *decoder) addPoint(number int, p orb.Point) error {
	plot := &d.plots[len(d.plots)-1]
	plot.points++
	n := len(plot.rings)
	switch {
	case n > 0 && plot.rings[n-1].number == number:
		return d.extend(&plot.rings[n-1], p)
	case (n == 0 && number != 1) || (n > 0 && number <= plot.rings[n-1].number):
		return d.fault(CodeRing, "圈号顺序不对：应从1开始递增，同一圈的点连续排列", "ring numbers run upwards from 1, the points of a ring in one run")
	}
	plot.rings = append(plot.rings, rawRing{number: number, line: d.line, points: orb.Ring{p}})
	return nil
}

// extend appends to a ring that is not closed yet. A second figure under the
// same number would come out as one ring that touches itself.
func (d *decoder) extend(r *rawRing, p orb.Point) error {
	if n := len(r.points); n >= 4 && r.points[0] == r.points[n-1] {
		if p == r.points[0] {
			return nil
		}
		return d.fault(CodeRing, fmt.Sprintf("第%d圈已经闭合，其后又有点；多个图形请各写一个地块行，孔用更大的圈号", r.number),
			fmt.Sprintf("ring %d is closed and goes on; give each figure a plot line of its own, each hole a higher ring number", r.number))
	}
	r.points = append(r.points, p)
	return nil
}

// endPlot closes the rings of the plot being read and checks its number of points.
func (d *decoder) endPlot() error {
	if len(d.plots) == 0 {
		return nil
	}
	p := &d.plots[len(d.plots)-1]
	if len(p.rings) == 0 {
		return fault(CodeRing, p.Line, "地块没有界址点", "the plot has no points")
	}
	opened := 0
	for i := range p.rings {
		r := &p.rings[i]
		if r.points[0] != r.points[len(r.points)-1] || len(r.points) == 1 {
			r.points = append(r.points, r.points[0])
			opened++
		}
		if len(r.points) < 4 {
			return fault(CodeRing, r.line, fmt.Sprintf("第%d圈不足三个点", r.number), fmt.Sprintf("ring %d has fewer than three points", r.number))
		}
	}
	d.checkCount(p, opened)
	return nil
}

// checkCount warns where the stated number of points is neither that of the
// lines nor that of the lines without, or with, the closing points.
func (d *decoder) checkCount(p *rawPlot, opened int) {
	closed := p.points + opened
	if p.declared < 0 || (p.declared <= closed && p.declared >= closed-len(p.rings)) {
		return
	}
	d.warn(p.Line, fmt.Sprintf("地块行写有%d个界址点，实有%d个", p.declared, p.points), fmt.Sprintf("the plot line states %d points, there are %d", p.declared, p.points))
}

// splitFields cuts at half-width commas and trims each field.
func splitFields(line string) []string {
	fields := strings.Split(line, ",")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	return fields
}

// plainNumber reads digits with a sign and a point; exponents, NaN and hexadecimals are no coordinates.
func plainNumber(s string) (float64, bool) {
	if len(s) > 40 || strings.Trim(s, "+-.0123456789") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}
