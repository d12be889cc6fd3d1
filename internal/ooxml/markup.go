package ooxml

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// writer collects markup and the fonts it names.
type writer struct {
	strings.Builder

	fonts map[string]string // by name, what may stand for it
}

// put writes markup; a builder does not fail.
func (w *writer) put(format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }

func (p Paragraph) markup(w *writer) {
	w.put(`<w:p><w:pPr>`)
	if p.Keep {
		w.put(`<w:keepNext/>`)
	}
	if p.Rule != "" || p.Over != "" {
		w.put(`<w:pBdr>%s%s</w:pBdr>`, edge("top", p.Over), edge("bottom", p.Rule))
	}
	if p.Tab > 0 {
		w.put(`<w:tabs><w:tab w:val="right" w:pos="%d"/></w:tabs>`, p.Tab)
	}
	w.put(`<w:spacing w:before="%d" w:after="%d"`, points(p.Before), points(p.After))
	if p.Line > 0 {
		w.put(` w:line="%d" w:lineRule="exact"`, points(p.Line))
	}
	w.put(`/>%s`, indent(p.First, p.Left, p.Right))
	if p.Align != "" {
		w.put(`<w:jc w:val="%s"/>`, p.Align)
	}
	w.put(`</w:pPr>`)
	for _, r := range p.Runs {
		w.put(`<w:r>%s%s%s</w:t></w:r>`, w.runProps(r), again, escaped(r.Text))
	}
	w.put(`</w:p>`)
}

// markup of a table is followed by nothing; a document never ends with one.
func (t Table) markup(w *writer) {
	total := Twips(0)
	for _, width := range t.Widths {
		total += width
	}
	w.put(`<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>`, total)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		w.put(`<w:%s w:val="single" w:sz="4" w:space="0" w:color="000000"/>`, side)
	}
	w.put(`</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for _, width := range t.Widths {
		w.put(`<w:gridCol w:w="%d"/>`, width)
	}
	w.put(`</w:tblGrid>`)
	for i, row := range t.Rows {
		t.row(w, row, i < t.Head)
	}
	w.put(`</w:tbl>`)
}

func (t Table) row(w *writer, row []Cell, head bool) {
	w.put(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		w.put(`<w:tblHeader/>`)
	}
	w.put(`</w:trPr>`)
	column := 0
	for _, c := range row {
		across, width := max(1, c.Across), Twips(0)
		for _, each := range t.Widths[column:min(column+across, len(t.Widths))] {
			width += each
		}
		column += across
		w.put(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, width)
		if across > 1 {
			w.put(`<w:gridSpan w:val="%d"/>`, across)
		}
		w.put(`<w:vAlign w:val="center"/></w:tcPr>`)
		c.markup(w)
		w.put(`</w:tc>`)
	}
	w.put(`</w:tr>`)
}

// runProps name the face for all scripts: figures among Chinese stand in the same face.
func (w *writer) runProps(r Run) string {
	w.fonts[r.Font.Name] = r.Font.Otherwise
	bold, color := "", ""
	if r.Bold {
		bold = `<w:b/><w:bCs/>`
	}
	if r.Color != "" {
		color = `<w:color w:val="` + r.Color + `"/>`
	}
	name := escaped(r.Font.Name)
	return fmt.Sprintf(`<w:rPr><w:rFonts w:ascii="%[1]s" w:eastAsia="%[1]s" w:hAnsi="%[1]s" w:cs="%[1]s"/>%[2]s%[3]s<w:sz w:val="%[4]d"/><w:szCs w:val="%[4]d"/></w:rPr>`, name, bold, color, int(2*r.Size+0.5))
}

func (w *writer) fontTable() string {
	var b strings.Builder
	b.WriteString(`<w:fonts` + spaces + `>`)
	for _, name := range slices.Sorted(maps.Keys(w.fonts)) {
		fmt.Fprintf(&b, `<w:font w:name="%s">`, escaped(name))
		if other := w.fonts[name]; other != "" {
			fmt.Fprintf(&b, `<w:altName w:val="%s"/>`, escaped(other))
		}
		b.WriteString(`<w:charset w:val="86"/></w:font>`)
	}
	return b.String() + `</w:fonts>`
}

// points are twentieths of them.
func points(pt float64) int { return int(pt*20 + 0.5) }

// hundredths are of characters.
func hundredths(chars float64) int { return int(chars*100 + 0.5) }

// indent says characters, and for readers that do not know them the width of so many of 16 points.
func indent(first, left, right float64) string {
	if first == 0 && left == 0 && right == 0 {
		return ""
	}
	return fmt.Sprintf(`<w:ind w:leftChars="%d" w:left="%d" w:rightChars="%d" w:right="%d" w:firstLineChars="%d" w:firstLine="%d"/>`,
		hundredths(left), points(16*left), hundredths(right), points(16*right), hundredths(first), points(16*first))
}

func edge(side, color string) string {
	if color == "" {
		return ""
	}
	return `<w:` + side + ` w:val="single" w:sz="12" w:space="4" w:color="` + color + `"/>`
}

const (
	header = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	spaces = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"`

	wordType = "application/vnd.openxmlformats-officedocument.wordprocessingml."
	relType  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

	contentTypes = header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="` + wordType + `document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + wordType + `styles+xml"/><Override PartName="/word/settings.xml" ContentType="` + wordType + `settings+xml"/>` +
		`<Override PartName="/word/fontTable.xml" ContentType="` + wordType + `fontTable+xml"/><Override PartName="/word/footer1.xml" ContentType="` + wordType + `footer+xml"/>` +
		`<Override PartName="/word/footer2.xml" ContentType="` + wordType + `footer+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	relsBegin   = header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	packageRels = relsBegin + `<Relationship Id="rId1" Type="` + relType + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`
	documentRels = relsBegin + `<Relationship Id="rId1" Type="` + relType + `styles" Target="styles.xml"/><Relationship Id="rId2" Type="` + relType + `settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="` + relType + `fontTable" Target="fontTable.xml"/><Relationship Id="rId4" Type="` + relType + `footer" Target="footer1.xml"/>` +
		`<Relationship Id="rId5" Type="` + relType + `footer" Target="footer2.xml"/></Relationships>`

	coreProps = `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>%s</dc:title><dc:creator>%s</dc:creator></cp:coreProperties>`

	// The even pages have a footer of their own; lines break and squeeze as Chinese asks.
	settings = header + `<w:settings` + spaces + `><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/><w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>`
	styles   = header + `<w:styles` + spaces + `><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="zh-CN" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style></w:styles>`
)
