package chronicle

import (
	"slices"
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// search tests whether a case is what somebody types: part of its code, label
// or village, the initials of their pinyin (hlzzc for 宏联织造厂), or an operator.
func (v *View) search(f Filter) test {
	query := strings.ToLower(strings.TrimSpace(f.Query))
	letters := isLetters(query)
	villages := map[string]bool{}
	for _, village := range v.Definition.Villages {
		if holds(village.Name.ZH, query, letters, &v.book.words.initials) {
			villages[village.Code] = true
		}
	}
	return func(c *Case) bool {
		return villages[c.Village] || strings.Contains(strings.ToLower(c.Code), query) || holds(c.Label, query, letters, &v.book.words.initials) ||
			c.Enterprise != 0 && slices.Contains(f.Operators, c.Enterprise)
	}
}

func holds(text, query string, letters bool, known *initials) bool {
	return strings.Contains(strings.ToLower(text), query) || letters && strings.Contains(known.of(text), query)
}

func isLetters(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < 'a' || r > 'z' })
}

// initials remembers the pinyin initials of texts.
type initials struct{ known sync.Map }

// of are the first letters of the pinyin of each Chinese character; other letters and digits stay.
func (i *initials) of(text string) string {
	if found, ok := i.known.Load(text); ok {
		return found.(string) //nolint:forcetypeassert // only strings are stored
	}
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	args.Fallback = func(r rune, _ pinyin.Args) []string { return []string{strings.ToLower(string(r))} }
	var b strings.Builder
	for _, letters := range pinyin.Pinyin(text, args) {
		b.WriteString(letters[0])
	}
	i.known.Store(text, b.String())
	return b.String()
}
