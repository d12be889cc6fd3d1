package charset

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func gb(tb testing.TB, s string) []byte {
	tb.Helper()
	b, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte(s))
	require.NoError(tb, err)
	return b
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"UTF-8": "UTF-8", "utf8": "UTF-8", "65001": "UTF-8", " GBK\r\n": "GBK", "936": "GBK", "CP936": "GBK", "cp936": "GBK",
		"ANSI 936": "GBK", "OEM 936": "GBK", "GB2312": "GBK", "gb18030": "GB18030", "950": "Big5", "BIG5": "Big5",
		"ISO-8859-1": "ISO-8859-1", "88591": "ISO-8859-1", "1252": "windows-1252", "ANSI 1251": "windows-1251", "\ufeffUTF-8": "UTF-8",
	} {
		c, ok := Lookup(name)
		require.True(t, ok, name)
		require.Equal(t, want, c.Name, name)
	}
	for _, name := range []string{"", "klingon", "99999"} {
		_, ok := Lookup(name)
		require.False(t, ok, name)
	}
}

func TestDecodeIsStrictButForTheCutEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		c    Charset
		b    []byte
		text string
		cut  bool
		ok   bool
	}{
		"utf-8":                {UTF8(), []byte("王江泾镇"), "王江泾镇", false, true},
		"utf-8 cut":            {UTF8(), []byte("王江泾镇")[:11], "王江泾", true, true},
		"gbk as utf-8":         {UTF8(), gb(t, "王江泾镇"), "", false, false},
		"gbk":                  {GB18030(), gb(t, "王江泾镇"), "王江泾镇", false, true},
		"gbk cut":              {GB18030(), gb(t, "王江泾镇")[:7], "王江泾", true, true},
		"four bytes":           {GB18030(), gb(t, "𠮷镇"), "𠮷镇", false, true},
		"bad in the middle":    {GB18030(), append([]byte{0xFF}, "镇abc"...), "", false, false},
		"ascii in any charset": {gbk(), []byte("abc"), "abc", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, cut, ok := c.c.Decode(c.b)
			require.Equal(t, c.ok, ok)
			require.Equal(t, c.text, text)
			require.Equal(t, c.cut, cut)
		})
	}
}

func TestDetectAcrossTheWindow(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("新塍镇,洪合镇\n", 20_000)
	for name, c := range map[string]struct {
		text []byte
		want string
		sure bool
	}{
		"utf-8":  {[]byte(long), "UTF-8", true},
		"gbk":    {gb(t, long), "GB18030", true},
		"mark":   {append([]byte{0xEF, 0xBB, 0xBF}, long...), "UTF-8", true},
		"utf-16": {[]byte{0xFF, 0xFE, 'a', 0}, "UTF-16", true},
		"empty":  {nil, "UTF-8", true},
		"binary": {[]byte{0xFF, 0x00, 0xFF, 0xFF, 'a', 0xFF, 0x20}, "UTF-8", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, sure, err := Detect(bytes.NewReader(c.text))
			require.NoError(t, err)
			require.Equal(t, c.want, got.Name)
			require.Equal(t, c.sure, sure)
		})
	}
}

func TestReaderDropsTheMark(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"\ufeffab秀", "ab秀", "", "a", "\ufeff"} {
		b, err := io.ReadAll(UTF8().Reader(iotest.OneByteReader(strings.NewReader(text))))
		require.NoError(t, err)
		require.Equal(t, strings.TrimPrefix(text, "\ufeff"), string(b))
	}
	b, err := io.ReadAll(UTF16(false).Reader(bytes.NewReader([]byte{0xFF, 0xFE, 0xC0, 0x79})))
	require.NoError(t, err)
	require.Equal(t, "秀", string(b))
}

func TestDetectorKeepsTheOrderOfHints(t *testing.T) {
	t.Parallel()
	cpg, _ := Lookup("UTF-8")
	ldid, _ := ByLanguage(0x4D)
	d := NewDetector(cpg, ldid)
	d.Show(gb(t, "秀洲区"))
	best, sure := d.Best()
	require.True(t, sure)
	require.Equal(t, "GBK", best.Name)
	require.True(t, d.Failed(0))
	_, ok := ByLanguage(0x57)
	require.False(t, ok)
}

func FuzzLookupAndDecode(f *testing.F) {
	f.Add("UTF-8", []byte("秀洲"))
	f.Add("936", []byte{0xD0, 0xE3})
	f.Add("ANSI 1252", []byte{0x80})
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		c, ok := Lookup(name)
		if !ok {
			return
		}
		text, _, ok := c.Decode(b)
		if ok {
			require.NotContains(t, strings.ToValidUTF8(text, "\uFFFF"), "\uFFFF")
		}
		c.Lossy(b)
	})
}
