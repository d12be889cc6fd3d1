package campaign_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

const today = campaign.Date("2020-09-30")

func track(t *testing.T) campaign.Track {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	tr, _ := d.Track("rectify")
	return tr
}

// done is a case with these milestones done, each on the same day, and its land accepted.
func done(t *testing.T, tr campaign.Track, codes ...string) campaign.Case {
	t.Helper()
	c := campaign.Case{Recovered: geo.FromHundredths(5_00)}
	for _, code := range codes {
		next, err := tr.MarkDone(c, code, campaign.Done{On: "2020-03-01", Actor: marker(code), Checks: boxes(tr, code)}, today)
		require.NoError(t, err)
		c = next
	}
	return c
}

// marker is somebody who may mark this milestone: checks are others' than the officer's.
func marker(code string) string {
	switch code {
	case "town_checked":
		return "wang"
	case "accepted", "closed":
		return "yu"
	}
	return "shen"
}

// boxes are all the boxes of a milestone.
func boxes(tr campaign.Track, code string) []string {
	var codes []string
	for _, c := range tr.Milestones[tr.Index(code)].Checks {
		codes = append(codes, c.Code)
	}
	return codes
}

func TestTheWordingOf2020(t *testing.T) {
	t.Parallel()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	require.Len(t, d.Slots, 9)
	var states []string
	for _, s := range d.Slots {
		states = append(states, s.Name.ZH)
	}
	assert.Equal(t, []string{"已排查", "已建档", "已评估", "已签约", "已停产", "已腾空", "已拆除", "已验收", "已销号"}, states)
	var buttons []string
	for _, m := range d.Tracks[0].Milestones {
		buttons = append(buttons, m.Button.ZH)
	}
	assert.Equal(t, []string{"列入清单", "完成建档", "确定方案", "标记已告知", "完成评估", "标记已签约", "标记已停产", "标记已腾空", "标记已拆除", "初验通过", "验收通过", "办理销号"}, buttons)
}

func TestRefusalsSayWhatIsMissing(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c := done(t, tr, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped")
	for name, v := range map[string]struct {
		milestone string
		on        campaign.Date
		code, zh  string
	}{
		"not vacated":     {"demolished", today, "prerequisite_missing", "还不能标记已拆除：尚未腾空"},
		"not yet":         {"vacated", "2020-10-01", "later_than_today", "完成日期不能晚于今天"},
		"before the step": {"vacated", "2020-02-01", "before_the_step_before", "腾空日期（02-01）早于停产日期（03-01）"},
		"twice":           {"stopped", today, "already_done", "该事项已停产（03-01），不能重复标记"},
		"unknown":         {"painted", today, "unknown_milestone", "没有“painted”这个节点"},
	} {
		_, err := tr.MarkDone(c, v.milestone, campaign.Done{On: v.on, Actor: "shen"}, today)
		f, ok := fault.As(err)
		require.True(t, ok, name)
		assert.Equal(t, v.code, f.Code, name)
		assert.Equal(t, v.zh, f.ZH, name)
	}
}

func TestNotApplicableLetsTheNextFollowWithoutRaisingTheStage(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c := done(t, tr, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped", "vacated")
	c, err := tr.MarkNotApplicable(c, "demolished", "厂房收储", "shen")
	require.NoError(t, err)
	assert.Equal(t, campaign.Standing{Stage: 6, Next: "town_checked"}, tr.Standing(c))
	c, err = tr.MarkDone(c, "town_checked", campaign.Done{On: today, Actor: "wang", Checks: boxes(tr, "town_checked")}, today)
	require.NoError(t, err)
	assert.Equal(t, 7, tr.Standing(c).Stage)
}

func TestTheFirstPlanIsFrozen(t *testing.T) {
	t.Parallel()
	tr := track(t)
	c, err := tr.Plan(campaign.Case{}, "filed", "2020-03-10")
	require.NoError(t, err)
	c, err = tr.Plan(c, "filed", "2020-04-10")
	require.NoError(t, err)
	assert.Equal(t, campaign.Mark{PlanOn: "2020-04-10", PlanOriginal: "2020-03-10"}, c.Marks["filed"])
}

// TestReachedNeverIncreasesAlongTheOrder: whatever people try, in any order,
// each case stays legal and the funnel falls.
func TestReachedNeverIncreasesAlongTheOrder(t *testing.T) {
	t.Parallel()
	tr := track(t)
	r := rand.New(rand.NewPCG(1, 2))
	reached := make([]int, 10)
	for range 300 {
		c := done(t, tr, "surveyed")
		for range 60 {
			m := tr.Milestones[r.IntN(len(tr.Milestones))]
			day := campaign.Date("2020-01-01").AddDays(r.IntN(400))
			if i := tr.Index(tr.Standing(c).Next); i > 0 && r.IntN(3) == 0 {
				m, day = tr.Milestones[i], today
			}
			next, err := tr.MarkDone(c, m.Code, campaign.Done{On: day, Actor: marker(m.Code), Checks: boxes(tr, m.Code)}, today)
			if r.IntN(5) == 0 {
				next, err = tr.MarkNotApplicable(c, m.Code, "强制执法", "shen")
			}
			if err == nil {
				c = next
			}
			require.NoError(t, tr.Legal(c))
		}
		for k := 1; k <= tr.Standing(c).Stage; k++ {
			reached[k]++
		}
	}
	for k := 2; k <= 9; k++ {
		assert.LessOrEqual(t, reached[k], reached[k-1])
	}
	assert.Positive(t, reached[9], "some got to the end")
}

func TestADefinitionIsChecked(t *testing.T) {
	t.Parallel()
	good, err := campaign.Rectify2020()
	require.NoError(t, err)
	for name, spoil := range map[string]func(*campaign.Definition){
		"no track":       func(d *campaign.Definition) { d.Tracks = nil },
		"clock":          func(d *campaign.Definition) { d.Clock.Mode = "sundial" },
		"slots":          func(d *campaign.Definition) { d.Slots[3].Slot = 9 },
		"group":          func(d *campaign.Definition) { d.Slots[3].Group = "" },
		"falling slots":  func(d *campaign.Definition) { d.Tracks[0].Milestones[5].Slot = 1 },
		"repeated code":  func(d *campaign.Definition) { d.Tracks[0].Milestones[5].Code = "filed" },
		"no first step":  func(d *campaign.Definition) { d.Tracks[0].Milestones[0].MayBeNotApplicable = true },
		"no milestone":   func(d *campaign.Definition) { d.Tracks[0].Milestones = nil },
		"no code at all": func(d *campaign.Definition) { d.Code = "" },
	} {
		text, err := json.Marshal(good)
		require.NoError(t, err)
		copied, err := campaign.ParseDefinition(text)
		require.NoError(t, err)
		spoil(&copied)
		assert.Error(t, copied.Check(), name)
	}
}

func TestACivilDayIsShanghais(t *testing.T) {
	t.Parallel()
	lateUTC := time.Date(2020, 9, 30, 16, 30, 0, 0, time.UTC)
	assert.Equal(t, campaign.Date("2020-10-01"), campaign.DateOf(campaign.Clock{Mode: "real"}.Now(lateUTC)))
	assert.Equal(t, campaign.Date("2020-10-02"), campaign.DateOf(campaign.Clock{Mode: "offset", OffsetSeconds: 86400}.Now(lateUTC)))
	assert.Equal(t, campaign.Date("2020-03-01"), campaign.Date("2020-02-28").AddDays(2))
	_, err := campaign.ParseDate("2020-02-30")
	assert.Error(t, err)
}

func TestBoxesLookedAtOnTheSpotDoNotHoldAMark(t *testing.T) {
	t.Parallel()
	tr := track(t)
	stopped := done(t, tr, "surveyed", "filed", "planned", "notified", "valued", "signed", "stopped")
	mark := func(checks ...string) (campaign.Case, error) {
		return tr.MarkDone(stopped, "vacated", campaign.Done{On: "2020-03-01", Actor: "shen", Checks: checks}, today)
	}
	for _, ticked := range []struct {
		codes []string
		kept  string
	}{{nil, ""}, {[]string{"power", "water"}, "water,power"}, {[]string{"water", "power", "materials", "products", "equipment"}, "water,power,materials,products,equipment"}} {
		c, err := mark(ticked.codes...)
		require.NoError(t, err)
		assert.Equal(t, ticked.kept, c.Marks["vacated"].Checks, "in the campaign's order")
	}
	_, err := mark("gas")
	f, _ := fault.As(err)
	assert.Equal(t, "unknown_check", f.Code)
}
