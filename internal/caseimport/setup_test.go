package caseimport_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/dbtest"
	"github.com/guatu/guatu/internal/directory"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

var server dbtest.Server

func TestMain(m *testing.M) {
	server.Migrate = func(ctx context.Context, dsn string) error { return postgres.Migrate(ctx, dsn, func(string) {}) }
	os.Exit(server.Main(m))
}

const today = campaign.Date("2020-09-30")

var (
	office = auth.Actor{ID: "zhou", Name: "周某", Role: "planner"}
	town   = auth.Actor{ID: "zhang", Name: "张某", Role: "town", Unit: "honghe"}
)

// house is an importer over a database of its own, with the campaign of 2020 and three units.
type house struct {
	*caseimport.Importer

	ledger *ledger.Ledger
	sheets *postgres.Store
	book   *chronicle.Book
	dir    string
}

func setup(t *testing.T) *house {
	t.Helper()
	db := server.Open(t)
	quiet := slog.New(slog.DiscardHandler)
	store, err := postgres.Open(t.Context(), postgres.Server{DSN: db.DSN}, quiet)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	now := time.Date(2020, 9, 30, 6, 12, 0, 0, time.UTC)
	h := &house{ledger: ledger.New(store, func() time.Time { return now }, quiet), sheets: store, dir: t.TempDir()}
	d, err := campaign.Rectify2020()
	require.NoError(t, err)
	h.apply(t, auth.System(), ledger.SetUpCampaign{
		Definition: d,
		Units:      []ledger.UnitDraft{unit("honghe", 1, "洪合镇", "洪合", 120.60), unit("wangjiangjing", 2, "王江泾镇", "王江泾", 120.70), unit("xincheng", 3, "新塍镇", "新塍", 120.80)},
		People:     []ledger.Person{{Code: "zhou", Sort: 1, Name: "周某", Role: "planner"}, {Code: "zhang", Sort: 2, Name: "张某", Role: "town", Unit: "honghe"}},
	})
	h.book, err = chronicle.Open(t.Context(), store)
	require.NoError(t, err)
	h.Importer = &caseimport.Importer{Door: h.ledger, Directory: directory.New(store, h.book.Names()), Memory: store}
	return h
}

func unit(code string, sort int, name, short string, lon float64) ledger.UnitDraft {
	return ledger.UnitDraft{
		Unit:     ledger.Unit{Code: code, Sort: sort, Name: campaign.Text{ZH: name, EN: code}, Short: campaign.Text{ZH: short, EN: code}},
		Boundary: orb.MultiPolygon{{{{lon, 30.6}, {lon + 0.05, 30.6}, {lon + 0.05, 30.65}, {lon, 30.65}, {lon, 30.6}}}},
	}
}

func (h *house) apply(t *testing.T, actor auth.Actor, changes ...ledger.Change) ledger.Outcome {
	t.Helper()
	out, err := h.ledger.Apply(t.Context(), actor, ledger.Operation{OpID: uuid.New(), Device: "test", Changes: changes})
	require.NoError(t, err)
	return out
}

// view is what somebody knows now.
func (h *house) view(t *testing.T, actor auth.Actor) *chronicle.View {
	t.Helper()
	require.NoError(t, h.book.CatchUp(t.Context(), 1<<40))
	return h.book.Now(auth.ScopeOf(actor), today)
}

// save writes a workbook that a test has filled.
func (h *house) save(t *testing.T, name string, f *excelize.File) caseimport.File {
	t.Helper()
	path := filepath.Join(h.dir, uuid.NewString())
	require.NoError(t, f.SaveAs(path+".xlsx"))
	require.NoError(t, f.Close())
	return caseimport.File{Path: path + ".xlsx", Name: name}
}

// sheet is a workbook of one sheet with these rows from the first on.
func sheet(t *testing.T, rows ...[]any) *excelize.File {
	t.Helper()
	f := excelize.NewFile()
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("Sheet1", at, &row))
	}
	return f
}

// run imports, dry or not; a fault ends the test.
func (h *house) run(t *testing.T, actor auth.Actor, dry bool, answers caseimport.Answers, files ...caseimport.File) caseimport.Report {
	t.Helper()
	report, err := h.try(t, actor, dry, answers, files...)
	require.NoError(t, err)
	return report
}

func (h *house) try(t *testing.T, actor auth.Actor, dry bool, answers caseimport.Answers, files ...caseimport.File) (caseimport.Report, error) {
	t.Helper()
	return h.Import(t.Context(), actor, caseimport.Request{Files: files, Answers: answers, OpID: uuid.New(), Device: "test", DryRun: dry, View: h.view(t, actor)})
}

// row finds what became of a firm.
func row(t *testing.T, r *caseimport.Report, label string) caseimport.RowReport {
	t.Helper()
	for _, row := range r.Rows {
		if row.Label == label {
			return row
		}
	}
	require.Fail(t, "no row of "+label)
	return caseimport.RowReport{}
}

func reasons(row caseimport.RowReport) string { return lines(row.Reasons) }

func notices(row caseimport.RowReport) string { return lines(row.Notices) }

func lines(list []campaign.Text) string {
	var all []string
	for _, t := range list {
		all = append(all, t.ZH)
	}
	return strings.Join(all, "\n")
}
