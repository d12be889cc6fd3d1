package geo_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/geodesic"
	"github.com/guatu/guatu/geo/internal/truth"
)

func ExampleGeodesicArea() {
	parcel := orb.MultiPolygon{{{{120.7, 30.7}, {120.701, 30.7}, {120.701, 30.701}, {120.7, 30.701}, {120.7, 30.7}}}}
	a := geo.GeodesicArea(parcel)
	fmt.Println(a, a.Mu(), "亩")
	// Output: 10620.9629 m² 15.93 亩
}

func TestParcelAreasHoldTheTruth(t *testing.T) {
	t.Parallel()
	for _, row := range truth.Rows(t, "area_xiuzhou_200.csv") {
		p, err := wkt.UnmarshalPolygon(row["wkt_epsg4490_lonlat"])
		require.NoError(t, err)
		mp := orb.MultiPolygon{p}
		require.InDelta(t, truth.Number(t, row["area_m2_planimeter_CGCS2000"]), geo.GeodesicArea(mp).SquareMetres(), 0.001, row["id"])
		require.InDelta(t, truth.Number(t, row["area_m2_planimeter_WGS84"]), geo.AreaOn(geodesic.WGS84(), mp), 0.001, row["id"])
		require.InDelta(t, truth.Number(t, row["area_m2_postgis_geography_4490"]), geo.AreaOn(geodesic.CGCS2000(), mp), 0.001, row["id"])
		require.InDelta(t, truth.Number(t, row["perimeter_m_outer"]), geo.Perimeter(orb.MultiPolygon{p[:1]}), 0.001, row["id"])
	}
}

func square(lon, lat, size float64) orb.Ring {
	return orb.Ring{{lon, lat}, {lon + size, lat}, {lon + size, lat + size}, {lon, lat + size}, {lon, lat}}
}

func reversed(r orb.Ring) orb.Ring {
	out := make(orb.Ring, len(r))
	for i, p := range r {
		out[len(r)-1-i] = p
	}
	return out
}

func TestHolesAreSubtractedWhateverTheirWinding(t *testing.T) {
	t.Parallel()
	outer, hole := square(120, 30, 0.01), square(120.002, 30.002, 0.003)
	want := geo.GeodesicArea(orb.MultiPolygon{{outer}}) - geo.GeodesicArea(orb.MultiPolygon{{hole}})
	for _, p := range []orb.Polygon{{outer, hole}, {outer, reversed(hole)}, {reversed(outer), hole}, {reversed(outer), reversed(hole)}} {
		require.InDelta(t, float64(want), float64(geo.GeodesicAreaOfPolygon(p)), 1)
	}
	two := orb.MultiPolygon{{outer, hole}, {square(121, 30, 0.01)}}
	require.InDelta(t, float64(want+geo.GeodesicArea(two[1:])), float64(geo.GeodesicArea(two)), 1)
	require.Positive(t, geo.SignedRingArea(outer))
	require.Negative(t, geo.SignedRingArea(reversed(outer)))
}

func TestMeasuresOfNothing(t *testing.T) {
	t.Parallel()
	require.Zero(t, geo.GeodesicArea(nil))
	require.Zero(t, geo.GeodesicArea(orb.MultiPolygon{{}, nil, {nil}}))
	require.Zero(t, geo.GeodesicArea(orb.MultiPolygon{{{{math.NaN(), 1}, {2, 3}, {4, 5}}}}))
	require.Zero(t, geo.GeodesicLength(nil))
	require.InDelta(t, 110574.3886, geo.Distance(orb.Point{7, 0}, orb.Point{7, 1}), 0.001)
	require.InDelta(t, 110574.3886, geo.GeodesicLength(orb.LineString{{7, 0}, {7, 1}}), 0.001)
}

type shapeVector struct {
	Name        string      `json:"name"`
	Coordinates orb.Polygon `json:"coordinates"`
	Units       geo.Area    `json:"units_0.0001m2"`
	PerimeterM  string      `json:"perimeter_m"`
}

// Vectors for the front end's preview of an area: shapes of our own, measured by the code the truth tables hold.
func TestGoldenArea(t *testing.T) {
	t.Parallel()
	circle := orb.Ring{}
	for i := range 24 {
		s, c := math.Sincos(float64(i) * math.Pi / 12)
		circle = append(circle, orb.Point{math.Round((120.71+0.001*c)*1e7) / 1e7, math.Round((30.77+0.001*s)*1e7) / 1e7})
	}
	circle = append(circle, circle[0])
	shapes := []shapeVector{
		{Name: "square", Coordinates: orb.Polygon{square(120.7, 30.7, 0.001)}},
		{Name: "clockwise", Coordinates: orb.Polygon{reversed(square(120.7, 30.7, 0.001))}},
		{Name: "with hole", Coordinates: orb.Polygon{square(120.7, 30.7, 0.001), square(120.7002, 30.7002, 0.0005)}},
		{Name: "triangle", Coordinates: orb.Polygon{{{120.6, 30.6}, {120.604, 30.6005}, {120.602, 30.603}, {120.6, 30.6}}}},
		{Name: "circle of 24", Coordinates: orb.Polygon{circle}},
		{Name: "village", Coordinates: orb.Polygon{square(120.55, 30.9, 0.02)}},
		{Name: "southern hemisphere", Coordinates: orb.Polygon{square(-43.2, -22.9, 0.01)}},
		{Name: "on the equator", Coordinates: orb.Polygon{square(10, -0.005, 0.01)}},
	}
	for i := range shapes {
		mp := orb.MultiPolygon{shapes[i].Coordinates}
		shapes[i].Units = geo.GeodesicArea(mp)
		shapes[i].PerimeterM = fmt.Sprintf("%.3f", geo.Perimeter(mp))
	}
	golden(t, "area.json", shapes)
}
