// Package dbase reads the attribute table of a shapefile (.dbf, dBASE III and
// its kin) record by record, as raw bytes: which encoding they are in is
// decided by package charset. Memory does not grow with the table.
package dbase

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/guatu/guatu/internal/fault"
)

// Field is a column.
type Field struct {
	// Name is raw: at most 10 bytes, in the encoding of the table.
	Name []byte
	// Type is C text, N and F numbers, D date, L logical, I int32, O double, M memo.
	Type byte
	// Width is the number of bytes in a record.
	Width int
}

// Table is the header of a table.
type Table struct {
	Fields []Field
	// Records is the number of records stated, deleted ones included.
	Records int
	// Language is the language byte (LDID), 0 if not given.
	Language    byte
	header, row int
	r           io.Reader
}

// Open reads the header; size is the length of the file. Errors of the file are faults.
func Open(r io.Reader, size int64, columns int) (*Table, error) {
	br := bufio.NewReaderSize(r, 64<<10)
	var h [32]byte
	if _, err := io.ReadFull(br, h[:]); err != nil {
		return nil, damaged(err)
	}
	t := &Table{
		Records:  int(binary.LittleEndian.Uint32(h[4:])),
		header:   int(binary.LittleEndian.Uint16(h[8:])),
		row:      int(binary.LittleEndian.Uint16(h[10:])),
		Language: h[29], r: br,
	}
	if t.header < 33 || t.row < 1 {
		return nil, damaged(nil)
	}
	rest := make([]byte, t.header-32)
	if _, err := io.ReadFull(br, rest); err != nil {
		return nil, damaged(err)
	}
	if err := t.fields(rest, columns); err != nil {
		return nil, err
	}
	if need := int64(t.header) + int64(t.Records)*int64(t.row); size < need {
		return nil, fault.New(fault.KindInvalid, "dbf_cut",
			fmt.Sprintf(".dbf 文件不完整：应有 %d 条记录，文件在中途结束；请重新导出", t.Records),
			fmt.Sprintf("The .dbf is incomplete: it should hold %d records but ends before; export it again.", t.Records))
	}
	return t, nil
}

// fields reads the descriptors up to their terminator.
func (t *Table) fields(b []byte, columns int) error {
	var wide []Field
	sum, wideSum := 1, 1
	for ; len(b) >= 32 && b[0] != 0x0D; b = b[32:] {
		if len(t.Fields) >= columns {
			return fault.New(fault.KindInvalid, "too_many_columns",
				fmt.Sprintf("字段超过 %d 个，请删去不需要的字段再导入", columns),
				fmt.Sprintf("There are more than %d columns; remove those not needed.", columns))
		}
		name, _, _ := bytes.Cut(b[:11], []byte{0})
		f := Field{Name: bytes.TrimRight(bytes.Clone(name), " "), Type: b[11], Width: int(b[16])}
		t.Fields = append(t.Fields, f)
		sum += f.Width
		if f.Type == 'C' { // Clipper keeps the high byte of a text's width where numbers have decimals
			f.Width += int(b[17]) << 8
		}
		wide = append(wide, f)
		wideSum += f.Width
	}
	if sum != t.row && wideSum == t.row {
		t.Fields, sum = wide, wideSum
	}
	if sum > t.row {
		return damaged(nil)
	}
	return nil
}

// Each calls fn with the raw values of every record, in order, blanks
// trimmed; nil is no value. deleted marks a record struck out. The values are
// only valid during the call. It may be called once.
func (t *Table) Each(fn func(record int, deleted bool, values [][]byte) error) error {
	row := make([]byte, t.row)
	values := make([][]byte, len(t.Fields))
	for i := range t.Records {
		if _, err := io.ReadFull(t.r, row); err != nil {
			return damaged(err)
		}
		at := 1
		for j, f := range t.Fields {
			values[j] = f.value(row[at : at+f.Width])
			at += f.Width
		}
		if err := fn(i, row[0] == '*', values); err != nil {
			return err
		}
	}
	return nil
}

// value trims the bytes of a field; nil where nothing stands there.
func (f Field) value(b []byte) []byte {
	switch f.Type {
	case 'I':
		if len(b) == 4 {
			return strconv.AppendInt(nil, int64(int32(binary.LittleEndian.Uint32(b))), 10) //nolint:gosec // the bits of a signed number
		}
	case 'O', 'B':
		if len(b) == 8 && !printable(b) {
			return strconv.AppendFloat(nil, math.Float64frombits(binary.LittleEndian.Uint64(b)), 'g', -1, 64)
		}
	case 'M', 'G', 'P': // the number of a block in another file
		return nil
	}
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	b = bytes.TrimRight(b, " ")
	if f.Type != 'C' {
		b = bytes.TrimLeft(b, " ")
		if len(b) > 0 && b[0] == '*' || f.Type == 'L' && string(b) == "?" {
			return nil
		}
	}
	if len(b) == 0 {
		return nil
	}
	if (f.Type == 'N' || f.Type == 'F') && len(b) > 16 {
		return shortest(b)
	}
	if f.Type == 'D' && len(b) == 8 {
		return fmt.Appendf(nil, "%s-%s-%s", b[:4], b[4:6], b[6:])
	}
	return b
}

// shortest takes the noise off a number written with more digits than a
// double has: 3736.690000000000055 becomes 3736.69. Others stay as written.
func shortest(b []byte) []byte {
	if bytes.IndexByte(b, '.') < 0 {
		return b
	}
	v, err := strconv.ParseFloat(string(b), 64)
	if err != nil {
		return b
	}
	return strconv.AppendFloat(nil, v, 'f', -1, 64)
}

func printable(b []byte) bool {
	for _, c := range b {
		if c < 0x20 || c > 0x7E {
			return false
		}
	}
	return true
}

func damaged(cause error) error {
	if cause != nil && !errors.Is(cause, io.EOF) && !errors.Is(cause, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read the .dbf: %w", cause)
	}
	return fault.New(fault.KindInvalid, "dbf_damaged",
		".dbf 文件已损坏或不完整，请重新导出 shapefile", "The .dbf is damaged or incomplete; export the shapefile again.")
}
