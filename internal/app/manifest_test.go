package app_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// verdict is what both ways in say of a file.
type verdict struct {
	Features, Accepted, Repaired int
	Rejected                     []struct {
		Row    int
		Reason string
		Place  []float64
	}
	RejectedMore  int `json:"rejected_more"`
	CRS, Encoding *string
	Needs         []string
	Findings      []json.RawMessage
	Refusal       *struct{ ZH, EN string }
	Code          string
}

// TestTheManifestThroughBothWaysIn brings every file of the import cases in by
// the command line (which asks the running server for events) and by a plain request.
func TestTheManifestThroughBothWaysIn(t *testing.T) { //nolint:tparallel // one server, and a log of its memory
	leftOutByShort(t)
	t.Parallel()
	file, err := os.Open(shared(t, "import-cases/manifest.csv"))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	p := newProgram(t)
	p.start(t)
	for _, r := range rows[1:] { //nolint:paralleltest // as above
		c := manifestCase{
			path: shared(t, "import-cases/files/"+r[column["file"]]), expected: r[column["expected"]],
			accept: number(t, r[column["accept_n"]]), why: r[column["why"]],
		}
		t.Run(filepath.Base(c.path), func(t *testing.T) { c.check(t, p) })
	}
	assert.Less(t, p.peakMemory(t), 500<<20, "the server's memory stays flat")
	out, code := p.run("verify")
	require.Zero(t, code, out)
}

type manifestCase struct {
	path, expected, why string
	accept              int
}

func (c manifestCase) check(t *testing.T, p *program) {
	t.Helper()
	byRequest := p.previewByRequest(t, c.path, "")
	byCommand, code := p.verdictOf(t, c.path)
	require.Equal(t, byRequest, byCommand, "both ways say the same")
	if c.expected == "needs_crs" {
		require.Equal(t, []string{"crs"}, byCommand.Needs)
		require.Equal(t, 2, code)
		crs := "4549"
		if strings.Contains(c.why, "could be degrees") {
			crs = "4490"
		}
		byRequest = p.previewByRequest(t, c.path, crs)
		byCommand, code = p.verdictOf(t, c.path, "--crs", crs)
		require.Equal(t, byRequest, byCommand)
	}
	require.NotNil(t, byCommand.CRS)
	require.NotNil(t, byCommand.Encoding)
	refused := c.expected == "reject" || c.expected == "accept_or_reject" && byCommand.Refusal != nil
	if refused {
		require.NotNil(t, byCommand.Refusal)
		require.NotEmpty(t, byCommand.Refusal.ZH)
		require.Zero(t, byCommand.Accepted)
		require.Equal(t, 2, code)
		return
	}
	require.Nil(t, byCommand.Refusal)
	require.Equal(t, c.accept, byCommand.Accepted)
	wrong := len(byCommand.Rejected) + byCommand.RejectedMore
	require.Equal(t, byCommand.Features, byCommand.Accepted+wrong)
	for _, r := range byCommand.Rejected {
		require.Positive(t, r.Row)
		require.NotEmpty(t, r.Reason)
	}
	require.Equal(t, min(wrong, 1), code, "0 all in, 1 some rejected")
}

// verdictOf imports a file by the command line.
func (p *program) verdictOf(t *testing.T, args ...string) (v verdict, code int) {
	t.Helper()
	cmd := p.command(append([]string{"import", "--json"}, args...)...)
	cmd.Stderr = io.Discard
	out, _ := cmd.Output()
	require.NoError(t, json.Unmarshal(out, &v), string(out))
	v.Findings = nil // they know what is stored, and that has changed
	return v, cmd.ProcessState.ExitCode()
}

// previewByRequest sends a file to the running server as any program would.
func (p *program) previewByRequest(t *testing.T, path, crs string) (v verdict) {
	t.Helper()
	status, answer := p.upload(t, path, map[string]string{"dry_run": "true", "crs": crs})
	require.NoError(t, json.Unmarshal(answer, &v), string(answer))
	if v.Refusal != nil {
		require.Equal(t, http.StatusUnprocessableEntity, status)
	} else {
		require.Equal(t, http.StatusOK, status, string(answer))
	}
	v.Findings = nil
	return v
}

func (p *program) upload(t *testing.T, path string, fields map[string]string) (status int, answer []byte) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range fields {
		require.NoError(t, form.WriteField(name, value))
	}
	part, err := form.CreateFormFile("file", filepath.Base(path))
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	_, err = part.Write(text)
	require.NoError(t, err)
	require.NoError(t, form.Close())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url("/imports"), &body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.AddCookie(p.session)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err = io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, answer
}

// peakMemory is the most the server ever held, in bytes.
func (p *program) peakMemory(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			return number(t, strings.TrimSuffix(strings.TrimSpace(rest), " kB")) << 10
		}
	}
	t.Fatal("no VmHWM")
	return 0
}

func number(t *testing.T, text string) int {
	t.Helper()
	var n int
	_, err := fmt.Sscan(text, &n)
	require.NoError(t, err, text)
	return n
}
