package finding_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/finding"
	"github.com/guatu/guatu/internal/ledger"
)

// TestEachRuleOfParcelsFindsWhatItNames: by its name, with who and how much, and no other rule by mistake; gone once it is put right.
func TestEachRuleOfParcelsFindsWhatItNames(t *testing.T) {
	t.Parallel()
	plain := square(120.61, 30.61, 0.0005)
	sliver := append(square(120.61, 30.61, 0.0005), square(120.612, 30.61, 0.00002)...)
	touching := orb.MultiPolygon{{rect(120.61, 30.61, 120.611, 30.611)[0][0], {{120.61, 30.61}, {120.6105, 30.6103}, {120.6103, 30.6105}, {120.61, 30.61}}}}
	for _, c := range []struct {
		rule, mu        string
		beside          orb.MultiPolygon // a parcel that is there
		wrong, putRight orb.MultiPolygon
	}{
		{rule: "parcels_overlap", mu: "0.01", beside: plain, wrong: square(120.61049874, 30.61, 0.0005), putRight: square(120.6105, 30.61, 0.0005)}, // 12 cm of a side of 55 m
		{rule: "parcel_twice", mu: "3.95", beside: plain, wrong: square(120.610005, 30.61, 0.0005), putRight: square(120.62, 30.61, 0.0005)},
		{rule: "outside_unit", mu: "0.80", wrong: square(120.6496, 30.61, 0.0005), putRight: square(120.6495, 30.61, 0.0005)},
		{rule: "outside_district", mu: "3.99", wrong: square(120.75, 30.61, 0.0005), putRight: plain},
		{rule: "sliver", mu: "0.01", wrong: sliver, putRight: plain},
		{rule: "self_touch", mu: "0.00", wrong: touching, putRight: orb.MultiPolygon{touching[0][:1]}},
	} {
		t.Run(c.rule, func(t *testing.T) {
			t.Parallel()
			d := setup(t)
			if c.beside != nil {
				d.parcel(t, "邻", c.beside)
			}
			d.parcel(t, "甲", c.wrong)
			d.only(t, c.rule, ledger.NounParcel, c.mu)
			d.parcel(t, "甲", c.putRight)
			assert.Empty(t, d.rules(t))
		})
	}
}

// only is the one finding there is.
func (d *district) only(t *testing.T, rule, noun, mu string) finding.Finding {
	t.Helper()
	list := d.found(t)
	require.Len(t, list.Findings, 1, "%+v", list.Findings)
	f := list.Findings[0]
	assert.Equal(t, rule, f.Rule)
	assert.Equal(t, noun, f.Noun)
	assert.Equal(t, mu, f.Area.Mu())
	assert.True(t, f.Ground.Bound().Contains(f.Place), "the place lies in the ground")
	return f
}

func TestMoreRecoveredThanTheParcelsIsFound(t *testing.T) {
	t.Parallel()
	d := setup(t)
	id := d.listed(t, d.parcel(t, "甲", square(120.61, 30.61, 0.0005)))
	measured := d.apply(t, planner, ledger.MeasureCase{Case: id, Recovered: 28567000, Reason: "含宅基地"})
	assert.Equal(t, []int64{id}, d.only(t, "over_parcel", ledger.NounCase, "0.30").Cases)
	d.apply(t, planner, ledger.UndoBatch{Batch: measured.BatchID, Reason: "误量"})
	assert.Empty(t, d.rules(t))
}

// TestADifferenceIsFoundUntilSomebodySaysWhy: the polygon has 3.19 mu and 3.98 were accepted; by the parcel of 3.98 nobody had to say why.
func TestADifferenceIsFoundUntilSomebodySaysWhy(t *testing.T) {
	t.Parallel()
	d := setup(t)
	id := d.listed(t, d.parcel(t, "甲", square(120.61, 30.61, 0.0005)))
	d.apply(t, planner, ledger.RecordLand{Case: id, Recovered: rect(120.61, 30.61, 120.6104, 30.6105)}, ledger.MeasureCase{Case: id, Recovered: 26567000})
	d.only(t, "differs", ledger.NounCase, "0.80")
	d.apply(t, planner, ledger.MeasureCase{Case: id, Recovered: 26566000, Reason: "图斑未含道路"})
	assert.Empty(t, d.rules(t))
}

// TestACaseThatIsHandedOverWithItsLandIsFound: responsibility goes over at once, though its land lies in the old unit; that is said
// until the boundary follows or somebody says why.
func TestACaseThatIsHandedOverWithItsLandIsFound(t *testing.T) {
	t.Parallel()
	d := setup(t)
	id := d.listed(t, d.parcel(t, "甲", square(120.61, 30.61, 0.0005)))
	d.apply(t, planner, ledger.RecordLand{Case: id, Recovered: square(120.61, 30.61, 0.0005)})
	require.Empty(t, d.rules(t))
	moved := d.apply(t, planner, ledger.MoveCase{Case: id, Unit: "wangdian", Reason: "代管"})
	d.only(t, "outside_unit", ledger.NounCase, "3.99")
	d.apply(t, planner, ledger.UndoBatch{Batch: moved.BatchID, Reason: "误移"})
	assert.Empty(t, d.rules(t))
}

func TestMoreCountedThanAParcelHasIsFound(t *testing.T) {
	t.Parallel()
	d := setup(t)
	d.listed(t, d.parcel(t, "甲", square(120.61, 30.61, 0.0005)))
	d.tamper(t, `UPDATE case_parcel SET share = share + 6666667`)
	d.nightly(t)
	d.only(t, "shares_over", ledger.NounParcel, "1.00")
	d.tamper(t, `UPDATE case_parcel SET share = share - 6666667`)
	d.nightly(t)
	assert.Empty(t, d.rules(t))
}

// nightly makes the check of the next day.
func (d *district) nightly(t *testing.T) {
	t.Helper()
	d.now = d.now.AddDate(0, 0, 1)
	made, err := d.desk.Nightly(t.Context())
	require.NoError(t, err)
	require.True(t, made)
}

// TestLandThatCameInPastTheTriggersIsFoundAtNight: as a superuser can do it, or a restored dump.
func TestLandThatCameInPastTheTriggersIsFoundAtNight(t *testing.T) {
	t.Parallel()
	d := setup(t)
	a, b, c := d.listed(t), d.listed(t), d.listed(t)
	d.apply(t, planner, ledger.RecordLand{Case: a, Recovered: square(120.61, 30.61, 0.0005)})
	d.apply(t, planner, ledger.RecordLand{Case: b, Recovered: square(120.62, 30.61, 0.0005)})
	d.apply(t, planner, ledger.RecordLand{Case: c, Recovered: square(120.63, 30.61, 0.0005), Effective: square(120.63, 30.61, 0.0004), Reason: "核定"})
	assert.Empty(t, d.rules(t))
	d.tamper(t, `INSERT INTO campaign (id, version, code, definition) SELECT 900000, 1, 'xz-2019', definition FROM campaign`,
		fmt.Sprintf(`UPDATE case_file SET campaign_id = 900000 WHERE id = %d`, c),
		fmt.Sprintf(`UPDATE land SET recovered = r.recovered, effective = e.effective FROM land r, land e WHERE r.case_id = %d AND e.case_id = %d AND land.case_id = %d`, a, c, b),
		fmt.Sprintf(`UPDATE land SET recovered = (SELECT recovered FROM land WHERE case_id = %d) WHERE case_id = %d`, a, c))
	assert.Empty(t, d.rules(t), "nothing says that it came")
	d.nightly(t)
	rules := d.rules(t)
	assert.Equal(t, map[string]int{"land_overlaps": 1, "land_earlier": 2, "effective_outside": 2}, rules)
	strayed := d.db.Numbers(t, "postgres", `SELECT ARRAY[strayed] FROM guatu.finding_run`)
	assert.Equal(t, []int64{5}, strayed, "the check says that the state was changed past the program")
	assert.Equal(t, campaign.Date("2020-10-01"), d.found(t).Night)
	for _, f := range d.found(t).Findings {
		if f.Rule == "land_overlaps" {
			assert.Equal(t, []int64{a, b}, f.Cases)
			assert.Equal(t, "3.99", f.Area.Mu())
		}
	}
}

// TestTheNightIsMadeOnce: however many servers look at the hour.
func TestTheNightIsMadeOnce(t *testing.T) {
	t.Parallel()
	d := setup(t)
	quiet := slog.New(slog.DiscardHandler)
	desks := make([]*finding.Desk, 6)
	for i := range desks {
		desks[i] = finding.NewDesk(d.open(t), d.clock, quiet)
	}
	night := func() (made int) {
		results := make([]bool, len(desks))
		var all sync.WaitGroup
		for i, desk := range desks {
			all.Go(func() {
				var err error
				results[i], err = desk.Nightly(t.Context())
				assert.NoError(t, err)
			})
		}
		all.Wait()
		for _, did := range results {
			if did {
				made++
			}
		}
		return made
	}
	d.now = d.now.Add(-8 * 3600e9) // one in the morning
	assert.Zero(t, night(), "it is not night yet")
	d.now = d.now.Add(3600e9)
	assert.Equal(t, 1, night())
	assert.Zero(t, night(), "made")
	d.now = d.now.AddDate(0, 0, 1)
	assert.Equal(t, 1, night())
	d.tamper(t, `UPDATE finding_run SET ended = NULL`)
	assert.Zero(t, night(), "somebody is at it")
	d.now = d.now.Add(7 * 3600e9)
	assert.Equal(t, 1, night(), "who began has not ended for six hours")
}

// TestAFindingIsLetBeForAReason: it no longer counts, says why, comes back when it grows, and the waiver is taken back like any change.
func TestAFindingIsLetBeForAReason(t *testing.T) {
	t.Parallel()
	d := setup(t)
	one := d.parcel(t, "甲", square(120.61, 30.61, 0.0005))
	id := d.listed(t, one)
	other := d.parcel(t, "乙", square(120.610475, 30.61, 0.0005))
	open := func() bool { return d.found(t).Cases()[campaign.FindingOverlap][id] }
	require.True(t, open())
	waive := ledger.WaiveFinding{Rule: "parcels_overlap", One: one, Other: other, Reason: "界址误差，不影响计入面积"}
	refused := func(code string, c ledger.Change) {
		_, err := d.Apply(t.Context(), planner, operation(c))
		require.True(t, fault.Is(err, code), "wanted %s: %v", code, err)
	}
	refused("reason_missing", ledger.WaiveFinding{Rule: "parcels_overlap", One: one, Other: other})
	refused("not_waivable", ledger.WaiveFinding{Rule: "land_overlaps", One: one, Other: other, Reason: "误差"})
	refused("unknown_rule", ledger.WaiveFinding{Rule: "beauty", One: one, Reason: "误差"})
	refused("no_finding", ledger.WaiveFinding{Rule: "sliver", One: one, Reason: "误差"})

	waived := d.apply(t, planner, waive)
	assert.False(t, open())
	f := d.found(t).Findings[0]
	require.NotNil(t, f.Waiver)
	assert.Equal(t, "界址误差，不影响计入面积", f.Waiver.Reason)
	assert.Equal(t, waived.BatchID, f.Waiver.Batch)
	d.verify(t)

	d.parcel(t, "乙", square(120.61045, 30.61, 0.0005))
	assert.True(t, open(), "it has grown")
	again := d.apply(t, planner, waive)
	assert.False(t, open())
	d.apply(t, planner, ledger.UndoBatch{Batch: again.BatchID, Reason: "误操作"})
	assert.True(t, open(), "the first waiver was of less")
	d.parcel(t, "乙", square(120.610475, 30.61, 0.0005))
	assert.False(t, open(), "and holds again")
	undone := d.apply(t, planner, ledger.UndoBatch{Batch: d.found(t).Findings[0].Waiver.Batch, Reason: "误操作"})
	assert.True(t, open())
	d.verify(t)
	d.apply(t, planner, ledger.UndoBatch{Batch: undone.BatchID, Reason: "核对后恢复"})
	assert.False(t, open())
	d.verify(t)
}

func (d *district) verify(t *testing.T) {
	t.Helper()
	report, err := d.store.Verify(t.Context())
	require.NoError(t, err)
	require.Empty(t, report.Findings)
}

// TestWhatIsKeptIsWhatWouldBeFoundAnew: whatever is changed and taken back, the findings brought up to date step by step are those
// of looking everything through.
func TestWhatIsKeptIsWhatWouldBeFoundAnew(t *testing.T) {
	t.Parallel()
	d := setup(t)
	r := rand.New(rand.NewPCG(2026, 28))
	anywhere := func() orb.MultiPolygon {
		west, south := 120.645+0.007*r.Float64(), 30.6+0.004*r.Float64()
		return rect(west, south, west+0.0002+0.001*r.Float64(), south+0.0002+0.001*r.Float64())
	}
	var cases []int64
	var batches []uuid.UUID
	did, found := 0, 0
	for step := range 150 {
		var c ledger.Change
		switch n := r.IntN(10); {
		case n < 3 || len(cases) < 3:
			parcel := d.parcel(t, fmt.Sprintf("P%d", r.IntN(25)), anywhere())
			c = ledger.ListCase{Parcels: []int64{parcel}, Unit: "honghe", Label: "作坊", On: "2020-03-01"}
		case n < 5:
			c = ledger.MeasureCase{Case: cases[r.IntN(len(cases))], Recovered: 10000000, Reason: []string{"", "实测"}[r.IntN(2)]}
		case n < 8:
			c = ledger.RecordLand{Case: cases[r.IntN(len(cases))], Recovered: anywhere()}
		default:
			c = ledger.UndoBatch{Batch: batches[r.IntN(len(batches))], Reason: "误操作"}
		}
		out, err := d.Apply(t.Context(), auth.System(), operation(c))
		if _, refused := fault.As(err); !refused {
			require.NoError(t, err)
			did++
			batches = append(batches, out.BatchID)
			if _, lists := c.(ledger.ListCase); lists {
				cases = append(cases, out.Entries[0].NounID)
			}
		}
		if step%5 != 0 {
			continue
		}
		found = max(found, len(d.found(t).Findings))
		anew, err := d.store.MakeAnew(t.Context(), d.now)
		require.NoError(t, err)
		require.Zero(t, anew.Strayed, "step %d", step)
	}
	assert.Greater(t, did, 50)
	assert.Greater(t, found, 20)
}
