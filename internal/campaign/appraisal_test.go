package campaign_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

func TestAMetricEarnsByWhatIsDoneOfTheTask(t *testing.T) {
	t.Parallel()
	item := campaign.AppraisalItem{Counts: campaign.AppraiseMetric, Weight: 2500, Cap: 2500}
	for name, each := range map[string]struct {
		cap    campaign.Score
		task   int64
		of     campaign.Measure
		done   []int64
		earned []campaign.Score
	}{
		"each firm of 60 earns 41.67 hundredths, the sum is rounded once": {2500, 60, campaign.MeasureCount, []int64{1, 1, 1}, []campaign.Score{42, 41, 42}},
		"the whole task earns the weight":                                 {2500, 2, campaign.MeasureCount, []int64{1, 1}, []campaign.Score{1250, 1250}},
		"what goes beyond the task earns nothing":                         {2500, 2, campaign.MeasureCount, []int64{1, 1, 1}, []campaign.Score{1250, 1250, 0}},
		"unless the cap is above the weight":                              {3000, 2, campaign.MeasureCount, []int64{1, 1, 1}, []campaign.Score{1250, 1250, 500}},
		"3 mu of 240 mu":                                                  {2500, 24000, campaign.MeasureLand, []int64{20_000_000}, []campaign.Score{31}},
		"1 of 4 万㎡":                                                       {2500, 400, campaign.MeasureFloor, []int64{100_000_000}, []campaign.Score{625}},
		"without a task nothing is earned":                                {2500, 0, campaign.MeasureCount, []int64{1}, []campaign.Score{0}},
		"nothing done":                                                    {2500, 60, campaign.MeasureCount, []int64{}, []campaign.Score{}},
	} {
		item.Cap = each.cap
		assert.Equal(t, each.earned, item.Earned(each.task, each.of, each.done), name)
	}
}

func TestPointsAreTakenOffForEachFactUpToTheCap(t *testing.T) {
	t.Parallel()
	item := campaign.AppraisalItem{Counts: campaign.AppraiseLate, Off: 200, Cap: 500}
	assert.Equal(t, []campaign.Score{-200, -200, -100, 0}, item.TakenOff([]campaign.Score{200, 200, 200, 200}))
}

func TestOfOneMatterTheHighestLevelAloneCounts(t *testing.T) {
	t.Parallel()
	item := campaign.AppraisalItem{Levels: []campaign.AppraisalLevel{{Code: "city", Off: 1000}, {Code: "province", Off: 2000}}}
	row := func(matter, level string) campaign.Filled {
		return campaign.Filled{Values: map[string]string{"matter": matter, "level": level}}
	}
	assert.Equal(t, []campaign.Score{0, 2000, 1000, 0}, item.Criticised([]campaign.Filled{row("扬尘", "city"), row("扬尘", "province"), row("反弹", "city"), row("反弹", "city")}))
}

func TestWhatIsAnsweredLateWasMissed(t *testing.T) {
	t.Parallel()
	for name, each := range map[string]struct {
		stage         string
		answered      campaign.Date
		today         campaign.Date
		order, answer bool
	}{
		"there is time until the end of the day": {campaign.OrderSigned, "", "2020-08-10", false, false},
		"owed from the next day on":              {campaign.OrderSigned, "", "2020-08-11", true, true},
		"answered on its day":                    {campaign.OrderAnswered, "2020-08-10", "2020-09-01", false, false},
		"answered a day late, and closed":        {campaign.OrderClosed, "2020-08-11", "2020-09-01", true, true},
	} {
		assert.Equal(t, each.order, campaign.OrderMissed(each.stage, "2020-08-10", each.answered, each.today), name)
		assert.Equal(t, each.answer, campaign.AnswerMissed("2020-08-10", each.answered, each.today), name)
	}
	assert.False(t, campaign.OrderMissed(campaign.OrderWithdrawn, "2020-08-10", "2020-08-12", "2020-09-01"), "what was withdrawn is owed by nobody")
}

func TestWhoCarriesNoTaskIsNeitherBetterNorWorse(t *testing.T) {
	t.Parallel()
	whole := campaign.Score(10000)
	assert.Equal(t, campaign.Score(5000), campaign.Appraised{Earned: 5000, Full: 10000}.Score(whole))
	assert.Equal(t, campaign.Score(5000), campaign.Appraised{Earned: 4000, Full: 8000}.Score(whole), "half of what it has to do")
	assert.Equal(t, campaign.Score(4400), campaign.Appraised{Earned: 4000, Full: 8000, Off: -600}.Score(whole), "what is taken off stays what it is")
	assert.Equal(t, campaign.Score(3333), campaign.Appraised{Earned: 1, Full: 3}.Score(whole))
	assert.Zero(t, campaign.Appraised{Off: -600}.Score(whole), "without any task nobody is appraised")
}

// TestFactsMakeThePoints: whatever is done in whatever order, the facts sum to the same points, each for it, none beyond the cap.
func TestFactsMakeThePoints(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(12, 12))
	for range 2000 {
		item := campaign.AppraisalItem{Weight: campaign.Score(1 + r.IntN(5000))}
		item.Cap = item.Weight + campaign.Score(r.IntN(1000))
		of := []campaign.Measure{campaign.MeasureCount, campaign.MeasureLand, campaign.MeasureFloor}[r.IntN(3)]
		task, done := 1+r.Int64N(250_000), make([]int64, r.IntN(40))
		var sum int64
		for i := range done {
			done[i] = r.Int64N(1 << r.IntN(40))
			sum += done[i]
		}
		earned := total(t, item.Earned(task, of, done), 0, item.Cap)
		assert.Equal(t, total(t, item.Earned(task, of, []int64{sum}), 0, item.Cap), earned, "rounded once")
		r.Shuffle(len(done), func(i, j int) { done[i], done[j] = done[j], done[i] })
		assert.Equal(t, earned, total(t, item.Earned(task, of, done), 0, item.Cap), "in any order")

		off := make([]campaign.Score, r.IntN(40))
		var all campaign.Score
		for i := range off {
			off[i] = campaign.Score(r.IntN(300))
			all += off[i]
		}
		assert.Equal(t, -min(all, item.Cap), total(t, item.TakenOff(off), -300, 0))
	}
}

func total(t *testing.T, points []campaign.Score, least, most campaign.Score) (sum campaign.Score) {
	t.Helper()
	for _, p := range points {
		require.GreaterOrEqual(t, p, least)
		require.LessOrEqual(t, p, most)
		sum += p
	}
	return sum
}

func TestScoresAreWrittenWithTwoDecimals(t *testing.T) {
	t.Parallel()
	for s, want := range map[campaign.Score]string{0: "0.00", 5: "0.05", 2500: "25.00", -50: "−0.50", -1234: "−12.34"} {
		assert.Equal(t, want, s.String())
	}
}

func TestAnAppraisalThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	require.NoError(t, d.Check())
	assert.Equal(t, campaign.Score(10000), d.Appraisal.Whole(), "a hundred points")
	good := d.Appraisal.Items
	for name, change := range map[string]func(*campaign.AppraisalItem){
		"a metric that nobody knows":   func(i *campaign.AppraisalItem) { i.Metric = "nothing" },
		"a cap below the weight":       func(i *campaign.AppraisalItem) { i.Cap = 1 },
		"no cap":                       func(i *campaign.AppraisalItem) { i.Cap = 0 },
		"no words":                     func(i *campaign.AppraisalItem) { i.Name.EN = "" },
		"something nobody counts":      func(i *campaign.AppraisalItem) { i.Counts = "charm" },
		"points off that are none":     func(i *campaign.AppraisalItem) { i.Counts, i.Weight = campaign.AppraiseLate, 0 },
		"a sheet that nobody knows":    func(i *campaign.AppraisalItem) { i.Counts, i.Weight, i.Sheet = campaign.AppraiseSheet, 0, "nothing" },
		"a code that is there already": func(i *campaign.AppraisalItem) { i.Code = good[1].Code },
		"a level that is not the sheet's": func(i *campaign.AppraisalItem) {
			*i = good[len(good)-1]
			i.Code, i.Levels = "again", []campaign.AppraisalLevel{{Code: "moon", Off: 1}}
		},
	} {
		items := append([]campaign.AppraisalItem{}, good...)
		change(&items[0])
		d.Appraisal = &campaign.Appraisal{Items: items}
		require.Error(t, d.Check(), name)
	}
}
