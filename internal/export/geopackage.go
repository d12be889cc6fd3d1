package export

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange/child"
)

// writeGeoPackage has GDAL make the file, in its confined child, of tables in CSV with typed columns, and sends it when it is
// whole: a SQLite file cannot be written from front to back. What is held in memory is one batch of rows.
func writeGeoPackage(ctx context.Context, j *job, w io.Writer) (err error) {
	if j.Tools == nil {
		return fault.New(fault.KindUnavailable, "gdal_missing", "本机没有安装 gdal-bin，不能导出 GeoPackage；可改用 shp 或 GeoJSON", "gdal-bin is not installed here; take a shapefile or GeoJSON")
	}
	dir, err := j.Tools.Folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	g := &geoPackage{job: j, dir: dir}
	for _, t := range j.tables {
		if err := g.add(ctx, t); err != nil {
			return err
		}
	}
	if err := g.addStyles(ctx); err != nil {
		return err
	}
	return g.send(w)
}

// geoPackage is one in the making.
type geoPackage struct {
	*job

	dir   string
	begun bool
	bytes int64 // of what GDAL reads
}

const (
	packageFile = "export.gpkg"
	shapeColumn = "WKT"
)

// add writes a table as CSV and has it taken into the package under its Chinese name.
func (g *geoPackage) add(ctx context.Context, t *Table) error {
	names, types := make([]string, 0, len(t.Columns)+1), make([]string, 0, len(t.Columns)+1)
	if t.spatial() {
		names, types = append(names, shapeColumn), append(types, "String")
	}
	for _, c := range t.Columns {
		names, types = append(names, c.Name.ZH), append(types, c.csvType())
	}
	err := g.csv(t.Name, names, types, func(out *csv.Writer) error {
		return g.each(ctx, t, t.spatial(), func(r Row) error { return out.Write(t.record(r)) })
	})
	if err != nil {
		return err
	}
	if !t.spatial() {
		return g.take(ctx, t.Name, "-nln", t.Title.ZH, "-nlt", "NONE")
	}
	return g.take(ctx, t.Name, "-nln", t.Title.ZH, "-nlt", "MULTIPOLYGON", "-a_srs", "EPSG:4490", "-lco", "GEOMETRY_NAME=geom",
		"-lco", "DESCRIPTION="+g.head.line(t.Title.ZH)+"，数据截至 "+string(g.head.day), "-oo", "GEOM_POSSIBLE_NAMES="+shapeColumn, "-oo", "KEEP_GEOM_COLUMNS=NO")
}

// csvType is the column's type in a .csvt.
func (c Column) csvType() string {
	switch c.Kind {
	case Number:
		if c.Places > 0 {
			return "Real"
		}
		return "Integer"
	case Day:
		return "Date"
	case Words:
		return "String"
	}
	return "String"
}

func (t *Table) record(r Row) []string {
	record := make([]string, 0, len(r.Cells)+1)
	if t.spatial() {
		record = append(record, wkt(r.Shape))
	}
	for i, c := range t.Columns {
		record = append(record, c.Write(r.Cells[i]))
	}
	return record
}

// wkt is a shape with every digit of its coordinates; "" for none.
func wkt(mp orb.MultiPolygon) string {
	if len(mp) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("MULTIPOLYGON")
	nested(&b, mp, func(p orb.Polygon) {
		nested(&b, p, func(r orb.Ring) {
			nested(&b, r, func(at orb.Point) {
				b.WriteString(strconv.FormatFloat(at[0], 'g', -1, 64) + " " + strconv.FormatFloat(at[1], 'g', -1, 64))
			})
		})
	})
	return b.String()
}

func nested[S ~[]T, T any](b *strings.Builder, items S, one func(T)) {
	b.WriteByte('(')
	for i, v := range items {
		if i > 0 {
			b.WriteByte(',')
		}
		one(v)
	}
	b.WriteByte(')')
}

// csv writes a file of rows with its types beside it, for the child.
func (g *geoPackage) csv(name string, names, types []string, rows func(*csv.Writer) error) error {
	quoted := make([]string, len(types))
	for i, t := range types {
		quoted[i] = `"` + t + `"`
	}
	if err := g.file(name+".csvt", func(w io.Writer) error { _, err := io.WriteString(w, strings.Join(quoted, ",")+"\n"); return err }); err != nil {
		return err
	}
	return g.file(name+".csv", func(w io.Writer) error {
		out := csv.NewWriter(w)
		if err := out.Write(names); err != nil {
			return err
		}
		if err := rows(out); err != nil {
			return err
		}
		out.Flush()
		return out.Error()
	})
}

func (g *geoPackage) file(name string, write func(io.Writer) error) (err error) {
	path := filepath.Join(g.dir, name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name of our own
	if err != nil {
		return fmt.Errorf("write for the child: %w", err)
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	out := bufio.NewWriterSize(f, 1<<20)
	if err := write(out); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if at, seekErr := f.Seek(0, io.SeekCurrent); seekErr == nil {
		g.bytes = max(g.bytes, at)
	}
	return g.Tools.Hand(path)
}

// patience of one run of GDAL: a base, and a second for each MiB it reads.
const patience = 20 * time.Second

// take has GDAL read a CSV into the package.
func (g *geoPackage) take(ctx context.Context, name string, args ...string) error {
	all := []string{"-f", "GPKG"}
	if g.begun {
		all = append(all, "-update")
	}
	g.begun = true
	all = append(append(all, packageFile, name+".csv", "-gt", "65536", "-oo", "EMPTY_STRING_AS_NULL=YES"), args...)
	_, err := g.Tools.Convert(ctx, child.Job{
		Dir: g.dir, Args: all, Drivers: []string{"GPKG", "CSV"}, Stdout: name + ".out", Time: patience + time.Duration(g.bytes>>20)*time.Second,
	})
	return err
}

func (g *geoPackage) send(w io.Writer) error {
	f, err := os.Open(filepath.Join(g.dir, packageFile))
	if err != nil {
		return fmt.Errorf("read the package: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	_, err = io.Copy(w, f)
	return err
}
