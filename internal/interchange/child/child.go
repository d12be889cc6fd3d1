// Package child runs GDAL's command-line tools on a stranger's file without
// trusting them with anything: no environment but GDAL's own settings, no
// network, a user that owns nothing else, limits on time, memory, output,
// files and processes, and a folder of its own. A crash, a hang or a flood
// becomes a fault with a sentence; the caller does not notice otherwise.
package child

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// Config says where the tools are and what they may use.
type Config struct {
	// Ogr2ogr, Ogrinfo and Prlimit are paths or names; empty: found in PATH.
	Ogr2ogr, Ogrinfo, Prlimit string
	// WorkDir holds the folders; empty or closed to the child's user: the
	// system's temporary folder.
	WorkDir string
	// Memory is the child's address space, Output what it may write to one file (bytes).
	Memory, Output int64
	Logger         *slog.Logger
}

// Runner starts confined children. It is safe for concurrent use.
type Runner struct {
	cfg   Config
	base  string
	once  sync.Once
	probe confinement
	unfit error // why nothing can be run
}

// New finds the tools and the folder for the work.
func New(cfg Config) (*Runner, error) {
	for _, t := range []struct {
		path *string
		name string
	}{{&cfg.Ogr2ogr, "ogr2ogr"}, {&cfg.Ogrinfo, "ogrinfo"}, {&cfg.Prlimit, "prlimit"}} {
		name := *t.path
		if name == "" {
			name = t.name
		}
		full, err := exec.LookPath(name)
		if err != nil {
			return nil, missing(t.name).Because(err)
		}
		if *t.path, err = filepath.Abs(full); err != nil {
			return nil, missing(t.name).Because(err)
		}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Runner{cfg: cfg, base: workBase(cfg.WorkDir)}, nil
}

func missing(tool string) *fault.Error {
	return fault.New(fault.KindUnavailable, "gdal_missing",
		"本机没有安装 "+tool+"，不能导入文件；请安装 gdal-bin 与 util-linux",
		tool+" is not installed, so files cannot be imported; install gdal-bin and util-linux.")
}

// Folder makes a private folder that the child may enter; the caller removes it.
func (r *Runner) Folder() (string, error) {
	dir, err := os.MkdirTemp(r.base, "guatu-import-")
	if err != nil {
		return "", fmt.Errorf("make the import folder: %w", err)
	}
	return dir, r.Hand(dir)
}

// Hand gives a file or folder to the child's user, if the child has one of its own.
func (r *Runner) Hand(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return os.Lchown(path, childID, childID)
}

// Job is one run of a tool.
type Job struct {
	// Dir is the folder of the file, from Folder.
	Dir string
	// Args follow the tool's name; file names are relative to Dir.
	Args []string
	// Drivers are the only ones of GDAL's drivers the tool may use.
	Drivers []string
	// Env adds GDAL settings, "NAME=value".
	Env []string
	// Stdout is the name, in Dir, of the file that takes the child's output.
	Stdout string
	// Time is how long it may take.
	Time time.Duration
}

// Convert runs ogr2ogr and returns what it wrote to stderr.
func (r *Runner) Convert(ctx context.Context, j Job) (string, error) {
	return r.run(ctx, r.cfg.Ogr2ogr, j)
}

// Inspect runs ogrinfo and returns what it wrote to stderr.
func (r *Runner) Inspect(ctx context.Context, j Job) (string, error) {
	return r.run(ctx, r.cfg.Ogrinfo, j)
}

// run starts the tool, waits and says in a fault what went wrong.
func (r *Runner) run(ctx context.Context, tool string, j Job) (string, error) {
	shut, err := r.confinement(ctx)
	if err != nil {
		return "", err
	}
	out, err := os.OpenFile(filepath.Join(j.Dir, j.Stdout), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("open the child's output: %w", err)
	}
	defer out.Close() //nolint:errcheck // written by the child, which has ended; nothing is buffered here
	within, cancel := context.WithTimeout(ctx, j.Time)
	defer cancel()
	said := &head{limit: 64 << 10}
	cmd := r.command(within, shut, tool, j)
	cmd.Stdout, cmd.Stderr = out, said
	err = cmd.Run()
	if ctx.Err() != nil {
		return "", fmt.Errorf("read the file: %w", context.Cause(ctx))
	}
	if err == nil {
		return said.String(), nil
	}
	r.cfg.Logger.WarnContext(ctx, "import child failed",
		slog.String("tool", filepath.Base(tool)), slog.Any("error", err), slog.String("stderr", said.String()))
	return said.String(), explain(err, within.Err() != nil, said.String(), j.Time)
}

// command prepares the confined process.
func (r *Runner) command(ctx context.Context, c confinement, tool string, j Job) *exec.Cmd {
	args := append(r.limits(j.Time), "--", tool)
	cmd := exec.CommandContext(ctx, r.cfg.Prlimit, append(args, j.Args...)...) //nolint:gosec // the tools come from the configuration, the names from us
	cmd.Dir = j.Dir
	cmd.Env = append(append(environment(j.Dir), c.skip(j.Drivers)), j.Env...)
	cmd.SysProcAttr = c.attributes()
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	cmd.WaitDelay = time.Second
	return cmd
}

// limits are the arguments of prlimit.
func (r *Runner) limits(d time.Duration) []string {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	return []string{
		"--as=" + n(r.cfg.Memory),
		"--fsize=" + n(r.cfg.Output),
		"--cpu=" + n(int64(d/time.Second)+1),
		"--nproc=64", "--nofile=64", "--core=0",
	}
}

// head keeps the beginning of what is written and counts nothing else.
type head struct {
	buf   bytes.Buffer
	limit int
}

// Write implements io.Writer; it never fails, so that a flood does not block the child.
func (h *head) Write(p []byte) (int, error) {
	if room := h.limit - h.buf.Len(); room > 0 {
		h.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// String gives what was kept.
func (h *head) String() string { return h.buf.String() }

var _ io.Writer = (*head)(nil)

// exitError finds the exit state in err.
func exitError(err error) (*exec.ExitError, bool) {
	var e *exec.ExitError
	ok := errors.As(err, &e)
	return e, ok
}
