package geo_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/geo/internal/truth"
)

func ExampleValidate() {
	bowtie := orb.MultiPolygon{{{{120.7, 30.7}, {120.702, 30.702}, {120.702, 30.7}, {120.7, 30.702}, {120.7, 30.7}}}}
	for _, f := range geo.Validate(bowtie) {
		fmt.Println(f.Reason, f.Place)
		fmt.Println(f.ZH())
		fmt.Println(f.EN())
	}
	// Output:
	// self_intersection [120.701 30.701]
	// 第1个面的外环在（120.7010000，30.7010000）处自相交
	// the exterior ring of part 1 crosses itself at (120.7010000, 30.7010000)
}

// postGISReasons maps what ST_IsValidReason writes before the place.
func postGISReasons() map[string]geo.Reason {
	return map[string]geo.Reason{
		"Invalid Coordinate":                   geo.ReasonInvalidCoordinate,
		"Too few points in geometry component": geo.ReasonTooFewPoints,
		"Self-intersection":                    geo.ReasonSelfIntersection,
		"Ring Self-intersection":               geo.ReasonRingSelfIntersection,
		"Hole lies outside shell":              geo.ReasonHoleOutsideShell,
		"Holes are nested":                     geo.ReasonNestedHoles,
		"Nested shells":                        geo.ReasonNestedShells,
		"Interior is disconnected":             geo.ReasonDisconnectedInterior,
	}
}

// agrees compares the findings about a shape with PostGIS's verdict and
// reason, and tells whether the place is PostGIS's as well.
func agrees(t *testing.T, valid, reason string, findings []geo.Finding, name string) (samePlace bool) {
	t.Helper()
	require.Equal(t, valid == "True", len(findings) == 0, "%s: %s, found %v", name, reason, findings)
	if valid == "True" {
		return true
	}
	kind, place, _ := strings.Cut(reason, "[")
	want, known := postGISReasons()[kind]
	require.True(t, known, reason)
	var x, y float64
	_, err := fmt.Sscanf(place, "%f %f]", &x, &y)
	require.NoError(t, err)
	nearest := math.Inf(1)
	for _, f := range findings {
		if f.Reason == want {
			d := math.Hypot(f.Place[0]-x, f.Place[1]-y)
			if math.IsNaN(d) {
				d = 0
			}
			nearest = min(nearest, d)
		}
	}
	require.False(t, math.IsInf(nearest, 1), "%s: want %s, found %v", name, reason, findings)
	return nearest < 1e-9
}

func TestJTSTextsAgreeWithPostGIS(t *testing.T) {
	t.Parallel()
	compared, elsewhere := 0, 0
	for _, row := range truth.Table(t, "import-cases/jts_wkt_shared.csv") {
		if !strings.Contains(row["type"], "POLYGON") {
			continue
		}
		nan := strings.Contains(row["wkt"], "NaN")
		text := strings.ReplaceAll(row["wkt"], "NaN", "99999")
		mp := multiPolygon(t, text)
		if nan {
			replace(mp, 99999, math.NaN())
		}
		if !agrees(t, row["postgis_valid"], row["postgis_reason"], geo.ValidatePlane(mp), row["file"]+"#"+row["case"]+" "+row["desc"]) {
			elsewhere++
		}
		compared++
	}
	require.Greater(t, compared, 100)
	// Of a shared edge or a chain of holes PostGIS names one point and we may name another.
	require.LessOrEqual(t, elsewhere, compared/20)
}

func replace(mp orb.MultiPolygon, from, to float64) {
	for _, p := range mp {
		for _, r := range p {
			for i := range r {
				for k := range r[i] {
					if r[i][k] == from {
						r[i][k] = to
					}
				}
			}
		}
	}
}

func multiPolygon(t *testing.T, text string) orb.MultiPolygon {
	t.Helper()
	text = regexp.MustCompile(`\s+`).ReplaceAllString(text, " ")
	text = strings.NewReplacer("( ", "(", " )", ")", ", ", ",", " ,", ",").Replace(text)
	g, err := wkt.Unmarshal(text)
	require.NoError(t, err, text)
	if p, ok := g.(orb.Polygon); ok {
		return orb.MultiPolygon{p}
	}
	mp, ok := g.(orb.MultiPolygon)
	require.True(t, ok)
	return mp
}

// The same cases as a file of degrees in the district.
func TestJTSFileAgreesWithPostGIS(t *testing.T) {
	t.Parallel()
	rows := truth.Table(t, "import-cases/jts_cases_shared.csv")
	text, err := os.ReadFile(truth.Path("import-cases/files/jts_valid_shared.geojson"))
	require.NoError(t, err)
	var file struct {
		Features []struct {
			Properties struct {
				ParcelNo string `json:"parcel_no"`
			} `json:"properties"`
			Geometry json.RawMessage `json:"geometry"`
		} `json:"features"`
	}
	require.NoError(t, json.Unmarshal(text, &file))
	byNumber := map[string]orb.MultiPolygon{}
	for _, f := range file.Features {
		mp, err := geojson.DecodeMultiPolygon(f.Geometry)
		require.NoError(t, err, f.Properties.ParcelNo)
		byNumber[f.Properties.ParcelNo] = mp
	}
	for _, row := range rows {
		mp, ok := byNumber[row["parcel_no"]]
		require.True(t, ok, row["parcel_no"])
		agrees(t, row["postgis_valid"], row["postgis_reason"], geo.Validate(mp), row["parcel_no"]+" "+row["desc"])
	}
}

func reasons(findings []geo.Finding) []geo.Reason {
	var out []geo.Reason
	for _, f := range findings {
		if len(out) == 0 || out[len(out)-1] != f.Reason {
			out = append(out, f.Reason)
		}
	}
	return out
}

func TestReasonsOfOurOwn(t *testing.T) {
	t.Parallel()
	shell := square(120, 30, 1)
	for name, c := range map[string]struct {
		mp   orb.MultiPolygon
		want []geo.Reason
	}{
		"nothing":                {nil, nil},
		"empty polygon":          {orb.MultiPolygon{{}}, nil},
		"empty ring":             {orb.MultiPolygon{{{}}}, nil},
		"hole without shell":     {orb.MultiPolygon{{{}, shell}}, []geo.Reason{geo.ReasonHoleOutsideShell}},
		"open ring":              {orb.MultiPolygon{{shell[:4]}}, []geo.Reason{geo.ReasonRingNotClosed}},
		"one point":              {orb.MultiPolygon{{{{1, 2}}}}, []geo.Reason{geo.ReasonTooFewPoints}},
		"two points":             {orb.MultiPolygon{{{{1, 2}, {3, 4}, {1, 2}}}}, []geo.Reason{geo.ReasonTooFewPoints}},
		"infinite":               {orb.MultiPolygon{{{{1, 2}, {math.Inf(1), 4}, {5, 9}, {1, 2}}}}, []geo.Reason{geo.ReasonInvalidCoordinate}},
		"metres":                 {orb.MultiPolygon{{{{5e5, 3e6}, {5e5 + 9, 3e6}, {5e5, 3e6 + 9}, {5e5, 3e6}}}}, []geo.Reason{geo.ReasonOutOfRange}},
		"duplicate parts":        {orb.MultiPolygon{{shell}, {reversed(shell)}}, []geo.Reason{geo.ReasonDuplicateRings, geo.ReasonSelfIntersection}},
		"collapsed to a line":    {orb.MultiPolygon{{{{1, 2}, {3, 4}, {5, 6}, {1, 2}}}}, []geo.Reason{geo.ReasonSelfIntersection}},
		"hole in hole's place":   {orb.MultiPolygon{{shell, square(120.2, 30.2, 0.6)}, {square(120.3, 30.3, 0.2)}}, nil},
		"part in a part":         {orb.MultiPolygon{{shell}, {square(120.3, 30.3, 0.2)}}, []geo.Reason{geo.ReasonNestedShells}},
		"parts touch in a point": {orb.MultiPolygon{{shell}, {square(121, 31, 0.2)}}, nil},
	} {
		got := reasons(geo.Validate(c.mp))
		if name == "duplicate parts" {
			require.Subset(t, got, c.want, name)
			continue
		}
		require.Equal(t, c.want, got, name)
	}
}

func TestFindingsAreWorded(t *testing.T) {
	t.Parallel()
	for _, r := range []geo.Reason{
		geo.ReasonInvalidCoordinate, geo.ReasonOutOfRange, geo.ReasonRingNotClosed, geo.ReasonTooFewPoints, geo.ReasonSelfIntersection,
		geo.ReasonRingSelfIntersection, geo.ReasonDuplicateRings, geo.ReasonHoleOutsideShell, geo.ReasonNestedHoles, geo.ReasonNestedShells,
		geo.ReasonDisconnectedInterior,
	} {
		f := geo.Finding{Reason: r, Ring: geo.RingRef{Part: 1, Ring: 2}, Other: geo.RingRef{Part: 3}}
		require.Contains(t, f.ZH(), "第2个面的第2个孔", r)
		require.Contains(t, f.EN(), "hole 2 of part 2", r)
	}
}

// star is a ring about a centre with random radii: simple, since its angles ascend.
func star(rnd *rand.Rand, n int, x, y, radius float64) orb.Ring {
	r := make(orb.Ring, 0, n+1)
	for i := range n {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		d := radius * (0.5 + rnd.Float64()/2)
		r = append(r, orb.Point{x + d*c, y + d*s})
	}
	return append(r, r[0])
}

func TestStarsAreValid(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(25, 26))
	for range 300 {
		r := star(rnd, 8+rnd.IntN(40), 120.5, 30.7, 0.01)
		require.Empty(t, geo.Validate(orb.MultiPolygon{{r}}))
		require.Empty(t, geo.Validate(orb.MultiPolygon{{r, star(rnd, 12, 120.5, 30.7, 0.003)}}))
		require.Contains(t, reasons(geo.Validate(orb.MultiPolygon{{r}, {star(rnd, 12, 120.51, 30.7, 0.01)}})), geo.ReasonSelfIntersection)
	}
}

// simpleRing is the definition, in integers: edges share nothing but the corner between neighbours.
func simpleRing(r [][2]int) bool {
	n := len(r)
	side := func(a, b, c [2]int) int { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	on := func(a, b, p [2]int) bool {
		return side(a, b, p) == 0 && min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1])
	}
	for i := range n {
		for j := i + 1; j < n; j++ {
			a, b, c, d := r[i], r[(i+1)%n], r[j], r[(j+1)%n]
			switch {
			case j == i+1:
				if on(a, b, d) || on(c, d, a) {
					return false
				}
			case i == 0 && j == n-1:
				if on(a, b, c) || on(c, d, b) {
					return false
				}
			case on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b):
				return false
			case (side(a, b, c) > 0) != (side(a, b, d) > 0) && (side(c, d, a) > 0) != (side(c, d, b) > 0):
				return false
			}
		}
	}
	return true
}

func TestRingsOnAGridAgainstTheDefinition(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(29, 30))
	valid := 0
	for range 30_000 {
		var ints [][2]int
		var r orb.Ring
		for range 3 + rnd.IntN(6) {
			p := [2]int{rnd.IntN(7), rnd.IntN(7)}
			if len(ints) > 0 && (p == ints[len(ints)-1] || p == ints[0]) {
				continue
			}
			ints = append(ints, p)
			r = append(r, orb.Point{120 + float64(p[0])/4, 30 + float64(p[1])/64})
		}
		if len(ints) < 3 {
			continue
		}
		want := simpleRing(ints)
		require.Equal(t, want, geo.IsValid(orb.MultiPolygon{{append(r, r[0])}}), "%v", ints)
		if want {
			valid++
		}
	}
	require.Greater(t, valid, 2000)
}

func TestValidateDoesNotChangeItsArgument(t *testing.T) {
	t.Parallel()
	build := func() orb.MultiPolygon {
		return orb.MultiPolygon{{{{0, 0}, {0, 0}, {4, 0}, {4, 4}, {4, 4}, {0, 0}}, {{1, 0.5}, {2, 0.5}, {2, 1}, {1, 0.5}}}}
	}
	mp := build()
	require.Empty(t, geo.Validate(mp))
	require.Equal(t, build(), mp)
}

// A hundred thousand vertices in several shapes must take a moment, not minutes.
func TestLargeShapesAreQuick(t *testing.T) {
	t.Parallel()
	rnd := rand.New(rand.NewPCG(27, 28))
	comb := orb.Ring{}
	for i := range 50_000 {
		x := 120 + float64(i)*1e-5
		comb = append(comb, orb.Point{x, 30}, orb.Point{x + 0.5e-5, 31})
	}
	comb = append(comb, orb.Point{121, 29}, orb.Point{119, 29}, comb[0])
	holes := orb.Polygon{square(120, 30, 1)}
	for i := range 140 {
		for j := range 140 {
			holes = append(holes, square(120.001+float64(i)*0.007, 30.001+float64(j)*0.007, 0.005))
		}
	}
	parts := orb.MultiPolygon{}
	for _, h := range holes[1:] {
		parts = append(parts, orb.Polygon{h})
	}
	windmill := orb.Polygon{square(119, 29, 2)}
	for i := range 20_000 {
		a := 2 * math.Pi * float64(i) / 20_000
		s0, c0 := math.Sincos(a)
		s1, c1 := math.Sincos(a + 1e-4)
		windmill = append(windmill, orb.Ring{{120, 30}, {120 + c0/2, 30 + s0/2}, {120 + c1/2, 30 + s1/2}, {120, 30}})
	}
	for name, mp := range map[string]orb.MultiPolygon{
		"windmill": {windmill}, "star": {{star(rnd, 100_000, 120, 30, 0.1)}}, "comb": {{comb}}, "holes": {holes}, "parts": parts,
	} {
		start := time.Now()
		require.Empty(t, geo.Validate(mp), name)
		require.Less(t, time.Since(start), 10*time.Second, name)
		t.Log(name, time.Since(start))
	}
}
