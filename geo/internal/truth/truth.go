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
)

// Rows reads shared/data/truth/name as one map per row, keyed by the heading.
func Rows(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	return Table(tb, filepath.Join("truth", name))
}

// Table reads shared/data/name as one map per row; a row may be shorter than the heading.
func Table(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	f, err := os.Open(Path(name))
	if errors.Is(err, fs.ErrNotExist) {
		tb.Skipf("reference table %s is not on this machine", name)
	}
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil || len(all) < 2 {
		tb.Fatalf("%s has %d lines: %v", name, len(all), err)
	}
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
func Number(tb testing.TB, cell string) float64 {
	tb.Helper()
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}
