package httpapi

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/labstack/echo/v4"
)

//go:embed docs.html.tmpl
var docsTemplate string

//go:embed docs.css
var docsStyle []byte

// routeDocs serves openapi.yaml, the same as JSON, and a page made from it for people.
func (s *Server) routeDocs() {
	s.echo.GET(apiPrefix+"/openapi.yaml", func(c echo.Context) error {
		return c.Blob(http.StatusOK, "application/yaml; charset=utf-8", openAPI)
	})
	s.echo.GET(apiPrefix+"/openapi.json", func(c echo.Context) error { return c.JSON(http.StatusOK, s.spec) })
	s.echo.GET(apiPrefix+"/docs.css", func(c echo.Context) error { return c.Blob(http.StatusOK, "text/css; charset=utf-8", docsStyle) })
	s.echo.GET(apiPrefix+"/", s.getDocs)
	s.echo.GET(apiPrefix, s.getDocs)
}

// documented is an operation as the page shows it.
type documented struct {
	Method, Path, Summary, Description, Body, BodyExample string
	Parameters                                            []*openapi3.Parameter
	Answers                                               []answer
}

type answer struct{ Status, Text, Schema, Example string }

type documentedSchema struct {
	Name   string
	Fields []documentedField
}

type documentedField struct {
	Name, Type, Text string
	Required         bool
}

func (s *Server) getDocs(c echo.Context) error {
	t, err := template.New("docs").Parse(docsTemplate)
	if err != nil {
		return fmt.Errorf("docs page: %w", err)
	}
	var page bytes.Buffer
	if err := t.Execute(&page, map[string]any{"Info": s.spec.Info, "Prefix": apiPrefix, "Operations": s.documentedOperations(), "Schemas": s.documentedSchemas()}); err != nil {
		return fmt.Errorf("docs page: %w", err)
	}
	return c.HTMLBlob(http.StatusOK, page.Bytes())
}

func (s *Server) documentedOperations() []documented {
	var list []documented
	for _, path := range s.spec.Paths.InMatchingOrder() {
		for method, op := range s.spec.Paths.Value(path).Operations() {
			d := documented{Method: method, Path: path, Summary: op.Summary, Description: op.Description}
			d.Body, d.BodyExample = bodySchema(op)
			for _, p := range op.Parameters {
				d.Parameters = append(d.Parameters, p.Value)
			}
			for status, r := range op.Responses.Map() {
				text := ""
				if r.Value.Description != nil {
					text = *r.Value.Description
				}
				schema, example := contentSchema(r.Value.Content)
				d.Answers = append(d.Answers, answer{status, text, schema, example})
			}
			slices.SortFunc(d.Answers, func(a, b answer) int { return strings.Compare(a.Status, b.Status) })
			list = append(list, d)
		}
	}
	slices.SortFunc(list, func(a, b documented) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	return list
}

func bodySchema(op *openapi3.Operation) (schema, example string) {
	if op.RequestBody == nil {
		return "", ""
	}
	return contentSchema(op.RequestBody.Value.Content)
}

// contentSchema names what is sent, JSON before streams, with an example of it.
func contentSchema(content openapi3.Content) (schema, example string) {
	kinds := slices.Sorted(maps.Keys(content))
	if len(kinds) == 0 {
		return "", ""
	}
	media := content[kinds[0]]
	if media.Schema == nil {
		return kinds[0], ""
	}
	for _, e := range media.Examples {
		var text strings.Builder
		write := json.NewEncoder(&text)
		write.SetEscapeHTML(false) // the template escapes
		write.SetIndent("", "  ")
		if write.Encode(e.Value.Value) == nil {
			example = text.String()
		}
	}
	return kinds[0] + " " + typeName(media.Schema), example
}

func (s *Server) documentedSchemas() []documentedSchema {
	var list []documentedSchema
	for name, ref := range s.spec.Components.Schemas {
		d := documentedSchema{Name: name}
		for field, prop := range ref.Value.Properties {
			d.Fields = append(d.Fields, documentedField{field, typeName(prop), prop.Value.Description, slices.Contains(ref.Value.Required, field)})
		}
		slices.SortFunc(d.Fields, func(a, b documentedField) int { return strings.Compare(a.Name, b.Name) })
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b documentedSchema) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func typeName(ref *openapi3.SchemaRef) string {
	if ref.Ref != "" {
		return strings.TrimPrefix(ref.Ref, "#/components/schemas/")
	}
	v := ref.Value
	switch {
	case v.Type.Includes("array") && v.Items != nil:
		return typeName(v.Items) + "[]"
	case len(v.Enum) > 0:
		return strings.Trim(strings.Join(strings.Fields(fmt.Sprint(v.Enum)), " | "), "[]")
	case v.Format != "":
		return strings.Join(v.Type.Slice(), "/") + " " + v.Format
	case v.Type != nil:
		return strings.Join(v.Type.Slice(), "/")
	}
	return "any"
}
