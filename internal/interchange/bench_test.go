package interchange

import (
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// BenchmarkRead100k reads 100,000 parcels of GeoJSON out of a zip file: the
// whole way but for the database.
func BenchmarkRead100k(b *testing.B) {
	benchmarkRead(b, "parcels/xz_derived_100k.geojson.zip", 100_000)
}

// BenchmarkRead2k reads the 1,990 parcels of a GBK shapefile in EPSG:4549.
func BenchmarkRead2k(b *testing.B) {
	benchmarkRead(b, "parcels/xz_derived_2k_4549_gbk.shp.zip", 1_990)
}

func benchmarkRead(b *testing.B, name string, want int) {
	b.Helper()
	path := data(b, name)
	r := newReader(b)
	b.ReportAllocs()
	for b.Loop() {
		report, err := r.Read(b.Context(), path, filepath.Base(path), Options{}, func(Feature) error { return nil })
		require.NoError(b, err)
		require.Nil(b, report.Refusal)
		require.Equal(b, want, report.Accepted)
	}
}

// BenchmarkRead100kPeak tells the memory in use at its highest, in MB, beside the time.
func BenchmarkRead100kPeak(b *testing.B) {
	path := data(b, "parcels/xz_derived_100k.geojson.zip")
	r := newReader(b)
	var m runtime.MemStats
	peak, n := uint64(0), 0
	for b.Loop() {
		_, err := r.Read(b.Context(), path, filepath.Base(path), Options{}, func(Feature) error {
			n++
			if n%5000 == 0 {
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
			return nil
		})
		require.NoError(b, err)
	}
	b.ReportMetric(float64(peak)/(1<<20), "peak-MB")
}
