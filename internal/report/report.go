// Package report is the campaign's figures on any day: what is done against
// its task, by unit, village, track and stage, with gap, light, rank, funnel,
// burn-up, forecast, and what moved between two days.
//
// Everything is counted from one view of the chronicle in exact units and
// printed once by package figures. Every figure names the filter that lists
// the cases it is made of; the sum of that list is the figure.
package report

import (
	"context"
	"slices"
	"time"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/figures"
)

// By says what the rows of the figures are.
type By string

// The rows.
const (
	ByUnit    By = "unit"
	ByVillage By = "village"
	ByTrack   By = "track"
	ByStage   By = "stage"
)

// Query asks for figures.
type Query struct {
	By    By
	AsOf  campaign.Date // as known at the end of the day; "" is now
	Unit  string        // only this unit; "" is the district
	Track string        // only this track, with its funnel and its metrics; "" counts all and shows the first one's
	Cycle figures.Cycle // of 本期新增; "" is the week
	Rank  campaign.MetricCode
	Since campaign.Date     // 本期新增 counts from the end of this day; "" is the end of the last closed period of the cycle
	Issue campaign.Bulletin // ranks move against it; none is the last weekly issue
}

// Figures are everything that is counted at a view.
type Figures struct {
	View     *chronicle.View
	By       By
	Unit     string
	DaysLeft int // to the last day of the campaign
	Bulletin campaign.Bulletin
	Since    campaign.Date // 本期新增 counts from the end of this day
	Cycle    figures.Cycle

	Total   Row // of the district, or of the unit asked for
	Rows    []Row
	Ranking Ranking
	// Coverage is 有园单位; nil where the campaign asks for none.
	Coverage *Coverage
	// OfListed is, of the firms that moved in, how many are on the list of the main track (其中整治企业).
	OfListed Count
	Rounding bool // the printed rows do not add up to the printed total
}

// Count is a number of cases with the filter that lists them.
type Count struct {
	Cases  int64
	Land   geo.Area // 0.0001 m²
	Filter chronicle.Filter
}

// Row is one line: a unit, a village, a track or a stage.
type Row struct {
	Code string
	Name campaign.Text

	Listed    Count    // without what was struck out
	Metrics   []Metric // in the campaign's order
	Steps     []Step   // of the funnel
	Stages    []Count  // by slot, from 1: where the cases are now
	Late      Count
	Sides     map[string]Count // by side state in force
	Rebounds  int64            // how often something rebounded; never netted
	Rebounded Count            // cases that ever did
	Added     []Added          // 本期新增, by metric
	InBlocks  InBlocks
	Place     int // in the ranking; 0: not ranked
	Movement  figures.Movement
}

// Metric is a figure against its task.
type Metric struct {
	Metric   campaign.Metric
	Done     int64 // exact unit of the measure
	Gross    int64 // with what rebounded
	Task     int64 // printed steps of the measure
	HasTask  bool
	OfListed bool // the task is what is listed, for want of one of its own
	Baseline campaign.Tenths
	Rate     figures.Rate
	Gap      figures.Points
	Light    campaign.Light
	Planned  campaign.Date // of the next one to be done, where it is judged by its plan
	Filter   chronicle.Filter
}

// Step is a milestone of the funnel with those who have reached it.
type Step struct {
	Milestone campaign.Milestone
	Reached   Count
	Skipped   Count // of these, the ones it does not apply to
	Loss      int64 // to the step before
}

// InBlocks is how much of the recovered land lies in contiguous blocks of the
// campaign's least size (50亩以上连片率), whatever unit the rest of a block is in.
type InBlocks struct {
	Land   geo.Area // 0.0001 m²: the sum of what the blocks' members count
	Of     geo.Area // all recovered land that counts
	Blocks int      // that have a member here
	Rate   figures.Rate
}

// Added is what a metric gained since the end of a day.
type Added struct {
	Metric campaign.MetricCode
	Done   int64 // exact; may be negative
}

// Ranking is the order of the units by a metric's printed rate.
type Ranking struct {
	Metric campaign.MetricCode
	Places figures.Ranking
	Spread figures.Points
}

// Coverage is how many units have what every unit must have.
type Coverage struct {
	Name    campaign.Text
	With    int
	Of      int
	Missing []string // codes of units
}

// Desk makes figures.
type Desk struct {
	book   *chronicle.Book
	blocks *block.Desk
	now    func() time.Time // the running campaign's clock

	answers kept[Figures]
	rows    kept[[]Row] // of bulletins that are held against
	done    kept[sums]  // of the ends of periods
}

// NewDesk makes a desk over a chronicle and its blocks, with the running campaign's clock.
func NewDesk(book *chronicle.Book, blocks *block.Desk, now func() time.Time) *Desk {
	return &Desk{book: book, blocks: blocks, now: now}
}

// View is the view that somebody has of a day, "" being now.
func (d *Desk) View(scope auth.Scope, asOf campaign.Date) (*chronicle.View, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	today := campaign.DateOf(d.now().In(campaign.Shanghai()))
	if asOf == "" {
		return d.book.Now(scope, today), nil
	}
	return d.book.AsOf(scope, asOf, today)
}

// Past are the days that are over, as somebody sees them.
func (d *Desk) Past(scope auth.Scope) (*chronicle.Past, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	return d.book.Past(scope, campaign.DateOf(d.now().In(campaign.Shanghai()))), nil
}

// Wait waits until a revision can be read.
func (d *Desk) Wait(ctx context.Context, revision int64) error { return d.book.Wait(ctx, revision) }

// Figures counts, once a revision, day and question. A unit or metric that the
// campaign does not have is a fault. The answer is shared: it must not be changed.
func (d *Desk) Figures(ctx context.Context, scope auth.Scope, q Query) (Figures, error) {
	v, err := d.View(scope, q.AsOf)
	if err != nil {
		return Figures{}, err
	}
	return d.answers.get(askedOf(v, scope.Class(), q), func() (Figures, error) { return d.figures(context.WithoutCancel(ctx), v, q) })
}

func (d *Desk) figures(ctx context.Context, v *chronicle.View, q Query) (Figures, error) {
	q = q.filled(v)
	if err := q.check(v); err != nil {
		return Figures{}, err
	}
	f := Figures{View: v, By: q.By, Unit: q.Unit, Cycle: q.Cycle, DaysLeft: max(0, v.Day.DaysUntil(v.Definition.End))}
	f.Bulletin, f.Since = q.Issue, q.Since
	before, err := d.before(v, f.Since)
	if err != nil {
		return Figures{}, err
	}
	count := counting{view: v, before: before, query: q, kept: &d.done}
	if count.blocks, err = d.blocks.Blocks(ctx, v); err != nil {
		return Figures{}, err
	}
	f.Total, f.Rows = count.rows()
	f.Ranking, err = d.rank(v, &f, q)
	if err != nil {
		return Figures{}, err
	}
	f.Coverage = CoverageOf(v)
	f.OfListed = ofListed(v, q.Unit)
	f.Rounding = rounding(&f)
	return f, nil
}

// before is the view at the end of an earlier day.
func (d *Desk) before(v *chronicle.View, day campaign.Date) (*chronicle.View, error) {
	return d.book.AsOf(v.Scope(), day, v.Day)
}

func (q Query) filled(v *chronicle.View) Query {
	d := v.Definition
	if q.By == "" {
		q.By = ByUnit
	}
	if q.Cycle == "" {
		q.Cycle = figures.CycleWeek
	}
	if q.Since == "" {
		q.Since = q.Cycle.Closed(v.Day).To
	}
	if q.Issue.Number == 0 {
		q.Issue, _ = d.LastBulletin(false, v.Day)
	}
	if all := metricsOf(d, q.Track); q.Rank == "" && len(all) > 0 {
		q.Rank = all[0].Code
	}
	return q
}

func (q Query) check(v *chronicle.View) error {
	if q.Unit != "" && unitOf(v, q.Unit) == nil {
		return unknownUnit(q.Unit)
	}
	if _, ok := v.Definition.Track(q.Track); !ok && q.Track != "" {
		return fault.New(fault.KindInvalid, "unknown_track", "没有“"+q.Track+"”这个专项", "there is no track "+q.Track)
	}
	if _, ok := v.Definition.Metric(q.Rank); !ok && q.Rank != "" {
		return fault.New(fault.KindInvalid, "unknown_metric", "没有“"+string(q.Rank)+"”这个指标", "there is no metric "+string(q.Rank))
	}
	return nil
}

func unknownUnit(code string) error {
	return fault.New(fault.KindInvalid, "unknown_unit", "没有“"+code+"”这个责任主体", "there is no unit "+code)
}

// metricsOf are the metrics that count cases of a track, all of them for "".
func metricsOf(d campaign.Definition, track string) []campaign.Metric {
	if track == "" {
		return d.Metrics
	}
	return slices.DeleteFunc(slices.Clone(d.Metrics), func(m campaign.Metric) bool { return m.Counts.Track != track })
}

// unitOf finds a unit that carries figures, nil when there is none.
func unitOf(v *chronicle.View, code string) *chronicle.Unit {
	for i, u := range v.Units {
		if u.Code == code && !u.Outside {
			return &v.Units[i]
		}
	}
	return nil
}

// mainTrack is the track whose funnel and stages are shown: the first.
func mainTrack(d campaign.Definition) campaign.Track {
	if len(d.Tracks) == 0 {
		return campaign.Track{}
	}
	t, _ := d.Track(d.Tracks[0].Code)
	return t
}
