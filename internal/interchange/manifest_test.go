package interchange

import (
	"context"
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
)

// shared is where the test data of the project lies, beside the repository.
const shared = "../../../shared/data"

// data gives the path of a file of the shared data, or skips the test by name.
func data(tb testing.TB, name string) string {
	tb.Helper()
	path := filepath.Join(shared, name)
	if _, err := os.Stat(path); os.IsNotExist(err) {
		tb.Skipf("shared data not here: %s", name)
	} else {
		require.NoError(tb, err)
	}
	return path
}

// newReader makes a Reader that works in the test's own folder where it can.
func newReader(tb testing.TB) *Reader {
	tb.Helper()
	r, err := NewReader(Config{})
	require.NoError(tb, err)
	return r
}

// read takes a file in and gives its features; it checks what holds for every file.
func read(tb testing.TB, r *Reader, path string, opts Options) ([]Feature, Report) {
	tb.Helper()
	var got []Feature
	report, err := r.Read(context.Background(), path, filepath.Base(path), opts, func(f Feature) error {
		got = append(got, f)
		return nil
	})
	require.NoError(tb, err)
	if report.Refusal != nil {
		require.NotEmpty(tb, report.Refusal.ZH)
		require.NotEmpty(tb, report.Refusal.EN)
		require.Zero(tb, report.Accepted)
		return nil, report
	}
	require.Len(tb, got, report.Accepted)
	require.Equal(tb, report.Features, report.Accepted+report.RejectedCount())
	for _, f := range got {
		require.Empty(tb, geo.Validate(f.Geometry), "row %d", f.Row)
		require.Equal(tb, geo.Normalise(f.Geometry), f.Geometry)
	}
	return got, report
}

// manifest reads the table of cases.
func manifest(t *testing.T) []map[string]string {
	t.Helper()
	return tableOf(t, "import-cases/manifest.csv")
}

// tableOf reads a table with a header.
func tableOf(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(data(t, name))
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, name := range rows[0] {
			m[name] = r[i]
		}
		out = append(out, m)
	}
	return out
}

// TestManifest gives every file of the import cases its verdict.
func TestManifest(t *testing.T) {
	t.Parallel()
	cases := manifest(t)
	r := newReader(t)
	for _, c := range cases {
		t.Run(c["file"], func(t *testing.T) {
			t.Parallel()
			path := data(t, "import-cases/files/"+c["file"])
			want, err := strconv.Atoi(c["accept_n"])
			require.NoError(t, err)
			_, report := read(t, r, path, Options{})
			switch c["expected"] {
			case "reject":
				require.NotNil(t, report.Refusal, "%+v", report)
				require.Empty(t, report.Needs, report.Refusal)
			case "accept_or_reject":
				if report.Refusal == nil {
					require.Equal(t, want, report.Accepted)
				}
			case "needs_crs":
				require.True(t, slices.Contains(report.Needs, "crs"), "%+v %v", report, report.Refusal)
				_, report = read(t, r, path, Options{CRS: answer(c["why"])})
				require.Equal(t, want, report.Accepted, "%v %+v", report.Refusal, report.Rejected)
			default:
				require.Nil(t, report.Refusal)
				require.Equal(t, want, report.Accepted, "%+v", report.Rejected)
			}
		})
	}
}

// answer is the coordinate system a sender would name for a case.
func answer(why string) string {
	if strings.Contains(why, "could be degrees") {
		return "4490"
	}
	return "EPSG:4549"
}

// TestManifestIsWhole makes sure that no file lies beside the manifest unread.
func TestManifestIsWhole(t *testing.T) {
	t.Parallel()
	var listed []string
	for _, c := range manifest(t) {
		listed = append(listed, c["file"])
	}
	var found []string
	require.NoError(t, filepath.WalkDir(data(t, "import-cases/files"), func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, d.Name())
		}
		return err
	}))
	require.ElementsMatch(t, found, listed)
}
