package campaign

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/fault"
)

// personal are telephone and identity numbers.
var personal = regexp.MustCompile(`(^|\D)(1[3-9]\d{9}|\d{17}[\dXx])(\D|$)`)

// NamesNobody refuses words that carry a telephone or identity number, or the name of one of these people:
// they leave the house in a bulletin. A name of one character is no name to look for.
func NamesNobody(words string, people []string) error {
	if personal.MatchString(words) {
		return fault.New(fault.KindInvalid, "personal_data", "通报不得含有手机号码、身份证号码", "a bulletin carries no telephone or identity numbers")
	}
	// Spaces within a name (张 三) hide it from nobody who reads it.
	tight := strings.Join(strings.Fields(words), "")
	for _, name := range people {
		name = strings.Join(strings.Fields(name), "")
		if utf8.RuneCountInString(name) > 1 && strings.Contains(tight, name) {
			return fault.New(fault.KindInvalid, "personal_data", "通报不得含有人员姓名（“"+name+"”），请写单位或职务", "a bulletin names no person (“"+name+"”); please write the unit or the office")
		}
	}
	return nil
}
