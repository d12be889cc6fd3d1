// Package feature reads GeoJSON features (RFC 7946) out of a stream of any
// length with bounded memory: a FeatureCollection, single features or
// geometries, one after another, with or without record separators (RFC 8142).
// It is strict about the grammar of JSON, but takes NaN and Infinity for
// numbers, because common writers put them into coordinates, where the row is
// to be rejected and not the file.
package feature

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/fault"
)

// Limits bound what is read.
type Limits struct {
	// Bytes is the text of one feature, Depth the nesting of its values.
	Bytes, Depth int
	// Vertices is the number of positions of one geometry, Columns the number
	// of properties, Field the bytes of one property.
	Vertices, Columns, Field int
}

// Top is what stands beside the features.
type Top struct {
	// CRS is the text of the crs member of 2008, nil if there is none.
	CRS []byte
	// Type is the type of the last object at the top, Collection whether any had features.
	Type       string
	Collection bool
}

// Each calls fn with the text of every feature in r; the text is only valid
// during the call. Errors of the file are faults, fn's and r's own are returned as they are.
func Each(r io.Reader, limits Limits, fn func(text []byte) error) (Top, error) {
	s := &stream{r: r, buf: make([]byte, 256<<10), limits: limits, fn: fn}
	err := s.all()
	return s.top, err
}

// stream is a window moving over the text.
type stream struct {
	r        io.Reader
	buf      []byte
	pos, end int
	before   int64 // bytes of the text before buf
	value    []byte
	limits   Limits
	fn       func([]byte) error
	top      Top
}

// errEnd is the end of the text.
var errEnd = errors.New("end of text")

// fill brings more text into the window when it is used up.
func (s *stream) fill() error {
	if s.pos < s.end {
		return nil
	}
	s.before += int64(s.end)
	s.pos, s.end = 0, 0
	n, err := io.ReadAtLeast(s.r, s.buf, 1)
	s.end = n
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return errEnd
	default:
		return fmt.Errorf("read the text: %w", err)
	}
}

// peek gives the next byte that is no white space.
func (s *stream) peek() (byte, error) {
	for {
		if err := s.fill(); err != nil {
			return 0, err
		}
		switch c := s.buf[s.pos]; c {
		case ' ', '\t', '\r', '\n', 0x1E: // 0x1E separates records (RFC 8142)
			s.pos++
		default:
			return c, nil
		}
	}
}

// expect steps over c.
func (s *stream) expect(c byte) error {
	got, err := s.peek()
	if err != nil {
		return s.cut(err)
	}
	if got != c {
		return s.syntax()
	}
	s.pos++
	return nil
}

// all reads one value after another up to the end.
func (s *stream) all() error {
	for n := 0; ; n++ {
		c, err := s.peek()
		if errors.Is(err, errEnd) {
			if n == 0 {
				return empty()
			}
			return nil
		}
		if err != nil {
			return err
		}
		if c != '{' {
			return s.notObject(c)
		}
		if err := s.object(); err != nil {
			return err
		}
	}
}

// notObject says what is wrong with a text that does not begin with an object.
func (s *stream) notObject(c byte) error {
	text, err := s.capture(nil)
	switch {
	case err != nil:
		return err
	case c == '[':
		return fault.New(fault.KindInvalid, "not_geojson",
			"JSON 的最外层应为 GeoJSON 对象（FeatureCollection），这里是数组；请导出为 GeoJSON 再导入",
			"The outermost JSON value must be a GeoJSON object (FeatureCollection), not an array; export it as GeoJSON.")
	case !json.Valid(text):
		return syntaxAt(0)
	}
	return fault.New(fault.KindInvalid, "not_geojson",
		"JSON 的最外层应为 GeoJSON 对象（FeatureCollection），这里只是一个值；请导出为 GeoJSON 再导入",
		"The outermost JSON value must be a GeoJSON object (FeatureCollection), not a mere value; export it as GeoJSON.")
}

// object reads an object at the top. Its text is kept, since it may be a
// feature itself, until an array of features shows that it is a collection.
func (s *stream) object() error {
	s.pos++
	s.value = append(s.value[:0], '{')
	kept := s.value
	collection := false
	for first := true; ; first = false {
		c, err := s.peek()
		if err != nil {
			return s.cut(err)
		}
		if c == '}' {
			s.pos++
			break
		}
		if !first {
			if err := s.expect(','); err != nil {
				return err
			}
			kept = append(kept, ',')
		}
		if kept, err = s.member(kept, &collection); err != nil {
			return err
		}
	}
	kept = append(kept, '}')
	s.value = kept[:0]
	if collection {
		s.top.Collection = true
		return nil
	}
	return s.hand(kept)
}

// member reads one member of an object at the top, streaming its features.
func (s *stream) member(kept []byte, collection *bool) ([]byte, error) {
	if c, err := s.peek(); err != nil || c != '"' {
		return kept, s.cut(firstError(err, s.syntax()))
	}
	start := len(kept)
	kept, err := s.capture(kept)
	if err != nil {
		return kept, err
	}
	key := string(kept[start:])
	if err := s.expect(':'); err != nil {
		return kept, err
	}
	c, err := s.peek()
	if err != nil {
		return kept, s.cut(err)
	}
	if key == `"features"` && c == '[' {
		*collection = true
		return append(kept[:start], `"features":0`...), s.features()
	}
	kept = append(kept, ':')
	from := len(kept)
	if kept, err = s.capture(kept); err != nil {
		return kept, err
	}
	s.note(key, kept[from:])
	return kept, nil
}

// note remembers the members that matter beside the features.
func (s *stream) note(key string, text []byte) {
	switch key {
	case `"crs"`:
		s.top.CRS = append([]byte(nil), text...)
	case `"type"`:
		if len(text) > 2 && text[0] == '"' && len(text) < 64 {
			s.top.Type = string(text[1 : len(text)-1])
		}
	}
}

// features hands over the elements of the array. The buffer of the object
// around it is in use, so the elements get one of their own.
func (s *stream) features() error {
	s.pos++
	var one []byte
	for first := true; ; first = false {
		c, err := s.peek()
		if err != nil {
			return s.cut(err)
		}
		if c == ']' {
			s.pos++
			return nil
		}
		if !first {
			if err := s.expect(','); err != nil {
				return err
			}
		}
		if one, err = s.capture(one[:0]); err != nil {
			return err
		}
		if err := s.hand(one); err != nil {
			return err
		}
	}
}

// hand passes a value on after a look at its encoding.
func (s *stream) hand(text []byte) error {
	if !utf8.Valid(text) {
		return NotUTF8()
	}
	return s.fn(text)
}

// NotUTF8 is the fault of a text that is not UTF-8.
func NotUTF8() *fault.Error {
	return fault.New(fault.KindInvalid, "not_utf8",
		"文件不是 UTF-8 编码，请选择 GBK 或另存为 UTF-8", "The text is not UTF-8; choose GBK or save it as UTF-8.")
}

func empty() *fault.Error {
	return fault.New(fault.KindInvalid, "empty_file", "文件是空的，请检查后重新导出", "The file is empty; export it again.")
}

// cut turns the end of the text into a fault: it ended in the middle of a value.
func (s *stream) cut(err error) error {
	if !errors.Is(err, errEnd) {
		return err
	}
	return fault.New(fault.KindInvalid, "json_cut",
		"JSON 在中途结束，文件不完整；请重新导出或重新上传",
		"The JSON ends in the middle, so the file is incomplete; export or upload it again.")
}

func (s *stream) syntax() *fault.Error { return syntaxAt(s.before + int64(s.pos)) }

const codeSyntax = "json_syntax"

func syntaxAt(offset int64) *fault.Error {
	return fault.New(fault.KindInvalid, codeSyntax,
		fmt.Sprintf("第 %d 字节附近 JSON 语法有误，请重新导出", offset+1),
		fmt.Sprintf("The JSON is malformed near byte %d; export it again.", offset+1))
}

func firstError(errs ...error) error {
	for _, e := range errs {
		if e != nil {
			return e
		}
	}
	return nil
}
