package app

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/interchange/child"
)

const cliExport = "guatu export"

// exportArgs are the words of guatu export.
type exportArgs struct {
	file, asOf string
	request    export.Request
}

func parseExport(t Terminal, args []string) (exportArgs, error) {
	var a exportArgs
	r := &a.request
	f := flag.NewFlagSet(cliExport, flag.ContinueOnError)
	f.SetOutput(t.Err)
	f.StringVar(&r.Format, "format", "", "xlsx、shp、gpkg、geojson、kml、dxf、landtxt；缺省按文件名  by the file's name when left out")
	f.StringVar(&r.Encoding, "encoding", "", "GBK（缺省）或 UTF-8  of shp and landtxt: GBK, the default, or UTF-8")
	f.IntVar(&r.CRS, "crs", 0, "shp 的坐标系：4490（缺省）或 4549  of shp: 4490, the default, or 4549")
	f.StringVar(&a.asOf, "as-of", "", "某日，如 2020-08-31  a day, for example 2020-08-31")
	f.StringVar(&r.Filter.Unit, "unit", "", "责任主体代码  code of a unit")
	f.StringVar(&r.Filter.Track, "track", "", "类别代码  code of a track")
	f.StringVar(&r.Filter.Query, "q", "", "编号、名称、村  part of code, name or village")
	f.Func("stage", "阶段 1 至 9，逗号分隔  stages 1 to 9, comma separated", func(s string) error {
		for part := range strings.SplitSeq(s, ",") {
			n, err := strconv.Atoi(part)
			if err != nil {
				return err
			}
			r.Filter.Stages = append(r.Filter.Stages, n)
		}
		return nil
	})
	rest, err := parseMixed(f, args)
	if err == nil && len(rest) != 2 {
		err = errors.New("content and file")
	}
	if err != nil {
		return a, fault.New(fault.KindInvalid, "bad_arguments", "用法：guatu export ledger|parcels|recovered|effective 文件 [选项]", "usage: guatu export ledger|parcels|recovered|effective FILE [options]").Because(err)
	}
	r.Content, a.file = rest[0], rest[1]
	if r.Format == "" {
		r.Format = formatOf(a.file)
	}
	r.Whole = r.Filter.Unit == "" && r.Filter.Track == "" && r.Filter.Query == "" && r.Filter.Stages == nil
	return a, nil
}

// formatOf is the format that a file's name means.
func formatOf(file string) string {
	extension := strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")
	switch extension {
	case "zip":
		return "shp"
	case "txt":
		return "landtxt"
	}
	return extension
}

// exportFile writes a file for the machine's owner, beside a running server or without one.
func exportFile(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error) {
	a, err := parseExport(t, args)
	if err != nil {
		return exitRefused, err
	}
	b, err := openBeside(ctx, t, cfg)
	if err != nil {
		return exitRefused, err
	}
	defer b.done()
	e, err := b.openExport(ctx, cfg, &a)
	if err != nil {
		return exitRefused, err
	}
	entry := audit.Entry{Kind: audit.Export, Object: "export/" + a.request.Content, Details: map[string]any{"format": a.request.Format, "rows": e.Rows, "tables": e.Tables}}
	if err := b.access.Record(onTheMachine(ctx, cliExport), entry); err != nil {
		return exitRefused, err
	}
	progress := newProgressLine(t)
	err = writeExport(ctx, e, a.file, func(done, total int) { progress.tell("export", done, total) })
	progress.clear()
	if err != nil {
		return exitRefused, err
	}
	t.say(fmt.Sprintf("已导出 %d 条：%s", e.Rows, a.file), fmt.Sprintf("%d rows exported", e.Rows))
	return exitOK, nil
}

func (b *beside) openExport(ctx context.Context, cfg config.Config, a *exportArgs) (*export.Export, error) {
	book, err := chronicle.Open(ctx, b.store)
	if err != nil {
		return nil, err
	}
	view, err := viewFor(book, a.asOf)
	if err != nil {
		return nil, err
	}
	tools, err := exportTools(filepath.Join(cfg.Data, "uploads"))
	if err != nil {
		return nil, err
	}
	a.request.Past = view.Day < today(view)
	return (&export.Desk{Shapes: b.store, Library: b.store, Tools: tools}).Open(view, a.request)
}

// viewFor is the program's view of a day, "" being the campaign's today.
func viewFor(book *chronicle.Book, asOf string) (*chronicle.View, error) {
	now := today(book.Now(auth.Everything(), ""))
	if asOf == "" {
		return book.Now(auth.Everything(), now), nil
	}
	day, err := campaign.ParseDate(asOf)
	if err != nil {
		return nil, fault.New(fault.KindInvalid, "bad_arguments", "日期有误："+asOf, "the day is wrong: "+asOf).Because(err)
	}
	return book.AsOf(auth.Everything(), day, now)
}

// today is the civil day by the campaign's clock.
func today(v *chronicle.View) campaign.Date {
	return campaign.DateOf(v.Definition.Clock.Now(time.Now()))
}

// writeExport writes beside the file and puts it in its place when it is whole.
func writeExport(ctx context.Context, e *export.Export, path string, progress export.Progress) error {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // named by the machine's owner
	if err != nil {
		return fault.New(fault.KindInvalid, "cannot_write", "不能写入 "+path, "cannot write "+path).Because(err)
	}
	out := bufio.NewWriter(f)
	if err = e.Write(ctx, out, progress); err == nil {
		err = out.Flush()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		return os.Rename(part, path)
	}
	return errors.Join(err, os.Remove(part))
}

// mostExported is what GDAL may write to one file on its way out.
const mostExported = 8 << 30

// exportTools is GDAL for formats that it writes.
func exportTools(folder string) (*child.Runner, error) {
	return child.New(child.Config{WorkDir: folder, Memory: interchange.DefaultLimits().ChildMemory, Output: mostExported})
}
