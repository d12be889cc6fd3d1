package grid_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/caseimport/grid"
)

func TestDaysAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2020.7.8": "2020-07-08", "2020年7月8日": "2020-07-08", "2020-07-08": "2020-07-08", "2020/7/8": "2020-07-08", "20200708": "2020-07-08", "２０２０．７．８": "2020-07-08",
		"44020": "2020-07-08", "44020.0": "2020-07-08", "44020.75": "2020-07-08", "2020-07-08 00:00:00": "2020-07-08", "2020-07-08T00:00:00": "2020-07-08", "7月8日": "2020-07-08", "2020. 7. 8": "2020-07-08", "2020年7月8号": "2020-07-08",
		"2020.2.30": "", "2020.7": "", "2020年7月": "", "7.8": "", "20201332": "", "1.5": "", "去年": "", "√": "", "99999": "",
	} {
		day, err := grid.Day(text, 2020)
		assert.Equal(t, want, day, text)
		assert.Equal(t, want == "", err != nil, text)
	}
}

func TestAreasWithAndWithoutTheirUnit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		amount float64
		unit   grid.Unit
	}{
		"5.79": {5.79, ""}, "5.79亩": {5.79, grid.Mu}, "３，８６０㎡": {3860, grid.SquareMetre}, "3,860 平方米": {3860, grid.SquareMetre}, "3860m2": {3860, grid.SquareMetre}, "3860M²": {3860, grid.SquareMetre},
		"0.386公顷": {0.386, grid.Hectare}, "1.2万㎡": {1.2, grid.TenThousand}, "5.7900000000000001": {5.79, ""}, "3.86E+3": {3860, ""}, "约5亩": {5, grid.Mu},
	} {
		amount, unit, err := grid.Area(text)
		require.NoError(t, err, text)
		assert.InDelta(t, want.amount, amount, 1e-9, text)
		assert.Equal(t, want.unit, unit, text)
	}
	for _, text := range []string{"三亩", "5亩3分", "1,23", "0x10", "Inf", "5-6", ""} {
		_, _, err := grid.Area(text)
		require.Error(t, err, text)
	}
	assert.InDelta(t, 5.79, grid.In(3860, grid.SquareMetre, grid.Mu), 1e-9)
}

func TestCodesThatBecameNumbers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"13800138000": "13800138000", "13800138000.0": "13800138000", "1.3800138E+10": "13800138000", "１３８ ００１３ ８０００": "13800138000", "'13800138000": "13800138000",
		"91330411MA2XUAN00K": "91330411MA2XUAN00K", "XZ-2020-0231": "XZ-2020-0231", "1763.0": "1763",
	} {
		code, lost := grid.Digits(text)
		assert.Equal(t, want, code, text)
		assert.False(t, lost, text)
	}
	_, lost := grid.Digits("9.1330411012345702E+17")
	assert.True(t, lost, "Excel keeps fifteen digits")
}

// known is the vocabulary of these tests.
func known(path []string) (is, named bool) {
	words := map[string]bool{"序号": true, "村": true, "企业名称": true, "占地": true, "签约": true, "腾空": true, "建档": true}
	last := path[len(path)-1]
	return words[last], last == "企业名称"
}

// at makes a sheet of rows and reads it back.
func at(t *testing.T, merges [][2]string, rows ...[]any) grid.Sheet {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("Sheet1", cell, &row))
	}
	for _, m := range merges {
		require.NoError(t, f.MergeCell("Sheet1", m[0], m[1]))
	}
	path := filepath.Join(t.TempDir(), "x.xlsx")
	require.NoError(t, f.SaveAs(path))
	require.NoError(t, f.Close())
	sheets, err := grid.Read(path, "x.xlsx")
	require.NoError(t, err)
	require.Len(t, sheets, 1)
	return sheets[0]
}

func heads(table grid.Table) []string {
	var names []string
	for _, h := range table.Heads {
		names = append(names, h.Name())
	}
	return names
}

func TestHeadsOfSeveralRowsWithAndWithoutMerges(t *testing.T) {
	t.Parallel()
	want := []string{"序号", "企业名称", "计划·签约", "计划·腾空", "占地"}
	rows := [][]any{{"序号", "企业名称", "计划", nil, "占地"}, {nil, nil, "签约", "腾空"}, {1, "甲厂", "2020.7.8", nil, 5}}
	for name, merges := range map[string][][2]string{"merged": {{"A1", "A2"}, {"B1", "B2"}, {"C1", "D1"}, {"E1", "E2"}}, "group merged": {{"C1", "D1"}}, "not merged": nil} {
		table, found := at(t, merges, rows...).Find(known, -1)
		require.True(t, found, name)
		assert.Equal(t, want, heads(table), name)
		assert.Len(t, table.Rows, 1, name)
	}
	table, found := at(t, nil, []any{"序号", "企业名称", "占地"}, []any{1, "甲厂", 5}, []any{2, "乙厂", 6}).Find(known, -1)
	require.True(t, found)
	assert.Len(t, table.Rows, 2, "a row of data is no row of heads")
}

func TestWhatIsNoRowIsKeptApart(t *testing.T) {
	t.Parallel()
	table, found := at(t, nil,
		[]any{"某镇台账"}, []any{"序号", "村", "企业名称", "占地"}, []any{"1", "2", "3", "4"}, []any{"（1）", "（2）", "（3）", "（4）"},
		[]any{1, "甲村", "甲厂", 5}, []any{2, "甲村", "合计五金厂", 6}, []any{nil, "甲村小计", nil, 11}, []any{"序号", "村", "企业名称", "占地"},
		[]any{3, "乙村", "乙厂", 7}, []any{nil, "小计", nil, 7}, []any{"总计", nil, nil, 18}, nil, []any{"备注：以上为初步数据"}, []any{nil, nil, nil, "审核人："},
	).Find(known, -1)
	require.True(t, found)
	assert.Equal(t, []string{"某镇台账"}, table.Title)
	names := []string{}
	for _, r := range table.Rows {
		names = append(names, r.Cell(2))
	}
	assert.Equal(t, []string{"甲厂", "合计五金厂", "乙厂"}, names, "a firm may have such a name")
	require.Len(t, table.Totals, 3)
	assert.Equal(t, []int{0, 2, 2, 3, 0, 3}, []int{table.Totals[0].From, table.Totals[0].To, table.Totals[1].From, table.Totals[1].To, table.Totals[2].From, table.Totals[2].To})
	assert.Len(t, table.Notes, 2)
}

func TestAWorkbookOf1904IsRefused(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	require.NoError(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: new(true)}))
	path := filepath.Join(t.TempDir(), "x.xlsx")
	require.NoError(t, f.SaveAs(path))
	_, err := grid.Read(path, "x.xlsx")
	require.ErrorContains(t, err, "1904")
}

// FuzzRead: whatever is sent, it is read or refused in words.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"excelize_BadWorkbook.xlsx", "gdal_test.xlsx"} {
		if content, err := os.ReadFile("../../../../shared/data/import-cases/files/" + name); err == nil {
			f.Add(content)
		}
	}
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "x.xlsx")
		require.NoError(t, os.WriteFile(path, content, 0o600))
		sheets, err := grid.Read(path, "x.xlsx")
		if err != nil {
			return
		}
		for _, s := range sheets {
			s.Find(known, -1)
		}
	})
}
