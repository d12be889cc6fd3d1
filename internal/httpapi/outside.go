package httpapi

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// Outside is another system by which people may sign in.
type Outside struct {
	Name string // on the button
	By   auth.Outside
}

// Enterer lets in whom another system has named.
type Enterer interface {
	Enter(ctx context.Context, login string, a auth.Attempt) (auth.Session, error)
}

const (
	outsideBegin  = "/sign-in/outside"
	outsideBack   = "/sign-in/back"
	outsideSheet  = "/sign-in/page.css"
	passageCookie = "guatu_passage" //nolint:gosec // the name of a cookie
	passageLife   = 10 * time.Minute
)

// passage is kept by the browser alone: whoever comes back without it did not leave from here.
type passage struct {
	auth.Passage

	Next string // what is opened afterwards: behind the # of this server's own page
}

// routeOutside lets browsers go to the other system and come back.
func (s *Server) routeOutside() {
	if s.Outside == nil {
		return
	}
	s.echo.GET(outsideSheet, func(c echo.Context) error { return c.Blob(http.StatusOK, "text/css; charset=utf-8", trustStyle) })
	s.echo.GET(outsideBegin, s.told(s.leave))
	s.echo.GET(outsideBack, s.told(s.comeBack))
}

// leave sends the browser to the other system.
func (s *Server) leave(c echo.Context) error {
	p := passage{auth.NewPassage(), ownFragment(c.QueryParam("next"))}
	there, err := s.Outside.By.Begin(c.Request().Context(), p.Passage)
	if err != nil {
		return err
	}
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	s.setPassage(c, base64.RawURLEncoding.EncodeToString(text), passageLife)
	return c.Redirect(http.StatusFound, there)
}

// ownFragment is where to go on this server's own page; whatever else is asked for is not gone to.
func ownFragment(next string) string {
	if !strings.HasPrefix(next, "#") || strings.ContainsAny(next, "\r\n") {
		return ""
	}
	return next
}

// comeBack takes what the other system says, once, and only from the browser that left.
func (s *Server) comeBack(c echo.Context) error {
	r := c.Request()
	p, ok := passageIn(r, s.Way.secure(r))
	s.setPassage(c, "", 0)
	state := c.QueryParam("state")
	if !ok || state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(p.State)) != 1 {
		return fault.New(fault.KindUnidentified, "outside_forged", "登录凭据校验不通过，请重新登录", "what came back does not check; please sign in again")
	}
	if c.QueryParam("error") != "" || c.QueryParam("code") == "" {
		return fault.New(fault.KindDenied, "outside_refused", s.Outside.Name+"没有同意登录，请重试或用账号登录", s.Outside.Name+" did not agree; please try again or use your account")
	}
	login, err := s.Outside.By.Finish(r.Context(), p.Passage, c.QueryParam("code"))
	if err != nil {
		return err
	}
	v := visitor{secure: s.Way.secure(r)}
	a := auth.Attempt{Login: login, Address: c.RealIP(), Agent: shortened(r.UserAgent()), Token: cookieIn(r, sessionCookie, v.secure)}
	session, err := s.Enterer.Enter(r.Context(), login, a)
	if err != nil {
		return err
	}
	c.Response().Header().Add("Set-Cookie", *setCookie(v, sessionCookie, session.Token, 0))
	return c.Redirect(http.StatusFound, "/"+p.Next)
}

func passageIn(r *http.Request, secure bool) (p passage, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(cookieIn(r, passageCookie, secure))
	return p, err == nil && json.Unmarshal(text, &p) == nil && p.State != ""
}

// setPassage is Lax, not Strict: the browser comes back by a redirect of the other system.
func (s *Server) setPassage(c echo.Context, value string, life time.Duration) {
	secure := s.Way.secure(c.Request())
	cookie := http.Cookie{Name: cookieName(passageCookie, secure), Value: value, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: int(life.Seconds())} //nolint:gosec // Secure wherever what travels is encrypted
	if value == "" {
		cookie.MaxAge = -1
	}
	c.Response().Header().Add("Set-Cookie", cookie.String())
}

//nolint:gochecknoglobals // parsed once, never written
var refusalPage = template.Must(template.New("refusal").Parse(`<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>登录</title>
<link rel="stylesheet" href="` + outsideSheet + `"><main><h1>没有登录</h1><p>{{.Detail}}{{with .Instance}}（编号 {{.}}）{{end}}</p><p lang="en" class="small">{{.DetailEn}}</p><p><a class="button" href="/">返回登录页</a></p></main></html>
`))

// told shows a refusal as a page: who comes here is a person on the way, no program.
func (s *Server) told(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.gates.pass(c, s.gates.stranger, c.RealIP()); err != nil {
			return err
		}
		err := next(c)
		if err == nil || c.Response().Committed {
			return err
		}
		p, status := s.problem(c, err)
		c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
		c.Response().WriteHeader(status)
		return refusalPage.Execute(c.Response(), p)
	}
}
