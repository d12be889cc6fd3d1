package parcelimport_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange"
)

// TestAFileReplacesALayerOfZones: classes are told by the column the campaign names, previewed, replaced whole.
func TestAFileReplacesALayerOfZones(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	use := func(name string) map[string]any { return map[string]any{"用途": name} }
	into := interchange.Options{Into: "planning"}
	rows := []row{{"Z1", "镇区", box(120.60, 30.60, 0.01), use("规划建设用地")}, {"Z2", "田", box(120.62, 30.60, 0.01), use("basic_farmland")}}
	_, err := d.Import(t.Context(), auth.System(), interchange.Request{OpID: uuid.New(), Options: interchange.Options{Into: "planning", LeaveOut: []int{1}}})
	f, is := fault.As(err)
	require.True(t, is)
	assert.Equal(t, "zones_are_whole", f.Code)
	preview := d.request(t, interchange.Request{OpID: uuid.New(), Options: into, DryRun: true}, rows...)
	assert.EqualValues(t, 2, preview.Created)
	first := d.request(t, interchange.Request{OpID: uuid.New(), Options: into}, rows...)
	assert.EqualValues(t, 2, first.Created)
	second := d.request(t, interchange.Request{OpID: uuid.New(), Options: into}, rows[0], row{"Z3", "工业园", box(120.64, 30.60, 0.01), use("规划工业用地")})
	assert.Equal(t, []int64{1, 0, 1, 1}, []int64{second.Created, second.Changed, second.Unchanged, second.Gone})

	layers, err := d.store.ReferenceLayers(t.Context(), []string{"planning"})
	require.NoError(t, err)
	classes := map[string]string{}
	for _, f := range layers[0].Features {
		classes[f.Code] = f.Class
	}
	assert.Equal(t, map[string]string{"Z1": "building", "Z3": "industrial"}, classes)
}

func TestZonesThatTheCampaignDoesNotKnowAreRefusedInWords(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, c := range map[string]struct{ into, code, zh string }{
		"no such class": {"planning", "unknown_zone_class", "第 1 行“用途”列的“商业用地”不是城乡（土地）利用总体规划的类别"},
		"no such layer": {"water", "unknown_zone_layer", "专项行动中没有“water”这个区划图层"},
	} {
		path := filepath.Join(t.TempDir(), "f.geojson")
		text, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": []any{map[string]any{
			"type": "Feature", "properties": map[string]any{"code": "Z1", "用途": "商业用地"}, "geometry": map[string]any{"type": "Polygon", "coordinates": box(120.60, 30.60, 0.01)},
		}}})
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, text, 0o600))
		_, err = d.Import(t.Context(), auth.System(), interchange.Request{OpID: uuid.New(), Path: path, Filename: "f.geojson", Device: "test", Options: interchange.Options{Into: c.into}})
		f, is := fault.As(err)
		require.True(t, is, "%s: %v", name, err)
		assert.Equal(t, c.code, f.Code)
		assert.Equal(t, c.zh, f.ZH)
	}
}
