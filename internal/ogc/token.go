package ogc

import (
	"strings"
	"unicode"
)

// token is a word, a number, a text, an operator or a bracket.
type token struct {
	kind rune // 'w', '"' (a quoted name), '0', '\'' or the sign itself
	text string
}

// tokenise divides a filter into its tokens, without the space between them.
func tokenise(s string) ([]token, error) {
	var all []token
	runes := []rune(s)
	for i := 0; i < len(runes); {
		t, next, err := nextToken(runes, i)
		if err != nil {
			return nil, err
		}
		if t.kind != ' ' {
			all = append(all, t)
		}
		i = next
	}
	return all, nil
}

// nextToken is the token at i and where the next begins; kind ' ' is space.
func nextToken(s []rune, i int) (t token, next int, err error) {
	run := func(from int, in func(rune) bool) int {
		for from < len(s) && in(s[from]) {
			from++
		}
		return from
	}
	r := s[i]
	switch {
	case unicode.IsSpace(r):
		return token{kind: ' '}, run(i, unicode.IsSpace), nil
	case r == '\'' || r == '"':
		return quotedToken(s, i)
	case unicode.IsLetter(r) || r == '_':
		end := run(i, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' })
		return token{'w', string(s[i:end])}, end, nil
	case unicode.IsDigit(r) || (r == '-' || r == '+' || r == '.') && i+1 < len(s) && (unicode.IsDigit(s[i+1]) || s[i+1] == '.'):
		end := run(i+1, func(r rune) bool { return unicode.IsDigit(r) || strings.ContainsRune(".eE", r) })
		if end < len(s) && strings.ContainsRune("eE", s[end-1]) && strings.ContainsRune("+-", s[end]) {
			end = run(end+1, unicode.IsDigit)
		}
		return token{'0', string(s[i:end])}, end, nil
	case strings.ContainsRune("<>=", r):
		end := run(i, func(r rune) bool { return strings.ContainsRune("<>=", r) })
		return token{'=', string(s[i:end])}, end, nil
	case strings.ContainsRune("(),", r):
		return token{r, string(r)}, i + 1, nil
	}
	return t, i, bad("不认识 "+string(r), "unexpected "+string(r))
}

// quotedToken is a text or a name in quotes; a quote in it is doubled.
func quotedToken(s []rune, i int) (t token, next int, err error) {
	var b strings.Builder
	quote := s[i]
	for i++; i < len(s); i++ {
		if s[i] != quote {
			b.WriteRune(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == quote {
			i++
			b.WriteRune(quote)
			continue
		}
		return token{quote, b.String()}, i + 1, nil
	}
	return t, i, bad("引号没有结束", "a quote does not end")
}
