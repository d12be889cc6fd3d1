package landtxt

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// decimals of the coordinates written: 0.1 mm, so that the area survives.
const decimals = 4

// Encode writes a document as UTF-8 with lines ended by CR LF: CGCS2000, the
// zone of the document, northing first, rings closed, hectares with four
// decimals. Commas and line breaks in names become full-width commas and
// blanks. An error of CodeEncode says what cannot be written.
func Encode(doc *Document) ([]byte, error) {
	var b bytes.Buffer
	w, err := NewWriter(&b, *doc)
	if err != nil {
		return nil, err
	}
	for i := range doc.Plots {
		if err := w.Plot(&doc.Plots[i]); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// Writer writes a document plot by plot, as Encode does.
type Writer struct {
	w     io.Writer
	head  Document
	plots int // written
}

// NewWriter writes the head of a document; its plots are ignored.
func NewWriter(w io.Writer, head Document) (*Writer, error) {
	if bandOf(head.Zone) == 0 {
		return nil, fault(CodeEncode, 0, "带号不存在：3度带为25至45，6度带为13至23", "there is no such zone: 25–45 for 3°, 13–23 for 6°")
	}
	var b bytes.Buffer
	writeHeader(&b, &head)
	_, err := w.Write(b.Bytes())
	return &Writer{w: w, head: head}, err
}

// Plot writes one plot.
func (w *Writer) Plot(p *Plot) error {
	w.plots++
	var b bytes.Buffer
	if err := w.writePlot(&b, p); err != nil {
		return err
	}
	_, err := w.w.Write(b.Bytes())
	return err
}

// EncodeGBK is Encode in GB18030, which old programs read as GBK.
func EncodeGBK(doc *Document) ([]byte, error) {
	b, err := Encode(doc)
	if err != nil {
		return nil, err
	}
	out, err := simplifiedchinese.GB18030.NewEncoder().Bytes(b)
	if err != nil {
		return nil, fault(CodeEncode, 0, "文字无法写成GBK", "the text cannot be written as GBK")
	}
	return out, nil
}

func writeHeader(w *bytes.Buffer, doc *Document) {
	w.WriteString(sectionHeader + "\r\n")
	for _, kv := range [][2]string{
		{"格式版本号", doc.Version},
		{"数据产生单位", doc.Producer},
		{"数据产生日期", doc.Date},
		{"坐标系", "2000国家大地坐标系"},
		{"几度分带", strconv.Itoa(bandOf(doc.Zone))},
		{"投影类型", "高斯克吕格"},
		{"计量单位", "米"},
		{"带号", strconv.Itoa(doc.Zone)},
		{"精度", "0.0001"},
		{"转换参数", ",,,,,,"},
	} {
		w.WriteString(kv[0] + "=" + oneLine(kv[1]) + "\r\n")
	}
	w.WriteString(sectionPlots + "\r\n")
}

func (w *Writer) writePlot(b *bytes.Buffer, p *Plot) error {
	points := 0
	for _, r := range p.Polygon {
		points += len(closedRing(r))
	}
	if points == 0 {
		return fault(CodeEncode, 0, fmt.Sprintf("第%d个地块没有图形", w.plots), fmt.Sprintf("plot %d has no shape", w.plots))
	}
	fields := []string{strconv.Itoa(points), strconv.FormatFloat(p.Hectares, 'f', 4, 64), field(p.Number), field(p.Name), "面", field(p.Sheet), field(p.Use)}
	for _, e := range p.Extra {
		fields = append(fields, field(e))
	}
	b.WriteString(strings.Join(append(fields, "", "@"), ",") + "\r\n")
	return w.writeRings(b, p)
}

// writeRings writes the points, numbered J1, J2, … through the plot; the closing point bears the number of the first.
func (w *Writer) writeRings(b *bytes.Buffer, plot *Plot) error {
	grid := projection(w.head.Zone)
	prefix := 0.0
	if w.head.Prefixed {
		prefix = 1e6 * float64(w.head.Zone)
	}
	number := 1
	for k, r := range plot.Polygon {
		r = closedRing(r)
		first := number
		for j, p := range r {
			plane := grid.Forward(p)
			if !isNorthing(plane[1]) || !isEasting(plane[0]) {
				return fault(CodeEncode, 0, fmt.Sprintf("第%d个地块的坐标不在%d带内", w.plots, w.head.Zone), fmt.Sprintf("plot %d lies outside zone %d", w.plots, w.head.Zone))
			}
			n := number + j
			if j == len(r)-1 {
				n = first
			}
			fmt.Fprintf(b, "J%d,%d,%.*f,%.*f\r\n", n, k+1, decimals, plane[1], decimals, prefix+plane[0])
		}
		number += max(0, len(r)-1)
	}
	return nil
}

// closedRing is the ring with its first point at its end as well.
func closedRing(r orb.Ring) orb.Ring {
	if len(r) == 0 || (len(r) > 1 && r[0] == r[len(r)-1]) {
		return r
	}
	return append(append(make(orb.Ring, 0, len(r)+1), r...), r[0])
}

// field makes a text fit between commas.
func field(s string) string { return strings.ReplaceAll(oneLine(s), ",", "\uff0c") }

// oneLine makes a text fit on a line, without blanks at its ends.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\r' || r == '\n' {
			return ' '
		}
		return r
	}, s))
}
