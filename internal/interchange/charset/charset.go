// Package charset decodes the text of files that say little or nothing about
// their encoding. The rule, in order: what the sender says, a .cpg file, the
// language byte of a .dbf, strict UTF-8, GB18030. Nothing is ever replaced
// silently: text that does not decode strictly says so.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Charset is an encoding with the name to report.
type Charset struct {
	Name string
	enc  encoding.Encoding // nil: UTF-8
}

// UTF8 is UTF-8, read strictly.
func UTF8() Charset { return Charset{Name: "UTF-8"} }

// GB18030 reads GB 2312 and GBK as well.
func GB18030() Charset { return Charset{"GB18030", simplifiedchinese.GB18030} }

// gbk is read with the decoder of GB18030, of which it is a part.
func gbk() Charset { return Charset{"GBK", simplifiedchinese.GB18030} }

// UTF16 is UTF-16 with or without its mark, little end first unless the mark says otherwise.
func UTF16(bigEndian bool) Charset {
	order := unicode.LittleEndian
	if bigEndian {
		order = unicode.BigEndian
	}
	return Charset{"UTF-16", unicode.UTF16(order, unicode.UseBOM)}
}

// Lookup finds an encoding by what people and .cpg files call it: "GBK",
// "936", "CP936", "ANSI 936", "65001", "ISO-8859-1", "88591".
func Lookup(name string) (Charset, bool) {
	key := strings.ToUpper(strings.Trim(name, " \t\r\n\x00\xef\xbb\xbf\""))
	for _, p := range []string{"ANSI ", "OEM ", "WINDOWS-", "CP", "MS", "IBM"} {
		if rest, ok := strings.CutPrefix(key, p); ok && digits(rest) {
			key = rest
		}
	}
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(key) {
	case "UTF8", "65001", "UTF8BOM":
		return UTF8(), true
	case "GBK", "936", "GB2312", "EUCCN":
		return gbk(), true
	case "GB18030", "54936":
		return GB18030(), true
	case "BIG5", "950":
		return Charset{"Big5", traditionalchinese.Big5}, true
	case "ISO88591", "88591", "LATIN1", "28591":
		return Charset{"ISO-8859-1", charmap.ISO8859_1}, true
	case "ASCII", "USASCII", "20127":
		return UTF8(), true
	}
	return indexed(key)
}

// indexed asks the register of the web's encodings.
func indexed(key string) (Charset, bool) {
	for _, name := range []string{key, "windows-" + key, "ibm" + key, "iso-" + key} {
		e, err := htmlindex.Get(name)
		if err != nil {
			continue
		}
		if canonical, err := htmlindex.Name(e); err == nil && canonical != "replacement" {
			return Charset{canonical, e}, true
		}
	}
	return Charset{}, false
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// ByLanguage finds the encoding a language byte (LDID) of a .dbf stands for.
// 0x57 only says "the system's own", so it stands for none.
func ByLanguage(id byte) (Charset, bool) {
	pages := map[byte]string{
		0x4D: "936", 0x7A: "936", 0x4F: "950", 0x78: "950", 0x13: "932", 0x7B: "932", 0x79: "949", 0x4E: "949",
		0x03: "1252", 0x58: "1252", 0xC8: "1250", 0xC9: "1251", 0xCA: "1254", 0xCB: "1253", 0x65: "866", 0x26: "866",
	}
	page, ok := pages[id]
	if !ok {
		return Charset{}, false
	}
	return Lookup(page)
}

// Decode decodes b strictly; ok is false where it is not text of this
// encoding. A character cut off at the end of b, as fields of fixed width cut
// them, is dropped and reported.
func (c Charset) Decode(b []byte) (text string, cut, ok bool) {
	if ascii(b) && c.Name != "UTF-16" {
		return string(b), false, true
	}
	if text, ok = c.whole(b); ok {
		return text, false, true
	}
	for n := 1; n <= 3 && n < len(b); n++ {
		if b[len(b)-n] < 0x80 && c.enc == nil {
			break
		}
		if text, ok = c.whole(b[:len(b)-n]); ok && c.partial(b[len(b)-n:]) {
			return text, true, true
		}
	}
	return "", false, false
}

// whole decodes all of b or nothing.
func (c Charset) whole(b []byte) (string, bool) {
	if c.enc == nil {
		return string(b), utf8.Valid(b)
	}
	out, err := c.enc.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", false
	}
	return string(out), true
}

// partial tells whether tail may be the beginning of a character.
func (c Charset) partial(tail []byte) bool {
	if c.enc == nil {
		return utf8.RuneStart(tail[0]) && !utf8.FullRune(tail)
	}
	return tail[0] > 0x80 && tail[0] < 0xFF && len(tail) < 4
}

// Lossy decodes b with U+FFFD for what is not text of this encoding.
func (c Charset) Lossy(b []byte) string {
	if c.enc == nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	out, err := c.enc.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}
