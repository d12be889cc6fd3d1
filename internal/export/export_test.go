package export_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/fault"
)

func town(role string) auth.Scope {
	return auth.ScopeOf(auth.Actor{ID: "r", Role: role, Unit: "honghe"})
}

// ledgerOf reads an exported ledger as Excel does: heads, rows, total.
func ledgerOf(t *testing.T, content []byte) (f *excelize.File, heads []string, rows [][]string) {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(content))
	require.NoError(t, err)
	t.Cleanup(func() { _ = f.Close() })
	all, err := f.GetRows("台账")
	require.NoError(t, err)
	return f, all[2], all[3:]
}

func column(t *testing.T, heads []string, name string) int {
	t.Helper()
	for i, h := range heads {
		if h == name {
			return i
		}
	}
	t.Fatalf("no column %s in %v", name, heads)
	return 0
}

func TestTheLedgerHasTheColumnsOfficesKnowAndTotalsOfTheList(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	v := s.view(t, auth.Everything())
	_, total, err := v.Select(chronicle.Filter{})
	require.NoError(t, err)
	_, content := s.write(t, auth.Everything(), export.Request{Content: "ledger", Format: "xlsx", Whole: true})
	_, heads, rows := ledgerOf(t, content)
	for _, name := range []string{"序号", "责任主体", "企业（作坊）名称", "统一社会信用代码", "行业（GB/T 4754）", "规上/规下", "亩均评价（2017至2019年）", "处置方式", "计划停产", "已停产", "断水", "腾退面积（亩）", "有效面积（㎡）", "后续用途", "责任人", "备注"} {
		column(t, heads, name)
	}
	for _, h := range heads {
		assert.NotContains(t, h, "电话", "telephone numbers do not leave")
	}
	require.Len(t, rows, len(s.news.Cases)+2, "rows, total, and what the figures mean")
	foot := rows[len(s.news.Cases)]
	assert.Equal(t, "合计", foot[column(t, heads, "责任主体")])
	assert.Equal(t, total.Recovered.Mu(), foot[column(t, heads, "腾退面积（亩）")])
	assert.Equal(t, "不适用", rows[0][column(t, heads, "已拆除")])
	assert.Equal(t, "2020-02-01", rows[0][column(t, heads, "已排查")])
	assert.Equal(t, "√", rows[0][column(t, heads, "断水")])
	assert.Equal(t, "0.85", rows[0][column(t, heads, "2019年亩均税收（万元/亩）")], "8,450 yuan are 0.845 of ten thousand, rounded half away from zero")
}

func TestNumbersAreNumbersAndNothingTypedBecomesAFormula(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	_, content := s.write(t, auth.Everything(), export.Request{Content: "ledger", Format: "xlsx", Whole: true})
	f, heads, rows := ledgerOf(t, content)
	label, land, note := column(t, heads, "企业（作坊）名称"), column(t, heads, "占地面积（亩）"), column(t, heads, "备注")
	for i := range s.news.Cases {
		c := s.news.Cases[i]
		require.Equal(t, c.Identity.Code, rows[i][column(t, heads, "编号")], "sorted by code")
		got := ""
		if label < len(rows[i]) {
			got = rows[i][label]
		}
		assert.Equal(t, c.Identity.Label, got, "text to the character")
		kind := func(at int) excelize.CellType {
			cell, _ := excelize.CoordinatesToCellName(at+1, i+4)
			formula, err := f.GetCellFormula("台账", cell)
			require.NoError(t, err)
			assert.Empty(t, formula)
			kind, err := f.GetCellType("台账", cell)
			require.NoError(t, err)
			return kind
		}
		assert.Contains(t, []excelize.CellType{excelize.CellTypeUnset, excelize.CellTypeNumber}, kind(land))
		assert.Equal(t, excelize.CellTypeInlineString, kind(note), "what begins with = is a text")
		style, err := f.GetCellStyle("台账", "G4")
		require.NoError(t, err)
		st, err := f.GetStyle(style)
		require.NoError(t, err)
		assert.Equal(t, 49, st.NumFmt, "and stays one when somebody edits it")
	}
}

func TestATownSeesNoNamesOfOtherUnitsInAnyFormat(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for i := range s.news.Parcels {
		if s.news.Parcels[i].Unit == "wangdian" {
			s.news.Parcels[i].Label = "secretname"
		}
	}
	for i := range s.news.Cases {
		if s.news.Cases[i].Identity.Unit == "wangdian" {
			s.news.Cases[i].Identity.Label = "secretname"
		}
	}
	for _, format := range []string{"geojson", "kml", "dxf", "landtxt"} {
		_, content := s.write(t, town(campaign.RoleTown), whole(format))
		assert.NotContains(t, string(content), "secretname", format)
		assert.Contains(t, string(content), "DK-0001", "other units' ground is there, by its code")
		_, content = s.write(t, auth.Everything(), whole(format))
		assert.Contains(t, string(content), "secretname", format)
	}
	_, content := s.write(t, town(campaign.RoleTown), export.Request{Content: "ledger", Format: "xlsx", Whole: true})
	_, heads, rows := ledgerOf(t, content)
	for _, row := range rows {
		assert.NotContains(t, strings.Join(row, "|"), "secretname")
	}
	assert.Equal(t, "洪合镇", rows[1][column(t, heads, "责任主体")])
}

func TestPolygonsNeedTheRightAndTheLedgerDoesNot(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	desk := &export.Desk{Shapes: s, Library: s}
	for role, may := range map[string]bool{campaign.RoleDistrict: true, campaign.RolePlanner: true, campaign.RoleCommander: true, campaign.RoleTown: true, campaign.RoleField: false, campaign.RoleVillage: false, campaign.RoleViewer: false, campaign.RolePark: false} {
		scope := auth.ScopeOf(auth.Actor{ID: "r", Role: role})
		_, err := desk.Open(s.view(t, scope), whole("geojson"))
		if may {
			require.NoError(t, err, role)
		} else {
			assert.Equal(t, fault.KindDenied, fault.KindOf(err), role)
		}
		_, err = desk.Open(s.view(t, scope), export.Request{Content: "ledger", Format: "xlsx"})
		require.NoError(t, err, role)
	}
	_, err := desk.Open(s.view(t, auth.Scope{}), export.Request{Content: "ledger", Format: "xlsx"})
	assert.Equal(t, fault.KindDenied, fault.KindOf(err), "nobody takes anything")
}

func TestAFilterLeavesItsParcelsAndAnEarlierDayWhatWasKnownThen(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	tables := func(r export.Request) int {
		e, err := (&export.Desk{Shapes: s, Library: s}).Open(s.view(t, auth.Everything()), r)
		require.NoError(t, err)
		return e.Rows
	}
	assert.Equal(t, parcels, tables(whole("geojson")), "also those without a case")
	assert.Equal(t, len(s.news.Cases), tables(export.Request{Content: "parcels", Format: "geojson"}), "those of the cases")
	one := chronicle.Filter{Stages: []int{4}}
	found, _, err := s.view(t, auth.Everything()).Select(one)
	require.NoError(t, err)
	assert.Equal(t, len(found), tables(export.Request{Content: "parcels", Format: "geojson", Filter: one}))
	_, content := s.write(t, auth.Everything(), export.Request{Content: "ledger", Format: "xlsx", Past: true})
	_, heads, _ := ledgerOf(t, content)
	assert.NotContains(t, heads, "责任人", "what is known of now alone is not in the past")
}

func TestWhatCannotBeExportedIsRefused(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	for _, r := range []export.Request{{Content: "ledger", Format: "shp"}, {Content: "parcels", Format: "xlsx"}, {Content: "secrets", Format: "geojson"}, {Content: "parcels", Format: "mdb"}, {Content: "timeline", Format: "xlsx"}} {
		_, err := (&export.Desk{Shapes: s, Library: s}).Open(s.view(t, auth.Everything()), r)
		assert.True(t, fault.Is(err, "bad_format"), "%v", r)
	}
	_, err := (&export.Desk{Shapes: s, Library: s}).Open(s.view(t, auth.Everything()), export.Request{Content: "parcels", Format: "exe"})
	require.ErrorContains(t, err, "parcels has no format \"exe\"; there are dxf, geojson, gpkg, kml, landtxt, shp")
	_, err = (&export.Desk{Shapes: s, Library: s}).Open(s.view(t, auth.Everything()), export.Request{Content: "secrets", Format: "shp"})
	assert.ErrorContains(t, err, "called \"secrets\"; there are ledger, parcels, recovered, effective")
}

func TestACancelledExportStops(t *testing.T) {
	t.Parallel()
	s := newShelf(t)
	e, err := (&export.Desk{Shapes: s, Library: s}).Open(s.view(t, auth.Everything()), whole("geojson"))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, e.Write(ctx, &bytes.Buffer{}, nil), context.Canceled)
}

func TestFieldNamesFitTenBytesWithWholeCharactersAndDiffer(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	alphabet := []rune("图斑编号面积亩aB（）9_")
	for range 300 {
		var wanted []string
		for range 1 + r.IntN(30) {
			name := make([]rune, 1+r.IntN(9))
			for i := range name {
				name[i] = alphabet[r.IntN(len(alphabet))]
			}
			wanted = append(wanted, string(name))
		}
		for _, text := range []encoding.Encoding{encoding.Nop, simplifiedchinese.GBK} {
			seen := map[string]bool{}
			for i, name := range export.FieldNames(wanted, text) {
				b, err := text.NewEncoder().String(name)
				require.NoError(t, err)
				require.LessOrEqual(t, len(b), 10, name)
				require.True(t, utf8.ValidString(name) && name != "", "%q", name)
				require.False(t, seen[strings.ToUpper(name)], name)
				seen[strings.ToUpper(name)] = true
				require.Equal(t, wanted[i][:1], name[:1])
			}
		}
	}
}

func TestDecimalsAreExact(t *testing.T) {
	t.Parallel()
	c := export.Column{Kind: export.Number, Places: 4}
	for scaled, want := range map[int64]string{0: "0.0000", 5: "0.0005", -5: "-0.0005", 123456789: "12345.6789", -12345: "-1.2345"} {
		assert.Equal(t, want, c.Write(export.Cell{Scaled: scaled, Known: true}))
	}
	assert.Empty(t, c.Write(export.Cell{}))
}

// TestColoursAreThoseOfTheMap reads the page's own palette.
func TestColoursAreThoseOfTheMap(t *testing.T) {
	t.Parallel()
	page := read(t, "../../frontend/src/domain/palette.ts")
	light := regexp.MustCompile(`(?s)stageFill.*?light: \[(.*?)\]`).FindStringSubmatch(page)
	require.NotNil(t, light)
	assert.Equal(t, regexp.MustCompile(`#[0-9A-F]{6}`).FindAllString(light[1], -1), export.StageColours()[1:])
}
