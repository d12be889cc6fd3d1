package httpapi_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// calendar is a house whose days can be turned: xu drafts, lu reviews, li signs; shen and fei answer for their towns.
type calendar struct {
	*house

	now *atomic.Int64
}

// clock is what the calendar shows.
func (c calendar) clock() time.Time { return time.Unix(0, c.now.Load()).In(campaign.Shanghai()) }

// at turns the clock to a day, counted from the first of September.
func (c calendar) at(day int) {
	c.now.Store(time.Date(2020, 9, day, 9, 0, 0, 0, campaign.Shanghai()).UnixNano())
}

func newCalendar(t *testing.T) (c calendar, parcels []int64) {
	t.Helper()
	return calendarOver(t, server.Open(t))
}

// calendarOver is newCalendar over a database that others open, too.
func calendarOver(t *testing.T, db *dbtest.DB) (c calendar, parcels []int64) {
	t.Helper()
	c.now = &atomic.Int64{}
	c.at(25)
	rooms, log := openOver(t, db, c.clock, func(_ *postgres.Store, book *ledger.Ledger) { furnish(t, book) })
	c.house = serve(t, rooms, log)
	c.apply(t, auth.System(), ledger.PutPerson{Code: "xu", Name: "徐某", Role: campaign.RolePlanner}, ledger.PutPerson{Code: "li", Name: "李某", Role: campaign.RoleCommander},
		ledger.PutPerson{Code: "fei", Name: "费某", Role: campaign.RoleTown, Unit: "wangdian"})
	parcels = c.draft(t, func(i int) orb.MultiPolygon { return square(120.601+0.001*float64(i), 30.651, 0.0005) }, "沈金根毛衫加工点", "俞阿毛织造厂")
	return c, parcels
}

func (c calendar) bulletin(t *testing.T, as string, id int64) gen.BulletinDetail {
	t.Helper()
	var d gen.BulletinDetail
	c.ask(t, request{path: "/api/v1/bulletins/" + number(id), as: as}).into(t, &d)
	return d
}

// step asks for a step of the version that is there.
func (c calendar) step(t *testing.T, as string, id int64, step, note string) answer {
	t.Helper()
	f := fields{"kind": "bulletin." + step, "bulletin_id": id, "base_version": c.bulletin(t, as, id).Bulletin.Version}
	if note != "" {
		f = f.and("note", note)
	}
	return c.post(t, as, text(t, operation(f)))
}

func (c calendar) takes(t *testing.T, as string, id int64, step, note string) {
	t.Helper()
	a := c.step(t, as, id, step, note)
	require.Equal(t, http.StatusOK, a.status, "%s: %s", step, a.body)
}

func (c calendar) refuses(t *testing.T, code string, a answer) {
	t.Helper()
	assert.Equal(t, code, a.problem(t).Code)
}

func (c calendar) freezes(t *testing.T, on string) int64 {
	t.Helper()
	return c.change(t, "xu", fields{"kind": "bulletin.freeze", "date": on, "until": "2020-09-30"}).Entries[0].NounID
}

func (c calendar) confirm(t *testing.T, id int64) {
	t.Helper()
	c.change(t, "shen", fields{"kind": "bulletin.answer", "bulletin_id": id, "unit": "honghe", "approve": true})
	c.change(t, "fei", fields{"kind": "bulletin.answer", "bulletin_id": id, "unit": "wangdian", "approve": true})
}

// taken is a file as somebody of a town gets it.
func (c calendar) taken(t *testing.T, id int64, place string) []byte {
	t.Helper()
	return c.ask(t, request{path: "/api/v1/bulletins/" + number(id) + "/files/" + place, as: "shen"}).body
}

// TestABulletinGoesFromFrozenFiguresToIssue: 冻结 → 各单位核对 → 拟稿 → 审核 → 签发 → 印发. Nothing moves after it was signed, and
// what is told late is in the next issue.
func TestABulletinGoesFromFrozenFiguresToIssue(t *testing.T) {
	t.Parallel()
	c, parcels := newCalendar(t)
	c.accepted(t, parcels[0], read[gen.ParcelDetail](t, c.house, "/parcels/"+number(parcels[0])).M2)
	c.at(28)
	c.refuses(t, "day_not_over", c.post(t, "xu", text(t, operation(fields{"kind": "bulletin.freeze", "date": "2020-09-28", "until": "2020-09-30"}))))
	first := c.freezes(t, "2020-09-27")
	c.answers(t, first)
	c.signed(t, first)
	c.issued(t, first)
	c.isAsSpecified(t, c.spec(t), "/bulletins/{id}", "/bulletins/"+number(first), "shen")
	c.lateFact(t, first, parcels[1])
}

// answers: a unit that objects gets a reply before anything is drafted; one in which nothing moved reports zero.
func (c calendar) answers(t *testing.T, id int64) {
	t.Helper()
	d := c.bulletin(t, "shen", id)
	assert.Equal(t, gen.BulletinStageFrozen, d.Bulletin.Stage)
	assert.EqualValues(t, 1, d.Bulletin.Number)
	assert.Equal(t, "秀低散乱办周报〔2020〕1号", d.Bulletin.DocumentNumber)
	assert.Equal(t, []bool{false, true}, []bool{d.Units[0].Nothing, d.Units[1].Nothing}, "nothing moved in 王店")
	c.refuses(t, "still_checking", c.step(t, "xu", id, "draft", "抓紧办理。"))
	c.refuses(t, "reason_missing", c.post(t, "shen", text(t, operation(fields{"kind": "bulletin.answer", "bulletin_id": id, "unit": "honghe"}))))
	c.change(t, "shen", fields{"kind": "bulletin.answer", "bulletin_id": id, "unit": "honghe", "reason": "少计俞阿毛织造厂"})
	c.change(t, "fei", fields{"kind": "bulletin.answer", "bulletin_id": id, "unit": "wangdian", "approve": true})
	c.refuses(t, "objection_open", c.step(t, "xu", id, "draft", "抓紧办理。"))
	assert.Nil(t, c.bulletin(t, "fei", id).Units[0].Reason, "what a unit says is not another's to read")
	c.change(t, "lu", fields{"kind": "bulletin.reply", "bulletin_id": id, "unit": "honghe", "reason": "截止时尚未验收，计入下一期"})
	assert.Equal(t, "截止时尚未验收，计入下一期", *c.bulletin(t, "shen", id).Units[0].Reply)
	c.refuses(t, "personal_data", c.step(t, "xu", id, "draft", "有事请拨13800001234"))
	c.refuses(t, "personal_data", c.step(t, "xu", id, "draft", "由费某逐件落实"))
}

// signed: who drafted it neither reviews nor signs it; it may be returned with a reason.
func (c calendar) signed(t *testing.T, id int64) {
	t.Helper()
	c.takes(t, "lu", id, "draft", "抓紧办理。")
	c.refuses(t, "same_person", c.step(t, "lu", id, "review", ""))
	c.takes(t, "li", id, "return", "补充下一步安排")
	assert.Equal(t, "补充下一步安排", *c.bulletin(t, "xu", id).Bulletin.Reason)
	c.refuses(t, "bulletin_stage", c.step(t, "li", id, "sign", ""))
	c.takes(t, "xu", id, "draft", "逐件明确完成时间。")
	c.takes(t, "lu", id, "review", "")
	c.takes(t, "li", id, "sign", "")
	c.refuses(t, "bulletin_frozen", c.step(t, "li", id, "return", "再改"))
	c.refuses(t, "no_right", c.step(t, "shen", id, "issue", ""))
}

// issued: the files are what their hashes say, are the same for everybody, and are never taken back.
func (c calendar) issued(t *testing.T, id int64) {
	t.Helper()
	signed := [][]byte{c.taken(t, id, "1"), c.taken(t, id, "2")}
	op := text(t, operation(fields{"kind": "bulletin.issue", "bulletin_id": id, "base_version": c.bulletin(t, "xu", id).Bulletin.Version}))
	a := c.post(t, "xu", op)
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	var out outcome
	a.into(t, &out)
	c.seen(t, out.Revision)
	assert.Equal(t, a.body, c.post(t, "xu", op).body, "the answer was lost: asked again it is the same, and nothing is issued twice")
	d := c.bulletin(t, "shen", id)
	require.Len(t, d.Bulletin.Files, 3)
	planted := []string{"沈金根", "俞阿毛", "13800001234", "徐某", "李某", "费某"}
	for _, person := range planted {
		assert.NotContains(t, d.Message, person, "what goes to the work group")
	}
	for i, f := range d.Bulletin.Files {
		body := c.taken(t, id, number(int64(i)))
		sum := sha256.Sum256(body)
		assert.Equal(t, *f.Sha256, hex.EncodeToString(sum[:]), f.Name)
		for _, person := range planted {
			assert.False(t, bytes.Contains(body, []byte(person)), "%s names %s", f.Name, person) // parts of files are stored as they are
		}
	}
	assert.Equal(t, [][]byte{c.taken(t, id, "1"), c.taken(t, id, "2")}, signed, "what was signed is what was issued")
	c.refuses(t, "not_undoable", c.post(t, "lu", text(t, operation(fields{"kind": "batch.undo", "batch_id": out.BatchID, "reason": "误发"}))))
	running, err := c.rooms.Catalogue.Running(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []campaign.Bulletin{{Number: 1, On: "2020-09-27"}}, running.Definition.Bulletins, "ranks and the time line go by it")
}

// lateFact: what had happened by the last issue's day and was told after it is told as 补报; the issue stays as it is.
func (c calendar) lateFact(t *testing.T, first, parcel int64) {
	t.Helper()
	land := read[gen.ParcelDetail](t, c.house, "/parcels/"+number(parcel))
	c.accepted(t, parcel, land.M2)
	c.at(30)
	again := c.post(t, "xu", text(t, operation(fields{"kind": "bulletin.freeze", "date": "2020-09-27", "until": "2020-09-30"})))
	c.refuses(t, "bulletin_before", again)
	second := c.freezes(t, "2020-09-29")
	c.confirm(t, second)
	d := c.bulletin(t, "lu", second)
	assert.EqualValues(t, 2, d.Bulletin.Number)
	assert.Equal(t, []string{fmt.Sprintf("补报：上期统计截止前已完成、上期未计入的，本期计入：洪合镇+1家、+%.2f亩。", land.Mu)}, d.Corrections)
	assert.Contains(t, d.Message, "截至9月29日24时，全区完成整治2家（任务400家，完成率0.5%，落后序时进度74.2个百分点），本期新增2家")
	assert.Contains(t, c.bulletin(t, "lu", first).Message, "截至9月27日24时，全区完成整治1家（任务400家", "what was issued says what was known then")
	batch := c.change(t, "xu", fields{"kind": "bulletin.draft", "bulletin_id": second, "base_version": d.Bulletin.Version}).BatchID
	c.change(t, "lu", fields{"kind": "batch.undo", "batch_id": batch, "reason": "误操作"})
	assert.Equal(t, gen.BulletinStageFrozen, c.bulletin(t, "lu", second).Bulletin.Stage, "before it is issued every step can be taken back")
	store, is := c.rooms.Catalogue.(*postgres.Store)
	require.True(t, is)
	report, err := store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings)
}
