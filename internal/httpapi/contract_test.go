package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// documentation routes serve the contract itself.
var documentation = []string{"GET /api/v1", "GET /api/v1/", "GET /api/v1/docs.css", "GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml"}

func TestEveryRouteIsInTheContractAndEveryOperationIsServed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	spec, err := openapi3.NewLoader().LoadFromData(h.get(t, "/openapi.yaml").body)
	require.NoError(t, err)
	require.NoError(t, spec.Validate(t.Context()))

	var specified []string
	for path, item := range spec.Paths.Map() {
		for method := range item.Operations() {
			specified = append(specified, method+" /api/v1"+strings.NewReplacer("{", ":", "}", "").Replace(path))
		}
	}
	var served []string
	for _, r := range h.Routes() {
		name := r.Method + " " + r.Path
		if strings.HasPrefix(r.Path, "/api/") && r.Method != "echo_route_not_found" && !slices.Contains(documentation, name) {
			served = append(served, name)
		}
	}
	assert.Greater(t, len(specified), 10)
	assert.ElementsMatch(t, specified, served)
	for _, name := range documentation {
		_, path, _ := strings.Cut(name, " ")
		assert.Equal(t, http.StatusOK, h.ask(t, request{path: path}).status, path)
	}
}

func TestTheContractIsReadable(t *testing.T) {
	t.Parallel()
	h := setup(t)
	page := h.get(t, "/")
	assert.Contains(t, page.header.Get("Content-Type"), "text/html")
	for _, word := range []string{"/layers/{layer}", "Apply one operation, whole or not at all.", "CaseDetail"} {
		assert.Contains(t, string(page.body), word)
	}
	var spec struct{ OpenAPI string }
	h.get(t, "/openapi.json").into(t, &spec)
	assert.Equal(t, "3.0.3", spec.OpenAPI)
}

// TestAnswersAreAsSpecified decodes what the JSON operations answer against the schemas they promise.
func TestAnswersAreAsSpecified(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	mark := milestone(id, "filed", "2020-03-25")
	h.change(t, "shen", mark.and("base_version", 1))
	h.change(t, "lu", milestone(id, "filed", "2020-03-26").and("base_version", 1))
	spec, err := openapi3.NewLoader().LoadFromData(h.get(t, "/openapi.yaml").body)
	require.NoError(t, err)
	for path, asked := range map[string]string{
		"/health": "/health", "/people": "/people", "/session": "/session", "/campaign": "/campaign", "/cases": "/cases?limit=1",
		"/cases/{id}": "/cases/" + number(id), "/conflicts": "/conflicts", "/parcels/{id}": "/parcels/" + number(h.parcelOf(t, id)), "/layers/{layer}": "/layers/parcels", "/layers": "/layers", "/history": "/history",
	} {
		a := h.ask(t, request{path: "/api/v1" + asked, as: "shen"})
		require.Equal(t, http.StatusOK, a.status, path)
		kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
		media := spec.Paths.Value(path).Get.Responses.Status(http.StatusOK).Value.Content.Get(kind)
		require.NotNil(t, media, "%s answers %s", path, kind)
		var value any
		a.into(t, &value)
		require.NoError(t, media.Schema.Value.VisitJSON(value), path)
		assert.Empty(t, unspecified(media.Schema.Value, value), path)
	}
}

// unspecified lists the fields of a value that its schema does not name.
func unspecified(schema *openapi3.Schema, value any) []string {
	var found []string
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if schema.Items != nil {
				found = append(found, unspecified(schema.Items.Value, item)...)
			}
		}
	case map[string]any:
		for name, field := range v {
			prop := schema.Properties[name]
			if prop == nil && len(schema.Properties) > 0 {
				found = append(found, name)
			} else if prop != nil {
				found = append(found, unspecified(prop.Value, field)...)
			}
		}
	}
	return found
}

func (h *house) parcelOf(t *testing.T, caseID int64) int64 {
	t.Helper()
	var file struct{ Parcels []struct{ ID int64 } }
	h.get(t, "/cases/"+number(caseID)).into(t, &file)
	require.NotEmpty(t, file.Parcels)
	return file.Parcels[0].ID
}
