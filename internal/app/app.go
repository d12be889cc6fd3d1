// Package app wires the rooms together and runs the subcommands; it alone
// knows them all.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
)

// Terminal is what a subcommand speaks through.
type Terminal struct {
	Out, Err io.Writer
	Env      func(string) (string, bool)
}

// say writes a line for people: Chinese, then English.
func (t Terminal) say(zh, en string) { fmt.Fprintf(t.Out, "%s  %s\n", zh, en) } //nolint:errcheck // a terminal that is gone hears nothing

// Exit codes.
const (
	exitOK      = 0
	exitPartly  = 1 // import: some rows were rejected
	exitRefused = 2 // nothing was done
)

// command is one subcommand.
type command struct {
	name, args, zh, en string
	run                func(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error)
}

func commands() []command {
	return []command{
		{"serve", "", "启动服务", "serve the map", serve},
		{"demo", "", "启动演示：首次载入演示数据", "serve, with demo data loaded the first time", serveDemo},
		{"migrate", "[down]", "升级数据库结构", "bring the database schema up to date", migrate},
		{"import", "FILE [--crs --encoding --map field=column --layer --repair --dry-run --json]", "导入地块", "import parcels from a file", importFile},
		{"export", "ledger|parcels|recovered|effective FILE [--format --encoding --crs --as-of --unit --track --stage --q]", "导出台账、图斑", "export the ledger or polygons to a file", exportFile},
		{"bulletin", "--as-of DAY [--weekly --out FOLDER]", "制作通报文件，与印发的核对", "make the files of a bulletin and compare them with those that were issued", makeBulletin},
		{"user", "add LOGIN … | password LOGIN | disable LOGIN | enable LOGIN | list", "管理账号", "manage accounts", user},
		{"token", "add NAME (--wall | --api --login LOGIN --days N [--change]) [--unit UNIT] [--from ADDRESS,…] | list | revoke ID", "管理令牌", "manage tokens of screens and programs", token},
		{"verify", "[--anchors FILE] [--key FILE]", "校验流水、现状、历史与访问日志", "verify journal, state, history and access log", verify},
		{"bench", "[changes | import | figures | export | layers [floors]]", "测量性能", "measure changes, imports, figures, exports and layers", bench},
		{"simulate", "[--seed N] [--worlds N] [--operations N] [--orders N]", "模拟现场：手机、网络、时钟均由种子生成", "play the field: phones, network and clocks made from a seed", simulateField},
		{"config", "", "列出设置", "list the settings", showConfig},
	}
}

// Main runs a subcommand and gives the exit code.
func Main(ctx context.Context, args []string, t Terminal) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(t)
		return exitOK
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return t.report(c.start(ctx, t, args[1:]))
		}
	}
	fmt.Fprintf(t.Err, "没有子命令 %s  there is no subcommand %s\n\n", args[0], args[0]) //nolint:errcheck // see say
	usage(t)
	return exitRefused
}

func (c command) start(ctx context.Context, t Terminal, args []string) (int, error) {
	cfg, err := config.Read(t.Env)
	if err != nil {
		return exitRefused, err
	}
	return c.run(ctx, t, cfg, args)
}

// report says what went wrong in the user's words; the cause follows small.
func (t Terminal) report(code int, err error) int {
	if err == nil {
		return code
	}
	if errors.Is(err, context.Canceled) {
		t.say("已中断", "interrupted")
		return exitRefused
	}
	if f, ok := fault.As(err); ok {
		fmt.Fprintf(t.Err, "%s\n%s\n", f.ZH, f.EN) //nolint:errcheck // see say
		if cause := f.Unwrap(); cause != nil {
			fmt.Fprintf(t.Err, "(%s: %v)\n", f.Code, cause) //nolint:errcheck // see say
		}
		return max(code, exitRefused)
	}
	fmt.Fprintf(t.Err, "出错：%v\n", err) //nolint:errcheck // see say
	return max(code, exitRefused)
}

func usage(t Terminal) {
	var b strings.Builder
	b.WriteString("guatu 挂图\n\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  guatu %s\n      %s  %s\n", strings.TrimSpace(c.name+" "+c.args), c.zh, c.en)
	}
	_, _ = io.WriteString(t.Out, b.String()) // see say
}

func showConfig(_ context.Context, t Terminal, _ config.Config, _ []string) (int, error) {
	for _, s := range config.Settings() {
		now, set := t.Env(s.Name)
		if !set {
			now = s.Default
		}
		if s.Secret && now != "" {
			now = "******"
		}
		fmt.Fprintf(t.Out, "%-22s %-20s %s  %s\n", s.Name, now, s.ZH, s.EN) //nolint:errcheck // see say
	}
	return exitOK, nil
}

func logger(t Terminal, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Err, &slog.HandlerOptions{Level: level}))
}
