package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/labstack/echo/v4"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ogc"
)

// ogcFeature is a feature of GeoJSON.
type ogcFeature struct {
	Type       string          `json:"type"`
	ID         int64           `json:"id"`
	Geometry   json.RawMessage `json:"geometry"`
	Properties properties      `json:"properties"`
	Links      []link          `json:"links,omitempty"`
}

// featurePage is a page of features.
type featurePage struct {
	Type      string       `json:"type"`
	TimeStamp string       `json:"timeStamp"`
	Matched   int          `json:"numberMatched"`
	Returned  int          `json:"numberReturned"`
	Links     []link       `json:"links"`
	Features  []ogcFeature `json:"features"`
}

// properties are in the order of the collection.
type properties []propertyValue

type propertyValue struct {
	name  string
	value any // string, float64 or nil
}

// MarshalJSON implements json.Marshaler.
func (p properties) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, n := range p {
		if i > 0 {
			b = append(b, ',')
		}
		value, err := json.Marshal(n.value)
		if err != nil {
			return nil, err
		}
		b = append(append(strconv.AppendQuote(b, n.name), ':'), value...)
	}
	return append(b, '}'), nil
}

func (s *Server) ogcItems(c echo.Context) error {
	of, view, err := s.ogcCollectionIn(c)
	if err != nil {
		return err
	}
	asHTML, err := wantsHTML(c)
	if err != nil {
		return err
	}
	q, system, err := itemQuery(c, of)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	page, err := of.Find(ctx, view, s.Layers.Now(), s.Exports.Shapes, q)
	if err != nil {
		return err
	}
	if !asHTML && (len(page.Features) > seenAtOnce || q.Offset > 0) {
		if err := s.taken(c, of, q, len(page.Features)); err != nil {
			return err
		}
	}
	features, err := s.ogcFeatures(ctx, of, page.Features, system)
	if err != nil {
		return err
	}
	out := featurePage{
		Type: "FeatureCollection", TimeStamp: s.Clock().UTC().Format("2006-01-02T15:04:05Z"), Matched: page.Matched, Returned: len(features),
		Links: append(s.both(c, asHTML, geoJSON), s.turn(c, q, page)...), Features: features,
	}
	out.Links = append(out.Links, link{Href: s.ogcBase(c) + "/collections/" + of.ID, Rel: "collection", Type: echo.MIMEApplicationJSON, Title: of.Title})
	c.Response().Header().Set(crsHeader, "<"+system.URI+">")
	return s.answerOGC(c, asHTML, of.Title, geoJSON, out)
}

// seenAtOnce is how many features a program gets to look at. More of them, or one page after the other, is taking polygons away
// in bulk, as a file would: it needs the right to that, and each page leaves a row in the access log.
const seenAtOnce = 100

// taken asks for the right and writes the row. What was filtered by may be somebody's name: it says only that there was a filter.
func (s *Server) taken(c echo.Context, of *ogc.Collection, q ogc.Query, rows int) error {
	ctx := c.Request().Context()
	if err := actorIn(ctx).May(export.GeometryRight); err != nil {
		return err
	}
	filtered := q.Filter != nil || len(q.Equal) > 0 || len(q.Bounds) > 0
	return s.Audit.Record(ctx, audit.Entry{Kind: audit.Export, Object: "ogc/" + of.ID, Details: map[string]any{"format": "ogc", "rows": rows, "offset": q.Offset, "filtered": filtered}})
}

// turn are the links to the pages before and after.
func (s *Server) turn(c echo.Context, q ogc.Query, page ogc.Page) []link {
	at := func(rel string, offset int) link {
		return link{Href: s.ogcBase(c) + "/collections/" + c.Param("collection") + "/items?" + withParameter(c.QueryParams(), "offset", strconv.Itoa(offset)), Rel: rel, Type: geoJSON}
	}
	var links []link
	if q.Offset+len(page.Features) < page.Matched {
		links = append(links, at("next", q.Offset+q.Limit))
	}
	if q.Offset > 0 {
		links = append(links, at("prev", max(0, q.Offset-q.Limit)))
	}
	return links
}

func (s *Server) ogcItem(c echo.Context) error {
	of, f, err := s.ogcFeatureIn(c)
	if err != nil {
		return err
	}
	if err := onlyParameters(c, "f", "crs"); err != nil {
		return err
	}
	asHTML, err := wantsHTML(c)
	if err != nil {
		return err
	}
	system, err := systemIn(c, "crs")
	if err != nil {
		return err
	}
	features, err := s.ogcFeatures(c.Request().Context(), of, []ogc.Feature{*f}, system)
	if err != nil {
		return err
	}
	one := features[0]
	one.Links = append(s.both(c, asHTML, geoJSON), link{Href: s.ogcBase(c) + "/collections/" + of.ID, Rel: "collection", Type: echo.MIMEApplicationJSON, Title: of.Title})
	h := c.Response().Header()
	h.Set("Etag", versionTag(f))
	h.Set(crsHeader, "<"+system.URI+">")
	if matches(c.Request().Header.Get("If-None-Match"), versionTag(f)) {
		return notModified(c)
	}
	return s.answerOGC(c, asHTML, of.Title, geoJSON, one)
}

// versionTag is the tag of a feature: who changes it says which version they saw.
func versionTag(f *ogc.Feature) string { return fmt.Sprintf(`"%d"`, f.Version) }

func (s *Server) ogcFeatureIn(c echo.Context) (*ogc.Collection, *ogc.Feature, error) {
	of, view, err := s.ogcCollectionIn(c)
	if err != nil {
		return nil, nil, err
	}
	id, err := strconv.ParseInt(c.Param("feature"), 10, 64)
	var f *ogc.Feature
	if err == nil {
		f = of.One(view, id)
	}
	if f == nil {
		return nil, nil, fault.New(fault.KindNotFound, "no_feature", "没有要素 "+c.Param("feature"), "there is no feature "+c.Param("feature"))
	}
	return of, f, nil
}

// ogcFeatures reads what features hold besides what they are filtered by: geometry, and who is responsible.
func (s *Server) ogcFeatures(ctx context.Context, of *ogc.Collection, found []ogc.Feature, system ogc.System) ([]ogcFeature, error) {
	facts := map[int64]export.Facts{}
	var names []string
	var whose []int // by the place of the name
	ids := make([]int64, len(found))
	for i := range found {
		ids[i] = found[i].ID
		for _, name := range found[i].Shapes {
			names, whose = append(names, name), append(whose, i)
		}
	}
	shapes := make([]orb.MultiPolygon, len(names))
	if err := s.Exports.Shapes.EachShape(ctx, names, func(i int, mp orb.MultiPolygon) { shapes[i] = mp }); err != nil {
		return nil, err
	}
	ground := make([]orb.MultiPolygon, len(found))
	for i, mp := range shapes {
		ground[whose[i]] = append(ground[whose[i]], mp...)
	}
	if of.ID == ogc.CasesID {
		var err error
		if facts, err = s.Exports.Library.LedgerFacts(ctx, scopeIn(ctx), ids); err != nil {
			return nil, err
		}
	}
	features := make([]ogcFeature, len(found))
	for i := range found {
		features[i] = ogcFeature{Type: "Feature", ID: found[i].ID, Geometry: geometryIn(ground[i], system), Properties: propertiesOf(of, &found[i], facts[found[i].ID])}
	}
	return features, nil
}

func geometryIn(mp orb.MultiPolygon, system ogc.System) json.RawMessage {
	if len(mp) == 0 {
		return json.RawMessage("null")
	}
	decimals := geojson.Decimals
	if !system.Degrees {
		decimals = 4 // a tenth of a millimetre
	}
	return geojson.AppendMultiPolygonDecimals(nil, crs.MultiPolygon(mp, system.Forward), decimals)
}

func propertiesOf(of *ogc.Collection, f *ogc.Feature, facts export.Facts) properties {
	all := make(properties, len(of.Properties))
	for i, p := range of.Properties {
		v := f.Value(i)
		all[i].name = p.Name
		switch {
		case p.Name == ogc.Responsible:
			all[i].value = orNull(facts.Responsible)
		case p.Name == ogc.Note:
			all[i].value = orNull(facts.Note)
		case !v.Known:
		case p.Kind == ogc.Integer || p.Kind == ogc.Number:
			all[i].value = v.Number
		default:
			all[i].value = v.Text
		}
	}
	return all
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}
