// Package lookup compares what somebody types with codes and names: by text,
// or by the initials of its pinyin (hlzzc for 宏联织造厂), and ranks what fits.
package lookup

import (
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
	"golang.org/x/text/width"
)

// Rank says how well something fits; smaller is better.
type Rank int

// The ranks, best first.
const (
	WholeCode      Rank = iota
	CodeTail            // the number at the end of a code: 0231 of XZ-2020-0231
	WholeName           // the whole name
	BeginsCode          // the beginning of a code
	BeginsName          // the beginning of a name
	BeginsInitials      // the beginning of a name's initials
	InName              // somewhere in a name
	InCode              // somewhere in a code
	InInitials          // somewhere in a name's initials
	None                // it does not fit
)

// Names remembers the initials of names; its zero value is ready.
type Names struct{ known sync.Map }

// Initials are the first letters of the pinyin of each Chinese character; other letters and digits stay.
func (n *Names) Initials(text string) string {
	if found, ok := n.known.Load(text); ok {
		return found.(string) //nolint:forcetypeassert // only strings are stored
	}
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{strings.ToLower(string(r))} }
	var b strings.Builder
	for _, letters := range pinyin.Pinyin(text, args) {
		b.WriteString(letters[0])
	}
	n.known.Store(text, b.String())
	return b.String()
}

// Query is what somebody typed.
type Query struct {
	names   *Names
	text    string // lower case, half width
	letters bool   // letters alone: they may be initials
}

// Parse takes what was typed: full-width letters of an input method count as plain ones.
func (n *Names) Parse(typed string) Query {
	q := Query{names: n, text: strings.ToLower(width.Fold.String(strings.TrimSpace(typed)))}
	q.letters = q.text != "" && !strings.ContainsFunc(q.text, func(r rune) bool { return r < 'a' || r > 'z' })
	return q
}

// Empty says that nothing was typed.
func (q Query) Empty() bool { return q.text == "" }

// Code ranks a code. An empty one fits nothing.
func (q Query) Code(code string) Rank {
	code = strings.ToLower(code)
	switch {
	case q.text == "" || !strings.Contains(code, q.text):
		return None
	case code == q.text:
		return WholeCode
	case strings.HasSuffix(code, "-"+q.text):
		return CodeTail
	case strings.HasPrefix(code, q.text):
		return BeginsCode
	}
	return InCode
}

// Name ranks a name by its text, else by its initials.
func (q Query) Name(name string) Rank {
	if q.text == "" {
		return None
	}
	switch lower := strings.ToLower(name); {
	case lower == q.text:
		return WholeName
	case strings.HasPrefix(lower, q.text):
		return BeginsName
	case strings.Contains(lower, q.text):
		return InName
	case !q.letters:
		return None
	}
	switch initials := q.names.Initials(name); {
	case strings.HasPrefix(initials, q.text):
		return BeginsInitials
	case strings.Contains(initials, q.text):
		return InInitials
	}
	return None
}

// Fits says whether a code or one of the names fits.
func (q Query) Fits(code string, names ...string) bool {
	if q.Code(code) != None {
		return true
	}
	for _, name := range names {
		if q.Name(name) != None {
			return true
		}
	}
	return false
}
