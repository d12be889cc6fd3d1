package httpapi

import (
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/layer"
)

const flatLayer = "application/vnd.guatu.flat"

// getFlatLayer serves a layer in the flat form (geo/flat) for the program's own page.
func (s *Server) getFlatLayer(c echo.Context) error {
	for _, filter := range []string{"bbox", "unit", "stage"} {
		if c.QueryParam(filter) != "" {
			return badParameter(filter, c.QueryParam(filter), nil)
		}
	}
	return s.answerLayer(c, flatLayer, layer.Selection.Flat)
}
