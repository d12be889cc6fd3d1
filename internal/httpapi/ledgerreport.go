package httpapi

import (
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// mostLedgerRows is how many rows a report lists; those without a change are only counted.
const mostLedgerRows = 2000

func toLedgerReport(r *caseimport.Report) gen.LedgerReport {
	out := gen.LedgerReport{
		DryRun: r.DryRun, Sheets: []gen.LedgerSheet{}, Rows: []gen.LedgerRow{}, Targets: []gen.LedgerTarget{},
		Counts: gen.LedgerCounts{
			New: int64(r.Counts[caseimport.RowNew]), Changed: int64(r.Counts[caseimport.RowChanged]), Unchanged: int64(r.Counts[caseimport.RowUnchanged]),
			Refused: int64(r.Counts[caseimport.RowRefused]), Asked: int64(r.Counts[caseimport.RowAsked]),
		},
	}
	for _, s := range r.Sheets {
		out.Sheets = append(out.Sheets, toLedgerSheet(s))
	}
	for _, t := range r.Targets {
		if t.Key != "" {
			out.Targets = append(out.Targets, gen.LedgerTarget{Key: t.Key, Name: toText(t.Name)})
		}
	}
	for _, row := range r.Rows {
		switch {
		case row.Verdict == caseimport.RowUnchanged && len(row.Notices) == 0:
		case len(out.Rows) < mostLedgerRows:
			out.Rows = append(out.Rows, toLedgerRow(row))
		default:
			out.RowsMore++
		}
	}
	if r.Revision != 0 {
		out.BatchId, out.Revision = &r.BatchID, &r.Revision
	}
	return out
}

func toLedgerSheet(s caseimport.SheetReport) gen.LedgerSheet {
	out := gen.LedgerSheet{
		Place: s.Place, File: s.File, Sheet: s.Sheet, Unit: optional(s.Unit), UnitFrom: optional(s.UnitFrom), Rows: int64(s.Rows), Remembered: s.Remembered,
		Asks: append([]string{}, s.Asks...), Missing: toTexts(s.Missing), Columns: []gen.LedgerColumn{}, Totals: []gen.LedgerTotal{}, Notes: []gen.LedgerNote{},
	}
	for _, c := range s.Columns {
		out.Columns = append(out.Columns, gen.LedgerColumn{
			Place: c.Place, Letter: c.Letter, Head: c.Head, Key: optional(c.Key), AreaUnit: optional(string(c.Unit)), AskUnit: c.AskUnit,
			Why: toTextPtr(c.Why), Left: toTextPtr(c.Left), Samples: append([]string{}, c.Samples...),
		})
	}
	for _, t := range s.Totals {
		out.Totals = append(out.Totals, gen.LedgerTotal{Row: int64(t.Row), Label: t.Label, Checks: int64(t.Checks), Wrong: toTexts(t.Wrong)})
	}
	for _, n := range s.Notes {
		out.Notes = append(out.Notes, gen.LedgerNote{Row: int64(n.Number), Text: n.Text})
	}
	return out
}

func toLedgerRow(r caseimport.RowReport) gen.LedgerRow {
	out := gen.LedgerRow{
		Place: r.Place, File: r.File, Sheet: r.Sheet, Row: int64(r.Row), Code: optional(r.Code), Label: r.Label, Unit: optional(r.Unit),
		Verdict: gen.LedgerRowVerdict(r.Verdict), Reasons: toTexts(r.Reasons), Notices: toTexts(r.Notices), Changes: []gen.LedgerChange{}, Asks: []gen.LedgerAsk{},
	}
	for _, c := range r.Changes {
		out.Changes = append(out.Changes, gen.LedgerChange{Field: toText(c.Field), Before: toTextPtr(c.Before), After: toTextPtr(c.After)})
	}
	for _, a := range r.Asks {
		out.Asks = append(out.Asks, gen.LedgerAsk{Cell: a.Cell, Text: toText(a.Text), Amount: a.Amount, InMu: a.InMu, Meant: string(a.Meant), Said: string(a.Said)})
	}
	return out
}
