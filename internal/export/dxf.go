package export

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
)

// dxfColours are AutoCAD's colours nearest to the slots of the legend, by slot; R12 knows no others.
func dxfColours() []int { return []int{7, 254, 191, 171, 143, 251, 124, 96, 78, 250} }

// writeDXF writes an R12 drawing in the plane of EPSG:4549, x east and y north in metres: closed polylines on a layer for
// each stage (STAGE_3; holes on STAGE_3_HOLE), and code and name as text inside. R12 is read by every program.
func writeDXF(ctx context.Context, j *job, w io.Writer) error {
	t, d := j.table(), &drawing{w: bufio.NewWriter(w), plane: crs.GaussKruger3(40, false)}
	d.comment("EPSG:4549 CGCS2000 / 3-degree Gauss-Kruger CM 120E; x east, y north, metres")
	d.comment(dxfText(j.head.line(t.Title.ZH) + "，数据截至 " + string(j.head.day)))
	d.head()
	if err := j.each(ctx, t, true, func(r Row) error { d.row(r); return d.err }); err != nil {
		return err
	}
	d.pairs(0, "ENDSEC", 0, "EOF")
	if d.err != nil {
		return d.err
	}
	return d.w.Flush()
}

// drawing writes groups and keeps the first error.
type drawing struct {
	w     *bufio.Writer
	plane crs.Projection
	err   error
}

func (d *drawing) comment(s string) { d.pairs(999, s) }

// pairs writes group codes and values in turn.
func (d *drawing) pairs(groups ...any) {
	for i := 0; i+1 < len(groups) && d.err == nil; i += 2 {
		_, d.err = fmt.Fprintf(d.w, "%3d\r\n%v\r\n", groups[i], groups[i+1])
	}
}

func (d *drawing) head() {
	d.pairs(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1009", 9, "$DWGCODEPAGE", 3, "ANSI_936", 0, "ENDSEC")
	d.pairs(0, "SECTION", 2, "TABLES", 0, "TABLE", 2, "LTYPE", 70, 1, 0, "LTYPE", 2, "CONTINUOUS", 70, 0, 3, "Solid line", 72, 65, 73, 0, 40, "0.0", 0, "ENDTAB")
	colours := dxfColours()
	d.pairs(0, "TABLE", 2, "LAYER", 70, 2*len(colours))
	for slot, colour := range colours {
		for _, hole := range []bool{false, true} {
			d.pairs(0, "LAYER", 2, dxfLayer(slot, hole), 70, 0, 62, colour, 6, "CONTINUOUS")
		}
	}
	d.pairs(0, "ENDTAB", 0, "ENDSEC", 0, "SECTION", 2, "ENTITIES")
}

func dxfLayer(slot int, hole bool) string {
	name := fmt.Sprintf("STAGE_%d", slot)
	if hole {
		name += "_HOLE"
	}
	return name
}

func (d *drawing) row(r Row) {
	for _, p := range r.Shape {
		for i, ring := range p {
			d.ring(dxfLayer(r.Stage, i > 0), ring)
		}
	}
	at, inside := geo.InteriorPoint(r.Shape)
	if !inside {
		return
	}
	at = d.plane.Forward(at)
	d.pairs(0, "TEXT", 8, dxfLayer(r.Stage, false), 10, metres(at[0]), 20, metres(at[1]), 30, "0.0", 40, "3.0", 1, dxfText(strings.TrimSpace(r.Code+" "+r.Label)))
}

// ring is a closed polyline; the point that closes it is not repeated.
func (d *drawing) ring(layer string, ring orb.Ring) {
	d.pairs(0, "POLYLINE", 8, layer, 66, 1, 10, "0.0", 20, "0.0", 30, "0.0", 70, 1)
	for _, p := range ring[:max(0, len(ring)-1)] {
		p = d.plane.Forward(p)
		d.pairs(0, "VERTEX", 8, layer, 10, metres(p[0]), 20, metres(p[1]), 30, "0.0")
	}
	d.pairs(0, "SEQEND", 8, layer)
}

// metres with five places: a hundredth of a millimetre.
func metres(m float64) string { return fmt.Sprintf("%.5f", m) }

// dxfText is one line of GBK, which the drawing names as its code page; what GBK lacks stands as \U+XXXX.
func dxfText(s string) string {
	var b strings.Builder
	for _, r := range s {
		gbk, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
		switch {
		case r < ' ':
			b.WriteByte(' ')
		case err == nil:
			b.WriteString(gbk)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\U+%04X`, unit)
			}
		}
	}
	return b.String()
}
