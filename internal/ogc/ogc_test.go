package ogc_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ogc"
)

// district is a campaign in memory: thirty parcels in a row, 0.01° apart, with a case on each but every fifth.
type district struct{ news chronicle.News }

func (d district) News(_ context.Context, after int64) (chronicle.News, error) {
	if after > 0 {
		return chronicle.News{Revision: d.news.Revision}, nil
	}
	return d.news, nil
}

func triangle(id int64) orb.MultiPolygon {
	west := 120 + 0.01*float64(id)
	return orb.MultiPolygon{{{{west, 30}, {west + 0.005, 30}, {west, 30.005}, {west, 30}}}}
}

func (d district) EachShape(_ context.Context, names []string, put func(int, orb.MultiPolygon)) error {
	for i, name := range names {
		var id int64
		if _, err := fmt.Sscanf(name, "shape%d", &id); err != nil {
			return err
		}
		put(i, triangle(id))
	}
	return nil
}

func (d district) ParcelsIn(b orb.Bound) map[int64]bool {
	found := map[int64]bool{}
	for _, p := range d.news.Parcels {
		if box := triangle(p.ID).Bound(); b.Intersects(box) {
			found[p.ID] = b.Contains(box.Min) && b.Contains(box.Max)
		}
	}
	return found
}

func newDistrict(t *testing.T) (district, *chronicle.View) {
	t.Helper()
	definition, err := campaign.Rectify2020()
	require.NoError(t, err)
	d := district{chronicle.News{Revision: 100, Definitions: []chronicle.DefinitionRow{{From: 1, Definition: definition}}, Units: []chronicle.Unit{{ID: 1, Code: "honghe"}, {ID: 2, Code: "wangdian"}}}}
	for id := int64(1); id <= 30; id++ {
		unit := []string{"honghe", "wangdian"}[id%2]
		d.news.Parcels = append(d.news.Parcels, chronicle.ParcelRow{Parcel: chronicle.Parcel{ID: id, From: id, Code: fmt.Sprintf("DK-%02d", id), Unit: unit, Area: 1000, Shape: fmt.Sprint("shape", id)}})
		if id%5 == 0 {
			continue
		}
		row := chronicle.CaseRow{ID: 100 + id, Version: 3, From: id + 30}
		row.Identity = chronicle.Identity{Code: fmt.Sprintf("XZ-%02d", id), Label: fmt.Sprintf("厂_%d%%", id), Track: "rectify", Unit: unit, Shares: []campaign.Share{{Parcel: id, Area: 1000}}}
		row.Standing = campaign.Standing{Stage: int(1 + id%9)}
		if id%2 == 0 {
			row.Standing.Next, row.Standing.Deadline = "signed", campaign.Date(fmt.Sprintf("2020-03-%02d", id))
		}
		d.news.Cases = append(d.news.Cases, row)
	}
	book, err := chronicle.Open(t.Context(), d)
	require.NoError(t, err)
	return d, book.Now(auth.Everything(), "2020-03-10")
}

// keep is the ids of cases that a filter leaves, less a hundred.
func keep(t *testing.T, filter string) ([]int64, error) {
	t.Helper()
	d, v := newDistrict(t)
	c := ogc.Find(v.Definition, ogc.CasesID)
	f, err := c.ParseFilter(filter, func(p orb.Point) orb.Point { return p })
	if err != nil {
		return nil, err
	}
	page, err := c.Find(t.Context(), v, d, d, ogc.Query{Filter: f, Limit: 1000})
	ids := []int64{}
	for _, found := range page.Features {
		ids = append(ids, found.ID-100)
	}
	return ids, err
}

// where are the ids for which a condition holds.
func where(holds func(id int64) bool) []int64 {
	ids := []int64{}
	for id := int64(1); id <= 30; id++ {
		if id%5 != 0 && holds(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func TestFiltersInCQL2Text(t *testing.T) {
	t.Parallel()
	stage := func(id int64) int64 { return 1 + id%9 }
	even := func(id int64) bool { return id%2 == 0 }
	for filter, holds := range map[string]func(id int64) bool{
		"stage = 4": func(id int64) bool { return stage(id) == 4 }, "stage <> 4": func(id int64) bool { return stage(id) != 4 }, "4 = stage": func(id int64) bool { return stage(id) == 4 },
		"stage >= 7": func(id int64) bool { return stage(id) >= 7 }, "7 <= stage": func(id int64) bool { return stage(id) >= 7 }, "7 > stage": func(id int64) bool { return stage(id) < 7 },
		"unit = 'honghe'": even, "NOT unit = 'honghe'": func(id int64) bool { return !even(id) }, "not (unit = 'honghe')": func(id int64) bool { return !even(id) },
		"unit = 'honghe' AND stage < 4":                          func(id int64) bool { return even(id) && stage(id) < 4 },
		"unit = 'honghe' OR stage < 4 AND stage > 2":             func(id int64) bool { return even(id) || stage(id) == 3 },
		"(unit = 'honghe' OR stage < 4) AND stage > 2":           func(id int64) bool { return (even(id) || stage(id) < 4) && stage(id) > 2 },
		"stage IN (1, 9)":                                        func(id int64) bool { return stage(id) == 1 || stage(id) == 9 },
		"stage NOT IN (1, 9)":                                    func(id int64) bool { return stage(id) != 1 && stage(id) != 9 },
		"stage BETWEEN 3 AND 5 AND unit = 'honghe'":              func(id int64) bool { return stage(id) >= 3 && stage(id) <= 5 && even(id) },
		"stage NOT BETWEEN 3 AND 5":                              func(id int64) bool { return stage(id) < 3 || stage(id) > 5 },
		"code LIKE 'XZ-0%'":                                      func(id int64) bool { return id < 10 },
		"code LIKE 'XZ-_3'":                                      func(id int64) bool { return id%10 == 3 },
		"code NOT LIKE 'XZ-0%'":                                  func(id int64) bool { return id >= 10 },
		`label LIKE '厂\_2\%'`:                                    func(id int64) bool { return id == 2 },
		"\"stage\" = 4.0e0":                                      func(id int64) bool { return stage(id) == 4 },
		"deadline IS NULL":                                       func(id int64) bool { return !even(id) },
		"deadline IS NOT NULL":                                   even,
		"deadline >= DATE('2020-03-20')":                         func(id int64) bool { return even(id) && id >= 20 },
		"NOT deadline >= DATE('2020-03-20')":                     func(id int64) bool { return even(id) && id < 20 }, // a day that is not there is neither
		"late > 0":                                               func(id int64) bool { return even(id) && id < 10 },
		"land_m2 > 0.09":                                         func(int64) bool { return true },
		"S_INTERSECTS(geometry, BBOX(120.035, 29, 120.065, 31))": func(id int64) bool { return id == 4 || id == 6 || id == 3 },
		"S_INTERSECTS(geometry, BBOX(120.0149, 30.0049, 120.0151, 30.0051))": func(int64) bool { return false }, // within the box of a triangle, not in it
		"S_INTERSECTS(geometry, POINT(120.021 30.001))":                      func(id int64) bool { return id == 2 },
		"s_intersects(geometry, POINT(120.021 30.001)) or stage = 4":         func(id int64) bool { return id == 2 || stage(id) == 4 },
	} {
		got, err := keep(t, filter)
		require.NoError(t, err, filter)
		assert.Equal(t, where(holds), got, filter)
	}
}

func TestWhatIsNoFilterIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, filter := range []string{
		"", "stage", "stage =", "stage = 'x'", "unit = 4", "nothing = 1", "responsible = '沈某'", "stage == 4", "stage = 4 AND", "(stage = 4", "stage = 4)", "stage = 4 5",
		"deadline = 'soon'", "deadline > DATE('2020-13-01')", "code LIKE 4", "stage LIKE 'x'", "stage IN ()", "stage IN (1", "stage BETWEEN 1", "deadline IS 4", "unit = 'honghe", "unit = \x00",
		"S_INTERSECTS(shape, POINT(1 2))", "S_INTERSECTS(geometry, POINT(1))", "S_INTERSECTS(geometry, BBOX(3,0,1,1))", "S_INTERSECTS(geometry, LINESTRING(1 2, 3 4))", "S_WITHIN(geometry, POINT(1 2))",
		strings.Repeat("(", 5000) + "stage = 4" + strings.Repeat(")", 5000), strings.Repeat("NOT ", 5000) + "stage = 4", "DATE(4) = deadline", "DATE('2020-01-01'", "-", "stage = 1e400",
	} {
		_, err := keep(t, filter)
		assert.True(t, fault.Is(err, "bad_filter"), "%.40q: %v", filter, err)
	}
}

func TestPagesHoldEveryFeatureOnceInOrder(t *testing.T) {
	t.Parallel()
	d, v := newDistrict(t)
	for _, of := range ogc.Collections(v.Definition) {
		var ids []int64
		for offset := 0; ; offset += 7 {
			page, err := of.Find(t.Context(), v, d, d, ogc.Query{Offset: offset, Limit: 7})
			require.NoError(t, err)
			for _, f := range page.Features {
				ids = append(ids, f.ID)
			}
			if offset+len(page.Features) >= page.Matched {
				assert.Len(t, ids, page.Matched)
				break
			}
		}
		assert.True(t, slices.IsSorted(ids))
	}
}

func TestCoordinateSystemsGoThereAndBackInTheOrderOfTheirAxes(t *testing.T) {
	t.Parallel()
	p := orb.Point{120.7, 30.75}
	for _, s := range ogc.Systems() {
		q := s.Back(s.Forward(p))
		assert.InDelta(t, p[0], q[0], 1e-9, s.URI)
		assert.InDelta(t, p[1], q[1], 1e-9, s.URI)
	}
	latLon, _ := ogc.SystemOf(ogc.StorageCRS)
	assert.Equal(t, orb.Point{30.75, 120.7}, latLon.Forward(p))
	plane, _ := ogc.SystemOf("http://www.opengis.net/def/crs/EPSG/0/4549")
	at := plane.Forward(p)
	assert.InDelta(t, 3_403_000, at[0], 3000, "northing first")
	assert.InDelta(t, 567_000, at[1], 1000)
	_, known := ogc.SystemOf("http://www.opengis.net/def/crs/EPSG/0/3857")
	assert.False(t, known)
}

func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{"stage = 4 AND NOT (unit LIKE 'h%')", "S_INTERSECTS(geometry, BBOX(1,2,3,4))", "deadline BETWEEN DATE('2020-01-01') AND DATE('2020-12-31')", "x IN ('a''b', 2)"} {
		f.Add(seed)
	}
	definition, err := campaign.Rectify2020()
	require.NoError(f, err)
	c := ogc.Find(definition, ogc.CasesID)
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := c.ParseFilter(text, func(p orb.Point) orb.Point { return p })
		if err == nil {
			require.NotNil(t, filter)
		} else {
			require.True(t, fault.Is(err, "bad_filter"), err)
		}
	})
}
