package httpapi

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/caseimport/readings"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// GetElectricity implements gen.StrictServerInterface.
func (o *operations) GetElectricity(ctx context.Context, r gen.GetElectricityRequestObject) (gen.GetElectricityResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	found, err := o.Register.Power(ctx, scopeIn(ctx), v)
	if err != nil {
		return nil, err
	}
	actor := actorIn(ctx)
	sheet, _ := v.Definition.Sheet(found.Rule.Readings)
	out := gen.GetElectricity200JSONResponse{
		Revision: v.Revision, Sheet: keptKind(v, found.Checks), FromKwh: found.Rule.FromKWh, Days: int32(found.Rule.Days), Readings: int32(found.Readings), //nolint:gosec // rows in memory
		Last: optional(found.Last), MayImport: mayFill(actor, sheet), MayFill: mayFill(actor, found.Checks), Flags: []gen.PowerFlag{}, Checked: toCaseRows(found.Checked),
	}
	for _, f := range found.Flags {
		out.Flags = append(out.Flags, gen.PowerFlag{
			Case: toCaseRef(f.Case), Unit: f.Case.Unit, Month: monthOf(f.Month), Kwh: f.KWh, Since: monthOf(f.Since), DueOn: toDate(f.DueOn), Late: int32(f.Late), //nolint:gosec // days
		})
	}
	return out, nil
}

func monthOf(d campaign.Date) string { return string(d[:len("2020-09")]) }

// postElectricity takes readings in.
func (s *Server) postElectricity(c echo.Context) error {
	return s.withLedgers(c, func(book caseimport.Request) error {
		ctx := c.Request().Context()
		if len(book.Files) != 1 {
			return fault.New(fault.KindInvalid, "one_file", "一次导入一个读数文件", "one file of readings at a time, please")
		}
		req := readings.Request{
			Path: book.Files[0].Path, Name: book.Files[0].Name, OpID: book.OpID, Device: book.Device, DryRun: book.DryRun, View: book.View,
			Today: campaign.DateOf(s.Clock().In(campaign.Shanghai())),
		}
		var err error
		if req.Digest, err = digestOf(req.Path); err != nil {
			return err
		}
		if req.Rows, err = s.Register.PowerRows(ctx, scopeIn(ctx), book.View); err != nil {
			return err
		}
		if req.Firms, err = s.Directory.Everybody(ctx, scopeIn(ctx), book.View); err != nil {
			return err
		}
		report, err := readings.Import(ctx, s.Ledger, actorIn(ctx), req)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, toReadings(report))
	})
}

func digestOf(path string) (string, error) {
	content, err := os.ReadFile(path) //nolint:gosec // in a folder of this request
	if err != nil {
		return "", fmt.Errorf("read the upload: %w", err)
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), nil
}

func toReadings(r readings.Report) gen.ElectricityReport {
	out := gen.ElectricityReport{DryRun: r.DryRun, Rows: []gen.ReadingRow{}}
	out.Counts.New, out.Counts.Changed = int64(r.Counts[readings.RowNew]), int64(r.Counts[readings.RowChanged])
	out.Counts.Unchanged, out.Counts.Refused = int64(r.Counts[readings.RowUnchanged]), int64(r.Counts[readings.RowRefused])
	rows := slices.DeleteFunc(slices.Clone(r.Rows), func(row readings.Row) bool { return row.Verdict == readings.RowUnchanged })
	slices.SortStableFunc(rows, func(a, b readings.Row) int { return refusedFirst(a) - refusedFirst(b) })
	for _, row := range rows {
		if len(out.Rows) == mostLedgerRows {
			out.RowsMore++
			continue
		}
		out.Rows = append(out.Rows, toReading(row))
	}
	if r.Revision != 0 {
		out.BatchId, out.Revision = &r.BatchID, &r.Revision
	}
	return out
}

func refusedFirst(r readings.Row) int {
	if r.Verdict == readings.RowRefused {
		return 0
	}
	return 1
}

func toReading(row readings.Row) gen.ReadingRow {
	out := gen.ReadingRow{
		Sheet: row.Sheet, Row: int32(row.Number), Account: row.Account, Name: row.Name, Month: row.Month, Kwh: row.KWh, Before: optional(row.Before), //nolint:gosec // rows of a sheet
		Verdict: gen.ReadingRowVerdict(row.Verdict), Reason: toTextPtr(row.Reason),
	}
	if row.Case != nil {
		ref := toCaseRef(row.Case)
		out.Case = &ref
	}
	return out
}
