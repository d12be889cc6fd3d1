package httpapi_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/oidctest"
)

// outsideHouse is the server with a real provider of OpenID Connect (zitadel/oidc) beside it; shen and mei have accounts here.
type outsideHouse struct {
	*house

	provider *httptest.Server
}

func outsideSetup(t *testing.T) *outsideHouse {
	t.Helper()
	h := &outsideHouse{provider: httptest.NewUnstartedServer(nil)}
	issuer := "http://" + h.provider.Listener.Addr().String()
	rooms, log := open(t)
	gate, ok := rooms.Gate.(*auth.Gate)
	require.True(t, ok)
	here := httptest.NewUnstartedServer(nil)
	callback := "http://" + here.Listener.Addr().String() + "/sign-in/back"
	rooms.Enterer = gate
	rooms.Outside = &httpapi.Outside{Name: "统一身份认证", By: auth.NewOIDC(auth.OIDCSettings{
		Name: "统一身份认证", Issuer: issuer, Client: oidctest.Client, Secret: oidctest.Secret, Claim: "preferred_username", Callback: callback,
	})}
	api, err := httpapi.New(t.Context(), rooms)
	require.NoError(t, err)
	here.Config.Handler = api
	here.Start()
	t.Cleanup(here.Close)
	h.house = &house{Server: api, rooms: rooms, web: here, log: log, cookies: map[string]*http.Cookie{}}
	h.provider.Config.Handler = oidctest.Provider(issuer, callback, "shen", "ghost")
	h.provider.Start()
	t.Cleanup(h.provider.Close)
	h.session(t, "shen")
	return h
}

// browser keeps cookies, and follows redirects unless told to stop before an address.
func (h *outsideHouse) browser(t *testing.T, stopBefore string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if stopBefore != "" && strings.Contains(r.URL.String(), stopBefore) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
}

var requestID = regexp.MustCompile(`name="id" value="([^"]+)"`)

// signInThere goes to the provider and fills its form in.
func (h *outsideHouse) signInThere(t *testing.T, b *http.Client, name, next string) page {
	t.Helper()
	form := fetch(t, b, h.web.URL+"/sign-in/outside?next="+url.QueryEscape(next))
	id := requestID.FindStringSubmatch(form.text)
	require.Len(t, id, 2, form.text)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.provider.URL+"/login/username", strings.NewReader(url.Values{"id": {id[1]}, "username": {name}, "password": {oidctest.Password}}.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(t, b, req)
}

func TestSigningInByAnotherSystem(t *testing.T) {
	t.Parallel()
	h := outsideSetup(t)
	b := h.browser(t, "")
	p := h.signInThere(t, b, "shen", "#page=map&case=7")
	assert.Equal(t, http.StatusOK, p.status)
	assert.Equal(t, h.web.URL+"/#page=map&case=7", p.url)
	assert.Contains(t, fetch(t, b, h.web.URL+"/api/v1/session").text, `"login":"shen"`)

	stranger := h.browser(t, "")
	refused := h.signInThere(t, stranger, "ghost", "")
	assert.Equal(t, http.StatusForbidden, refused.status)
	assert.Contains(t, refused.text, "本系统没有与“ghost”对应的账号")
	assert.Contains(t, fetch(t, stranger, h.web.URL+"/api/v1/session").text, `"sign_in_by":"统一身份认证"`, "nobody became an account")

	gate, ok := h.rooms.Gate.(*auth.Gate)
	require.True(t, ok)
	require.NoError(t, gate.SetDisabled(t.Context(), "shen", true))
	assert.Contains(t, h.signInThere(t, h.browser(t, ""), "shen", "").text, "账号已停用")
}

// TestWhatComesBackIsTakenOnceAndOnlyFromTheBrowserThatLeft: forged and replayed answers, and another's browser.
func TestWhatComesBackIsTakenOnceAndOnlyFromTheBrowserThatLeft(t *testing.T) {
	t.Parallel()
	h := outsideSetup(t)
	b := h.browser(t, "/sign-in/back")
	stopped := h.signInThere(t, b, "shen", "")
	back := stopped.location
	require.Contains(t, back, "/sign-in/back?")

	victim := h.browser(t, "")
	assert.Equal(t, http.StatusUnauthorized, fetch(t, victim, back).status, "a link that signs somebody in as another")
	fetch(t, h.browser(t, h.provider.URL), h.web.URL+"/sign-in/outside")
	forged := regexp.MustCompile(`state=[^&]+`).ReplaceAllString(back, "state=AAAA")
	other := h.browser(t, h.provider.URL)
	fetch(t, other, h.web.URL+"/sign-in/outside")
	assert.Equal(t, http.StatusUnauthorized, fetch(t, other, forged).status)
	assert.Equal(t, http.StatusUnauthorized, fetch(t, other, back).status, "the passage is gone with the first attempt")

	b.CheckRedirect = nil
	assert.Equal(t, http.StatusOK, fetch(t, b, back).status)
	assert.Equal(t, http.StatusUnauthorized, fetch(t, b, back).status, "the same answer again")
	assert.NotContains(t, h.log.String(), oidctest.Secret)
}

func TestNobodyIsSentElsewhere(t *testing.T) {
	t.Parallel()
	h := outsideSetup(t)
	for _, next := range []string{"https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "page", "#\r\nSet-Cookie: x=1"} {
		b := h.browser(t, "")
		p := h.signInThere(t, b, "shen", next)
		assert.Equal(t, h.web.URL+"/", p.url, next)
	}
}

func TestAProviderThatIsAwayIsSaid(t *testing.T) {
	t.Parallel()
	h := outsideSetup(t)
	h.provider.Close()
	p := fetch(t, h.browser(t, ""), h.web.URL+"/sign-in/outside")
	assert.Equal(t, http.StatusServiceUnavailable, p.status)
	assert.Contains(t, p.text, "统一身份认证登录没有成功，请重试或用账号登录")
	assert.NotContains(t, p.text, h.provider.URL, "what lies behind is for the log")
}

// page is where a browser ended.
type page struct {
	status              int
	url, location, text string
}

func fetch(t *testing.T, b *http.Client, address string) page {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	return do(t, b, req)
}

func do(t *testing.T, b *http.Client, req *http.Request) page {
	t.Helper()
	resp, err := b.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return page{resp.StatusCode, resp.Request.URL.String(), resp.Header.Get("Location"), string(text)}
}
