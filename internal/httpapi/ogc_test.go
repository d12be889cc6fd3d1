package httpapi_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// OGC API – Features: what each declared conformance class asks, point by point.

type ogcLink struct{ Href, Rel, Type string }

type ogcFeature struct {
	Type       string
	ID         int64
	Geometry   json.RawMessage
	Properties map[string]any
	Links      []ogcLink
}

type ogcPage struct {
	Type, TimeStamp               string
	NumberMatched, NumberReturned int
	Links                         []ogcLink
	Features                      []ogcFeature
}

func hrefOf(links []ogcLink, rel string) string {
	for _, l := range links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

func (h *house) ogc(t *testing.T, path string) answer {
	t.Helper()
	return h.ask(t, request{path: "/ogc" + path, as: "lu", header: map[string]string{"Accept": "application/json"}})
}

func (h *house) items(t *testing.T, path string) ogcPage {
	t.Helper()
	var page ogcPage
	h.ogc(t, path).into(t, &page)
	return page
}

func TestOGCCoreLandingConformanceAndCollections(t *testing.T) {
	t.Parallel()
	h, _, _ := town(t)
	var landing struct{ Links []ogcLink }
	h.ogc(t, "/").into(t, &landing)
	for _, rel := range []string{"self", "service-desc", "service-doc", "conformance", "data"} {
		href := hrefOf(landing.Links, rel)
		require.True(t, strings.HasPrefix(href, h.web.URL+"/ogc"), "%s: %s", rel, href)
		assert.Equal(t, http.StatusOK, h.ask(t, request{path: strings.TrimPrefix(href, h.web.URL), as: "lu"}).status, href)
	}
	var conforms struct{ ConformsTo []string }
	h.ogc(t, "/conformance").into(t, &conforms)
	assert.Contains(t, conforms.ConformsTo, "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core")
	var all struct {
		Links       []ogcLink
		Collections []struct {
			ID, ItemType, StorageCRS string
			CRS                      []string
			Extent                   struct{ Spatial struct{ Bbox [][4]float64 } }
			Links                    []ogcLink
		}
	}
	h.ogc(t, "/collections").into(t, &all)
	assert.NotEmpty(t, hrefOf(all.Links, "self"))
	require.Len(t, all.Collections, 2)
	for _, c := range all.Collections {
		assert.NotEmpty(t, hrefOf(c.Links, "items"))
		assert.NotEmpty(t, hrefOf(c.Links, "http://www.opengis.net/def/rel/ogc/1.0/queryables"))
		assert.Equal(t, "http://www.opengis.net/def/crs/OGC/1.3/CRS84", c.CRS[0], "Part 2: the default comes first")
		assert.Contains(t, c.CRS, c.StorageCRS)
		one := h.ogc(t, "/collections/"+c.ID)
		assert.Equal(t, http.StatusOK, one.status)
	}
	assert.Equal(t, http.StatusNotFound, h.ogc(t, "/collections/nothing").status)
	assert.Equal(t, http.StatusBadRequest, h.ogc(t, "/collections?nothing=1").status)
}

func TestOGCCoreItems(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	a := h.ogc(t, "/collections/cases/items")
	assert.Equal(t, "application/geo+json", a.header.Get("Content-Type"))
	assert.Equal(t, "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>", a.header.Get("Content-Crs"))
	page := h.items(t, "/collections/cases/items")
	assert.Equal(t, "FeatureCollection", page.Type)
	assert.NotEmpty(t, page.TimeStamp)
	assert.Equal(t, len(cases), page.NumberMatched)
	assert.Len(t, page.Features, page.NumberReturned)

	seen := map[int64]bool{}
	next := "/collections/cases/items?limit=2"
	for next != "" {
		page := h.items(t, next)
		assert.LessOrEqual(t, len(page.Features), 2)
		for _, f := range page.Features {
			assert.False(t, seen[f.ID], "each once")
			seen[f.ID] = true
		}
		next = strings.TrimPrefix(hrefOf(page.Links, "next"), h.web.URL+"/ogc")
	}
	assert.Len(t, seen, len(cases))
	assert.Equal(t, 4, h.items(t, "/collections/parcels/items?limit=99999999").NumberReturned, "a limit beyond the most is no fault")

	one := h.ogc(t, "/collections/cases/items/"+number(cases[0]))
	var f ogcFeature
	one.into(t, &f)
	assert.Equal(t, "Feature", f.Type)
	assert.Equal(t, cases[0], f.ID)
	assert.NotEmpty(t, hrefOf(f.Links, "self"))
	assert.NotEmpty(t, hrefOf(f.Links, "collection"))
	assert.Equal(t, "宏*织造厂", f.Properties["label"])
	assert.Equal(t, http.StatusNotModified, h.ask(t, request{path: "/ogc/collections/cases/items/" + number(cases[0]), as: "lu", header: map[string]string{"If-None-Match": one.header.Get("Etag")}}).status)

	for _, bad := range []string{"limit=0", "limit=x", "offset=-1", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=0,31,1,30", "bbox=0,0,1,NaN", "nothing=1", "datetime=soon", "datetime=2020-09-01/2020-08-01", "crs=EPSG:3857", "bbox-crs=x", "filter-crs=x", "filter-lang=sql", "filter=stage+%3D", "stage=x", "f=xml", "limit=1&limit=2"} {
		assert.Equal(t, http.StatusBadRequest, h.ogc(t, "/collections/cases/items?"+bad).status, bad)
	}
	for _, id := range []string{"0", "x", "99999999999999999999"} {
		assert.Equal(t, http.StatusNotFound, h.ogc(t, "/collections/cases/items/"+id).status, id)
	}
	for _, when := range []string{"2020-09-30", "2020-09-30T00:00:00Z", "../2020-01-01", "2020-01-01/..", "2020-01-01/2020-02-01"} {
		assert.Equal(t, len(cases), h.items(t, "/collections/cases/items?datetime="+when).NumberMatched, "no property is a feature's time: all match")
	}
}

func TestOGCBoxesCoordinateSystemsAndFilters(t *testing.T) {
	t.Parallel()
	h, _, _ := town(t)
	all := h.items(t, "/collections/parcels/items").Features
	shape := func(f ogcFeature) orb.MultiPolygon {
		g, err := geojson.DecodeMultiPolygon(f.Geometry)
		require.NoError(t, err)
		return g
	}
	first := shape(all[0])
	at, _ := geo.InteriorPoint(first)
	box := func(a, b float64) string {
		return url.QueryEscape(strings.Join([]string{ten(a - 1e-5), ten(b - 1e-5), ten(a + 1e-5), ten(b + 1e-5)}, ","))
	}
	const epsg = "http://www.opengis.net/def/crs/EPSG/0/"
	plane := crs.GaussKruger3(40, false).Forward(at)
	for _, query := range []string{
		"bbox=" + box(at[0], at[1]), "bbox=" + box(at[1], at[0]) + "&bbox-crs=" + epsg + "4490", "bbox=" + box(plane[1], plane[0]) + "&bbox-crs=" + epsg + "4549",
		"filter=" + url.QueryEscape("S_INTERSECTS(geometry, POINT("+ten(at[0])+" "+ten(at[1])+"))"),
		"filter-crs=" + epsg + "4490&filter=" + url.QueryEscape("S_INTERSECTS(geometry, POINT("+ten(at[1])+" "+ten(at[0])+"))"),
	} {
		page := h.items(t, "/collections/parcels/items?"+query)
		require.Len(t, page.Features, 1, query)
		assert.Equal(t, all[0].ID, page.Features[0].ID, query)
	}
	assert.Equal(t, 4, h.items(t, "/collections/parcels/items?bbox=170,0,-170,90").NumberMatched+4, "round the antimeridian: nothing of ours")
	assert.Equal(t, 4, h.items(t, "/collections/parcels/items?bbox=100,0,-170,90").NumberMatched)

	a := h.ogc(t, "/collections/parcels/items?limit=1&crs="+epsg+"4490")
	assert.Equal(t, "<"+epsg+"4490>", a.header.Get("Content-Crs"))
	var turned ogcPage
	a.into(t, &turned)
	var rings struct{ Coordinates [][][]orb.Point }
	require.NoError(t, json.Unmarshal(turned.Features[0].Geometry, &rings))
	assert.Equal(t, orb.Point{first[0][0][0][1], first[0][0][0][0]}, rings.Coordinates[0][0][0], "latitude comes first in EPSG:4490")

	assert.Equal(t, 3, h.items(t, "/collections/cases/items?filter="+url.QueryEscape("unit = 'honghe' AND stage BETWEEN 1 AND 3")).NumberMatched)
	assert.Equal(t, 1, h.items(t, "/collections/cases/items?filter="+url.QueryEscape("label LIKE '宏%'")).NumberMatched)
	assert.Equal(t, 3, h.items(t, "/collections/cases/items?done_surveyed=2020-03-01").NumberMatched, "a property as a parameter")
	var queryables struct{ Properties map[string]map[string]any }
	h.ogc(t, "/collections/cases/queryables").into(t, &queryables)
	assert.Equal(t, "integer", queryables.Properties["stage"]["type"])
	assert.Equal(t, "date", queryables.Properties["deadline"]["format"])
	assert.Contains(t, queryables.Properties, "geometry")
	assert.NotContains(t, queryables.Properties, "responsible")
}

func ten(f float64) string {
	b, _ := json.Marshal(f)
	return string(b)
}

func TestOGCIsDescribedInOpenAPIAndHTML(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	a := h.ogc(t, "/api")
	assert.Equal(t, "application/vnd.oai.openapi+json;version=3.0", a.header.Get("Content-Type"))
	spec, err := openapi3.NewLoader().LoadFromData(a.body)
	require.NoError(t, err)
	require.NoError(t, spec.Validate(t.Context()))
	assert.NotNil(t, spec.Paths.Value("/collections/cases/items/{feature}").Patch)
	for _, path := range []string{"", "/conformance", "/api", "/collections", "/collections/cases", "/collections/cases/queryables", "/collections/cases/items", "/collections/cases/items/" + number(cases[0])} {
		page := h.ask(t, request{path: "/ogc" + path, as: "lu", header: map[string]string{"Accept": "text/html,*/*"}})
		assert.Equal(t, http.StatusOK, page.status, path)
		assert.Contains(t, page.header.Get("Content-Type"), "text/html", path)
		assert.Contains(t, string(h.ogc(t, path+"?f=html").body), "<!doctype html>", path)
	}
	page := string(h.ogc(t, "/collections/cases/items?f=html&limit=1").body)
	assert.Contains(t, page, "宏*织造厂")
	assert.Contains(t, page, "next")
}

func TestOGCUpdatesThroughTheLedger(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	path := "/ogc/collections/cases/items/" + number(cases[0])
	patch := func(as, body string, header map[string]string) answer {
		if header["Content-Type"] == "" {
			header["Content-Type"] = "application/merge-patch+json"
		}
		return h.ask(t, request{method: http.MethodPatch, path: path, as: as, header: header, body: strings.NewReader(body)})
	}
	before := h.ask(t, request{path: path, as: "lu"}).header.Get("Etag")
	a := patch("lu", `{"type":"Feature","properties":{"responsible":"钱某","batch":"第二批"}}`, map[string]string{"If-Match": before})
	require.Equal(t, http.StatusNoContent, a.status, string(a.body))
	now := h.ask(t, request{path: path, as: "lu"})
	assert.Equal(t, now.header.Get("Etag"), a.header.Get("Etag"))
	assert.NotEqual(t, before, a.header.Get("Etag"))
	var f ogcFeature
	now.into(t, &f)
	assert.Equal(t, "钱某", f.Properties["responsible"])
	assert.Equal(t, "第二批", f.Properties["batch"])
	file := read[gen.CaseDetail](t, h, "/cases/"+number(cases[0]))
	assert.Contains(t, text(t, file.Timeline[0]), `"lu"`, "the journal says who")

	assert.Equal(t, http.StatusPreconditionFailed, patch("lu", `{"properties":{"batch":"第三批"}}`, map[string]string{"If-Match": before}).status, "somebody changed it")
	assert.Equal(t, http.StatusNoContent, patch("lu", `{"properties":{"batch":null}}`, map[string]string{}).status, "without a version on the newest; null empties")
	for body, code := range map[string]string{
		`{"properties":{"stage":"9"}}`: "not_editable", `{"properties":{"nothing":"9"}}`: "not_editable", `{"properties":{}}`: "nothing_changed", `{}`: "nothing_changed", `{"properties":{"batch":7}}`: "not_as_specified", `[`: "not_as_specified", `{"geometry":null,"properties":{"batch":"x"}}`: "",
	} {
		a := patch("lu", body, map[string]string{})
		if code == "" {
			continue
		}
		assert.Equal(t, http.StatusBadRequest, a.status, body)
		assert.Equal(t, code, a.problem(t).Code, body)
	}
	assert.Equal(t, http.StatusBadRequest, patch("lu", `{"geometry":{"type":"Point","coordinates":[1,2]},"properties":{"batch":"x"}}`, map[string]string{}).status)
	assert.Equal(t, http.StatusUnsupportedMediaType, patch("lu", `batch=x`, map[string]string{"Content-Type": "text/plain"}).status)
	parcel := h.ask(t, request{method: http.MethodPatch, path: "/ogc/collections/parcels/items/" + number(h.parcelOf(t, cases[0])), as: "lu", header: map[string]string{"Content-Type": "application/merge-patch+json"}, body: strings.NewReader(`{"properties":{"label":"x"}}`)})
	assert.Equal(t, "not_editable", parcel.problem(t).Code)
}

// TestOGCTakesWholeFeaturesAndRefusesWhatHasNoMeaning: what QGIS sends, and what it is told.
func TestOGCTakesWholeFeaturesAndRefusesWhatHasNoMeaning(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	path := "/ogc/collections/cases/items/" + number(cases[0])
	ask := func(method, path, as string, body any) answer {
		return h.ask(t, request{method: method, path: path, as: as, header: map[string]string{"Content-Type": "application/geo+json"}, body: strings.NewReader(text(t, body))})
	}
	var feature map[string]any
	h.ask(t, request{path: path, as: "lu"}).into(t, &feature)
	set := func(name string, value any) map[string]any {
		other := maps.Clone(feature)
		p := maps.Clone(feature["properties"].(map[string]any)) //nolint:forcetypeassert // GeoJSON
		p[name] = value
		other["properties"] = p
		return other
	}
	revision := h.revision(t)
	assert.Equal(t, http.StatusNoContent, ask(http.MethodPut, path, "lu", feature).status, "as it stands")
	assert.Equal(t, revision, h.revision(t), "nothing is entered then")
	a := ask(http.MethodPut, path, "lu", set("responsible", "钱某"))
	require.Equal(t, http.StatusNoContent, a.status, "%s", a.body)
	file := read[gen.CaseDetail](t, h, "/cases/"+number(cases[0]))
	assert.Contains(t, text(t, file.Timeline[0]), `"lu"`, "the journal says who")
	for name, value := range map[string]any{"stage": 9, "unit": "wangdian", "batch": 7} {
		assert.Equal(t, "not_editable", ask(http.MethodPut, path, "lu", set(name, value)).problem(t).Code, name)
	}
	moved := maps.Clone(feature)
	moved["geometry"] = fields{"type": "Point", "coordinates": []float64{120, 30}}
	assert.Equal(t, "geometry_fixed", ask(http.MethodPut, path, "lu", moved).problem(t).Code)
	assert.Equal(t, "no_right", ask(http.MethodPut, path, "zhou", set("batch", "二")).problem(t).Code)
	assert.Equal(t, "not_created_here", ask(http.MethodPost, "/ogc/collections/cases/items", "lu", feature).problem(t).Code)
	assert.Equal(t, "not_deleted_here", ask(http.MethodDelete, path, "lu", nil).problem(t).Code)
	assert.Equal(t, "not_deleted_here", ask(http.MethodDelete, "/ogc/collections/parcels/items/"+number(h.parcelOf(t, cases[0])), "lu", nil).problem(t).Code)
	options := func(path, as string) string {
		return h.ask(t, request{method: http.MethodOptions, path: path, as: as}).header.Get("Allow")
	}
	assert.Equal(t, "GET, OPTIONS, POST", options("/ogc/collections/cases/items", "lu"), "else QGIS edits nothing")
	assert.Equal(t, "GET, OPTIONS", options("/ogc/collections/parcels/items", "lu"))
	assert.Equal(t, "GET, OPTIONS", options(path, "zhou"))
}

// TestTakingManyFeaturesNeedsTheRightOfExportsAndIsLogged: page after page is a file.
func TestTakingManyFeaturesNeedsTheRightOfExportsAndIsLogged(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.apply(t, auth.System(), ledger.ImportParcels{Digest: "many", Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i := range 101 {
			if err := each(ledger.ParcelDraft{Row: i + 1, Code: fmt.Sprintf("M-%05d", i), Geometry: square(120.60+0.0006*float64(i%50), 30.66+0.0006*float64(i/50), 0.0005)}); err != nil {
				return err
			}
		}
		return nil
	}})
	rows := func() int { return len(h.logged(t, audit.Export)) }
	get := func(as, query string) answer {
		return h.ask(t, request{path: "/ogc/collections/parcels/items?" + query, as: as})
	}
	assert.Equal(t, http.StatusOK, get("zhou", "limit=100").status, "to look at")
	assert.Equal(t, http.StatusOK, get("zhou", "limit=1000&filter="+url.QueryEscape("code LIKE 'M-0000%'")).status, "few, whatever the limit")
	before := rows()
	assert.Equal(t, "no_right", get("zhou", "limit=1000").problem(t).Code)
	assert.Equal(t, "no_right", get("zhou", "offset=100").problem(t).Code, "nor page after page")
	assert.Equal(t, before, rows())
	assert.Equal(t, http.StatusOK, get("lu", "limit=1000").status)
	assert.Equal(t, http.StatusOK, get("lu", "offset=100").status)
	assert.Equal(t, before+2, rows())
}

func TestOGCIsOpenToTokensAsBearerAndAsPassword(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	reads := h.makeToken(t, "lu", fields{"kind": "api", "name": "QGIS", "days": 7})
	writes := h.makeToken(t, "lu", fields{"kind": "api", "name": "QGIS", "days": 7, "may_change": true})
	basic := func(secret string) map[string]string {
		return map[string]string{"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte("qgis:"+secret))}
	}
	path := "/ogc/collections/cases/items/" + number(cases[0])
	stranger := h.ask(t, request{path: path, as: nobody})
	assert.Equal(t, http.StatusUnauthorized, stranger.status)
	assert.Contains(t, stranger.header.Get("WWW-Authenticate"), "Basic")
	assert.Equal(t, http.StatusUnauthorized, h.ask(t, request{path: path, as: nobody, header: basic("wrong")}).status)
	assert.Equal(t, http.StatusUnauthorized, h.ask(t, request{path: "/api/v1/cases", as: nobody, header: basic(reads.Secret)}).status, "a password is for programs of maps alone")
	assert.Equal(t, http.StatusOK, h.ask(t, request{path: path, as: nobody, header: basic(reads.Secret)}).status)
	assert.Equal(t, http.StatusOK, h.ask(t, request{path: path, as: nobody, header: map[string]string{"Authorization": "Bearer " + reads.Secret}}).status)
	allowed := func(secret string) string {
		return h.ask(t, request{method: http.MethodOptions, path: path, as: nobody, header: basic(secret)}).header.Get("Allow")
	}
	assert.Equal(t, "GET, OPTIONS", allowed(reads.Secret))
	assert.Equal(t, "GET, OPTIONS, PATCH, PUT", allowed(writes.Secret))
	patch := func(secret string) int {
		header := basic(secret)
		header["Content-Type"] = "application/merge-patch+json"
		return h.ask(t, request{method: http.MethodPatch, path: path, as: nobody, header: header, body: strings.NewReader(`{"properties":{"batch":"二"}}`)}).status
	}
	assert.Equal(t, http.StatusForbidden, patch(reads.Secret))
	assert.Equal(t, http.StatusNoContent, patch(writes.Secret))
}

// TestGDALReadsPagesAndFilters: the OAPIF driver of Debian's GDAL as it is.
func TestGDALReadsPagesAndFilters(t *testing.T) {
	t.Parallel()
	h, cases, _ := town(t)
	token := h.makeToken(t, "lu", fields{"kind": "api", "name": "GDAL", "days": 7})
	run := func(tool string, args ...string) string {
		args = append(args, "--config", "GDAL_HTTP_USERPWD", "gdal:"+token.Secret)
		out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	said := run("ogrinfo", "-ro", "-so", "OAPIF:"+h.web.URL+"/ogc", "cases")
	assert.Contains(t, said, "Feature Count: 3")
	assert.Contains(t, said, "done_surveyed: Date")
	assert.Contains(t, said, "stage: Integer")
	read := run("ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", "OAPIF:"+h.web.URL+"/ogc", "cases", "-oo", "PAGE_SIZE=1")
	assert.Equal(t, len(cases), strings.Count(read, `"Feature"`), "three pages of one")
	assert.Contains(t, read, "宏*织造厂")
	filtered := run("ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", "OAPIF:"+h.web.URL+"/ogc", "cases", "-where", "label LIKE '宏%' AND stage >= 1")
	assert.Equal(t, 1, strings.Count(filtered, `"Feature"`))
}

// TestOGCShowsATownNoNamesOfOtherUnits: the same views as everywhere, in pages, features and HTML, and what is not shown cannot be found by filtering.
func TestOGCShowsATownNoNamesOfOtherUnits(t *testing.T) {
	t.Parallel()
	l := newLibrary(t, []string{"town", "viewer", "park", "grid"})
	for _, role := range []string{"town", "viewer", "park", "grid"} {
		for _, of := range []string{"own", "unit", "other"} {
			s := l.shelves[of]
			for _, path := range []string{"/collections/cases/items?limit=1000", "/collections/cases/items?f=html&limit=1000", "/collections/parcels/items?limit=1000", "/collections/cases/items/" + number(s.file)} {
				a := l.ask(t, request{path: "/ogc" + path, as: "r_" + role})
				require.Equal(t, http.StatusOK, a.status)
				row := reading{route: "GET /ogc", request: path, of: of}
				l.hides(t, a, row, role, l.foreign(role))
				if role == "viewer" {
					assert.Contains(t, string(a.body), s.tag)
				}
			}
			var found ogcPage
			l.ask(t, request{path: "/ogc/collections/cases/items?filter=" + url.QueryEscape("label LIKE '"+s.tag+"%'"), as: "r_" + role}).into(t, &found)
			if _, hidden := l.foreign(role)[of]; hidden {
				assert.Zero(t, found.NumberMatched, "%s finds nothing of %s by its name", role, of)
			} else {
				assert.Positive(t, found.NumberMatched)
			}
		}
	}
}

// TestTenThousandFeaturesThroughGDAL is long evidence: `scripts/proof.sh ogc`.
func TestTenThousandFeaturesThroughGDAL(t *testing.T) {
	t.Parallel()
	if os.Getenv("GUATU_PROOF") == "" {
		t.Skip("long: scripts/proof.sh ogc; TestGDALReadsPagesAndFilters is its short form")
	}
	const many = 10_000
	h := setup(t)
	h.apply(t, auth.System(), ledger.ImportParcels{Digest: "many", Summary: &ledger.StagedSummary{}, Drafts: func(each func(ledger.ParcelDraft) error) error {
		for i := range many {
			ground := square(120.55+0.002*float64(i%100), 30.60+0.002*float64(i/100), 0.001)
			if err := each(ledger.ParcelDraft{Row: i + 1, Code: fmt.Sprintf("M-%05d", i), Label: fmt.Sprintf("地块%d", i), Geometry: ground}); err != nil {
				return err
			}
		}
		return nil
	}})
	token := h.makeToken(t, "lu", fields{"kind": "api", "name": "GDAL", "days": 7})
	run := func(tool string, args ...string) string {
		began := time.Now()
		out, err := exec.CommandContext(t.Context(), tool, append(args, "--config", "GDAL_HTTP_USERPWD", "gdal:"+token.Secret)...).CombinedOutput()
		require.NoError(t, err, string(out))
		t.Logf("%s %s: %.1f s", tool, strings.Join(args[min(3, len(args)):], " "), time.Since(began).Seconds())
		return string(out)
	}
	codes := func(text string) int { return strings.Count(text, `"M-`) }
	service := "OAPIF:" + h.web.URL + "/ogc"
	assert.Contains(t, run("ogrinfo", "-ro", "-so", service, "parcels"), fmt.Sprintf("Feature Count: %d", many))
	all := run("ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", service, "parcels", "-oo", "PAGE_SIZE=500")
	assert.Equal(t, many, codes(all), "twenty pages of 500")
	distinct := map[string]bool{}
	for _, code := range regexp.MustCompile(`"M-\d{5}"`).FindAllString(all, -1) {
		distinct[code] = true
	}
	assert.Len(t, distinct, many, "each feature once")
	assert.Equal(t, 1000, codes(run("ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", service, "parcels", "-where", "code LIKE 'M-03%'")))
	assert.Equal(t, 25, codes(run("ogr2ogr", "-f", "GeoJSONSeq", "/vsistdout/", service, "parcels", "-spat", "120.55", "30.6", "120.5595", "30.6095")))
}
