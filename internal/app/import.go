package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/pgcluster"
)

const cliDevice = "guatu import"

// importArgs are the words of guatu import.
type importArgs struct {
	file   string
	opts   interchange.Options
	dryRun bool
	json   bool
}

func parseImport(t Terminal, args []string) (importArgs, error) {
	a := importArgs{opts: interchange.Options{Map: map[string]string{}}}
	f := flag.NewFlagSet("guatu import", flag.ContinueOnError)
	f.SetOutput(t.Err)
	f.StringVar(&a.opts.CRS, "crs", "", "坐标系，如 4549  coordinate system, for example 4549")
	f.StringVar(&a.opts.Encoding, "encoding", "", "编码，GBK 或 UTF-8  encoding, GBK or UTF-8")
	f.StringVar(&a.opts.Layer, "layer", "", "图层名  layer of a file with several")
	f.BoolVar(&a.opts.Repair, "repair", false, "修复自相交等错误  repair self-intersections and bad holes")
	f.BoolVar(&a.dryRun, "dry-run", false, "只预览，不写入  preview, write nothing")
	f.BoolVar(&a.json, "json", false, "以 JSON 输出  print the report as JSON")
	f.Func("map", "字段=列名，可多次  field=column, may be repeated; fields: code, label", func(s string) error {
		field, column, ok := strings.Cut(s, "=")
		if !ok {
			return errors.New("field=column")
		}
		a.opts.Map[field] = column
		return nil
	})
	files, err := parseMixed(f, args)
	if err == nil && len(files) != 1 {
		err = errors.New("exactly one file")
	}
	if err != nil {
		return a, fault.New(fault.KindInvalid, "bad_arguments", "用法：guatu import 文件 [选项]", "usage: guatu import FILE [options]").Because(err)
	}
	a.file = files[0]
	return a, nil
}

// parseMixed lets flags stand after the file as well.
func parseMixed(f *flag.FlagSet, args []string) ([]string, error) {
	var files []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		if f.NArg() == 0 {
			return files, nil
		}
		files = append(files, f.Arg(0))
		args = f.Args()[1:]
	}
}

func importFile(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error) {
	a, err := parseImport(t, args)
	if err != nil {
		return exitRefused, err
	}
	if st, err := os.Stat(a.file); err != nil || st.IsDir() {
		return exitRefused, fault.New(fault.KindInvalid, "file_missing", "找不到文件 "+a.file, "cannot find the file "+a.file).Because(err)
	}
	told := t
	if a.json {
		told.Out = t.Err // the report alone goes to the output
	}
	report, err := runImport(ctx, told, cfg, a)
	if err != nil {
		return exitRefused, err
	}
	if a.json {
		err = json.NewEncoder(t.Out).Encode(report)
	} else {
		printReport(t, report)
	}
	switch {
	case report.Refusal != nil:
		return exitRefused, err
	case len(report.Rejected) > 0:
		return exitPartly, err
	}
	return exitOK, err
}

// runImport sends the file to the running server, or starts the database itself.
func runImport(ctx context.Context, t Terminal, cfg config.Config, a importArgs) (gen.ImportReport, error) {
	if info, running := pgcluster.Running(cfg.Data); running {
		if info.Address == "" {
			return gen.ImportReport{}, fault.New(fault.KindUnavailable, "server_starting", "服务正在启动，请稍后再试", "the server is starting; please try again in a moment")
		}
		return sendImport(ctx, info.Address, a)
	}
	h, err := openHouse(ctx, t, cfg, false)
	if err != nil {
		return gen.ImportReport{}, err
	}
	report, err := h.importHere(ctx, a)
	return report, errors.Join(err, h.close(ctx))
}

func (h *house) importHere(ctx context.Context, a importArgs) (gen.ImportReport, error) {
	if err := h.ensureCampaign(ctx, false); err != nil {
		return gen.ImportReport{}, err
	}
	importer, err := h.importer()
	if err != nil {
		return gen.ImportReport{}, err
	}
	out, err := importer.Import(ctx, auth.System(), interchange.Request{
		Path: a.file, Filename: filepath.Base(a.file), Options: a.opts, OpID: uuid.New(), Device: cliDevice, DryRun: a.dryRun,
	})
	if err != nil {
		return gen.ImportReport{}, err
	}
	return httpapi.ToImportReport(out), nil
}

// sendImport streams the file to the running server.
func sendImport(ctx context.Context, address string, a importArgs) (gen.ImportReport, error) {
	var report gen.ImportReport
	body, contentType := multipartBody(a)
	defer body.Close() //nolint:errcheck // the writing side learns of it
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address+"/api/v1/imports", body)
	if err != nil {
		return report, err
	}
	req.Header.Set("Content-Type", contentType)
	req.AddCookie(&http.Cookie{Name: "guatu_person", Value: auth.System().ID}) //nolint:gosec // sent, not set: its attributes mean nothing
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return report, fault.New(fault.KindUnavailable, "server_away", "暂时连不上服务器，未导入", "the server cannot be reached; nothing was imported").Because(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return report, err
	}
	if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusUnprocessableEntity {
		err := json.Unmarshal(text, &report)
		return report, err
	}
	var p gen.Problem
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&p); err != nil {
		return report, fmt.Errorf("the server answered %s: %w", resp.Status, err)
	}
	return report, fault.New(fault.KindConflict, p.Code, p.Detail, p.DetailEn)
}

func multipartBody(a importArgs) (body io.ReadCloser, contentType string) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() { w.CloseWithError(writeForm(form, a)) }()
	return r, form.FormDataContentType()
}

func writeForm(form *multipart.Writer, a importArgs) error {
	fields := map[string]string{
		"crs": a.opts.CRS, "encoding": a.opts.Encoding, "layer": a.opts.Layer, "device": cliDevice,
		"repair": strconv.FormatBool(a.opts.Repair), "dry_run": strconv.FormatBool(a.dryRun),
	}
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			return err
		}
	}
	for field, column := range a.opts.Map {
		if err := form.WriteField("map", field+"="+column); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", filepath.Base(a.file))
	if err != nil {
		return err
	}
	f, err := os.Open(a.file)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // opened for reading
	if _, err := io.Copy(part, f); err != nil {
		return err
	}
	return form.Close()
}

func printReport(t Terminal, r gen.ImportReport) {
	if r.Refusal != nil {
		t.say("未导入："+r.Refusal.Zh, "not imported: "+r.Refusal.En)
		for _, n := range r.Needs {
			t.say("请补充："+n, "please say: --"+n)
		}
		if r.Layers != nil {
			t.say("可选图层："+strings.Join(*r.Layers, "、"), "layers: "+strings.Join(*r.Layers, ", "))
		}
		return
	}
	verb := "已导入"
	if r.DryRun {
		verb = "预览"
	}
	t.say(fmt.Sprintf("%s：共 %d 行，可导入 %d 行，有误 %d 行", verb, r.Features, r.Accepted, len(r.Rejected)),
		fmt.Sprintf("%d rows, %d accepted, %d rejected", r.Features, r.Accepted, len(r.Rejected)))
	t.say(fmt.Sprintf("新增 %d，变化 %d，无变化 %d", r.Created, r.Changed, r.Unchanged),
		fmt.Sprintf("%d new, %d changed, %d unchanged", r.Created, r.Changed, r.Unchanged))
	if r.TotalMu != nil {
		t.say(fmt.Sprintf("面积合计 %s 亩（%.2f ㎡，CGCS2000椭球）", *r.TotalMu, *r.TotalM2), "total area "+*r.TotalMu+" mu")
	}
	for _, row := range r.Rejected {
		t.say(fmt.Sprintf("第 %d 行：%s", row.Row, row.Reason.Zh), fmt.Sprintf("row %d: %s", row.Row, row.Reason.En))
	}
	for _, f := range r.Findings {
		row := ""
		if f.Row != nil {
			row = fmt.Sprintf("%d: ", *f.Row)
		}
		t.say("提示："+row+f.Text.Zh, "note: "+f.Text.En)
	}
}
