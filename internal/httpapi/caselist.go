package httpapi

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/todo"
)

const defaultLimit = 100

// ListCases implements gen.StrictServerInterface.
func (o *operations) ListCases(ctx context.Context, r gen.ListCasesRequestObject) (gen.ListCasesResponseObject, error) {
	p := r.Params
	view, err := o.viewOf(ctx, fromDate(p.AsOf), p.MinRevision)
	if err != nil {
		return nil, err
	}
	filter, err := o.resolved(ctx, view, filterOf(&p))
	if err != nil {
		return nil, err
	}
	list, err := view.List(filter, chronicle.Paging{Sort: orZero(p.Sort), After: orZero(p.After), Limit: limitOf(p.Limit)})
	if err != nil {
		return nil, err
	}
	t := list.Total
	out := gen.ListCases200JSONResponse{
		Revision: view.Revision, Day: toDate(view.Day), Total: t.Cases, TotalM2: m2(t.Land), TotalMu: mu(t.Land), Items: make([]gen.CaseSummary, len(list.Cases)),
		Sums: gen.Sums{Cases: t.Cases, Land: int64(t.Land), Recovered: int64(t.Recovered), Effective: int64(t.Effective), Floor: int64(t.Floor)},
	}
	for i, c := range list.Cases {
		out.Items[i] = toCaseSummary(view, c)
		addColumns(&out.Items[i], c, orZero(p.Columns))
	}
	if err := o.addResponsible(ctx, &p, out.Items); err != nil {
		return nil, err
	}
	if list.More {
		out.NextAfter = &list.Cases[len(list.Cases)-1].Code
	}
	return out, nil
}

// resolved is the filter with what other rooms find: operators, requests, findings.
func (o *operations) resolved(ctx context.Context, v *chronicle.View, q todo.Query) (chronicle.Filter, error) {
	if q.OfNow() && v.Day < campaign.DateOf(o.Clock()) {
		return q.Filter, fault.New(fault.KindInvalid, "of_now_alone", "申请、待审核和数据问题只能按当前数据筛选", "requests and findings are known for now alone")
	}
	if q.Query != "" {
		var err error
		if q.Operators, err = o.Directory.Operators(ctx, scopeIn(ctx), v, q.Query); err != nil {
			return q.Filter, err
		}
	}
	return o.Todo.Resolve(ctx, scopeIn(ctx), v, q)
}

// filterOf reads a filter from the parameters of /cases.
func filterOf(p *gen.ListCasesParams) todo.Query {
	return todo.Query{Filter: plainFilterOf(p), Requested: orZero(p.Requested), Decidable: orZero(p.Decidable), Told: orZero(p.Told), Finding: string(orZero(p.Finding))}
}

func plainFilterOf(p *gen.ListCasesParams) chronicle.Filter {
	return chronicle.Filter{
		Track: orZero(p.Track), Unit: orZero(p.Unit), Village: orZero(p.Village), Batch: orZero(p.Batch), Kind: orZero(p.Kind), Disposal: orZero(p.Disposal),
		Stages: orZero(p.Stage), Listed: orZero(p.Listed), Done: orZero(p.Done), Reached: orZero(p.Reached), Skipped: orZero(p.Skipped), Next: orZero(p.Next),
		Metric: campaign.MetricCode(orZero(p.Metric)), Side: orZero(p.Side), Rebounds: orZero(p.Rebounds), Late: orZero(p.Late), LateFrom: orZero(p.LateDays), Ready: orZero(p.Ready), OperatorsOf: orZero(p.OperatorsOf),
		Parcel: orZero(p.Parcel), Enterprise: orZero(p.Enterprise), Query: orZero(p.Q),
	}
}

// queryOf writes a filter as parameters of /cases, on the day it was counted.
func queryOf(f chronicle.Filter, asOf campaign.Date) string { return valuesOf(f, asOf).Encode() }

func valuesOf(f chronicle.Filter, asOf campaign.Date) url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"as_of": string(asOf), "track": f.Track, "unit": f.Unit, "village": f.Village, "batch": f.Batch, "kind": f.Kind, "disposal": f.Disposal,
		"done": f.Done, "reached": f.Reached, "skipped": f.Skipped, "next": f.Next, "metric": string(f.Metric), "side": f.Side, "operators_of": f.OperatorsOf, "q": f.Query,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	for name, on := range map[string]bool{"listed": f.Listed, "rebounds": f.Rebounds, "late": f.Late, "ready": f.Ready} {
		if on {
			q.Set(name, "true")
		}
	}
	if f.LateFrom > 0 {
		q.Set("late_days", strconv.Itoa(f.LateFrom))
	}
	if len(f.Stages) > 0 {
		var slots []string
		for _, s := range f.Stages {
			slots = append(slots, strconv.Itoa(s))
		}
		q.Set("stage", strings.Join(slots, ","))
	}
	for name, id := range map[string]int64{"parcel": f.Parcel, "enterprise": f.Enterprise} {
		if id != 0 {
			q.Set(name, strconv.FormatInt(id, 10))
		}
	}
	return q
}

// toCaseSummary is a version of a case as lists and live events show it.
func toCaseSummary(v *chronicle.View, c *chronicle.Case) gen.CaseSummary {
	sides := c.SideCodes()
	out := gen.CaseSummary{
		Id: c.ID, Code: c.Code, Label: c.Label, Track: c.Track, Unit: c.Unit, Stage: int32(c.Stage), State: toText(stateAt(v.Definition, c)), //nolint:gosec // 1 to 9
		Sides: &sides, Version: c.Version, Next: optional(c.Next), Deadline: toDatePtr(c.Deadline), M2: m2(c.Land()), Mu: mu(c.Land()),
		Kind: optional(c.Kind), Batch: optional(c.Batch), Disposal: optional(c.Disposal),
	}
	out.Village = toVillage(v, c.Village)
	if c.Enterprise != 0 {
		out.Enterprise = &c.Enterprise
	}
	out.Reduced = orNil(c.Reduced)
	if class := gen.CaseSummaryEvaluation(v.Evaluation(c)); class != "" {
		out.Evaluation = &class
	}
	if late := int32(v.Late(c)); late > 0 { //nolint:gosec // days
		out.Late = &late
	}
	if ahead := int32(v.Ahead(c)); ahead > 0 { //nolint:gosec // days
		out.Ahead = &ahead
	}
	if rebounds := int32(c.Rebounds); rebounds > 0 { //nolint:gosec // a handful
		out.Rebounds = &rebounds
	}
	addAreas(&out, c)
	if found := reasons(v.Definition, c); len(found) > 0 {
		out.Reason = &found
	}
	return out
}

func addAreas(out *gen.CaseSummary, c *chronicle.Case) {
	if c.Recovered != 0 {
		recovered, effective := mu(c.Recovered), mu(c.Effective)
		out.RecoveredMu, out.EffectiveMu = &recovered, &effective
	}
	if c.Floor != 0 {
		floor := m2(c.Floor)
		out.FloorM2 = &floor
	}
}

// reasons are those of side states that are of the usual ones.
func reasons(d campaign.Definition, c *chronicle.Case) map[string]gen.Text {
	found := map[string]gen.Text{}
	for _, s := range c.Sides {
		state, _ := d.Side(s.Code)
		if i := slices.IndexFunc(state.Reasons, func(r campaign.Choice) bool { return r.Code == s.Reason }); i >= 0 {
			found[s.Code] = toText(state.Reasons[i].Name)
		}
	}
	return found
}

// addResponsible fills the column of persons where it is wanted, of now: what was before is in each case's own file.
func (o *operations) addResponsible(ctx context.Context, p *gen.ListCasesParams, items []gen.CaseSummary) error {
	if p.AsOf != nil || !slices.Contains(orZero(p.Columns), gen.Responsible) {
		return nil
	}
	ids := make([]int64, len(items))
	for i := range items {
		ids[i] = items[i].Id
	}
	persons, err := o.Desk.Responsible(ctx, scopeIn(ctx), ids)
	for i := range items {
		if person, named := persons[items[i].Id]; named {
			items[i].Responsible = &person
		}
	}
	return err
}

func addColumns(out *gen.CaseSummary, c *chronicle.Case, columns []gen.ListCasesParamsColumns) {
	for _, column := range columns {
		switch column {
		case gen.Passed:
			days := plain(c.Days())
			out.Passed = &days
		case gen.Planned:
			days := plain(c.Plans())
			out.Planned = &days
		case gen.Parcels:
			ids := []int64{}
			for _, s := range c.Shares {
				ids = append(ids, s.Parcel)
			}
			out.Parcels = &ids
		case gen.Responsible: // addResponsible reads it for the whole page
		}
	}
}

func plain(days map[string]campaign.Date) map[string]string {
	out := make(map[string]string, len(days))
	for code, on := range days {
		out[code] = string(on)
	}
	return out
}

// stateAt is the state of the furthest milestone done: 已初验, where the slot only says 已拆除.
func stateAt(d campaign.Definition, c *chronicle.Case) campaign.Text {
	t, ok := d.Track(c.Track)
	if !ok {
		return slotName(d, c.Stage)
	}
	return t.Furthest(c.Days()).State
}
