package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/todo"
)

// rowsHeader says how many rows a file has.
const rowsHeader = "Guatu-Rows"

// getExport streams the ledger or polygons as a file; the filter is that of GET /cases.
func (s *Server) getExport(c echo.Context) error {
	ctx := c.Request().Context()
	e, asked, err := s.openExport(c)
	if err != nil {
		return err
	}
	progress, done, err := s.exportProgress(c)
	if err != nil {
		return err
	}
	defer done()
	out := &download{Context: c, export: e, record: func() error { return s.Audit.Record(ctx, asked.entry(e)) }}
	err = e.Write(ctx, out, progress)
	if err != nil && c.Response().Committed {
		s.Log.WarnContext(ctx, "an export broke off", slog.String("file", e.File), slog.Any("error", err))
		panic(http.ErrAbortHandler) // a file that ends early must not look whole
	}
	return err
}

// askedExport is what somebody wants to take away.
type askedExport struct {
	request  export.Request
	question url.Values // the filter, and the day
	revision int64
	named    int // cases that were named one by one
}

// entry is the row of the access log. What was searched for may be somebody's name: it says only that there was a search.
func (a askedExport) entry(e *export.Export) audit.Entry {
	searched := a.question.Has("q")
	a.question.Del("q")
	return audit.Entry{Kind: audit.Export, Object: "export/" + a.request.Content, Details: map[string]any{
		"format": a.request.Format, "rows": e.Rows, "tables": e.Tables, "filter": a.question.Encode(), "revision": a.revision, "searched": searched, "named": a.named,
	}}
}

func (s *Server) openExport(c echo.Context) (e *export.Export, asked askedExport, err error) {
	p, err := listParams(c)
	if err != nil {
		return nil, asked, err
	}
	o, ctx := &operations{s}, c.Request().Context()
	view, err := o.viewOf(ctx, fromDate(p.AsOf), p.MinRevision)
	if err != nil {
		return nil, asked, err
	}
	query := filterOf(&p)
	filter, err := o.resolved(ctx, view, query)
	if err != nil {
		return nil, asked, err
	}
	ids, err := idsIn(c)
	if err != nil {
		return nil, asked, err
	}
	asked = askedExport{export.Request{
		Content: c.Param("content"), Format: c.QueryParam("format"), Encoding: c.QueryParam("encoding"),
		Filter: among(filter, ids), Whole: narrowsNothing(query) && ids == nil, Sort: orZero(p.Sort), Past: view.Day < campaign.DateOf(s.Clock()),
	}, valuesOf(query.Filter, fromDate(p.AsOf)), view.Revision, len(ids)}
	if err := readPlane(c, &asked.request); err != nil {
		return nil, asked, err
	}
	e, err = s.Exports.Open(view, asked.request)
	return e, asked, err
}

// readPlane reads the encoding and the coordinate system.
func readPlane(c echo.Context, r *export.Request) error {
	switch r.Encoding {
	case "", "GBK", "UTF-8":
	default:
		return badParameter("encoding", r.Encoding, nil)
	}
	switch crs := c.QueryParam("crs"); crs {
	case "", "4490":
	case "4549":
		r.CRS = 4549
	default:
		return badParameter("crs", crs, nil)
	}
	return nil
}

func narrowsNothing(q todo.Query) bool {
	return len(valuesOf(q.Filter, "")) == 0 && q.Requested == "" && !q.Decidable && !q.Told && q.Finding == ""
}

// idsIn are the cases that are named one by one, nil for none: what the page filters by that the server has no list of.
func idsIn(c echo.Context) (map[int64]bool, error) {
	text := c.QueryParam("ids")
	if text == "" {
		return nil, nil //nolint:nilnil // no such condition is the ordinary case
	}
	ids := map[int64]bool{}
	for part := range strings.SplitSeq(text, ",") {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil {
			return nil, badParameter("ids", shortened(part), err)
		}
		ids[id] = true
	}
	return ids, nil
}

// among narrows a filter to cases that are named.
func among(f chronicle.Filter, ids map[int64]bool) chronicle.Filter {
	if ids == nil {
		return f
	}
	if f.Among != nil {
		maps.DeleteFunc(ids, func(id int64, _ bool) bool { return !f.Among[id] })
	}
	f.Among = ids
	return f
}

// listParams reads the parameters of GET /cases as its own generated code does.
func listParams(c echo.Context) (gen.ListCasesParams, error) {
	var got paramsOnly
	err := (&gen.ServerInterfaceWrapper{Handler: &got}).ListCases(c)
	if err != nil {
		name := misread(err)
		return got.params, badParameter(name, c.QueryParam(name), err)
	}
	return got.params, nil
}

// misread is the parameter that generated code could not read, by what it says.
func misread(err error) string {
	said, ok := errors.AsType[*echo.HTTPError](err)
	if !ok {
		return "query"
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(fmt.Sprint(said.Message), "Invalid format for parameter "), ":")
	return name
}

// paramsOnly keeps what the generated code has read.
type paramsOnly struct {
	gen.ServerInterface

	params gen.ListCasesParams
}

// ListCases implements gen.ServerInterface.
func (p *paramsOnly) ListCases(_ echo.Context, params gen.ListCasesParams) error {
	p.params = params
	return nil
}

// download is the answer: with its first byte the entry of the access log is written, and the head goes out.
type download struct {
	echo.Context

	export *export.Export
	record func() error
	begun  bool
}

// Write implements io.Writer.
func (d *download) Write(p []byte) (int, error) {
	if !d.begun {
		if err := d.record(); err != nil {
			return 0, err
		}
		d.begin()
	}
	return d.Response().Write(p)
}

func (d *download) begin() {
	d.begun = true
	h := d.Response().Header()
	h.Set(echo.HeaderContentType, d.export.Type)
	h.Set(echo.HeaderContentDisposition, "attachment; filename*=UTF-8''"+url.PathEscape(d.export.File))
	h.Set("Cache-Control", "no-store")
	h.Set(rowsHeader, strconv.Itoa(d.export.Rows))
	d.Response().WriteHeader(http.StatusOK)
}

// exportProgress is where the progress of this export goes: to whoever watches the name that the asker gave it.
func (s *Server) exportProgress(c echo.Context) (progress export.Progress, done func(), err error) {
	name := c.QueryParam("progress")
	if name == "" {
		return nil, func() {}, nil
	}
	if _, err := uuid.Parse(name); err != nil {
		return nil, nil, badParameter("progress", name, err)
	}
	g := s.going.hold(goingName(c.Request().Context(), name))
	return g.tell, func() { g.end(); s.going.release(g) }, nil
}

// goingName keeps people from watching each other's exports.
func goingName(ctx context.Context, name string) string { return visitorIn(ctx).key() + " " + name }

// getExportProgress is a stream of how far an export is; it may begin before the export does, and ends with it.
func (s *Server) getExportProgress(c echo.Context) error {
	if _, err := uuid.Parse(c.Param("id")); err != nil {
		return badParameter("id", c.Param("id"), err)
	}
	ctx := c.Request().Context()
	g := s.going.hold(goingName(ctx, c.Param("id")))
	defer s.going.release(g)
	w := s.newEventWriter(c)
	w.begin(c)
	for {
		at, ended, moved := g.now()
		if w.event("progress", at) != nil || ended {
			return nil // it is over, or nobody listens
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return nil
		}
	}
}
