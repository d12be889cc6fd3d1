package app_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnImportedLayerIsLaidOverTheParcelsByItself: the running server hears of the layer, measures and says why.
func TestAnImportedLayerIsLaidOverTheParcelsByItself(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.start(t)
	file := func(name string, north float64, properties string) string {
		path := filepath.Join(t.TempDir(), name)
		text := fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":%s,"geometry":{"type":"Polygon","coordinates":[[[120.6,30.65],[120.601,30.65],[120.601,%[2]v],[120.6,%[2]v],[120.6,30.65]]]}}]}`, properties, north)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	r, code := p.importJSON(t, file("parcels.geojson", 30.651, `{"code":"P1"}`))
	require.Zero(t, code)
	_, body := p.ask(t.Context(), http.MethodGet, fmt.Sprintf("/layers/parcels?min_revision=%d", r.Revision), nil)
	parcel := json.Number(firstFeatureID(t, body))
	_, err := p.change(t.Context(), map[string]any{"kind": "case.list", "parcel_ids": []json.Number{parcel}, "unit": "honghe", "enterprise": map[string]any{"name": "宏盛毛衫厂", "kind": "enterprise", "unit": "honghe"}})
	require.NoError(t, err)
	_, body = p.ask(t.Context(), http.MethodGet, "/enterprises?q=宏盛", nil)
	var list struct {
		Items []struct{ Enterprise struct{ ID int64 } }
	}
	require.NoError(t, json.Unmarshal(body, &list), string(body))
	require.Len(t, list.Items, 1, string(body))

	r, code = p.importJSON(t, file("planning.geojson", 30.6504, `{"code":"Z1","用途":"规划建设用地"}`), "--into", "planning")
	require.Zero(t, code)
	require.Equal(t, 1, r.Created)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		_, body := p.ask(t.Context(), http.MethodGet, fmt.Sprintf("/sheets?of=enterprise&id=%d", list.Items[0].Enterprise.ID), nil)
		assert.Contains(c, string(body), "R4 不符合规划、区划、产业政策（规划建设用地内：占40%（")
	}, 30*time.Second, 50*time.Millisecond)
	out, code := p.run("verify")
	require.Zero(t, code, out)
}
