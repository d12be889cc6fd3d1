package landtxt_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/geo/landtxt"
)

const head = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n投影类型=高斯克吕格\n计量单位=米\n带号=40\n精度=0.001\n转换参数=,,,,,,\n[地块坐标]\n"

// A square of 100 m with a hole of 20 m, northing first, zone number before the easting.
const body = "10,0.9600,DK-1,一号地块,面,H51G001,工业用地,,@\n" +
	"J1,1,3403000.000,40567000.000\nJ2,1,3403100.000,40567000.000\nJ3,1,3403100.000,40567100.000\nJ4,1,3403000.000,40567100.000\nJ1,1,3403000.000,40567000.000\n" +
	"J5,2,3403040.000,40567040.000\nJ6,2,3403040.000,40567060.000\nJ7,2,3403060.000,40567060.000\nJ8,2,3403060.000,40567040.000\nJ5,2,3403040.000,40567040.000\n"

func ExampleDecode() {
	doc, err := landtxt.Decode([]byte(head+body), landtxt.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	plot := doc.Plots[0]
	mp := orb.MultiPolygon{plot.Polygon}
	fmt.Println(plot.Number, plot.Name, plot.Use, plot.Hectares, "公顷")
	fmt.Printf("zone %d, %d rings, %.2f m² in the plane, %v\n", doc.Zone, len(plot.Polygon), crs.PlaneArea4549(mp), geo.GeodesicArea(mp))

	_, err = landtxt.Decode([]byte(head+"x,y,面,@"), landtxt.Options{})
	if fault, ok := errors.AsType[*landtxt.Error](err); ok {
		fmt.Println(fault.ZH)
	}
	// Output:
	// DK-1 一号地块 工业用地 0.96 公顷
	// zone 40, 2 rings, 9600.00 m² in the plane, 9598.9357 m²
	// 第10行：地块行缺少图形属性“面”，应为：点数,面积,编号,名称,面,图幅号,用途,…,@
}

func decode(t *testing.T, text string, o landtxt.Options) *landtxt.Document {
	t.Helper()
	doc, err := landtxt.Decode([]byte(text), o)
	require.NoError(t, err, text)
	return doc
}

// plane is the polygon in EPSG:4549, rounded to 0.1 mm.
func plane(p orb.Polygon) orb.Polygon {
	return crs.Polygon(p, func(q orb.Point) orb.Point {
		q = crs.GaussKruger3(40, false).Forward(q)
		return orb.Point{math.Round(q[0]*1e4) / 1e4, math.Round(q[1]*1e4) / 1e4}
	})
}

func shape() orb.Polygon {
	return orb.Polygon{
		{{567000, 3403000}, {567000, 3403100}, {567100, 3403100}, {567100, 3403000}, {567000, 3403000}},
		{{567040, 3403040}, {567060, 3403040}, {567060, 3403060}, {567040, 3403060}, {567040, 3403040}},
	}
}

// One parcel written in every way that is in use must be the same parcel.
func TestWaysOfWriting(t *testing.T) {
	t.Parallel()
	unprefixed := strings.ReplaceAll(body, ",40567", ",567")
	var swapped strings.Builder
	for line := range strings.Lines(body) {
		f := strings.Split(strings.TrimSpace(line), ",")
		if len(f) == 4 {
			f[2], f[3] = f[3], f[2]
		}
		swapped.WriteString(strings.Join(f, ",") + "\n")
	}
	noZone := strings.Replace(head, "带号=40", "带号=", 1)
	noBand := strings.Replace(head, "几度分带=3", "几度分带=", 1)
	noDatum := strings.Replace(head, "坐标系=2000国家大地坐标系\n", "", 1)
	open := strings.Replace(strings.Replace(body, "J1,1,3403000.000,40567000.000\nJ5", "J5", 1), "J5,2,3403040.000,40567040.000\n", "\x00", 1)
	open = strings.ReplaceAll(strings.ReplaceAll(open, "J5,2,3403040.000,40567040.000\n", ""), "\x00", "J5,2,3403040.000,40567040.000\n")
	for name, c := range map[string]struct {
		text     string
		options  landtxt.Options
		prefixed bool
		warnings int
	}{
		"as the rule says":        {head + body, landtxt.Options{}, true, 0},
		"CR LF":                   {strings.ReplaceAll(head+body, "\n", "\r\n"), landtxt.Options{}, true, 0},
		"CR":                      {strings.ReplaceAll(head+body, "\n", "\r"), landtxt.Options{}, true, 0},
		"byte order mark":         {"\ufeff" + head + body, landtxt.Options{}, true, 0},
		"blanks and empty lines":  {strings.ReplaceAll(strings.ReplaceAll(head+body, ",", " ,\t"), "\n", " \n\n"), landtxt.Options{}, true, 0},
		"no zone before easting":  {head + unprefixed, landtxt.Options{}, false, 0},
		"zone by option":          {noZone + unprefixed, landtxt.Options{Zone: 40}, false, 0},
		"zone by coordinate":      {noZone + body, landtxt.Options{}, true, 0},
		"width by zone":           {noBand + body, landtxt.Options{}, true, 0},
		"datum by option":         {noDatum + body, landtxt.Options{CGCS2000: true}, true, 0},
		"easting first":           {head + swapped.String(), landtxt.Options{}, true, 1},
		"no number of points":     {head + strings.Replace(body, "10,0.9600", "0.96公顷", 1), landtxt.Options{}, true, 0},
		"empty number of points":  {head + strings.Replace(body, "10,0.9600", ",0.9600", 1), landtxt.Options{}, true, 0},
		"other number of points":  {head + strings.Replace(body, "10,0.9600", "77,0.9600", 1), landtxt.Options{}, true, 1},
		"number without closing":  {head + strings.Replace(body, "10,0.9600", "8,0.9600", 1), landtxt.Options{}, true, 0},
		"rings not closed":        {head + open, landtxt.Options{}, true, 0},
		"another section first":   {"[项目信息]\n1,2,3\n" + head + body, landtxt.Options{}, true, 0},
		"commas at the line ends": {head + strings.ReplaceAll(body, "\n", ",,\n"), landtxt.Options{}, true, 0},
		"point names missing":     {head + strings.NewReplacer("J1,", ",", "J2,", ",").Replace(body), landtxt.Options{}, true, 0},
	} {
		doc := decode(t, c.text, c.options)
		require.Equal(t, 40, doc.Zone, name)
		require.Equal(t, c.prefixed, doc.Prefixed, name)
		require.Len(t, doc.Warnings, c.warnings, name)
		require.Equal(t, name == "easting first", doc.EastingFirst, name)
		require.Len(t, doc.Plots, 1, name)
		p := doc.Plots[0]
		require.Equal(t, shape(), plane(p.Polygon), name)
		require.Equal(t, []any{"DK-1", "一号地块", "H51G001", "工业用地", 0.96}, []any{p.Number, p.Name, p.Sheet, p.Use, p.Hectares}, name)
		require.Empty(t, p.Extra, name)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(head + body)
	require.NoError(t, err)
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(head + body)
	require.NoError(t, err)
	for text, want := range map[string]string{head + body: "UTF-8", gbk: "GB18030", utf16: "UTF-16"} {
		doc := decode(t, text, landtxt.Options{})
		require.Equal(t, want, doc.Encoding)
		require.Equal(t, "一号地块", doc.Plots[0].Name)
	}
	_, err = landtxt.Decode([]byte("\xff\xff\xff"), landtxt.Options{})
	requireFault(t, err, landtxt.CodeEncoding, 0, "")
}

func TestDegrees(t *testing.T) {
	t.Parallel()
	doc := decode(t, "[地块坐标]\n4,,1,甲,面,,,@\n1,1,30.7,120.7\n2,1,30.7,120.701\n3,1,30.701,120.7\n", landtxt.Options{CGCS2000: true})
	require.Zero(t, doc.Zone)
	require.Equal(t, orb.Polygon{{{120.7, 30.7}, {120.701, 30.7}, {120.7, 30.701}, {120.7, 30.7}}}, doc.Plots[0].Polygon)
}

func TestSixDegreeZone(t *testing.T) {
	t.Parallel()
	text := strings.NewReplacer("几度分带=3", "几度分带=6", "带号=40", "带号=20带", ",40567", ",20767").Replace(head + body)
	doc := decode(t, text, landtxt.Options{})
	require.Equal(t, 20, doc.Zone)
	q := crs.GaussKruger6(20, true).Forward(doc.Plots[0].Polygon[0][0])
	require.InDelta(t, 20767000, q[0], 1e-4)
}

func requireFault(t *testing.T, err error, code string, line int, name string) {
	t.Helper()
	var e *landtxt.Error
	require.ErrorAs(t, err, &e, name)
	require.Equal(t, code, e.Code, "%s: %v", name, err)
	require.Equal(t, line, e.Line, "%s: %v", name, err)
	require.NotEmpty(t, e.ZH)
	require.NotEmpty(t, e.EN)
	if line > 0 {
		require.Contains(t, e.ZH, fmt.Sprintf("第%d行：", line), name)
		require.Contains(t, e.Error(), fmt.Sprintf("line %d: ", line), name)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	with := func(old, fresh string) string { return strings.Replace(head+body, old, fresh, 1) }
	for name, c := range map[string]struct {
		text    string
		options landtxt.Options
		code    string
		line    int
	}{
		"nothing":               {"", landtxt.Options{}, landtxt.CodeNotLandTXT, 0},
		"another text":          {"a,b\n1,2\n", landtxt.Options{}, landtxt.CodeNotLandTXT, 0},
		"no plots":              {head, landtxt.Options{}, landtxt.CodeNoPlots, 0},
		"no datum":              {with("坐标系=2000国家大地坐标系", ""), landtxt.Options{}, landtxt.CodeNeedsCRS, 0},
		"Xi'an 1980":            {with("2000国家大地坐标系", "1980西安坐标系"), landtxt.Options{CGCS2000: true}, landtxt.CodeDatum, 2},
		"no zone":               {strings.ReplaceAll(with("带号=40", "带号="), ",40567", ",567"), landtxt.Options{}, landtxt.CodeNeedsZone, 0},
		"zone 99":               {with("带号=40", "带号=99"), landtxt.Options{}, landtxt.CodeZone, 6},
		"zone x":                {with("带号=40", "带号=x"), landtxt.Options{}, landtxt.CodeZone, 6},
		"option against header": {head + body, landtxt.Options{Zone: 39}, landtxt.CodeZone, 6},
		"option 99":             {with("带号=40", "带号="), landtxt.Options{Zone: 99}, landtxt.CodeZone, 0},
		"width 6 of zone 40":    {with("几度分带=3", "几度分带=6"), landtxt.Options{}, landtxt.CodeZone, 3},
		"width 5":               {with("几度分带=3", "几度分带=5"), landtxt.Options{}, landtxt.CodeZone, 3},
		"easting of zone 39":    {with("40567000.000", "39567000.000"), landtxt.Options{}, landtxt.CodeZone, 11},
		"another projection":    {with("高斯克吕格", "UTM"), landtxt.Options{}, landtxt.CodeUnit, 4},
		"feet":                  {with("计量单位=米", "计量单位=英尺"), landtxt.Options{}, landtxt.CodeUnit, 5},
		"point before plot":     {head + "J1,1,3403000,40567000\n" + body, landtxt.Options{}, landtxt.CodePlotLine, 10},
		"a line":                {with(",面,", ",线,"), landtxt.Options{}, landtxt.CodePlotLine, 10},
		"area no number":        {with("0.9600", "很大"), landtxt.Options{}, landtxt.CodePlotLine, 10},
		"negative area":         {with("0.9600", "-1"), landtxt.Options{}, landtxt.CodePlotLine, 10},
		"count no number":       {with("10,0.96", "x,0.96"), landtxt.Options{}, landtxt.CodePlotLine, 10},
		"full-width comma":      {with("J2,1,3403100.000,", "J2,1,3403100.000，"), landtxt.Options{}, landtxt.CodePointLine, 12},
		"ring zero":             {with("J1,1,", "J1,0,"), landtxt.Options{}, landtxt.CodePointLine, 11},
		"ring x":                {with("J1,1,", "J1,x,"), landtxt.Options{}, landtxt.CodePointLine, 11},
		"starts at ring 2":      {with("J1,1,", "J1,2,"), landtxt.Options{}, landtxt.CodeRing, 11},
		"back to ring 1":        {head + body + "J9,1,3403000,40567000\n", landtxt.Options{}, landtxt.CodeRing, 21},
		"goes on when closed":   {with("J5,2,3403040.000,40567040.000", "J5,1,3403040.000,40567040.000"), landtxt.Options{}, landtxt.CodeRing, 16},
		"exponent":              {with("3403100.000", "34031e2"), landtxt.Options{}, landtxt.CodePointLine, 12},
		"NaN":                   {with("3403100.000", "NaN"), landtxt.Options{}, landtxt.CodePointLine, 12},
		"no place in China":     {with("3403100.000", "9403100.000"), landtxt.Options{}, landtxt.CodeCoordinate, 12},
		"order changes":         {with("3403100.000,40567000.000", "40567000.000,3403100.000"), landtxt.Options{}, landtxt.CodePointLine, 12},
		"prefix changes":        {with("3403100.000,40567000.000", "3403100.000,567000.000"), landtxt.Options{}, landtxt.CodePointLine, 12},
		"two points":            {head + "2,0,1,x,面,,,@\n1,1,3403000,40567000\n2,1,3403100,40567000\n", landtxt.Options{}, landtxt.CodeRing, 11},
		"no points":             {head + "2,0,1,x,面,,,@\n" + body, landtxt.Options{}, landtxt.CodeRing, 10},
		"too many points":       {head + body, landtxt.Options{MaxPoints: 9}, landtxt.CodeLimit, 20},
		"too many plots":        {head + body + body, landtxt.Options{MaxPlots: 1}, landtxt.CodeLimit, 21},
	} {
		doc, err := landtxt.Decode([]byte(c.text), c.options)
		require.Nil(t, doc, name)
		requireFault(t, err, c.code, c.line, name)
	}
}

func randomDocument(rnd *rand.Rand) *landtxt.Document {
	doc := &landtxt.Document{Producer: "某局", Date: "2026-1-2", Zone: 40, Prefixed: rnd.IntN(2) == 0}
	for i := range 1 + rnd.IntN(3) {
		p := landtxt.Plot{Number: strconv.Itoa(i), Name: "地块,一", Use: "用途", Hectares: math.Round(rnd.Float64()*1e4) / 1e4}
		for range 1 + rnd.IntN(3) {
			r := orb.Ring{}
			for range 3 + rnd.IntN(6) {
				r = append(r, orb.Point{120 + rnd.Float64(), 30 + rnd.Float64()})
			}
			p.Polygon = append(p.Polygon, append(r, r[0]))
		}
		if rnd.IntN(2) == 0 {
			p.Extra = []string{"0601", "", "备注"}
		}
		doc.Plots = append(doc.Plots, p)
	}
	return doc
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(51, 52))
	for range 200 {
		doc := randomDocument(rnd)
		text, err := landtxt.Encode(doc)
		require.NoError(t, err)
		gbk, err := landtxt.EncodeGBK(doc)
		require.NoError(t, err)
		back, again := decode(t, string(text), landtxt.Options{}), decode(t, string(gbk), landtxt.Options{})
		require.Equal(t, back.Plots, again.Plots)
		require.Empty(t, back.Warnings)
		require.Equal(t, []any{doc.Producer, doc.Date, 40, doc.Prefixed}, []any{back.Producer, back.Date, back.Zone, back.Prefixed})
		for i, p := range doc.Plots {
			q := back.Plots[i]
			require.Equal(t, []any{p.Number, "地块，一", p.Use, p.Hectares, p.Extra}, []any{q.Number, q.Name, q.Use, q.Hectares, q.Extra})
			for k, r := range p.Polygon {
				for j, v := range r {
					require.Less(t, geo.Distance(v, q.Polygon[k][j]), 0.0001)
				}
			}
		}
		twice, err := landtxt.Encode(back)
		require.NoError(t, err)
		require.Equal(t, string(text), string(twice))
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	far := orb.Polygon{{{100, 30}, {100.1, 30}, {100, 30.1}}}
	for name, doc := range map[string]*landtxt.Document{
		"no zone":      {},
		"no shape":     {Zone: 40, Plots: []landtxt.Plot{{}}},
		"another zone": {Zone: 40, Plots: []landtxt.Plot{{Polygon: far}}},
		"not finite":   {Zone: 40, Plots: []landtxt.Plot{{Polygon: orb.Polygon{{{math.NaN(), 30}}}}}},
	} {
		_, err := landtxt.Encode(doc)
		requireFault(t, err, landtxt.CodeEncode, 0, name)
		_, err = landtxt.EncodeGBK(doc)
		requireFault(t, err, landtxt.CodeEncode, 0, name)
	}
}

func TestEncodeLeavesItsArgument(t *testing.T) {
	t.Parallel()
	p := orb.Polygon{make(orb.Ring, 3, 8)}
	copy(p[0], orb.Ring{{120.1, 30}, {120.2, 30}, {120.1, 30.1}})
	text, err := landtxt.Encode(&landtxt.Document{Zone: 40, Plots: []landtxt.Plot{{Polygon: p, Name: "a\r\nb"}}})
	require.NoError(t, err)
	require.Contains(t, string(text), "4,0.0000,,a  b,面,,,,@\r\n")
	require.Len(t, p[0], 3)
	require.Equal(t, orb.Point{}, p[0][:4][3])
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(head+body), false, 0)
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(head + body)
	require.NoError(f, err)
	f.Add([]byte(gbk), false, 0)
	f.Add([]byte("[地块坐标]\n4,,1,甲,面,,,@\n1,1,30.7,120.7\n2,1,30.7,120.701\n3,1,30.701,120.7\n"), true, 0)
	f.Add([]byte("[地块坐标]\n4,,1,甲,面,,,@\n1,1,3403000,567000\n2,1,3403100,567000\n3,1,3403000,567100\n"), true, 40)
	f.Fuzz(func(t *testing.T, b []byte, cgcs bool, zone int) {
		doc, err := landtxt.Decode(b, landtxt.Options{CGCS2000: cgcs, Zone: zone, MaxPoints: 1000, MaxPlots: 100})
		var e *landtxt.Error
		if err != nil {
			require.ErrorAs(t, err, &e)
			return
		}
		if doc.Zone == 0 {
			return
		}
		text, err := landtxt.Encode(doc)
		if errors.As(err, &e) {
			return // at the edge of what counts as a place in China
		}
		require.NoError(t, err)
		back, err := landtxt.Decode(text, landtxt.Options{})
		require.NoError(t, err)
		require.Len(t, back.Plots, len(doc.Plots))
		for i, p := range doc.Plots {
			require.Len(t, back.Plots[i].Polygon, len(p.Polygon))
		}
	})
}
