package geodesic_test

import (
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/geodesic"
	"github.com/guatu/guatu/geo/internal/truth"
)

// latLonRing parses "lat,lon lat,lon".
func latLonRing(t *testing.T, s string) orb.Ring {
	t.Helper()
	var r orb.Ring
	for pair := range strings.FieldsSeq(s) {
		lat, lon, ok := strings.Cut(pair, ",")
		require.True(t, ok)
		r = append(r, orb.Point{truth.Number(t, lon), truth.Number(t, lat)})
	}
	return r
}

func TestPlanimeterTruth(t *testing.T) {
	t.Parallel()
	ellipsoids := map[string]*geodesic.Geodesic{
		"WGS84":    geodesic.New(geodesic.WGS84()),
		"CGCS2000": geodesic.New(geodesic.CGCS2000()),
	}
	for _, row := range truth.Rows(t, "area_geographiclib_planimeter_tests.csv") {
		g := ellipsoids[row["ellipsoid"]]
		require.NotNil(t, g, row["ellipsoid"])
		perimeter, area := g.Ring(latLonRing(t, row["points_lat_lon"]))
		require.InDelta(t, truth.Number(t, row["expected_signed_area_m2"]), area, truth.Number(t, row["area_tol"]), row["test"])
		if row["expected_perimeter_m"] != "" {
			require.InDelta(t, truth.Number(t, row["expected_perimeter_m"]), perimeter, truth.Number(t, row["perimeter_tol"]), row["test"])
		}
	}
}

func TestParcelTruth(t *testing.T) {
	t.Parallel()
	cgcs, wgs := geodesic.New(geodesic.CGCS2000()), geodesic.New(geodesic.WGS84())
	for _, row := range truth.Rows(t, "area_xiuzhou_200.csv") {
		g, err := wkt.UnmarshalPolygon(row["wkt_epsg4490_lonlat"])
		require.NoError(t, err)
		require.InDelta(t, truth.Number(t, row["area_m2_planimeter_CGCS2000"]), area(cgcs, g), 0.0002, row["id"])
		require.InDelta(t, truth.Number(t, row["area_m2_planimeter_WGS84"]), area(wgs, g), 0.0002, row["id"])
		perimeter, _ := cgcs.Ring(g[0])
		require.InDelta(t, truth.Number(t, row["perimeter_m_outer"]), perimeter, 0.0001, row["id"])
	}
}

// area is the outer ring less the holes, whatever their winding.
func area(g *geodesic.Geodesic, p orb.Polygon) float64 {
	total := 0.0
	for i, r := range p {
		_, a := g.Ring(r)
		if a < 0 {
			a = -a
		}
		if i > 0 {
			a = -a
		}
		total += a
	}
	return total
}
