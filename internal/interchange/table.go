package interchange

import (
	"bufio"
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/interchange/charset"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// geometryColumns are names of columns that hold a whole geometry as text.
func geometryColumns() []string {
	return []string{
		"wkt", "geom", "geometry", "thegeom", "shape", "geomwkt", "wktgeom", "geometrywkt", "wktgeometry", "wkbgeometry", "wkb", "ewkt", "geojson",
		"图形", "几何", "图形坐标", "空间坐标", "坐标串", "界址点坐标", "边界坐标", "范围坐标", "坐标", "边界", "范围",
		"coordinates", "coords", "rings", "ring", "polygon", "boundary",
	}
}

func eastColumns() []string {
	return []string{"经度", "lon", "lng", "long", "longitude", "东坐标", "横坐标", "easting", "x", "xcoord", "x坐标", "坐标x", "pointx"}
}

func northColumns() []string {
	return []string{"纬度", "lat", "latitude", "北坐标", "纵坐标", "northing", "y", "ycoord", "y坐标", "坐标y", "pointy"}
}

func tableWithoutGeometry() error {
	return invalid("no_geometry_column",
		"表格里没有图形；第一行须是列名，请加一列 WKT（列名 WKT，如 POLYGON((经度 纬度, …))），或每行一个顶点（地块编号、经度、纬度）",
		"The table holds no geometry; the first row must name the columns. Add a column WKT with POLYGON((lon lat, …)), or give a vertex a row (code, longitude, latitude).")
}

// tableColumns are the columns of the first rows.
func tableColumns(ctx context.Context, s source) ([]string, error) {
	if c, ok := s.(*csvSource); ok {
		return c.columns, nil
	}
	var out []string
	err := some(ctx, s, sampled, func(r *record) error {
		for _, a := range r.attrs {
			if !slices.Contains(out, a.Name) {
				out = append(out, a.Name)
			}
		}
		return nil
	})
	return out, err
}

// hasGeometry tells whether a table has geometry in one of the known ways.
func hasGeometry(ctx context.Context, s source) (bool, error) {
	columns, err := tableColumns(ctx, s)
	if err != nil {
		return false, err
	}
	return pick(columns, geometryColumns()) != "" || pick(columns, eastColumns()) != "" && pick(columns, northColumns()) != "", nil
}

// table finds the geometry of a table's rows.
func (j *job) table(ctx context.Context, s source, encoding string) (*opened, error) {
	columns, err := tableColumns(ctx, s)
	if err != nil {
		return nil, err
	}
	o := &opened{encoding: encoding, columns: columns}
	if c := pick(columns, geometryColumns()); c != "" {
		o.columns = slices.DeleteFunc(slices.Clone(columns), func(n string) bool { return n == c })
		return o, j.geometryTable(ctx, o, s, c)
	}
	east, north := pick(columns, eastColumns()), pick(columns, northColumns())
	if east == "" || north == "" {
		return nil, tableWithoutGeometry()
	}
	return o, j.vertexTable(ctx, o, s, columns, east, north)
}

// geometryTable is a table with a geometry in each row. WKT is read by the
// child, curves and all; the other notations here.
type geometryTable struct {
	rows   source
	column string
	limits Limits
	text   feature.Limits
	wkt    string // what the child made of the WKT, "" if there was none
}

// geometryTable sends the WKT of a table through the child.
func (j *job) geometryTable(ctx context.Context, o *opened, s source, column string) error {
	t := &geometryTable{rows: s, column: column, limits: j.limits, text: j.textLimits()}
	o.source = t
	path, err := j.temp(".csv")
	if err != nil {
		return err
	}
	seen, err := t.spool(ctx, path)
	if err != nil {
		return err
	}
	if o.crs, err = seen.reference(); err != nil {
		return err
	}
	o.findings = append(o.findings, seen.findings()...)
	if seen.wkt == 0 {
		return nil
	}
	if err := j.run.Hand(path); err != nil {
		return err //nolint:wrapcheck // an *fs.PathError says which file
	}
	env := []string{"OGR_CSV_MAX_LINE_SIZE=" + strconv.Itoa(j.limits.FeatureBytes+1024)}
	t.wkt, _, err = j.convert(ctx, "CSV", env, append(flatten(), "-nlt", "CONVERT_TO_LINEAR", "-oo", "GEOM_POSSIBLE_NAMES=WKT", "-oo", "KEEP_GEOM_COLUMNS=NO", "/vsistdout/", filepath.Base(path))...)
	return err
}

// spool writes the WKT of every row for the child.
func (t *geometryTable) spool(ctx context.Context, path string) (*wktSeen, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name of our own
	if err != nil {
		return nil, fmt.Errorf("make the spool: %w", err)
	}
	defer f.Close() //nolint:errcheck // flushed and checked below
	buffer := bufio.NewWriter(f)
	w := csv.NewWriter(buffer)
	seen := &wktSeen{srids: map[int]int{}}
	if err := w.Write([]string{spoolRow, "WKT"}); err != nil {
		return nil, fmt.Errorf("write the spool: %w", err)
	}
	err = t.rows.each(ctx, func(r *record) error {
		text := strings.TrimSpace(r.attr(t.column))
		if text == "" {
			return nil
		}
		kind, rest, srid := notation(text)
		seen.note(kind, rest, srid)
		if kind != notationWKT {
			return nil
		}
		return w.Write([]string{strconv.Itoa(r.row), strings.NewReplacer("\r", " ", "\n", " ").Replace(rest)})
	})
	if err != nil {
		return nil, err //nolint:wrapcheck // a fault or wrapped
	}
	w.Flush()
	if err := firstOf(w.Error(), buffer.Flush()); err != nil {
		return nil, fmt.Errorf("write the spool: %w", err)
	}
	return seen, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// each implements source.
func (t *geometryTable) each(ctx context.Context, fn func(*record) error) error {
	var done *rowSpool
	if t.wkt != "" {
		done = &rowSpool{ctx: ctx, src: &textSource{path: t.wkt, set: charset.UTF8(), limits: t.text}}
		done.rewind()
		defer done.close()
	}
	return t.rows.each(ctx, func(r *record) error {
		text := strings.TrimSpace(r.attr(t.column))
		r.attrs = slices.DeleteFunc(r.attrs, func(a feature.Attribute) bool { return a.Name == t.column })
		for _, a := range r.attrs {
			if len(a.Value) > t.limits.FieldBytes {
				return feature.FieldTooLong(a.Name, t.limits.FieldBytes)
			}
		}
		s, err := t.shape(r.row, text, done)
		r.shape = s
		if err != nil {
			return err
		}
		return fn(r)
	})
}

// shape reads a cell.
func (t *geometryTable) shape(row int, text string, done *rowSpool) (feature.Shape, error) {
	if text == "" {
		return feature.Shape{}, nil
	}
	kind, rest, _ := notation(text)
	if kind != notationWKT {
		return cellShape(kind, rest, t.text), nil
	}
	s, ok, err := done.take(row)
	if err == nil && (!ok || s.Kind == "") {
		s.Fault = invalid("bad_wkt", "WKT 无法识别，应为 POLYGON((经度 纬度, …))；带高程时写 POLYGON Z", "The WKT is not understood; write POLYGON((lon lat, …)), with heights POLYGON Z.")
	}
	return s, err
}
