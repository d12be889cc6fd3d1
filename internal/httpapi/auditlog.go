package httpapi

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// ListAuditEntries implements gen.StrictServerInterface.
func (o *operations) ListAuditEntries(ctx context.Context, r gen.ListAuditEntriesRequestObject) (gen.ListAuditEntriesResponseObject, error) {
	p := r.Params
	q := logFilter{
		from: fromDate(p.From), until: fromDate(p.Until), kinds: orZero(p.Kind), person: orZero(p.Person), address: orZero(p.Address), outcome: orZero(p.Outcome), object: orZero(p.Object),
	}.query()
	q.Before, q.Limit = orZero(p.Before), 100
	if p.Limit != nil {
		q.Limit = *p.Limit
	}
	rows, err := o.AuditDesk.Entries(ctx, actorIn(ctx), q)
	if err != nil {
		return nil, err
	}
	names, err := o.names(ctx)
	if err != nil {
		return nil, err
	}
	page := gen.ListAuditEntries200JSONResponse{Items: make([]gen.AuditEntry, len(rows)), Kinds: choices(audit.Kinds())}
	for i, row := range rows {
		if page.Items[i], err = toAuditEntry(row, names); err != nil {
			return nil, err
		}
	}
	if len(rows) == q.Limit {
		page.NextBefore = &rows[len(rows)-1].ID
	}
	return page, nil
}

// logFilter are the parameters that both readings of the log have.
type logFilter struct {
	from, until                      campaign.Date // both included
	kinds                            []string
	person, address, outcome, object string
}

func (f logFilter) query() audit.Query {
	q := audit.Query{From: dayBegins(f.from), Until: dayBegins(f.until.AddDays(1)), Person: f.person, Address: f.address, Outcome: f.outcome, Object: f.object}
	for _, k := range f.kinds {
		q.Kinds = append(q.Kinds, audit.Kind(k))
	}
	return q
}

// dayBegins is when a day begins in Shanghai; zero for none.
func dayBegins(d campaign.Date) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), campaign.Shanghai())
	if err != nil {
		return time.Time{}
	}
	return t
}

// logFilterIn reads the parameters of a request that no generated code has read.
func logFilterIn(c echo.Context) (logFilter, error) {
	f := logFilter{person: c.QueryParam("person"), address: c.QueryParam("address"), outcome: c.QueryParam("outcome"), object: c.QueryParam("object")}
	if kinds := c.QueryParam("kind"); kinds != "" {
		f.kinds = strings.Split(kinds, ",")
	}
	for name, into := range map[string]*campaign.Date{"from": &f.from, "until": &f.until} {
		text := c.QueryParam(name)
		if text == "" {
			continue
		}
		var err error
		if *into, err = campaign.ParseDate(text); err != nil {
			return f, badParameter(name, text, err)
		}
	}
	return f, nil
}

// names are the names of everybody, by code.
func (o *operations) names(ctx context.Context) (map[string]string, error) {
	people, err := o.Catalogue.People(ctx, auth.Everything())
	names := make(map[string]string, len(people))
	for _, p := range people {
		names[p.Code] = p.Name
	}
	return names, err
}

func toAuditEntry(r audit.Row, names map[string]string) (gen.AuditEntry, error) {
	e := gen.AuditEntry{
		Id: r.ID, RecordedAt: r.RecordedAt, HappenedAt: r.HappenedAt, Kind: string(r.Kind), KindName: toText(audit.KindName(r.Kind)), Outcome: r.Outcome, OutcomeName: toText(audit.OutcomeName(r.Outcome)),
		Actor: r.Actor, Login: r.Login, Address: r.Address, Agent: r.Agent, Request: r.Request, Object: r.Object, ActorName: orNil(names[r.Actor]),
	}
	if err := json.Unmarshal([]byte(r.Text), &e.Details); err != nil {
		return e, fmt.Errorf("entry %d of the access log: %w", r.ID, err)
	}
	return e, nil
}

// GetAuditState implements gen.StrictServerInterface.
func (o *operations) GetAuditState(ctx context.Context, _ gen.GetAuditStateRequestObject) (gen.GetAuditStateResponseObject, error) {
	s, err := o.AuditDesk.State(ctx, actorIn(ctx))
	if err != nil {
		return nil, err
	}
	public, err := s.Key.PEM()
	if err != nil {
		return nil, err
	}
	const day = 24 * time.Hour
	out := gen.GetAuditState200JSONResponse{
		Now: s.Now, Journal: toHead(s.Journal), Access: toHead(s.Access), Anchors: make([]gen.Anchor, len(s.Anchors)),
		Key: s.Key.Name(), PublicKey: string(public), KeepDays: int32(s.Keep / day), //nolint:gosec // a few thousand days
	}
	for i, a := range s.Anchors {
		out.Anchors[i] = gen.Anchor{Day: toDate(a.Day), At: a.At, Journal: toHead(a.Journal), Access: toHead(a.Access), Key: a.Key, Signature: a.Signature}
	}
	if v := s.Verified; v != nil {
		out.Verified = &struct {
			At       time.Time `json:"at"`
			Findings int32     `json:"findings"`
		}{v.At, int32(v.Findings)} //nolint:gosec // a few hundred at most
	}
	return out, nil
}

func toHead(h audit.Head) gen.ChainHead { return gen.ChainHead{Id: h.ID, Hash: h.Hash.String()} }

// exportAudit sends the entries as a spreadsheet, or streams them as CSV. Nothing is sent before the export itself is in the log.
func (s *Server) exportAudit(c echo.Context) error {
	f, err := logFilterIn(c)
	if err != nil {
		return err
	}
	switch form := c.QueryParam("format"); form {
	case "", "csv":
		return s.exportCSV(c, f)
	case "xlsx":
		return s.exportSheet(c, f)
	default:
		return badParameter("format", form, nil)
	}
}

// exportSheet writes the file when all rows are in it: a refusal under way is still an answer.
func (s *Server) exportSheet(c echo.Context, f logFilter) (err error) {
	sheet, err := export.NewTextSheet("访问日志", logHeads(), []float64{8, 20, 20, 16, 16, 14, 14, 16, 34, 16, 40, 60})
	if err != nil {
		return err
	}
	defer func() {
		if closed := sheet.Close(); err == nil {
			err = closed
		}
	}()
	ctx := c.Request().Context()
	err = s.AuditDesk.Export(ctx, actorIn(ctx), f.query(), func(rows []audit.Row) error {
		for _, r := range rows {
			if err := sheet.Add(logRow(r)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	sendFile(c, export.SpreadsheetType, "xlsx")
	return sheet.Write(c.Response())
}

// sendFile begins the answer of an export of the log.
func sendFile(c echo.Context, media, extension string) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, media)
	h.Set(echo.HeaderContentDisposition, `attachment; filename="access-log.`+extension+`"; filename*=UTF-8''%E8%AE%BF%E9%97%AE%E6%97%A5%E5%BF%97.`+extension)
	c.Response().WriteHeader(http.StatusOK)
}

func (s *Server) exportCSV(c echo.Context, f logFilter) error {
	var w *csv.Writer
	ctx := c.Request().Context()
	err := s.AuditDesk.Export(ctx, actorIn(ctx), f.query(), func(rows []audit.Row) error {
		if w == nil {
			w = beginCSV(c)
		}
		for _, r := range rows {
			if err := w.Write(csvRow(r)); err != nil {
				return err
			}
		}
		w.Flush()
		return w.Error()
	})
	if err != nil && c.Response().Committed {
		s.Log.WarnContext(ctx, "export of the access log broke off", slog.Any("error", err))
		panic(http.ErrAbortHandler) // a file that ends early must not look whole
	}
	return err
}

// byteOrderMark makes spreadsheets read UTF-8.
const byteOrderMark = "\ufeff"

func beginCSV(c echo.Context) *csv.Writer {
	sendFile(c, "text/csv; charset=utf-8", "csv")
	w := csv.NewWriter(c.Response())
	_, err := c.Response().Write([]byte(byteOrderMark))
	if err == nil {
		err = w.Write(logHeads())
	}
	if err != nil {
		panic(http.ErrAbortHandler) // nobody listens any more
	}
	return w
}

func logHeads() []string {
	return []string{"序号", "记录时间", "发生时间", "类别", "结果", "人员", "账号", "地址", "对象", "请求", "客户端", "详情"}
}

func logRow(r audit.Row) []string {
	at := func(t time.Time) string { return t.In(campaign.Shanghai()).Format(time.DateTime) }
	return []string{strconv.FormatInt(r.ID, 10), at(r.RecordedAt), at(r.HappenedAt), audit.KindName(r.Kind).ZH, audit.OutcomeName(r.Outcome).ZH, r.Actor, r.Login, r.Address, r.Object, r.Request, r.Agent, r.Text}
}

func csvRow(r audit.Row) []string {
	row := logRow(r)
	for i := range row {
		row[i] = plainCell(row[i])
	}
	return row
}

// plainCell keeps a spreadsheet from taking what somebody sent for a formula.
func plainCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
