package httpapi_test

import (
	"bufio"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/audit"
)

func TestAnExportIsAnAttachmentAndAnEntryOfTheAccessLog(t *testing.T) {
	t.Parallel()
	h := setup(t)
	a := h.ask(t, request{path: "/api/v1/export/parcels?format=geojson&unit=honghe&q=%E5%AE%8F", as: "lu"})
	require.Equal(t, http.StatusOK, a.status, string(a.body))
	assert.Equal(t, "application/geo+json", a.header.Get("Content-Type"))
	assert.Contains(t, a.header.Get("Content-Disposition"), "attachment; filename*=UTF-8''%E5%9B%BE%E6%96%91_")
	assert.NotEmpty(t, a.header.Get("Guatu-Rows"))
	rows := h.logged(t, audit.Export)
	require.Len(t, rows, 1)
	assert.Equal(t, "export/parcels", rows[0].Object)
	assert.Equal(t, "lu", rows[0].Actor)
	assert.Contains(t, rows[0].Text, `"filter":"unit=honghe"`)
	assert.Contains(t, rows[0].Text, `"searched":true`)
	assert.NotContains(t, rows[0].Text, "宏", "what was searched for may be a name")
}

func TestWhatIsRefusedLeavesNoFileAndNoExport(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for path, code := range map[string]string{
		"/export/parcels?format=xlsx":                 "bad_format",
		"/export/parcels":                             "bad_format",
		"/export/parcels?format=shp&encoding=latin1":  "bad_parameter",
		"/export/parcels?format=shp&crs=3857":         "bad_parameter",
		"/export/parcels?format=shp&progress=1":       "bad_parameter",
		"/export/parcels?format=shp&stage=x":          "bad_parameter",
		"/export/parcels?format=shp&side=nonsense":    "bad_filter",
		"/export/ledger?format=xlsx&as_of=2031-01-01": "day_to_come",
		"/export/ledger?format=xlsx&sort=nonsense":    "bad_sort",
		"/export/parcels?format=geojson&ids=1,x":      "bad_parameter",
		"/export/nonsense?format=geojson":             "bad_format",
	} {
		a := h.ask(t, request{path: "/api/v1" + path, as: "lu"})
		assert.GreaterOrEqual(t, a.status, 400, path)
		assert.Equal(t, code, a.problem(t).Code, path)
		assert.Empty(t, a.header.Get("Content-Disposition"), path)
	}
	wrong := h.ask(t, request{path: "/api/v1/export/ledger?format=xlsx&as_of=2020-13-45", as: "lu"}).problem(t)
	assert.Equal(t, "参数 as_of 有误：2020-13-45", wrong.Detail)
	assert.Empty(t, h.logged(t, audit.Export))
}

func TestTheProgressOfAnExportIsToldToWhoAskedForIt(t *testing.T) {
	t.Parallel()
	h := setup(t)
	id := uuid.NewString()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, h.web.URL+"/api/v1/export/progress/"+id, http.NoBody)
	require.NoError(t, err)
	req.AddCookie(h.session(t, "lu"))
	resp, err := h.web.Client().Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	lines := bufio.NewScanner(resp.Body)
	require.True(t, lines.Scan(), "the stream begins before the export does")
	a := h.ask(t, request{path: "/api/v1/export/parcels?format=geojson&progress=" + id, as: "lu"})
	require.Equal(t, http.StatusOK, a.status)
	var last string
	for lines.Scan() {
		if data, found := strings.CutPrefix(lines.Text(), "data: "); found {
			last = data
		}
	}
	rows := a.header.Get("Guatu-Rows")
	assert.Equal(t, `{"done":`+rows+`,"total":`+rows+`}`, last, "and ends with it")
}
