// Package readings takes in readings of electricity (用电读数) as power companies and offices send them: a workbook or a CSV
// with a row for each account and month. Each row finds its case, by the account as it was read before, by the credit code
// or by the name; what does not is said, row by row, and left out. What is let in is one batch.
package readings

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// What a row comes to.
const (
	RowNew       = "new"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowRefused   = "refused"
)

// mostRows are as many readings as one batch takes: those of a district's closed cases for years.
const mostRows = 5000

// Request asks for an import.
type Request struct {
	Path, Name string
	Digest     string // of the file's content
	OpID       uuid.UUID
	Device     string
	DryRun     bool
	Today      campaign.Date
	// View is what is known now, as the actor sees it; Rows the readings there are, Firms the operators.
	View  *chronicle.View
	Rows  []campaign.Filled
	Firms []ledger.Enterprise
}

// Report says what the file amounts to.
type Report struct {
	Rows     []Row
	Counts   map[string]int
	DryRun   bool
	BatchID  uuid.UUID
	Revision int64
}

// Row is what becomes of a row.
type Row struct {
	Sheet                     string
	Number                    int // of the sheet, from 1
	Account, Name, Month, KWh string
	Case                      *chronicle.Case // nil where none was found
	Before                    string          // the reading there was, of a row that changes it
	Verdict                   string
	Reason                    campaign.Text // of a refusal
	credit, code              string
}

// Door is the ledger as this room sees it.
type Door interface {
	Apply(ctx context.Context, actor auth.Actor, op ledger.Operation) (ledger.Outcome, error)
}

// Import reads the file and brings its rows in: as one batch, or, dry, nothing at all. A file without the columns that
// are needed is a fault; so is one of which no row can be let in, unless it is only looked at.
func Import(ctx context.Context, door Door, actor auth.Actor, req Request) (Report, error) {
	rule := req.View.Definition.Power
	if rule == nil {
		return Report{}, fault.New(fault.KindConflict, "no_power", "本专项行动没有设置用电核查", "this campaign holds no electricity against its cases")
	}
	sheet, _ := req.View.Definition.Sheet(rule.Readings)
	if err := actor.MayFill(sheet, ledger.KindSheetFill); err != nil {
		return Report{}, err
	}
	sheets, err := grid.ReadTables(req.Path, req.Name)
	if err != nil {
		return Report{}, err
	}
	rows, err := rowsOf(sheets, req.Name, req.Today)
	if err != nil {
		return Report{}, err
	}
	report := Report{Rows: rows, DryRun: req.DryRun, Counts: map[string]int{RowNew: 0, RowChanged: 0, RowUnchanged: 0, RowRefused: 0}}
	fills := newMatcher(req, sheet).all(report.Rows)
	for _, r := range report.Rows {
		report.Counts[r.Verdict]++
	}
	if req.DryRun {
		return report, nil
	}
	change := ledger.FillSheets{Digest: "readings " + req.Digest, Fills: fills}
	out, err := door.Apply(ctx, actor, ledger.Operation{OpID: req.OpID, Device: req.Device, Changes: []ledger.Change{change}})
	report.BatchID, report.Revision = out.BatchID, out.Revision
	return report, err
}

// rowsOf reads the tables of a file.
func rowsOf(sheets []grid.Sheet, name string, today campaign.Date) ([]Row, error) {
	var rows []Row
	var wanting error
	for _, s := range sheets {
		t, found := s.Find(known, -1)
		if !found {
			continue
		}
		columns := columnsOf(t)
		if missing := columns.missing(); missing != nil {
			wanting = errors.Join(wanting, missing)
			continue
		}
		for _, r := range t.Rows {
			rows = append(rows, columns.read(s.Name, r, today))
		}
	}
	switch {
	case len(rows) > mostRows:
		return nil, fault.New(fault.KindInvalid, "too_many_rows", fmt.Sprintf("一次最多导入 %d 行读数，请按月份或镇拆分", mostRows), fmt.Sprintf("at most %d readings at once; please split the file", mostRows))
	case len(rows) > 0:
		twice(rows)
		return rows, nil
	case wanting != nil:
		return nil, wanting
	}
	return nil, fault.New(fault.KindInvalid, "no_readings", "“"+name+"”里没有认得的用电读数：须有“用电户号”“月份”“用电量”三列，列名写在数据上方",
		name+" holds no readings that are understood: it needs the columns account, month and kWh, with their names above the data")
}

// twice refuses rows that say again what an earlier one says.
func twice(rows []Row) {
	first := map[string]Row{}
	for i, r := range rows {
		if r.Verdict == RowRefused {
			continue
		}
		key := r.Account + " " + r.Month
		if earlier, again := first[key]; again {
			rows[i].refuse(fmt.Sprintf("与“%s”第 %d 行是同一户号、同一月份", earlier.Sheet, earlier.Number), fmt.Sprintf("the same account and month as row %d of %s", earlier.Number, earlier.Sheet))
			continue
		}
		first[key] = r
	}
}

func (r *Row) refuse(zh, en string) { r.Verdict, r.Reason = RowRefused, campaign.Text{ZH: zh, EN: en} }

// matcher finds the case of a row.
type matcher struct {
	req       Request
	sheet     campaign.Sheet
	byCode    map[string][]*chronicle.Case
	byAccount map[string][]*chronicle.Case
	byCredit  map[string][]*chronicle.Case
	byName    map[string][]*chronicle.Case
	there     map[string]campaign.Filled // readings by account, month and case
}

func newMatcher(req Request, sheet campaign.Sheet) *matcher {
	m := &matcher{req: req, sheet: sheet, byCode: map[string][]*chronicle.Case{}, byAccount: map[string][]*chronicle.Case{}, byCredit: map[string][]*chronicle.Case{}, byName: map[string][]*chronicle.Case{}, there: map[string]campaign.Filled{}}
	firms := map[int64]ledger.Enterprise{}
	for _, e := range req.Firms {
		firms[e.ID] = e
	}
	for _, c := range req.View.Cases() {
		if !sheet.On(c.Track) || !req.View.Sees(c) || req.View.Excluded(c) {
			continue
		}
		e := firms[c.Enterprise]
		add(m.byCode, c.Code, c)
		add(m.byCredit, e.Code, c)
		add(m.byName, plain(c.Label), c)
		if plain(e.Name) != plain(c.Label) {
			add(m.byName, plain(e.Name), c)
		}
	}
	for _, f := range req.Rows {
		if c := req.View.Case(f.OfID); c != nil {
			m.there[placeOf(f.OfID, f.Values[campaign.PowerAccount], f.Values[campaign.PowerMonth])] = f
			add(m.byAccount, f.Values[campaign.PowerAccount], c)
		}
	}
	return m
}

func add(index map[string][]*chronicle.Case, key string, c *chronicle.Case) {
	if key != "" && !slices.Contains(index[key], c) {
		index[key] = append(index[key], c)
	}
}

func placeOf(id int64, account, month string) string { return fmt.Sprint(id, " ", account, " ", month) }

// all finds the cases of the rows and what is to be written.
func (m *matcher) all(rows []Row) []ledger.FillSheet {
	var fills []ledger.FillSheet
	for i := range rows {
		r := &rows[i]
		if r.Verdict == RowRefused || !m.find(r) {
			continue
		}
		old, there := m.there[placeOf(r.Case.ID, r.Account, r.Month)]
		switch {
		case !there:
			r.Verdict = RowNew
		case old.Values[campaign.PowerKWh] == r.KWh:
			r.Verdict = RowUnchanged
			continue
		default:
			r.Verdict, r.Before = RowChanged, old.Values[campaign.PowerKWh]
		}
		fills = append(fills, ledger.FillSheet{Sheet: m.sheet.Code, Of: campaign.OfCase, OfID: r.Case.ID, Row: old.ID, BaseVersion: old.Version, Values: map[string]string{
			campaign.PowerAccount: r.Account, campaign.PowerMonth: r.Month, campaign.PowerKWh: r.KWh, campaign.PowerReadOn: string(m.req.Today),
		}})
	}
	return fills
}

// find names the case of a row, or refuses it.
func (m *matcher) find(r *Row) bool {
	for _, found := range [][]*chronicle.Case{m.byCode[r.code], m.byAccount[r.Account], m.byCredit[r.credit], m.byName[plain(r.Name)]} {
		if len(found) > 1 {
			r.refuse(fmt.Sprintf("对应 %d 件事项，请在“信用代码”或“事项编号”中写明", len(found)), fmt.Sprintf("it fits %d cases; please give the code of the case", len(found)))
			return false
		}
		if len(found) == 1 {
			r.Case = found[0]
			return true
		}
	}
	r.refuse("户号第一次出现，按信用代码、企业名称都没有找到本区域内的事项", "an account that is new, and neither credit code nor name is that of a case in your area")
	return false
}
