package httpapi

import (
	"context"
	"encoding/json"
	"fmt"

	openapi "github.com/oapi-codegen/runtime/types"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/todo"
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
	return gen.GetCampaign200JSONResponse(o.toCampaign(running, units)), nil
}

// GetDefinition implements gen.StrictServerInterface.
func (o *operations) GetDefinition(ctx context.Context, _ gen.GetDefinitionRequestObject) (gen.GetDefinitionResponseObject, error) {
	running, err := o.Catalogue.Running(ctx)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(running.Definition)
	if err != nil {
		return nil, fmt.Errorf("write the definition: %w", err)
	}
	return gen.GetDefinition200JSONResponse{Version: running.Version, Definition: text}, nil
}

func (o *operations) toCampaign(running ledger.Campaign, units []ledger.Unit) gen.Campaign {
	d, now := running.Definition, o.Clock()
	out := gen.Campaign{
		Code: d.Code, Name: toText(d.Name), Title: toText(d.Title), Year: int32(d.Year), Demo: d.Demo, Version: running.Version, //nolint:gosec // a year
		Clock:  gen.Clock{Mode: gen.ClockMode(d.Clock.Mode), Now: now, Today: toDate(campaign.DateOf(now))},
		Groups: []gen.SlotGroup{}, Slots: []gen.Slot{}, Tracks: []gen.Track{}, Units: []gen.Unit{},
		Start: toDatePtr(d.Start), End: toDatePtr(d.End), ThreeYears: toSpan(d.ThreeYears), Caliber: toText(d.Caliber), Metrics: toMetricKinds(d.Metrics), Lights: toLightRule(d.LightRule()),
		Templates: toTemplates(d.Templates), Bulletins: toBulletins(d.Bulletins), Holidays: toHolidays(d.Calendar.Holidays), Workdays: toDates(d.Calendar.MakeUps), Words: words(),
	}
	zones := make([]campaign.Choice, len(d.Zones))
	for i, z := range d.Zones {
		zones[i] = campaign.Choice{Code: z.Layer, Name: z.Name}
	}
	out.Zones = toChoices(zones)
	if a := d.Acceptance; a != nil {
		out.Acceptance = &gen.JointVisits{Visits: a.Visits, Inspections: a.Inspections, Returned: a.Returned, Held: a.Held}
	}
	for _, g := range d.Groups {
		out.Groups = append(out.Groups, gen.SlotGroup{Code: g.Code, Name: toText(g.Name)})
	}
	for _, s := range d.Slots {
		out.Slots = append(out.Slots, gen.Slot{Slot: int32(s.Slot), Name: toText(s.Name), Group: s.Group}) //nolint:gosec // 1 to 9
	}
	for _, t := range d.Tracks {
		out.Tracks = append(out.Tracks, toTrack(d, t))
	}
	out.Land = toLandRules(d.LandRule())
	out.Kinds, out.Disposals = toChoices(d.Kinds), toChoices(d.Disposals)
	if sides := toSideKinds(d.Sides); len(sides) > 0 {
		out.Sides = &sides
	}
	if days := int32(d.SupervisedAfter); days > 0 { //nolint:gosec // days
		out.SupervisedAfter = &days
	}
	out.Rotation = toTurns(d.Turning())
	for _, u := range units {
		if !u.Outside {
			out.Units = append(out.Units, gen.Unit{Code: u.Code, Order: int32(u.Sort), Name: toText(u.Name), Short: toText(u.Short)}) //nolint:gosec // a handful of units
		}
	}
	return out
}

func toTurns(r campaign.Rotation) []gen.RotationTurn {
	out := make([]gen.RotationTurn, len(r.Turns))
	for i, t := range r.Turns {
		out[i] = gen.RotationTurn{Screen: gen.RotationTurnScreen(t.Page), Unit: optional(t.Unit), Seconds: int32(t.Seconds)} //nolint:gosec // held by check
	}
	return out
}

func toSideKinds(list []campaign.SideState) []gen.SideKind {
	out := make([]gen.SideKind, len(list))
	for i, s := range list {
		out[i] = gen.SideKind{
			Code: s.Code, Badge: s.Badge, Name: toText(s.Name), ButtonIn: toText(s.ButtonIn), ButtonOut: toTextPtr(s.ButtonOut),
			Approval: orNil(s.Approval), After: optional(s.After), During: optional(s.During), Reasons: toChoices(s.Reasons),
		}
		var effects []gen.SideKindEffects
		for _, code := range s.Effects() {
			effects = append(effects, gen.SideKindEffects(code))
		}
		out[i].Effects = orNilList(effects)
	}
	return out
}

func toTrack(d campaign.Definition, t campaign.Track) gen.Track {
	prefix := d.Prefix(t)
	out := gen.Track{Code: t.Code, Name: toText(t.Name), Prefix: &prefix, Milestones: make([]gen.MilestoneKind, len(t.Milestones))}
	var funnel []string
	for _, m := range t.Steps() {
		funnel = append(funnel, m.Code)
	}
	out.Funnel = orNilList(funnel)
	for i, m := range t.Milestones {
		out.Milestones[i] = gen.MilestoneKind{
			Code: m.Code, Slot: int32(m.Slot), Name: toText(m.Name), Button: toText(m.Button), State: toText(m.State), //nolint:gosec // 1 to 9
			PlanLabel: toText(m.PlanLabel), MayBeNotApplicable: m.MayBeNotApplicable, Checks: toChoices(m.Checks),
			By: orNilList(m.By), Observe: toChoices(m.Observe), Photos: orNilList(toSlots(m.Photos)), OtherThan: orNilList(m.OtherThan), Locks: orNil(m.Locks),
		}
		if m.Within != nil {
			out.Milestones[i].Within = &gen.TimeLimit{Days: int32(m.Within.N), Working: m.Within.Working, From: m.Within.From} //nolint:gosec // days
		}
	}
	return out
}

func toSlots(list []campaign.PhotoSlot) []gen.PhotoSlot {
	out := make([]gen.PhotoSlot, len(list))
	for i, s := range list {
		out[i] = gen.PhotoSlot{Code: s.Code, Name: toText(s.Name), Required: s.Required}
	}
	return out
}

// toChoices is nil for an empty list, which is then left out.
func toChoices(list []campaign.Choice) *[]gen.Choice {
	if len(list) == 0 {
		return nil
	}
	out := choices(list)
	return &out
}

func choices(list []campaign.Choice) []gen.Choice {
	out := make([]gen.Choice, len(list))
	for i, c := range list {
		out[i] = gen.Choice{Code: c.Code, Name: toText(c.Name)}
	}
	return out
}

// words are the code lists that are the same in every campaign.
func words() gen.CampaignWords {
	return gen.CampaignWords{
		Roles: choices(campaign.Roles()), Areas: choices(campaign.Areas()), Lights: choices(campaign.Lights()),
		Escalations: choices(campaign.Escalations()), Periods: choices(campaign.Periods()), Effects: choices(campaign.Effects()), Findings: choices(todo.FindingKinds()),
	}
}

func toMetricKinds(list []campaign.Metric) []gen.MetricKind {
	out := make([]gen.MetricKind, len(list))
	for i, m := range list {
		out[i] = gen.MetricKind{
			Code: string(m.Code), Name: toText(m.Name), Measure: gen.MetricKindMeasure(m.Measure), Unit: toText(m.Unit),
			Decimals: int32(m.Measure.Decimals()), ByPlan: m.UnitsByPlan, //nolint:gosec // 0 or 2
		}
		if c := m.Counts; c.Track != "" {
			out[i].Counts = &gen.MetricCounts{Track: c.Track, Milestone: c.Milestone, Kinds: orNilList(c.Kinds), Of: gen.MetricCountsOf(c.Of)}
		}
	}
	return out
}

func toLightRule(r campaign.LightRule) gen.LightRule {
	return gen.LightRule{
		Green: float64(r.Green) / 10, Red: float64(r.Red) / 10,
		OrderAfter: int32(r.OrderAfter), TalkAfter: int32(r.TalkAfter), RedDays: int32(r.RedDays), //nolint:gosec // a handful
		AheadDays: int32(r.AheadDays), //nolint:gosec // a handful
	}
}

func toTemplates(list []campaign.Template) []gen.TemplateKind {
	out := make([]gen.TemplateKind, len(list))
	for i, t := range list {
		out[i] = gen.TemplateKind{Code: t.Code, Name: toText(t.Name), Milestones: t.Milestones}
	}
	return out
}

func toBulletins(list []campaign.Bulletin) []gen.BulletinRef {
	out := make([]gen.BulletinRef, len(list))
	for i, b := range list {
		out[i] = toBulletinRef(b)
	}
	return out
}

func toBulletinRef(b campaign.Bulletin) gen.BulletinRef {
	return gen.BulletinRef{Number: int32(b.Number), On: toDate(b.On), Monthly: orNil(b.Monthly)} //nolint:gosec // issues of a year
}

func toHolidays(list []campaign.Holiday) []gen.Holiday {
	out := make([]gen.Holiday, len(list))
	for i, h := range list {
		out[i] = gen.Holiday{From: toDate(h.From), To: toDate(h.To), Name: toText(h.Name)}
	}
	return out
}

func toDates(list []campaign.Date) []openapi.Date {
	out := make([]openapi.Date, len(list))
	for i, d := range list {
		out[i] = toDate(d)
	}
	return out
}

func toSpan(s campaign.Span) *gen.Span {
	if s == (campaign.Span{}) {
		return nil
	}
	return &gen.Span{From: toDate(s.From), To: toDate(s.To)}
}
