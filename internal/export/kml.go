package export

import (
	"bufio"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb"
)

// writeKML writes a KML 2.2 document: a style for each stage, the columns as ExtendedData under their Chinese names.
func writeKML(ctx context.Context, j *job, w io.Writer) error {
	t, out := j.table(), &xmlText{w: bufio.NewWriter(w)}
	out.raw(xml.Header + `<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>`)
	out.text(j.head.line(t.Title.ZH))
	out.raw("</name><description>")
	out.text("数据截至 " + string(j.head.day) + "；" + j.head.caliber.ZH)
	out.raw("</description>\n")
	for slot, s := range j.stages {
		out.style(slot, s)
	}
	if err := j.each(ctx, t, true, func(r Row) error { j.placemark(out, t, r); return out.err }); err != nil {
		return err
	}
	out.raw("</Document></kml>\n")
	if out.err != nil {
		return out.err
	}
	return out.w.Flush()
}

func (j *job) placemark(out *xmlText, t *Table, r Row) {
	out.raw("<Placemark><name>")
	out.text(r.Code)
	out.raw("</name><description>")
	out.text(r.Label)
	out.raw("</description><styleUrl>#stage" + strconv.Itoa(r.Stage) + "</styleUrl><ExtendedData>")
	for i, c := range t.Columns {
		value := c.Write(r.Cells[i])
		if value == "" {
			continue
		}
		out.raw(`<Data name="` + c.Key + `"><displayName>`)
		out.text(c.Name.ZH)
		out.raw("</displayName><value>")
		out.text(value)
		out.raw("</value></Data>")
	}
	out.raw("</ExtendedData><MultiGeometry>")
	for _, p := range r.Shape {
		out.polygon(p)
	}
	out.raw("</MultiGeometry></Placemark>\n")
}

// xmlText writes XML and keeps the first error.
type xmlText struct {
	w   *bufio.Writer
	err error
}

func (x *xmlText) raw(s string) {
	if x.err == nil {
		_, x.err = x.w.WriteString(s)
	}
}

func (x *xmlText) text(s string) {
	if x.err == nil {
		x.err = xml.EscapeText(x.w, []byte(s))
	}
}

// style is a stage's: its fill, three quarters opaque, and a dark outline. KML writes colours as alpha, blue, green, red.
func (x *xmlText) style(slot int, s stage) {
	r, g, b := rgb(s.colour)
	alpha := 0xc0
	if slot == 0 {
		alpha = 0x20
	}
	x.raw(fmt.Sprintf(`<Style id="stage%d"><LineStyle><color>ff3f3127</color><width>1</width></LineStyle><PolyStyle><color>%02x%02x%02x%02x</color></PolyStyle></Style>`+"\n", slot, alpha, b, g, r))
}

func (x *xmlText) polygon(p orb.Polygon) {
	x.raw("<Polygon>")
	for i, ring := range p {
		side := "outerBoundaryIs"
		if i > 0 {
			side = "innerBoundaryIs"
		}
		x.raw("<" + side + "><LinearRing><coordinates>")
		for k, at := range ring {
			if k > 0 {
				x.raw(" ")
			}
			x.raw(degrees(at[0]) + "," + degrees(at[1]))
		}
		x.raw("</coordinates></LinearRing></" + side + ">")
	}
	x.raw("</Polygon>")
}

// degrees with ten places: a hundredth of a millimetre.
func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 10, 64) }
