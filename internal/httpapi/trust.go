package httpapi

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

//go:embed trust.html.tmpl
var trustTemplate string

//go:embed trust.css
var trustStyle []byte

// Trust is the built-in CA as devices meet it.
type Trust struct {
	Certificate []byte // DER
	Fingerprint string // SHA-256 in pairs of digits
	Expires     time.Time
	Port        string // of the encrypted server
}

const (
	trustPage  = "/trust"
	trustFile  = "/trust/guatu-ca.crt"
	trustSheet = "/trust/trust.css"
)

// route serves the page and the CA's certificate; a server without one has neither.
func (t *Trust) route(e *echo.Echo) {
	if t == nil {
		return
	}
	e.GET(trustPage, t.page)
	e.GET(trustSheet, func(c echo.Context) error { return c.Blob(http.StatusOK, "text/css; charset=utf-8", trustStyle) })
	e.GET(trustFile, func(c echo.Context) error {
		c.Response().Header().Set("Content-Disposition", `attachment; filename="guatu-ca.crt"`)
		return c.Blob(http.StatusOK, "application/x-x509-ca-cert", t.Certificate)
	})
}

func (t *Trust) page(c echo.Context) error {
	page, err := template.New("trust").Parse(trustTemplate)
	if err != nil {
		return fmt.Errorf("trust page: %w", err)
	}
	var text bytes.Buffer
	err = page.Execute(&text, map[string]string{
		"Fingerprint": t.Fingerprint, "Expires": t.Expires.Format(time.DateOnly), "File": trustFile, "Sheet": trustSheet, "Server": t.server(c.Request()),
	})
	if err != nil {
		return fmt.Errorf("trust page: %w", err)
	}
	return c.HTMLBlob(http.StatusOK, text.Bytes())
}

// server is the encrypted address under the name by which the device found this page.
func (t *Trust) server(r *http.Request) string {
	name, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		name = r.Host
	}
	if t.Port == "443" {
		return "https://" + name
	}
	return "https://" + net.JoinHostPort(name, t.Port)
}

// Plain answers over plain HTTP: how to trust the CA, and where the encrypted
// server is. Whatever else is asked for is sent there; nothing is taken here.
func (s *Server) Plain() http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = echo.ExtractIPDirect()
	e.Use(s.door, checked(s.Way.knownHost, s.gates.byAddress))
	s.Trust.route(e)
	there := func(c echo.Context) error {
		return c.Redirect(http.StatusFound, s.Trust.server(c.Request())+c.Request().URL.EscapedPath())
	}
	e.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusFound, trustPage) })
	e.GET("/*", there)
	e.HEAD("/*", there)
	return e
}
