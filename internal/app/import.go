package app

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
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
	f.StringVar(&a.opts.Into, "into", "", "导入为区划图层，如 planning  into a layer of zones, for example planning")
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
	progress := newProgressLine(t)
	report, err := runImport(ctx, told, cfg, a, progress)
	progress.clear()
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
func runImport(ctx context.Context, t Terminal, cfg config.Config, a importArgs, progress *progressLine) (gen.ImportReport, error) {
	if info, running := pgcluster.Running(cfg.Data); running {
		if info.Address == "" {
			return gen.ImportReport{}, fault.New(fault.KindUnavailable, "server_starting", "服务正在启动，请稍后再试", "the server is starting; please try again in a moment")
		}
		return sendImport(ctx, info, a, progress)
	}
	h, err := openHouse(ctx, t, cfg, false)
	if err != nil {
		return gen.ImportReport{}, err
	}
	report, err := h.importHere(ctx, a, progress)
	return report, errors.Join(err, h.close(ctx))
}

func (h *house) importHere(ctx context.Context, a importArgs, progress *progressLine) (gen.ImportReport, error) {
	if err := h.ensureCampaign(ctx, false); err != nil {
		return gen.ImportReport{}, err
	}
	importer, err := h.importer()
	if err != nil {
		return gen.ImportReport{}, err
	}
	ctx = onTheMachine(ctx, cliDevice)
	out, err := loggedImporter{importer, h.access}.Import(ctx, auth.System(), interchange.Request{
		Path: a.file, Filename: filepath.Base(a.file), Options: a.opts, OpID: uuid.New(), Device: cliDevice, DryRun: a.dryRun, Progress: progress.tell,
	})
	if err != nil {
		return gen.ImportReport{}, err
	}
	return httpapi.ToImportReport(out), nil
}
