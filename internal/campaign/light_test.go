package campaign_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

const (
	green  = campaign.LightGreen
	yellow = campaign.LightYellow
	red    = campaign.LightRed
	none   = campaign.LightNone
)

// TestEveryGapHasALight: green and red are closed, yellow is what lies between.
func TestEveryGapHasALight(t *testing.T) {
	t.Parallel()
	r := campaign.DefaultLightRule()
	for gap, want := range map[campaign.Tenths]campaign.Light{
		500: green, 1: green, 0: green, -1: yellow, -18: yellow, -99: yellow, -100: red, -101: red, -750: red,
	} {
		assert.Equal(t, want, r.Light(gap), gap)
	}
	yinchuan := campaign.LightRule{Green: -100, Red: -300}
	assert.Equal(t, green, yinchuan.Light(-100))
	assert.Equal(t, yellow, yinchuan.Light(-299))
	assert.Equal(t, red, yinchuan.Light(-300))
}

func TestTheWordsOfLights(t *testing.T) {
	t.Parallel()
	for l, want := range map[campaign.Light][3]string{
		green: {"绿灯", "绿", "on schedule"}, yellow: {"黄灯", "黄", "behind"}, red: {"红灯", "红", "far behind"}, none: {"无任务", "", "no target"},
	} {
		assert.Equal(t, want, [3]string{l.Name().ZH, l.Lamp().ZH, l.Name().EN})
	}
	assert.Equal(t, "提醒", campaign.EscalationRemind.Name().ZH)
	assert.Equal(t, "督办单", campaign.EscalationOrder.Name().ZH)
	assert.Equal(t, "约谈", campaign.EscalationTalk.Name().ZH)
	assert.Empty(t, campaign.EscalationNone.Name())
}

func TestEscalation(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		lights []campaign.Light
		want   campaign.Escalation
	}{
		{nil, campaign.EscalationNone},
		{[]campaign.Light{green}, campaign.EscalationNone},
		{[]campaign.Light{green, yellow}, campaign.EscalationRemind},
		{[]campaign.Light{green, yellow, yellow}, campaign.EscalationNone}, // reminded already
		{[]campaign.Light{yellow, green, yellow}, campaign.EscalationRemind},
		{[]campaign.Light{red}, campaign.EscalationRemind}, // a fall from green to red calls for no less than yellow
		{[]campaign.Light{yellow, red}, campaign.EscalationNone},
		{[]campaign.Light{yellow, red, red}, campaign.EscalationOrder},
		{[]campaign.Light{red, red, yellow}, campaign.EscalationNone},
		{[]campaign.Light{red, yellow, red}, campaign.EscalationNone}, // not running
		{[]campaign.Light{red, red, red}, campaign.EscalationTalk},
		{[]campaign.Light{red, red, red, red}, campaign.EscalationTalk},
		{[]campaign.Light{red, red, none, red}, campaign.EscalationRemind}, // no task ends the run
	} {
		assert.Equal(t, v.want, campaign.DefaultLightRule().Escalate(v.lights...), "%v", v.lights)
	}
	strict := campaign.LightRule{Red: -1, OrderAfter: 1, TalkAfter: 2}
	assert.Equal(t, campaign.EscalationOrder, strict.Escalate(red))
	assert.Equal(t, campaign.EscalationTalk, strict.Escalate(red, red))
}

func TestAWeekBeforeItsPlanIsPraised(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]bool{-3: false, 0: false, 6: false, 7: true, 40: true} {
		assert.Equal(t, want, campaign.DefaultLightRule().Ahead(days), "%d days", days)
		assert.Equal(t, want, campaign.LightRule{Red: -1}.Ahead(days), "%d days, by default", days)
	}
	assert.True(t, campaign.LightRule{AheadDays: 3}.Ahead(3))
}

func TestLightsAreDataWithDefaults(t *testing.T) {
	t.Parallel()
	d := rectify(t)
	assert.Equal(t, campaign.DefaultLightRule(), d.LightRule())
	d.Lights = nil
	require.NoError(t, d.Check())
	assert.Equal(t, campaign.DefaultLightRule(), d.LightRule())
	d.Lights = &campaign.LightRule{Green: -100, Red: -300}
	require.NoError(t, d.Check())
	assert.Equal(t, campaign.LightRule{Green: -100, Red: -300, OrderAfter: 2, TalkAfter: 3, RedDays: 30, AheadDays: 7}, d.LightRule())
	for _, bad := range []campaign.LightRule{{}, {Green: -100, Red: -50}, {Red: -100, OrderAfter: 3, TalkAfter: 3}, {Red: -100, OrderAfter: -1}} {
		d.Lights = &bad
		assert.Error(t, d.Check(), "%+v", bad)
	}
}
