package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// closed is a case that was accepted in August and closed on the day it happened.
func (h *house) closed(t *testing.T, parcel int64, m2 float64) int64 {
	t.Helper()
	id := h.listed(t, parcel)
	var marks []fields
	for _, code := range []string{"filed", "planned", "notified", "valued", "signed", "stopped", "vacated", "demolished"} {
		marks = append(marks, milestone(id, code, "2020-08-10"))
	}
	h.change(t, "shen", marks...)
	h.change(t, "wang", milestone(id, "town_checked", "2020-08-15").and("checks", boxes))
	h.change(t, "lu", fields{"kind": "case.measure", "case_id": id, "recovered_m2": m2, "effective_m2": m2 / 2, "reason": "实测"})
	h.change(t, "zhou", milestone(id, "accepted", "2020-08-20").and("checks", boxes))
	h.change(t, "lu", milestone(id, "closed", "2020-08-25"))
	return id
}

// inspector lets somebody join those who look again.
func (h *house) inspector(t *testing.T, code, name string) {
	t.Helper()
	op := ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{ledger.PutPerson{Code: code, Name: name, Role: campaign.RoleDepartment}}}
	_, err := h.rooms.Ledger.Apply(t.Context(), auth.System(), op)
	require.NoError(t, err)
}

// read reads a page as somebody.
func readAs[V any](t *testing.T, h *house, as, path string) (v V) {
	t.Helper()
	a := h.ask(t, request{path: "/api/v1" + path, as: as})
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	a.into(t, &v)
	return v
}

// electricity sends a file of readings.
func (h *house) electricity(t *testing.T, as, name, content string, said ...string) answer {
	t.Helper()
	body, kind := upload(t, map[string]string{name: content}, said...)
	return h.ask(t, request{method: http.MethodPost, path: "/api/v1/imports/electricity", as: as, header: map[string]string{"Content-Type": kind}, body: body})
}

func readingsOf(t *testing.T, a answer) (r gen.ElectricityReport) {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	require.NoError(t, json.Unmarshal(a.body, &r))
	return r
}

// land is the recovered land of the total in mu, and how many cases the map's layer shows as counted.
func (h *house) land(t *testing.T) (done float64, rebounds int64) {
	t.Helper()
	f := read[gen.Figures](t, h, "/figures")
	return f.Total.Metrics[2].Done, f.Total.Rebounds
}

// TestWhatIsClosedStaysClosed (杜绝反弹): closed cases are drawn by lot from a recorded seed, one holds, one has rebounded; a third draws power
// after closing, is flagged, looked at and reopened. Each time the land leaves the total from that moment, and history and lateness stay.
func TestWhatIsClosedStaysClosed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	parcels := h.parcels(t, "宏联织造厂", "恒丰箱包厂", "兴隆毛衫厂")
	m2 := read[gen.ParcelDetail](t, h, "/parcels/"+number(parcels[0])).M2
	ids := make([]int64, len(parcels))
	for i, parcel := range parcels {
		ids[i] = h.closed(t, parcel, m2)
	}
	h.inspector(t, "lin", "林某")
	h.inspector(t, "qian", "钱某")
	h.inspector(t, "he", "何某")
	full, _ := h.land(t)

	draw := fields{"kind": "revisit.draw", "count": 2, "until": "2020-10-20", "absent": []string{"he"}}
	op := text(t, operation(draw))
	first := h.post(t, "lu", op)
	require.Equal(t, http.StatusOK, first.status, "%s", first.body)
	assert.JSONEq(t, string(first.body), string(h.post(t, "lu", op).body), "sent again it draws nothing new")
	page := read[gen.RevisitPage](t, h, "/revisits")
	require.Len(t, page.Draws, 1)
	d := page.Draws[0]
	assert.True(t, d.Reproduced)
	assert.Equal(t, []string{"2020-01", "guatu-draw-1", "2020-10-20"}, []string{d.Number, d.Algorithm, d.DueOn.String()})
	again, err := recorded(d).Run(len(d.Drawn))
	require.NoError(t, err)
	assert.Equal(t, recorded(d).Drawn, again.Drawn, "anybody gets it from what everybody may read")
	for _, lot := range d.Pool {
		assert.Equal(t, []string{"wang", "zhou"}, lot.Persons, "who checked and accepted it does not look again")
	}
	assert.Equal(t, []int32{1}, []int32{page.Pool[0].Cases}, "what is drawn waits for its result and is not drawn again")
	assert.Equal(t, d.Seed, readAs[gen.RevisitPage](t, h, "mei", "/revisits").Draws[0].Seed, "whoever is drawn may check it")
	require.Len(t, page.Items, 2)
	for _, item := range page.Items {
		assert.True(t, item.Open)
		assert.ElementsMatch(t, []string{"林某", "钱某"}, strings.Split(item.Row.Values["inspectors"], "、"))
		assert.True(t, readAs[gen.RevisitPage](t, h, "lin", "/revisits").Items[0].Own)
	}
	var out outcome
	first.into(t, &out)
	assert.Contains(t, h.refusal(t, "lu", fields{"kind": "batch.undo", "batch_id": out.BatchID, "reason": "再抽一次"}), "抽取结果不能撤销")

	held, gone := page.Items[0], page.Items[1]
	result := func(item gen.CaseRow, values fields) fields {
		return fill("recheck", "case", item.Case.Id, values).and("row", item.Row.Id).and("base_version", item.Row.Version)
	}
	assert.Contains(t, h.refusal(t, "lin", result(held, fields{"on": "2020-09-30", "result": "held", "due_on": "2021-01-01"})), "由系统写入")
	assert.Contains(t, h.refusal(t, "shen", fields{"kind": "sheet.remove", "row": held.Row.Id, "base_version": 1, "reason": "不查了"}), "不能删除")
	h.change(t, "lin", result(held, fields{"on": "2020-09-30", "result": "held", "held": "water,power,materials,products,equipment"}))
	done, _ := h.land(t)
	assert.InDelta(t, full, done, 0.001)
	found := h.change(t, "qian", result(gone, fields{"on": "2020-09-30", "result": "rebound", "sign": "equipment", "note": "夜间搬回织机8台", "photo": "现场-0930-1"}))
	done, rebounds := h.land(t)
	assert.InDelta(t, full*2/3, done, 0.01, "from this moment on its land is out of the total")
	assert.Equal(t, int64(1), rebounds)
	reopened := read[gen.CaseDetail](t, h, "/cases/"+number(gone.Case.Id))
	assert.Equal(t, "设备回搬：夜间搬回织机8台", reopened.Sides[0].Reason)
	assert.Equal(t, "2020-08-25", reopened.Milestones[len(reopened.Milestones)-1].DoneOn.String(), "its history stays")
	h.change(t, "lu", fields{"kind": "batch.undo", "batch_id": found.BatchID, "reason": "认错厂房"})
	done, _ = h.land(t)
	assert.InDelta(t, full, done, 0.001, "result and reopening are taken back together")

	site := ids[0]
	csv := "用电户号,户名,月份,用电量(千瓦时)\n3301001,宏联织造厂,2020年8月,5200\n3301001,宏联织造厂,2020-09,1260.5\n3301002,恒丰箱包厂,202009,12\n3301003,没有的厂,2020-09,900\n3301004,兴隆毛衫厂,明年,1\n合计,,,7373.5\n"
	preview := readingsOf(t, h.electricity(t, "lu", "九月用电.csv", csv, "dry_run", "true"))
	assert.Equal(t, []int64{3, 2}, []int64{preview.Counts.New, preview.Counts.Refused})
	assert.Contains(t, preview.Rows[0].Reason.Zh, "没有找到")
	assert.Contains(t, preview.Rows[1].Reason.Zh, "请写成 2020-09")
	assert.Empty(t, read[gen.ElectricityPage](t, h, "/electricity").Flags, "looking at a file leaves nothing")
	opID := uuid.NewString()
	sent := readingsOf(t, h.electricity(t, "lu", "九月用电.csv", csv, "op_id", opID))
	assert.Equal(t, sent.Revision, readingsOf(t, h.electricity(t, "lu", "九月用电.csv", csv, "op_id", opID)).Revision, "sent again it changes nothing")
	h.seen(t, *sent.Revision)
	power := read[gen.ElectricityPage](t, h, "/electricity")
	require.Len(t, power.Flags, 1, "the month of acceptance and a lamp flag nothing")
	flag := power.Flags[0]
	assert.Equal(t, []string{"宏联织造厂", "2020-09", "1260.5", "2020-10-07"}, []string{flag.Case.Label, flag.Month, flag.Kwh, flag.DueOn.String()})
	assert.Equal(t, site, flag.Case.Id)
	h.change(t, "mei", fill("power_check", "case", site, fields{"through": "2020-09", "on": "2020-09-30", "outcome": "rebound", "note": "织机恢复运转"}))
	assert.Empty(t, read[gen.ElectricityPage](t, h, "/electricity").Flags)
	done, rebounds = h.land(t)
	assert.InDelta(t, full*2/3, done, 0.01)
	assert.Equal(t, int64(1), rebounds)
	assert.Equal(t, "恢复供电：织机恢复运转", read[gen.CaseDetail](t, h, "/cases/"+number(site)).Sides[0].Reason)
	h.change(t, "lu", fields{"kind": "batch.undo", "batch_id": sent.BatchId.String(), "reason": "文件有误"})
	assert.Zero(t, read[gen.ElectricityPage](t, h, "/electricity").Readings, "the file goes as one batch")
}

// recorded is a draw as the interface tells it.
func recorded(d gen.RevisitDraw) campaign.Draw {
	lots := func(list []gen.Lot) []campaign.Lot {
		var out []campaign.Lot
		for _, lot := range list {
			out = append(out, campaign.Lot{Code: lot.Code, Persons: lot.Persons})
		}
		return out
	}
	return campaign.Draw{Seed: d.Seed, Pool: lots(d.Pool), People: d.People, Absent: d.Absent, Each: int(d.Each), Drawn: lots(d.Drawn)}
}
