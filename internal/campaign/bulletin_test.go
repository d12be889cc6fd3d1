package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// TestIssuesAreNumberedByTheirSeries: weeks count up, months have their number, and none is of a day that goes on or was told already.
func TestIssuesAreNumberedByTheirSeries(t *testing.T) {
	t.Parallel()
	d := campaign.Definition{Bulletins: []campaign.Bulletin{{Number: 36, On: "2020-09-24"}}}
	for name, c := range map[string]struct {
		monthly   bool
		on, today campaign.Date
		number    int
		refusal   string
	}{
		"a week more":                      {false, "2020-09-29", "2020-09-30", 37, ""},
		"a month has its number":           {true, "2020-08-31", "2020-09-30", 8, ""},
		"the day goes on":                  {false, "2020-09-30", "2020-09-30", 0, "day_not_over"},
		"not the end of a month":           {true, "2020-08-30", "2020-09-30", 0, "not_a_month"},
		"the last of February":             {true, "2020-02-29", "2020-09-30", 2, ""},
		"before the last issue":            {false, "2020-09-20", "2020-09-30", 0, "bulletin_before"},
		"the day of the last issue":        {false, "2020-09-24", "2020-09-30", 0, "bulletin_before"},
		"a day that is none":               {false, "2020-02-30", "2020-09-30", 0, "bad_day"},
		"weeks do not stand before months": {true, "2020-07-31", "2020-09-30", 7, ""},
	} {
		b, err := d.NextBulletin(c.monthly, c.on, c.today)
		if c.refusal != "" {
			f, is := fault.As(err)
			require.True(t, is, name)
			assert.Equal(t, c.refusal, f.Code, name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, campaign.Bulletin{Number: c.number, On: c.on, Monthly: c.monthly}, b, name)
	}
}

// TestTheStepsOfABulletin: each has its turn, who drafts neither reviews nor signs, and nothing moves after it was signed.
func TestTheStepsOfABulletin(t *testing.T) {
	t.Parallel()
	by := map[string]string{campaign.BulletinFrozen: "xu", campaign.BulletinDrafted: "xu", campaign.BulletinReviewed: "zhou"}
	for _, c := range []struct{ step, stage, author, refusal string }{
		{"draft", campaign.BulletinFrozen, "xu", ""},
		{"draft", campaign.BulletinDrafted, "xu", ""},
		{"draft", campaign.BulletinReviewed, "xu", "bulletin_stage"},
		{"review", campaign.BulletinDrafted, "zhou", ""},
		{"review", campaign.BulletinDrafted, "xu", "same_person"},
		{"review", campaign.BulletinFrozen, "zhou", "bulletin_stage"},
		{"sign", campaign.BulletinReviewed, "li", ""},
		{"sign", campaign.BulletinReviewed, "zhou", ""},
		{"sign", campaign.BulletinReviewed, "xu", "same_person"},
		{"return", campaign.BulletinReviewed, "li", ""},
		{"return", campaign.BulletinSigned, "li", "bulletin_frozen"},
		{"issue", campaign.BulletinSigned, "xu", ""},
		{"issue", campaign.BulletinReviewed, "xu", "bulletin_stage"},
		{"issue", campaign.BulletinIssued, "xu", "bulletin_frozen"},
	} {
		step, known := campaign.BulletinStepOf(c.step)
		require.True(t, known)
		err := step.Allow(c.stage, c.author, by)
		if c.refusal == "" {
			require.NoError(t, err, "%s of a %s one by %s", c.step, c.stage, c.author)
			continue
		}
		f, is := fault.As(err)
		require.True(t, is, c.step)
		assert.Equal(t, c.refusal, f.Code, "%s of a %s one by %s", c.step, c.stage, c.author)
	}
}

func TestDaysOfDocuments(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "2020年9月3日", campaign.Date("2020-09-03").Written())
	assert.Equal(t, campaign.Date("2019-02-28"), campaign.Date("2020-02-29").YearBefore())
	assert.Equal(t, campaign.Date("2019-08-31"), campaign.Date("2020-08-31").YearBefore())
	weekly := campaign.Issuing{Mark: "秀低散乱办周报", Months: "秀低散乱办月报"}
	assert.Equal(t, "秀低散乱办周报〔2020〕37号", weekly.DocumentNumber("2020", campaign.Bulletin{Number: 37}))
	assert.Equal(t, "秀低散乱办月报〔2020〕8号", weekly.DocumentNumber("2020", campaign.Bulletin{Number: 8, Monthly: true}))
}
