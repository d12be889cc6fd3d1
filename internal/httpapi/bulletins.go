package httpapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/bulletin"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/report"
)

// ListBulletins implements gen.StrictServerInterface.
func (o *operations) ListBulletins(ctx context.Context, _ gen.ListBulletinsRequestObject) (gen.ListBulletinsResponseObject, error) {
	found, err := o.Bulletins.Library.Bulletins(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	out := gen.ListBulletins200JSONResponse{Items: make([]gen.Bulletin, len(found)), Fonts: bulletin.Fonts()}
	for i := range found {
		out.Items[i] = o.toBulletin(&found[i], people)
	}
	return out, err
}

// GetMessage implements gen.StrictServerInterface.
func (o *operations) GetMessage(ctx context.Context, r gen.GetMessageRequestObject) (gen.GetMessageResponseObject, error) {
	if err := o.arrived(ctx, r.Params.MinRevision); err != nil {
		return nil, err
	}
	f, err := o.Report.Figures(ctx, scopeIn(ctx), report.Query{Cycle: figures.CycleDay})
	if err != nil {
		return nil, err
	}
	unsigned, err := o.unsigned(ctx, auth.Everything(), "") // a figure: the same for everybody
	return gen.GetMessage200JSONResponse{Revision: f.View.Revision, Text: bulletin.Daily(&f, int(unsigned), o.Clock().In(campaign.Shanghai()))}, err
}

// GetBulletin implements gen.StrictServerInterface.
func (o *operations) GetBulletin(ctx context.Context, r gen.GetBulletinRequestObject) (gen.GetBulletinResponseObject, error) {
	mine, err := o.Bulletins.Library.Bulletin(ctx, scopeIn(ctx), r.Id)
	if err != nil {
		return nil, err
	}
	if mine.Bulletin.ID == 0 {
		return nil, fault.New(fault.KindNotFound, "bulletin_not_found", "没有这一期通报", "there is no such bulletin")
	}
	whole, err := o.Bulletins.Library.Bulletin(ctx, auth.Everything(), r.Id)
	if err != nil {
		return nil, err
	}
	c, err := o.Bulletins.Compose(ctx, whole)
	if err != nil {
		return nil, err
	}
	people, err := o.roles(ctx)
	out := gen.GetBulletin200JSONResponse{
		Bulletin: o.toBulletin(&whole.Bulletin, people), Units: []gen.BulletinUnit{}, Steps: bulletinSteps(actorIn(ctx), &whole.Bulletin),
		Message: c.Message(), Corrections: append([]string{}, c.Corrected()...), Compared: c.Compared(),
	}
	for i := range c.Sheet.Rows {
		out.Units = append(out.Units, toBulletinUnit(c, &c.Sheet.Rows[i], mine.Answers, people))
	}
	out.Files = filesToCome(c, out.Bulletin.Files)
	return out, err
}

// filesToCome are the files as issued, or their names.
func filesToCome(c *bulletin.Content, issued []gen.BulletinFile) []gen.BulletinFile {
	if len(issued) > 0 {
		return issued
	}
	var out []gen.BulletinFile
	for i, name := range c.Names() {
		out = append(out, gen.BulletinFile{Place: int32(i), Name: name})
	}
	return out
}

func (s *Server) toBulletin(b *ledger.Bulletin, people named) gen.Bulletin {
	out := gen.Bulletin{
		Id: b.ID, Version: b.Version, Monthly: b.Monthly, Number: int32(b.Number), On: toDate(b.On), From: toDate(figures.EndingOn(b.On, b.Monthly).From), //nolint:gosec // issues of a year
		DocumentNumber: b.DocumentNumber(), Revision: b.Revision, Stage: gen.BulletinStage(b.Stage), CheckBy: toDate(b.CheckBy),
		Outlook: optional(b.Outlook), Reason: optional(b.Reason), Acts: toActs(b.Acts, people), Files: []gen.BulletinFile{},
	}
	for i, f := range b.Files {
		out.Files = append(out.Files, gen.BulletinFile{Place: int32(i), Name: f.Name, Size: &f.Size, Sha256: &f.SHA256})
	}
	return out
}

func toBulletinUnit(c *bulletin.Content, r *report.Row, seen []ledger.BulletinAnswer, people named) gen.BulletinUnit {
	out := gen.BulletinUnit{Unit: r.Code, Row: toRow(r, c.Bulletin.On), Nothing: c.Nothing(r.Code)}
	for _, a := range c.Answers {
		if a.Unit == r.Code {
			out.Answered, out.Agrees = true, &a.Agrees
		}
	}
	for _, a := range seen { // what it says in words belongs to the unit
		if a.Unit == r.Code {
			by := people.actor(a.By)
			out.Reason, out.Reply, out.By = optional(a.Reason), optional(a.Reply), &by
		}
	}
	return out
}

// bulletinSteps say which steps somebody may take, and why not.
func bulletinSteps(actor auth.Actor, b *ledger.Bulletin) []gen.BulletinStep {
	var out []gen.BulletinStep
	for _, s := range campaign.BulletinSteps() {
		told := gen.BulletinStep{Code: gen.BulletinStepCode(s.Code), Name: toText(s.Name)}
		err := actor.May("bulletin." + s.Code)
		if err == nil {
			err = s.Allow(b.Stage, actor.ID, b.Authors())
		}
		if f, refused := fault.As(err); refused {
			told.Why = toTextPtr(campaign.Text{ZH: f.ZH, EN: f.EN})
		}
		told.Allowed = err == nil
		out = append(out, told)
	}
	return out
}

// aboutBulletins reads a change about bulletins; the ledger knows its kinds.
func aboutBulletins(c gen.Change) ledger.Change {
	id := orZero(c.BulletinId)
	switch kind := string(c.Kind); kind {
	case ledger.KindBulletinFreeze:
		return ledger.FreezeBulletin{Monthly: orZero(c.Monthly), On: fromDate(c.Date), CheckBy: fromDate(c.Until)}
	case ledger.KindBulletinAnswer:
		return ledger.AnswerBulletin{Bulletin: id, Unit: orZero(c.Unit), Agrees: orZero(c.Approve), Reason: orZero(c.Reason)}
	case ledger.KindBulletinReply:
		return ledger.ReplyBulletin{Bulletin: id, Unit: orZero(c.Unit), Reply: orZero(c.Reason)}
	default:
		return ledger.StepBulletin{Bulletin: id, BaseVersion: orZero(c.BaseVersion), Step: strings.TrimPrefix(kind, "bulletin."), Text: said(c)}
	}
}

// getBulletinFile answers a file; the entry of the access log is written before its first byte.
func (s *Server) getBulletinFile(c echo.Context) error {
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return badParameter("id", shortened(c.Param("id")), err)
	}
	place, err := strconv.Atoi(c.Param("place"))
	if err != nil {
		return badParameter("place", shortened(c.Param("place")), err)
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), time.Minute)
	defer cancel()
	f, err := s.Bulletins.Read(ctx, scopeIn(ctx), id, place)
	if err != nil {
		return err
	}
	entry := audit.Entry{Kind: audit.Export, Object: "bulletin/" + c.Param("id"), Details: map[string]any{"file": place, "sha256": f.Hash()}}
	if err := s.Audit.Record(ctx, entry); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, "attachment; filename*=UTF-8''"+url.PathEscape(f.Name))
	h.Set("Cache-Control", "no-store")
	return c.Blob(http.StatusOK, f.Type, f.Content)
}
