// Package truth reads, for tests only, the reference tables that lie beside
// the repository. Where they are absent the test is skipped by name.
package truth

import (
	"encoding/csv"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// Rows reads shared/data/truth/name as one map per row, keyed by the heading.
func Rows(t testing.TB, name string) []map[string]string {
	t.Helper()
	return Table(t, filepath.Join("truth", name))
}

// Table reads shared/data/name as one map per row; a row may be shorter than the heading.
func Table(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("reference table %s is not on this machine", name)
	}
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(all), 1, "%s is empty", name)
	rows := make([]map[string]string, 0, len(all)-1)
	for _, record := range all[1:] {
		row := make(map[string]string, len(record))
		for i, v := range record {
			row[all[0][i]] = v
		}
		rows = append(rows, row)
	}
	return rows
}

// Path is where shared/data/name lies: beside the repository, found from this file.
func Path(name string) string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "..", "shared", "data", name)
}

// Number parses a cell.
func Number(t testing.TB, cell string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(cell, 64)
	require.NoError(t, err)
	return v
}
