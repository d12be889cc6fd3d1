package httpapi

import (
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
)

// routeFrontEnd serves the built pages: assets with a hash in their name for a
// year, everything else checked each time.
func (s *Server) routeFrontEnd() {
	s.echo.GET("/*", s.getStatic)
	s.echo.HEAD("/*", s.getStatic)
}

// pages are the addresses people open: the desk, the wall (作战大屏), which is the same file and looks where it is,
// and the page of who stands in a yard (现场).
var pages = map[string]string{"": "index.html", "wall": "index.html", "field": "field.html"} //nolint:gochecknoglobals // never written

func (s *Server) getStatic(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean(c.Request().URL.Path), "/")
	page, isPage := pages[name]
	if isPage {
		name = page
	}
	if strings.HasPrefix(name, "api/") {
		return echo.ErrNotFound
	}
	body, err := fs.ReadFile(s.FrontEnd, name)
	if errors.Is(err, fs.ErrNotExist) && isPage {
		return fault.New(fault.KindUnavailable, "front_end_not_built", "页面尚未构建，请运行 make build", "the front end was not built; run make build").Because(err)
	}
	if err != nil {
		return echo.ErrNotFound
	}
	cache := "no-cache"
	if strings.HasPrefix(name, "assets/") {
		cache = "public, max-age=31536000, immutable"
	}
	c.Response().Header().Set("Cache-Control", cache)
	kind := mime.TypeByExtension(path.Ext(name))
	switch {
	case path.Ext(name) == ".webmanifest":
		kind = "application/manifest+json" // not every system knows it
	case kind == "":
		kind = "application/octet-stream"
	}
	return c.Blob(http.StatusOK, kind, body)
}
