package ogc

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// deepest bounds how far a filter is nested.
const deepest = 100

// ParseFilter reads a filter in CQL2 text: comparisons, LIKE, BETWEEN, IN and IS NULL of properties, AND, OR, NOT, and
// S_INTERSECTS of geometry with BBOX or POINT, whose coordinates forward brings to longitude and latitude.
func (c *Collection) ParseFilter(cql string, forward func(orb.Point) orb.Point) (Filter, error) {
	tokens, err := tokenise(cql)
	if err != nil {
		return nil, err
	}
	p := &parser{collection: c, forward: forward, rest: tokens}
	f, err := p.either(0)
	if err == nil && len(p.rest) > 0 {
		err = p.unexpected()
	}
	return f, err
}

// parser reads tokens.
type parser struct {
	collection *Collection
	forward    func(orb.Point) orb.Point
	rest       []token
}

func (p *parser) unexpected() error {
	if len(p.rest) == 0 {
		return bad("没有写完", "it ends too early")
	}
	return bad("不该有 "+p.rest[0].text, "unexpected "+p.rest[0].text)
}

// word takes a keyword, if it is next.
func (p *parser) word(keyword string) bool {
	if len(p.rest) > 0 && p.rest[0].kind == 'w' && strings.EqualFold(p.rest[0].text, keyword) {
		p.rest = p.rest[1:]
		return true
	}
	return false
}

// sign takes a bracket or comma.
func (p *parser) sign(kind rune) error {
	if len(p.rest) == 0 || p.rest[0].kind != kind {
		return p.unexpected()
	}
	p.rest = p.rest[1:]
	return nil
}

func (p *parser) either(depth int) (Filter, error) {
	return p.joined(depth, "OR", p.both, or)
}

func (p *parser) both(depth int) (Filter, error) {
	return p.joined(depth, "AND", p.one, and)
}

func (p *parser) joined(depth int, keyword string, part func(int) (Filter, error), join func(a, b Filter) Filter) (Filter, error) {
	f, err := part(depth)
	for err == nil && p.word(keyword) {
		var next Filter
		if next, err = part(depth); err == nil {
			f = join(f, next)
		}
	}
	return f, err
}

func (p *parser) one(depth int) (Filter, error) {
	if depth > deepest {
		return nil, bad("嵌套太深", "it is nested too deeply")
	}
	if p.word("NOT") {
		f, err := p.one(depth + 1)
		return not(f), err
	}
	if len(p.rest) > 0 && p.rest[0].kind == '(' {
		p.rest = p.rest[1:]
		f, err := p.either(depth + 1)
		if err != nil {
			return nil, err
		}
		return f, p.sign(')')
	}
	if p.word("S_INTERSECTS") {
		return p.intersects()
	}
	return p.predicate()
}

func (p *parser) predicate() (Filter, error) {
	if len(p.rest) == 0 {
		return nil, p.unexpected()
	}
	if t := p.rest[0]; t.kind == '0' || t.kind == '\'' || t.kind == 'w' && strings.EqualFold(t.text, "DATE") {
		return p.turned()
	}
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	if len(p.rest) > 0 && p.rest[0].kind == '=' {
		operator := p.rest[0].text
		p.rest = p.rest[1:]
		l, err := p.literal()
		if err != nil {
			return nil, err
		}
		return p.collection.compare(name, operator, l)
	}
	return p.of(name)
}

// turned is a comparison with the value in front.
func (p *parser) turned() (Filter, error) {
	l, err := p.literal()
	if err != nil {
		return nil, err
	}
	if len(p.rest) == 0 || p.rest[0].kind != '=' {
		return nil, p.unexpected()
	}
	operator := strings.NewReplacer("<", ">", ">", "<").Replace(p.rest[0].text)
	if p.rest[0].text == "<>" {
		operator = "<>"
	}
	operator = strings.Replace(operator, "=>", ">=", 1)
	p.rest = p.rest[1:]
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	return p.collection.compare(name, operator, l)
}

// of are the predicates in words: [NOT] LIKE, BETWEEN, IN, IS [NOT] NULL.
func (p *parser) of(name string) (Filter, error) {
	if p.word("IS") {
		negated := p.word("NOT")
		if !p.word("NULL") {
			return nil, p.unexpected()
		}
		f, err := p.collection.isNull(name)
		return turnedIf(negated, f), err
	}
	negated := p.word("NOT")
	var f Filter
	var err error
	switch {
	case p.word("LIKE"):
		f, err = p.liked(name)
	case p.word("BETWEEN"):
		f, err = p.between(name)
	case p.word("IN"):
		f, err = p.in(name)
	default:
		err = p.unexpected()
	}
	return turnedIf(negated, f), err
}

func turnedIf(negated bool, f Filter) Filter {
	if negated {
		return not(f)
	}
	return f
}

func (p *parser) liked(name string) (Filter, error) {
	if len(p.rest) == 0 || p.rest[0].kind != '\'' {
		return nil, p.unexpected()
	}
	pattern := p.rest[0].text
	p.rest = p.rest[1:]
	return p.collection.like(name, pattern)
}

func (p *parser) between(name string) (Filter, error) {
	low, err := p.literal()
	if err != nil {
		return nil, err
	}
	if !p.word("AND") {
		return nil, p.unexpected()
	}
	high, err := p.literal()
	if err != nil {
		return nil, err
	}
	from, err := p.collection.compare(name, ">=", low)
	if err != nil {
		return nil, err
	}
	to, err := p.collection.compare(name, "<=", high)
	return and(from, to), err
}

func (p *parser) in(name string) (Filter, error) {
	if err := p.sign('('); err != nil {
		return nil, err
	}
	var found Filter
	for {
		l, err := p.literal()
		if err != nil {
			return nil, err
		}
		f, err := p.collection.compare(name, "=", l)
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = f
		} else {
			found = or(found, f)
		}
		if p.sign(',') != nil {
			return found, p.sign(')')
		}
	}
}

func (p *parser) name() (string, error) {
	if len(p.rest) == 0 || p.rest[0].kind != 'w' && p.rest[0].kind != '"' {
		return "", p.unexpected()
	}
	name := p.rest[0].text
	p.rest = p.rest[1:]
	return name, nil
}

func (p *parser) literal() (literal, error) {
	if p.word("DATE") {
		if err := p.sign('('); err != nil {
			return literal{}, err
		}
		l, err := p.literal()
		if err != nil || l.kind != String {
			return literal{}, p.unexpected()
		}
		l.kind = Date
		return l, p.sign(')')
	}
	if len(p.rest) == 0 {
		return literal{}, p.unexpected()
	}
	t := p.rest[0]
	switch t.kind {
	case '\'':
		p.rest = p.rest[1:]
		return literal{text: t.text, kind: String}, nil
	case '0':
		n, err := p.coordinate()
		return literal{text: t.text, number: n, kind: Number}, err
	}
	return literal{}, p.unexpected()
}

func (p *parser) coordinate() (float64, error) {
	if len(p.rest) == 0 || p.rest[0].kind != '0' {
		return 0, p.unexpected()
	}
	n, err := strconv.ParseFloat(p.rest[0].text, 64)
	if err != nil {
		return 0, p.unexpected()
	}
	p.rest = p.rest[1:]
	return n, nil
}

// intersects is S_INTERSECTS(geometry, BBOX(…)) or …, POINT(x y)).
func (p *parser) intersects() (Filter, error) {
	if err := p.sign('('); err != nil {
		return nil, err
	}
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	if name != GeometryName {
		return nil, bad("没有图形属性 "+name, "there is no geometry "+name)
	}
	if err := p.sign(','); err != nil {
		return nil, err
	}
	where, err := p.place()
	if err != nil {
		return nil, err
	}
	return within(where), p.sign(')')
}

// GeometryName is what the geometry is called in filters.
const GeometryName = "geometry"

func (p *parser) place() (*place, error) {
	switch {
	case p.word("BBOX"):
		n, err := p.numbers(4, true)
		if err != nil {
			return nil, err
		}
		if n[0] > n[2] || n[1] > n[3] {
			return nil, bad("BBOX 的西南角应在前", "the lower corner of a BBOX comes first")
		}
		return boundPlace(Bound([4]float64(n), p.forward)), nil
	case p.word("POINT"):
		n, err := p.numbers(2, false)
		if err != nil {
			return nil, err
		}
		return pointPlace(p.forward(orb.Point{n[0], n[1]})), nil
	}
	return nil, p.unexpected()
}

// numbers are some in brackets, with commas between them or not.
func (p *parser) numbers(count int, commas bool) ([]float64, error) {
	if err := p.sign('('); err != nil {
		return nil, err
	}
	n := make([]float64, count)
	for i := range n {
		if i > 0 && commas {
			if err := p.sign(','); err != nil {
				return nil, err
			}
		}
		var err error
		if n[i], err = p.coordinate(); err != nil {
			return nil, err
		}
	}
	return n, p.sign(')')
}

// Bound is what encloses a box of another coordinate system, x and y of its corners as they are written there.
func Bound(n [4]float64, forward func(orb.Point) orb.Point) orb.Bound {
	all := forward(orb.Point{n[0], n[1]}).Bound()
	for _, corner := range []orb.Point{{n[2], n[1]}, {n[2], n[3]}, {n[0], n[3]}} {
		all = all.Extend(forward(corner))
	}
	return all
}
