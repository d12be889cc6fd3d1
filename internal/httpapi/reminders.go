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

// ListReminders implements gen.StrictServerInterface.
func (o *operations) ListReminders(ctx context.Context, r gen.ListRemindersRequestObject) (gen.ListRemindersResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	late, err := lateCases(v, "")
	if err != nil {
		return nil, err
	}
	late = slices.DeleteFunc(late, func(c *chronicle.Case) bool { return c.Reduced })
	told, err := o.told(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	persons, err := o.Desk.Responsible(ctx, scopeIn(ctx), caseIDs(late))
	out := gen.ListReminders200JSONResponse{
		Revision: v.Revision, MayRemind: actorIn(ctx).May(ledger.KindCaseRemind) == nil, Ladder: toLadder(v.Definition.Ladder), Items: make([]gen.Reminder, len(late)),
	}
	for i, c := range late {
		out.Items[i] = toReminder(v, c, told[c.ID])
		out.Items[i].Responsible = optional(persons[c.ID])
	}
	return out, err
}

// lateCases are those of a unit, "" for all, the longest first.
func lateCases(v *chronicle.View, unit string) ([]*chronicle.Case, error) {
	late, _, err := v.Select(chronicle.Filter{Late: true, Unit: unit})
	late = slices.Clone(late)
	slices.SortFunc(late, func(a, b *chronicle.Case) int { return cmp.Or(v.Late(b)-v.Late(a), cmp.Compare(a.Code, b.Code)) })
	return late, err
}

func caseIDs(cases []*chronicle.Case) []int64 {
	ids := make([]int64, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	return ids
}

// told are the reminders that stand, by case.
func (o *operations) told(ctx context.Context, scope auth.Scope) (map[int64][]ledger.Notice, error) {
	notices, err := o.Catalogue.Notices(ctx, scope)
	byCase := map[int64][]ledger.Notice{}
	for _, n := range notices {
		byCase[n.Case] = append(byCase[n.Case], n)
	}
	return byCase, err
}

func toReminder(v *chronicle.View, c *chronicle.Case, notices []ledger.Notice) gen.Reminder {
	t, _ := v.Definition.Track(c.Track)
	out := gen.Reminder{
		Case: toCaseRef(c), Unit: c.Unit, Village: toVillage(v, c.Village), Days: int32(v.Late(c)), DueOn: toDate(c.Deadline), Told: toTold(v.Definition, notices), //nolint:gosec // days of a campaign
	}
	if i := t.Index(c.Next); i >= 0 {
		out.Milestone = toText(t.Milestones[i].Name)
	}
	if why, blocked := reasons(v.Definition, c)[blocker]; blocked {
		out.Blocker = &why
	}
	if next, on, more := campaign.NextRung(v.Definition.Ladder, c.Deadline, ledger.Rungs(notices, c.Next, c.Deadline)); more {
		out.Next = &gen.Told{Rung: gen.ToldRung(next.Code), Name: toText(next.Name), On: toDate(on)}
	}
	return out
}

func toLadder(ladder []campaign.Rung) []gen.LadderRung {
	out := make([]gen.LadderRung, len(ladder))
	for i, r := range ladder {
		out[i] = gen.LadderRung{Rung: r.Code, Name: toText(r.Name), LateDays: int32(r.LateDays)} //nolint:gosec // days of a campaign
	}
	return out
}

func toTold(d campaign.Definition, notices []ledger.Notice) []gen.Told {
	out := make([]gen.Told, len(notices))
	for i, n := range notices {
		out[i] = gen.Told{Rung: gen.ToldRung(n.Rung), Name: toText(d.RungName(n.Rung)), On: toDate(n.ToldOn)}
	}
	return out
}
