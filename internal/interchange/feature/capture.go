package feature

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/guatu/guatu/internal/fault"
)

// capture appends the next value to dst. It only follows strings and brackets;
// the grammar is judged when the value is read.
func (s *stream) capture(dst []byte) ([]byte, error) {
	c, err := s.peek()
	if err != nil {
		return dst, s.cut(err)
	}
	from := len(dst)
	switch c {
	case '"':
		return s.text(dst, from)
	case '{', '[':
		return s.nested(dst, from)
	}
	return s.literal(dst, from)
}

// room refuses a value that grows too long.
func (s *stream) room(dst []byte, from int) error {
	if len(dst)-from <= s.limits.Bytes {
		return nil
	}
	return fault.New(fault.KindInvalid, "feature_too_big",
		fmt.Sprintf("单个要素超过 %d MB，请拆分或简化", s.limits.Bytes>>20),
		fmt.Sprintf("One feature is longer than %d MB; split or simplify it.", s.limits.Bytes>>20))
}

// nested appends an object or array.
func (s *stream) nested(dst []byte, from int) ([]byte, error) {
	n := nesting{most: s.limits.Depth}
	for {
		if err := s.fill(); err != nil {
			return dst, s.cut(err)
		}
		w := s.buf[s.pos:s.end]
		read, done := n.follow(w)
		dst = append(dst, w[:read]...)
		s.pos += read
		if err := s.room(dst, from); err != nil {
			return dst, err
		}
		if n.depth > n.most {
			return dst, tooDeep(n.most)
		}
		if done {
			return dst, nil
		}
	}
}

// nesting is where a walk through a value stands between two windows.
type nesting struct {
	depth, most     int
	quoted, escaped bool
}

// follow walks through a window and tells how much of it was read and whether
// the value ended there; it stops where the value nests too deep.
func (n *nesting) follow(w []byte) (read int, done bool) {
	for i := 0; i < len(w); i++ {
		switch c := w[i]; {
		case n.quoted:
			i += n.string(w[i:]) - 1
		case c > '"' && c < '[': // digits, points, commas: most of a file
		case c == '"':
			n.quoted = true
		case c == '{' || c == '[':
			n.depth++
			if n.depth > n.most {
				return i + 1, false
			}
		case c == '}' || c == ']':
			n.depth--
			if n.depth == 0 {
				return i + 1, true
			}
		}
	}
	return len(w), false
}

// string walks to the end of a string, or of the window, and tells how far it came.
func (n *nesting) string(w []byte) int {
	for i, c := range w {
		switch {
		case n.escaped:
			n.escaped = false
		case c == '\\':
			n.escaped = true
		case c == '"':
			n.quoted = false
			return i + 1
		}
	}
	return len(w)
}

// text appends a string with its quotes.
func (s *stream) text(dst []byte, from int) ([]byte, error) {
	dst = append(dst, '"')
	s.pos++
	for {
		if err := firstError(s.fill(), s.room(dst, from)); err != nil {
			return dst, s.cut(err)
		}
		w := s.buf[s.pos:s.end]
		i := bytes.IndexAny(w, `"\`)
		if i < 0 {
			dst = append(dst, w...)
			s.pos = s.end
			continue
		}
		dst = append(dst, w[:i+1]...)
		s.pos += i + 1
		if w[i] == '"' {
			return dst, nil
		}
		if err := s.fill(); err != nil {
			return dst, s.cut(err)
		}
		dst = append(dst, s.buf[s.pos])
		s.pos++
	}
}

// literal appends a number, true, false or null.
func (s *stream) literal(dst []byte, from int) ([]byte, error) {
	for {
		err := firstError(s.fill(), s.room(dst, from))
		if errors.Is(err, errEnd) && len(dst) > from {
			return dst, nil
		}
		if err != nil {
			return dst, s.cut(err)
		}
		switch c := s.buf[s.pos]; c {
		case ',', ']', '}', ' ', '\t', '\r', '\n', ':':
			if len(dst) == from {
				return dst, s.syntax()
			}
			return dst, nil
		case '"', '{', '[':
			return dst, s.syntax()
		default:
			dst = append(dst, c)
			s.pos++
		}
	}
}

func tooDeep(limit int) *fault.Error {
	return fault.New(fault.KindInvalid, "too_deep",
		fmt.Sprintf("JSON 嵌套超过 %d 层，不是正常的 GeoJSON；请重新导出", limit),
		fmt.Sprintf("The JSON nests deeper than %d levels, which no proper GeoJSON does; export it again.", limit))
}
