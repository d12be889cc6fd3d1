package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/interchange"
)

// postImport takes a file in. The upload is spooled to disk part by part; no part is held in memory.
func (s *Server) postImport(c echo.Context) error {
	actor := actorIn(c.Request().Context())
	dir, err := os.MkdirTemp(s.UploadDir, "guatu-upload-")
	if err != nil {
		return fmt.Errorf("make a folder for the upload: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	req, err := readUpload(c.Request(), dir)
	if err != nil {
		return err
	}
	if err := s.expectDistrict(c.Request().Context(), &req); err != nil {
		return err
	}
	if strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "text/event-stream") {
		return s.streamImport(c, actor, req)
	}
	out, err := s.Importer.Import(c.Request().Context(), actor, req)
	if err != nil {
		return err
	}
	status := http.StatusOK
	if out.Refusal != nil {
		status = http.StatusUnprocessableEntity
	}
	return c.JSON(status, ToImportReport(out))
}

// expectDistrict says where parcels are expected: in the units.
func (s *Server) expectDistrict(ctx context.Context, req *interchange.Request) error {
	d, err := s.definition(ctx)
	if err != nil {
		return err
	}
	req.Options.District = s.Layers.Now().District()
	req.Options.DistrictName = interchange.Text{ZH: d.District.ZH, EN: d.District.EN}
	return nil
}

// streamImport answers with events: progress, then the report or the problem.
func (s *Server) streamImport(c echo.Context, actor auth.Actor, req interchange.Request) error {
	return s.streamed(c, func(ctx context.Context, progress func(phase string, done, total int)) (any, error) {
		req.Progress = progress
		out, err := s.Importer.Import(ctx, actor, req)
		return ToImportReport(out), err
	})
}

// streamed tells how far an import is, then what it came to.
func (s *Server) streamed(c echo.Context, do func(ctx context.Context, progress func(phase string, done, total int)) (any, error)) error {
	ctx, stop := context.WithCancel(c.Request().Context())
	defer stop()
	w := s.newEventWriter(c)
	w.begin(c)
	report, err := do(ctx, func(phase string, done, total int) {
		if w.event("progress", gen.ImportProgress{Phase: gen.ImportProgressPhase(phase), Done: int64(done), Total: int64(total)}) != nil {
			stop() // nobody listens any more: the import is taken back
		}
	})
	if err != nil {
		p, _ := s.problem(c, err)
		err = w.event("problem", p)
	} else {
		err = w.event("report", report)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "tell the end of an import", slog.Any("error", err))
	}
	return nil
}

func badUpload(err error) error {
	return fault.New(fault.KindInvalid, "bad_upload", "上传的内容有误，请重新选择文件", "the upload is malformed; please choose the file again").Because(err)
}

const longestField = 4096

func readUpload(r *http.Request, dir string) (interchange.Request, error) {
	req := interchange.Request{OpID: uuid.New(), Device: "browser", Options: interchange.Options{Map: map[string]string{}}}
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
		if err := readPart(&req, part, dir); err != nil {
			return req, err
		}
	}
	if req.Path == "" {
		return req, fault.New(fault.KindInvalid, "file_missing", "请选择要导入的文件", "please choose a file to import")
	}
	return req, nil
}

// uploadError keeps the limit's own answer.
func uploadError(err error) error {
	if he, ok := errors.AsType[*echo.HTTPError](err); ok {
		return he
	}
	return badUpload(err)
}

func readPart(req *interchange.Request, part *multipart.Part, dir string) error {
	if part.FormName() == "file" {
		return spool(req, part, dir)
	}
	text, err := io.ReadAll(io.LimitReader(part, longestField))
	if err != nil {
		return uploadError(err)
	}
	return setOption(req, part.FormName(), strings.TrimSpace(string(text)))
}

func setOption(req *interchange.Request, name, value string) error {
	var err error
	switch name {
	case "crs":
		req.Options.CRS = value
	case "encoding":
		req.Options.Encoding = value
	case "layer":
		req.Options.Layer = value
	case "into":
		req.Options.Into = value
	case "device":
		req.Device = value
	case "repair":
		req.Options.Repair, err = strconv.ParseBool(value)
	case "dry_run":
		req.DryRun, err = strconv.ParseBool(value)
	case "op_id":
		req.OpID, err = uuid.Parse(value)
	case "leave_out":
		err = leaveOut(req, value)
	case "map":
		field, column, ok := strings.Cut(value, "=")
		if !ok {
			return badParameter(name, value, nil)
		}
		req.Options.Map[field] = column
	default:
		return badParameter(name, value, nil)
	}
	if err != nil {
		return badParameter(name, value, err)
	}
	return nil
}

// leaveOut adds rows, comma separated.
func leaveOut(req *interchange.Request, value string) error {
	for row := range strings.SplitSeq(value, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(row))
		if err != nil {
			return err
		}
		req.Options.LeaveOut = append(req.Options.LeaveOut, n)
	}
	return nil
}

func spool(req *interchange.Request, part *multipart.Part, dir string) error {
	if req.Path != "" {
		return fault.New(fault.KindInvalid, "one_file", "一次只能导入一个文件", "one file at a time, please")
	}
	req.Filename = filepath.Base(part.FileName())
	req.Path = filepath.Join(dir, "upload")
	return spoolTo(req.Path, part)
}

// spoolTo writes what is sent to a new file.
func spoolTo(path string, part io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // in a folder of this request
	if err != nil {
		return fmt.Errorf("spool the upload: %w", err)
	}
	_, err = io.Copy(f, part)
	if err := errors.Join(err, f.Close()); err != nil {
		return uploadError(err)
	}
	return nil
}
