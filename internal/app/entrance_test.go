package app_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// device is a browser that trusts the program's CA and follows no redirect.
func (p *program) device(t *testing.T) *http.Client {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.data, "tls", "ca.crt"))
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(text))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// page is what a device got.
type page struct {
	*http.Response

	text string
}

func get(t *testing.T, client *http.Client, url string) page {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return page{resp, string(text)}
}

// TestTheBuiltInCA: beyond loopback, TLS with HTTP/2, a page that tells devices how to trust it, tools beside it.
func TestTheBuiltInCA(t *testing.T) {
	t.Parallel()
	p, plain := newProgram(t), newProgram(t).addr
	p.env = []string{"GUATU_TLS=own", "GUATU_NAMES=127.0.0.1,guatu.test", "GUATU_TRUST_ADDR=" + plain}
	p.addr = strings.Replace(p.addr, "127.0.0.1", "0.0.0.0", 1)
	p.alive = func(ctx context.Context) bool { return answers(ctx, "http://"+plain+"/trust") }
	p.startAs(t, "serve")
	url := "https://" + strings.Replace(p.addr, "0.0.0.0", "127.0.0.1", 1)

	client := p.device(t)
	health := get(t, client, url+"/api/v1/health")
	assert.Equal(t, "HTTP/2.0", health.Proto)
	assert.Equal(t, "max-age=31536000", health.Header.Get("Strict-Transport-Security"))

	trust := get(t, client, "http://"+plain+"/trust")
	fingerprint := regexp.MustCompile(`(?:[0-9A-F]{2}:){31}[0-9A-F]{2}`).FindString(trust.text)
	assert.NotEmpty(t, fingerprint)
	assert.Contains(t, p.log.String(), fingerprint, "the operator reads it at the start")
	assert.Contains(t, trust.text, url)
	file := get(t, client, "http://"+plain+"/trust/guatu-ca.crt")
	assert.Equal(t, "application/x-x509-ca-cert", file.Header.Get("Content-Type"))
	text, err := os.ReadFile(filepath.Join(p.data, "tls", "ca.crt"))
	require.NoError(t, err)
	block, _ := pem.Decode(text)
	assert.Equal(t, string(block.Bytes), file.text)
	moved := get(t, client, "http://"+plain+"/assets/x.js?token=secret")
	assert.Equal(t, url+"/assets/x.js", moved.Header.Get("Location"), "what stood behind the question mark goes no further in the clear")
	session := get(t, client, "http://"+plain+"/api/v1/session")
	assert.Equal(t, http.StatusFound, session.StatusCode)
	assert.NotContains(t, session.text, "password_rule", "nothing is answered in the clear")

	out, code := p.run("user", "add", "zhou", "--person", "zhou")
	require.Zero(t, code, out)
	given := printedPassword.FindStringSubmatch(out)[1]
	cookie := enterAt(t, client, url, "zhou", given)
	assert.Equal(t, "__Host-guatu_session", cookie.Name)
	assert.True(t, cookie.Secure)

	out, code = p.run("token", "add", "一楼大厅", "--wall", "--login", "zhou", "--from", "127.0.0.1")
	require.Zero(t, code, out)
	secret := regexp.MustCompile(`guatu_wall_[A-Z2-7]{33}`).FindString(out)
	require.NotEmpty(t, secret, out)
	assert.Equal(t, "__Host-guatu_wall", postAt(t, client, url+"/api/v1/session/wall", `{"token":"`+secret+`"}`).Name)
	out, code = p.run("token", "list")
	require.Zero(t, code, out)
	assert.Regexp(t, `1 +wall +一楼大厅 +zhou .*127\.0\.0\.1`, out)
	assert.NotContains(t, out, secret)
	out, code = p.run("token", "revoke", "1")
	assert.Zero(t, code, out)
	assert.NotContains(t, p.log.String(), secret)

	tool := filepath.Join(t.TempDir(), "one.geojson")
	require.NoError(t, os.WriteFile(tool, []byte(onePlot), 0o600))
	out, code = p.run("import", tool)
	assert.Zero(t, code, out)
}

const onePlot = `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"甲"},"geometry":{"type":"Polygon",
"coordinates":[[[120.7,30.7],[120.701,30.7],[120.701,30.701],[120.7,30.701],[120.7,30.7]]]}}]}`

// TestStreamsGoThroughTLS: server-sent events over HTTP/2, ended in order when the server stops.
func TestStreamsGoThroughTLS(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.env = []string{"GUATU_TLS=own", "GUATU_TRUST_ADDR=" + newProgram(t).addr}
	p.alive = func(ctx context.Context) bool {
		_, err := os.Stat(filepath.Join(p.data, "tls", "ca.crt"))
		return err == nil && answers(ctx, "http://"+strings.TrimPrefix(p.env[1], "GUATU_TRUST_ADDR=")+"/trust")
	}
	p.startAs(t, "serve")
	out, code := p.run("user", "add", "zhou", "--person", "zhou")
	require.Zero(t, code, out)
	given := printedPassword.FindStringSubmatch(out)[1]
	client := p.device(t)
	url := "https://" + p.addr
	first := enterAt(t, client, url, "zhou", given)
	cookie := sendAt(t, client, http.MethodPut, url+"/api/v1/session/password", `{"old":"`+given+`","new":"`+chosenPassword+`"}`, first)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/v1/live", http.NoBody)
	require.NoError(t, err)
	req.AddCookie(cookie)
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, "HTTP/2.0", resp.Proto)
	lines := bufio.NewScanner(resp.Body)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "event: hello") {
	}
	assert.Equal(t, "event: hello", lines.Text())
	p.stop(t)
	for lines.Scan() {
	}
	assert.NoError(t, lines.Err())
}

func enterAt(t *testing.T, client *http.Client, url, login, password string) *http.Cookie {
	t.Helper()
	return postAt(t, client, url+"/api/v1/session", `{"login":"`+login+`","password":"`+password+`"}`)
}

func postAt(t *testing.T, client *http.Client, url, body string) *http.Cookie {
	t.Helper()
	return sendAt(t, client, http.MethodPost, url, body)
}

// sendAt sends JSON and gives the cookie of the answer.
func sendAt(t *testing.T, client *http.Client, method, url, body string, cookies ...*http.Cookie) *http.Cookie {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	for _, c := range cookies {
		req.AddCookie(c)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	return resp.Cookies()[0]
}
