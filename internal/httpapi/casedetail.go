package httpapi

import (
	"maps"
	"math"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// toDetail is everything about one case.
func (o *operations) toDetail(file *dossier.File, people named) gen.CaseDetail {
	c, d := file.Case.Case, file.Definition
	out := gen.CaseDetail{
		Case: o.toSummary(d, summaryOf(file)), Responsible: c.Responsible, Note: c.Note, Batch: c.Batch, Revision: file.Revision,
		Kind: toChoice(d.Kinds, c.Kind), Disposal: toChoice(d.Disposals, c.Disposal), Enterprise: toEnterprise(d, file.Enterprise),
		Rebounds: int32(c.Rebounds), Locked: file.Locked, Extended: append([]string{}, file.Extended...), //nolint:gosec // a handful
		Sides: toSides(d, c, people), Requests: toRequests(d, c, people), Areas: toAreas(file.Areas), Land: toCaseLand(file), Tenants: o.toTenants(file),
		Milestones: toMilestones(file, people), Parcels: []gen.CaseParcel{}, Actions: toActions(file.Actions), Timeline: toTimeline(file.Timeline, people),
	}
	if f := file.Form; f != nil {
		out.Form = &gen.AcceptanceForm{Standing: gen.AcceptanceFormStanding(f.Standing), Side: f.Side, Milestone: f.Milestone, Slot: f.Slot, Since: toDatePtr(f.Since)}
	}
	if v, ok := d.Village(c.Village); ok {
		name := toText(v.Name)
		out.Village = &name
	}
	if file.LandIn != nil {
		out.LandIn = &gen.CaseRef{Id: file.LandIn.ID, Code: file.LandIn.Code, Label: file.LandIn.Label, Reduced: orNil(file.LandIn.Reduced)}
	}
	for _, p := range file.Parcels {
		out.Parcels = append(out.Parcels, gen.CaseParcel{Id: p.ID, Code: p.Code, ShareM2: m2(p.Share), ShareMu: mu(p.Share)})
	}
	if len(file.Conflicts) > 0 {
		list := toConflicts(file.Conflicts, people)
		out.Conflicts = &list
	}
	return out
}

func summaryOf(file *dossier.File) dossier.Summary {
	c := file.Case.Case
	s := dossier.Summary{
		ID: c.ID, Code: c.Code, Label: c.Label, Reduced: file.Reduced, Track: c.Track, Unit: c.Unit, Stage: file.Standing.Stage,
		Next: file.Standing.Next, Deadline: file.Standing.Deadline, Version: c.Version, Land: c.Land(),
		Passed: map[string]campaign.Date{}, Sides: slices.Sorted(maps.Keys(c.Sides)),
	}
	for code, mark := range c.Marks {
		if mark.Passed() {
			s.Passed[code] = mark.DoneOn
		}
	}
	return s
}

// toChoice is a value of a code list; nil where none is given.
func toChoice(list []campaign.Choice, code string) *gen.Choice {
	for _, c := range list {
		if c.Code == code {
			return &gen.Choice{Code: c.Code, Name: toText(c.Name)}
		}
	}
	return nil
}

func toEnterprise(d campaign.Definition, e *ledger.Enterprise) *gen.Enterprise {
	if e == nil {
		return nil
	}
	out := gen.Enterprise{
		Id: e.ID, Version: e.Version, Label: e.Label, Kind: gen.Choice{Code: e.Kind}, Industry: optional(e.Industry), AboveScale: e.AboveScale,
		Evaluations: map[string]string{}, TaxPerMu: map[string]float64{}, Own: &gen.EnterpriseOwn{Name: e.Name, Code: optional(e.Code)},
	}
	if kind := toChoice(d.Kinds, e.Kind); kind != nil {
		out.Kind = *kind
	}
	maps.Copy(out.Evaluations, e.Evaluations)
	maps.Copy(out.TaxPerMu, e.TaxPerMu)
	return &out
}

// toSides are the side states in force in the order of the campaign.
func toSides(d campaign.Definition, c campaign.Case, people named) []gen.SideInForce {
	list := []gen.SideInForce{}
	for _, kind := range d.Sides {
		s, in := c.Sides[kind.Code]
		if !in {
			continue
		}
		side := gen.SideInForce{Side: kind.Code, Since: toDate(s.Since), Reason: s.Reason, ReasonCode: optional(s.Code), By: people.actor(s.By), Until: toDatePtr(s.Until), Owner: optional(s.Owner)}
		if s.Approved != "" {
			by := people.actor(s.Approved)
			side.Approved = &by
		}
		list = append(list, side)
	}
	return list
}

func toRequests(d campaign.Definition, c campaign.Case, people named) []gen.SideRequest {
	list := []gen.SideRequest{}
	for _, kind := range d.Sides {
		if r, asked := c.Requests[kind.Code]; asked {
			list = append(list, gen.SideRequest{
				Side: kind.Code, On: toDate(r.On), Reason: r.Reason, ReasonCode: optional(r.Code), By: people.actor(r.By),
				Milestone: optional(r.Milestone), Until: toDatePtr(r.Until),
			})
		}
	}
	return list
}

func toArea(a geo.Area) gen.Area { return gen.Area{M2: m2(a), Mu: mu(a)} }

// knownArea is nil where the area is not known.
func knownArea(a geo.Area) *gen.Area {
	if a == 0 {
		return nil
	}
	area := toArea(a)
	return &area
}

func toAreas(a dossier.Areas) gen.CaseAreas {
	out := gen.CaseAreas{
		Parcels: toArea(a.Parcels), Plane: toArea(a.Plane), Land: toArea(a.Land), Recovered: knownArea(a.Recovered),
		Effective: knownArea(a.Effective), Deducted: knownArea(a.Deducted), Floor: knownArea(a.Floor),
	}
	if a.Differs > 0 {
		differs := math.Round(a.Differs*10) / 10
		out.Differs = &differs
	}
	return out
}

func (o *operations) toTenants(file *dossier.File) []gen.Tenant {
	list := []gen.Tenant{}
	for _, n := range file.Neighbours {
		s := o.toSummary(file.Definition, n)
		list = append(list, gen.Tenant{Id: s.Id, Code: s.Code, Label: s.Label, Reduced: s.Reduced, State: s.State, Stage: s.Stage, Share: toArea(n.Land)})
	}
	return list
}

func toMilestones(file *dossier.File, people named) []gen.Milestone {
	track, _ := file.Definition.Track(file.Case.Case.Track)
	list := make([]gen.Milestone, len(track.Milestones))
	for i, kind := range track.Milestones {
		mark := file.Case.Case.Marks[kind.Code]
		list[i] = gen.Milestone{
			Code: kind.Code, Standing: standingOf(mark, kind.Code == file.Standing.Next), DoneOn: toDatePtr(mark.DoneOn), PlanOn: toDatePtr(mark.PlanOn),
			PlanOriginal: toDatePtr(mark.PlanOriginal), Reason: optional(mark.Reason), Note: optional(mark.Note),
			Lacking: orNilList(toTexts(track.Lacking(file.Case.Case, kind.Code))),
		}
		if mark.Actor != "" {
			by := people.actor(mark.Actor)
			list[i].By = &by
		}
	}
	return list
}

func standingOf(mark campaign.Mark, isNext bool) gen.MilestoneStanding {
	switch {
	case mark.DoneOn != "":
		return gen.MilestoneStanding("done")
	case mark.NotApplicable:
		return gen.MilestoneStanding("not_applicable")
	case isNext:
		return gen.MilestoneStanding("next")
	}
	return gen.MilestoneStanding("open")
}

func toTimeline(events []dossier.Event, people named) []gen.TimelineEntry {
	list := make([]gen.TimelineEntry, len(events))
	for i, e := range events {
		list[i] = gen.TimelineEntry{
			Revision: e.ID, RecordedAt: e.RecordedAt, HappenedAt: e.HappenedAt, HappenedOn: toDate(e.On), Late: e.Late, Actor: people.actor(e.Actor), Device: e.Device,
			Kind: e.Kind, Text: toText(e.Text), Note: optional(e.Note), BatchId: e.BatchID, Undone: e.Undone,
		}
		if d := e.Body.Told; d != nil {
			list[i].DeviceAt, list[i].WaitedMs = &d.At, &d.WaitedMS
			if d.As != nil {
				list[i].JudgedAs = &gen.HeldRights{Role: toText(campaign.RoleName(d.As.Role)), Unit: optional(d.As.Unit)}
			}
		}
		if r := e.Body.Replays; r != nil {
			by := people.actor(r.Author)
			list[i].Replayed, list[i].ReplayedFromFile = &by, orNil(r.File)
		}
	}
	return list
}
