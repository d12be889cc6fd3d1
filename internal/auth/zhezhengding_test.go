package auth_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// gateway stands in for the platform: it answers as documented, checks every signature, and takes a code once.
type gateway struct {
	tokens atomic.Int32
	used   map[string]bool
	broken string // an answer for everything
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	plain := "access_token=" + r.Form.Get("access_token") + "&code=" + r.Form.Get("code")
	if r.URL.Path == "/gettoken.json" {
		plain = "appkey=" + r.Form.Get("appkey") + "&appsecret=" + r.Form.Get("appsecret")
	}
	mac := hmac.New(sha256.New, []byte("s3cret"))
	h := r.Header
	_, _ = io.WriteString(mac, r.Method+"\n"+h.Get("X-Hmac-Auth-Timestamp")+"\n"+h.Get("X-Hmac-Auth-Nonce")+"\n"+r.URL.Path+"\n"+plain)
	_, _ = io.WriteString(w, g.answer(r, h.Get("apiKey") == "app" && h.Get("X-Hmac-Auth-Version") == "1.0" && h.Get("X-Hmac-Auth-Signature") == base64.StdEncoding.EncodeToString(mac.Sum(nil))))
}

func (g *gateway) answer(r *http.Request, signed bool) string {
	code := r.Form.Get("code")
	switch {
	case g.broken != "":
		return g.broken
	case !signed:
		return `{"success":false,"errorMsg":"SignatureDoesNotMatch","errorCode":"OPF-B001-05-16-0009"}`
	case r.Method == http.MethodGet && r.URL.Path == "/gettoken.json":
		g.tokens.Add(1)
		return `{"success":true,"content":{"data":{"accessToken":"at","expiresIn":"7200"},"responseMessage":"OK","responseCode":"0","success":true}}`
	case r.Method != http.MethodPost || r.URL.Path != "/rpc/oauth2/getuserinfo_bycode.json" || r.Form.Get("access_token") != "at" || g.used[code] || code == "expired":
		return `{"success":true,"content":{"success":false,"responseCode":"1","responseMessage":"code is invalid"}}`
	}
	g.used[code] = true
	return `{"success":true,"content":{"data":{"accountId":` + code + `,"lastName":"沈某","clientId":"mozi-buc-sso","realmId":57,"account":"shen"},"responseMessage":"OK","responseCode":"0","success":true}}`
}

type links map[string]string

func (l links) LinkedLogin(_ context.Context, system, subject string) (string, error) {
	if login := l[system+" "+subject]; login != "" {
		return login, nil
	}
	return "", fault.New(fault.KindNotFound, "link_not_found", "没有", "none")
}

func TestSigningInByZhezhengding(t *testing.T) {
	t.Parallel()
	g := &gateway{used: map[string]bool{}}
	platform := httptest.NewServer(g)
	t.Cleanup(platform.Close)
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	settings := auth.ZhezhengdingSettings{Login: "https://login.example", API: platform.URL, Key: "app", Secret: "s3cret", Callback: "https://guatu.example/sign-in/back"}
	z := auth.NewZhezhengding(settings, links{"zhezhengding 100135": "shen"}, func() time.Time { return now })

	there, err := z.Begin(t.Context(), auth.Passage{State: "st"})
	require.NoError(t, err)
	address, err := url.Parse(there)
	require.NoError(t, err)
	assert.Equal(t, "/oauth2/auth.htm", address.Path)
	for name, want := range map[string]string{"response_type": "code", "client_id": "app", "scope": "get_user_info", "authType": "QRCODE", "state": "st", "redirect_uri": settings.Callback} {
		assert.Equal(t, want, address.Query().Get(name), name)
	}

	login, err := z.Finish(t.Context(), auth.Passage{}, "100135")
	require.NoError(t, err)
	assert.Equal(t, "shen", login)
	_, err = z.Finish(t.Context(), auth.Passage{}, "100135")
	require.True(t, fault.Is(err, "outside_failed"), "a code is good once: %v", err)
	_, err = z.Finish(t.Context(), auth.Passage{}, "100136")
	require.True(t, fault.Is(err, "outside_unknown"), "a namesake is somebody else: %v", err)
	assert.EqualValues(t, 1, g.tokens.Load(), "the application's token is kept")
	now = now.Add(2 * time.Hour)
	_, err = z.Finish(t.Context(), auth.Passage{}, "expired")
	f, ok := fault.As(err)
	require.True(t, ok)
	assert.Equal(t, "浙政钉登录没有成功，请重试或用账号登录", f.ZH)
	assert.EqualValues(t, 2, g.tokens.Load())
}

func TestZhezhengdingThatFailsIsSaidInWordsAndTellsNoSecret(t *testing.T) {
	t.Parallel()
	g := &gateway{used: map[string]bool{}}
	platform := httptest.NewServer(g)
	settings := auth.ZhezhengdingSettings{API: platform.URL, Key: "app", Secret: "another"}
	try := func() error {
		_, err := auth.NewZhezhengding(settings, links{}, time.Now).Finish(t.Context(), auth.Passage{}, "1")
		return err
	}
	require.ErrorContains(t, try(), "SignatureDoesNotMatch")
	for _, broken := range []string{"<html>502</html>", "{}", `{"success":true,"content":{"success":true,"data":{}}}`, `{"success":true,"content":{"success":true,"data":"x"}}`} {
		g.broken = broken
		require.True(t, fault.Is(try(), "outside_failed"), broken)
	}
	platform.Close()
	err := try()
	require.True(t, fault.Is(err, "outside_failed"), err)
	assert.NotContains(t, err.Error(), "another")
}
