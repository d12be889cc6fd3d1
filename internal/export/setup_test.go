package export_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/interchange/child"
)

// shelf is a campaign in memory: what the database would give.
type shelf struct {
	definition campaign.Definition
	news       chronicle.News
	shapes     map[string]orb.MultiPolygon
	facts      map[int64]export.Facts
}

func (s *shelf) News(_ context.Context, after int64) (chronicle.News, error) {
	if after > 0 {
		return chronicle.News{Revision: s.news.Revision}, nil
	}
	return s.news, nil
}

func (s *shelf) EachShape(_ context.Context, names []string, put func(int, orb.MultiPolygon)) error {
	for i, n := range names {
		put(i, s.shapes[n])
	}
	return nil
}

func (s *shelf) LedgerFacts(_ context.Context, scope auth.Scope, cases []int64) (map[int64]export.Facts, error) {
	found := map[int64]export.Facts{}
	for _, id := range cases {
		if scope.Whole() {
			found[id] = s.facts[id]
		}
	}
	return found, nil
}

// labels are what people type: characters of every kind that GBK has.
var labels = []string{
	"宏兴毛衫加工点", `=HYPERLINK("http://x","点我")`, "@SUM(1+1)*cmd|'/c calc'!A1", "+86 织造", "-1+2", `“引号”,'撇号' & <角> "双"`, "合心村　作坊12号", "喆轩堃鑫纺织", "①㈱〇", "", "ABC-123", "2020-07-08", "0012345678901234567890",
}

const (
	parcels = 60
	today   = campaign.Date("2020-09-30")
)

// newShelf is two units with parcels of every kind: holes, several parts, without a case, with two.
func newShelf(t *testing.T) *shelf {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	d.Demo = true
	s := &shelf{definition: d, shapes: map[string]orb.MultiPolygon{}, facts: map[int64]export.Facts{}}
	s.news = chronicle.News{
		Revision: 1000, Definitions: []chronicle.DefinitionRow{{From: 1, Definition: d}}, Days: []chronicle.DayRow{{On: "2020-01-02", Last: 1000}},
		Units: []chronicle.Unit{{ID: 1, Code: "honghe", Name: campaign.Text{ZH: "洪合镇"}}, {ID: 2, Code: "wangdian", Name: campaign.Text{ZH: "秀洲经济开发区（王店镇）"}}},
	}
	r := rand.New(rand.NewPCG(1, 2))
	for id := int64(1); id <= parcels; id++ {
		s.parcel(r, id)
	}
	return s
}

func (s *shelf) parcel(r *rand.Rand, id int64) {
	unit := []string{"honghe", "wangdian"}[id%2]
	shape := plot(r, 120.5+0.003*float64(id%10), 30.6+0.003*float64(id/10), id)
	name := fmt.Sprint("shape", id)
	s.shapes[name] = shape
	area := geo.GeodesicArea(shape)
	p := chronicle.Parcel{ID: id, From: id, Code: fmt.Sprintf("DK-%04d", id), Label: labels[int(id)%len(labels)], Unit: unit, Area: area, PlaneArea: area + 5, Shape: name}
	s.news.Parcels = append(s.news.Parcels, chronicle.ParcelRow{Parcel: p})
	if id%5 == 0 {
		return
	}
	row := chronicle.CaseRow{ID: 1000 + id, Version: 1, From: 100 + id}
	row.Identity = chronicle.Identity{Code: fmt.Sprintf("XZ-2020-%04d", id), Label: labels[int(id)%len(labels)], Track: "rectify", Unit: unit, Kind: "workshop", Enterprise: 5000 + id, Shares: []campaign.Share{{Parcel: id, Area: area}}}
	row.Standing = campaign.Standing{Stage: int(1 + id%9), Next: "stopped", Deadline: "2020-08-01"}
	row.Passed = map[string]campaign.Date{"surveyed": "2020-02-01", "filed": "2020-02-03", "signed": "2020-03-05", "demolished": ""}
	row.Planned = map[string]campaign.Date{"stopped": "2020-08-01"}
	row.Recovered, row.Effective = area, area/2
	s.news.Cases = append(s.news.Cases, row)
	s.facts[row.ID] = export.Facts{Responsible: "沈某", Note: labels[1], Operator: "某厂", Credit: "91330411MA2XXXXX0X", Evaluations: map[string]string{"2019": "D"}, Taxes: map[string]float64{"2019": 8450}, Checks: []string{"water"}}
	s.news.Lands = append(s.news.Lands, chronicle.LandRow{Land: chronicle.Land{ID: 3000 + id, From: 300 + id, Case: row.ID, Use: "reclaim", Recovered: name, Effective: name, Area: area, PlaneArea: area, EffectiveArea: area}})
}

// plot is a shape with coordinates of many digits; every third has a hole, every fourth two parts.
func plot(r *rand.Rand, west, south float64, id int64) orb.MultiPolygon {
	wobble := func(v float64) float64 { return v + r.Float64()*1e-5 }
	box := func(w, s, size float64) orb.Ring {
		ring := orb.Ring{{wobble(w), wobble(s)}, {wobble(w + size), wobble(s)}, {wobble(w + size), wobble(s + size)}, {wobble(w), wobble(s + size)}}
		return append(ring, ring[0])
	}
	p := orb.Polygon{box(west, south, 0.001)}
	if id%3 == 0 {
		hole := box(west+0.0003, south+0.0003, 0.0003)
		hole.Reverse()
		p = append(p, hole)
	}
	mp := orb.MultiPolygon{p}
	if id%4 == 0 {
		mp = append(mp, orb.Polygon{box(west+0.0015, south, 0.0005)})
	}
	return mp
}

func (s *shelf) view(t *testing.T, scope auth.Scope) *chronicle.View {
	t.Helper()
	book, err := chronicle.Open(t.Context(), s)
	require.NoError(t, err)
	return book.Now(scope, today)
}

// write exports and gives the file.
func (s *shelf) write(t *testing.T, scope auth.Scope, r export.Request) (name string, content []byte) {
	t.Helper()
	tools, err := child.New(child.Config{WorkDir: "", Memory: 2 << 30, Output: 1 << 30})
	require.NoError(t, err)
	desk := &export.Desk{Shapes: s, Library: s, Tools: tools}
	e, err := desk.Open(s.view(t, scope), r)
	require.NoError(t, err)
	var b bytes.Buffer
	last := 0
	require.NoError(t, e.Write(t.Context(), &b, func(done, total int) {
		require.GreaterOrEqual(t, done, last)
		require.LessOrEqual(t, done, total)
		last = done
	}))
	require.Positive(t, last, "the progress is told")
	return e.File, b.Bytes()
}

// saved is a file of the content.
func saved(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, content, 0o600))
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(b)
}
