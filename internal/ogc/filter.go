package ogc

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// truth is yes, no, or unknown where a value is not there, as in SQL.
type truth int

const (
	no truth = iota
	unknown
	yes
)

func truthOf(b bool) truth {
	if b {
		return yes
	}
	return no
}

// Filter tests a feature.
type Filter func(where *places, f *Feature) (truth, error)

// literal is a value in a filter; a bare one takes the kind of what it is compared with.
type literal struct {
	text   string
	number float64
	kind   Kind // String, Number or Date
	bare   bool
}

func bad(zh, en string) error {
	return fault.New(fault.KindInvalid, "bad_filter", "筛选条件有误："+zh, "the filter is wrong: "+en)
}

// queryable finds a property that can be filtered by.
func (c *Collection) queryable(name string) (int, Property, error) {
	i := c.Property(name)
	if i < 0 || c.Properties[i].Unfiltered {
		return 0, Property{}, bad("没有属性 "+name, "there is no property "+name)
	}
	return i, c.Properties[i], nil
}

// as is the literal as a value of a kind.
func (l literal) as(p Property) (Value, error) {
	mismatch := bad(p.Name+" 不能与 "+l.text+" 比较", p.Name+" cannot be compared with "+l.text)
	switch p.Kind {
	case Integer, Number:
		if l.bare {
			n, err := strconv.ParseFloat(l.text, 64)
			if err != nil {
				return Value{}, mismatch
			}
			return number(n), nil
		}
		if l.kind != Number {
			return Value{}, mismatch
		}
		return number(l.number), nil
	case Date:
		if _, err := campaign.ParseDate(l.text); err != nil || l.kind == Number {
			return Value{}, mismatch
		}
		return text(l.text), nil
	case String:
		if l.kind == Number && !l.bare {
			return Value{}, mismatch
		}
		return Value{Text: l.text, Known: true}, nil
	}
	return Value{}, mismatch
}

// compare is a test of a property against a literal.
func (c *Collection) compare(name, operator string, l literal) (Filter, error) {
	i, p, err := c.queryable(name)
	if err != nil {
		return nil, err
	}
	want, err := l.as(p)
	if err != nil {
		return nil, err
	}
	fits, known := map[string]func(int) bool{
		"=": func(n int) bool { return n == 0 }, "<>": func(n int) bool { return n != 0 }, "<": func(n int) bool { return n < 0 },
		">": func(n int) bool { return n > 0 }, "<=": func(n int) bool { return n <= 0 }, ">=": func(n int) bool { return n >= 0 },
	}[operator]
	if !known {
		return nil, bad("没有运算符 "+operator, "there is no operator "+operator)
	}
	return func(_ *places, f *Feature) (truth, error) {
		v := f.value(i)
		if !v.Known {
			return unknown, nil
		}
		return truthOf(fits(order(v, want))), nil
	}, nil
}

// order compares two values of one kind; days compare as texts.
func order(a, b Value) int {
	switch {
	case a.Text != b.Text:
		return strings.Compare(a.Text, b.Text)
	case a.Number < b.Number:
		return -1
	case a.Number > b.Number:
		return 1
	}
	return 0
}

// like is LIKE: % is any text, _ any character, a backslash takes their meaning.
func (c *Collection) like(name, pattern string) (Filter, error) {
	i, p, err := c.queryable(name)
	if err != nil {
		return nil, err
	}
	if p.Kind != String {
		return nil, bad(name+" 不是文字", name+" is no text")
	}
	var b strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			b.WriteString(regexp.QuoteMeta(string(r)))
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			b.WriteString(".*")
		case r == '_':
			b.WriteByte('.')
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	matcher, err := regexp.Compile("(?s)^" + b.String() + "$")
	if err != nil {
		return nil, fmt.Errorf("a pattern of LIKE: %w", err)
	}
	return func(_ *places, f *Feature) (truth, error) {
		v := f.value(i)
		if !v.Known {
			return unknown, nil
		}
		return truthOf(matcher.MatchString(v.Text)), nil
	}, nil
}

func (c *Collection) isNull(name string) (Filter, error) {
	i, _, err := c.queryable(name)
	return func(_ *places, f *Feature) (truth, error) { return truthOf(!f.value(i).Known), nil }, err
}

func and(a, b Filter) Filter {
	return func(w *places, f *Feature) (truth, error) {
		x, err := a(w, f)
		if err != nil || x == no {
			return x, err
		}
		y, err := b(w, f)
		return min(x, y), err
	}
}

func or(a, b Filter) Filter {
	return func(w *places, f *Feature) (truth, error) {
		x, err := a(w, f)
		if err != nil || x == yes {
			return x, err
		}
		y, err := b(w, f)
		return max(x, y), err
	}
}

func not(a Filter) Filter {
	return func(w *places, f *Feature) (truth, error) {
		x, err := a(w, f)
		return yes - x, err
	}
}
