package demo_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/appraisal"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/report"
)

// appraisal: every point of every unit opens to facts that sum to it, on any day, and what they count is the figure of that day.
func (d told) appraisal(t *testing.T) {
	t.Helper()
	figures := report.NewDesk(d.chronicle(t), block.NewDesk(d.store), clock)
	desk := &appraisal.Desk{Figures: figures, Records: appraisal.NewRecords(d.store)}
	for _, asOf := range []campaign.Date{"", "2020-08-31", "2020-03-31"} {
		sheet, err := desk.Sheet(t.Context(), auth.Everything(), asOf)
		require.NoError(t, err)
		shown, err := figures.Figures(t.Context(), auth.Everything(), report.Query{AsOf: asOf})
		require.NoError(t, err)
		require.Len(t, sheet.Units, 6)
		require.Len(t, sheet.Items, 13)
		for _, u := range sheet.Units {
			row := rowOf(t, &shown, u.Code)
			var earned, off campaign.Score
			for i, cell := range u.Points {
				opened, err := desk.Detail(t.Context(), auth.Everything(), asOf, u.Code, sheet.Items[i].Code)
				require.NoError(t, err)
				var points campaign.Score
				var done int64
				for _, f := range opened.Facts {
					points, done = points+f.Points, done+f.Amount
				}
				assert.Equal(t, cell.Points, points, "%s %s %s", asOf, u.Code, cell.Item)
				earned, off = earned+max(points, 0), off+min(points, 0)
				countsTheFigure(t, row, &opened, done)
			}
			assert.Equal(t, campaign.Appraised{Earned: earned, Off: off, Full: u.Full}, u.Appraised)
		}
	}
	d.appraised(t, desk)
}

// countsTheFigure: the facts are those of the figure that the progress table prints.
func countsTheFigure(t *testing.T, row *report.Row, opened *appraisal.Detail, done int64) {
	t.Helper()
	switch opened.Item.Counts {
	case campaign.AppraiseMetric:
		for _, m := range row.Metrics {
			if m.Metric.Code == opened.Item.Metric {
				assert.Equal(t, m.Done, done, "%s %s", row.Code, m.Metric.Code)
				assert.Equal(t, m.HasTask && m.Task > 0, opened.Points.Bears)
			}
		}
	case campaign.AppraiseLate:
		assert.Len(t, opened.Facts, int(row.Late.Cases), row.Code)
	case campaign.AppraiseRebound:
		assert.Equal(t, min(campaign.Score(row.Rebounds)*opened.Item.Off, opened.Item.Cap), -opened.Points.Points, row.Code)
	}
}

// appraised: the sheet of the demo's day, and who may open what.
func (d told) appraised(t *testing.T, desk *appraisal.Desk) {
	t.Helper()
	sheet, err := desk.Sheet(t.Context(), auth.Everything(), "")
	require.NoError(t, err)
	lines := map[string]string{}
	for _, u := range sheet.Units {
		lines[u.Code] = u.Earned.String() + " " + u.Off.String() + " /" + u.Full.String() + " = " + u.Score.String()
	}
	assert.Equal(t, map[string]string{
		"gaoxin": "86.20 −0.10 /100.00 = 86.10", "wangdian": "84.29 −0.20 /100.00 = 84.09", "xincheng": "79.92 −1.30 /100.00 = 78.62",
		"wangjiangjing": "62.19 −1.60 /100.00 = 60.59", "youchegang": "47.58 −0.70 /80.00 = 58.78", "honghe": "59.60 −1.40 /100.00 = 58.20",
	}, lines, "油车港 has no task of parks")
	town := auth.ScopeOf(auth.Actor{ID: "tang", Role: campaign.RoleTown, Unit: "wangjiangjing"})
	_, err = desk.Detail(t.Context(), town, "", "wangjiangjing", "late")
	require.NoError(t, err)
	_, err = desk.Detail(t.Context(), town, "", "honghe", "late")
	require.ErrorContains(t, err, "own unit")
	_, err = desk.Detail(t.Context(), auth.Everything(), "", "honghe", "charm")
	require.ErrorContains(t, err, "no such unit or item")
	_, err = desk.Sheet(t.Context(), auth.ScopeOf(auth.Actor{ID: "p", Role: campaign.RolePark, Unit: "honghe"}), "")
	require.Error(t, err, "it is no figure of the public")
}
