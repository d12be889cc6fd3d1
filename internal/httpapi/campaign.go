package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// operations are the JSON operations of openapi.yaml.
type operations struct{ *Server }

var _ gen.StrictServerInterface = (*operations)(nil)

// GetHealth implements gen.StrictServerInterface.
func (o *operations) GetHealth(ctx context.Context, _ gen.GetHealthRequestObject) (gen.GetHealthResponseObject, error) {
	revision, _, err := o.Catalogue.Revision(ctx)
	if err != nil {
		return nil, err
	}
	return gen.GetHealth200JSONResponse{Status: "ok", Revision: revision, Build: o.Build, Now: o.Clock()}, nil
}

// GetCampaign implements gen.StrictServerInterface.
func (o *operations) GetCampaign(ctx context.Context, _ gen.GetCampaignRequestObject) (gen.GetCampaignResponseObject, error) {
	running, err := o.Catalogue.Running(ctx)
	if err != nil {
		return nil, err
	}
	units, err := o.Catalogue.Units(ctx, running.ID)
	if err != nil {
		return nil, err
	}
	return gen.GetCampaign200JSONResponse(o.toCampaign(running.Definition, units)), nil
}

func (o *operations) toCampaign(d campaign.Definition, units []ledger.Unit) gen.Campaign {
	now := o.Clock()
	out := gen.Campaign{
		Code: d.Code, Name: toText(d.Name), Title: toText(d.Title), Year: int32(d.Year), Demo: d.Demo, //nolint:gosec // a year
		Clock:  gen.Clock{Mode: gen.ClockMode(d.Clock.Mode), Now: now, Today: toDate(campaign.DateOf(now))},
		Groups: []gen.SlotGroup{}, Slots: []gen.Slot{}, Tracks: []gen.Track{}, Units: []gen.Unit{},
	}
	for _, g := range d.Groups {
		out.Groups = append(out.Groups, gen.SlotGroup{Code: g.Code, Name: toText(g.Name)})
	}
	for _, s := range d.Slots {
		out.Slots = append(out.Slots, gen.Slot{Slot: int32(s.Slot), Name: toText(s.Name), Group: s.Group}) //nolint:gosec // 1 to 9
	}
	for _, t := range d.Tracks {
		out.Tracks = append(out.Tracks, toTrack(t))
	}
	out.Kinds, out.Disposals = toChoices(d.Kinds), toChoices(d.Disposals)
	if sides := toSideKinds(d.Sides); len(sides) > 0 {
		out.Sides = &sides
	}
	if days := int32(d.SupervisedAfter); days > 0 { //nolint:gosec // days
		out.SupervisedAfter = &days
	}
	for _, u := range units {
		if !u.Outside {
			out.Units = append(out.Units, gen.Unit{Code: u.Code, Order: int32(u.Sort), Name: toText(u.Name), Short: toText(u.Short)}) //nolint:gosec // a handful of units
		}
	}
	return out
}

func toSideKinds(list []campaign.SideState) []gen.SideKind {
	out := make([]gen.SideKind, len(list))
	for i, s := range list {
		out[i] = gen.SideKind{Code: s.Code, Badge: s.Badge, Name: toText(s.Name)}
	}
	return out
}

func toTrack(t campaign.Track) gen.Track {
	out := gen.Track{Code: t.Code, Name: toText(t.Name), Milestones: make([]gen.MilestoneKind, len(t.Milestones))}
	for i, m := range t.Milestones {
		out.Milestones[i] = gen.MilestoneKind{
			Code: m.Code, Slot: int32(m.Slot), Name: toText(m.Name), Button: toText(m.Button), State: toText(m.State), //nolint:gosec // 1 to 9
			PlanLabel: toText(m.PlanLabel), MayBeNotApplicable: m.MayBeNotApplicable, Checks: toChoices(m.Checks),
		}
	}
	return out
}

// toChoices is nil for an empty list, which is then left out.
func toChoices(list []campaign.Choice) *[]gen.Choice {
	if len(list) == 0 {
		return nil
	}
	out := make([]gen.Choice, len(list))
	for i, c := range list {
		out[i] = gen.Choice{Code: c.Code, Name: toText(c.Name)}
	}
	return &out
}
