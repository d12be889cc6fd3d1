package secret

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/fault"
)

// Details are the personal data of a contact.
type Details struct {
	Name     string `json:"name,omitempty"`
	Phone    string `json:"phone,omitempty"`
	Identity string `json:"identity,omitempty"` // 居民身份证号码
}

var (
	phoneNumber    = regexp.MustCompile(`^(\+?86)?1[3-9]\d{9}$|^0\d{2,3}\d{7,8}$`)
	identityNumber = regexp.MustCompile(`^\d{17}[\dX]$`)
)

// Checked are the details as they are kept: without spaces and dashes in numbers.
func (d Details) Checked() (Details, error) {
	plain := strings.NewReplacer(" ", "", "-", "", "—", "", "\u00a0", "")
	d.Name, d.Phone, d.Identity = strings.TrimSpace(d.Name), plain.Replace(d.Phone), strings.ToUpper(plain.Replace(d.Identity))
	d.Phone = strings.TrimPrefix(strings.TrimPrefix(d.Phone, "+86"), "+")
	switch {
	case d == Details{}:
		return d, fault.New(fault.KindInvalid, "contact_empty", "请填写姓名、联系电话或身份证号码", "please give a name, a telephone or an identity number")
	case utf8.RuneCountInString(d.Name) > 40:
		return d, fault.New(fault.KindInvalid, "contact_name_long", "姓名过长", "the name is too long")
	case d.Phone != "" && !phoneNumber.MatchString(d.Phone):
		return d, fault.New(fault.KindInvalid, "contact_phone", "联系电话应为 11 位手机号码，或带区号的固定电话", "the telephone should be a mobile number of 11 digits, or a landline with its area code")
	case d.Identity != "" && !validIdentity(d.Identity):
		return d, fault.New(fault.KindInvalid, "contact_identity", "身份证号码有误，请核对", "the identity number is wrong; please check it")
	}
	return d, nil
}

// validIdentity checks the check digit of GB 11643 (ISO 7064, MOD 11-2).
func validIdentity(number string) bool {
	if !identityNumber.MatchString(number) {
		return false
	}
	sum := 0
	for i, digit := range number[:17] {
		weight := 1
		for range 17 - i {
			weight = weight * 2 % 11
		}
		sum += int(digit-'0') * weight
	}
	return "10X98765432"[sum%11] == number[17]
}

// Masked are the details as they are shown unasked: 张*、138****1234、3304**********123X.
func (d Details) Masked() Details {
	return Details{Name: masked(d.Name, 1, 0), Phone: masked(d.Phone, max(0, len(d.Phone)-8), 4), Identity: masked(d.Identity, 4, 4)}
}

// masked leaves so many characters at the beginning and at the end.
func masked(text string, first, last int) string {
	runes := []rune(text)
	if len(runes) <= first+last {
		return strings.Repeat("*", len(runes))
	}
	return string(runes[:first]) + strings.Repeat("*", len(runes)-first-last) + string(runes[len(runes)-last:])
}
