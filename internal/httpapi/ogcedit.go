package httpapi

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/ogc"
)

// ogcOptions says what may be done: programs ask before they offer to edit.
func (s *Server) ogcOptions(c echo.Context) error {
	of, _, err := s.ogcCollectionIn(c)
	if err != nil {
		return err
	}
	allowed := []string{http.MethodGet, http.MethodOptions}
	v := visitorIn(c.Request().Context())
	if of.ID == ogc.CasesID && v.actor.May(ledger.KindCaseAmend) == nil && (v.held == nil || v.held.MayChange) {
		if c.Param("feature") == "" {
			allowed = append(allowed, http.MethodPost)
		} else {
			allowed = append(allowed, http.MethodPatch, http.MethodPut)
			c.Response().Header().Set("Accept-Patch", mergePatchJSON)
		}
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
	return c.NoContent(http.StatusNoContent)
}

// ogcPatch changes properties of a case (Part 4, update): one operation of the ledger, with the rights and rules of any other.
// With If-Match the change is based on that version, and refused when it is not the newest.
func (s *Server) ogcPatch(c echo.Context) error {
	return s.ogcChange(c, func(of *ogc.Collection, _ *ogc.Feature) (map[string]string, error) { return editedFields(c, of) })
}

// ogcChange applies what a request makes of a feature's fields.
func (s *Server) ogcChange(c echo.Context, edited func(*ogc.Collection, *ogc.Feature) (map[string]string, error)) error {
	of, f, err := s.ogcFeatureIn(c)
	if err != nil {
		return err
	}
	if err := onlyParameters(c); err != nil {
		return err
	}
	if tag := c.Request().Header.Get("If-Match"); tag != "" && !matches(tag, versionTag(f)) {
		return echo.NewHTTPError(http.StatusPreconditionFailed).SetInternal(
			fault.New(fault.KindStale, "changed_meanwhile", "数据已被他人修改，请重新读取后再保存", "somebody changed it meanwhile; please read it again"))
	}
	fields, err := edited(of, f)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if len(fields) == 0 { // it stands as it was sent
		c.Response().Header().Set("Etag", versionTag(f))
		return c.NoContent(http.StatusNoContent)
	}
	device := visitorIn(ctx).device()
	if device == "" {
		device = "ogc"
	}
	out, err := s.Ledger.Apply(ctx, actorIn(ctx), ledger.Operation{OpID: uuid.New(), Device: device, Changes: []ledger.Change{ledger.AmendCase{Case: f.ID, Fields: fields, BaseVersion: f.Version}}})
	if err != nil {
		return err
	}
	if out.Result == ledger.Quarantined {
		return fault.New(fault.KindConflict, "kept_for_check", "与他人的修改不一致，您的内容已保留，待核对", "it contradicts somebody else's change; yours is kept until a person resolves it")
	}
	if err := (&operations{s}).arrived(ctx, &out.Revision); err != nil {
		return err
	}
	if _, changed, err := s.ogcFeatureIn(c); err == nil {
		c.Response().Header().Set("Etag", versionTag(changed))
	}
	return c.NoContent(http.StatusNoContent)
}

// editedFields reads a merge patch of a feature (RFC 7396); null empties a property.
func editedFields(c echo.Context, of *ogc.Collection) (map[string]string, error) {
	if err := sentAs(c, mergePatchJSON, geoJSON, echo.MIMEApplicationJSON); err != nil {
		return nil, err
	}
	var patch struct {
		Type       string             `json:"type"`
		ID         json.RawMessage    `json:"id"`
		Geometry   json.RawMessage    `json:"geometry"`
		Properties map[string]*string `json:"properties"`
	}
	d := json.NewDecoder(c.Request().Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&patch); err != nil {
		return nil, notAsSpecified(fmt.Errorf("the patch: %w", err))
	}
	if patch.Geometry != nil {
		return nil, geometryFixed()
	}
	fields := map[string]string{}
	for name, value := range patch.Properties {
		i := of.Property(name)
		if i < 0 || !of.Properties[i].Editable {
			return nil, notEditable(name)
		}
		fields[name] = orZero(value)
	}
	return fields, nothingChanged(fields)
}

// sentAs refuses what is sent in another form.
func sentAs(c echo.Context, kinds ...string) error {
	kind, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if err != nil || !slices.Contains(kinds, kind) {
		return echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	return nil
}

func geometryFixed() error {
	return fault.New(fault.KindInvalid, "geometry_fixed", "图形不能在此修改，请在土地量算中办理", "geometry is not changed here; please use the land page")
}

func notEditable(name string) error {
	return fault.New(fault.KindInvalid, "not_editable", "属性 "+name+" 不能在此修改", "the property "+name+" cannot be changed here")
}

func nothingChanged(fields map[string]string) error {
	if len(fields) > 0 {
		return nil
	}
	return fault.New(fault.KindInvalid, "nothing_changed", "没有要修改的属性", "there is no property to change")
}
