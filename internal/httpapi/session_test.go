package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
)

type session struct {
	Person *struct {
		ID       string
		RoleName struct{ ZH string } `json:"role_name"`
	}
	Login       string
	Due         string
	IdleMinutes int `json:"idle_minutes"`
}

// visit asks who is signed in, with a cookie.
func (h *house) visit(t *testing.T, cookie *http.Cookie) session {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1/session", as: nobody, header: map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}})
	require.Equal(t, http.StatusOK, a.status)
	var s session
	a.into(t, &s)
	return s
}

// send sends JSON with a cookie.
func (h *house) send(t *testing.T, cookie *http.Cookie, method, path string, body fields) answer {
	t.Helper()
	header := map[string]string{"Content-Type": "application/json", "Cookie": cookie.Name + "=" + cookie.Value}
	return h.ask(t, request{method: method, path: "/api/v1" + path, as: nobody, header: header, body: strings.NewReader(text(t, body))})
}

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	h := setup(t)
	cookie := h.session(t, "shen")
	assert.True(t, cookie.HttpOnly)
	assert.Equal(t, http.SameSiteStrictMode, cookie.SameSite)
	assert.Equal(t, "/", cookie.Path)
	assert.Empty(t, cookie.Domain)
	s := h.visit(t, cookie)
	assert.Equal(t, "shen", s.Person.ID)
	assert.Equal(t, "镇责任人", s.Person.RoleName.ZH)
	assert.Equal(t, 30, s.IdleMinutes)

	other := sessionCookie(t, h.signIn(t, "shen", password))
	out := h.send(t, cookie, http.MethodDelete, "/session", nil)
	assert.Equal(t, http.StatusNoContent, out.status)
	assert.Contains(t, out.header.Get("Set-Cookie"), "Max-Age=0")
	assert.Nil(t, h.visit(t, cookie).Person, "the cookie is worth nothing, whoever kept it")
	assert.NotNil(t, h.visit(t, other).Person)

	third := sessionCookie(t, h.signIn(t, "shen", password))
	assert.Equal(t, http.StatusNoContent, h.send(t, third, http.MethodDelete, "/session?everywhere=true", nil).status)
	assert.Nil(t, h.visit(t, other).Person)
	assert.Equal(t, http.StatusNoContent, h.send(t, other, http.MethodDelete, "/session", nil).status, "signing out twice is no failure")
}

// TestAPlantedCookieIsNotTakenOver: session fixation.
func TestAPlantedCookieIsNotTakenOver(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.session(t, "shen")
	planted := &http.Cookie{Name: "guatu_session", Value: "chosen-by-somebody-else"}
	mine := sessionCookie(t, h.send(t, planted, http.MethodPost, "/session", fields{"login": "shen", "password": password}))
	assert.NotEqual(t, planted.Value, mine.Value)
	assert.Nil(t, h.visit(t, planted).Person)
	again := sessionCookie(t, h.send(t, mine, http.MethodPost, "/session", fields{"login": "shen", "password": password}))
	assert.Nil(t, h.visit(t, mine).Person, "signing in replaces the session that was there")
	assert.NotNil(t, h.visit(t, again).Person)
}

func TestWrongPasswordsOverHTTP(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.session(t, "shen")
	for _, says := range []string{"账号或密码不正确，还可尝试 4 次", "账号或密码不正确，还可尝试 3 次", "账号或密码不正确，还可尝试 2 次", "账号或密码不正确，还可尝试 1 次", "连续 5 次输错，账号已锁定 30 分钟", "连续 5 次输错，账号已锁定 30 分钟"} {
		a := h.signIn(t, "shen", "wrong")
		assert.Equal(t, http.StatusUnauthorized, a.status)
		assert.Equal(t, says, a.problem(t).Detail)
		assert.Empty(t, a.header.Get("Set-Cookie"))
	}
}

// TestAPasswordThatWasGivenOpensNothingElse: it must be changed first, by its owner.
func TestAPasswordThatWasGivenOpensNothingElse(t *testing.T) {
	t.Parallel()
	h := setup(t)
	gate, ok := h.rooms.Gate.(*auth.Gate)
	require.True(t, ok)
	require.NoError(t, gate.Add(t.Context(), auth.Draft{Login: "he", Person: "shen", Password: "Given-by-9", MustChange: true}))
	cookie := sessionCookie(t, h.signIn(t, "he", "Given-by-9"))
	assert.Equal(t, "first", h.visit(t, cookie).Due)
	for _, path := range []string{"/cases", "/layers/parcels", "/live", "/people"} {
		a := h.send(t, cookie, http.MethodGet, path, nil)
		assert.Equal(t, "首次登录，请先修改密码", a.problem(t).Detail, path)
	}
	weak := h.send(t, cookie, http.MethodPut, "/session/password", fields{"old": "Given-by-9", "new": "12345678"})
	assert.Equal(t, "password_weak", weak.problem(t).Code)
	wrong := h.send(t, cookie, http.MethodPut, "/session/password", fields{"old": "x", "new": password})
	assert.Equal(t, http.StatusForbidden, wrong.status)
	next := sessionCookie(t, h.send(t, cookie, http.MethodPut, "/session/password", fields{"old": "Given-by-9", "new": password}))
	assert.Empty(t, h.visit(t, next).Due)
	assert.Nil(t, h.visit(t, cookie).Person)
	assert.Equal(t, http.StatusOK, h.send(t, next, http.MethodGet, "/people", nil).status)
}

func TestAToolOfThisMachineIsTheSystem(t *testing.T) {
	t.Parallel()
	h := setup(t)
	tool := func(key string) answer {
		return h.ask(t, request{path: "/api/v1/cases", as: nobody, header: map[string]string{"Authorization": "Guatu-Tool " + key}})
	}
	assert.Equal(t, http.StatusOK, tool(toolKey).status)
	for _, key := range []string{"guess", toolKey + "x"} {
		assert.Equal(t, "tool_unknown", tool(key).problem(t).Code)
	}
}

// TestAStreamEndsWithItsSession: what is read on and on is checked on and on.
func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	rooms, log := open(t)
	h := serve(t, rooms, log)
	h.Pace(5*time.Millisecond, time.Second)
	s := h.stream(t, "")
	assert.Equal(t, "hello", s.next(t).kind)
	gate, ok := h.rooms.Gate.(*auth.Gate)
	require.True(t, ok)
	require.NoError(t, gate.SetDisabled(t.Context(), "lu", true))
	require.NoError(t, s.drained(), "the server ended it in order")
}

// TestNothingIsSaidToNobody walks the contract: without a session every operation is closed but those that open one.
func TestNothingIsSaidToNobody(t *testing.T) {
	t.Parallel()
	h := setup(t)
	openOnes := map[string]bool{"GET /api/v1/health": true, "GET /api/v1/session": true, "POST /api/v1/session": true, "DELETE /api/v1/session": true, "POST /api/v1/session/wall": true, "POST /api/v1/session/device": true}
	closed := 0
	for _, r := range h.Routes() {
		name := r.Method + " " + r.Path
		if !strings.HasPrefix(r.Path, "/api/") || r.Method == "echo_route_not_found" || openOnes[name] || strings.Contains(strings.Join(documentation, " "), name) {
			continue
		}
		closed++
		a := h.ask(t, request{method: r.Method, path: strings.NewReplacer(":id", "1", ":layer", "parcels").Replace(r.Path), as: nobody})
		assert.Equal(t, http.StatusUnauthorized, a.status, name)
		if r.Method != http.MethodHead { // has no words
			assert.Equal(t, "请先登录", a.problem(t).Detail, name)
		}
	}
	assert.Greater(t, closed, 10)
}
