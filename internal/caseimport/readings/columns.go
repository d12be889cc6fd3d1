package readings

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/fault"
)

// What a column holds.
const (
	account = "account"
	name    = "name"
	credit  = "credit"
	code    = "code"
	month   = "month"
	kwh     = "kwh"
)

// heads are the names by which columns are known, without blanks and units.
var heads = map[string][]string{ //nolint:gochecknoglobals // a constant table
	account: {"户号", "用电户号", "用户编号", "客户编号", "电力户号", "用户号", "户号(用电)"},
	name:    {"户名", "用电户名", "企业名称", "企业(作坊)名称", "用户名称", "客户名称", "单位名称", "名称"},
	credit:  {"统一社会信用代码", "信用代码", "社会信用代码"},
	code:    {"事项编号", "编号", "案件编号"},
	month:   {"月份", "年月", "用电月份", "电费年月", "抄表月份", "抄表年月", "统计月份"},
	kwh:     {"用电量", "电量", "月用电量", "总电量", "有功电量", "抄见电量", "本月电量", "结算电量"},
}

// tenThousand is the factor of 万千瓦时.
const tenThousand = 10_000

var units = regexp.MustCompile(`(?i)[(（]?(万?千瓦时|万?kwh|万?度|kw·h)[)）]?$`)

// meaning is what a head means, "" for nothing.
func meaning(path []string) string {
	text := strings.ReplaceAll(grid.Narrow(strings.Join(path, "")), " ", "")
	text = strings.Trim(units.ReplaceAllString(text, ""), "()*")
	for what, names := range heads {
		if slices.Contains(names, text) {
			return what
		}
	}
	return ""
}

func known(path []string) (is, named bool) {
	what := meaning(path)
	return what != "", what == account
}

// columns are where a table has what.
type columns struct {
	at     map[string]int
	factor float64 // of the amounts
}

func columnsOf(t grid.Table) columns {
	c := columns{map[string]int{}, 1}
	for _, h := range t.Heads {
		what := meaning(h.Path)
		if _, again := c.at[what]; what == "" || again {
			continue
		}
		c.at[what] = h.Column
		if what == kwh && strings.Contains(h.Name(), "万") {
			c.factor = tenThousand
		}
	}
	return c
}

// missing says which column a table lacks.
func (c columns) missing() error {
	for _, each := range []struct{ what, zh, en string }{{account, "用电户号", "account"}, {month, "月份", "month"}, {kwh, "用电量", "kWh"}} {
		if _, has := c.at[each.what]; !has {
			return fault.New(fault.KindInvalid, "column_missing", "缺少“"+each.zh+"”一列", "the column "+each.en+" is missing")
		}
	}
	return nil
}

func (c columns) cell(r grid.Row, what string) string {
	column, has := c.at[what]
	if text := r.Cell(column); has && !grid.Blank(text) {
		return text
	}
	return ""
}

// read reads a row; what cannot be understood is why it is refused.
func (c columns) read(sheet string, row grid.Row, today campaign.Date) Row {
	r := Row{Sheet: sheet, Number: row.Number, Name: c.cell(row, name)}
	var lost bool
	if r.Account, lost = grid.Digits(c.cell(row, account)); r.Account == "" || lost || len(r.Account) > mostAccount {
		r.refuse("户号“"+c.cell(row, account)+"”不完整，请把这一列设为文本格式再填", "the account is incomplete; please format its column as text")
		return r
	}
	if digits, gone := grid.Digits(c.cell(row, credit)); !gone {
		r.credit = uscc.Normalise(digits)
	}
	r.code = strings.ToUpper(c.cell(row, code))
	r.Month = monthIn(c.cell(row, month))
	switch {
	case r.Month == "":
		r.refuse("月份写的是“"+c.cell(row, month)+"”，请写成 2020-09", "the month is "+c.cell(row, month)+"; please write 2020-09")
		return r
	case campaign.Month(r.Month) > today:
		r.refuse("月份 "+r.Month+" 还没有到", "the month "+r.Month+" is still to come")
		return r
	}
	amount, err := grid.Number(c.cell(row, kwh))
	amount = math.Round(amount*c.factor*100) / 100 //nolint:mnd // to a hundredth of a kWh
	if err != nil || amount < 0 || amount > mostKWh {
		r.refuse(fmt.Sprintf("用电量写的是“%s”，应为 0 至 %d 千瓦时的数", c.cell(row, kwh), int64(mostKWh)), fmt.Sprintf("an amount from 0 to %d kWh, not %q", int64(mostKWh), c.cell(row, kwh)))
		return r
	}
	r.KWh = strconv.FormatFloat(amount, 'f', -1, 64)
	return r
}

// Bounds of what can be meant.
const (
	mostAccount = 40
	mostKWh     = 100_000_000 // of a month: more than the district's largest works
)

var monthParts = regexp.MustCompile(`^(20\d\d)\s*[-./年]?\s*(0?[1-9]|1[012])\s*月?份?$`)

// monthIn reads 2020-09, 2020年9月, 202009, or the month of a day; "" where it is none.
func monthIn(text string) string {
	plain := grid.Narrow(text)
	if m := monthParts.FindStringSubmatch(plain); len(m) > 0 && plain != m[1]+m[2][:1] { // 20209 could be anything
		n, _ := strconv.Atoi(m[2]) // digits, by the pattern
		return fmt.Sprintf("%s-%02d", m[1], n)
	}
	if day, err := grid.Day(plain, 0); err == nil {
		return day[:len("2020-09")]
	}
	return ""
}

// plain is a name as it is compared.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" ()（）·.", r) {
			return -1
		}
		return r
	}, strings.ToLower(grid.Narrow(text)))
}
