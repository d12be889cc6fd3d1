package httpapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/ledger"
)

// ground is a polygon as it is sent.
func ground(mp orb.MultiPolygon) map[string]any {
	return map[string]any{"type": "Polygon", "coordinates": mp[0]}
}

type landSaid struct {
	M2, Mu   float64
	PlaneM2  float64 `json:"plane_m2"`
	Geometry struct {
		Type        string
		Coordinates json.RawMessage
	}
}

type landPreview struct {
	Recovered, Effective *landSaid
	Deductions           []struct {
		Code string
		Name struct{ ZH string }
		M2   float64
	}
	Faults []struct {
		Code  string
		Text  struct{ ZH, EN string }
		Mu    float64
		Place []float64
	}
}

func (h *house) preview(t *testing.T, draft fields) landPreview {
	t.Helper()
	a := h.ask(t, request{method: http.MethodPost, path: "/api/v1/land/effective", as: "lu", header: map[string]string{"Content-Type": "application/json"}, body: bytes.NewBufferString(text(t, draft))})
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var p landPreview
	a.into(t, &p)
	return p
}

func TestLandIsPreviewedAndRecorded(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "凤桥村作坊1号", "凤桥村作坊2号")
	a, b := h.listed(t, parcels[0]), h.listed(t, parcels[1])
	h.replace(t, "water", ledger.ReferenceDraft{Code: "w1", Name: "长水塘", Class: "river", Geometry: orb.LineString{{120.59, 30.651}, {120.63, 30.651}}})

	p := h.preview(t, fields{"case_id": a})
	require.NotNil(t, p.Recovered)
	require.NotNil(t, p.Effective)
	require.Len(t, p.Deductions, 1)
	assert.Equal(t, "河道", p.Deductions[0].Name.ZH)
	assert.InDelta(t, p.Recovered.M2-p.Effective.M2, p.Deductions[0].M2, 0.011)
	assert.Empty(t, p.Faults)
	assert.Equal(t, "MultiPolygon", p.Effective.Geometry.Type)

	recorded := h.change(t, "lu", fields{"kind": "land.record", "case_id": a, "use": "reserve"})
	require.Len(t, recorded.Entries, 1)
	assert.Equal(t, "land", recorded.Entries[0].Noun)
	over := square(120.6012, 30.651, 0.0005)
	p = h.preview(t, fields{"case_id": b, "recovered": ground(over)})
	require.Len(t, p.Faults, 1)
	assert.Regexp(t, `^与 XZ-2020-0001 重叠 2.39 亩，不能保存$`, p.Faults[0].Text.ZH)
	assert.Len(t, p.Faults[0].Place, 2)
	refused := h.post(t, "lu", text(t, operation(fields{"kind": "land.record", "case_id": b, "recovered": ground(over)})))
	assert.Equal(t, http.StatusConflict, refused.status)
	assert.Equal(t, p.Faults[0].Text.ZH, refused.problem(t).Detail, "saving says what the preview said")
	crossed := map[string]any{"type": "Polygon", "coordinates": orb.Polygon{{{120.61, 30.66}, {120.611, 30.661}, {120.611, 30.66}, {120.61, 30.661}, {120.61, 30.66}}}}
	p = h.preview(t, fields{"case_id": b, "recovered": crossed})
	require.Len(t, p.Faults, 1)
	assert.Equal(t, "图形自相交，位置已在图上标出", p.Faults[0].Text.ZH)
	assert.Nil(t, p.Recovered)
	open := map[string]any{"type": "Polygon", "coordinates": orb.Polygon{{{120.61, 30.66}, {120.611, 30.661}, {120.611, 30.66}}}}
	bad := h.post(t, "lu", text(t, operation(fields{"kind": "land.record", "case_id": b, "recovered": open})))
	assert.Equal(t, "bad_geometry", bad.problem(t).Code)

	for layer, features := range map[string]int{"recovered": 1, "effective": 1, "blocks": 0, "parks": 0} {
		got := h.get(t, "/layers/"+layer)
		require.Equal(t, http.StatusOK, got.status, "%s", got.body)
		var fc struct{ Features []json.RawMessage }
		got.into(t, &fc)
		assert.Len(t, fc.Features, features, layer)
		again := h.ask(t, request{path: "/api/v1/layers/" + layer, header: map[string]string{"If-None-Match": got.header.Get("ETag")}})
		assert.Equal(t, http.StatusNotModified, again.status)
	}
	var past struct{ Features []json.RawMessage }
	h.get(t, "/layers/recovered?as_of=2020-09-29").into(t, &past)
	assert.Empty(t, past.Features, "yesterday there was none")
}

func TestACaseShowsItsLand(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "联建厂房")
	landlord := h.listed(t, parcels[0])
	tenant := h.change(t, "lu", fields{"kind": "case.list", "parcel_ids": parcels, "date": "2020-03-01", "label": "承租户", "landless": true}).Entries[0].NounID
	type detail struct {
		Land struct {
			Tenant bool
			Text   *struct{ ZH string }
			Areas  []struct {
				Code    string
				M2      float64
				Differs *struct {
					M2, Percent float64
				}
			}
			Recorded *struct {
				Version    int64
				RecordedOn string `json:"recorded_on"`
				Origin     string
				Use        *struct{ Code string }
				Recovered  struct{ M2 float64 }
				Deductions []struct {
					Code string
					M2   float64
				}
				RecoveredDiffers *struct{ M2, Percent float64 } `json:"recovered_differs"`
			}
		}
		Timeline []struct {
			Kind string
			Text struct{ ZH string }
		}
	}
	read := func(id int64) (d detail) {
		h.get(t, "/cases/"+text(t, id)).into(t, &d)
		return d
	}
	d := read(tenant)
	assert.True(t, d.Land.Tenant)
	assert.Equal(t, "本案只计家数，面积计入 XZ-2020-0001（房东）", d.Land.Text.ZH)
	assert.Empty(t, d.Land.Areas)

	whole := square(120.601, 30.651, 0.0005)
	h.change(t, "lu", fields{
		"kind": "land.record", "case_id": landlord, "use": "reclaim", "reason": "西侧为保留道路",
		"recovered": ground(whole), "effective": ground(orb.MultiPolygon{{{{120.6012, 30.651}, {120.6015, 30.651}, {120.6015, 30.6515}, {120.6012, 30.6515}, {120.6012, 30.651}}}}),
	})
	h.change(t, "lu", fields{"kind": "case.measure", "case_id": landlord, "recovered_m2": 2600, "effective_m2": 1500})
	d = read(landlord)
	assert.False(t, d.Land.Tenant)
	require.Len(t, d.Land.Areas, 4, "no certificate is known")
	assert.Equal(t, "geometry", d.Land.Areas[0].Code)
	assert.Nil(t, d.Land.Areas[0].Differs)
	assert.Equal(t, "accepted", d.Land.Areas[2].Code)
	assert.InDelta(t, 2600-d.Land.Areas[0].M2, d.Land.Areas[2].Differs.M2, 0.011)
	require.NotNil(t, d.Land.Recorded)
	assert.Equal(t, "2020-09-30", d.Land.Recorded.RecordedOn)
	assert.Equal(t, "drawn", d.Land.Recorded.Origin)
	assert.Equal(t, "reclaim", d.Land.Recorded.Use.Code)
	require.Len(t, d.Land.Recorded.Deductions, 1)
	assert.Equal(t, "other", d.Land.Recorded.Deductions[0].Code)
	assert.InDelta(t, d.Land.Recorded.Recovered.M2-2600, d.Land.Recorded.RecoveredDiffers.M2, 0.011)
	assert.Equal(t, "land.record", d.Timeline[1].Kind)
	assert.Equal(t, "登记腾退范围", d.Timeline[1].Text.ZH)
}
