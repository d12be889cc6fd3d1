package httpapi_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/httpapi"
)

// behind is a server that trusts a proxy at these addresses; the test itself is at 127.0.0.1.
func behind(t *testing.T, proxies ...string) *house {
	t.Helper()
	rooms, log := open(t)
	for _, p := range proxies {
		rooms.Way.Proxies = append(rooms.Way.Proxies, netip.MustParsePrefix(p))
	}
	return serve(t, rooms, log)
}

// wrong tries to sign in with a wrong password, and tells how many attempts are left.
func (h *house) wrong(t *testing.T, header map[string]string) string {
	t.Helper()
	header["Content-Type"] = "application/json"
	a := h.ask(t, request{method: http.MethodPost, path: "/api/v1/session", as: nobody, header: header, body: strings.NewReader(`{"login":"shen","password":"x"}`)})
	return a.problem(t).Detail
}

// TestAForwardedAddressIsBelievedFromATrustedProxyAlone: else nobody could be locked, or anybody could.
func TestAForwardedAddressIsBelievedFromATrustedProxyAlone(t *testing.T) {
	t.Parallel()
	from := func(forwarded string) map[string]string {
		return map[string]string{"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
	}
	h := behind(t)
	assert.Contains(t, h.wrong(t, from("10.1.1.1")), "4 次")
	assert.Contains(t, h.wrong(t, from("10.1.1.2")), "3 次", "nobody is trusted: both came from here")

	h = behind(t, "127.0.0.1/32", "10.9.0.0/16")
	assert.Contains(t, h.wrong(t, from("10.1.1.1")), "4 次")
	assert.Contains(t, h.wrong(t, from("10.1.1.2")), "4 次")
	assert.Contains(t, h.wrong(t, from("8.8.8.8, 10.1.1.1")), "3 次", "what the client itself claims stands further left")
	assert.Contains(t, h.wrong(t, from("10.1.1.1, 10.9.3.4")), "2 次", "two proxies in a row")
}

func TestAForwardedSchemeIsBelievedFromATrustedProxyAlone(t *testing.T) {
	t.Parallel()
	signIn := func(h *house, proto string) answer {
		h.session(t, "shen")
		header := map[string]string{"Content-Type": "application/json", "X-Forwarded-Proto": proto}
		return h.ask(t, request{method: http.MethodPost, path: "/api/v1/session", as: nobody, header: header, body: strings.NewReader(text(t, fields{"login": "shen", "password": password}))})
	}
	h := behind(t)
	plain := signIn(h, "https")
	assert.Equal(t, "guatu_session", sessionCookie(t, plain).Name)
	assert.Empty(t, plain.header.Get("Strict-Transport-Security"))

	h = behind(t, "127.0.0.1/32")
	encrypted := signIn(h, "https")
	assert.Equal(t, "__Host-guatu_session", sessionCookie(t, encrypted).Name)
	assert.True(t, sessionCookie(t, encrypted).Secure)
	assert.Equal(t, "max-age=31536000", encrypted.header.Get("Strict-Transport-Security"))
	assert.Equal(t, "proxy_in_the_clear", signIn(h, "http").problem(t).Code)

	forged := h.ask(t, request{path: "/api/v1/cases", as: nobody, header: map[string]string{"Authorization": "Guatu-Tool " + toolKey, "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https"}})
	assert.Equal(t, "tool_unknown", forged.problem(t).Code, "a tool of this machine comes through no proxy")
}

// TestNothingIsTakenInTheClearFromAnotherMachine: not even round the proxy.
func TestNothingIsTakenInTheClearFromAnotherMachine(t *testing.T) {
	t.Parallel()
	h := behind(t, "10.12.0.3/32")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://10.12.0.5/api/v1/session", http.NoBody)
	require.NoError(t, err)
	for peer, refusal := range map[string]string{"10.12.0.77:5000": "not_encrypted", "10.12.0.3:5000": "not_encrypted", "127.0.0.1:5000": ""} {
		req.RemoteAddr = peer
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if refusal == "" {
			assert.Equal(t, http.StatusOK, w.Code, peer)
		} else {
			assert.Contains(t, w.Body.String(), refusal, peer)
		}
	}
}

// TestThePlainPortNamesItsRequestsAndNotesWhatItRefused: it gives nothing away, and is no way round the log.
func TestThePlainPortNamesItsRequestsAndNotesWhatItRefused(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	rooms.Trust = &httpapi.Trust{Certificate: []byte("der"), Fingerprint: "AB:CD", Port: "8443"}
	noted := make(chan audit.Entry, 1)
	rooms.Audit = noting{rooms.Audit, noted}
	plain := serve(t, rooms, log).Plain()
	ask := func(host string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		plain.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+host+"/trust", http.NoBody))
		return w
	}
	first, second := ask("10.12.0.5"), ask("10.12.0.5")
	assert.Equal(t, http.StatusOK, first.Code)
	assert.Contains(t, first.Body.String(), "AB:CD")
	assert.Regexp(t, "^[A-Z2-7]{12}$", first.Header().Get("Guatu-Request"))
	assert.NotEqual(t, first.Header().Get("Guatu-Request"), second.Header().Get("Guatu-Request"))
	assert.Equal(t, "nosniff", first.Header().Get("X-Content-Type-Options"))
	assert.Empty(t, noted, "what was answered is no refusal")

	foreign := ask("evil.example")
	assert.Equal(t, http.StatusForbidden, foreign.Code)
	assert.NotContains(t, foreign.Body.String(), "AB:CD")
	require.Len(t, noted, 1)
	assert.Equal(t, audit.Entry{Kind: audit.Foreign, Outcome: "foreign_host", Object: "GET /trust"}, <-noted)
}

// noting tells what is noted on its way into the log.
type noting struct {
	httpapi.Audit

	noted chan<- audit.Entry
}

func (n noting) Note(_ context.Context, e audit.Entry) { n.noted <- e }

func TestNamesThatAreThisServers(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	rooms.Way = httpapi.Way{Names: []string{"guatu.xiuzhou.local"}, Named: func(name string) bool { return name == "cert.example" }}
	h := serve(t, rooms, log)
	for host, known := range map[string]bool{
		"guatu.xiuzhou.local:8443": true, "GUATU.xiuzhou.local": true, "cert.example": true, "localhost:1": true, "10.12.0.5": true, "[fd00::1]:8443": true,
		"evil.example": false, "guatu.xiuzhou.local.evil.example": false, "10.12.0.5.evil.example": false, "127.0.0.1.evil.example:80": false,
	} {
		assert.Equal(t, known, h.ask(t, request{path: "/api/v1/health", host: host}).status == http.StatusOK, host)
	}
}

func TestEveryAnswerCarriesTheHeadersOfABrowsersGuard(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, path := range []string{"/", "/api/v1/", "/api/v1/cases", "/api/v1/layers/parcels", "/nothing", "/assets/app-1a2b3c.js"} {
		a := h.ask(t, request{path: path})
		policy := a.header.Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'; script-src 'self'; style-src 'self';", path)
		assert.Contains(t, policy, "frame-ancestors 'none'", path)
		assert.NotContains(t, policy, "unsafe", path)
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "X-Frame-Options": "DENY",
		} {
			assert.Equal(t, want, a.header.Get(name), path)
		}
		assert.Contains(t, a.header.Get("Permissions-Policy"), "geolocation=(self), camera=(self)", path)
	}
	assert.Equal(t, "no-store", h.ask(t, request{path: "/api/v1/cases"}).header.Get("Cache-Control"), "what somebody may see stays in no cache")
}

func TestWhoAsksTooMuchIsAskedToWait(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	rooms.Limits.Session = 1
	h := serve(t, rooms, log)
	statuses := map[int]int{}
	for range 40 {
		a := h.ask(t, request{path: "/api/v1/session", as: "shen"})
		statuses[a.status]++
		if a.status == http.StatusTooManyRequests {
			assert.Equal(t, "操作过于频繁，请稍候再试", a.problem(t).Detail)
			assert.Equal(t, "1", a.header.Get("Retry-After"))
		}
	}
	assert.GreaterOrEqual(t, statuses[http.StatusOK], 10)
	assert.Positive(t, statuses[http.StatusTooManyRequests])
	assert.Equal(t, http.StatusOK, h.ask(t, request{path: "/api/v1/session", as: "mei"}).status, "another session is not punished")
}

// TestAttemptsToComeInAreFew: what costs the server most and wants no session. A new cookie each time is no way round.
func TestAttemptsToComeInAreFew(t *testing.T) {
	t.Parallel()
	h := setup(t)
	refused := 0
	for n := range 80 {
		header := map[string]string{"Content-Type": "application/json", "Cookie": fmt.Sprintf("guatu_session=%d", n)}
		a := h.ask(t, request{method: http.MethodPost, path: "/api/v1/session", as: nobody, header: header, body: strings.NewReader(fmt.Sprintf(`{"login":"x%d","password":"x"}`, n))})
		if a.status == http.StatusTooManyRequests {
			refused++
		}
	}
	assert.Positive(t, refused)
}

func TestAddressesAreBoundedBeforeAnythingIsLookedUp(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	rooms.Limits.Address = 1
	h := serve(t, rooms, log)
	refused := 0
	for range 40 {
		if h.ask(t, request{path: "/favicon.svg", as: nobody}).status == http.StatusTooManyRequests {
			refused++
		}
	}
	assert.Positive(t, refused)
}

// TestBodiesAreBounded: too large is refused; who still sends then may see the connection broken instead of the answer.
func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	h := setup(t)
	cookie := h.session(t, "lu")
	send := func(path string, size int, chunked bool) int {
		var body io.Reader = strings.NewReader(`{"login":"` + strings.Repeat("a", size) + `"}`)
		if chunked {
			body = io.MultiReader(body) // its length is not known
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.web.URL+"/api/v1"+path, body)
		require.NoError(t, err)
		req.Header.Set("Content-Type", "application/json")
		req.AddCookie(cookie)
		resp, err := http.DefaultClient.Do(req)
		if errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) {
			return http.StatusRequestEntityTooLarge
		}
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.StatusCode
	}
	for _, chunked := range []bool{false, true} {
		assert.Equal(t, http.StatusRequestEntityTooLarge, send("/session", 20<<10, chunked))
		assert.Equal(t, http.StatusRequestEntityTooLarge, send("/changes", 3<<20, chunked))
		assert.Equal(t, http.StatusBadRequest, send("/changes", 1<<20, chunked))
	}
}

// TestABodyThatDoesNotComeIsNotWaitedFor: slow loris. The connection ends by itself.
func TestABodyThatDoesNotComeIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.Patience(50 * time.Millisecond)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(h.web.URL, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	cookie := h.session(t, "lu")
	_, err = fmt.Fprintf(conn, "POST /api/v1/changes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\nCookie: %s=%s\r\n\r\n{", cookie.Name, cookie.Value)
	require.NoError(t, err)
	from := bufio.NewReader(conn)
	resp, err := http.ReadResponse(from, nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	_, err = io.Copy(io.Discard, from)
	assert.NoError(t, err, "the server closed the connection")
}

// TestPathTricks: nothing outside the pages is reached through them.
func TestPathTricks(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, path := range []string{
		"/../go.mod", "/assets/../../go.mod", "/%2e%2e/go.mod", "/..%2fgo.mod", "/assets/%2e%2e%2f%2e%2e%2fetc/passwd", `/..\go.mod`, "/%5c..%5cgo.mod",
		"//etc/passwd", "/assets/", "/assets", "/favicon.svg/..%00", "/.git/config", "/%00",
	} {
		a := h.ask(t, request{path: path, as: nobody})
		assert.Equal(t, http.StatusNotFound, a.status, path)
		assert.Equal(t, "没有这个地址", a.problem(t).Detail, path)
	}
}

func TestWhatStillStandsKeepsTheGuardItCameWith(t *testing.T) {
	t.Parallel()
	h := setup(t)
	whole := h.ask(t, request{path: "/api/v1/layers/parcels"})
	again := h.ask(t, request{path: "/api/v1/layers/parcels", header: map[string]string{"If-None-Match": whole.header.Get("Etag")}})
	assert.Equal(t, http.StatusNotModified, again.status)
	assert.NotEmpty(t, whole.header.Get("Content-Security-Policy"))
	assert.Empty(t, again.header.Get("Content-Security-Policy"), "a cache keeps that of the answer it has (RFC 9111, 3.2)")
	assert.Equal(t, whole.header.Get("Etag"), again.header.Get("Etag"))
	assert.Equal(t, whole.header.Get("Cache-Control"), again.header.Get("Cache-Control"))
}
