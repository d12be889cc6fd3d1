package geojson

import (
	"encoding/json"
	"strconv"
)

// scanner reads JSON (RFC 8259) one value at a time, with the nesting bounded.
type scanner struct {
	b     []byte
	pos   int
	depth int
}

func (s *scanner) fail(code, zh, en string) *Error {
	return &Error{Code: code, Offset: s.pos, ZH: zh, EN: en}
}

func (s *scanner) syntax() *Error {
	return s.fail("syntax", "JSON 语法错误，请检查文件是否完整", "a JSON syntax error; is the text complete?")
}

// bom steps over a byte order mark, which some editors write though RFC 8259 forbids it.
func (s *scanner) bom() {
	if len(s.b) >= 3 && s.b[0] == 0xEF && s.b[1] == 0xBB && s.b[2] == 0xBF {
		s.pos = 3
	}
}

func (s *scanner) space() {
	for s.pos < len(s.b) {
		switch s.b[s.pos] {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return
		}
	}
}

// peek is the next byte that is no white space, 0 at the end.
func (s *scanner) peek() byte {
	s.space()
	if s.pos < len(s.b) {
		return s.b[s.pos]
	}
	return 0
}

func (s *scanner) accept(c byte) bool {
	if s.peek() != c || s.pos >= len(s.b) {
		return false
	}
	s.pos++
	return true
}

// sequence reads open, values separated by commas, close.
func (s *scanner) sequence(opening, closing byte, one func() error) error {
	if !s.accept(opening) {
		return s.syntax()
	}
	s.depth--
	if s.depth < 0 {
		return s.fail("too_deep", "嵌套层数过多", "nested too deeply")
	}
	defer func() { s.depth++ }()
	if s.accept(closing) {
		return nil
	}
	for {
		if err := one(); err != nil {
			return err
		}
		if s.accept(closing) {
			return nil
		}
		if !s.accept(',') {
			return s.syntax()
		}
	}
}

func (s *scanner) array(item func() error) error { return s.sequence('[', ']', item) }

func (s *scanner) object(member func(key string) error) error {
	return s.sequence('{', '}', func() error {
		key, err := s.str()
		if err != nil {
			return err
		}
		if !s.accept(':') {
			return s.syntax()
		}
		return member(key)
	})
}

// str reads a string.
func (s *scanner) str() (string, error) {
	start, escaped, err := s.quoted()
	if err != nil {
		return "", err
	}
	text := s.b[start:s.pos]
	if !escaped {
		return string(text[1 : len(text)-1]), nil
	}
	var out string
	if json.Unmarshal(text, &out) != nil {
		return "", s.syntax()
	}
	return out, nil
}

// quoted steps over a string and says where it began and whether it holds escapes.
func (s *scanner) quoted() (start int, escaped bool, err error) {
	if s.peek() != '"' {
		return 0, false, s.syntax()
	}
	start = s.pos
	for s.pos++; s.pos < len(s.b); s.pos++ {
		switch c := s.b[s.pos]; {
		case c == '"':
			s.pos++
			return start, escaped, nil
		case c == '\\':
			escaped = true
			s.pos++
		case c < 0x20:
			return 0, false, s.syntax()
		}
	}
	s.pos = len(s.b)
	return 0, false, s.syntax()
}

// number reads a finite number by the grammar of JSON, which has no NaN, no hex and no leading zero.
func (s *scanner) number() (float64, error) {
	s.space()
	start := s.pos
	s.optional('-')
	if !s.optional('0') && !s.digits() {
		return 0, s.syntax()
	}
	if s.optional('.') && !s.digits() {
		return 0, s.syntax()
	}
	if s.optional('e') || s.optional('E') {
		if !s.optional('-') {
			s.optional('+')
		}
		if !s.digits() {
			return 0, s.syntax()
		}
	}
	v, err := strconv.ParseFloat(string(s.b[start:s.pos]), 64)
	if err != nil {
		return 0, s.fail("not_finite", "数值超出范围", "a number is out of range")
	}
	return v, nil
}

// optional steps over c if it stands right here.
func (s *scanner) optional(c byte) bool {
	if s.pos < len(s.b) && s.b[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

// digits steps over one digit or more.
func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.b) && s.b[s.pos] >= '0' && s.b[s.pos] <= '9' {
		s.pos++
	}
	return s.pos > start
}

func (s *scanner) literal(word string) bool {
	s.space()
	if len(s.b)-s.pos < len(word) || string(s.b[s.pos:s.pos+len(word)]) != word {
		return false
	}
	s.pos += len(word)
	return true
}

// skip steps over one value of any kind.
func (s *scanner) skip() error {
	switch s.peek() {
	case '{':
		return s.object(func(string) error { return s.skip() })
	case '[':
		return s.array(s.skip)
	case '"':
		_, err := s.str()
		return err
	}
	if s.literal("null") || s.literal("true") || s.literal("false") {
		return nil
	}
	_, err := s.number()
	return err
}
