package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/live"
)

const (
	lateOnWall    = 60 // ten pages; nobody waits for an eleventh
	changesOnWall = 6
	// blocker is the side state 卡点.
	blocker = "blocked"
)

// GetWall implements gen.StrictServerInterface.
func (o *operations) GetWall(ctx context.Context, r gen.GetWallRequestObject) (gen.GetWallResponseObject, error) {
	if err := o.arrived(ctx, r.Params.MinRevision); err != nil {
		return nil, err
	}
	scope, unit := wallScope(ctx), orZero(r.Params.Unit)
	view, err := o.Report.View(scope, "")
	if err != nil {
		return nil, err
	}
	out := gen.GetWall200JSONResponse{Revision: view.Revision, Day: toDate(view.Day)}
	if out.Late, out.LateTotal, err = o.wallLate(ctx, view, unit); err != nil {
		return nil, err
	}
	if out.OrdersUnsigned, err = o.unsigned(ctx, scope, unit); err != nil {
		return nil, err
	}
	out.Changes, err = o.wallChanges(ctx, scope, view, unit)
	return out, err
}

// wallScope: a screen shows masked names and cadres of what it is for, which is more than everybody sees
// of a list; `narrow` has bound it to its unit. People see here what they see elsewhere.
func wallScope(ctx context.Context) auth.Scope {
	if v := visitorIn(ctx); v.held != nil && v.held.Kind == auth.WallToken {
		return auth.Everything()
	}
	return scopeIn(ctx)
}

// wallLate are the latest cases, the longest first, and how many there are.
func (o *operations) wallLate(ctx context.Context, v *chronicle.View, unit string) ([]gen.WallLate, int64, error) {
	late, err := lateCases(v, unit)
	if err != nil {
		return nil, 0, err
	}
	total := int64(len(late))
	late = late[:min(len(late), lateOnWall)]
	persons, err := o.Desk.Responsible(ctx, v.Scope(), caseIDs(late))
	if err != nil {
		return nil, 0, err
	}
	told, err := o.told(ctx, v.Scope())
	out := make([]gen.WallLate, len(late))
	for i, c := range late {
		out[i] = toWallLate(v, c)
		out[i].Responsible = optional(persons[c.ID])
		if notices := told[c.ID]; len(notices) > 0 {
			list := toTold(v.Definition, notices)
			out[i].Told = &list
		}
	}
	return out, total, err
}

// unsigned is how many orders wait to be signed for.
func (o *operations) unsigned(ctx context.Context, scope auth.Scope, unit string) (n int32, err error) {
	orders, err := o.Catalogue.Orders(ctx, scope)
	for _, order := range orders {
		if order.Stage == campaign.OrderIssued && (unit == "" || order.Unit == unit) {
			n++
		}
	}
	return n, err
}

func toWallLate(v *chronicle.View, c *chronicle.Case) gen.WallLate {
	out := gen.WallLate{
		Id: c.ID, Code: c.Code, Label: dossier.PublicName(c.Label, c.Kind), Track: c.Track, Unit: c.Unit, Village: toVillage(v, c.Village),
		Days: int32(v.Late(c)), Next: c.Next, //nolint:gosec // days of a campaign
	}
	if why, blocked := reasons(v.Definition, c)[blocker]; blocked {
		out.Reason = &why
	}
	return out
}

// wallChanges are what was done to cases last.
func (o *operations) wallChanges(ctx context.Context, scope auth.Scope, v *chronicle.View, unit string) ([]gen.WallChange, error) {
	news, err := o.Feed.Latest(ctx, scope, changesOnWall, func(e live.Event) bool {
		c := e.View.Case(e.Subject)
		return c != nil && (unit == "" || c.Unit == unit)
	})
	if err != nil {
		return nil, err
	}
	about := make([]int64, len(news))
	for i, e := range news {
		about[i] = e.Subject
	}
	photos, err := o.Desk.Photographed(ctx, scope, about)
	out := make([]gen.WallChange, len(news))
	for i, e := range news {
		out[i] = toWallChange(v, e)
		if n, has := e.Deed.Evidence(photos[e.Subject]); has {
			out[i].Photos = &gen.PhotosArrived{Arrived: n.Arrived, Announced: n.Announced}
		}
	}
	return out, err
}

func toWallChange(v *chronicle.View, e live.Event) gen.WallChange {
	c, told := e.View.Case(e.Subject), e.Told()
	parcels := []int64{}
	for _, s := range c.Shares {
		parcels = append(parcels, s.Parcel)
	}
	return gen.WallChange{
		Revision: e.Last, RecordedAt: e.RecordedAt, HappenedAt: e.HappenedAt, Cases: int32(len(e.Cases)), //nolint:gosec // cases of a district
		Unit: c.Unit, Village: toVillage(v, c.Village), Stage: int32(c.Stage), Parcels: parcels, //nolint:gosec // 1 to 9
		Did: toText(dossier.Did(v.Definition, told)), Actor: optional(told.Actor),
	}
}
