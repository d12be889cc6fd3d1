package demo_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/bulletin"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/report"
)

// officers are those of the demo who make a bulletin.
func officers() (planner, district, commander auth.Actor) {
	return auth.Actor{ID: "xu", Name: "徐某", Role: campaign.RolePlanner}, auth.Actor{ID: "zhou", Name: "周某", Role: campaign.RoleDistrict}, auth.Actor{ID: "li", Name: "李某", Role: campaign.RoleCommander}
}

// issueMonth leads the bulletin of August from its frozen figures to what is sent out.
func (d told) issueMonth(t *testing.T) (desk *bulletin.Desk, id int64) {
	t.Helper()
	book := ledger.New(d.store, clock, slog.New(slog.DiscardHandler))
	planner, district, commander := officers()
	do := func(actor auth.Actor, c ledger.Change) ledger.Outcome {
		out, err := book.Apply(t.Context(), actor, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: []ledger.Change{c}})
		require.NoError(t, err)
		return out
	}
	id = do(planner, ledger.FreezeBulletin{Monthly: true, On: "2020-08-31", CheckBy: today}).Entries[0].NounID
	for _, town := range []struct{ person, unit string }{{"tang", "wangjiangjing"}, {"wang", "youchegang"}, {"gu", "xincheng"}, {"fei", "wangdian"}, {"zhang", "honghe"}, {"sun", "gaoxin"}} {
		do(auth.Actor{ID: town.person, Role: campaign.RoleTown, Unit: town.unit}, ledger.AnswerBulletin{Bulletin: id, Unit: town.unit, Agrees: true})
	}
	do(planner, ledger.StepBulletin{Bulletin: id, BaseVersion: 1, Step: "draft", Text: "抓紧办理逾期事项，逐件明确完成时间。"})
	do(district, ledger.StepBulletin{Bulletin: id, BaseVersion: 2, Step: "review"})
	do(commander, ledger.StepBulletin{Bulletin: id, BaseVersion: 3, Step: "sign"})
	desk = &bulletin.Desk{Figures: report.NewDesk(d.chronicle(t), block.NewDesk(d.store), clock), Library: d.store, Now: clock}
	issue, err := desk.Issuing(t.Context(), planner, id, 4)
	require.NoError(t, err)
	do(planner, issue)
	return desk, id
}

// bulletin: the one of 31 August made again is the issued one byte for byte, and says what the map says of that day.
func (d told) bulletin(t *testing.T) {
	t.Helper()
	desk, id := d.issueMonth(t)
	found, err := d.store.Bulletin(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	require.Len(t, found.Bulletin.Files, 3)
	assert.Equal(t, 8, found.Bulletin.Number)
	files := d.madeAgain(t, id)
	for i, f := range files {
		assert.Equal(t, found.Bulletin.Files[i].SHA256, f.Hash(), "%s", f.Name)
		kept, err := desk.Read(t.Context(), auth.Everything(), id, i)
		require.NoError(t, err)
		assert.True(t, bytes.Equal(kept.Content, f.Content), f.Name)
		if folder, wanted := os.LookupEnv("GUATU_BULLETIN_FOLDER"); wanted {
			require.NoError(t, os.WriteFile(filepath.Join(folder, f.Name), f.Content, 0o600))
		}
	}
	d.sheetSaysTheMap(t, files[1].Content)
	message := string(files[2].Content)
	assert.True(t, strings.HasPrefix(message, "【2020年度“低散乱”整治2020年8月通报】截至8月31日24时，全区完成整治"), message)
	for _, p := range []string{"周某", "徐某", "厂", "作坊", "138"} {
		assert.NotContains(t, message, p, "nobody is named in what is sent to a group")
	}
	running, err := d.store.Running(t.Context())
	require.NoError(t, err)
	last, _ := running.Definition.LastBulletin(true, today)
	assert.Equal(t, campaign.Bulletin{Number: 8, On: "2020-08-31", Monthly: true}, last, "the time line knows it")
}

// madeAgain composes a bulletin anew from the journal alone: another program, started another day.
func (d told) madeAgain(t *testing.T, id int64) []bulletin.File {
	t.Helper()
	found, err := d.store.Bulletin(t.Context(), auth.Everything(), id)
	require.NoError(t, err)
	desk := &bulletin.Desk{Figures: report.NewDesk(d.chronicle(t), block.NewDesk(d.store), clock), Library: d.store}
	content, err := desk.Compose(context.WithoutCancel(t.Context()), found)
	require.NoError(t, err)
	files, err := content.Files()
	require.NoError(t, err)
	return files
}

// sheetSaysTheMap reads the spreadsheet as an import does, and holds it against the figures of that day.
func (d told) sheetSaysTheMap(t *testing.T, file []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "附表.xlsx")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	sheets, err := grid.Read(path, "附表.xlsx")
	require.NoError(t, err)
	f, err := report.NewDesk(d.chronicle(t), block.NewDesk(d.store), clock).Figures(t.Context(), auth.Everything(), report.Query{AsOf: "2020-08-31"})
	require.NoError(t, err)
	rows := sheets[0].Cells[4:]
	assert.Equal(t, "合计", rows[len(f.Rows)][1])
	said := func(r *report.Row) []string {
		done := make(map[campaign.MetricCode]string)
		for i := range r.Metrics {
			m := &r.Metrics[i]
			done[m.Metric.Code] = strings.TrimSuffix(strings.TrimRight(figures.Done(m.Done, m.Metric.Measure, figures.Document), "0"), ".")
			if m.Metric.Measure == campaign.MeasureCount {
				done[m.Metric.Code] = figures.Done(m.Done, m.Metric.Measure, figures.Document)
			}
		}
		return []string{r.Name.ZH, done[campaign.MetricRectified], done[campaign.MetricRectifiedEnterprises], done[campaign.MetricRecovered], done[campaign.MetricEffective], strconv.FormatInt(r.Late.Cases, 10)}
	}
	printed := func(row []string) []string {
		return []string{row[1], row[8], row[3], row[12], row[15], row[len(row)-2]}
	}
	assert.Equal(t, said(&f.Total), printed(rows[len(f.Rows)]))
	for i := range f.Rows {
		assert.Equal(t, said(&f.Rows[i]), printed(rows[i]), "units in their fixed order")
	}
}
