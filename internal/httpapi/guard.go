package httpapi

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
)

// recoverPanic turns a panic into an unknown failure; the log has the stack.
func (s *Server) recoverPanic(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			what := recover()
			if what == nil {
				return
			}
			if what == http.ErrAbortHandler { //nolint:errorlint // the documented sentinel, compared as net/http does
				panic(what)
			}
			s.Log.ErrorContext(c.Request().Context(), "panic", slog.Any("panic", what), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("panic: %v", what)
		}()
		return next(c)
	}
}

// secureHeaders keeps foreign content out of the page and the page out of foreign frames.
func secureHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		return next(c)
	}
}

// loopbackOnly refuses foreign host names (DNS rebinding).
func loopbackOnly(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !isLoopback(c.Request().Host) {
			return fault.New(fault.KindDenied, "not_loopback", "此服务目前只供本机访问", "this server answers this machine only")
		}
		return next(c)
	}
}

// sameOrigin refuses changes that a page of another site makes a browser send,
// by what the browser itself says (Sec-Fetch-Site, else Origin). Signing in is a
// change too: nobody can be signed in as another unawares.
func sameOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return fault.New(fault.KindDenied, "foreign_origin", "请求来自其他网站，已拒绝", "the request comes from another site and was refused").Because(err)
		}
		return next(c)
	}
}

func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if name == "localhost" {
		return true
	}
	ip := net.ParseIP(name)
	return ip != nil && ip.IsLoopback()
}
