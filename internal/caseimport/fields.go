package caseimport

import (
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
)

// field reads a value of a sheet of the campaign, as the sheet keeps it.
func (r reader) field(e *entry, c column, text string) {
	value, ok := r.value(e, c, text)
	if !ok || value == "" {
		return
	}
	if e.sheets[c.target.sheet.Code] == nil {
		e.sheets[c.target.sheet.Code] = map[string]string{}
	}
	e.sheets[c.target.sheet.Code][c.target.field.Code] = value
}

func (r reader) value(e *entry, c column, text string) (string, bool) {
	f := c.target.field
	switch f.Type { //nolint:exhaustive // the others are words
	case campaign.FieldMu, campaign.FieldArea:
		a, ok := r.area(e, c, text)
		if f.Type == campaign.FieldMu {
			return a.Mu(), ok
		}
		return a.SquareMetresText(), ok
	case campaign.FieldDate:
		on, err := grid.Day(text, r.year)
		if err != nil {
			e.refuse("“"+f.Name.ZH+"”写的是“"+text+"”，读不出是哪一天，请写成 2020-07-08", f.Name.EN+": "+text+" is no day")
		}
		return on, err == nil
	case campaign.FieldYesNo:
		yes, known := yesNo(text)
		if !known {
			e.refuse("“"+f.Name.ZH+"”写的是“"+text+"”，应为 是 或 否", f.Name.EN+": yes or no")
		}
		return map[bool]string{true: "yes", false: "no"}[yes], known
	case campaign.FieldChoice:
		code := choice(e, f.Name.ZH, f.Name.EN, plainChoices(r.main.Options(f)), text)
		return code, code != ""
	case campaign.FieldChoices:
		return r.several(e, f, text)
	case campaign.FieldCount, campaign.FieldQuantity, campaign.FieldMoney, campaign.FieldPercent:
		return r.number(e, f, text)
	}
	return strings.Join(strings.Fields(text), " "), true
}

func (r reader) several(e *entry, f campaign.Field, text string) (string, bool) {
	var codes []string
	for part := range strings.FieldsFuncSeq(text, func(r rune) bool { return strings.ContainsRune("、,，;；/ ", r) }) {
		code := choice(e, f.Name.ZH, f.Name.EN, plainChoices(r.main.Options(f)), part)
		if code == "" {
			return "", false
		}
		codes = append(codes, code)
	}
	return strings.Join(codes, ","), true
}

// number writes a number with the decimals its field keeps: a float of Excel has more.
func (reader) number(e *entry, f campaign.Field, text string) (string, bool) {
	n, err := grid.Number(strings.TrimSuffix(strings.TrimSuffix(text, "%"), f.Unit.ZH))
	if err != nil || n < 0 {
		e.refuse("“"+f.Name.ZH+"”写的是“"+text+"”，应为数字", f.Name.EN+": a number")
		return "", false
	}
	places, _ := f.Decimals()
	return strconv.FormatFloat(n, 'f', places, 64), true
}

func plainChoices(options []campaign.Option) []campaign.Choice {
	list := make([]campaign.Choice, len(options))
	for i, o := range options {
		list[i] = o.Choice
	}
	return list
}
