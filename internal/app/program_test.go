package app_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASecondStartOnTheSameDataIsRefusedInClearWords(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.start(t)
	other := &program{path: p.path, data: p.data, addr: newProgram(t).addr}
	out, code := other.run("serve")
	assert.Equal(t, 2, code)
	assert.Contains(t, out, p.data)
	assert.Contains(t, out, "http://"+p.addr)
	require.True(t, p.alive(t.Context()), "the first one goes on")
}

func TestTwoServersRunSideBySide(t *testing.T) {
	leftOutByShort(t)
	t.Parallel()
	a, b := newProgram(t), newProgram(t)
	a.start(t)
	b.start(t)
	require.True(t, a.alive(t.Context()))
	out, code := b.run("verify")
	require.Zero(t, code, out)
}

func TestATakenAddressIsSaidBeforeAnythingIsStarted(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.start(t)
	other := newProgram(t)
	other.addr = p.addr
	out, code := other.run("serve")
	assert.Equal(t, 2, code)
	assert.Contains(t, out, "GUATU_ADDR")
	assert.NoDirExists(t, other.data)
}

func TestWrongWordsAndSettings(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	out, code := p.run("paint")
	assert.Equal(t, 2, code)
	assert.Contains(t, out, "没有子命令 paint")
	out, code = p.run("config")
	assert.Zero(t, code)
	for _, name := range []string{"GUATU_ADDR", "GUATU_DATA", "GUATU_LOG", "DATABASE_URL", "GUATU_SESSION_IDLE", "GUATU_ARGON2", p.data} {
		assert.Contains(t, out, name)
	}
	p.addr = "0.0.0.0:8080"
	out, code = p.run("serve")
	assert.Equal(t, 2, code)
	assert.Contains(t, out, "向本机以外提供服务必须加密")
}

type importReport struct {
	Features, Accepted, Created, Changed, Unchanged int
	CRS, Encoding                                   string
	TotalMu                                         string `json:"total_mu"`
	Needs                                           []string
	Revision                                        int64
}

func (p *program) importJSON(t *testing.T, args ...string) (report importReport, code int) {
	t.Helper()
	cmd := p.command(append([]string{"import", "--json"}, args...)...)
	cmd.Stderr = io.Discard
	out, _ := cmd.Output()
	require.NoError(t, json.Unmarshal(out, &report), string(out))
	return report, cmd.ProcessState.ExitCode()
}

// shared is test data that is not part of the project.
func shared(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the shared test data are not beside the project: %s", name)
	}
	return path
}

// TestTheShapefileBecomesParcels: 1,990 shapes in GBK and EPSG:4549, imported
// without a server, again through one, and shown as a layer.
func TestTheShapefileBecomesParcels(t *testing.T) {
	t.Parallel()
	file := shared(t, "parcels/xz_derived_2k_4549_gbk.shp.zip")
	p := newProgram(t)
	r, code := p.importJSON(t, file)
	require.Zero(t, code)
	require.Equal(t, 1990, r.Created)
	require.Equal(t, "32839.37", r.TotalMu, "ST_Area(geography) of the same shapes is 21,892,910.718 m²")

	p.start(t)
	again, code := p.importJSON(t, file)
	require.Zero(t, code)
	require.Equal(t, 1990, again.Unchanged)
	require.Zero(t, again.Created+again.Changed)

	status, body := p.ask(t.Context(), http.MethodGet, "/layers/parcels", nil)
	require.Equal(t, http.StatusOK, status)
	assert.Equal(t, 1990, strings.Count(string(body), `"type":"Feature"`))
	status, body = p.ask(t.Context(), http.MethodGet, "/parcels/"+firstFeatureID(t, body), nil)
	require.Equal(t, http.StatusOK, status)
	assert.Contains(t, string(body), "工业用地", "Chinese text is intact")

	needs, code := p.importJSON(t, shared(t, "import-cases/files/xz_4549_noprj.shp.zip"))
	assert.Equal(t, 2, code)
	assert.Equal(t, []string{"crs"}, needs.Needs)
	dry, code := p.importJSON(t, shared(t, "import-cases/files/xz_4549_noprj.shp.zip"), "--crs", "4549", "--dry-run")
	assert.Zero(t, code)
	assert.Equal(t, 30, dry.Accepted)
	out, code := p.run("verify")
	require.Zero(t, code, out)
}

func firstFeatureID(t *testing.T, layer []byte) string {
	t.Helper()
	var fc struct{ Features []struct{ ID json.Number } }
	require.NoError(t, json.Unmarshal(layer, &fc))
	return fc.Features[0].ID.String()
}
