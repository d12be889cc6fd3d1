package httpapi_test

import (
	"encoding/json"
	"math"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// TestAPlannerMakesTheNumbersTrue is the story of the desk: the shapefile of 1,990 parcels is compared, applied, taken back and
// applied again; a polygon drawn along a neighbour loses the river, is accepted, and every page's total moves by exactly its land.
func TestAPlannerMakesTheNumbersTrue(t *testing.T) {
	t.Parallel()
	const path = "../../../shared/data/parcels/xz_derived_2k_4549_gbk.shp.zip"
	file, err := os.ReadFile(path)
	if err != nil {
		t.Skipf("the shared test data are not beside the project: %s", path)
	}
	rooms, log := openWith(t, afternoon, func(_ *postgres.Store, book *ledger.Ledger) { furnishAt(t, book, square(120.64, 30.735, 0.085)) })
	h := serve(t, rooms, log)
	send := func(fields ...string) (r gen.ImportReport) {
		a := h.imports(t, map[string]string{"xz.zip": string(file)}, append(fields, "op_id", uuid.NewString())...)
		require.Equal(t, http.StatusOK, a.status, "%s", a.body)
		a.into(t, &r)
		if r.Revision != nil {
			h.seen(t, *r.Revision)
		}
		return r
	}
	counts := func(r gen.ImportReport) []int64 { return []int64{r.Created, r.Changed, r.Unchanged, r.Gone} }
	features := func() int { return len(h.layer(t, "").Features) }

	preview := send("dry_run", "true")
	require.Equal(t, []int64{1990, 0, 0, 0}, counts(preview))
	assert.Len(t, preview.Diff.Created, ledger.MostCompared)
	assert.NotNil(t, preview.Diff.Created[0].Ground, "with its shape, to be looked at")
	assert.Zero(t, features(), "a preview writes nothing")
	first := send()
	assert.Equal(t, counts(preview), counts(first))
	assert.Equal(t, 1990, features())
	h.change(t, "lu", fields{"kind": "batch.undo", "batch_id": first.BatchId, "reason": "先核对"})
	assert.Zero(t, features(), "taken back whole")
	assert.Equal(t, counts(first), counts(send()), "and applied again")
	assert.Equal(t, 1990, features())

	neighbour, drawn := h.plot(t, "330411XZ001094"), h.plot(t, "330411XZ000758")
	h.change(t, "lu", fields{"kind": "land.record", "case_id": h.named(t, "隔壁厂", neighbour.id)})
	h.replace(t, "water", ledger.ReferenceDraft{Code: "w1", Name: "长水塘", Class: "river", Geometry: orb.LineString{{120.6615, 30.758}, {120.6615, 30.7605}}})
	shared := 0
	for _, corner := range drawn.ground[0][0] {
		if slices.Contains(neighbour.ground[0][0], corner) {
			shared++
		}
	}
	require.Greater(t, shared, 3, "the edge is the neighbour's, corner by corner")
	id := h.named(t, "宏联织造厂", drawn.id)
	draft := fields{"case_id": id, "recovered": ground(drawn.ground)}
	said := h.preview(t, draft)
	require.Empty(t, said.Faults, "along an edge is not over it")
	require.Len(t, said.Deductions, 1)
	assert.InDelta(t, said.Recovered.M2-said.Effective.M2, said.Deductions[0].M2, 0.011)
	h.change(t, "lu", draft.and("kind", "land.record"))
	for _, code := range []string{"filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished"} {
		h.change(t, "shen", milestone(id, code, "2020-09-20"))
	}
	h.change(t, "wang", milestone(id, "town_checked", "2020-09-21").and("checks", boxes))
	h.change(t, "lu", fields{"kind": "case.measure", "case_id": id, "recovered_m2": said.Recovered.M2, "effective_m2": said.Effective.M2})
	screen := h.onScreen(t, h.makeToken(t, "lu", fields{"kind": "wall", "name": "指挥室"}).Secret)

	before := h.landEverywhere(t, screen)
	h.change(t, "zhou", milestone(id, "accepted", "2020-09-22").and("checks", boxes))
	after := h.landEverywhere(t, screen)
	land := [2]int64{int64(math.Round(said.Recovered.M2 * 10000)), int64(math.Round(said.Effective.M2 * 10000))}
	for page, total := range before {
		assert.Equal(t, [2]int64{total[0] + land[0], total[1] + land[1]}, after[page], page)
	}
}

// named is a case of this name on a parcel without one.
func (h *house) named(t *testing.T, label string, parcel int64) int64 {
	t.Helper()
	return h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": []int64{parcel}, "label": label, "date": "2020-03-01"}).Entries[0].NounID
}

type plot struct {
	id     int64
	ground orb.MultiPolygon
}

// plot is a parcel of the map by its code.
func (h *house) plot(t *testing.T, code string) (p plot) {
	t.Helper()
	for _, f := range h.layer(t, "").Features {
		if f.Properties["code"] == code {
			p.id = int64(f.Properties["id"].(float64)) //nolint:forcetypeassert // a number
			text, err := json.Marshal(f.Geometry.Coordinates)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(text, &p.ground))
		}
	}
	require.NotZero(t, p.id, code)
	return p
}

// landEverywhere is recovered and effective land in 0.0001 m², as each page adds it up.
func (h *house) landEverywhere(t *testing.T, screen *http.Cookie) map[string][2]int64 {
	t.Helper()
	metrics := func(f gen.FigureRow) [2]int64 {
		return [2]int64{metricOf(t, f, "recovered").Exact, metricOf(t, f, "effective").Exact}
	}
	figures := read[gen.Figures](t, h, "/figures?by=unit")
	var wall gen.Figures
	h.send(t, screen, http.MethodGet, "/figures?by=unit", nil).into(t, &wall)
	query := metricOf(t, figures.Total, "recovered").Query
	sums := read[gen.CasePage](t, h, "/cases?"+query).Sums
	return map[string][2]int64{
		"figures": metrics(figures.Total), "its unit": metrics(rowOf(t, figures, "honghe")), "wall": metrics(wall.Total),
		"map": {drawnTotal(t, h, "recovered", "", ""), drawnTotal(t, h, "effective", "", "")}, "ledger": {sums.Recovered, sums.Effective},
		"export": {h.exported(t, "recovered", query), h.exported(t, "effective", query)},
	}
}

// exported adds up the accepted land of a file.
func (h *house) exported(t *testing.T, content, query string) (sum int64) {
	t.Helper()
	type row struct {
		Properties struct {
			M2 float64 `json:"accepted_m2"`
		}
	}
	for _, f := range read[struct{ Features []row }](t, h, "/export/"+content+"?format=geojson&"+query).Features {
		sum += int64(math.Round(f.Properties.M2 * 10000))
	}
	return sum
}
