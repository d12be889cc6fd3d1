package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

func (c calendar) orders(t *testing.T, as string) []gen.Order {
	t.Helper()
	var page gen.Orders
	c.ask(t, request{path: "/api/v1/orders", as: as}).into(t, &page)
	return page.Items
}

// orderStep asks for a step of the version of the newest order that the office sees.
func (c calendar) orderStep(t *testing.T, as, step, says string) answer {
	t.Helper()
	o := c.orders(t, "xu")[0]
	return c.post(t, as, text(t, operation(fields{"kind": "order." + step, "order_id": o.Id, "base_version": o.Version, "reason": says})))
}

func (c calendar) orderTakes(t *testing.T, as, step, says string) gen.Order {
	t.Helper()
	a := c.orderStep(t, as, step, says)
	require.Equal(t, http.StatusOK, a.status, "%s: %s", step, a.body)
	return c.orders(t, "xu")[0]
}

// TestAnOrderIsSignedForAnsweredAndClosed: 发出 → 签收 → 反馈 → 退回 → 反馈 → 办结, each step once on record; no other unit sees it.
func TestAnOrderIsSignedForAnsweredAndClosed(t *testing.T) {
	t.Parallel()
	c, parcels := newCalendar(t)
	listed := c.change(t, "shen", fields{"kind": "case.list", "parcel_ids": parcels[:1], "date": "2020-09-01"})
	file := listed.Entries[0].NounID
	issue := fields{"kind": "order.issue", "unit": "honghe", "reason": "进度落后，请限期办结", "case_ids": []int64{file, file}, "until": "2020-09-27"}
	c.refuses(t, "case_of_another", c.post(t, "xu", text(t, operation(issue.and("unit", "wangdian")))))
	c.refuses(t, "due_is_over", c.post(t, "xu", text(t, operation(issue.and("until", "2020-09-24")))))
	c.refuses(t, "no_right", c.post(t, "shen", text(t, operation(issue))))
	id := c.change(t, "xu", issue).Entries[0].NounID
	c.isAsSpecified(t, c.spec(t), "/orders", "/orders", "shen")
	c.daily(t, "未签收督办1份。")

	o := c.orders(t, "shen")[0]
	assert.Equal(t, "督办单〔2020〕1号", o.DocumentNumber)
	assert.Len(t, o.Cases, 1)
	assert.Equal(t, []gen.OrderStepCode{gen.OrderStepCodeSign}, codes(o.Steps))
	assert.Empty(t, c.orders(t, "fei"), "another unit does not see it")
	c.refuses(t, "order_not_found", c.orderStep(t, "fei", "sign", ""))
	c.refuses(t, "order_stage", c.orderStep(t, "shen", "answer", "已办"))

	c.orderTakes(t, "shen", "sign", "")
	c.daily(t, "未签收督办0份。")
	assert.Zero(t, c.orders(t, "shen")[0].Late)
	c.at(29)
	assert.EqualValues(t, 2, c.orders(t, "shen")[0].Late, "the clock makes it late")
	c.refuses(t, "reason_missing", c.orderStep(t, "shen", "answer", " "))
	assert.Zero(t, c.orderTakes(t, "shen", "answer", "已拆除").Late, "it is the office's turn")
	back := c.orderTakes(t, "lu", "return", "请附照片")
	assert.EqualValues(t, 2, back.Late)
	assert.Equal(t, "请附照片", *back.Reason)
	c.orderTakes(t, "shen", "answer", "已拆除，照片已上传")
	c.refuses(t, "no_right", c.orderStep(t, "shen", "close", ""))
	closed := c.orderTakes(t, "lu", "close", "")
	assert.Equal(t, gen.OrderStageClosed, closed.Stage)
	assert.Equal(t, "已拆除，照片已上传", *closed.Answer)
	c.refuses(t, "order_over", c.orderStep(t, "lu", "withdraw", "发错"))

	assert.Equal(t, []any{id, int64(6)}, []any{closed.Id, closed.Version}, "an entry for each step")
	c.appraised(t)
	c.numbered(t)
	store, is := c.rooms.Catalogue.(*postgres.Store)
	require.True(t, is)
	report, err := store.Verify(t.Context())
	require.NoError(t, err)
	assert.Empty(t, report.Findings, "the orders follow from the journal")
}

// daily: the message of the day ends with how many orders wait to be signed for, to people of every unit alike.
func (c calendar) daily(t *testing.T, ends string) {
	t.Helper()
	for _, who := range []string{"xu", "fei"} {
		var message gen.GroupMessage
		c.ask(t, request{path: "/api/v1/bulletins/message", as: who}).into(t, &message)
		assert.True(t, strings.HasSuffix(message.Text, ends), message.Text)
	}
}

// appraised: an order that was missed costs its unit a point (考核) from the day after it was due, and after it was answered too.
func (c calendar) appraised(t *testing.T) {
	t.Helper()
	for day, want := range map[string][]string{"&as_of=2020-09-27": nil, "&as_of=2020-09-28": {"督办单〔2020〕1号 -1 "}, "": {"督办单〔2020〕1号 -1 2020-09-29"}} {
		var opened gen.AppraisalFacts
		c.ask(t, request{path: "/api/v1/appraisal/facts?unit=honghe&item=orders" + day, as: "shen"}).into(t, &opened)
		var said []string
		for _, f := range opened.Facts {
			on := ""
			if f.On != nil {
				on = f.On.String()
			}
			said = append(said, fmt.Sprintf("%s %g %s", *f.Title, f.Points, on))
		}
		assert.Equal(t, want, said, day)
	}
}

// numbered: two who issue at once get a number each.
func (c calendar) numbered(t *testing.T) {
	t.Helper()
	done := make(chan error)
	for range 2 {
		go func() {
			issue := ledger.IssueOrder{Unit: "wangdian", Matter: "报送清单", DueOn: "2020-09-30"}
			_, err := c.rooms.Ledger.Apply(t.Context(), auth.System(), ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{issue}})
			done <- err
		}()
	}
	for range 2 {
		require.NoError(t, <-done)
	}
	var numbers []string
	for _, o := range c.orders(t, "xu") {
		numbers = append(numbers, o.DocumentNumber)
	}
	assert.Equal(t, []string{"督办单〔2020〕3号", "督办单〔2020〕2号", "督办单〔2020〕1号"}, numbers)
}

func codes(steps []gen.OrderStep) (list []gen.OrderStepCode) {
	for _, s := range steps {
		list = append(list, s.Code)
	}
	return list
}
