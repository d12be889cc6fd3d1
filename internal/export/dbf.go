package export

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/guatu/guatu/internal/fault"
)

const (
	dbfName  = 10  // bytes of a field's name
	dbfWidth = 254 // bytes of a text
)

// dbfText encodes the text of a .dbf.
func (j *job) dbfText() encoding.Encoding {
	if j.utf8() {
		return encoding.Nop
	}
	return simplifiedchinese.GBK
}

// dbfField is a column of a .dbf.
type dbfField struct {
	Column

	name  string // at most 10 bytes in the file's encoding
	width int
	cut   int // how many texts were longer than a field can be
	text  encoding.Encoding
}

// newDBFFields name the columns; widths are measured.
func newDBFFields(columns []Column, text encoding.Encoding) []dbfField {
	fields := make([]dbfField, len(columns))
	taken := map[string]bool{}
	for i, c := range columns {
		fields[i] = dbfField{Column: c, name: dbfNameOf(c.Short, text, taken), width: 1, text: text}
		if c.Kind == Day {
			fields[i].width = 8
		}
	}
	return fields
}

// dbfNameOf shortens a name to what fits without cutting a character, and numbers it where it is taken.
func dbfNameOf(wanted string, text encoding.Encoding, taken map[string]bool) string {
	for n := 1; ; n++ {
		suffix := ""
		if n > 1 {
			suffix = strconv.Itoa(n)
		}
		name := shortened(wanted, dbfName-len(suffix), text) + suffix
		if !taken[strings.ToUpper(name)] {
			taken[strings.ToUpper(name)] = true
			return name
		}
	}
}

// shortened is as much of the beginning of a text as fits into some bytes of an encoding.
func shortened(s string, most int, text encoding.Encoding) string {
	size := 0
	for i, r := range s {
		b, err := text.NewEncoder().String(string(r))
		if err != nil {
			b = "?"
		}
		if size += len(b); size > most {
			return s[:i]
		}
	}
	return s
}

// measure widens the field for a value, and refuses what the encoding does not have.
func (f *dbfField) measure(v Cell) error {
	b, err := f.bytes(v)
	if err != nil {
		return err
	}
	if len(b) > dbfWidth {
		f.cut++
	}
	f.width = max(f.width, min(len(b), dbfWidth))
	return nil
}

// bytes is a value as it stands in the file, neither padded nor cut.
func (f *dbfField) bytes(v Cell) (string, error) {
	s := f.Write(v)
	if f.Kind == Day {
		s = strings.ReplaceAll(s, "-", "")
	}
	b, err := f.text.NewEncoder().String(s)
	if err != nil {
		return "", notInGBK(s)
	}
	return b, nil
}

func notInGBK(s string) error {
	for _, r := range s {
		if _, err := simplifiedchinese.GBK.NewEncoder().String(string(r)); err != nil {
			return fault.New(fault.KindInvalid, "not_in_gbk", fmt.Sprintf("“%s”里的“%c”不在 GBK 字符集内，请选择 UTF-8", s, r), fmt.Sprintf("GBK has no %q of %q; please choose UTF-8", r, s))
		}
	}
	return fault.New(fault.KindInvalid, "not_in_gbk", "“"+s+"”不能写成 GBK，请选择 UTF-8", s+" cannot be written in GBK; please choose UTF-8")
}

// padded is a value as wide as its field: numbers to the right, text to the left.
func (f *dbfField) padded(v Cell) (string, error) {
	b, err := f.bytes(v)
	if err != nil {
		return "", err
	}
	if len(b) > f.width {
		b = f.fitting(v)
	}
	blank := strings.Repeat(" ", f.width-len(b))
	if f.Kind == Number {
		return blank + b, nil
	}
	return b + blank, nil
}

// fitting is as much of a long text as the field takes, whole characters.
func (f *dbfField) fitting(v Cell) string {
	b, _ := f.text.NewEncoder().String(shortened(v.Text, dbfWidth, f.text)) // measured already
	return b
}

// letter is how the format calls the kind.
func (f *dbfField) letter() byte {
	switch f.Kind {
	case Number:
		return 'N'
	case Day:
		return 'D'
	case Words:
		return 'C'
	}
	return 'C'
}

func (s *shapefile) writeDBF(ctx context.Context, w *bufio.Writer) error {
	if err := s.writeDBFHead(w); err != nil {
		return err
	}
	err := s.each(ctx, s.table, false, func(r Row) error {
		_ = w.WriteByte(' ') // a bufio.Writer keeps its error
		for i := range s.fields {
			b, err := s.fields[i].padded(r.Cells[i])
			if err != nil {
				return err
			}
			_, _ = w.WriteString(b)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.WriteByte(0x1a)
}

// gbkDriver is the language byte for GBK; without one the .cpg decides.
const gbkDriver = 0x4d

func (s *shapefile) writeDBFHead(w *bufio.Writer) error {
	head := make([]byte, 32, 32*(len(s.fields)+1)+1)
	head[0] = 3
	copy(head[1:4], dbfDate(string(s.head.day)))
	record := 1
	for i := range s.fields {
		f := &s.fields[i]
		record += f.width
		entry, err := f.head()
		if err != nil {
			return err
		}
		head = append(head, entry...)
	}
	head = append(head, 0x0d)
	binary.LittleEndian.PutUint32(head[4:], uint32(s.table.Len)) //nolint:gosec // rows
	binary.LittleEndian.PutUint16(head[8:], uint16(len(head)))   //nolint:gosec // some dozen columns
	binary.LittleEndian.PutUint16(head[10:], uint16(record))
	if !s.utf8() {
		head[29] = gbkDriver
	}
	_, err := w.Write(head)
	return err
}

func (f *dbfField) head() ([]byte, error) {
	b := make([]byte, 32)
	name, err := f.text.NewEncoder().String(f.name)
	if err != nil {
		return nil, notInGBK(f.name)
	}
	copy(b[:dbfName], name)
	b[11], b[16] = f.letter(), byte(f.width) //nolint:gosec // 254 at most
	if f.Kind == Number {
		b[17] = byte(f.Places) //nolint:gosec // a handful
	}
	return b, nil
}

// dbfDate is a day as years since 1900, month and day.
func dbfDate(day string) []byte {
	var y, m, d int
	if _, err := fmt.Sscanf(day, "%d-%d-%d", &y, &m, &d); err != nil {
		return make([]byte, 3)
	}
	return []byte{byte(y - 1900), byte(m), byte(d)} //nolint:gosec // a civil day
}

// writeNames lists the fields with their full names, for people: CSV that Excel reads.
func (s *shapefile) writeNames(_ context.Context, w *bufio.Writer) error {
	var b bytes.Buffer
	b.WriteString("\ufeff") // spreadsheets read UTF-8 by it
	list := csv.NewWriter(&b)
	rows := [][]string{{"字段", "全名", "English", "说明"}}
	for i := range s.fields {
		f, note := &s.fields[i], ""
		if f.cut > 0 {
			note = fmt.Sprintf("%d 个值超过 254 字节，已截短", f.cut)
		}
		rows = append(rows, []string{f.name, f.Name.ZH, f.Name.EN, note})
	}
	if err := list.WriteAll(rows); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes())
	return err
}
