package httpapi

import (
	"encoding/json"
	"errors"
	"math"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ogc"
)

// What a program of maps may ask for and the campaign does not allow is refused with what to do instead.
//
// QGIS (3.32 and later) lets nobody edit a layer whose items do not name POST and whose features do not name PUT, although it
// then changes attributes by PATCH: so both are named to whoever may edit. See qgis/QGIS#65120.

// ogcCreate refuses a new feature: a case is listed with its parcels, its operator and its day, and parcels come from files.
func (s *Server) ogcCreate(c echo.Context) error {
	if _, _, err := s.ogcCollectionIn(c); err != nil {
		return err
	}
	return fault.New(fault.KindDenied, "not_created_here", "不能在此新增：事项请在台账中“列入清单”，图斑请用“导入”", "nothing is created here: please list cases in the ledger, and import parcels")
}

// ogcDelete refuses: nothing of a campaign is deleted.
func (s *Server) ogcDelete(c echo.Context) error {
	if _, _, err := s.ogcFeatureIn(c); err != nil {
		return err
	}
	return fault.New(fault.KindDenied, "not_deleted_here", "不能删除：误列的事项请“申请剔除”，导错的图斑请整批撤回", "nothing is deleted: please have a case struck out, or take the batch of the import back")
}

// ogcPut takes a whole feature (Part 4, replace) and changes what may be changed of it, by the same operation as a patch. What
// it would change besides is refused; what it leaves out stays as it is, for programs of maps send the columns they show.
func (s *Server) ogcPut(c echo.Context) error {
	return s.ogcChange(c, func(of *ogc.Collection, f *ogc.Feature) (map[string]string, error) {
		features, err := s.ogcFeatures(c.Request().Context(), of, []ogc.Feature{*f}, ogc.Systems()[0])
		if err != nil {
			return nil, err
		}
		return replacedFields(c, of, features[0])
	})
}

// replacedFields are the editable properties that a feature has otherwise than it stands.
func replacedFields(c echo.Context, of *ogc.Collection, stands ogcFeature) (map[string]string, error) {
	if err := sentAs(c, geoJSON, echo.MIMEApplicationJSON); err != nil {
		return nil, err
	}
	var sent struct {
		Type       string          `json:"type"`
		ID         any             `json:"id"`
		Geometry   json.RawMessage `json:"geometry"`
		Properties map[string]any  `json:"properties"`
	}
	if err := json.NewDecoder(c.Request().Body).Decode(&sent); err != nil || sent.Type != "Feature" {
		return nil, notAsSpecified(errors.Join(errors.New("the feature"), err))
	}
	if len(sent.Geometry) > 0 && !sameGround(sent.Geometry, stands.Geometry) {
		return nil, geometryFixed()
	}
	fields := map[string]string{}
	for _, p := range stands.Properties {
		value, there := sent.Properties[p.name]
		if !there || sameValue(value, p.value) {
			continue
		}
		text, isText := value.(string)
		if !of.Properties[of.Property(p.name)].Editable || !isText && value != nil {
			return nil, notEditable(p.name)
		}
		fields[p.name] = text
	}
	return fields, nil
}

// sameValue compares JSON values; nothing and an empty text are the same.
func sameValue(a, b any) bool {
	if a == "" {
		a = nil
	}
	if b == "" {
		b = nil
	}
	x, isNumber := a.(float64)
	y, too := b.(float64)
	if isNumber && too {
		return math.Abs(x-y) <= 1e-6*math.Max(1, math.Abs(y))
	}
	return a == b
}

// sameGround compares coordinates of two geometries of GeoJSON, within what a program's decimals can do: a centimetre.
func sameGround(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return x == nil || sameNumbers(x, y)
}

const aboutACentimetre = 1e-7 // of a degree

func sameNumbers(a, b any) bool {
	switch x := a.(type) {
	case map[string]any:
		y, is := b.(map[string]any)
		return is && x["type"] == y["type"] && sameNumbers(x["coordinates"], y["coordinates"])
	case []any:
		y, is := b.([]any)
		if !is || len(x) != len(y) {
			return false
		}
		for i := range x {
			if !sameNumbers(x[i], y[i]) {
				return false
			}
		}
		return true
	case float64:
		y, is := b.(float64)
		return is && math.Abs(x-y) <= aboutACentimetre
	}
	return false
}
