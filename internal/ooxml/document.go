package ooxml

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Twips are twentieths of a point; a millimetre is 56.7.
type Twips int

// Millimetres are as many twips.
func Millimetres(mm float64) Twips { return Twips(mm*1440/25.4 + 0.5) }

// Font is a face by its name, and what readers may take where it is not installed.
type Font struct {
	Name      string
	Otherwise string
}

// Run is text in one face.
type Run struct {
	Text  string
	Font  Font
	Size  float64 // points
	Color string  // RRGGBB; "" is black
	Bold  bool
}

// Align is where lines stand.
type Align string

// The alignments.
const (
	Left   Align = "left"
	Centre Align = "center"
	Right  Align = "right"
	Full   Align = "both"
)

// Paragraph is one of a document or of a cell.
type Paragraph struct {
	Runs   []Run
	Align  Align
	First  float64 // indent of the first line, in characters
	Left   float64 // indent of all lines, in characters
	Right  float64
	Line   float64 // exact height of its lines in points; 0: as the font is
	Before float64 // points
	After  float64
	Rule   string // colour of a line below; "" for none
	Over   string // colour of a line above
	Keep   bool   // on the page of what follows
	Tab    Twips  // where a tab ends, its text to the left of it; 0 for none
}

// Cell is one of a table.
type Cell struct {
	Paragraph

	Across int // columns; 0 is one
}

// Table has ruled lines; its head is repeated on each page.
type Table struct {
	Widths []Twips
	Head   int // rows of the head
	Rows   [][]Cell
}

// Block is a Paragraph or a Table.
type Block interface{ markup(*writer) }

// Document is a text on A4 paper.
type Document struct {
	Title, Author             string
	Top, Bottom, Inner, Outer Twips // margins
	Pitch                     Twips // of the grid of lines
	Number                    Run   // how page numbers look; its text is not used
	Blocks                    []Block
}

// Bytes is the document as a file.
func (d *Document) Bytes() ([]byte, error) {
	w := &writer{fonts: map[string]string{}}
	for _, b := range d.Blocks {
		b.markup(w)
	}
	odd, even := d.footer(w, Right), d.footer(w, Left)
	return pack([]part{
		{"[Content_Types].xml", []byte(contentTypes)},
		{"_rels/.rels", []byte(packageRels)},
		{"docProps/core.xml", []byte(header + fmt.Sprintf(coreProps, escaped(d.Title), escaped(d.Author)))},
		{"word/_rels/document.xml.rels", []byte(documentRels)},
		{"word/document.xml", []byte(header + `<w:document` + spaces + `><w:body>` + w.String() + d.section() + `</w:body></w:document>`)},
		{"word/fontTable.xml", []byte(header + w.fontTable())},
		{"word/footer1.xml", []byte(header + odd)},
		{"word/footer2.xml", []byte(header + even)},
		{"word/settings.xml", []byte(settings)},
		{"word/styles.xml", []byte(styles)},
	})
}

func (d *Document) section() string {
	return fmt.Sprintf(`<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/><w:pgSz w:w="11906" w:h="16838"/>`+
		`<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="851" w:footer="1400" w:gutter="0"/><w:docGrid w:type="lines" w:linePitch="%d"/></w:sectPr>`,
		d.Top, d.Outer, d.Bottom, d.Inner, d.Pitch)
}

// footer has the page's number between dashes: — 1 —.
func (d *Document) footer(all *writer, at Align) string {
	w := &writer{fonts: all.fonts}
	props := w.runProps(d.Number)
	piece := func(inner string) string { return `<w:r>` + props + inner + `</w:r>` }
	return `<w:ftr` + spaces + `><w:p><w:pPr>` + indent(0, 1, 1) + `<w:jc w:val="` + string(at) + `"/></w:pPr>` +
		piece(`<w:t xml:space="preserve">— </w:t>`) + piece(`<w:fldChar w:fldCharType="begin"/>`) + piece(`<w:instrText xml:space="preserve"> PAGE </w:instrText>`) +
		piece(`<w:fldChar w:fldCharType="separate"/>`) + piece(`<w:t>1</w:t>`) + piece(`<w:fldChar w:fldCharType="end"/>`) + piece(`<w:t xml:space="preserve"> —</w:t>`) + `</w:p></w:ftr>`
}

// again begins text after what is no text.
const again = `<w:t xml:space="preserve">`

// escaped is text as markup has it; what XML cannot hold is left out.
func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return strings.NewReplacer("\uFFFD", "", "&#xA;", "</w:t><w:br/>"+again, "&#x9;", "</w:t><w:tab/>"+again).Replace(b.String())
}
