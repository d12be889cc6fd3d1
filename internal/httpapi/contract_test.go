package httpapi_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// documentation routes serve the contract itself.
var documentation = []string{"GET /api/v1", "GET /api/v1/", "GET /api/v1/docs.css", "GET /api/v1/openapi.json", "GET /api/v1/openapi.yaml"}

func TestEveryRouteIsInTheContractAndEveryOperationIsServed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	spec := h.spec(t)
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
	assert.Equal(t, "3.1.0", spec.OpenAPI)
}

// TestAnswersAreAsSpecified decodes what every reading answers against the schema it promises.
func TestAnswersAreAsSpecified(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	id := cases[0]
	mark := milestone(id, "filed", "2020-03-25")
	h.change(t, "shen", mark.and("base_version", 1))
	h.change(t, "lu", milestone(id, "filed", "2020-03-26").and("base_version", 1))
	h.change(t, "shen", fields{"kind": "case.ask", "case_id": id, "side": "held", "reason": "住院"})
	firm := read[gen.EnterprisePage](t, h, "/enterprises").Items[0].Enterprise.Id
	spec := h.spec(t)
	asked := map[string]string{
		"/cases": "?limit=2&columns=passed,planned,parcels", "/cases/{id}": number(id), "/enterprises/{id}/contact": number(firm) + "/contact", "/cases/{id}/photos": number(id) + "/photos", "/photos/{sha256}": strings.Repeat("ab", 32), "/parcels/{id}": number(h.parcelOf(t, id)), "/enterprises/{id}": number(firm), "/layers/{layer}": "parcels",
		"/tracks/{track}": "parks", "/watches/{list}": "eligible", "/sheets": "?of=case&id=" + number(id), "/search": "?q=hlzz", "/enterprises/check": "?code=" + badCode, "/figures/burn-up": "?metric=recovered", "/figures/moves": "?from=2020-09-01", "/appraisal/facts": "?unit=honghe&item=rectified",
	}
	h.administrators(t)
	desks := map[string]string{"/campaign/history": "lu", "/audit/entries": "shenji", "/audit/state": "shenji", "/accounts": "xi", "/staff": "an"}
	for path, item := range spec.Paths.Map() {
		if item.Get == nil || path == "/live" || path == "/audit/export" || path == "/imports/ledger/template" || strings.HasPrefix(path, "/export/") || strings.Contains(path, "{z}") || strings.Contains(path, "{photo}") || strings.HasPrefix(path, "/held/") || strings.HasPrefix(path, "/bulletins/{id}") || strings.HasSuffix(path, "/flat") { // the stream, files, tiles, pictures, binary layers and issues are read in their own tests
			continue
		}
		place, _, _ := strings.Cut(path, "{")
		h.isAsSpecified(t, spec, path, place+asked[path], cmp.Or(desks[path], "lu"))
	}
}

// isAsSpecified holds the answer to a question against the schema of its path.
func (h *house) isAsSpecified(t *testing.T, spec *openapi3.T, path, asked, as string) {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1" + asked, as: as})
	require.Equal(t, http.StatusOK, a.status, "%s: %s", path, a.body)
	kind, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	media := spec.Paths.Value(path).Get.Responses.Status(http.StatusOK).Value.Content.Get(kind)
	require.NotNil(t, media, "%s answers %s", path, kind)
	var value any
	a.into(t, &value)
	require.NoError(t, media.Schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020()), path)
	assert.Empty(t, unspecified(media.Schema.Value, value), path)
}

// spec is the contract as it is served.
func (h *house) spec(t *testing.T) *openapi3.T {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromData(h.get(t, "/openapi.yaml").body)
	require.NoError(t, err)
	return spec
}

// TestEveryAnswerHasAnExample: each kind of content of each success, of what is
// posted as JSON, and of problems; each is as its schema says and names no other field.
func TestEveryAnswerHasAnExample(t *testing.T) {
	t.Parallel()
	h := setup(t)
	spec := h.spec(t)
	page := string(h.get(t, "/").body)
	shown := 0
	check := func(where string, content openapi3.Content) {
		for kind, media := range content {
			if media.Schema.Value.Format == "binary" {
				continue
			}
			require.NotEmpty(t, media.Examples, "%s %s", where, kind)
			for _, e := range media.Examples {
				require.NoError(t, media.Schema.Value.VisitJSON(e.Value.Value, openapi3.EnableJSONSchema2020()), where)
				assert.Empty(t, unspecified(media.Schema.Value, e.Value.Value), where)
				shown++
			}
		}
	}
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			for status, r := range op.Responses.Map() {
				if status != "304" {
					check(method+" "+path+" "+status, r.Value.Content)
				}
			}
		}
	}
	check("POST /changes", spec.Paths.Value("/changes").Post.RequestBody.Value.Content)
	assert.Greater(t, shown, 30)
	assert.Contains(t, page, "2020年度“低散乱”整治", "the page shows them")
	assert.NotContains(t, page, `\u0026`, "as a person reads them")
}

// TestRequestsMeanTheSameInBothVersions: they are judged by the rules of 3.0 (see validator).
func TestRequestsMeanTheSameInBothVersions(t *testing.T) {
	t.Parallel()
	spec := setup(t).spec(t)
	var walk func(where string, ref *openapi3.SchemaRef)
	walk = func(where string, ref *openapi3.SchemaRef) {
		if ref == nil {
			return
		}
		text, err := json.Marshal(ref.Value)
		require.NoError(t, err)
		var keys map[string]any
		require.NoError(t, json.Unmarshal(text, &keys))
		for _, key := range []string{"const", "prefixItems", "contains", "if", "patternProperties", "propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems", "exclusiveMinimum", "exclusiveMaximum", "$defs"} {
			assert.NotContains(t, keys, key, where)
		}
		_, several := keys["type"].([]any)
		assert.False(t, several, "%s may be of several types", where)
		walk(where+"[]", ref.Value.Items)
		walk(where+"{}", ref.Value.AdditionalProperties.Schema)
		for name, property := range ref.Value.Properties {
			walk(where+"/"+name, property)
		}
	}
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			for _, p := range op.Parameters {
				walk(method+" "+path+" "+p.Value.Name, p.Value.Schema)
			}
			if op.RequestBody != nil {
				for _, media := range op.RequestBody.Value.Content {
					walk(method+" "+path, media.Schema)
				}
			}
		}
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
