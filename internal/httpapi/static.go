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

// wallPage is the address of the wall (作战大屏): the same file, which shows another page there.
const wallPage = "wall"

// routeFrontEnd serves the built pages: assets with a hash in their name for a
// year, everything else checked each time.
func (s *Server) routeFrontEnd() {
	s.echo.GET("/*", s.getStatic)
	s.echo.HEAD("/*", s.getStatic)
}

func (s *Server) getStatic(c echo.Context) error {
	name := strings.TrimPrefix(path.Clean(c.Request().URL.Path), "/")
	if name == "" || name == wallPage {
		name = "index.html"
	}
	if strings.HasPrefix(name, "api/") {
		return echo.ErrNotFound
	}
	body, err := fs.ReadFile(s.FrontEnd, name)
	if errors.Is(err, fs.ErrNotExist) && name == "index.html" {
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
	if kind == "" {
		kind = "application/octet-stream"
	}
	return c.Blob(http.StatusOK, kind, body)
}
