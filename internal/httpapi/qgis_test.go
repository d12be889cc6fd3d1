package httpapi_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// TestQGISReadsPagesFiltersAndEdits is long evidence: `scripts/proof.sh qgis`, with Debian's python3-qgis.
func TestQGISReadsPagesFiltersAndEdits(t *testing.T) {
	t.Parallel()
	if os.Getenv("GUATU_PROOF") == "" {
		t.Skip("long, and needs QGIS: scripts/proof.sh qgis")
	}
	const many = 10_000
	h, cases, _ := town(t)
	h.apply(t, auth.System(), ledger.ImportParcels{Digest: "many", Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i := range many {
			ground := square(120.55+0.002*float64(i%100), 30.60+0.002*float64(i/100), 0.001)
			if err := each(ledger.ParcelDraft{Row: i + 1, Code: fmt.Sprintf("M-%05d", i), Label: fmt.Sprintf("宏兴毛衫加工点%d", i), Geometry: ground}); err != nil {
				return err
			}
		}
		return nil
	}})
	file := read[gen.CaseDetail](t, h, "/cases/"+number(cases[0]))
	token := h.makeToken(t, "lu", fields{"kind": "api", "name": "QGIS", "days": 7, "may_change": true})
	home := t.TempDir()
	run := exec.CommandContext(t.Context(), "/usr/bin/python3", "-X", "faulthandler", "../../scripts/read_in_qgis.py", h.web.URL+"/ogc", "qgis", token.Secret, h.shapefile(t, home), file.Case.Code)
	run.Env = append(os.Environ(), "QT_QPA_PLATFORM=offscreen", "HOME="+home, "XDG_RUNTIME_DIR="+home, "QGIS_CUSTOM_CONFIG_PATH="+home)
	var complaints bytes.Buffer
	run.Stderr = &complaints
	out, err := run.Output()
	require.NoError(t, err, complaints.String())
	t.Logf("%.600s", out)
	var said struct {
		Version                   string
		Count, Distinct, Filtered int
		InBox                     int `json:"in_box"`
		Edited                    string
		Shapefile                 struct {
			Fields []string
			Crs    string
			Rows   [][]string
		}
	}
	require.NoError(t, json.Unmarshal(out[bytes.IndexByte(out, '{'):], &said))
	assert.GreaterOrEqual(t, said.Count, many)
	assert.Equal(t, said.Count, said.Distinct, "page after page, each feature once")
	assert.Equal(t, 1000, said.Filtered)
	assert.Equal(t, 25, said.InBox)
	assert.Equal(t, "EPSG:4490", said.Shapefile.Crs)
	assert.Contains(t, text(t, said.Shapefile.Fields), "责任主体", "heads as they are")
	assert.Contains(t, text(t, said.Shapefile.Rows), "宏兴毛衫加工点", "and what stands below them")
	after := read[gen.CaseDetail](t, h, "/cases/"+number(cases[0]))
	assert.Contains(t, text(t, after), "QGIS批次")
	assert.Contains(t, text(t, after.Timeline[0]), `"lu"`, "the journal says who")
}

// shapefile exports all parcels and unpacks them; it gives the path of the .shp.
func (h *house) shapefile(t *testing.T, dir string) (path string) {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1/export/parcels?format=shp&encoding=GBK", as: "lu"})
	require.Equal(t, http.StatusOK, a.status, "%.300s", a.body)
	packed, err := zip.NewReader(bytes.NewReader(a.body), int64(len(a.body)))
	require.NoError(t, err)
	for _, f := range packed.File {
		in, err := f.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(in)
		require.NoError(t, err)
		to := filepath.Join(dir, filepath.Base(f.Name))
		require.NoError(t, os.WriteFile(to, content, 0o600))
		if filepath.Ext(to) == ".shp" {
			path = to
		}
	}
	return path
}
