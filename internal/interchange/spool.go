package interchange

import (
	"bufio"
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/interchange/charset"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// rowSpool is a file of geometries that the child worked out, by row, in order.
// A nil spool has none.
type rowSpool struct {
	ctx    context.Context //nolint:containedctx // the spool lives as long as the reading of one file
	src    *textSource
	next   func() (spooled, bool)
	stop   func()
	failed error
	ahead  *spooled
}

// spooled is one geometry of the spool.
type spooled struct {
	row   int
	shape feature.Shape
}

// rewind starts at the first row again.
func (s *rowSpool) rewind() {
	if s == nil {
		return
	}
	s.close()
	s.next, s.stop = iter.Pull(s.all())
}

// close ends the reading.
func (s *rowSpool) close() {
	if s != nil && s.stop != nil {
		s.stop()
		s.stop, s.ahead = nil, nil
	}
}

// all iterates over the spool; an error ends it and is kept.
func (s *rowSpool) all() iter.Seq[spooled] {
	return func(yield func(spooled) bool) {
		err := s.src.each(s.ctx, func(r *record) error {
			row, err := strconv.Atoi(r.attr(spoolRow))
			if err != nil {
				return fmt.Errorf("read the spool: %w", err)
			}
			if !yield(spooled{row, r.shape}) {
				return errStop
			}
			return nil
		})
		s.failed = err
	}
}

// take gives the geometry of a row; rows are asked for in rising order.
func (s *rowSpool) take(row int) (feature.Shape, bool, error) {
	for {
		if s.ahead == nil {
			v, ok := s.next()
			if !ok {
				return feature.Shape{}, false, s.failed
			}
			s.ahead = &v
		}
		switch {
		case s.ahead.row == row:
			shape := s.ahead.shape
			s.ahead = nil
			return shape, true, nil
		case s.ahead.row > row:
			return feature.Shape{}, false, nil
		}
		s.ahead = nil
	}
}

// spoolRow is the property that holds the row.
const spoolRow = "r"

// spoolWriter writes shapes for the child, a feature a line.
type spoolWriter struct {
	file *os.File
	w    *bufio.Writer
	n    int
}

func (j *job) newSpool() (*spoolWriter, error) {
	path, err := j.temp(".geojsonl")
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name of our own
	if err != nil {
		return nil, fmt.Errorf("make the spool: %w", err)
	}
	return &spoolWriter{file: f, w: bufio.NewWriterSize(f, 256<<10)}, nil
}

// add writes one shape.
func (s *spoolWriter) add(row int, mp orb.MultiPolygon) error {
	s.n++
	b := fmt.Appendf(nil, `{"type":"Feature","properties":{"r":%d},"geometry":{"type":"MultiPolygon","coordinates":[`, row)
	for i, polygon := range mp {
		b = appendRings(comma(b, i), polygon)
	}
	_, err := s.w.Write(append(b, "]}}\n"...))
	if err != nil {
		return fmt.Errorf("write the spool: %w", err)
	}
	return nil
}

func appendRings(b []byte, polygon orb.Polygon) []byte {
	b = append(b, '[')
	for k, ring := range polygon {
		b = append(comma(b, k), '[')
		for m, p := range ring {
			b = append(comma(b, m), '[')
			b = strconv.AppendFloat(b, p[0], 'g', -1, 64)
			b = append(b, ',')
			b = strconv.AppendFloat(b, p[1], 'g', -1, 64)
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

func comma(b []byte, i int) []byte {
	if i > 0 {
		return append(b, ',')
	}
	return b
}

// close ends the writing and gives the file to the child.
func (s *spoolWriter) close(j *job) error {
	err := s.w.Flush()
	if closed := s.file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = j.run.Hand(s.file.Name())
	}
	if err != nil {
		return fmt.Errorf("write the spool: %w", err)
	}
	return nil
}

// through has the child work on the spool and gives the result, nil if the spool is empty.
func (s *spoolWriter) through(ctx context.Context, j *job, args ...string) (*rowSpool, error) {
	if err := s.close(j); err != nil || s.n == 0 {
		return nil, err
	}
	if info, err := os.Stat(s.file.Name()); err == nil {
		j.size = max(j.size, info.Size())
	}
	args = append(args, "-lco", "COORDINATE_PRECISION=15", "/vsistdout/", filepath.Base(s.file.Name()))
	out, _, err := j.convert(ctx, "GeoJSONSeq", nil, args...)
	if err != nil {
		return nil, err
	}
	return &rowSpool{src: &textSource{path: out, set: charset.UTF8(), limits: j.textLimits()}, ctx: ctx}, nil
}

// mend has the child repair the shapes that are not valid.
func (in *intake) mend(ctx context.Context) (*rowSpool, error) {
	w, err := in.job.newSpool()
	if err != nil {
		return nil, err
	}
	err = in.src.source.each(ctx, func(r *record) error {
		j := judge(r, in.src.closedLines)
		if j.refused == nil || !j.refused.mendable {
			return nil
		}
		return w.add(r.row, j.polygons)
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // passed on as it is
	}
	return w.through(ctx, in.job, "-makevalid")
}

// place has the child convert the shapes to longitude and latitude: mended
// ones as they are now, and as they were drawn.
func (in *intake) place(ctx context.Context) error {
	now, err := in.job.newSpool()
	if err != nil {
		return err
	}
	drawn, err := in.job.newSpool()
	if err != nil {
		return err
	}
	in.mended.rewind()
	defer in.mended.close()
	err = in.src.source.each(ctx, func(r *record) error {
		j := judge(r, in.src.closedLines)
		before, why := j.polygons, j.refused
		if err := in.repair(r.row, &j); err != nil || j.refused != nil {
			return err
		}
		if why != nil {
			if err := drawn.add(r.row, before); err != nil {
				return err
			}
		}
		return now.add(r.row, j.polygons)
	})
	if err != nil {
		return err //nolint:wrapcheck // passed on as it is
	}
	definition := in.ref.definition
	if definition != "" && definition[0] != 'E' {
		if definition, err = in.job.definition(definition); err != nil {
			return err
		}
	}
	if in.placed, err = now.through(ctx, in.job, "-s_srs", definition, "-t_srs", "EPSG:4326"); err != nil {
		return err
	}
	in.drawn, err = drawn.through(ctx, in.job, "-s_srs", definition, "-t_srs", "EPSG:4326")
	return err
}

// definition writes WKT where the child reads it.
func (j *job) definition(wkt string) (string, error) {
	path, err := j.temp(".wkt")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(path, []byte(wkt), 0o600); err != nil {
		return "", fmt.Errorf("write the coordinate system: %w", err)
	}
	if err := j.run.Hand(path); err != nil {
		return "", err //nolint:wrapcheck // an *fs.PathError says which file
	}
	return filepath.Base(path), nil
}

// repair puts the mended shape of a row in place of one that is not valid.
// Where nothing was left, the row stays refused.
func (in *intake) repair(row int, j *judged) error {
	if j.refused == nil || !j.refused.mendable || in.mended == nil {
		return nil
	}
	s, ok, err := in.mended.take(row)
	if err != nil {
		return err
	}
	out := geo.Normalise(s.Polygons)
	if !ok || !s.Area() || len(geo.ValidatePlane(out)) > 0 {
		j.refused = notMended(j.refused)
		return nil
	}
	j.polygons, j.refused = out, nil
	return nil
}
