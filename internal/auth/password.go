package auth

import (
	"crypto/rand"
	_ "embed"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// longestPassword bounds the work of hashing.
const longestPassword = 128

//go:embed common.txt
var commonList string

// common are the passwords, in plain form, that attackers try first.
var common = sync.OnceValue(func() map[string]bool { //nolint:gochecknoglobals // read once, never written
	all := map[string]bool{}
	for line := range strings.Lines(commonList) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			all[plainForm(word)] = true
		}
	}
	return all
})

// plainForm undoes what people do to a common word to make it pass: case, look-alike
// signs, and signs and digits that hang on at either end.
func plainForm(password string) string {
	plain := strings.NewReplacer("@", "a", "4", "a", "0", "o", "$", "s", "5", "s", "1", "l", "!", "l", "3", "e", "7", "t").Replace(strings.ToLower(password))
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, plain)
}

// Rule is what a password must be like, in a sentence.
func (r Rules) Rule() campaign.Text {
	return campaign.Text{
		ZH: fmt.Sprintf("至少 %d 位，含大写字母、小写字母、数字、符号中的 %d 种，不能是常见密码，也不能含账号", r.PasswordLength, r.PasswordClasses),
		EN: fmt.Sprintf("at least %d characters, %d of upper case, lower case, digits and signs; no common password, and not the account's name in it", r.PasswordLength, r.PasswordClasses),
	}
}

// CheckPassword refuses a password that breaks the rules.
func (r Rules) CheckPassword(login, password string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || n > longestPassword:
		return fault.New(fault.KindInvalid, "password_too_long", fmt.Sprintf("密码最多 %d 位", longestPassword), fmt.Sprintf("a password has at most %d characters", longestPassword))
	case n < r.PasswordLength || classes(password) < r.PasswordClasses || tooCommon(password) || holds(password, login):
		rule := r.Rule()
		return fault.New(fault.KindInvalid, "password_weak", "密码不符合要求："+rule.ZH, "the password is not as required: "+rule.EN)
	}
	return nil
}

func classes(password string) int {
	var upper, lower, digit, other int
	for _, c := range password {
		switch {
		case unicode.IsUpper(c):
			upper = 1
		case unicode.IsLower(c):
			lower = 1
		case unicode.IsDigit(c):
			digit = 1
		default:
			other = 1
		}
	}
	return upper + lower + digit + other
}

// tooCommon finds common passwords, also with something short hung on.
func tooCommon(password string) bool {
	plain := plainForm(password)
	if common()[plain] || common()[plainForm(strings.TrimRight(password, "0123456789!@#$%.*_-"))] {
		return true
	}
	return repeats(plain)
}

// repeats are passwords of one or two characters over and over.
func repeats(plain string) bool {
	seen := map[rune]bool{}
	for _, c := range plain {
		seen[c] = true
	}
	return len(seen) <= 2
}

// shortLogin is contained in too much by accident.
const shortLogin = 3

func holds(password, login string) bool {
	return len(login) >= shortLogin && strings.Contains(strings.ToLower(password), login)
}

// Letters and digits that nobody confuses when they are read from a sheet.
const (
	plainUpper = "ABCDEFGHJKLMNPQRSTUVWXYZ"
	plainLower = "abcdefghijkmnpqrstuvwxyz"
	plainDigit = "23456789"
)

// RandomPassword makes a password for a login, to hand over: three groups of five, 81 bits, of all classes,
// and without what the rules refuse by accident: a short login found in it.
func RandomPassword(login string) string {
	const groups, each = 3, 5
	for {
		var b strings.Builder
		for g := range groups {
			if g > 0 {
				b.WriteByte('-')
			}
			for range each {
				b.WriteByte(pick(plainUpper + plainLower + plainDigit))
			}
		}
		if p := b.String(); classes(p) == 4 && !holds(p, login) && !tooCommon(p) {
			return p
		}
	}
}

func pick(from string) byte {
	n, err := rand.Int(rand.Reader, big.NewInt(int64(len(from))))
	if err != nil {
		panic("auth: no randomness: " + err.Error()) // crypto/rand does not fail
	}
	return from[n.Int64()]
}
