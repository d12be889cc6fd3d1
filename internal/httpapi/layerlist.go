package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// listLayers says which layers there are; written by hand beside the layers themselves.
func (s *Server) listLayers(c echo.Context) error {
	scope := scopeIn(c.Request().Context())
	snapshot, err := s.snapshotAt(c, scope)
	if err != nil {
		return err
	}
	found, err := snapshot.Layers(c.Request().Context(), scope)
	if err != nil {
		return err
	}
	list := make([]gen.LayerInfo, len(found))
	for i, l := range found {
		list[i] = gen.LayerInfo{Code: l.Code, Reference: l.Reference, Revision: l.Revision, Features: l.Features}
		if l.Reference {
			list[i].Classes = &l.Classes
		}
	}
	return c.JSON(http.StatusOK, list)
}
