package interchange

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/guatu/guatu/internal/interchange/archive"
	"github.com/guatu/guatu/internal/interchange/child"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// job is the reading of one file.
type job struct {
	run    *child.Runner
	limits Limits
	opts   Options
	// dir is the folder of the file, made when first needed.
	dir string
	// size is that of the largest input, for the time allowed.
	size   int64
	serial int
	// nested counts how deep in archives we are.
	nested int
	format string
}

// close removes the folder.
func (j *job) close() error {
	if j.dir == "" {
		return nil
	}
	return os.RemoveAll(j.dir)
}

// folder gives the folder of the file.
func (j *job) folder() (string, error) {
	if j.dir != "" {
		return j.dir, nil
	}
	dir, err := j.run.Folder()
	if err != nil {
		return "", err //nolint:wrapcheck // wrapped by Folder
	}
	j.dir = dir
	return dir, nil
}

// temp names a new file in the folder; the child sees it as the base name.
func (j *job) temp(suffix string) (string, error) {
	dir, err := j.folder()
	if err != nil {
		return "", err
	}
	j.serial++
	return filepath.Join(dir, "f"+strconv.Itoa(j.serial)+suffix), nil
}

// hand copies a file into the folder for the child and gives its new path.
func (j *job) hand(from, suffix string) (string, error) {
	to, err := j.temp(suffix)
	if err != nil {
		return "", err
	}
	if err := copyFile(from, to); err != nil {
		return "", err
	}
	return to, j.run.Hand(to) //nolint:wrapcheck // an *fs.PathError says which file
}

func copyFile(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // the caller's own temporary file
	if err != nil {
		return fmt.Errorf("copy the upload: %w", err)
	}
	defer in.Close()                                                      //nolint:errcheck // read only
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name of our own
	if err != nil {
		return fmt.Errorf("copy the upload: %w", err)
	}
	_, err = io.Copy(out, in)
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("copy the upload: %w", err)
	}
	return nil
}

// textLimits are the limits of one feature.
func (j *job) textLimits() feature.Limits {
	l := j.limits
	return feature.Limits{Bytes: l.FeatureBytes, Depth: l.Depth, Vertices: l.VerticesOfFeature, Columns: l.Columns, Field: l.FieldBytes}
}

func (j *job) zipLimits() archive.Limits {
	return archive.Limits{Entries: j.limits.ZipEntries, Ratio: j.limits.ZipRatio, Inflated: j.limits.InflatedBytes}
}

// time is what one run of the child may take: a second for each 2 MiB besides the base.
func (j *job) time() time.Duration {
	return j.limits.Time + time.Duration(j.size>>21)*time.Second
}

// convert runs ogr2ogr on a file of one driver with GeoJSON to a new file.
func (j *job) convert(ctx context.Context, driver string, env []string, args ...string) (path, said string, err error) {
	all := append([]string{"-f", "GeoJSON", "-skipfailures"}, args...)
	return j.tool(ctx, j.run.Convert, ".geojson", child.Job{Drivers: []string{driver, "GeoJSON"}, Env: env, Args: all})
}

// inspect runs ogrinfo on a file of one driver with its output to a new file.
func (j *job) inspect(ctx context.Context, driver string, env []string, args ...string) (path, said string, err error) {
	return j.tool(ctx, j.run.Inspect, ".txt", child.Job{Drivers: []string{driver}, Env: env, Args: args})
}

func (j *job) tool(ctx context.Context, run func(context.Context, child.Job) (string, error), suffix string, c child.Job) (path, said string, err error) {
	path, err = j.temp(suffix)
	if err != nil {
		return "", "", err
	}
	c.Dir, c.Stdout, c.Time = j.dir, filepath.Base(path), j.time()
	said, err = run(ctx, c)
	return path, said, err
}
