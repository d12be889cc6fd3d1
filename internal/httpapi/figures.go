package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/report"
)

// arrived waits until what is read from memory has a revision.
func (o *operations) arrived(ctx context.Context, revision *int64) error {
	if revision == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, revisionWait)
	defer cancel()
	return o.Report.Wait(ctx, *revision)
}

// GetFigures implements gen.StrictServerInterface.
func (o *operations) GetFigures(ctx context.Context, r gen.GetFiguresRequestObject) (gen.GetFiguresResponseObject, error) {
	p := r.Params
	if err := o.arrived(ctx, p.MinRevision); err != nil {
		return nil, err
	}
	v, err := o.Report.View(scopeIn(ctx), fromDate(p.AsOf))
	if err != nil {
		return nil, err
	}
	etag := figuresTag(ctx, v)
	if matches(orZero(p.IfNoneMatch), etag) {
		return figuresUnchanged(etag), nil
	}
	question := figuresQuestion(etag, p)
	if text := o.sheets.find(question); text != nil {
		return figuresAnswer{text, etag}, nil
	}
	f, err := o.Report.Figures(ctx, scopeIn(ctx), report.Query{
		By: report.By(orZero(p.By)), AsOf: fromDate(p.AsOf), Unit: orZero(p.Unit), Track: orZero(p.Track), Cycle: figures.Cycle(orZero(p.Cycle)), Rank: campaign.MetricCode(orZero(p.Rank)),
	})
	if err != nil {
		return nil, err
	}
	etag = figuresTag(ctx, f.View)
	text, err := o.sheets.keep(figuresQuestion(etag, p), toFigures(&f, fromDate(p.AsOf)))
	return figuresAnswer{text, etag}, err
}

// figuresTag: same revision, day and scope, same figures.
func figuresTag(ctx context.Context, v *chronicle.View) string {
	return fmt.Sprintf(`"figures-%d-%s-%s"`, v.Revision, v.Day, scopeIn(ctx).Class())
}

// figuresUnchanged is the tag of figures that the asker has.
type figuresUnchanged string

// VisitGetFiguresResponse implements gen.GetFiguresResponseObject.
func (etag figuresUnchanged) VisitGetFiguresResponse(w http.ResponseWriter) error {
	tagged(w, string(etag))
	w.WriteHeader(http.StatusNotModified)
	return nil
}

func tagged(w http.ResponseWriter, etag string) {
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "private, no-cache")
}

func toFigures(f *report.Figures, asOf campaign.Date) gen.GetFigures200JSONResponse {
	out := gen.GetFigures200JSONResponse{
		Revision: f.View.Revision, Day: toDate(f.View.Day), Live: asOf == "", By: string(f.By), Unit: optional(f.Unit), DaysLeft: int32(f.DaysLeft), //nolint:gosec // days of a campaign
		Since: toDate(f.Since), Cycle: string(f.Cycle), Total: toRow(&f.Total, asOf), Rows: make([]gen.FigureRow, len(f.Rows)),
		Ranking: toRanking(f.Ranking), OfListed: toCount(f.OfListed, asOf), Rounding: f.Rounding, Caliber: toText(f.View.Definition.Caliber),
	}
	if f.Bulletin.Number > 0 {
		ref := toBulletinRef(f.Bulletin)
		out.Bulletin = &ref
	}
	for i := range f.Rows {
		out.Rows[i] = toRow(&f.Rows[i], asOf)
	}
	if c := f.Coverage; c != nil {
		out.Coverage = toCoverage(c)
	}
	return out
}

func toRanking(r report.Ranking) gen.Ranking {
	out := gen.Ranking{Metric: string(r.Metric), Places: []string{}, Spread: toPoints(r.Spread)}
	for _, p := range r.Places {
		out.Places = append(out.Places, p.Unit)
	}
	return out
}

func toRow(r *report.Row, asOf campaign.Date) gen.FigureRow {
	out := gen.FigureRow{
		Code: r.Code, Name: toText(r.Name), Listed: toCount(r.Listed, asOf), Late: toCount(r.Late, asOf), Rebounds: r.Rebounds, Rebounded: toCount(r.Rebounded, asOf),
		Metrics: make([]gen.FigureMetric, len(r.Metrics)), Steps: make([]gen.FigureStep, len(r.Steps)), Stages: make([]gen.FigureCount, len(r.Stages)),
		Sides: make(map[string]gen.FigureCount, len(r.Sides)), InBlocks: toInBlocks(r.InBlocks),
	}
	for i := range r.Metrics {
		out.Metrics[i] = toMetric(&r.Metrics[i], r.Added[i].Done, asOf)
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		out.Steps[i] = gen.FigureStep{Code: s.Milestone.Code, State: toText(s.Milestone.State), Reached: toCount(s.Reached, asOf), Skipped: toCount(s.Skipped, asOf), Loss: s.Loss}
	}
	for i, s := range r.Stages {
		out.Stages[i] = toCount(s, asOf)
	}
	for code, n := range r.Sides {
		out.Sides[code] = toCount(n, asOf)
	}
	if r.Place > 0 {
		place := int32(r.Place) //nolint:gosec // a handful of rows
		out.Place = &place
	}
	if r.Movement.Known {
		up := int32(r.Movement.Up) //nolint:gosec // a handful of rows
		out.Up = &up
	}
	return out
}

func toInBlocks(n report.InBlocks) gen.FigureBlocks {
	out := gen.FigureBlocks{M2: m2(n.Land), Mu: mu(n.Land), Exact: int64(n.Land), OfExact: int64(n.Of), Blocks: int32(n.Blocks)} //nolint:gosec // a handful
	if n.Rate.Known {
		rate := float64(n.Rate.Tenths) / 10
		out.Rate = &rate
	}
	return out
}

func toCount(n report.Count, asOf campaign.Date) gen.FigureCount {
	return gen.FigureCount{Cases: n.Cases, M2: m2(n.Land), Mu: mu(n.Land), Query: queryOf(n.Filter, asOf)}
}

func toMetric(m *report.Metric, added int64, asOf campaign.Date) gen.FigureMetric {
	of := m.Metric.Measure
	out := gen.FigureMetric{
		Code: string(m.Metric.Code), Name: toText(m.Metric.Name), Measure: gen.FigureMetricMeasure(of), Unit: toText(m.Metric.Unit),
		Done: printedDone(m.Done, of), Exact: m.Done, Gross: printedDone(m.Gross, of), Light: gen.FigureMetricLight(m.Light),
		Planned: toDatePtr(m.Planned), Added: printedDone(added, of), AddedExact: added, Query: queryOf(m.Filter, asOf),
	}
	if m.HasTask || m.OfListed {
		task, baseline := steps(m.Task, of), float64(m.Baseline)/10
		out.Task, out.Baseline = &task, &baseline
	}
	if m.OfListed {
		out.OfListed = &m.OfListed
	}
	if m.Rate.Known {
		rate := float64(m.Rate.Tenths) / 10
		out.Rate = &rate
	}
	out.Gap = toPoints(m.Gap)
	return out
}

func toPoints(p figures.Points) *float64 {
	if !p.Known {
		return nil
	}
	points := float64(p.Tenths) / 10
	return &points
}

// printedDone is an exact amount as it is printed, as a number.
func printedDone(exact int64, of campaign.Measure) float64 {
	return steps(figures.Steps(exact, of), of)
}

// steps are printed steps as a number: 146453 is 1464.53 mu.
func steps(n int64, of campaign.Measure) float64 {
	if of.Decimals() == 0 {
		return float64(n)
	}
	f, _ := strconv.ParseFloat(fmt.Sprintf("%de-%d", n, of.Decimals()), 64) // our own digits
	return f
}

// GetBurnUp implements gen.StrictServerInterface.
func (o *operations) GetBurnUp(ctx context.Context, r gen.GetBurnUpRequestObject) (gen.GetBurnUpResponseObject, error) {
	if err := o.arrived(ctx, r.Params.MinRevision); err != nil {
		return nil, err
	}
	b, err := o.Report.BurnUp(scopeIn(ctx), campaign.MetricCode(r.Params.Metric), orZero(r.Params.Unit), fromDate(r.Params.AsOf))
	if err != nil {
		return nil, err
	}
	of := b.Metric.Measure
	out := gen.GetBurnUp200JSONResponse{
		Revision: b.View.Revision, Day: toDate(b.View.Day), Metric: string(b.Metric.Code), Unit: optional(b.Unit), From: toDate(b.Series.From),
		Done: make([]float64, len(b.Series.Values)), Baseline: make([]float64, len(b.Baseline)), Forecast: toForecast(&b.Forecast),
	}
	if b.Task > 0 {
		task := steps(b.Task, of)
		out.Task = &task
	}
	for i, n := range b.Series.Values {
		out.Done[i] = printedDone(n, of)
	}
	for i, n := range b.Baseline {
		out.Baseline[i] = float64(n) / 10
	}
	return out, nil
}

func toForecast(f *figures.Forecast) gen.Forecast {
	out := gen.Forecast{Outlook: gen.ForecastOutlook(f.Outlook), Sentence: toText(f.Sentence(figures.Screen)), Met: toDatePtr(f.Met), Earliest: toDatePtr(f.Earliest), Latest: toDatePtr(f.Latest)}
	if f.Outlook == figures.OutlookOnTime || f.Outlook == figures.OutlookShort {
		of := f.Goal.Metric.Measure
		end, low, high := printedDone(f.AtEnd, of), printedDone(f.Low, of), printedDone(f.High, of)
		out.AtEnd, out.Low, out.High = &end, &low, &high
	}
	return out
}

// GetMoves implements gen.StrictServerInterface.
func (o *operations) GetMoves(ctx context.Context, r gen.GetMovesRequestObject) (gen.GetMovesResponseObject, error) {
	p := r.Params
	if err := o.arrived(ctx, p.MinRevision); err != nil {
		return nil, err
	}
	m, err := o.Report.Moves(scopeIn(ctx), report.MoveQuery{From: campaign.DateOf(p.From.Time), To: fromDate(p.To), Unit: orZero(p.Unit), Metric: campaign.MetricCode(orZero(p.Metric))})
	if err != nil {
		return nil, err
	}
	out := gen.GetMoves200JSONResponse{From: dayRef(m.From), To: dayRef(m.To), Metrics: toDeltas(m.To, m.Metrics), Cases: make([]gen.Move, len(m.Cases))}
	for _, row := range m.Stages {
		line := make([]int32, len(row))
		for i, n := range row {
			line[i] = int32(n) //nolint:gosec // a number of cases
		}
		out.Stages = append(out.Stages, line)
	}
	for i := range m.Cases {
		out.Cases[i] = toMove(&m, &m.Cases[i])
	}
	return out, nil
}

func dayRef(v *chronicle.View) gen.DayRef {
	return gen.DayRef{Day: toDate(v.Day), Revision: v.Revision}
}

func toDeltas(v *chronicle.View, list []report.Added) []gen.Delta {
	out := make([]gen.Delta, len(list))
	for i, a := range list {
		m, _ := v.Definition.Metric(a.Metric) // one of its own
		out[i] = gen.Delta{Metric: string(a.Metric), Added: printedDone(a.Done, m.Measure), Exact: a.Done}
	}
	return out
}

func toMove(m *report.Moves, c *report.Move) gen.Move {
	now := c.Case()
	out := gen.Move{
		Id: now.ID, Code: now.Code, Label: now.Label, Reduced: orNil(now.Reduced), Unit: now.Unit, Before: stageRef(m.From, c.Before), After: stageRef(m.To, c.After),
		Milestones: make([]gen.MovePassed, len(c.Milestones)), TakenBack: append([]string{}, c.TakenBack...), Metrics: toDeltas(m.To, c.Deltas),
	}
	for i, p := range c.Milestones {
		out.Milestones[i] = gen.MovePassed{Milestone: p.Milestone, On: toDatePtr(p.On), Late: p.Late}
	}
	return out
}

func stageRef(v *chronicle.View, c *chronicle.Case) *gen.StageRef {
	if c == nil {
		return nil
	}
	return &gen.StageRef{Stage: int32(c.Stage), State: toText(stateAt(v.Definition, c))} //nolint:gosec // 1 to 9
}

func toCoverage(c *report.Coverage) *gen.Coverage {
	return &gen.Coverage{Name: toText(c.Name), With: int32(c.With), Of: int32(c.Of), Missing: append([]string{}, c.Missing...)} //nolint:gosec // a handful of units
}
