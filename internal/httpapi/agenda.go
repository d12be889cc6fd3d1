package httpapi

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/ledger"
)

// agenda is what a meeting of a kind is about as things stand: what the one before decided and nobody did, then what
// is late by unit, what is held up past its day, and what orders were not answered.
func (o *operations) agenda(ctx context.Context, kind string) ([]ledger.AgendaItem, error) {
	scope := scopeIn(ctx)
	v, err := o.now(ctx, nil)
	if err != nil {
		return nil, err
	}
	meetings, err := o.Catalogue.Meetings(ctx, scope)
	if err != nil {
		return nil, err
	}
	orders, err := o.ordersByID(ctx, scope)
	if err != nil {
		return nil, err
	}
	blockers, err := o.Catalogue.InSide(ctx, scope, blocker)
	if err != nil {
		return nil, err
	}
	units, err := o.unitNames(ctx)
	if err != nil {
		return nil, err
	}
	late, err := lateCases(v, "")
	a := agenda{v, units}
	undone := a.undone(meetings, kind, orders)
	return slices.Concat(undone, a.late(late), a.blockers(blockers), a.unanswered(orders, undone)), err
}

// unitNames are the units of the campaign in their order.
func (o *operations) unitNames(ctx context.Context) ([]ledger.Unit, error) {
	running, err := o.Catalogue.Running(ctx)
	if err != nil {
		return nil, err
	}
	return o.Catalogue.Units(ctx, running.ID)
}

// agenda makes items in the words of the documents.
type agenda struct {
	view  *chronicle.View
	units []ledger.Unit
}

func (a agenda) unit(code string) string {
	for _, u := range a.units {
		if u.Code == code {
			return u.Name.ZH
		}
	}
	return code
}

// undone are the open decisions of the last meeting of a kind.
func (a agenda) undone(meetings []ledger.Meeting, kind string, orders map[int64]ledger.Order) (items []ledger.AgendaItem) {
	last := slices.IndexFunc(meetings, func(m ledger.Meeting) bool { return m.Kind == kind })
	if last < 0 {
		return nil
	}
	for _, d := range meetings[last].Decisions {
		if !d.Open(orders[d.Order].Stage) {
			continue
		}
		text := "上次会议议定事项未办结：" + d.Text
		if d.Unit != "" {
			text += "（" + a.unit(d.Unit) + "，期限" + d.DueOn.Short() + "）"
		}
		items = append(items, ledger.AgendaItem{Of: campaign.AgendaUndone, Text: text, Unit: d.Unit, Order: d.Order})
	}
	return items
}

// late are the late cases of each unit, in the order of the units.
func (a agenda) late(cases []*chronicle.Case) (items []ledger.AgendaItem) {
	for _, u := range a.units {
		item := ledger.AgendaItem{Of: campaign.AgendaLate, Unit: u.Code}
		for _, c := range cases {
			if c.Unit != u.Code {
				continue
			}
			if len(item.Cases) == 0 { // the longest comes first
				item.Text = fmt.Sprintf("最长%d天（%s）", a.view.Late(c), dossier.PublicName(c.Label, c.Kind))
			}
			item.Cases = append(item.Cases, c.ID)
		}
		if n := len(item.Cases); n > 0 {
			item.Text = fmt.Sprintf("%s逾期%d件，%s", u.Name.ZH, n, item.Text)
			items = append(items, item)
		}
	}
	return items
}

// blockers are those past their day, the longest first.
func (a agenda) blockers(sides map[int64]campaign.Side) []ledger.AgendaItem {
	type overdue struct {
		item ledger.AgendaItem
		days int
	}
	var found []overdue
	for id, side := range sides {
		c := a.view.Case(id)
		if c == nil || a.view.Excluded(c) {
			continue
		}
		track, _ := a.view.Definition.Track(c.Track)
		until := track.Ends(blocker, side)
		if until == "" || until >= a.view.Day {
			continue
		}
		owner := side.Owner
		if owner == "" {
			owner = "未指定"
		}
		days := until.DaysUntil(a.view.Day)
		text := fmt.Sprintf("卡点超期%d天：%s（%s），%s；责任人：%s", days, dossier.PublicName(c.Label, c.Kind), a.unit(c.Unit), side.Reason, owner)
		found = append(found, overdue{ledger.AgendaItem{Of: campaign.AgendaBlocker, Text: text, Unit: c.Unit, Cases: []int64{id}}, days})
	}
	slices.SortFunc(found, func(x, y overdue) int { return cmp.Or(y.days-x.days, int(x.item.Cases[0]-y.item.Cases[0])) })
	items := make([]ledger.AgendaItem, len(found))
	for i, f := range found {
		items[i] = f.item
	}
	return items
}

// unanswered are the orders that units owe an answer to, without those that stand there as decisions, the oldest first.
func (a agenda) unanswered(orders map[int64]ledger.Order, undone []ledger.AgendaItem) (items []ledger.AgendaItem) {
	for id, order := range orders {
		word := map[string]string{campaign.OrderIssued: "未签收", campaign.OrderSigned: "未反馈"}[order.Stage]
		if word == "" || slices.ContainsFunc(undone, func(i ledger.AgendaItem) bool { return i.Order == id }) {
			continue
		}
		text := fmt.Sprintf("%s%s（%s，期限%s）", order.DocumentNumber(), word, a.unit(order.Unit), order.DueOn.Short())
		items = append(items, ledger.AgendaItem{Of: campaign.AgendaOrder, Text: text, Unit: order.Unit, Cases: order.Cases, Order: id})
	}
	slices.SortFunc(items, func(x, y ledger.AgendaItem) int { return int(x.Order - y.Order) })
	return items
}
