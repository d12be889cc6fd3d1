package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// TestEveryFigureOpensToItsRecords follows the queries of an answer.
func TestEveryFigureOpensToItsRecords(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, "宏联织造厂", "顺达纸箱厂", "益丰木器厂")
	var id int64
	for _, parcel := range ids {
		id = h.listed(t, parcel)
	}
	last := h.change(t, "shen", milestone(id, "filed", "2020-09-01"))
	after := "&min_revision=" + number(last.Revision)
	a := h.get(t, "/figures?by=unit"+after)
	require.Equal(t, http.StatusOK, a.status, string(a.body))
	assert.NotEmpty(t, a.header.Get("ETag"))
	again := h.ask(t, request{path: "/api/v1/figures?by=unit" + after, header: map[string]string{"If-None-Match": a.header.Get("ETag")}})
	assert.Equal(t, http.StatusNotModified, again.status)
	assert.Empty(t, again.body)
	var f gen.Figures
	a.into(t, &f)
	assert.True(t, f.Live)
	assert.EqualValues(t, 92, f.DaysLeft)
	assert.EqualValues(t, 3, f.Total.Listed.Cases)
	assert.InDelta(t, 400, *f.Total.Metrics[0].Task, 0)
	for _, row := range append(f.Rows, f.Total) {
		counts := append([]gen.FigureCount{row.Listed, row.Late, row.Rebounded}, row.Stages...)
		for _, s := range row.Steps {
			counts = append(counts, s.Reached, s.Skipped)
		}
		for _, n := range counts {
			var page gen.CasePage
			h.get(t, "/cases?"+n.Query).into(t, &page)
			assert.Equal(t, n.Cases, page.Total, n.Query)
			assert.InDelta(t, n.M2, page.TotalM2, 0, n.Query)
		}
		for _, m := range row.Metrics {
			assert.Equal(t, http.StatusOK, h.get(t, "/cases?"+m.Query).status, m.Query)
		}
	}
}

func TestListsAreFilteredSortedAndSearched(t *testing.T) {
	t.Parallel()
	h := setup(t)
	ids := h.parcels(t, "宏联织造厂", "顺达纸箱厂", "益丰木器厂")
	var id int64
	for _, parcel := range ids {
		id = h.listed(t, parcel)
	}
	last := h.change(t, "shen", milestone(id, "filed", "2020-09-01"))
	rev := "&min_revision=" + number(last.Revision)
	labels := func(query string) []string {
		t.Helper()
		var page gen.CasePage
		a := h.get(t, "/cases?"+query+rev)
		require.Equal(t, http.StatusOK, a.status, string(a.body))
		a.into(t, &page)
		list := []string{}
		for _, c := range page.Items {
			list = append(list, c.Label)
		}
		return list
	}
	assert.Equal(t, []string{"宏联织造厂", "顺达纸箱厂", "益丰木器厂"}, labels("sort=code"))
	assert.Equal(t, []string{"益丰木器厂", "顺达纸箱厂", "宏联织造厂"}, labels("sort=-label"))
	assert.Equal(t, []string{"顺达纸箱厂"}, labels("q=sdzx"))
	assert.Equal(t, []string{"宏联织造厂"}, labels("q=联织"))
	assert.Equal(t, []string{"宏联织造厂"}, labels("q=0001"))
	assert.Empty(t, labels("q=zzz"))
	assert.Empty(t, labels("stage=3,4"))
	assert.Len(t, labels("stage=1,2&track=rectify&listed=true"), 3)
	assert.Empty(t, labels("as_of=2020-09-29"))
	for query, code := range map[string]string{
		"sort=colour": "bad_sort", "metric=happiness": "bad_filter", "side=asleep": "bad_filter", "reached=signed": "bad_filter",
		"track=rectify&reached=eaten": "bad_filter", "as_of=2020-10-01": "day_to_come",
	} {
		p := h.get(t, "/cases?"+query).problem(t)
		assert.Equal(t, code, p.Code, query)
	}
	for path, code := range map[string]string{
		"/figures?unit=moon": "unknown_unit", "/figures?rank=beauty": "unknown_metric", "/figures/burn-up?metric=beauty": "unknown_metric",
		"/figures/moves?from=2020-10-02": "days_out_of_order", "/figures/moves?from=2020-09-01&metric=beauty": "unknown_metric",
	} {
		assert.Equal(t, code, h.get(t, path).problem(t).Code, path)
	}
	assert.Equal(t, http.StatusOK, h.get(t, "/figures/burn-up?metric=recovered").status)
	assert.Equal(t, http.StatusOK, h.get(t, "/figures/moves?from=2020-09-01").status)
}
