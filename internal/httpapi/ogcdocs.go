package httpapi

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ogc"
)

//go:embed ogc.html.tmpl
var ogcTemplate string

// landingPage is where a program begins.
type landingPage struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Links       []link `json:"links"`
}

func (s *Server) ogcLanding(c echo.Context) error {
	v, err := s.ogcView(c)
	if err != nil {
		return err
	}
	base := s.ogcBase(c)
	return s.ogcDocument(c, v.Definition.Name.ZH, func(asHTML bool) any {
		return landingPage{
			Title: v.Definition.Name.ZH, Description: "挂图作战 OGC API – Features", Links: append(s.both(c, asHTML, echo.MIMEApplicationJSON),
				link{base + "/api?f=json", "service-desc", openAPIJSON, "API 定义"}, link{base + "/api?f=html", "service-doc", "text/html", "API 说明"},
				link{base + "/conformance", "conformance", echo.MIMEApplicationJSON, "符合的标准"}, link{base + "/collections", "data", echo.MIMEApplicationJSON, "要素集"}),
		}
	})
}

// ogcDocument answers a document that takes no parameters but its form.
func (s *Server) ogcDocument(c echo.Context, title string, document func(asHTML bool) any) error {
	if err := onlyParameters(c, "f"); err != nil {
		return err
	}
	asHTML, err := wantsHTML(c)
	if err != nil {
		return err
	}
	return s.answerOGC(c, asHTML, title, echo.MIMEApplicationJSON, document(asHTML))
}

func (s *Server) ogcConformance(c echo.Context) error {
	return s.ogcDocument(c, "符合的标准", func(bool) any { return map[string][]string{"conformsTo": conformance()} })
}

// collectionPage is a collection as the standard describes it.
type collectionPage struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	ItemType    string   `json:"itemType"`
	Extent      *extent  `json:"extent,omitempty"`
	CRS         []string `json:"crs"`
	StorageCRS  string   `json:"storageCrs"`
	Links       []link   `json:"links"`
}

type extent struct {
	Spatial struct {
		Bbox [][4]float64 `json:"bbox"`
		CRS  string       `json:"crs"`
	} `json:"spatial"`
}

func (s *Server) collectionPage(c echo.Context, of *ogc.Collection, links []link) collectionPage {
	base := s.ogcBase(c) + "/collections/" + of.ID
	p := collectionPage{ID: of.ID, Title: of.Title, Description: of.Description, ItemType: "feature", StorageCRS: ogc.StorageCRS, Links: append(links,
		link{base + "/items?f=json", "items", geoJSON, of.Title}, link{base + "/items?f=html", "items", "text/html", of.Title},
		link{base + "/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", schemaJSON, "可筛选的属性"})}
	for _, system := range ogc.Systems() {
		p.CRS = append(p.CRS, system.URI)
	}
	if b := s.Layers.Now().District(); !b.IsZero() {
		p.Extent = &extent{}
		p.Extent.Spatial.CRS, p.Extent.Spatial.Bbox = ogc.CRS84, [][4]float64{{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}}
	}
	return p
}

func (s *Server) ogcCollections(c echo.Context) error {
	v, err := s.ogcView(c)
	if err != nil {
		return err
	}
	return s.ogcDocument(c, "要素集", func(asHTML bool) any {
		out := struct {
			Links       []link           `json:"links"`
			CRS         []string         `json:"crs"`
			Collections []collectionPage `json:"collections"`
		}{Links: s.both(c, asHTML, echo.MIMEApplicationJSON)}
		for _, of := range ogc.Collections(v.Definition) {
			itself := link{Href: s.ogcBase(c) + "/collections/" + of.ID, Rel: "self", Type: echo.MIMEApplicationJSON, Title: of.Title}
			out.Collections = append(out.Collections, s.collectionPage(c, of, []link{itself}))
		}
		out.CRS = out.Collections[0].CRS
		return out
	})
}

func (s *Server) ogcCollection(c echo.Context) error {
	of, _, err := s.ogcCollectionIn(c)
	if err != nil {
		return err
	}
	return s.ogcDocument(c, of.Title, func(asHTML bool) any { return s.collectionPage(c, of, s.both(c, asHTML, echo.MIMEApplicationJSON)) })
}

// jsonSchema is as much of JSON Schema as queryables need.
type jsonSchema struct {
	Title  string `json:"title,omitempty"`
	Type   string `json:"type,omitempty"`
	Format string `json:"format,omitempty"`
	Ref    string `json:"$ref,omitempty"`
}

func (s *Server) ogcQueryables(c echo.Context) error {
	of, _, err := s.ogcCollectionIn(c)
	if err != nil {
		return err
	}
	if err := onlyParameters(c, "f"); err != nil {
		return err
	}
	asHTML, err := wantsHTML(c)
	if err != nil {
		return err
	}
	all := map[string]jsonSchema{ogc.GeometryName: {Ref: "https://geojson.org/schema/MultiPolygon.json"}}
	for _, p := range of.Properties {
		if !p.Unfiltered {
			all[p.Name] = schemaOf(p)
		}
	}
	return s.answerOGC(c, asHTML, of.Title, schemaJSON, map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": s.ogcBase(c) + "/collections/" + of.ID + "/queryables",
		"type": "object", "title": of.Title, "properties": all, "additionalProperties": false,
	})
}

func schemaOf(p ogc.Property) jsonSchema {
	if p.Kind == ogc.Date {
		return jsonSchema{Title: p.Title, Type: "string", Format: "date"}
	}
	return jsonSchema{Title: p.Title, Type: string(p.Kind)}
}

// ogcPage shows a document to people: links that can be followed, features as a table, the document itself.
func (s *Server) ogcPage(c echo.Context, title string, document any) error {
	page, err := template.New("ogc").Parse(ogcTemplate)
	if err != nil {
		return fmt.Errorf("the page's template: %w", err)
	}
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return fmt.Errorf("write a document: %w", err)
	}
	var b bytes.Buffer
	err = page.Execute(&b, map[string]any{"Title": title, "Links": linksOf(document), "Features": rowsOf(document), "Text": string(text), "Style": apiPrefix + "/docs.css"})
	if err != nil {
		return fmt.Errorf("the page: %w", err)
	}
	return c.Blob(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
}

func linksOf(document any) []link {
	switch d := document.(type) {
	case landingPage:
		return d.Links
	case collectionPage:
		return d.Links
	case featurePage:
		return d.Links
	case ogcFeature:
		return d.Links
	}
	return nil
}

// rowsOf is a table of features: heads, then values.
func rowsOf(document any) [][]string {
	var features []ogcFeature
	switch d := document.(type) {
	case featurePage:
		features = d.Features
	case ogcFeature:
		features = []ogcFeature{d}
	}
	var rows [][]string
	for i, f := range features {
		heads, row := []string{"id"}, []string{strconv.FormatInt(f.ID, 10)}
		for _, p := range f.Properties {
			heads = append(heads, p.name)
			text := ""
			if p.value != nil {
				text = fmt.Sprint(p.value)
			}
			row = append(row, text)
		}
		if i == 0 {
			rows = append(rows, heads)
		}
		rows = append(rows, row)
	}
	return rows
}

// ogcAPI describes the service in OpenAPI 3.0.
func (s *Server) ogcAPI(c echo.Context) error {
	v, err := s.ogcView(c)
	if err != nil {
		return err
	}
	if err := onlyParameters(c, "f"); err != nil {
		return err
	}
	asHTML, err := wantsHTML(c)
	if err != nil {
		return err
	}
	return s.answerOGC(c, asHTML, "API", openAPIJSON, s.ogcDescription(c, v))
}

func (s *Server) ogcDescription(c echo.Context, v *chronicle.View) map[string]any {
	paths := map[string]any{}
	for _, path := range []string{"/", "/conformance", "/api", "/collections"} {
		paths[path] = map[string]any{"get": operation(path, parameter("f", "query", map[string]any{"type": "string", "enum": []string{"json", "html"}}))}
	}
	for _, of := range ogc.Collections(v.Definition) {
		base := "/collections/" + of.ID
		id := parameter("feature", "path", map[string]any{"type": "integer"})
		form := parameter("f", "query", map[string]any{"type": "string", "enum": []string{"json", "html"}})
		crs := parameter("crs", "query", map[string]any{"type": "string", "format": "uri"})
		one := map[string]any{"get": operation(base+"/items/{feature}", id, form, crs)}
		if of.ID == ogc.CasesID {
			one["patch"] = editOperation(base, id, mergePatchJSON)
			one["put"] = editOperation(base, id, geoJSON)
		}
		paths[base] = map[string]any{"get": operation(base, form)}
		paths[base+"/queryables"] = map[string]any{"get": operation(base+"/queryables", form)}
		paths[base+"/items"] = map[string]any{"get": operation(base+"/items", itemParameters(of, form, crs)...)}
		paths[base+"/items/{feature}"] = one
	}
	return map[string]any{
		"openapi": "3.0.3", "info": map[string]any{"title": v.Definition.Name.ZH + " OGC API – Features", "version": s.Build},
		"servers": []any{map[string]string{"url": s.ogcBase(c)}}, "paths": paths,
		"components": map[string]any{"securitySchemes": map[string]any{"token": map[string]string{"type": "http", "scheme": "bearer"}, "basic": map[string]string{"type": "http", "scheme": "basic"}}},
		"security":   []any{map[string][]string{"token": {}}, map[string][]string{"basic": {}}},
	}
}

func itemParameters(of *ogc.Collection, more ...map[string]any) []map[string]any {
	text := map[string]any{"type": "string"}
	all := append(slices.Clone(more),
		parameter("limit", "query", map[string]any{"type": "integer", "minimum": 1, "maximum": mostFeatures, "default": 100}),
		parameter("offset", "query", map[string]any{"type": "integer", "minimum": 0, "default": 0}),
		map[string]any{"name": "bbox", "in": "query", "style": "form", "explode": false, "schema": map[string]any{"type": "array", "oneOf": []any{map[string]int{"minItems": 4, "maxItems": 4}, map[string]int{"minItems": 6, "maxItems": 6}}, "items": map[string]string{"type": "number"}}},
		parameter("bbox-crs", "query", text), parameter("datetime", "query", text), parameter("filter", "query", text),
		parameter("filter-lang", "query", map[string]any{"type": "string", "enum": []string{"cql2-text"}, "default": "cql2-text"}), parameter("filter-crs", "query", text))
	for _, p := range of.Properties {
		if !p.Unfiltered {
			all = append(all, parameter(p.Name, "query", map[string]any{"type": schemaOf(p).Type}))
		}
	}
	return all
}

func parameter(name, in string, schema map[string]any) map[string]any {
	return map[string]any{"name": name, "in": in, "required": in == "path", "schema": schema}
}

func operation(summary string, parameters ...map[string]any) map[string]any {
	return map[string]any{"summary": summary, "parameters": parameters, "responses": map[string]any{
		"200": map[string]any{"description": "OK", "content": map[string]any{"application/json": map[string]any{}, geoJSON: map[string]any{}, "text/html": map[string]any{}}},
		"400": map[string]string{"description": "参数有误"}, "401": map[string]string{"description": "需要令牌"}, "404": map[string]string{"description": "没有"},
	}}
}

func editOperation(base string, id map[string]any, media string) map[string]any {
	return map[string]any{
		"summary": base + "/items/{feature}", "parameters": []map[string]any{id, {"name": "If-Match", "in": "header", "schema": map[string]string{"type": "string"}}},
		"requestBody": map[string]any{"required": true, "content": map[string]any{media: map[string]any{"schema": map[string]string{"type": "object"}}}},
		"responses":   map[string]any{"204": map[string]string{"description": "已入账"}, "403": map[string]string{"description": "没有权限"}, "412": map[string]string{"description": "已被他人修改"}},
	}
}
