package demo_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dossier"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/layer"
	"github.com/guatu/guatu/internal/report"
)

// clock stands at 9 o'clock on the demo's day.
func clock() time.Time { return time.Date(2020, 9, 30, 9, 0, 0, 0, campaign.Shanghai()) }

func (d told) chronicle(t *testing.T) *chronicle.Book {
	t.Helper()
	book, err := chronicle.Open(t.Context(), d.store)
	require.NoError(t, err)
	return book
}

// report: what the screens print, and behind each figure its records.
func (d told) report(t *testing.T) {
	t.Helper()
	desk := report.NewDesk(d.chronicle(t), block.NewDesk(d.store), clock)
	f, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{})
	require.NoError(t, err)
	assert.Equal(t, 92, f.DaysLeft)
	assert.Equal(t, campaign.Date("2020-09-27"), f.Since)
	assert.Equal(t, []string{
		"rectified 297/400 74.3% −0.7 yellow", "rectified_enterprises 151/200 75.5% +0.5 green", "recovered 1464.53/2000 73.2% −1.8 yellow",
		"effective 1085.93/1500 72.4% −2.6 yellow", "upgraded 110/150 73.3% −1.7 yellow", "parks 3/5 60.0% 0.0 green",
		"park_floor 15.27/25 61.1% +1.1 green", "moved_in 149/200 74.5% −0.5 yellow",
	}, lines(&f.Total))
	assert.Equal(t, "filed 479 signed 408 stopped 371 vacated 338 demolished 318 (58) accepted 297 closed 281", steps(&f.Total))
	assert.Equal(t, []int64{7, 38, 33, 37, 33, 20, 21, 16, 281}, stages(&f.Total))
	assert.EqualValues(t, 486, f.Total.Listed.Cases)
	assert.EqualValues(t, 23, f.Total.Late.Cases)
	assert.EqualValues(t, 9, f.Total.Sides["blocked"].Cases)
	assert.EqualValues(t, 3, f.Total.Rebounds)
	assert.Equal(t, &report.Coverage{Name: campaign.Text{ZH: "有园单位", EN: "units with a park"}, With: 5, Of: 6, Missing: []string{"youchegang"}}, f.Coverage)
	assert.Positive(t, f.OfListed.Cases)
	assert.Equal(t, figures.Points{Tenths: 233, Known: true}, f.Ranking.Spread)
	assert.Equal(t, campaign.Bulletin{Number: 36, On: "2020-09-24"}, f.Bulletin)
	var places []string
	for i := range f.Rows {
		r := &f.Rows[i]
		places = append(places, fmt.Sprintf("%s %d%s", r.Code, r.Place, r.Movement))
	}
	assert.ElementsMatch(t, []string{"gaoxin 1↑1", "wangdian 2↓1", "xincheng 3—", "honghe 4↑1", "wangjiangjing 5↓1", "youchegang 6—"}, places)
	d.parks(t, &f)
	for _, by := range []report.By{report.ByUnit, report.ByVillage, report.ByTrack, report.ByStage} {
		for _, asOf := range []campaign.Date{"", "2020-08-31"} {
			f, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{By: by, AsOf: asOf})
			require.NoError(t, err)
			addsUp(t, &f)
		}
	}
	for _, unit := range []string{"honghe", "youchegang"} {
		f, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{By: report.ByVillage, Unit: unit})
		require.NoError(t, err)
		addsUp(t, &f)
		assert.Equal(t, lines(&f.Total), lines(rowOf(t, d.byUnit(t, desk), unit)), "a unit's page says what the district's table says of it")
	}
	d.tracks(t, desk)
	b, err := desk.BurnUp(auth.ScopeOf(auth.System()), campaign.MetricRecovered, "", "")
	require.NoError(t, err)
	assert.Equal(t, "按近四周进度，预计12月18日完成2,000亩（12月9日—12月30日）。", b.Forecast.Sentence(figures.Screen).ZH)
	assert.Equal(t, "1,464.53", figures.Done(b.Series.Values[len(b.Series.Values)-1], campaign.MeasureLand, figures.Screen))
	assert.EqualValues(t, 750, b.Baseline[len(b.Baseline)-1])
	_, err = desk.Figures(t.Context(), auth.Scope{}, report.Query{})
	require.Error(t, err, "the zero scope sees nothing")
	_, err = desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{AsOf: "2020-10-01"})
	require.ErrorContains(t, err, "still to come")
	_, err = desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{Unit: "jiabei"})
	require.ErrorContains(t, err, "no unit jiabei")
	_, err = desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{Track: "railways"})
	require.ErrorContains(t, err, "no track railways")
}

// tracks: the figures of one track have its metrics, its funnel and its cases alone.
func (d told) tracks(t *testing.T, desk *report.Desk) {
	t.Helper()
	byTrack, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{By: report.ByTrack})
	require.NoError(t, err)
	f, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{Track: "upgrade"})
	require.NoError(t, err)
	addsUp(t, &f)
	assert.Equal(t, []string{"upgraded 110/150 73.3% −1.7 yellow"}, lines(&f.Total))
	assert.EqualValues(t, 172, f.Total.Listed.Cases)
	assert.Equal(t, campaign.MetricCode("upgraded"), f.Ranking.Metric)
	assert.Equal(t, steps(rowOf(t, &byTrack, "upgrade")), steps(&f.Total))
	f, err = desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{Track: "rectify"})
	require.NoError(t, err)
	whole, late := d.byUnit(t, desk), int64(0)
	assert.Equal(t, steps(&whole.Total), steps(&f.Total))
	for i := range byTrack.Rows {
		late += byTrack.Rows[i].Late.Cases
	}
	assert.Equal(t, whole.Total.Late.Cases, late)
	assert.Equal(t, rowOf(t, &byTrack, "rectify").Late.Cases, f.Total.Late.Cases)
}

func (d told) byUnit(t *testing.T, desk *report.Desk) *report.Figures {
	t.Helper()
	f, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{})
	require.NoError(t, err)
	return &f
}

func rowOf(t *testing.T, f *report.Figures, code string) *report.Row {
	t.Helper()
	i := slices.IndexFunc(f.Rows, func(r report.Row) bool { return r.Code == code })
	require.GreaterOrEqual(t, i, 0, code)
	return &f.Rows[i]
}

// parks: a unit's parks are judged by their planned days, the district's by the baseline.
func (d told) parks(t *testing.T, f *report.Figures) {
	t.Helper()
	for code, want := range map[string]campaign.Light{"xincheng": campaign.LightGreen, "youchegang": campaign.LightNone} {
		m := metric(t, rowOf(t, f, code), campaign.MetricParks)
		assert.Equal(t, want, m.Light, code)
		assert.False(t, m.Gap.Known, code)
		assert.Empty(t, m.Planned, code)
	}
	for _, code := range []string{"wangjiangjing", "honghe"} {
		assert.GreaterOrEqual(t, metric(t, rowOf(t, f, code), campaign.MetricParks).Planned, campaign.Date("2020-10-01"), code)
	}
}

func metric(t *testing.T, r *report.Row, code campaign.MetricCode) *report.Metric {
	t.Helper()
	i := slices.IndexFunc(r.Metrics, func(m report.Metric) bool { return m.Metric.Code == code })
	require.GreaterOrEqual(t, i, 0)
	return &r.Metrics[i]
}

func lines(r *report.Row) []string {
	var list []string
	for _, m := range r.Metrics {
		list = append(list, fmt.Sprintf("%s %s %s %s %s", m.Metric.Code, printed(m.Metric, m.Done, m.Task), m.Rate, m.Gap, m.Light))
	}
	return list
}

func steps(r *report.Row) string {
	var list []string
	for i := range r.Steps {
		s := &r.Steps[i]
		text := fmt.Sprintf("%s %d", s.Milestone.Code, s.Reached.Cases)
		if s.Skipped.Cases > 0 && s.Milestone.Code == "demolished" {
			text += fmt.Sprintf(" (%d)", s.Skipped.Cases)
		}
		list = append(list, text)
	}
	return strings.Join(list, " ")
}

func stages(r *report.Row) []int64 {
	var list []int64
	for _, s := range r.Stages {
		list = append(list, s.Cases)
	}
	return list
}

// addsUp opens every figure to its records.
func addsUp(t *testing.T, f *report.Figures) {
	t.Helper()
	rows := append([]report.Row{f.Total}, f.Rows...)
	for i := range rows {
		r := &rows[i]
		counts := []report.Count{r.Listed, r.Late, r.Rebounded}
		counts = slices.AppendSeq(append(counts, r.Stages...), maps.Values(r.Sides))
		for k := range r.Steps {
			s := &r.Steps[k]
			counts = append(counts, s.Reached, s.Skipped)
			if k > 0 {
				assert.LessOrEqual(t, s.Reached.Cases, r.Steps[k-1].Reached.Cases, "fewer and fewer along the order")
			}
		}
		for _, n := range counts {
			_, total, err := f.View.Select(n.Filter)
			require.NoError(t, err)
			require.Equal(t, n.Cases, total.Cases, "%s %+v", r.Code, n.Filter)
			require.Equal(t, n.Land, total.Land, "%s %+v", r.Code, n.Filter)
		}
		for _, m := range r.Metrics {
			_, total, err := f.View.Select(m.Filter)
			require.NoError(t, err)
			sum := map[campaign.Quantity]int64{campaign.OfCases: total.Cases, campaign.OfRecovered: int64(total.Recovered), campaign.OfEffective: int64(total.Effective), campaign.OfFloor: int64(total.Floor)}
			require.Equal(t, m.Done, sum[m.Metric.Counts.Of], "%s %+v", r.Code, m.Filter)
		}
	}
}

// anyDay holds lists and figures of 200 random days and filters against a replay of the journal.
func (d told) anyDay(t *testing.T) {
	t.Helper()
	book := d.chronicle(t)
	desk := report.NewDesk(book, block.NewDesk(d.store), clock)
	r := rand.New(rand.NewPCG(20200930, 4))
	for range 200 {
		day := campaign.Date("2020-01-01").AddDays(r.IntN(274))
		f, holds := d.someFilter(r, day)
		view, err := book.AsOf(auth.Everything(), day, today)
		require.NoError(t, err)
		found, _, err := view.Select(f)
		require.NoError(t, err)
		want, cases := map[int64]campaign.Case{}, d.as(t, day)
		for id, c := range cases {
			if holds(c) {
				want[id] = c
			}
		}
		unit := units()[r.IntN(6)]
		table, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{AsOf: day})
		require.NoError(t, err)
		d.sameFigures(t, day, "", cases, &table.Total)
		d.sameFigures(t, day, unit, cases, rowOf(t, &table, unit))
		require.Len(t, found, len(want), "%s %+v", day, f)
		for _, c := range found {
			replayed, ok := want[c.ID]
			require.True(t, ok, "%s %+v: %s", day, f, c.Code)
			d.sameCase(t, replayed, c)
		}
	}
}

func units() []string {
	return []string{"wangjiangjing", "youchegang", "xincheng", "wangdian", "honghe", "gaoxin"}
}

// sameFigures holds a row of the figures against the cases as they were replayed.
func (d told) sameFigures(t *testing.T, day campaign.Date, unit string, cases map[int64]campaign.Case, r *report.Row) {
	t.Helper()
	for _, m := range r.Metrics {
		require.Equal(t, d.done(cases, m.Metric.Code, unit), m.Done, "%s %s %s", day, unit, m.Metric.Code)
	}
	main := d.definition.Tracks[0]
	var listed, late int64
	stages, sides := make([]int64, len(d.definition.Slots)), map[string]int64{}
	for _, c := range cases {
		if unit != "" && c.Unit != unit {
			continue
		}
		standing := d.standing(t, c)
		if d.definition.Late(standing, slices.Sorted(maps.Keys(c.Sides)), day) > 0 {
			late++
		}
		for code := range c.Sides {
			sides[code]++
		}
		if _, struck := c.Sides["struck"]; c.Track == main.Code && !struck {
			listed++
			stages[standing.Stage-1]++
		}
	}
	require.Equal(t, []int64{listed, late}, []int64{r.Listed.Cases, r.Late.Cases}, "%s %s", day, unit)
	for i, n := range stages {
		require.Equal(t, n, r.Stages[i].Cases, "%s %s stage %d", day, unit, i+1)
	}
	counted := map[string]int64{}
	for code, n := range r.Sides {
		counted[code] = n.Cases
	}
	require.Equal(t, sides, counted, "%s %s", day, unit)
}

// someFilter is a random filter, and what it means.
func (d told) someFilter(r *rand.Rand, day campaign.Date) (f chronicle.Filter, holds func(campaign.Case) bool) {
	track := d.definition.Tracks[r.IntN(len(d.definition.Tracks))]
	unit := units()[r.IntN(6)]
	milestone := track.Milestones[r.IntN(len(track.Milestones))].Code
	m := d.definition.Metrics[r.IntN(len(d.definition.Metrics))]
	side := d.definition.Sides[r.IntN(len(d.definition.Sides))].Code
	stage := 1 + r.IntN(9)
	all := []chronicle.Filter{{}, {Unit: unit}, {Track: track.Code, Stages: []int{stage}}, {Track: track.Code, Done: milestone}, {Metric: m.Code}, {Metric: m.Code, Unit: unit}, {Late: true}, {Side: side}}
	f = all[r.IntN(len(all))]
	return f, func(c campaign.Case) bool {
		t, _ := d.definition.Track(c.Track)
		standing := t.Standing(c)
		done := d.counts(m, c)
		_, in := c.Sides[side]
		return (f.Unit == "" || c.Unit == unit) && (f.Track == "" || c.Track == track.Code) && (f.Stages == nil || standing.Stage == stage) &&
			(f.Done == "" || c.Marks[milestone].DoneOn != "") && (f.Metric == "" || done) && (f.Side == "" || in) &&
			(!f.Late || d.definition.Late(standing, slices.Sorted(maps.Keys(c.Sides)), day) > 0)
	}
}

// counts says whether a metric counts a case, be it with 0 mu.
func (d told) counts(m campaign.Metric, c campaign.Case) bool {
	m.Counts.Of = campaign.OfCases
	of := d
	of.definition.Metrics = []campaign.Metric{m}
	return of.done(map[int64]campaign.Case{0: c}, m.Code, "") == 1
}

func (d told) sameCase(t *testing.T, want campaign.Case, c *chronicle.Case) {
	t.Helper()
	standing := d.standing(t, want)
	require.Equal(t, []any{want.Code, want.Unit, want.Village, want.Kind, want.Disposal, want.Enterprise, standing.Stage, standing.Next, standing.Deadline, want.Recovered, want.Effective, want.Floor, want.Rebounds, want.Land()},
		[]any{c.Code, c.Unit, c.Village, c.Kind, c.Disposal, c.Enterprise, c.Stage, c.Next, c.Deadline, c.Recovered, c.Effective, c.Floor, c.Rebounds, c.Land()})
	days, plans := map[string]campaign.Date{}, map[string]campaign.Date{}
	for code, mark := range want.Marks {
		if mark.Passed() {
			days[code] = mark.DoneOn
		}
		if mark.PlanOn != "" {
			plans[code] = mark.PlanOn
		}
	}
	require.Equal(t, days, c.Days())
	require.Equal(t, plans, c.Plans())
	require.ElementsMatch(t, slices.Collect(maps.Keys(want.Sides)), c.SideCodes())
}

// twoDays compares the ends of August and September, and looks for what was reported late.
func (d told) twoDays(t *testing.T) {
	t.Helper()
	book := d.chronicle(t)
	desk := report.NewDesk(book, block.NewDesk(d.store), clock)
	moves, err := desk.Moves(auth.ScopeOf(auth.System()), report.MoveQuery{From: "2020-08-31", To: "2020-09-30"})
	require.NoError(t, err)
	august, september := d.as(t, "2020-08-31"), d.as(t, "2020-09-30")
	for i, m := range d.definition.Metrics {
		assert.Equal(t, d.done(september, m.Code, "")-d.done(august, m.Code, ""), moves.Metrics[i].Done, m.Code)
	}
	late := 0
	for _, m := range moves.Cases {
		for _, p := range m.Milestones {
			assert.Equal(t, p.On, september[m.Case().ID].Marks[p.Milestone].DoneOn)
			if p.Late {
				late++
				assert.NotEqual(t, p.On, august[m.Case().ID].Marks[p.Milestone].DoneOn, "nobody knew it in August")
				t.Logf("补报 %s %s %s", m.Case().Code, p.Milestone, p.On)
			}
		}
	}
	assert.Positive(t, late, "the fact of 20 August that came in on 5 September")
	n := 0
	for _, row := range moves.Stages {
		for _, count := range row {
			n += count
		}
	}
	assert.Equal(t, 486, n)

	v := book.Now(auth.Everything(), today)
	span := campaign.Span{From: "2020-01-01", To: today}
	for _, unit := range []string{"", "honghe"} {
		series := v.Series(campaign.MetricRecovered, unit, span)
		require.Len(t, series, 274)
		for i := 0; i < len(series); i += 9 {
			day := span.From.AddDays(i)
			require.Equal(t, d.done(d.as(t, day), campaign.MetricRecovered, unit), series[i], "%s %s", unit, day)
		}
	}
}

// lateFact: signed on 20 August, entered on 5 September (补报). The end of August
// stays what it was known to be; the comparison and the file of the case say so.
func (d told) lateFact(t *testing.T) {
	t.Helper()
	const happened, entered, before = campaign.Date("2020-08-20"), campaign.Date("2020-09-05"), campaign.Date("2020-08-31")
	book := d.chronicle(t)
	desk := report.NewDesk(book, block.NewDesk(d.store), clock)
	then, err := book.AsOf(auth.Everything(), before, today)
	require.NoError(t, err)
	after, err := book.AsOf(auth.Everything(), entered, today)
	require.NoError(t, err)
	var facts []*chronicle.Case
	for _, c := range after.Cases() {
		on, _ := c.Passed("signed")
		if was := then.Case(c.ID); on == happened && c.Track == "rectify" && was != nil {
			if known, _ := was.Passed("signed"); known == "" {
				facts = append(facts, c)
			}
		}
	}
	require.Len(t, facts, 1)
	c := facts[0]
	replayed := d.as(t, before)
	require.Empty(t, replayed[c.ID].Marks["signed"].DoneOn)

	table, err := desk.Figures(t.Context(), auth.ScopeOf(auth.System()), report.Query{AsOf: before})
	require.NoError(t, err)
	i := slices.IndexFunc(table.Total.Steps, func(s report.Step) bool { return s.Milestone.Code == "signed" })
	signed, _, err := then.Select(table.Total.Steps[i].Reached.Filter)
	require.NoError(t, err)
	require.EqualValues(t, len(signed), table.Total.Steps[i].Reached.Cases)
	require.False(t, slices.ContainsFunc(signed, func(other *chronicle.Case) bool { return other.ID == c.ID }), "31 August does not know it")

	moves, err := desk.Moves(auth.ScopeOf(auth.System()), report.MoveQuery{From: before, To: entered})
	require.NoError(t, err)
	m := slices.IndexFunc(moves.Cases, func(m report.Move) bool { return m.Case().ID == c.ID })
	require.GreaterOrEqual(t, m, 0)
	require.Contains(t, moves.Cases[m].Milestones, report.Passed{Milestone: "signed", On: happened, Late: true})

	file, err := dossier.NewDesk(d.store, time.Now).Case(t.Context(), auth.ScopeOf(auth.System()), c.ID)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(file.Timeline, func(e dossier.Event) bool {
		return e.Late && e.On == happened && e.Text.ZH == "已签约（08-20）"
	}), "补报")
}

// mapOfAnyDay holds the parcels and single cases of random days against a replay.
func (d told) mapOfAnyDay(t *testing.T) {
	t.Helper()
	book := d.chronicle(t)
	model, err := layer.NewModel(t.Context(), d.store, book, block.NewDesk(d.store))
	require.NoError(t, err)
	desk := dossier.NewDesk(d.store, time.Now)
	r := rand.New(rand.NewPCG(20200930, 11))
	for range 200 {
		day := campaign.Date("2020-01-01").AddDays(r.IntN(274))
		view, err := book.AsOf(auth.Everything(), day, today)
		require.NoError(t, err)
		snapshot, err := model.AsOf(t.Context(), view)
		require.NoError(t, err)
		query := layer.Query{}
		if r.IntN(2) == 0 {
			query.Stages = []int{1 + r.IntN(9)}
		}
		selected, err := snapshot.Select(auth.ScopeOf(auth.System()), layer.Parcels, query)
		require.NoError(t, err)
		encoded, err := selected.Encode(t.Context(), layer.Identity)
		require.NoError(t, err)
		var shown struct {
			Features []struct {
				Properties struct {
					ID    int64
					Stage int
					Cases []int64
				}
			}
		}
		text, err := encoded.Bytes(t.Context())
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &shown))
		cases := d.as(t, day)
		on, least := map[int64][]int64{}, map[int64]int{}
		for id, c := range cases {
			for _, s := range c.Shares {
				on[s.Parcel] = append(on[s.Parcel], id)
				if stage := d.standing(t, c).Stage; least[s.Parcel] == 0 || stage < least[s.Parcel] {
					least[s.Parcel] = stage
				}
			}
		}
		var occupied, wanted []int64
		for id, stage := range least {
			if query.Stages == nil || slices.Contains(query.Stages, stage) {
				wanted = append(wanted, id)
			}
		}
		for _, f := range shown.Features {
			if f.Properties.Stage > 0 {
				occupied = append(occupied, f.Properties.ID)
			}
			require.ElementsMatch(t, on[f.Properties.ID], f.Properties.Cases, "%s parcel %d", day, f.Properties.ID)
			require.Equal(t, least[f.Properties.ID], f.Properties.Stage, "%s parcel %d", day, f.Properties.ID)
		}
		require.ElementsMatch(t, wanted, occupied, "%s %v", day, query.Stages)
		for id, c := range cases {
			file, err := desk.CaseAt(t.Context(), auth.ScopeOf(auth.System()), view, id)
			require.NoError(t, err)
			require.Equal(t, c.Marks, file.Case.Case.Marks)
			require.Equal(t, d.standing(t, c), file.Standing)
			require.Empty(t, file.Actions)
			break // one of each day
		}
	}
	view, err := book.AsOf(auth.Everything(), "2019-06-01", today)
	require.NoError(t, err)
	snapshot, err := model.AsOf(t.Context(), view)
	require.NoError(t, err)
	layers, err := snapshot.Layers(t.Context(), auth.ScopeOf(auth.System()))
	require.NoError(t, err)
	require.Len(t, layers, 6, "before the campaign there is nothing on the map, no river either")
	require.Zero(t, layers[0].Features)
}
