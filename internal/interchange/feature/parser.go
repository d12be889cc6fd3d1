package feature

import (
	"bytes"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
)

// parser reads JSON (RFC 8259, and NaN and Infinity) out of a text with the nesting bounded.
type parser struct {
	b      []byte
	pos    int
	depth  int
	limits Limits
	points []orb.Point
	known  map[string]string
}

func (p *parser) syntax() *fault.Error { return syntaxAt(int64(p.pos)) }

// peek is the next byte that is no white space, 0 at the end.
func (p *parser) peek() byte {
	for p.pos < len(p.b) {
		switch c := p.b[p.pos]; c {
		case ' ', '\t', '\r', '\n':
			p.pos++
		default:
			return c
		}
	}
	return 0
}

// start is where the next value begins.
func (p *parser) start() int {
	p.peek()
	return p.pos
}

func (p *parser) accept(c byte) bool {
	if p.peek() != c || p.pos >= len(p.b) {
		return false
	}
	p.pos++
	return true
}

// sequence reads opening, values with commas between, closing.
func (p *parser) sequence(opening, closing byte, one func() error) error {
	if !p.accept(opening) {
		return p.syntax()
	}
	p.depth--
	if p.depth < 0 {
		return tooDeep(p.limits.Depth)
	}
	defer func() { p.depth++ }()
	if p.accept(closing) {
		return nil
	}
	for {
		if err := one(); err != nil {
			return err
		}
		if p.accept(closing) {
			return nil
		}
		if !p.accept(',') {
			return p.syntax()
		}
	}
}

func (p *parser) array(one func() error) error { return p.sequence('[', ']', one) }

func (p *parser) object(member func(key string) error) error {
	return p.sequence('{', '}', func() error {
		if p.peek() != '"' {
			return p.syntax()
		}
		key, err := p.name()
		if err != nil {
			return err
		}
		if !p.accept(':') {
			return p.syntax()
		}
		return member(key)
	})
}

// quoted steps over a string and tells whether it holds escapes.
func (p *parser) quoted() (escaped bool, err error) {
	if p.peek() != '"' {
		return false, p.syntax()
	}
	for p.pos++; p.pos < len(p.b); p.pos++ {
		switch c := p.b[p.pos]; {
		case c == '"':
			p.pos++
			return escaped, nil
		case c == '\\':
			escaped = true
			p.pos++
		case c < 0x20:
			return false, p.syntax()
		}
	}
	p.pos = len(p.b)
	return false, p.syntax()
}

// skip steps over one value of any kind.
func (p *parser) skip() error {
	switch p.peek() {
	case '{':
		return p.object(func(string) error { return p.skip() })
	case '[':
		return p.skipArray()
	case '"':
		_, err := p.str()
		return err
	case 't':
		return p.word("true")
	case 'f':
		return p.word("false")
	case 'n':
		if bytes.HasPrefix(p.b[p.pos:], []byte("nan")) {
			return p.word("nan")
		}
		return p.word("null")
	}
	_, err := p.number()
	return err
}

// skipArray is array(skip) without a closure: most of a file is coordinates.
func (p *parser) skipArray() error {
	p.pos++
	p.depth--
	if p.depth < 0 {
		return tooDeep(p.limits.Depth)
	}
	defer func() { p.depth++ }()
	if p.accept(']') {
		return nil
	}
	for {
		if err := p.skip(); err != nil {
			return err
		}
		if p.accept(']') {
			return nil
		}
		if !p.accept(',') {
			return p.syntax()
		}
	}
}

// word steps over a literal.
func (p *parser) word(w string) error {
	if !bytes.HasPrefix(p.b[p.pos:], []byte(w)) {
		return p.syntax()
	}
	p.pos += len(w)
	return nil
}

// number gives the text of a number.
func (p *parser) number() ([]byte, error) {
	start := p.start()
	p.optional('-')
	switch {
	case p.optional('N'):
		return p.b[start:p.pos], p.word("aN")
	case p.optional('I'):
		return p.b[start:p.pos], p.word("nfinity")
	case p.optional('n'):
		return p.b[start:p.pos], p.word("an")
	case p.optional('i'):
		return p.b[start:p.pos], p.word("nf")
	}
	if !p.optional('0') && !p.digits() {
		return nil, p.syntax()
	}
	if p.optional('.') && !p.digits() {
		return nil, p.syntax()
	}
	if p.optional('e') || p.optional('E') {
		if !p.optional('-') {
			p.optional('+')
		}
		if !p.digits() {
			return nil, p.syntax()
		}
	}
	return p.b[start:p.pos], nil
}

// optional steps over c if it stands right here.
func (p *parser) optional(c byte) bool {
	if p.pos < len(p.b) && p.b[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

// digits steps over one digit or more.
func (p *parser) digits() bool {
	start := p.pos
	for p.pos < len(p.b) && p.b[p.pos] >= '0' && p.b[p.pos] <= '9' {
		p.pos++
	}
	return p.pos > start
}

func itoa(n int) string { return strconv.Itoa(n) }
