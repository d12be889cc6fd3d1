package httpapi

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/basemap"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// getBasemap says what base map there is.
func (s *Server) getBasemap(c echo.Context) error {
	if _, err := s.actor(c); err != nil {
		return err
	}
	out := gen.Basemap{Layers: []string{}}
	if s.Basemap != nil {
		out.Layers = basemap.Layers()
	}
	return c.JSON(http.StatusOK, out)
}

// getBasemapTile passes on a tile. That 天地图 is away is no failure of this
// server: it is logged where it is noticed, once, and not for every tile.
func (s *Server) getBasemapTile(c echo.Context) error {
	if _, err := s.actor(c); err != nil {
		return err
	}
	if s.Basemap == nil {
		return fault.New(fault.KindNotFound, "no_basemap", "没有设置天地图密钥", "no key of 天地图 is set")
	}
	tile, err := tileOf(c)
	if err != nil {
		return err
	}
	image, err := s.Basemap.Tile(c.Request().Context(), tile)
	if fault.KindOf(err) == fault.KindUnavailable {
		return c.NoContent(http.StatusServiceUnavailable)
	}
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "private, max-age=86400")
	return c.Blob(http.StatusOK, image.Type, image.Body)
}

func tileOf(c echo.Context) (basemap.Tile, error) {
	t := basemap.Tile{Layer: c.Param("layer")}
	for name, number := range map[string]*int{"z": &t.Z, "x": &t.X, "y": &t.Y} {
		var err error
		if *number, err = strconv.Atoi(c.Param(name)); err != nil {
			return t, badParameter(name, c.Param(name), err)
		}
	}
	return t, t.Check()
}
