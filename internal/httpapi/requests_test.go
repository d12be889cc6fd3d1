package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"mime/multipart"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

func TestARequestThatIsNotAsSpecifiedIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	h := setup(t)
	op := func(change string) string {
		return `{"op_id":"` + uuid.NewString() + `","device":"test","changes":[` + change + `]}`
	}
	for name, c := range map[string]struct{ body, names string }{
		"unknown field":  {op(`{"kind":"case.milestone","painted":true}`), "painted"},
		"unknown kind":   {op(`{"kind":"case.paint"}`), "kind"},
		"no kind":        {op(`{}`), "kind"},
		"wrong type":     {op(`{"kind":"case.milestone","case_id":"seven"}`), "case_id"},
		"no changes":     {`{"op_id":"` + uuid.NewString() + `","device":"test","changes":[]}`, "changes"},
		"device breaks":  {`{"op_id":"` + uuid.NewString() + `","device":"a\nb","changes":[{"kind":"case.amend"}]}`, "device"},
		"broken JSON":    {`{"op_id":`, ""},
		"an empty body":  {``, ""},
		"not a date":     {op(`{"kind":"case.milestone","case_id":1,"milestone":"filed","date":"gestern"}`), "date"},
		"a wrong choice": {op(`{"kind":"conflict.resolve","conflict_id":1,"choose":"both"}`), "choose"},
	} {
		a := h.post(t, "shen", c.body)
		assert.Equal(t, http.StatusBadRequest, a.status, "%s: %s", name, a.body)
		assert.Contains(t, a.problem(t).DetailEN, c.names, name)
	}
	big := h.post(t, "shen", `{"op_id":"`+strings.Repeat("x", 3<<20)+`"}`)
	assert.Equal(t, http.StatusRequestEntityTooLarge, big.status)
	assert.Equal(t, "too_large", big.problem(t).Code)
}

func TestFailuresHaveTheirStatusAndBothLanguages(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	for name, c := range map[string]struct {
		q      request
		status int
		code   string
	}{
		"nobody acts":     {request{method: http.MethodPost, path: "/api/v1/changes", as: nobody, header: map[string]string{"Content-Type": "application/json"}, body: strings.NewReader(text(t, operation(milestone(id, "filed", "2020-03-25"))))}, 401, "not_signed_in"},
		"no such case":    {request{path: "/api/v1/cases/999999"}, 404, "case_not_found"},
		"no such parcel":  {request{path: "/api/v1/parcels/999999"}, 404, "parcel_not_found"},
		"no such layer":   {request{path: "/api/v1/layers/rivers"}, 404, "layer_not_found"},
		"no such path":    {request{path: "/api/v1/paint"}, 404, "page_not_found"},
		"no such page":    {request{path: "/paint"}, 404, "page_not_found"},
		"not a number":    {request{path: "/api/v1/cases/seven"}, 400, "not_as_specified"},
		"bad bbox":        {request{path: "/api/v1/layers/parcels?bbox=1,2,3"}, 400, "bad_parameter"},
		"turned bbox":     {request{path: "/api/v1/layers/parcels?bbox=121,30,120,31"}, 400, "bad_parameter"},
		"NaN in bbox":     {request{path: "/api/v1/layers/parcels?bbox=NaN,30,120,31"}, 400, "bad_parameter"},
		"bad since":       {request{path: "/api/v1/layers/parcels?since=x"}, 400, "bad_parameter"},
		"since in a box":  {request{path: "/api/v1/layers/parcels?since=3&bbox=120,30,121,31"}, 400, "bad_parameter"},
		"bad stage":       {request{path: "/api/v1/layers/parcels?stage=12"}, 400, "bad_parameter"},
		"bad resume":      {request{path: "/api/v1/live?after=minus"}, 400, "bad_parameter"},
		"foreign host":    {request{path: "/api/v1/health", host: "evil.example"}, 403, "foreign_host"},
		"foreign origin":  {request{method: http.MethodPost, path: "/api/v1/changes", header: map[string]string{"Origin": "http://evil.example"}}, 403, "foreign_origin"},
		"foreign form":    {request{method: http.MethodPost, path: "/api/v1/session", header: map[string]string{"Sec-Fetch-Site": "cross-site"}}, 403, "foreign_origin"},
		"import unsigned": {request{method: http.MethodPost, path: "/api/v1/imports", as: nobody}, 401, "not_signed_in"},
	} {
		a := h.ask(t, c.q)
		assert.Equal(t, c.status, a.status, "%s: %s", name, a.body)
		assert.Equal(t, c.code, a.problem(t).Code, name)
		assert.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"), name)
		assert.NotContains(t, a.header.Get("Content-Security-Policy"), "unsafe", name)
	}
}

// broken is a door that fails as a defect would.
type broken struct{ panics bool }

func (b broken) Apply(context.Context, auth.Actor, ledger.Operation) (ledger.Outcome, error) {
	if b.panics {
		panic("inner words")
	}
	return ledger.Outcome{}, errors.New("inner words")
}

func TestADefectGivesANumberAndNoInnerWords(t *testing.T) {
	t.Parallel()
	for _, panics := range []bool{false, true} {
		rooms, log := open(t)
		rooms.Ledger = broken{panics}
		h := serve(t, rooms, log)
		a := h.post(t, "shen", text(t, operation(milestone(1, "filed", "2020-03-25"))))
		assert.Equal(t, http.StatusInternalServerError, a.status)
		p := a.problem(t)
		assert.Len(t, p.Instance, 6)
		assert.Contains(t, p.Detail, "系统出错，内容未丢失；请把编号 "+p.Instance+" 告诉管理员")
		assert.NotContains(t, string(a.body), "inner words")
		assert.Contains(t, log.String(), "inner words")
		assert.Contains(t, log.String(), p.Instance)
	}
}

func TestAnIllegalMoveIsRefusedAndItsRepeatToo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	op := text(t, operation(milestone(id, "demolished", "2020-09-10")))
	first := h.post(t, "shen", op)
	assert.Equal(t, http.StatusConflict, first.status)
	p := first.problem(t)
	assert.Equal(t, "还不能标记已拆除：尚未建档", p.Detail)
	assert.Equal(t, "refused", p.Outcome.Outcome)
	assert.Equal(t, string(first.body), string(h.post(t, "shen", op).body))
	assert.Equal(t, http.StatusNotFound, h.post(t, "lu", op).status, "another person learns nothing")
}

func TestFiftyParallelRepeatsAreOneRowAndFiftyEqualAnswers(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := h.listed(t, h.parcels(t, "凤桥村作坊1号")...)
	op := text(t, operation(milestone(id, "filed", "2020-03-25")))
	bodies := make([]string, 50)
	var wg sync.WaitGroup
	for i := range bodies {
		wg.Go(func() { bodies[i] = string(h.post(t, "shen", op).body) })
	}
	wg.Wait()
	for _, b := range bodies {
		require.Equal(t, bodies[0], b)
	}
	var file struct{ Timeline []struct{ Kind string } }
	h.get(t, "/cases/"+number(id)).into(t, &file)
	assert.Len(t, file.Timeline, 2)
}

// upload is a multipart body with a file and fields.
func upload(t *testing.T, files map[string]string, fields ...string) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	for i := 0; i < len(fields); i += 2 {
		require.NoError(t, w.WriteField(fields[i], fields[i+1]))
	}
	for name, content := range files {
		part, err := w.CreateFormFile("file", name)
		require.NoError(t, err)
		_, err = part.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return body, w.FormDataContentType()
}

func (h *house) imports(t *testing.T, files map[string]string, fields ...string) answer {
	t.Helper()
	body, kind := upload(t, files, fields...)
	return h.ask(t, request{method: http.MethodPost, path: "/api/v1/imports", as: "lu", header: map[string]string{"Content-Type": kind}, body: body})
}

const twoParcels = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"地块编号":"A1","名称":"宏兴毛衫厂"},"geometry":{"type":"Polygon","coordinates":[[[120.61,30.66],[120.611,30.66],[120.611,30.661],[120.61,30.661],[120.61,30.66]]]}},
{"type":"Feature","properties":{"地块编号":"A2","名称":"</script><script>alert(1)</script>"},"geometry":{"type":"Polygon","coordinates":[[[120.62,30.66],[120.621,30.66],[120.621,30.661],[120.62,30.661],[120.62,30.66]]]}}]}`

type importReport struct {
	Created, Changed, Unchanged int
	Needs                       []string
	Refusal                     *struct{ ZH, EN string }
	Revision                    int64
}

func TestImportOverHTTP(t *testing.T) {
	t.Parallel()
	h := setup(t)
	file := map[string]string{"地块.geojson": twoParcels}
	var r importReport
	dry := h.imports(t, file, "dry_run", "true")
	require.Equal(t, http.StatusOK, dry.status, "%s", dry.body)
	dry.into(t, &r)
	assert.Equal(t, 2, r.Created)
	assert.NotContains(t, string(h.get(t, "/layers/parcels").body), "A1", "a preview writes nothing")

	id := uuid.NewString()
	for range 2 {
		in := h.imports(t, file, "op_id", id)
		require.Equal(t, http.StatusOK, in.status, "%s", in.body)
		in.into(t, &r)
	}
	h.seen(t, r.Revision)
	layer := h.get(t, "/layers/parcels")
	assert.Equal(t, 2, strings.Count(string(layer.body), `"type":"Feature"`), "the repeat with the same id changed nothing")
	assert.NotContains(t, string(layer.body), "<script>", "shown text cannot leave its string")

	again := h.imports(t, file)
	r = importReport{}
	again.into(t, &r)
	assert.Equal(t, 2, r.Unchanged)

	needs := h.imports(t, map[string]string{"plan.csv": "wkt,code\n\"POLYGON((560000 3400000,560100 3400000,560100 3400100,560000 3400000))\",B1\n"})
	assert.Equal(t, http.StatusUnprocessableEntity, needs.status, "%s", needs.body)
	r = importReport{}
	needs.into(t, &r)
	assert.Equal(t, []string{"crs"}, r.Needs)

	rar := h.imports(t, map[string]string{"x.rar": "Rar!\x1a\x07\x00"})
	assert.Equal(t, http.StatusUnprocessableEntity, rar.status)
	assert.Contains(t, string(rar.body), ".rar")

	assert.Equal(t, "file_missing", h.imports(t, nil).problem(t).Code)
	assert.Equal(t, "bad_parameter", h.imports(t, file, "dry_run", "perhaps").problem(t).Code)
	assert.Equal(t, "bad_parameter", h.imports(t, file, "paint", "red").problem(t).Code)
}

func TestThePageIsServedBesideTheAPI(t *testing.T) {
	t.Parallel()
	h := setup(t)
	page := h.ask(t, request{path: "/"})
	assert.Contains(t, string(page.body), "挂图")
	assert.Equal(t, "no-cache", page.header.Get("Cache-Control"))
	assert.Contains(t, h.ask(t, request{path: "/assets/app-1a2b3c.js"}).header.Get("Cache-Control"), "immutable")
	assert.Equal(t, http.StatusNotFound, h.ask(t, request{path: "/assets/../../go.mod"}).status)
	assert.Equal(t, http.StatusNotFound, h.ask(t, request{path: "/..%2f..%2fetc%2fpasswd"}).status)
}
