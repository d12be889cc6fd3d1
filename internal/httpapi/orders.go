package httpapi

import (
	"context"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ListOrders implements gen.StrictServerInterface.
func (o *operations) ListOrders(ctx context.Context, r gen.ListOrdersRequestObject) (gen.ListOrdersResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	found, err := o.Catalogue.Orders(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	actor, today := actorIn(ctx), campaign.DateOf(o.Clock().In(campaign.Shanghai()))
	out := gen.ListOrders200JSONResponse{Revision: v.Revision, MayIssue: actor.May(ledger.KindOrderIssue) == nil, Items: make([]gen.Order, len(found))}
	for i := range found {
		out.Items[i] = toOrder(v, &found[i], people, today)
		out.Items[i].Steps = orderSteps(actor, &found[i])
	}
	return out, err
}

func toOrder(v *chronicle.View, o *ledger.Order, people named, today campaign.Date) gen.Order {
	out := gen.Order{
		Id: o.ID, Version: o.Version, DocumentNumber: o.DocumentNumber(), Unit: o.Unit, Matter: o.Matter, DueOn: toDate(o.DueOn), Stage: gen.OrderStage(o.Stage),
		Late: int32(campaign.OrderLate(o.Stage, o.DueOn, today)), Answer: optional(o.Answer), Reason: optional(o.Reason), MeetingId: orNil(o.Meeting), Acts: toActs(o.Acts, people), Cases: []gen.CaseRef{}, //nolint:gosec // days
	}
	for _, id := range o.Cases { // one that has gone since, or went to another unit, is not shown to those who do not see it
		if c := v.Case(id); c != nil {
			out.Cases = append(out.Cases, toCaseRef(c))
		}
	}
	return out
}

// toActs are who brought something to its stages, the first first.
func toActs(acts map[string]ledger.Act, people named) []gen.Act {
	out := make([]gen.Act, 0, len(acts))
	for stage, act := range acts {
		out = append(out, gen.Act{Stage: stage, By: people.actor(act.By), At: act.At.In(campaign.Shanghai())})
	}
	slices.SortFunc(out, func(a, b gen.Act) int { return a.At.Compare(b.At) })
	return out
}

// orderSteps are the steps that somebody may take now.
func orderSteps(actor auth.Actor, o *ledger.Order) []gen.OrderStep {
	out := []gen.OrderStep{}
	for _, s := range campaign.OrderSteps() {
		if actor.May("order."+s.Code) != nil || s.Allow(o.Stage) != nil {
			continue
		}
		step := gen.OrderStep{Code: gen.OrderStepCode(s.Code), Name: toText(s.Name)}
		if s.Says.ZH != "" {
			step.Says = toTextPtr(s.Says)
		}
		out = append(out, step)
	}
	return out
}

// aboutOrders reads a change about orders; the ledger knows its kinds.
func aboutOrders(c gen.Change) ledger.Change {
	if string(c.Kind) == ledger.KindOrderIssue {
		return ledger.IssueOrder{Unit: orZero(c.Unit), Matter: said(c), Cases: orZero(c.CaseIds), DueOn: fromDate(c.Until)}
	}
	return ledger.StepOrder{Order: orZero(c.OrderId), BaseVersion: orZero(c.BaseVersion), Step: strings.TrimPrefix(string(c.Kind), "order."), Text: said(c)}
}
