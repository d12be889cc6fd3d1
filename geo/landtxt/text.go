package landtxt

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// The names of the sections.
const (
	sectionHeader = "[属性描述]"
	sectionPlots  = "[地块坐标]"
)

// readText decodes the bytes: by a byte order mark, as UTF-8 where that is
// strictly so, else as GB18030, of which GBK and GB2312 are parts. GBK that
// happens to be UTF-8 as well is told by the name of the section.
func readText(b []byte) (text, name string, err error) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		b = b[3:]
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}), bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), b, "UTF-16")
	}
	if utf8.Valid(b) {
		if s := string(b); strings.Contains(s, sectionPlots) {
			return s, "UTF-8", nil
		}
	}
	gb, name, err := decodeWith(simplifiedchinese.GB18030, b, "GB18030")
	if !utf8.Valid(b) || (err == nil && strings.Contains(gb, sectionPlots)) {
		return gb, name, err
	}
	return string(b), "UTF-8", nil
}

func decodeWith(e encoding.Encoding, b []byte, name string) (text, encodingName string, err error) {
	out, err := e.NewDecoder().Bytes(b)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "", fault(CodeEncoding, 0, "文字编码无法识别，请另存为 UTF-8 或 GBK（GB18030）",
			"the encoding of the text is not recognised; save it as UTF-8 or GBK (GB18030)")
	}
	return string(out), name, nil
}
