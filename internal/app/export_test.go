package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExportsGoToAFileBesideTheServerAndLeaveNoHalfOne(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.start(t)
	dir := t.TempDir()
	source := filepath.Join(dir, "in.geojson")
	require.NoError(t, os.WriteFile(source, []byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"图斑编号":"DK-1","名称":"甲厂"},"geometry":{"type":"Polygon","coordinates":[[[120.6,30.7],[120.601,30.7],[120.601,30.701],[120.6,30.701],[120.6,30.7]]]}}]}`), 0o600))
	out, code := p.run("import", source, "--map", "code=图斑编号", "--map", "label=名称")
	require.Zero(t, code, out)

	file := filepath.Join(dir, "out.geojson")
	out, code = p.run("export", "parcels", file)
	require.Zero(t, code, out)
	var got struct {
		Features []struct{ Properties map[string]any }
	}
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &got))
	require.Len(t, got.Features, 1)
	assert.Equal(t, "DK-1", got.Features[0].Properties["code"])

	for _, words := range [][]string{{"export"}, {"export", "parcels", filepath.Join(dir, "x.mdb")}, {"export", "ledger", filepath.Join(dir, "x.shp")}, {"export", "parcels", file, "--as-of", "2999-01-01"}, {"export", "parcels", filepath.Join(dir, "no", "x.kml")}} {
		_, code := p.run(words...)
		assert.Equal(t, 2, code, words)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.part"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
