package httpapi_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/postgres"
)

func (c calendar) meetings(t *testing.T, as string) []gen.Meeting {
	t.Helper()
	var page gen.Meetings
	c.ask(t, request{path: "/api/v1/meetings", as: as}).into(t, &page)
	return page.Items
}

// meets changes the newest meeting as it stands.
func (c calendar) meets(t *testing.T, step string, with fields) gen.Meeting {
	t.Helper()
	m := c.meetings(t, "xu")[0]
	with["kind"], with["meeting_id"], with["base_version"] = "meeting."+step, m.Id, m.Version
	a := c.post(t, "xu", text(t, operation(with)))
	require.Equal(t, http.StatusOK, a.status, "%s: %s", step, a.body)
	return c.meetings(t, "xu")[0]
}

func agendaOf(items []gen.AgendaItem) (list []string) {
	for _, item := range items {
		list = append(list, string(item.Of)+" "+item.Text)
	}
	return list
}

// TestAMeetingDecidesAndTheNextBeginsWithWhatIsUndone: the agenda is made of what is late, held up and unanswered; a decision for a
// unit is an order; the next meeting begins with what was not done.
func TestAMeetingDecidesAndTheNextBeginsWithWhatIsUndone(t *testing.T) {
	t.Parallel()
	c, parcels := newCalendar(t)
	file := c.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels[:1], "date": "2020-09-01"}).Entries[0].NounID
	c.change(t, "shen", fields{"kind": "case.amend", "case_id": file, "base_version": 1, "fields": fields{"plan:filed": "2020-09-26", "kind": "workshop"}},
		fields{"kind": "case.ask", "case_id": file, "side": "blocked", "reason_code": "title", "until": "2020-09-27"})
	c.change(t, "xu", fields{"kind": "order.issue", "unit": "wangdian", "reason": "报送清单", "until": "2020-09-30"})
	c.at(29)
	call := fields{"kind": "meeting.call", "meeting": "regular", "date": "2020-09-30"}
	c.refuses(t, "no_right", c.post(t, "shen", text(t, operation(call))))
	c.change(t, "xu", call)

	m := c.meetings(t, "li")[0]
	assert.Equal(t, "2020年第1次例会", m.Name.Zh)
	assert.Equal(t, []string{
		"late 洪合镇逾期1件，最长3天（沈*根毛衫加工点）", "blocker 卡点超期2天：沈*根毛衫加工点（洪合镇），权属不清；责任人：未指定", "order 督办单〔2020〕1号未签收（王店镇，期限09-30）",
	}, agendaOf(m.Agenda))
	assert.Equal(t, []int64{file}, *m.Agenda[0].CaseIds)
	assert.Empty(t, c.meetings(t, "shen"), "a unit reads the orders that come of it")
	left := m.Agenda[1:]
	m = c.meets(t, "agenda", fields{"agenda": append(left, gen.AgendaItem{Of: gen.AgendaItemOfOwn, Text: " 国庆期间值班安排 "})})
	assert.Equal(t, []string{"blocker", "order", "own"}, []string{string(m.Agenda[0].Of), string(m.Agenda[1].Of), string(m.Agenda[2].Of)}, "one was left out, one added")

	c.meets(t, "decide", fields{"reason": "权属由资规分局牵头一周内厘清", "unit": "honghe", "until": "2020-10-07", "case_ids": []int64{file}})
	m = c.meets(t, "decide", fields{"reason": "整治办汇总值班表"})
	order := c.orders(t, "shen")[0]
	assert.Equal(t, []any{"2020年第1次例会议定：权属由资规分局牵头一周内厘清", m.Id}, []any{order.Matter, *order.MeetingId})
	assert.Equal(t, []any{order.Id, order.DocumentNumber, true}, []any{*m.Decisions[0].OrderId, *m.Decisions[0].Order, m.Decisions[0].Open})
	c.isAsSpecified(t, c.spec(t), "/meetings", "/meetings", "li")
	m = c.meets(t, "close", fields{})
	c.refuses(t, "meeting_closed", c.post(t, "xu", text(t, operation(fields{"kind": "meeting.decide", "meeting_id": m.Id, "base_version": m.Version, "reason": "再议"}))))
	m = c.meets(t, "done", fields{"decision": 2})
	assert.Equal(t, []bool{true, false}, []bool{m.Decisions[0].Open, m.Decisions[1].Open})
	c.refuses(t, "decision_over", c.post(t, "xu", text(t, operation(fields{"kind": "meeting.done", "meeting_id": m.Id, "base_version": m.Version, "decision": 1}))))

	c.at(40)
	c.change(t, "xu", fields{"kind": "meeting.call", "meeting": "regular", "date": "2020-10-10"})
	next := c.meetings(t, "xu")[0]
	assert.Equal(t, "2020年第2次例会", next.Name.Zh)
	assert.Equal(t, "undone 上次会议议定事项未办结：权属由资规分局牵头一周内厘清（洪合镇，期限10-07）", agendaOf(next.Agenda)[0])
	assert.Len(t, next.Agenda, 4, "its order stands there once")
	store, is := c.rooms.Catalogue.(*postgres.Store)
	require.True(t, is)
	report, err := store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}
