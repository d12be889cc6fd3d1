package interchange

import (
	"context"
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
)

// TestTwoThousandParcels reads the parcels every milestone is measured with.
func TestTwoThousandParcels(t *testing.T) {
	t.Parallel()
	got, report := read(t, newReader(t), data(t, "parcels/xz_derived_2k_4549_gbk.shp.zip"), Options{})
	require.Nil(t, report.Refusal)
	require.Equal(t, 1990, report.Accepted)
	require.Empty(t, report.Rejected)
	require.Equal(t, "EPSG:4549", report.CRS)
	require.Equal(t, "GBK", report.Encoding)
	require.Equal(t, []string{"序号", "地块编号", "面积", "用途"}, report.Columns)
	require.Equal(t, map[string]string{"code": "地块编号"}, report.Fields)
	seen := map[string]bool{}
	for _, f := range got {
		require.NotEmpty(t, f.Code)
		require.False(t, seen[f.Code])
		seen[f.Code] = true
		require.True(t, utf8.ValidString(f.Attributes["用途"]))
		require.NotContains(t, f.Attributes["用途"], "\uFFFD")
	}
	t.Logf("first: %s %v, findings: %d", got[0].Code, got[0].Attributes, len(report.Findings))
}

// TestSameParcelsInEveryForm compares the baseline with its copies in other systems and formats.
func TestSameParcelsInEveryForm(t *testing.T) {
	t.Parallel()
	r := newReader(t)
	base, _ := read(t, r, data(t, "import-cases/files/xz_base_30.geojson"), Options{})
	require.Len(t, base, 30)
	for _, name := range []string{"xz_base_30_4549.gpkg", "xz_base_30.kml", "xz_macos_junk.shp.zip", "xz_epsg4528_zone40.shp.zip", "xz_epsg32651_utm51.shp.zip"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			same(t, base, first(read(t, r, data(t, "import-cases/files/"+name), Options{})), 0.01)
		})
	}
	t.Run("asked for", func(t *testing.T) {
		t.Parallel()
		path := data(t, "import-cases/files/xz_4549_noprj.shp.zip")
		_, report := read(t, r, path, Options{})
		require.Equal(t, []string{"crs"}, report.Needs)
		require.Zero(t, report.Accepted)
		same(t, base, first(read(t, r, path, Options{CRS: "4549"})), 0.01)
		_, report = read(t, r, path, Options{CRS: "4490"})
		require.Equal(t, "crs_mismatch", report.Refusal.Code)
		_, report = read(t, r, path, Options{CRS: "4528"})
		require.Equal(t, "crs_mismatch", report.Refusal.Code)
	})
}

func TestProgressIsTold(t *testing.T) {
	t.Parallel()
	var told [][2]int
	report, err := newReader(t).ReadWatched(t.Context(), data(t, "parcels/xz_derived_2k_4549_gbk.shp.zip"), "a.zip", Options{},
		func(Feature) error { return nil }, func(done, total int) { told = append(told, [2]int{done, total}) })
	require.NoError(t, err)
	require.Nil(t, report.Refusal)
	require.Equal(t, [][2]int{{0, 1990}, {500, 1990}, {1000, 1990}, {1500, 1990}, {1990, 1990}}, told)
}

func first[A, B any](a A, _ B) A { return a }

// same compares shapes corner by corner, in metres, and their areas.
func same(t *testing.T, want, got []Feature, metres float64) {
	t.Helper()
	require.Len(t, got, len(want))
	for i, w := range want {
		g := got[i]
		require.Equal(t, w.Code, g.Code)
		require.Len(t, g.Geometry, len(w.Geometry))
		for p, polygon := range w.Geometry {
			require.Len(t, g.Geometry[p], len(polygon))
			for k, ring := range polygon {
				for _, pt := range ring {
					require.LessOrEqual(t, geo.DistanceToEdge(g.Geometry[p:p+1], pt), metres, "row %d ring %d", w.Row, k)
				}
			}
		}
		a, b := geo.GeodesicArea(w.Geometry).SquareMetres(), geo.GeodesicArea(g.Geometry).SquareMetres()
		require.InDelta(t, a, b, 0.02)
	}
}

// TestHundredThousandParcels measures the parent's memory over the large file.
func TestHundredThousandParcels(t *testing.T) { //nolint:paralleltest // it measures the memory of the process
	if testing.Short() {
		t.Skip("100,000 parcels take seconds: left out by -short")
	}
	path := data(t, "parcels/xz_derived_100k.geojson.zip")
	r := newReader(t)
	debug.FreeOSMemory()
	var before, m runtime.MemStats
	runtime.ReadMemStats(&before)
	peak, n, start := uint64(0), 0, time.Now()
	report, err := r.Read(context.Background(), path, "xz_derived_100k.geojson.zip", Options{}, func(Feature) error {
		n++
		if n%2000 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
		return nil
	})
	require.NoError(t, err)
	require.Nil(t, report.Refusal)
	require.Equal(t, report.Features, report.Accepted+report.RejectedCount())
	used := float64(peak-min(peak, before.HeapInuse)) / (1 << 20)
	t.Logf("%d of %d accepted in %v, heap grew by %.0f MiB, %d findings, first %+v",
		report.Accepted, report.Features, time.Since(start).Round(time.Millisecond), used, len(report.Findings)+report.FindingsMore, report.Findings[:min(2, len(report.Findings))])
	require.Equal(t, 100_000, report.Features)
	require.Less(t, used, 200.0)
	require.False(t, math.IsNaN(report.Bound.Min[0]))
}
