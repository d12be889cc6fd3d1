package httpapi

import (
	"cmp"
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ListBlockers implements gen.StrictServerInterface.
func (o *operations) ListBlockers(ctx context.Context, r gen.ListBlockersRequestObject) (gen.ListBlockersResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	found, err := o.Catalogue.InSide(ctx, scopeIn(ctx), blocker)
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	kind, _ := v.Definition.Side(blocker)
	out := gen.ListBlockers200JSONResponse{Revision: v.Revision, Side: blocker, Kinds: orZero(toChoices(kind.Reasons)), Items: []gen.Blocker{}}
	for id, side := range found {
		c := v.Case(id)
		if c == nil || c.Reduced || v.Excluded(c) {
			continue
		}
		item := toBlocker(v, c, side, people)
		may := func(change string) bool { return mayOf(actorIn(ctx), c, kind, change) }
		item.MayAssign, item.MaySolve = may(ledger.KindCaseAssign), may(ledger.KindCaseLeave)
		out.Items = append(out.Items, item)
	}
	slices.SortFunc(out.Items, func(a, b gen.Blocker) int {
		return cmp.Or(cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Days, a.Days), cmp.Compare(a.Case.Code, b.Case.Code))
	})
	return out, err
}

// mayOf is whether somebody may change a side state of a case, where it is and by their role.
func mayOf(actor auth.Actor, c *chronicle.Case, s campaign.SideState, change string) bool {
	return actor.Has(c.Unit, c.Village) && actor.MaySide(s, change) == nil
}

func toBlocker(v *chronicle.View, c *chronicle.Case, side campaign.Side, people named) gen.Blocker {
	t, _ := v.Definition.Track(c.Track)
	out := gen.Blocker{
		Case: toCaseRef(c), Version: c.Version, Unit: c.Unit, Village: toVillage(v, c.Village), Since: toDate(side.Since), Days: days(side.Since, v.Day), Kind: optional(side.Code), Reason: side.Reason,
		By: people.actor(side.By), Owner: optional(side.Owner), Late: int32(v.Late(c)), //nolint:gosec // days of a campaign
	}
	if i := t.Index(c.Next); i >= 0 {
		out.Milestone = toTextPtr(t.Milestones[i].Name)
	}
	if until := t.Ends(blocker, side); until != "" {
		out.Until, out.Overdue = toDatePtr(until), days(until, v.Day)
	}
	return out
}

// days are those from one day to another, 0 where it is before.
func days(from, to campaign.Date) int32 {
	return int32(max(0, from.DaysUntil(to))) //nolint:gosec // days of a campaign
}
