package readings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/caseimport/readings"
	"github.com/guatu/guatu/internal/fault"
)

// read reads a file of readings on 30 September 2020.
func read(t *testing.T, name string, content []byte) ([]readings.Row, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "upload")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	sheets, err := grid.ReadTables(path, name)
	if err != nil {
		return nil, err
	}
	return readings.RowsOf(sheets, name, "2020-09-30")
}

// said are the rows in short: account, month, kWh, or why not.
func said(rows []readings.Row) []string {
	var list []string
	for _, r := range rows {
		if r.Verdict == readings.RowRefused {
			list = append(list, r.Reason.ZH)
			continue
		}
		list = append(list, strings.Join([]string{r.Account, r.Month, r.KWh}, " "))
	}
	return list
}

func TestReadingsAsPowerCompaniesWriteThem(t *testing.T) {
	t.Parallel()
	plain := "用电户号,户名,月份,用电量(千瓦时)\n3301001,宏联织造厂,2020-08,1260.5\n"
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(plain)
	require.NoError(t, err)
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(plain)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"UTF-8":                    {plain, []string{"3301001 2020-08 1260.5"}},
		"UTF-8 with a mark":        {"\ufeff" + plain, []string{"3301001 2020-08 1260.5"}},
		"GBK":                      {gbk, []string{"3301001 2020-08 1260.5"}},
		"UTF-16":                   {wide, []string{"3301001 2020-08 1260.5"}},
		"tabs, title and total":    {"2020年8月电费清单\n户号\t年月\t电量\n3301001\t202008\t5\n合计\t\t5\n", []string{"3301001 2020-08 5"}},
		"ten thousand kWh":         {"户号,月份,电量（万千瓦时）\n1,2020-08,0.25\n", []string{"1 2020-08 2500"}},
		"months in many ways":      {"户号,月份,电量\n1,2020年8月,5\n2,202008,5\n3,2020/8,5\n4,2020-08-31,5\n5,44044,5\n", []string{"1 2020-08 5", "2 2020-08 5", "3 2020-08 5", "4 2020-08 5", "5 2020-08 5"}},
		"accounts made numbers":    {"户号,月份,电量\n3301001.0,2020-08,5\n3.301001E+6,2020-07,5\n", []string{"3301001 2020-08 5", "3301001 2020-07 5"}},
		"full-width and grouped":   {"户号,月份,电量\n１２３,２０２０－０８,\"1,260.5\"\n", []string{"123 2020-08 1260.5"}},
		"a month to come":          {"户号,月份,电量\n1,2020-10,5\n", []string{"月份 2020-10 还没有到"}},
		"no month":                 {"户号,月份,电量\n1,去年,5\n", []string{"月份写的是“去年”，请写成 2020-09"}},
		"less than nothing":        {"户号,月份,电量\n1,2020-08,-5\n", []string{"用电量写的是“-5”，应为 0 至 100000000 千瓦时的数"}},
		"a word for an amount":     {"户号,月份,电量\n1,2020-08,未抄\n", []string{"用电量写的是“未抄”，应为 0 至 100000000 千瓦时的数"}},
		"digits that are lost":     {"户号,月份,电量\n3.3010012345678912E+18,2020-08,5\n", []string{"户号“3.3010012345678912E+18”不完整，请把这一列设为文本格式再填"}},
		"the same month again":     {"户号,月份,电量\n1,2020-08,5\n1,2020年8月,6\n", []string{"1 2020-08 5", "与“读数”第 2 行是同一户号、同一月份"}},
		"quotes that do not close": {"户号,月份,电量\n1,2020-08,\"5\n", []string{"1 2020-08 5"}},
	} {
		rows, err := read(t, "读数.csv", []byte(c.text))
		require.NoError(t, err, name)
		assert.Equal(t, c.want, said(rows), name)
	}
}

func TestWhatIsNoFileOfReadingsIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, text, code string }{
		"a picture":          {"读数.csv", "\x89PNG\x00\x00", "text_unreadable"},
		"bytes of no text":   {"读数.csv", "\xff\x80\x81\xff", "text_unreadable"},
		"no workbook":        {"读数.xlsx", "hello", "not_workbook"},
		"other columns":      {"读数.csv", "姓名,电话\n某,1\n", "no_readings"},
		"without a month":    {"读数.csv", "户号,户名,用电量,编号\n1,某厂,5,X\n", "column_missing"},
		"only heads":         {"读数.csv", "户号,月份,用电量\n", "no_readings"},
		"more than it takes": {"读数.csv", "户号,月份,电量\n" + strings.Repeat("1,2020-08,5\n", 5001), "too_many_rows"},
	} {
		_, err := read(t, c.file, []byte(c.text))
		assert.True(t, fault.Is(err, c.code), "%s: %v", name, err)
	}
}

// FuzzReadings: whatever is sent is read or refused, and what is read is a month and an amount.
func FuzzReadings(f *testing.F) {
	f.Add([]byte("户号,月份,用电量\n1,2020-08,5\n"))
	f.Add([]byte("户号\t年月\t电量\n\"1\t202008\t1e9\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		rows, err := read(t, "读数.csv", content)
		if err != nil {
			return
		}
		for _, r := range rows {
			if r.Verdict != readings.RowRefused {
				assert.Regexp(t, `^20\d\d-\d\d$`, r.Month)
				assert.Regexp(t, `^\d+(\.\d{1,2})?$`, r.KWh)
				assert.NotEmpty(t, r.Account)
			}
		}
	})
}
