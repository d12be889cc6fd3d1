package interchange

import (
	"context"
	"log/slog"

	"github.com/guatu/guatu/internal/fault"
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
	cfg Config
}

// NewReader makes a Reader. It fails (KindUnavailable) where GDAL's tools or
// prlimit are missing.
func NewReader(cfg Config) (*Reader, error) {
	cfg.Limits = cfg.Limits.withDefaults()
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return &Reader{cfg: cfg}, nil
}

// Read reads the file at path, called filename by its sender, and calls each
// with every accepted feature in the order of the file, one at a time; a
// Feature and what it holds is the callee's to keep. A file that is refused or
// needs a word from the sender gives a Report that says so and no error; each's
// own error, a cancelled context and a failure of this machine are errors.
func (r *Reader) Read(ctx context.Context, path, filename string, opts Options, each func(Feature) error) (Report, error) {
	return Report{}, fault.New(fault.KindUnavailable, "import_not_ready", "导入功能尚未就绪", "Import is not ready yet.")
}
