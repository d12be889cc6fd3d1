package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// listLayers says which layers there are; written by hand beside the layers themselves.
func (s *Server) listLayers(c echo.Context) error {
	actor, err := s.actor(c)
	if err != nil {
		return err
	}
	snapshot, err := s.snapshotAt(c, scopeOf(actor))
	if err != nil {
		return err
	}
	found, err := snapshot.Layers(c.Request().Context(), scopeOf(actor))
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
