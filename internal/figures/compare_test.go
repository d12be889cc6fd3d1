package figures_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
)

func metric(t *testing.T, code campaign.MetricCode) campaign.Metric {
	t.Helper()
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	m, ok := d.Metric(code)
	require.True(t, ok)
	return m
}

func TestComparisonOfCounts(t *testing.T) {
	t.Parallel()
	firms, mu := metric(t, campaign.MetricRectified), metric(t, campaign.MetricRecovered)
	for _, v := range []struct {
		cycle       figures.Cycle
		now, before int64
		of          campaign.Metric
		zh, en      string
	}{
		{figures.CycleWeek, 30, 18, firms, "较上周 +12 家", "+12 firms on last week"},
		{figures.CycleMonth, 138, 100, firms, "较上月 +38 家", "+38 firms on last month"},
		{figures.CycleTenDays, 10, 13, firms, "较上旬 −3 家", "−3 firms on the last ten days"},
		{figures.CycleDay, 4, 4, firms, "较昨日持平", "unchanged on yesterday"},
		{figures.CycleWeek, 1464_53, 200_00, mu, "较上周 +1,264.53 亩", "+1,264.53 mu on last week"},
	} {
		assert.Equal(t, campaign.Text{ZH: v.zh, EN: v.en}, figures.CountChange(v.cycle, v.now, v.before, v.of, figures.Screen))
	}
	assert.Equal(t, "较上周 +1264.53 亩", figures.CountChange(figures.CycleWeek, 1464_53, 200_00, mu, figures.Document).ZH)
}

func TestComparisonOfRates(t *testing.T) {
	t.Parallel()
	rate := func(tenths campaign.Tenths) figures.Rate { return figures.Rate{Tenths: tenths, Known: true} }
	for _, v := range []struct {
		now, before figures.Rate
		zh, en      string
	}{
		{rate(743), rate(701), "较上月提高 4.2 个百分点", "up 4.2 points on last month"},
		{rate(743), rate(749), "较上月下降 0.6 个百分点", "down 0.6 points on last month"},
		{rate(743), rate(743), "较上月持平", "unchanged on last month"},
		{rate(743), figures.Rate{}, "—", "—"},
	} {
		assert.Equal(t, campaign.Text{ZH: v.zh, EN: v.en}, figures.RateChange(figures.CycleMonth, v.now, v.before))
	}
}

func TestYearOnYear(t *testing.T) {
	t.Parallel()
	for _, v := range []struct {
		now    int64
		before figures.LastYear
		zh, en string
	}{
		{1086, figures.LastYear{Amount: 1000, Known: true}, "同比 +8.6%", "+8.6% year on year"},
		{968, figures.LastYear{Amount: 1000, Known: true}, "同比 −3.2%", "−3.2% year on year"},
		{2001, figures.LastYear{Amount: 2000, Known: true}, "同比 +0.1%", "+0.1% year on year"}, // 0.05
		{1999, figures.LastYear{Amount: 2000, Known: true}, "同比 −0.1%", "−0.1% year on year"}, // away from zero
		{1000, figures.LastYear{Amount: 1000, Known: true}, "同比 0.0%", "0.0% year on year"},
		{7, figures.LastYear{Known: true}, "同比 —", "— year on year"},
		{7, figures.LastYear{}, "无上年同期数据", "no data for the same period last year"},
	} {
		assert.Equal(t, campaign.Text{ZH: v.zh, EN: v.en}, figures.YearOnYear(v.now, v.before))
	}
}
