package interchange

import (
	"context"
	"errors"
	"log/slog"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange/child"
)

// Config is what a Reader needs from its surroundings.
type Config struct {
	// WorkDir is where a folder for each file is made; empty: the system's
	// temporary folder, which also stands in where the child's user could not
	// enter WorkDir (a data folder under /root).
	WorkDir string
	// Ogr2ogr, Ogrinfo and Prlimit are paths; empty: looked up in PATH.
	Ogr2ogr, Ogrinfo, Prlimit string
	Limits                    Limits
	Logger                    *slog.Logger
}

// Reader reads uploaded files. It is safe for concurrent use.
type Reader struct {
	run    *child.Runner
	limits Limits
}

// NewReader makes a Reader. It fails (KindUnavailable) where GDAL's tools or
// prlimit are missing.
func NewReader(cfg Config) (*Reader, error) {
	limits := cfg.Limits.withDefaults()
	run, err := child.New(child.Config{
		Ogr2ogr: cfg.Ogr2ogr, Ogrinfo: cfg.Ogrinfo, Prlimit: cfg.Prlimit, WorkDir: cfg.WorkDir,
		Memory: limits.ChildMemory, Output: limits.ChildOutput, Logger: cfg.Logger,
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // a fault
	}
	return &Reader{run: run, limits: limits}, nil
}

// Read reads the file at path, called filename by its sender, and calls each
// with every accepted feature in the order of the file, one at a time; a
// Feature and what it holds is the callee's to keep. A file that is refused or
// needs a word from the sender gives a Report that says so and no error; each's
// own error, a cancelled context and a failure of this machine are errors.
func (r *Reader) Read(ctx context.Context, path, filename string, opts Options, each func(Feature) error) (Report, error) {
	return r.ReadWatched(ctx, path, filename, opts, each, nil)
}

// Progress says how many rows were read, and how many there are (0: not known).
type Progress func(done, total int)

// ReadWatched is Read that calls progress every few hundred rows and at the end.
func (r *Reader) ReadWatched(ctx context.Context, path, filename string, opts Options, each func(Feature) error, progress Progress) (report Report, err error) {
	j := &job{run: r.run, limits: r.limits, opts: opts}
	report = Report{Rejected: []Rejected{}, Findings: []Finding{}, Needs: []string{}}
	defer func() { err = errors.Join(err, j.close()) }()
	in := &intake{job: j, report: &report, each: each, progress: progress}
	err = in.file(ctx, path, filename)
	report.Format = j.format
	return report, in.verdict(err)
}

// eachError is an error of the caller's each: it is given back as it is, even if it is a fault.
type eachError struct{ error }

// Unwrap gives the caller's error.
func (e eachError) Unwrap() error { return e.error }

// verdict turns faults of the file into the report's refusal.
func (in *intake) verdict(err error) error {
	if err == nil {
		return nil
	}
	if own, ok := errors.AsType[eachError](err); ok {
		return own.error
	}
	f, ok := fault.As(err)
	if !ok || f.Kind == fault.KindUnavailable {
		return err
	}
	in.report.Refusal, in.report.Needs = f, needs(f)
	in.report.Accepted, in.report.Repaired = 0, 0
	if layers, ok := f.Detail.(layerChoice); ok {
		in.report.Layers = layers
	}
	return nil
}
