package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ListMeetings implements gen.StrictServerInterface.
func (o *operations) ListMeetings(ctx context.Context, r gen.ListMeetingsRequestObject) (gen.ListMeetingsResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	found, err := o.Catalogue.Meetings(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	orders, err := o.ordersByID(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	may := actorIn(ctx).May(ledger.KindMeetingCall) == nil
	out := gen.ListMeetings200JSONResponse{Revision: v.Revision, MayCall: may, Kinds: orZero(toChoices(campaign.MeetingKinds())), Items: make([]gen.Meeting, len(found))}
	for i := range found {
		out.Items[i] = toMeeting(&found[i], orders, people)
		out.Items[i].MayChange = may && !found[i].Closed()
	}
	return out, err
}

func (o *operations) ordersByID(ctx context.Context, scope auth.Scope) (map[int64]ledger.Order, error) {
	found, err := o.Catalogue.Orders(ctx, scope)
	byID := make(map[int64]ledger.Order, len(found))
	for _, order := range found {
		byID[order.ID] = order
	}
	return byID, err
}

func toMeeting(m *ledger.Meeting, orders map[int64]ledger.Order, people named) gen.Meeting {
	out := gen.Meeting{
		Id: m.ID, Version: m.Version, Kind: gen.MeetingKind(m.Kind), Name: toText(m.Name()), On: toDate(m.On), Closed: m.Closed(),
		Agenda: make([]gen.AgendaItem, len(m.Agenda)), Decisions: make([]gen.Decision, len(m.Decisions)), Acts: toActs(m.Acts, people),
	}
	for i, item := range m.Agenda {
		out.Agenda[i] = gen.AgendaItem{Of: gen.AgendaItemOf(item.Of), Text: item.Text, Unit: optional(item.Unit), CaseIds: orNilList(item.Cases), OrderId: orNil(item.Order)}
	}
	for i, d := range m.Decisions {
		out.Decisions[i] = toDecision(i+1, d, orders, people)
	}
	return out
}

func toDecision(number int, d ledger.Decision, orders map[int64]ledger.Order, people named) gen.Decision {
	order := orders[d.Order]
	out := gen.Decision{
		Number: int32(number), Text: d.Text, Open: d.Open(order.Stage), Unit: optional(d.Unit), DueOn: toDatePtr(d.DueOn), //nolint:gosec // decisions of a meeting
		OrderId: orNil(d.Order), Stage: optional(order.Stage), DoneOn: toDatePtr(d.DoneOn),
	}
	if order.ID != 0 {
		number := order.DocumentNumber()
		out.Order = &number
	}
	if d.DoneBy != "" {
		by := people.actor(d.DoneBy)
		out.DoneBy = &by
	}
	return out
}

// aboutMeetings reads a change about meetings; the agenda of one that is called is made here.
func (o *operations) aboutMeetings(ctx context.Context, c gen.Change) (ledger.Change, error) {
	if string(c.Kind) != ledger.KindMeetingCall {
		return ledger.ChangeMeeting{
			Kind: string(c.Kind), Meeting: orZero(c.MeetingId), BaseVersion: orZero(c.BaseVersion), Agenda: fromAgenda(orZero(c.Agenda)), Text: said(c), Unit: orZero(c.Unit), DueOn: fromDate(c.Until),
			Cases: orZero(c.CaseIds), Decision: int(orZero(c.Decision)),
		}, nil
	}
	call := ledger.CallMeeting{Kind: string(orZero(c.Meeting)), On: fromDate(c.Date)}
	if may := actorIn(ctx).May(ledger.KindMeetingCall) == nil; !may {
		return call, nil // the ledger refuses it
	}
	var err error
	call.Agenda, err = o.agenda(ctx, call.Kind)
	return call, err
}

func fromAgenda(items []gen.AgendaItem) []ledger.AgendaItem {
	list := make([]ledger.AgendaItem, len(items))
	for i, item := range items {
		list[i] = ledger.AgendaItem{Of: string(item.Of), Text: item.Text, Unit: orZero(item.Unit), Cases: orZero(item.CaseIds), Order: orZero(item.OrderId)}
	}
	return list
}
