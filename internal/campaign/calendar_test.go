package campaign_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

func rectify(t *testing.T) campaign.Definition {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	return d
}

func TestTheCalendarOf2020(t *testing.T) {
	t.Parallel()
	c := rectify(t).Calendar
	for day, worked := range map[campaign.Date]bool{
		"2020-01-01": false, "2020-01-02": true,
		"2020-01-19": true, // Sunday, worked for the Spring Festival
		"2020-01-23": true, "2020-01-24": false,
		"2020-01-31": false, "2020-02-01": false, "2020-02-02": false, // as extended: 02-01 had been a make-up day
		"2020-02-03": true,
		"2020-04-03": true, "2020-04-06": false, "2020-04-07": true,
		"2020-04-25": false, "2020-04-26": true, "2020-05-01": false, "2020-05-05": false, "2020-05-06": true, "2020-05-09": true, "2020-05-10": false,
		"2020-06-24": true, "2020-06-25": false, "2020-06-26": false, "2020-06-27": false, "2020-06-28": true,
		"2020-09-27": true, "2020-09-30": true, "2020-10-01": false, "2020-10-08": false, "2020-10-09": true, "2020-10-10": true, "2020-10-11": false,
		"2021-10-01": true, "2021-10-02": false, // no data for 2021: weekends only
		"": false, "2020-02-30": false,
	} {
		assert.Equal(t, worked, c.IsWorkday(day), day)
	}
	// 262 days from Monday to Friday, 19 of them off, 6 weekend days worked.
	assert.Equal(t, 249, c.Workdays("2019-12-31", "2020-12-31"))
	h, ok := c.Holiday("2020-10-03")
	assert.True(t, ok)
	assert.Equal(t, "国庆节、中秋节", h.Name.ZH)
	assert.Equal(t, 8, campaign.Span{From: h.From, To: h.To}.Days())
}

func TestTerms(t *testing.T) {
	t.Parallel()
	c := rectify(t).Calendar
	for _, v := range []struct {
		term   campaign.Term
		from   campaign.Date
		due    campaign.Date
		zh, en string
	}{
		{campaign.Term{N: 15}, "2020-09-15", "2020-09-30", "15日内（自然日）", "within 15 calendar days"},
		{campaign.Term{N: 15}, "2020-09-20", "2020-10-05", "15日内（自然日）", "within 15 calendar days"}, // ends in the holiday
		{campaign.Term{N: 5, Working: true}, "2020-09-25", "2020-10-09", "5个工作日内", "within 5 working days"},
		{campaign.Term{N: 1, Working: true}, "2020-01-23", "2020-02-03", "1个工作日内", "within 1 working day"},
		{campaign.Term{N: 1}, "2020-02-28", "2020-02-29", "1日内（自然日）", "within 1 calendar day"},
	} {
		require.NoError(t, v.term.Check())
		assert.Equal(t, v.due, v.term.Due(v.from, c), "%v from %s", v.term, v.from)
		assert.Equal(t, campaign.Text{ZH: v.zh, EN: v.en}, v.term.Wording())
	}
	require.Error(t, campaign.Term{}.Check())
	assert.Error(t, campaign.Term{N: 4000}.Check())
}

// TestWorkdayArithmeticIsInverse: counting undoes adding, in both directions,
// and adding lands on workdays.
func TestWorkdayArithmeticIsInverse(t *testing.T) {
	t.Parallel()
	c := rectify(t).Calendar
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		from := campaign.Date("2019-12-01").AddDays(r.IntN(420))
		n := r.IntN(121) - 60
		to := c.AddWorkdays(from, n)
		require.Equal(t, n, c.Workdays(from, to), "%s %+d", from, n)
		if n != 0 {
			require.True(t, c.IsWorkday(to))
		}
		if c.IsWorkday(from) {
			require.Equal(t, from, c.AddWorkdays(to, -n), "%s %+d and back", from, n)
		}
		other := campaign.Date("2019-12-01").AddDays(r.IntN(420))
		last := campaign.Date("2019-12-01").AddDays(r.IntN(420))
		if from <= other && other <= last {
			require.Equal(t, c.Workdays(from, last), c.Workdays(from, other)+c.Workdays(other, last))
		}
	}
}

func TestDaysBetween(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 92, campaign.Date("2020-09-30").DaysUntil("2020-12-31"), "距12月31日还有 92 天")
	assert.Equal(t, -366, campaign.Date("2020-12-31").DaysUntil("2019-12-31"))
	assert.Zero(t, campaign.Date("").DaysUntil("2020-12-31"))
	assert.Zero(t, campaign.Date("2020-12-31").DaysUntil("31.12.2020"))
	assert.Equal(t, campaign.Date("soon"), campaign.Calendar{}.AddWorkdays("soon", 3), "a malformed day stays as it is")
	assert.Equal(t, campaign.Date("9999-12-31"), campaign.Calendar{}.AddWorkdays("9999-12-30", 1))
	assert.NotPanics(t, func() { campaign.Calendar{}.AddWorkdays("9999-12-30", 9) })
}

func TestAMalformedCalendarIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*campaign.Calendar){
		"no day":                func(c *campaign.Calendar) { c.Holidays[0].From = "2020-1-1" },
		"ends before it begins": func(c *campaign.Calendar) { c.Holidays[1].To = "2020-01-23" },
		"overlap":               func(c *campaign.Calendar) { c.Holidays[2].To = "2020-05-01" },
		"a slip of the year":    func(c *campaign.Calendar) { c.Holidays[5].To = "2021-10-08" },
		"no name":               func(c *campaign.Calendar) { c.Holidays[3].Name.EN = "" },
		"make-up off":           func(c *campaign.Calendar) { c.MakeUps[1] = "2020-05-02" },
		"make-up on a weekday":  func(c *campaign.Calendar) { c.MakeUps[1] = "2020-04-27" },
		"make-up twice":         func(c *campaign.Calendar) { c.MakeUps[1] = "2020-01-19" },
		"make-up no day":        func(c *campaign.Calendar) { c.MakeUps[1] = "26 April" },
	} {
		d := rectify(t)
		spoil(&d.Calendar)
		require.Error(t, d.Check(), name)
	}
	assert.NoError(t, campaign.Calendar{}.Check(), "no data: weekends only")
}
