package httpapi_test

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// journalTotals folds the entries of the journal up to the end of a day (UTC+8), field by field, and adds up by unit what is accepted, neither
// struck out nor rebounded: firms, and recovered and effective land in 0.0001 m² and, rounded half up, in hundredths of a mu. It
// reads neither state nor history of the program. Units come by code.
const journalTotals = `WITH entry AS (
    SELECT j.noun_id, j.id, coalesce(j.body::jsonb->'before', '{}') AS was, coalesce(j.body::jsonb->'after', '{}') AS will
    FROM guatu.journal j WHERE j.noun = 'case' AND j.recorded_at < (date '%s' + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
), said AS (
    SELECT DISTINCT ON (e.noun_id, f.key) e.noun_id, f.key, e.will->f.key AS value
    FROM entry e CROSS JOIN LATERAL (SELECT jsonb_object_keys(e.was || e.will) AS key) f ORDER BY e.noun_id, f.key, e.id DESC
), known AS (
    SELECT noun_id, jsonb_object_agg(key, value) FILTER (WHERE value IS NOT NULL) AS c FROM said GROUP BY noun_id
), counted AS (
    SELECT c->>'unit' AS unit, coalesce((c->>'recovered')::bigint, 0) AS recovered, coalesce((c->>'effective')::bigint, 0) AS effective FROM known
    WHERE c->>'track' = 'rectify' AND c->'milestone/accepted'->>'done_on' IS NOT NULL AND NOT c ? 'side/rebounded' AND NOT c ? 'side/struck'
), total AS (
    SELECT u.code, count(k.unit) AS firms, coalesce(sum(k.recovered), 0) AS recovered, coalesce(sum(k.effective), 0) AS effective
    FROM guatu.unit u LEFT JOIN counted k ON k.unit = u.code WHERE NOT u.outside GROUP BY u.code
)
SELECT array_agg(v.n::bigint ORDER BY t.code COLLATE "C", v.place) FROM total t CROSS JOIN LATERAL (VALUES (1, t.firms), (2, t.recovered), (3, t.effective),
    (4, div(3 * t.recovered + 100000, 200000)), (5, div(3 * t.effective + 100000, 200000))) AS v (place, n)`

// totalsAreTheJournals: the figures of every unit, over HTTP, are those that SQL makes of the journal alone, to the last digit,
// today and on three past days, and the polygons on the map of that day add up to them exactly.
func totalsAreTheJournals(t *testing.T, h *house, db *dbtest.DB, days ...string) {
	t.Helper()
	for _, day := range days {
		asOf := "&as_of=" + day
		f := read[gen.Figures](t, h, "/figures?by=unit"+asOf)
		rows := slices.SortedFunc(slices.Values(f.Rows), func(a, b gen.FigureRow) int { return cmp.Compare(a.Code, b.Code) })
		var told []int64
		for _, r := range rows {
			firms, recovered, effective := metricOf(t, r, "rectified"), metricOf(t, r, "recovered"), metricOf(t, r, "effective")
			told = append(told, firms.Exact, recovered.Exact, effective.Exact, hundredths(recovered), hundredths(effective))
			assert.Equal(t, recovered.Exact, drawnTotal(t, h, "recovered", r.Code, asOf), "%s %s opens to its polygons", day, r.Code)
			assert.Equal(t, effective.Exact, drawnTotal(t, h, "effective", r.Code, asOf), "%s %s opens to its polygons", day, r.Code)
		}
		require.Len(t, told, 6*5)
		assert.Equal(t, db.Numbers(t, "postgres", fmt.Sprintf(journalTotals, day)), told, day)
		assert.Equal(t, metricOf(t, f.Total, "recovered").Exact, drawnTotal(t, h, "recovered", "", asOf), "%s, the district", day)
	}
}

func metricOf(t *testing.T, r gen.FigureRow, code string) gen.FigureMetric {
	t.Helper()
	i := slices.IndexFunc(r.Metrics, func(m gen.FigureMetric) bool { return m.Code == code })
	require.GreaterOrEqual(t, i, 0, code)
	return r.Metrics[i]
}

// hundredths are the digits that are printed.
func hundredths(m gen.FigureMetric) int64 { return int64(math.Round(m.Done * 100)) }

// drawnTotal adds up what the polygons of a layer count.
func drawnTotal(t *testing.T, h *house, layer, unit, asOf string) (sum int64) {
	t.Helper()
	shown := read[struct {
		Features []struct {
			Properties struct {
				Counted bool
				Exact   int64 `json:"accepted_exact"`
			}
		}
	}](t, h, "/layers/"+layer+"?unit="+unit+asOf)
	for _, f := range shown.Features {
		if f.Properties.Counted {
			sum += f.Properties.Exact
		}
	}
	return sum
}

// casesAreReordered hands an accepted case over to another unit, splits an open one and merges the halves again: the units'
// figures are others from today on, and those of days before stay.
func casesAreReordered(t *testing.T, h *house) {
	t.Helper()
	cases := asDistrict[gen.CasePage](t, h, "/cases?track=rectify&limit=1000").Items
	first := func(fits func(gen.CaseSummary) bool) gen.CaseSummary {
		i := slices.IndexFunc(cases, fits)
		require.GreaterOrEqual(t, i, 0)
		return cases[i]
	}
	accepted := first(func(c gen.CaseSummary) bool {
		return c.Stage == 9 && c.Unit == "honghe" && (c.Sides == nil || len(*c.Sides) == 0)
	})
	h.change(t, "zhou", fields{"kind": "case.move", "case_id": accepted.Id, "unit": "wangdian", "reason": "行政区划调整"})
	open := first(func(c gen.CaseSummary) bool {
		return c.Stage < 6 && c.M2 > 1000 && (c.Sides == nil || len(*c.Sides) == 0)
	})
	parcel := read[gen.CaseDetail](t, h, "/cases/"+number(open.Id)).Parcels[0]
	out := h.change(t, "zhou", fields{"kind": "case.split", "case_id": open.Id, "label": "隔壁作坊", "parts": []fields{{"parcel_id": parcel.Id, "m2": 500}}, "reason": "两家经营"})
	fresh := out.Entries[len(out.Entries)-1].NounID
	halves := read[gen.CaseDetail](t, h, "/cases/"+number(open.Id)).Case.M2 + read[gen.CaseDetail](t, h, "/cases/"+number(fresh)).Case.M2
	assert.InDelta(t, open.M2, halves, 0.011)
	h.change(t, "zhou", fields{"kind": "case.merge", "case_id": open.Id, "duplicates": []int64{fresh}, "reason": "仍是一家"})
	assert.InDelta(t, open.M2, read[gen.CaseDetail](t, h, "/cases/"+number(open.Id)).Case.M2, 0.001)
}
