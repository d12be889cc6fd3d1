package campaign

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/fault"
)

// FieldType is the kind of a field's value.
type FieldType string

// The types. Numbers are kept as decimals, exactly.
const (
	FieldCount    FieldType = "count"    // 家, 台: whole
	FieldQuantity FieldType = "quantity" // 吨标煤, 吨: two decimals
	FieldArea     FieldType = "area"     // ㎡, two decimals
	FieldMu       FieldType = "mu"       // 亩, two decimals
	FieldMoney    FieldType = "money"    // 万元, six decimals: to the 分
	FieldPercent  FieldType = "percent"  // one decimal
	FieldDate     FieldType = "date"
	FieldMonth    FieldType = "month"   // 2020-09
	FieldChoice   FieldType = "choice"  // one of the options
	FieldChoices  FieldType = "choices" // a checklist: some of the options
	FieldText     FieldType = "text"
	FieldNumber   FieldType = "number" // 文号, 证号
	FieldYesNo    FieldType = "yesno"
	FieldIndustry FieldType = "industry" // a class of GB/T 4754
	FieldProcess  FieldType = "process"  // one of the campaign's bans, or none
)

// numbers are the most decimals of a number's type.
var numbers = map[FieldType]int{ //nolint:gochecknoglobals,exhaustive // a constant table of the types that are numbers
	FieldCount: 0, FieldQuantity: 2, FieldArea: 2, FieldMu: 2, FieldMoney: 6, FieldPercent: 1,
}

var otherTypes = []FieldType{FieldDate, FieldMonth, FieldChoice, FieldChoices, FieldText, FieldNumber, FieldYesNo, FieldIndustry, FieldProcess} //nolint:gochecknoglobals // a constant list

// Field is one field of a sheet.
type Field struct {
	Code    string    `json:"code"`
	Name    Text      `json:"name"`
	Type    FieldType `json:"type"`
	Unit    Text      `json:"unit,omitzero"`
	Options []Option  `json:"options,omitempty"`
	// Required fields must be filled at once, those with Due before that milestone of their case.
	Required bool   `json:"required,omitempty"`
	Due      string `json:"due,omitempty"`
	// AtMost names an earlier number of the sheet that this one does not exceed (已拆除 of 数量).
	AtMost string `json:"at_most,omitempty"`
	// When says which other values make it apply; nil: always.
	When *Condition `json:"when,omitempty"`
	// Total adds it up for each unit; Yes or a chosen option is counted.
	Total bool `json:"total,omitempty"`
	// Fixed values are written by the program alone.
	Fixed bool `json:"fixed,omitempty"`
	// Personal values are for those alone who may see whose it is.
	Personal bool `json:"personal,omitempty"`
}

// Option is one value of a choice, with what it means for the land.
type Option struct {
	Choice

	Note Text `json:"note,omitzero"` // 腾地: 是, 否, 视情况
}

// Decimals is the most decimals of the field's number; false where it is none.
func (f Field) Decimals() (int, bool) {
	n, is := numbers[f.Type]
	return n, is
}

// applies tells whether the field has a meaning beside the other values.
func (f Field) applies(values map[string]string) bool {
	return f.When == nil || f.When.Fits(values)
}

// Words is a value as it is shown.
func (f Field) Words(value string) Text {
	switch f.Type { //nolint:exhaustive // the others are shown as they are
	case FieldYesNo:
		return yesNo(value)
	case FieldChoice, FieldChoices:
		var names []Text
		for code := range strings.SplitSeq(value, ",") {
			if i := slices.IndexFunc(f.Options, func(o Option) bool { return o.Code == code }); i >= 0 {
				names = append(names, f.Options[i].Name)
			}
		}
		return listed(names)
	}
	if f.Unit == (Text{}) {
		return Text{value, value}
	}
	return Text{value + f.Unit.ZH, value + " " + f.Unit.EN}
}

func yesNo(value string) Text {
	if value == "yes" {
		return Text{"是", "yes"}
	}
	return Text{"否", "no"}
}

// read makes a value of what was typed, or refuses it; "" stays empty.
func (d Definition) read(f Field, typed string) (string, error) {
	typed = strings.TrimSpace(typed)
	if typed == "" {
		return "", nil
	}
	if decimals, is := f.Decimals(); is {
		n, err := parseDecimal(typed, decimals)
		if err != nil {
			return "", f.refuse(fmt.Sprintf("应为不小于0、最多%d位小数的数", decimals), fmt.Sprintf("a number from 0 with at most %d decimals", decimals))
		}
		return decimal(n, decimals), nil
	}
	switch f.Type { //nolint:exhaustive // the others are free text
	case FieldDate:
		if _, err := ParseDate(typed); err != nil {
			return "", f.refuse("应写作 2020-09-30", "a day as 2020-09-30")
		}
	case FieldMonth:
		if Month(typed) == "" {
			return "", f.refuse("应写作 2020-09", "a month as 2020-09")
		}
	case FieldIndustry:
		if !classes.MatchString(typed) {
			return "", f.refuse("应为国民经济行业分类代码", "a class of GB/T 4754")
		}
	case FieldYesNo:
		return f.among(typed, []string{"yes", "no"})
	case FieldChoice:
		return f.among(typed, f.codes())
	case FieldChoices:
		return f.several(typed)
	case FieldProcess:
		codes := []string{NoBan}
		for _, b := range d.Bans {
			codes = append(codes, b.Code)
		}
		return f.among(typed, codes)
	}
	if utf8.RuneCountInString(typed) > longest {
		return "", f.refuse("太长", "shorter")
	}
	return typed, nil
}

// Options are the values a field can have, of a process the campaign's bans.
func (d Definition) Options(f Field) []Option {
	if f.Type != FieldProcess {
		return f.Options
	}
	options := []Option{{Choice: Choice{NoBan, Text{"否", "none"}}}}
	for _, b := range d.Bans {
		options = append(options, Option{Choice{b.Code, b.Name}, b.Basis})
	}
	return options
}

const longest = 1000

var classes = regexp.MustCompile(`^\d{2,4}$`)

func (f Field) codes() []string {
	codes := make([]string, len(f.Options))
	for i, o := range f.Options {
		codes[i] = o.Code
	}
	return codes
}

func (f Field) among(typed string, codes []string) (string, error) {
	if !slices.Contains(codes, typed) {
		return "", f.refuse("应从列表中选择", "one of the list")
	}
	return typed, nil
}

// several keeps the options chosen in the order of the list.
func (f Field) several(typed string) (string, error) {
	chosen := strings.Split(typed, ",")
	for _, code := range chosen {
		if _, err := f.among(code, f.codes()); err != nil {
			return "", err
		}
	}
	return strings.Join(slices.DeleteFunc(f.codes(), func(code string) bool { return !slices.Contains(chosen, code) }), ","), nil
}

func (f Field) refuse(zh, en string) error {
	return fault.New(fault.KindInvalid, "bad_value", "“"+f.Name.ZH+"”"+zh, f.Name.EN+": "+en)
}

func (f Field) check(earlier map[string]bool) error {
	_, number := f.Decimals()
	switch {
	case f.Code == "" || earlier[f.Code] || strings.ContainsAny(f.Code, "./"):
		return errors.New("code is empty, repeated or has a dot or a slash")
	case f.Name.ZH == "" || f.Name.EN == "":
		return errors.New("a name is needed in both languages")
	case !number && !slices.Contains(otherTypes, f.Type):
		return fmt.Errorf("unknown type %q", f.Type)
	case (f.Type == FieldChoice || f.Type == FieldChoices) != (len(f.Options) > 0):
		return errors.New("choices have options, others have none")
	}
	if f.AtMost != "" && (!number || !earlier[f.AtMost]) {
		return fmt.Errorf("at most %q, which does not come before", f.AtMost)
	}
	list := make([]Choice, len(f.Options))
	for i, o := range f.Options {
		list[i] = o.Choice
	}
	if err := checkChoices("option", list); err != nil || f.When == nil {
		return err
	}
	for _, fact := range f.When.facts() {
		if !earlier[fact] {
			return fmt.Errorf("it depends on %q, which does not come before", fact)
		}
	}
	if _, plain := f.When.Plain(); !plain {
		return errors.New("it depends on values of choices, all of them")
	}
	return f.When.check()
}

// Plain gives a condition as tests of what facts are, all of which must fit; false for any other.
func (c Condition) Plain() ([]Condition, bool) {
	parts := c.All
	if c.Fact != "" {
		parts = []Condition{c}
	}
	for _, part := range parts {
		if len(part.Is) == 0 {
			return nil, false
		}
	}
	return parts, len(parts) > 0
}

// facts are the facts a condition tests.
func (c Condition) facts() []string {
	if c.Fact != "" {
		return []string{c.Fact}
	}
	var all []string
	for _, part := range slices.Concat(c.All, c.Any) {
		all = append(all, part.facts()...)
	}
	return all
}
