package httpapi

import (
	"context"
	"maps"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

const defaultLimit = 100

// ListCases implements gen.StrictServerInterface.
func (o *operations) ListCases(ctx context.Context, r gen.ListCasesRequestObject) (gen.ListCasesResponseObject, error) {
	p := r.Params
	f := dossier.Filter{Unit: orZero(p.Unit), Track: orZero(p.Track), Stage: orZero(p.Stage), Query: orZero(p.Q), After: orZero(p.After), Limit: defaultLimit}
	if p.Limit != nil {
		f.Limit = *p.Limit
	}
	page, err := o.Desk.Cases(ctx, scopeIn(ctx), f)
	if err != nil {
		return nil, err
	}
	d, err := o.definition(ctx)
	if err != nil {
		return nil, err
	}
	out := gen.ListCases200JSONResponse{Total: page.Total, TotalM2: m2(page.Land), TotalMu: mu(page.Land), Items: []gen.CaseSummary{}}
	for _, s := range page.Items {
		out.Items = append(out.Items, o.toSummary(d, s))
	}
	if len(page.Items) == f.Limit {
		out.NextAfter = &page.Items[f.Limit-1].Code
	}
	return out, nil
}

func (s *Server) definition(ctx context.Context) (campaign.Definition, error) {
	running, err := s.Catalogue.Running(ctx)
	return running.Definition, err
}

// GetCase implements gen.StrictServerInterface.
func (o *operations) GetCase(ctx context.Context, r gen.GetCaseRequestObject) (gen.GetCaseResponseObject, error) {
	file, err := o.Desk.Case(ctx, scopeIn(ctx), r.Id)
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	if err != nil {
		return nil, err
	}
	c := file.Case.Case
	summary := dossier.Summary{
		ID: c.ID, Code: c.Code, Label: c.Label, Track: c.Track, Unit: c.Unit, Stage: file.Standing.Stage,
		Next: file.Standing.Next, Deadline: file.Standing.Deadline, Version: c.Version, Land: c.Land(),
		Passed: map[string]campaign.Date{}, Sides: slices.Sorted(maps.Keys(c.Sides)),
	}
	for code, mark := range c.Marks {
		if mark.Passed() {
			summary.Passed[code] = mark.DoneOn
		}
	}
	out := gen.GetCase200JSONResponse{
		Case: o.toSummary(file.Definition, summary), Responsible: c.Responsible, Note: c.Note, Revision: file.Revision,
		Milestones: toMilestones(&file, people), Parcels: []gen.CaseParcel{}, Actions: toActions(file.Actions), Timeline: toTimeline(file.Timeline, people),
	}
	for _, p := range file.Parcels {
		out.Parcels = append(out.Parcels, gen.CaseParcel{Id: p.ID, Code: p.Code, ShareM2: m2(p.Share), ShareMu: mu(p.Share)})
	}
	if len(file.Conflicts) > 0 {
		list := make([]gen.Conflict, len(file.Conflicts))
		for i, k := range file.Conflicts {
			list[i] = toConflict(k)
		}
		out.Conflicts = &list
	}
	return out, nil
}

// named are people's names and roles by code.
type named map[string]gen.Actor

func (s *Server) roles(ctx context.Context) (named, error) {
	people, err := s.Catalogue.People(ctx)
	if err != nil {
		return nil, err
	}
	names := make(named, len(people))
	for _, p := range people {
		names[p.Code] = toActor(p.Code, p.Name, p.Role)
	}
	return names, nil
}

func (n named) actor(code string) gen.Actor {
	if a, ok := n[code]; ok {
		return a
	}
	return toActor(code, "系统", "system")
}

func toMilestones(file *dossier.File, people named) []gen.Milestone {
	track, _ := file.Definition.Track(file.Case.Case.Track)
	list := make([]gen.Milestone, len(track.Milestones))
	for i, kind := range track.Milestones {
		mark := file.Case.Case.Marks[kind.Code]
		list[i] = gen.Milestone{
			Code: kind.Code, Standing: standingOf(mark, kind.Code == file.Standing.Next), DoneOn: toDatePtr(mark.DoneOn), PlanOn: toDatePtr(mark.PlanOn),
			PlanOriginal: toDatePtr(mark.PlanOriginal), Reason: optional(mark.Reason), Note: optional(mark.Note),
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
			Revision: e.ID, RecordedAt: e.RecordedAt, HappenedAt: e.HappenedAt, Actor: people.actor(e.Actor), Device: e.Device,
			Kind: e.Kind, Text: toText(e.Text), Note: optional(e.Note), BatchId: e.BatchID, Undone: e.Undone,
		}
	}
	return list
}

// GetParcel implements gen.StrictServerInterface.
func (o *operations) GetParcel(ctx context.Context, r gen.GetParcelRequestObject) (gen.GetParcelResponseObject, error) {
	p, err := o.Desk.Parcel(ctx, scopeIn(ctx), r.Id)
	if err != nil {
		return nil, err
	}
	d, err := o.definition(ctx)
	if err != nil {
		return nil, err
	}
	out := gen.GetParcel200JSONResponse{
		Id: p.Parcel.ID, Code: p.Parcel.Code, Label: p.Parcel.Label, Unit: optional(p.Parcel.Unit), Version: p.Parcel.Version, Revision: p.Revision,
		M2: m2(p.Area), Mu: mu(p.Area), PlaneM2: m2(p.PlaneArea), PlaneMu: mu(p.PlaneArea), Cases: []gen.CaseSummary{}, Actions: toActions(dossier.ListingActions()),
	}
	if len(p.Parcel.Attributes) > 0 {
		out.Attributes = &p.Parcel.Attributes
	}
	for i, s := range p.Cases {
		out.Cases = append(out.Cases, o.toSummary(d, s))
		if i == 0 {
			out.Stage = int32(s.Stage) //nolint:gosec // 1 to 9; the cases come least advanced first
		}
	}
	return out, nil
}

// ListConflicts implements gen.StrictServerInterface.
func (o *operations) ListConflicts(ctx context.Context, _ gen.ListConflictsRequestObject) (gen.ListConflictsResponseObject, error) {
	found, err := o.Desk.Conflicts(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	list := make(gen.ListConflicts200JSONResponse, len(found))
	for i, c := range found {
		list[i] = toConflict(c)
	}
	return list, nil
}
