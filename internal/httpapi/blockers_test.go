package httpapi_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

func (c calendar) blockers(t *testing.T, as string) []gen.Blocker {
	t.Helper()
	var page gen.Blockers
	c.ask(t, request{path: "/api/v1/blockers", as: as}).into(t, &page)
	return page.Items
}

// TestABlockerIsSolvedByItsOwner: 卡点 → 责任人、期限 → 逾期 → 已解决.
func TestABlockerIsSolvedByItsOwner(t *testing.T) {
	t.Parallel()
	c, parcels := newCalendar(t)
	var files [2]int64
	for i := range files {
		files[i] = c.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels[i : i+1], "date": "2020-09-01"}).Entries[0].NounID
	}
	c.blocked(t, files)
}

// blocked: what holds a case up waits in a queue with its owner and clock, what is overdue first, until it is solved.
func (c calendar) blocked(t *testing.T, files [2]int64) {
	t.Helper()
	c.at(25)
	for i, reason := range []string{"title", "funds"} {
		c.change(t, "mei", fields{"kind": "case.ask", "case_id": files[i], "side": "blocked", "reason_code": reason})
	}
	assign := fields{"kind": "case.assign", "case_id": files[1], "side": "blocked", "owner": "区财政局", "until": "2020-10-12"}
	c.refuses(t, "no_right", c.post(t, "mei", text(t, operation(assign))))
	c.refuses(t, "other_unit", c.post(t, "fei", text(t, operation(assign))))
	batch := c.change(t, "shen", assign).BatchID
	assert.Equal(t, "指定卡点责任人：区财政局（10-12前）", c.file(t, "mei", files[1]).Timeline[0].Text.ZH)

	c.at(42)
	list := c.blockers(t, "shen")
	assert.Equal(t, []any{files[0], int32(2), "权属不清", (*string)(nil), true}, []any{list[0].Case.Id, list[0].Overdue, list[0].Reason, list[0].Owner, list[0].MaySolve}, "nobody said a day: the term of the campaign")
	assert.Equal(t, []any{files[1], int32(0), "区财政局", int32(17)}, []any{list[1].Case.Id, list[1].Overdue, *list[1].Owner, list[1].Days})
	assert.Len(t, c.blockers(t, "lu"), 2)
	assert.Empty(t, c.blockers(t, "fei"), "another unit does not see it")
	assert.Equal(t, []bool{false, true}, []bool{c.blockers(t, "mei")[0].MayAssign, c.blockers(t, "mei")[0].MaySolve})
	c.isAsSpecified(t, c.spec(t), "/blockers", "/blockers", "shen")

	c.change(t, "mei", fields{"kind": "case.leave", "case_id": files[0], "side": "blocked", "note": "已确权"})
	assert.Len(t, c.blockers(t, "shen"), 1)
	c.change(t, "shen", fields{"kind": "batch.undo", "batch_id": batch, "reason": "另行指定"})
	assert.Nil(t, c.blockers(t, "shen")[0].Owner)
}
