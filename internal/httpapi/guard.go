package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
)

// check refuses a request before anything is done for it.
type check func(c echo.Context) error

// checked asks checks in their order. One step of the chain for all of them: echo makes the chain anew for each request.
func checked(checks ...check) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			for _, refuses := range checks {
				if err := refuses(c); err != nil {
					return err
				}
			}
			return next(c)
		}
	}
}

// door is what every request goes through first, whatever it asks for: it is given a name and an origin, its answer the guards, and what
// was refused is noted. One step of the chain as well.
func (s *Server) door(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if what := recover(); what != nil {
				err = s.panicked(c, what)
			}
		}()
		s.observe(c)
		s.secureHeaders(c)
		if err = next(c); err != nil {
			s.noteRefusal(c, err)
		}
		return err
	}
}

// panicked turns a panic into an unknown failure; the log has the stack.
func (s *Server) panicked(c echo.Context, what any) error {
	if what == http.ErrAbortHandler { //nolint:errorlint // the documented sentinel, compared as net/http does
		panic(what)
	}
	s.Log.ErrorContext(c.Request().Context(), "panic", slog.Any("panic", what), slog.String("stack", string(debug.Stack())))
	return fmt.Errorf("panic: %v", what)
}

// contentPolicy lets the page load what this server serves and nothing else, with nothing inline.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; " +
	"worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// guards are headers that keep foreign content out of the page and the page out of foreign frames. The names are
// canonical, and the values are shared: nothing is made for a request.
var guards = [...]struct { //nolint:gochecknoglobals // never written
	name  string
	value []string
}{
	{"Content-Security-Policy", []string{contentPolicy}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"X-Frame-Options", []string{"DENY"}}, // old office browsers know no frame-ancestors
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Permissions-Policy", []string{"geolocation=(self), camera=(self), microphone=(), payment=(), usb=()"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Cross-Origin-Embedder-Policy", []string{"require-corp"}},
}

// What caches are told; the values are shared by all answers, like those of the guards.
var noStore, askAgain, byCoding = []string{"no-store"}, []string{"private, no-cache"}, []string{"Accept-Encoding, Cookie"} //nolint:gochecknoglobals // never written

// secureHeaders sends the guards with an answer that has none of its own.
func (s *Server) secureHeaders(c echo.Context) {
	answer := c.Response()
	h := answer.Header()
	if s.Way.secure(c.Request()) {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
	if strings.HasPrefix(c.Request().URL.Path, apiPrefix+"/") {
		h["Cache-Control"] = noStore // what may be kept says so itself
	}
	answer.Before(func() {
		if answer.Status != http.StatusNotModified {
			guard(h)
		}
	})
}

// notModified says that what the reader has still stands, guards and all: they are not sent again (RFC 9110, 15.4.5).
func notModified(c echo.Context) error { return c.NoContent(http.StatusNotModified) }

func guard(h http.Header) {
	for _, g := range guards {
		if _, own := h[g.name]; !own {
			h[g.name] = g.value
		}
	}
}

// sameOrigin refuses changes that a page of another site makes a browser send,
// by what the browser itself says (Sec-Fetch-Site, else Origin). Signing in is a
// change too: nobody can be signed in as another unawares.
func sameOrigin() check {
	protection := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		if err := protection.Check(c.Request()); err != nil {
			return fault.New(fault.KindDenied, "foreign_origin", "请求来自其他网站，已拒绝", "the request comes from another site and was refused").Because(err)
		}
		return nil
	}
}
