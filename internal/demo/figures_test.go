package demo_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/demo"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

const (
	today     = campaign.Date("2020-09-30")
	yesterday = campaign.Date("2020-09-29")
)

// told is the demo's journal, and the campaign it is told in.
type told struct {
	store      *postgres.Store
	definition campaign.Definition
	entries    []ledger.Recorded // about cases
	lands      []ledger.Recorded // about recovered land
	known      map[int64][]dated // cases, each oldest first
	db         *dbtest.DB
}

// load tells the demo to a database of its own.
func load(t *testing.T) told {
	t.Helper()
	db := server.Open(t)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	began := time.Now()
	loadWithACut(t, demo.Doors{Store: store, Campaign: store.Running, Late: store, RealNow: began, Log: slog.New(slog.DiscardHandler)})
	took := time.Since(began)
	running, err := store.Running(t.Context())
	require.NoError(t, err)
	d := told{store: store, definition: running.Definition, db: db}
	d.read(t)
	revision, _, err := store.Revision(t.Context())
	require.NoError(t, err)
	t.Logf("the demo of %d entries loads in %.1f s", revision, took.Seconds())
	return d
}

var errRead = errors.New("only read")

func (d *told) read(t *testing.T) {
	t.Helper()
	var ids, lands []int64
	book := d.chronicle(t)
	for _, c := range book.Now(auth.Everything(), today).Cases() {
		ids = append(ids, c.ID)
	}
	for _, day := range []campaign.Date{"2020-08-27", today} { // the land of one case goes in between
		view, err := book.AsOf(auth.Everything(), day, today)
		require.NoError(t, err)
		for _, l := range view.Lands() {
			lands = append(lands, l.ID)
		}
	}
	err := d.store.InTx(t.Context(), auth.Everything(), func(tx ledger.Tx) error {
		return errors.Join(errRead, d.readIn(t.Context(), tx, ids, lands))
	})
	require.ErrorIs(t, err, errRead)
	require.NotEmpty(t, d.entries)
	d.replay(t)
}

func (d *told) readIn(ctx context.Context, tx ledger.Tx, ids, lands []int64) error {
	if _, err := tx.Claim(ctx, ledger.Claim{OpID: uuid.New(), Actor: "test", Device: "test", BatchID: uuid.New(), BodyHash: make([]byte, 32)}); err != nil {
		return err
	}
	entries, err := tx.Entries(ctx, ledger.Query{Noun: ledger.NounCase, NounIDs: ids})
	if err != nil {
		return err
	}
	d.entries = entries
	d.lands, err = tx.Entries(ctx, ledger.Query{Noun: ledger.NounLand, NounIDs: lands})
	return err
}

// dated is a case as it was known at the end of a day.
type dated struct {
	on campaign.Date
	c  campaign.Case
}

// replay folds the journal once: each case as it was known at the end of each day that touched it.
func (d *told) replay(t *testing.T) {
	t.Helper()
	d.known = map[int64][]dated{}
	fields := map[int64]ledger.Fields{}
	for _, e := range d.entries {
		now := fields[e.NounID]
		if now == nil {
			now = ledger.Fields{}
			fields[e.NounID] = now
		}
		for k := range e.Body.Before {
			delete(now, k)
		}
		maps.Copy(now, e.Body.After)
		c, err := ledger.CaseOf(e.NounID, 0, now)
		require.NoError(t, err)
		day, days := campaign.DateOf(e.RecordedAt.In(campaign.Shanghai())), d.known[e.NounID]
		if n := len(days); n > 0 && days[n-1].on == day {
			days[n-1].c = c
			continue
		}
		d.known[e.NounID] = append(days, dated{day, c})
	}
}

// as is the cases as they were known at the end of a day, by replaying the journal.
func (d told) as(t *testing.T, of campaign.Date) map[int64]campaign.Case {
	t.Helper()
	cases := make(map[int64]campaign.Case, len(d.known))
	for id, days := range d.known {
		for _, known := range slices.Backward(days) {
			if known.on <= of {
				cases[id] = known.c
				break
			}
		}
	}
	return cases
}

func (d told) standing(t *testing.T, c campaign.Case) campaign.Standing {
	t.Helper()
	track, ok := d.definition.Track(c.Track)
	require.True(t, ok)
	return track.Standing(c)
}

// done adds up a metric over a unit, "" for all, as Counting says.
func (d told) done(cases map[int64]campaign.Case, code campaign.MetricCode, unit string) int64 {
	m, _ := d.definition.Metric(code)
	var sum int64
	for _, c := range cases {
		_, rebounded := c.Sides["rebounded"]
		_, struck := c.Sides["struck"]
		switch {
		case c.Track != m.Counts.Track || unit != "" && c.Unit != unit || rebounded || struck:
		case c.Marks[m.Counts.Milestone].DoneOn == "" || len(m.Counts.Kinds) > 0 && !slices.Contains(m.Counts.Kinds, c.Kind):
		case m.Counts.Of == campaign.OfCases:
			sum++
		case m.Counts.Of == campaign.OfRecovered:
			sum += int64(c.Recovered)
		case m.Counts.Of == campaign.OfEffective:
			sum += int64(c.Effective)
		case m.Counts.Of == campaign.OfFloor:
			sum += int64(c.Floor)
		}
	}
	return sum
}

// TestTheDemo: the example figures to the digit, by replaying the journal.
func TestTheDemo(t *testing.T) {
	t.Parallel()
	d := load(t)
	cases := d.as(t, today)
	d.bulletin(t) // before the others look: it adds to the journal
	t.Run("progress table", func(t *testing.T) { t.Parallel(); d.progressTable(t, cases) })
	t.Run("stages", func(t *testing.T) { t.Parallel(); d.stages(t, cases) })
	t.Run("late, blocked, rebounded", func(t *testing.T) { t.Parallel(); d.troubles(t, cases) })
	t.Run("ranking", func(t *testing.T) { t.Parallel(); d.ranking(t, cases) })
	t.Run("strip", func(t *testing.T) { t.Parallel(); d.strip(t) })
	t.Run("search", func(t *testing.T) { t.Parallel(); d.search(t) })
	t.Run("history", func(t *testing.T) { t.Parallel(); d.history(t) })
	t.Run("stories", func(t *testing.T) { t.Parallel(); d.stories(t, cases) })
	t.Run("ground", func(t *testing.T) { t.Parallel(); d.ground(t) })
	t.Run("water and roads", func(t *testing.T) { t.Parallel(); d.waters(t) })
	t.Run("land", func(t *testing.T) { t.Parallel(); d.land(t, cases) })
	t.Run("land of any day", func(t *testing.T) { t.Parallel(); d.landOfAnyDay(t) })
	t.Run("firms", func(t *testing.T) { t.Parallel(); d.firms(t, cases) })
	t.Run("report", func(t *testing.T) { t.Parallel(); d.report(t) })
	t.Run("appraisal", func(t *testing.T) { t.Parallel(); d.appraisal(t) })
	t.Run("any day", func(t *testing.T) { t.Parallel(); d.anyDay(t) })
	t.Run("map of any day", func(t *testing.T) { t.Parallel(); d.mapOfAnyDay(t) })
	t.Run("late fact", func(t *testing.T) { t.Parallel(); d.lateFact(t) })
	t.Run("two days", func(t *testing.T) { t.Parallel(); d.twoDays(t) })
	t.Run("verify", func(t *testing.T) {
		t.Parallel()
		report, err := d.store.Verify(t.Context())
		require.NoError(t, err)
		assert.Empty(t, report.Findings)
	})
}

func (d told) progressTable(t *testing.T, cases map[int64]campaign.Case) {
	t.Helper()
	codes := []campaign.MetricCode{
		campaign.MetricRectified, campaign.MetricRectifiedEnterprises, campaign.MetricRecovered, campaign.MetricEffective,
		campaign.MetricUpgraded, campaign.MetricParks, campaign.MetricParkFloor, campaign.MetricMovedIn,
	}
	for unit, want := range map[string]string{
		"wangjiangjing": "71/100 33/45 361.27/520 262.41/390 24/35 0/1 0.00/6 31/50",
		"youchegang":    "30/50 16/25 127.46/220 92.30/165 9/15 0/0 0.00/0 0/0",
		"xincheng":      "66/85 31/40 322.18/420 241.75/315 23/30 1/1 5.12/5 33/40",
		"wangdian":      "62/75 34/40 311.05/380 236.88/285 24/30 1/1 6.05/6 38/45",
		"honghe":        "43/60 20/30 158.93/240 113.52/180 13/20 0/1 0.00/4 20/35",
		"gaoxin":        "25/30 17/20 183.64/220 139.07/165 17/20 1/1 4.10/4 27/30",
		"":              "297/400 151/200 1464.53/2000 1085.93/1500 110/150 3/5 15.27/25 149/200",
	} {
		var got []string
		for _, code := range codes {
			m, _ := d.definition.Metric(code)
			target, ok := d.definition.Target(unit, code, campaign.PeriodYear)
			require.True(t, ok, "%s %s", unit, code)
			got = append(got, printed(m, d.done(cases, code, unit), target.Task))
		}
		assert.Equal(t, want, strings.Join(got, " "), unit)
	}
	assert.Empty(t, d.definition.TaskFindings(), "the units' tasks add up")
}

func printed(m campaign.Metric, done, task int64) string {
	switch m.Measure {
	case campaign.MeasureLand:
		return fmt.Sprintf("%s/%d", geo.Area(done).Mu(), task/100)
	case campaign.MeasureFloor:
		return fmt.Sprintf("%.2f/%d", float64(done)/1e8, task/100)
	case campaign.MeasureCount:
	}
	return fmt.Sprintf("%d/%d", done, task)
}

func (d told) stages(t *testing.T, cases map[int64]campaign.Case) {
	t.Helper()
	at, tracks := make([]int, 10), map[string]int{}
	land := make([]geo.Area, 10)
	kept := 0
	for _, c := range cases {
		tracks[c.Track]++
		if c.Track != "rectify" {
			continue
		}
		stage := d.standing(t, c).Stage
		at[stage]++
		land[stage] += c.Land()
		if c.Marks["demolished"].NotApplicable {
			kept++
			assert.GreaterOrEqual(t, stage, 7, c.Code)
		}
		if stage >= 8 {
			assert.NotEmpty(t, c.Disposal, c.Code)
		}
	}
	assert.Equal(t, []int{0, 7, 38, 33, 37, 33, 20, 21, 16, 281}, at)
	assert.Equal(t, []int{479, 408, 371, 338, 318, 297, 281}, funnel(at))
	assert.Equal(t, 58, kept)
	assert.Equal(t, map[string]int{"rectify": 486, "upgrade": 172, "outdated": 42, "parks": 8, "move_in": 173}, tracks)
	assert.Equal(t, int64(96), wholeMu(land[6]))
	assert.Equal(t, int64(1386), wholeMu(land[9]))
	assert.Equal(t, int64(1465), wholeMu(land[8]+land[9]))
	var all geo.Area
	for stage, a := range land {
		t.Logf("stage %d: %d cases, %s mu", stage, at[stage], a.Mu())
		all += a
	}
	assert.InDelta(t, 2400, float64(all.Hundredths())/100, 10)
}

// funnel leaves out the valued: its rows are filed, signed, stopped, vacated, demolished, accepted, closed.
func funnel(at []int) []int {
	reached := figures.Reached(at)
	return append([]int{reached[2]}, reached[4:]...)
}

func wholeMu(a geo.Area) int64 { return (a.Hundredths() + 50) / 100 }

func (d told) troubles(t *testing.T, cases map[int64]campaign.Case) {
	t.Helper()
	late, blocked, rebounds, open := 0, 0, 0, 0
	longest, longestLate := campaign.Case{}, 0
	for _, c := range cases {
		sides := slices.Sorted(maps.Keys(c.Sides))
		days := d.definition.Late(d.standing(t, c), sides, today)
		if days > 0 {
			late++
		}
		if days > longestLate {
			longest, longestLate = c, days
		}
		if slices.Contains(sides, "blocked") {
			blocked++
		}
		if slices.Contains(sides, "rebounded") {
			open++
			assert.Equal(t, "honghe", c.Unit)
		}
		rebounds += c.Rebounds
	}
	assert.Equal(t, 23, late)
	assert.Equal(t, 9, blocked)
	assert.Equal(t, 3, rebounds)
	assert.Equal(t, 1, open)
	assert.Equal(t, 41, longestLate)
	assert.Equal(t, "宏*织造厂", longest.Label)
	assert.Equal(t, "youchegang", longest.Unit)
	village, _ := d.definition.Village(longest.Village)
	assert.Equal(t, "合心村委会", village.Name.ZH)
	assert.Equal(t, "vacated", d.standing(t, longest).Next)
	assert.Equal(t, "补偿未谈拢", longest.Sides["blocked"].Reason)
}

func (d told) rank(cases map[int64]campaign.Case) figures.Ranking {
	var all []figures.Contender
	for i, unit := range []string{"wangjiangjing", "youchegang", "xincheng", "wangdian", "honghe", "gaoxin"} {
		target, _ := d.definition.Target(unit, campaign.MetricRectified, campaign.PeriodYear)
		all = append(all, figures.Contender{Unit: unit, Order: i + 1, Rate: figures.Percent(d.done(cases, campaign.MetricRectified, unit), target.Task, campaign.MeasureCount)})
	}
	return figures.Rank(all)
}

func (d told) ranking(t *testing.T, cases map[int64]campaign.Case) {
	t.Helper()
	last, ok := d.definition.LastBulletin(false, today)
	require.True(t, ok)
	assert.Equal(t, campaign.Bulletin{Number: 36, On: "2020-09-24"}, last)
	now, before := d.rank(cases), d.rank(d.as(t, last.On))
	var got, was []string
	for _, p := range now {
		gap := p.Rate.Gap(750)
		got = append(got, fmt.Sprintf("%d %s %s %s %s", p.Place, p.Unit, p.Rate, now.Movement(p.Unit, before), gap.Light(d.definition.LightRule())))
	}
	assert.Equal(t, []string{
		"1 gaoxin 83.3% ↑1 green", "2 wangdian 82.7% ↓1 green", "3 xincheng 77.6% — green",
		"4 honghe 71.7% ↑1 yellow", "5 wangjiangjing 71.0% ↓1 yellow", "6 youchegang 60.0% — red",
	}, got)
	for _, p := range before {
		was = append(was, p.Unit)
	}
	assert.Equal(t, []string{"wangdian", "gaoxin", "xincheng", "wangjiangjing", "honghe", "youchegang"}, was)
}

func (d told) history(t *testing.T) {
	t.Helper()
	june := d.as(t, "2020-06-30")
	assert.Equal(t, int64(297-129), d.done(june, campaign.MetricRectified, ""))
	closed := 0
	for _, c := range june {
		if c.Track == "rectify" && c.Marks["closed"].DoneOn != "" {
			closed++
		}
	}
	assert.Equal(t, 151, closed)

	series := figures.Series{From: "2020-08-25"}
	for day := series.From; day <= yesterday; day = day.AddDays(1) {
		series.Values = append(series.Values, d.done(d.as(t, day), campaign.MetricRecovered, ""))
	}
	metric, _ := d.definition.Metric(campaign.MetricRecovered)
	target, _ := d.definition.Target("", campaign.MetricRecovered, campaign.PeriodYear)
	goal := figures.Goal{Metric: metric, Period: campaign.PeriodYear, Task: target.Task, End: d.definition.End}
	assert.Equal(t, "按近四周进度，预计12月18日完成2,000亩（12月9日—12月30日）。", figures.Predict(series, goal).Sentence(figures.Screen).ZH)

	days, late := map[campaign.Date]bool{}, 0
	for _, e := range d.entries {
		recorded := campaign.DateOf(e.RecordedAt.In(campaign.Shanghai()))
		days[recorded] = true
		if recorded == "2020-09-05" && campaign.DateOf(e.HappenedAt.In(campaign.Shanghai())) == "2020-08-20" {
			late++
		}
	}
	assert.Equal(t, 1, late, "one fact came in late")
	assert.Greater(t, len(days), 150)
	assert.Equal(t, today, slices.Max(slices.Collect(maps.Keys(days))))
}

func (d told) stories(t *testing.T, cases map[int64]campaign.Case) {
	t.Helper()
	byParcel, sides, batches := map[int64][]campaign.Case{}, map[string]int{}, map[string]int{}
	operators := map[int64]bool{}
	for _, c := range cases {
		batches[c.Batch]++
		for side := range c.Sides {
			sides[side]++
		}
		if c.Track == "rectify" && d.standing(t, c).Stage >= 8 {
			operators[c.Enterprise] = true
		}
		for _, s := range c.Shares {
			if c.Track == "rectify" {
				byParcel[s.Parcel] = append(byParcel[s.Parcel], c)
			}
		}
	}
	moved := 0
	for _, c := range cases {
		if c.Track == "move_in" && c.Marks["moved_in"].DoneOn != "" && operators[c.Enterprise] {
			moved++
		}
	}
	assert.Positive(t, moved, "some firms that moved in were rectified")
	for _, side := range []string{"held", "disputed", "enforced", "returned", "rebounded", "blocked"} {
		assert.Positive(t, sides[side], side)
	}
	assert.Len(t, batches, 3)
	shared := 0
	for _, on := range byParcel {
		if len(on) < 2 {
			continue
		}
		shared++
		require.Len(t, on, 6)
		with := slices.DeleteFunc(slices.Clone(on), func(c campaign.Case) bool { return c.Land() == 0 })
		require.Len(t, with, 1)
		assert.Equal(t, "XZ-2020-0231", with[0].Code)
		assert.Equal(t, "wangdian", with[0].Unit)
	}
	assert.Equal(t, 1, shared)
}

// ground has PostGIS look at the plots: all lie in their unit, and two of them
// overlap, by 0.36 mu as printed.
func (d told) ground(t *testing.T) {
	t.Helper()
	d.db.Exec(t, "postgres", `SET search_path = guatu, public`, `DO $$
DECLARE n integer; pairs text;
BEGIN
	SELECT count(*) INTO n FROM parcel p JOIN shape s ON s.hash = p.shape JOIN unit u ON u.id = p.unit_id JOIN shape b ON b.hash = u.shape
	WHERE NOT ST_CoveredBy(s.geom, b.geom);
	ASSERT n = 0, n || ' parcels leave their unit';
	SELECT string_agg(format('%s %s %s', p.code, q.code, round((ST_Area(ST_Intersection(a.geom, b.geom)::geography) * 3 / 2000)::numeric, 2)), '; ') INTO pairs
	FROM parcel p JOIN shape a ON a.hash = p.shape
	JOIN parcel q ON q.id > p.id JOIN shape b ON b.hash = q.shape AND ST_Intersects(a.geom, b.geom)
	WHERE ST_Area(ST_Intersection(a.geom, b.geom)::geography) > 0.05;
	ASSERT pairs ~ '^XZ-WD-\d+ XZ-WD-\d+ 0\.36$', pairs;
END $$`)
}

// firms carry codes that check and that no office gives out.
func (d told) firms(t *testing.T, cases map[int64]campaign.Case) {
	t.Helper()
	labels, villages := map[string]bool{}, 0
	for _, c := range cases {
		if c.Track == "rectify" {
			assert.False(t, labels[c.Label], c.Label)
			labels[c.Label] = c.Kind == "workshop"
		}
		if v, ok := d.definition.Village(c.Village); ok {
			assert.Equal(t, c.Unit, v.Unit, c.Code)
			villages++
		}
	}
	assert.Len(t, cases, villages)
	d.db.Exec(t, "postgres", `SET search_path = guatu, public`, `DO $$
BEGIN
	ASSERT (SELECT count(*) FROM enterprise WHERE code IS NOT NULL) > 400;
	ASSERT (SELECT bool_and(code ~ '^91330411XUAN') FROM enterprise WHERE code IS NOT NULL);
	ASSERT (SELECT bool_and(code IS NULL) FROM enterprise WHERE kind = 'workshop');
END $$`)
}
