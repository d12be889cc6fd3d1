package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange"
)

// Bounds of what is sent at once: the workbooks of every town of a district.
const (
	ledgersBody = "64M"
	mostBooks   = 30
	mostAnswers = 1 << 20
)

// postLedgers takes ledgers in; with Accept: text/event-stream it tells how far it is.
func (s *Server) postLedgers(c echo.Context) error {
	return s.withLedgers(c, func(req caseimport.Request) error {
		actor := actorIn(c.Request().Context())
		if strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/event-stream") {
			return s.streamed(c, func(ctx context.Context, progress func(phase string, done, total int)) (any, error) {
				req.Progress = func(done, total int) { progress(interchange.PhaseWrite, done, total) }
				report, err := s.Ledgers.Import(ctx, actor, req)
				return toLedgerReport(&report), err
			})
		}
		report, err := s.Ledgers.Import(c.Request().Context(), actor, req)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, toLedgerReport(&report))
	})
}

// postReturns answers the same files with the workbook of the rows that are not let in, of one unit or of all.
func (s *Server) postReturns(c echo.Context) error {
	return s.withLedgers(c, func(req caseimport.Request) error {
		req.DryRun = true
		report, err := s.Ledgers.Import(c.Request().Context(), actorIn(c.Request().Context()), req)
		if err != nil {
			return err
		}
		unit := c.QueryParam("unit")
		var book bytes.Buffer
		if err := report.WriteReturns(&book, unit); err != nil {
			return err
		}
		return sendBook(c, "退回清单", s.unitName(c, unit), &book)
	})
}

// getTemplate sends an empty ledger with lists to choose from.
func (s *Server) getTemplate(c echo.Context) error {
	v, err := (&operations{s}).viewOf(c.Request().Context(), "", nil)
	if err != nil {
		return err
	}
	var book bytes.Buffer
	unit := c.QueryParam("unit")
	if err := caseimport.WriteTemplate(&book, v, c.QueryParam("track"), unit); err != nil {
		return err
	}
	return sendBook(c, "台账模板", s.unitName(c, unit), &book)
}

// unitName is the name of a unit for the name of a file.
func (s *Server) unitName(c echo.Context, code string) string {
	v, err := (&operations{s}).viewOf(c.Request().Context(), "", nil)
	if err != nil {
		return code
	}
	for _, u := range v.Units {
		if u.Code == code {
			return u.Name.ZH
		}
	}
	return ""
}

func sendBook(c echo.Context, what, whose string, book *bytes.Buffer) error {
	name := what + ".xlsx"
	if whose != "" {
		name = what + "_" + whose + ".xlsx"
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, "attachment; filename*=UTF-8''"+url.PathEscape(name))
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(book.Len()))
	return c.Blob(http.StatusOK, caseimport.SheetType, book.Bytes())
}

// withLedgers spools the workbooks of a request to disk for as long as something is done with them.
func (s *Server) withLedgers(c echo.Context, do func(caseimport.Request) error) error {
	dir, err := os.MkdirTemp(s.UploadDir, "guatu-upload-")
	if err != nil {
		return fmt.Errorf("make a folder for the upload: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	req, err := readLedgers(c.Request(), dir)
	if err != nil {
		return err
	}
	if req.View, err = (&operations{s}).viewOf(c.Request().Context(), "", nil); err != nil {
		return err
	}
	return do(req)
}

func readLedgers(r *http.Request, dir string) (caseimport.Request, error) {
	req := caseimport.Request{OpID: uuid.New(), Device: "browser"}
	parts, err := r.MultipartReader()
	if err != nil {
		return req, badUpload(err)
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return req, uploadError(err)
		}
		if err := readLedgerPart(&req, part, dir); err != nil {
			return req, err
		}
	}
	if len(req.Files) == 0 {
		return req, fault.New(fault.KindInvalid, "file_missing", "请选择要导入的文件", "please choose a file to import")
	}
	return req, nil
}

func readLedgerPart(req *caseimport.Request, part *multipart.Part, dir string) error {
	name := part.FormName()
	if name == "file" {
		return spoolLedger(req, part, dir)
	}
	text, err := io.ReadAll(io.LimitReader(part, mostAnswers))
	if err != nil {
		return uploadError(err)
	}
	value := strings.TrimSpace(string(text))
	switch name {
	case "answers":
		err = json.Unmarshal(text, &req.Answers)
	case "dry_run":
		req.DryRun, err = strconv.ParseBool(value)
	case "op_id":
		req.OpID, err = uuid.Parse(value)
	case "device":
		req.Device = value
	default:
		return badParameter(name, shortened(value), nil)
	}
	if err != nil {
		return badParameter(name, shortened(value), err)
	}
	return nil
}

func spoolLedger(req *caseimport.Request, part *multipart.Part, dir string) error {
	if len(req.Files) == mostBooks {
		return fault.New(fault.KindInvalid, "too_many_files", fmt.Sprintf("一次最多导入 %d 个文件", mostBooks), fmt.Sprintf("at most %d files at once, please", mostBooks))
	}
	file := caseimport.File{Path: filepath.Join(dir, strconv.Itoa(len(req.Files))+".xlsx"), Name: filepath.Base(part.FileName())}
	if err := spoolTo(file.Path, part); err != nil {
		return err
	}
	req.Files = append(req.Files, file)
	return nil
}
