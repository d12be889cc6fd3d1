package dbase

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

type column struct {
	name  string
	kind  byte
	width int
}

// table writes a .dbf.
func table(language byte, columns []column, rows ...[]string) []byte {
	width := 1
	for _, c := range columns {
		width += c.width
	}
	h := make([]byte, 32)
	h[0], h[29] = 3, language
	binary.LittleEndian.PutUint32(h[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(h[8:], uint16(33+32*len(columns)))
	binary.LittleEndian.PutUint16(h[10:], uint16(width))
	for _, c := range columns {
		d := make([]byte, 32)
		copy(d, c.name)
		d[11], d[16] = c.kind, byte(c.width)
		h = append(h, d...)
	}
	h = append(h, 0x0D)
	for _, r := range rows {
		h = append(h, r[0][0])
		for i, c := range columns {
			v := append([]byte(r[i+1]), bytes.Repeat([]byte(" "), c.width)...)
			h = append(h, v[:c.width]...)
		}
	}
	return append(h, 0x1A)
}

func sample() []byte {
	return table(0x4D, []column{{"\xb1\xe0\xba\xc5", 'C', 8}, {"AREA", 'N', 8}, {"DAY", 'D', 8}, {"N", 'I', 4}, {"NOTE", 'M', 10}},
		[]string{" ", "a b", "  12.50", "20260930", "\x07\x00\x00\x00", "1"},
		[]string{"*", "gone", "1", "", "\x00\x00\x00\x00", ""},
		[]string{" ", "", "********", "", "\xff\xff\xff\xff", ""})
}

func TestEach(t *testing.T) {
	t.Parallel()
	b := sample()
	tb, err := Open(bytes.NewReader(b), int64(len(b)), 10)
	require.NoError(t, err)
	require.Equal(t, byte(0x4D), tb.Language)
	require.Equal(t, []byte("\xb1\xe0\xba\xc5"), tb.Fields[0].Name)
	var got [][]string
	var struck []bool
	require.NoError(t, tb.Each(func(_ int, deleted bool, values [][]byte) error {
		var row []string
		for _, v := range values {
			row = append(row, string(v))
		}
		got, struck = append(got, row), append(struck, deleted)
		return nil
	}))
	require.Equal(t, [][]string{{"a b", "12.50", "2026-09-30", "7", ""}, {"gone", "1", "", "0", ""}, {"", "", "", "-1", ""}}, got)
	require.Equal(t, []bool{false, true, false}, struck)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	b := sample()
	wide := bytes.Clone(b)
	binary.LittleEndian.PutUint16(wide[10:], 5)
	for name, c := range map[string]struct {
		b       []byte
		columns int
		code    string
	}{
		"cut":       {b[:len(b)-20], 10, "dbf_cut"},
		"no header": {b[:20], 10, "dbf_damaged"},
		"no fields": {b[:40], 10, "dbf_damaged"},
		"widths":    {wide, 10, "dbf_damaged"},
		"columns":   {b, 3, "too_many_columns"},
		"empty":     {nil, 10, "dbf_damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(bytes.NewReader(c.b), int64(len(c.b)), c.columns)
			require.True(t, fault.Is(err, c.code), "%v", err)
		})
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(sample())
	f.Add(table(0, nil, []string{" "}))
	f.Fuzz(func(t *testing.T, b []byte) {
		tb, err := Open(bytes.NewReader(b), int64(len(b)), 255)
		if err == nil {
			err = tb.Each(func(_ int, _ bool, values [][]byte) error {
				require.Len(t, values, len(tb.Fields))
				return nil
			})
		}
		if _, ok := fault.As(err); err != nil && !ok {
			t.Fatalf("not a fault: %v", err)
		}
	})
}
