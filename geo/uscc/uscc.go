// Package uscc checks unified social credit codes (统一社会信用代码, GB
// 32100-2015), the 18 characters that name a firm.
//
// Codes are checked to warn, never to block: some codes issued before the
// standard are real and fail it. So nothing here returns an error; Check
// returns what is odd, in words for a person.
package uscc

import (
	"fmt"
	"strings"
)

// alphabet of the code in the order of its values: no I, O, S, V, Z.
const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// authorities are the first characters the standard gives to registration authorities.
const authorities = "123456789ANY"

// Length of a code in characters, and of its parts: authority, kind of body,
// administrative region, organisation code (GB 11714), check character.
const (
	Length         = 18
	regionAt       = 2
	organisationAt = 8
	checkAt        = 17
)

// Finding is something odd about a code, in Chinese and English.
type Finding struct {
	// Code is stable and machine-readable, snake_case.
	Code string `json:"code"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
	// Position is the character meant, from 1; 0 means the whole.
	Position int `json:"position,omitempty"`
}

// The codes of Finding.
const (
	FindingLength       = "length"       // not 18 characters
	FindingCharacter    = "character"    // a character that codes do not use
	FindingAuthority    = "authority"    // no registration authority has this letter
	FindingRegion       = "region"       // the administrative region is no six digits
	FindingOrganisation = "organisation" // the check character of the organisation code is wrong
	FindingCheck        = "check"        // the check character of the whole is wrong
)

// Normalise writes a code as the standard does: upper case, full-width
// characters made half-width, blanks of every kind left out.
func Normalise(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\uff01' && r <= '\uff5e' {
			r -= '\uff01' - '!'
		}
		switch {
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u3000' || r == '\ufeff' || (r >= '\u2000' && r <= '\u200f'):
			return -1
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		}
		return r
	}, code)
}

// Check normalises a code and says what is odd about it; nil if nothing is.
// An empty code, of a firm that has none, is not odd.
func Check(code string) []Finding {
	code = Normalise(code)
	if code == "" {
		return nil
	}
	if found := checkForm(code); found != nil {
		return found
	}
	var found []Finding
	if !strings.Contains(authorities, code[:1]) {
		found = append(found, Finding{FindingAuthority, "首位不是登记管理部门代码，请核对", "the first character names no registration authority; please check", 1})
	}
	if strings.Trim(code[regionAt:organisationAt], "0123456789") != "" {
		found = append(found, Finding{FindingRegion, "第3至8位应为行政区划数字，请核对", "characters 3 to 8 should be the digits of a region; please check", regionAt + 1})
	}
	if organisationCheck(code[organisationAt:checkAt-1]) != code[checkAt-1] {
		found = append(found, Finding{FindingOrganisation, "第17位与组织机构代码（GB 11714）的校验不符，请核对", "character 17 does not check the organisation code (GB 11714); please check", checkAt})
	}
	if check, _ := CheckCharacter(code[:checkAt]); check != code[checkAt] {
		found = append(found, Finding{FindingCheck, fmt.Sprintf("末位校验码不符，按GB 32100应为%c，请核对", check), fmt.Sprintf("the check character should be %c by GB 32100; please check", check), Length})
	}
	return found
}

// checkForm looks at length and characters, without which nothing else can be judged.
func checkForm(code string) []Finding {
	if n := len([]rune(code)); n != Length {
		return []Finding{{FindingLength, fmt.Sprintf("统一社会信用代码应为18位，现为%d位", n), fmt.Sprintf("a credit code has 18 characters, this has %d", n), 0}}
	}
	for i, r := range []rune(code) {
		if !strings.ContainsRune(alphabet, r) {
			return []Finding{{FindingCharacter, fmt.Sprintf("第%d位含有代码不使用的字符（代码不用I、O、S、V、Z）", i+1), fmt.Sprintf("character %d is not used in codes (nor are I, O, S, V, Z)", i+1), i + 1}}
		}
	}
	return nil
}

// CheckCharacter works out the 18th character from the first 17: (31 - Σ
// value·3^i mod 31) mod 31. False if these are not 17 characters of the alphabet.
func CheckCharacter(body string) (byte, bool) {
	if len(body) != checkAt {
		return 0, false
	}
	sum, weight := 0, 1
	for i := range len(body) {
		v := strings.IndexByte(alphabet, body[i])
		if v < 0 {
			return 0, false
		}
		sum += v * weight
		weight = weight * 3 % 31
	}
	return alphabet[(31-sum%31)%31], true
}

// organisationCheck is the check character of an organisation code by GB
// 11714-1997: 11 - Σ value·weight mod 11, letters counting from 10, 10 written X.
func organisationCheck(body string) byte {
	weights := [8]int{3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		v := int(body[i] - '0')
		if body[i] >= 'A' {
			v = int(body[i]-'A') + 10
		}
		sum += v * w
	}
	return "0X987654321"[sum%11]
}
