package httpapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ogc"
)

// ogcPrefix is where OGC API – Features stands.
const ogcPrefix = "/ogc"

// Media types of OGC API.
const (
	mergePatchJSON = "application/merge-patch+json"
	openAPIJSON    = "application/vnd.oai.openapi+json;version=3.0"
	schemaJSON     = "application/schema+json"
)

func onOGC(c echo.Context) bool { return strings.HasPrefix(c.Path(), ogcPrefix) }

// routeOGC mounts OGC API – Features; the same doors as everywhere, a token being shown as a bearer or as a password.
func (s *Server) routeOGC() {
	api := s.echo.Group(ogcPrefix, challenged, checked(s.patient), bodyLimit, checked(s.admit))
	api.GET("", s.ogcLanding)
	api.GET("/", s.ogcLanding)
	api.GET("/conformance", s.ogcConformance)
	api.GET("/api", s.ogcAPI)
	api.GET("/collections", s.ogcCollections)
	api.GET("/collections/:collection", s.ogcCollection)
	api.GET("/collections/:collection/queryables", s.ogcQueryables)
	api.GET("/collections/:collection/items", s.ogcItems)
	api.OPTIONS("/collections/:collection/items", s.ogcOptions)
	api.GET("/collections/:collection/items/:feature", s.ogcItem)
	api.OPTIONS("/collections/:collection/items/:feature", s.ogcOptions)
	api.POST("/collections/:collection/items", s.ogcCreate)
	api.PATCH("/collections/:collection/items/:feature", s.ogcPatch)
	api.PUT("/collections/:collection/items/:feature", s.ogcPut)
	api.DELETE("/collections/:collection/items/:feature", s.ogcDelete)
}

// challenged says how to come in, so that programs ask for a password.
func challenged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if fault.KindOf(err) == fault.KindUnidentified {
			c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Basic realm="guatu", charset="UTF-8"`)
		}
		return err
	}
}

// conformance are the classes that are kept, each held by ogc_test.go.
func conformance() []string {
	const (
		one   = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"
		two   = "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/"
		three = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
		four  = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/"
		cql   = "http://www.opengis.net/spec/cql2/1.0/conf/"
	)
	return []string{
		one + "core", one + "geojson", one + "html", one + "oas30", two + "crs", three + "queryables", three + "queryables-query-parameters", three + "filter", three + "features-filter",
		cql + "cql2-text", cql + "basic-cql2", cql + "advanced-comparison-operators", cql + "basic-spatial-functions", four + "update", four + "optimistic-locking-etags",
	}
}

// link is one of a document's.
type link struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type,omitempty"`
	Title string `json:"title,omitempty"`
}

// ogcBase is the address of the service as the asker knows it.
func (s *Server) ogcBase(c echo.Context) string {
	scheme := "http"
	if s.Way.secure(c.Request()) {
		scheme = "https"
	}
	return scheme + "://" + c.Request().Host + ogcPrefix
}

// ogcView is the campaign as the asker sees it now.
func (s *Server) ogcView(c echo.Context) (*chronicle.View, error) {
	return s.Report.View(scopeIn(c.Request().Context()), campaign.Date(""))
}

// ogcCollectionIn is the collection of the path, at a view.
func (s *Server) ogcCollectionIn(c echo.Context) (*ogc.Collection, *chronicle.View, error) {
	v, err := s.ogcView(c)
	if err != nil {
		return nil, nil, err
	}
	found := ogc.Find(v.Definition, c.Param("collection"))
	if found == nil {
		return nil, nil, fault.New(fault.KindNotFound, "no_collection", "没有要素集 "+c.Param("collection"), "there is no collection "+c.Param("collection"))
	}
	return found, v, nil
}

// onlyParameters refuses parameters that are not known: a filter that is misspelt must not pass for none.
func onlyParameters(c echo.Context, known ...string) error {
	for name, values := range c.QueryParams() {
		if !slices.Contains(known, name) || len(values) > 1 {
			return badParameter(name, strings.Join(values, ","), nil)
		}
	}
	return nil
}

// wantsHTML says whether a person asks.
func wantsHTML(c echo.Context) (bool, error) {
	switch f := c.QueryParam("f"); f {
	case "json":
		return false, nil
	case "html":
		return true, nil
	case "":
		accepted := c.Request().Header.Get(echo.HeaderAccept)
		return strings.Contains(accepted, "text/html") && !strings.Contains(accepted, "json"), nil
	default:
		return false, badParameter("f", f, nil)
	}
}

// both are the links of a document to itself and to its other form; media is that of the JSON.
func (s *Server) both(c echo.Context, asHTML bool, media string) []link {
	in := func(f, kind string, itself bool) link {
		rel := "alternate"
		if itself {
			rel = "self"
		}
		return link{Href: s.ogcBase(c) + strings.TrimPrefix(c.Request().URL.Path, ogcPrefix) + "?" + withParameter(c.QueryParams(), "f", f), Rel: rel, Type: kind}
	}
	return []link{in("json", media, !asHTML), in("html", "text/html", asHTML)}
}

// answerOGC answers a document as JSON, or as a page for people.
func (s *Server) answerOGC(c echo.Context, asHTML bool, title, media string, document any) error {
	h := c.Response().Header()
	h.Set("Vary", "Accept, Authorization, Cookie")
	h.Set("Cache-Control", "private, no-cache")
	if asHTML {
		return s.ogcPage(c, title, document)
	}
	text, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("write a document: %w", err)
	}
	return c.Blob(http.StatusOK, media, text)
}

// itemQuery reads the parameters of items.
func itemQuery(c echo.Context, of *ogc.Collection) (q ogc.Query, system ogc.System, err error) {
	known := []string{"f", "limit", "offset", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs"}
	for _, p := range of.Properties {
		if !p.Unfiltered {
			known = append(known, p.Name)
		}
	}
	if err := onlyParameters(c, known...); err != nil {
		return q, system, err
	}
	if q.Limit, err = countIn(c, "limit", 1, 100); err != nil {
		return q, system, err
	}
	q.Limit = min(q.Limit, mostFeatures)
	if q.Offset, err = countIn(c, "offset", 0, 0); err != nil {
		return q, system, err
	}
	if q.Bounds, err = itemBounds(c); err != nil {
		return q, system, err
	}
	if err := checkDatetime(c.QueryParam("datetime")); err != nil {
		return q, system, err
	}
	if q.Filter, err = itemFilter(c, of); err != nil {
		return q, system, err
	}
	q.Equal = map[string]string{}
	for _, name := range known[10:] {
		if value := c.QueryParam(name); value != "" {
			q.Equal[name] = value
		}
	}
	system, err = systemIn(c, "crs")
	return q, system, err
}

// mostFeatures is the most that one page holds.
const mostFeatures = 10_000

func countIn(c echo.Context, name string, least, usual int) (int, error) {
	text := c.QueryParam(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, badParameter(name, text, err)
	}
	return n, nil
}

func systemIn(c echo.Context, name string) (ogc.System, error) {
	system, known := ogc.SystemOf(c.QueryParam(name))
	if !known {
		return system, badParameter(name, c.QueryParam(name), nil)
	}
	return system, nil
}

func itemFilter(c echo.Context, of *ogc.Collection) (ogc.Filter, error) {
	if language := c.QueryParam("filter-lang"); language != "" && language != "cql2-text" {
		return nil, badParameter("filter-lang", language, nil)
	}
	system, err := systemIn(c, "filter-crs")
	if err != nil || c.QueryParam("filter") == "" {
		return nil, err
	}
	return of.ParseFilter(c.QueryParam("filter"), system.Back)
}

// withParameter is the query with one parameter otherwise.
func withParameter(q url.Values, name, value string) string {
	other := maps.Clone(q)
	other.Set(name, value)
	return other.Encode()
}
