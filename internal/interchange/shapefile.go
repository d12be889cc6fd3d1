package interchange

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/interchange/archive"
	"github.com/guatu/guatu/internal/interchange/charset"
	"github.com/guatu/guatu/internal/interchange/dbase"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// shapeSet is one shapefile in an archive: its parts by extension.
type shapeSet struct {
	name  string
	parts map[string]archive.Entry
}

// shapefiles groups the entries by folder and stem, ignoring case; only sets with a .shp count.
func shapefiles(entries []archive.Entry) []shapeSet {
	var out []shapeSet
	at := map[string]int{}
	for _, pass := range []bool{true, false} { // the .shp first, so that the others find their set
		for _, e := range entries {
			key := strings.ToLower(path.Join(path.Dir(e.Name), e.Stem))
			i, known := at[key]
			switch {
			case pass && e.Ext == ".shp":
				at[key] = len(out)
				out = append(out, shapeSet{strings.TrimSuffix(e.Name, path.Ext(e.Name)), map[string]archive.Entry{".shp": e}})
			case !pass && known && e.Ext != ".shp":
				out[i].parts[e.Ext] = e
			}
		}
	}
	return out
}

// openShapefile reads the one shapefile of the archive, or the one asked for.
// GDAL gets the geometry only; the table is read here, byte for byte.
func openShapefile(ctx context.Context, j *job, a *archive.Archive, sets []shapeSet) (*opened, error) {
	set, err := chooseShapefile(j, sets)
	if err != nil {
		return nil, err
	}
	j.opts.Layer = "" // in the folder the shapefile has another name
	files := map[string]string{}
	base, err := j.temp("")
	if err != nil {
		return nil, err
	}
	for _, ext := range []string{".shp", ".shx", ".dbf", ".prj", ".cpg"} {
		e, ok := set.parts[ext]
		if !ok {
			continue
		}
		size, err := a.Extract(e, base+ext)
		if err != nil {
			return nil, err //nolint:wrapcheck // a fault or wrapped
		}
		files[ext] = base + ext
		j.size = max(j.size, size)
	}
	return j.shapefile(ctx, files)
}

func chooseShapefile(j *job, sets []shapeSet) (shapeSet, error) {
	if len(sets) == 1 && (j.opts.Layer == "" || sets[0].is(j.opts.Layer)) {
		return sets[0], nil
	}
	names := make([]string, 0, len(sets))
	for _, s := range sets {
		if j.opts.Layer != "" && s.is(j.opts.Layer) {
			return s, nil
		}
		names = append(names, s.name)
	}
	return shapeSet{}, whichLayer(names)
}

func (s shapeSet) is(name string) bool { return s.name == name || path.Base(s.name) == name }

// shapefile reads the parts taken out of the archive.
func (j *job) shapefile(ctx context.Context, files map[string]string) (*opened, error) {
	kinds, note, err := checkShapes(files)
	if err != nil {
		return nil, err
	}
	t := &shapeTable{file: files[".dbf"], limits: j.limits, shapes: kinds}
	o := &opened{findings: note}
	if err := t.prepare(j.opts.Encoding, files[".cpg"], o); err != nil {
		return nil, err
	}
	for _, ext := range []string{".shp", ".shx", ".prj"} {
		if f, ok := files[ext]; ok {
			if err := j.run.Hand(f); err != nil {
				return nil, err //nolint:wrapcheck // an *fs.PathError says which file
			}
		}
	}
	// GDAL must not see the table: it would hide the shapes of records struck out.
	if t.file != "" {
		hidden, err := j.temp(".table")
		if err != nil {
			return nil, err
		}
		if err := os.Rename(t.file, hidden); err != nil {
			return nil, err //nolint:wrapcheck // an *os.LinkError says which file
		}
		t.file = hidden
	}
	g, err := j.vector(ctx, "ESRI Shapefile", files[".shp"])
	if err != nil {
		return nil, err
	}
	t.geometry = g.source
	o.source, o.crs, o.total = t, g.crs, len(kinds)
	o.findings = append(o.findings, g.findings...)
	return o, nil
}

// shapeTable joins the shapes of a .shp with the rows of its .dbf.
type shapeTable struct {
	file     string // "" where there is no table
	geometry source
	limits   Limits
	set      charset.Charset
	names    []string
	shapes   []uint32 // their types
	failed   error
}

// table opens the table; the caller closes the file.
func (t *shapeTable) table() (*dbase.Table, *os.File, error) {
	f, err := os.Open(t.file)
	if err != nil {
		return nil, nil, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	info, err := f.Stat()
	if err != nil {
		return nil, f, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	tb, err := dbase.Open(f, info.Size(), t.limits.Columns)
	return tb, f, err //nolint:wrapcheck // a fault or wrapped
}

// prepare decides the encoding of the table and reads its column names.
func (t *shapeTable) prepare(option, cpg string, o *opened) error {
	if t.file == "" {
		o.findings = append(o.findings, Finding{Code: "dbf_missing", Text: Text{
			"压缩包缺少 .dbf 文件，只有图形，没有编号等属性", "The archive lacks the .dbf file: shapes only, no codes or other attributes.",
		}})
		return nil
	}
	tb, f, err := t.table()
	if f != nil {
		defer f.Close() //nolint:errcheck // read only
	}
	if err != nil {
		return err
	}
	hints, stated, err := hintsOf(option, cpg, tb.Language)
	if err != nil {
		return err
	}
	if err := t.decide(tb, hints, stated, option != "", o); err != nil {
		return err
	}
	t.name(tb)
	o.columns, o.encoding = t.names, t.set.Name
	if tb.Records != len(t.shapes) {
		o.findings = append(o.findings, Finding{Code: "dbf_rows", Text: Text{
			fmt.Sprintf(".dbf 有 %d 行，.shp 有 %d 个图形，请核对；多出的行没有读入", tb.Records, len(t.shapes)),
			fmt.Sprintf("The .dbf has %d rows but the .shp %d shapes; what one has beyond the other was not read.", tb.Records, len(t.shapes)),
		}})
	}
	return nil
}

// hintsOf gathers what is said of the encoding, the strongest first.
func hintsOf(option, cpg string, language byte) (hints []charset.Charset, stated string, err error) {
	if option != "" {
		c, ok := charset.Lookup(option)
		if !ok {
			return nil, "", unknownEncoding(option)
		}
		return []charset.Charset{c}, option, nil
	}
	if cpg != "" {
		text, err := readHead(cpg, 64)
		if err != nil {
			return nil, "", err
		}
		stated = strings.TrimSpace(text)
		if c, ok := charset.Lookup(stated); ok {
			hints = append(hints, c)
		}
	}
	if c, ok := charset.ByLanguage(language); ok {
		hints = append(hints, c)
	}
	return hints, stated, nil
}

// decide tests the encodings on every text of the table.
func (t *shapeTable) decide(tb *dbase.Table, hints []charset.Charset, stated string, forced bool, o *opened) error {
	d := charset.NewDetector(hints...)
	for _, f := range tb.Fields {
		show(d, f.Name, len(f.Name) >= nameWidth)
	}
	err := tb.Each(func(_ int, deleted bool, values [][]byte) error {
		for i, v := range values {
			if tb.Fields[i].Type == 'C' && !deleted {
				show(d, v, len(v) >= tb.Fields[i].Width)
			}
		}
		return nil
	})
	if err != nil {
		return err //nolint:wrapcheck // a fault or wrapped
	}
	set, notes := settle(d, hints, stated, forced)
	t.set, o.findings = set, append(o.findings, notes...)
	return nil
}

// nameWidth is the longest name of a column that a .dbf holds.
const nameWidth = 10

// show tests a text; only one that fills its field may be cut within a character.
func show(d *charset.Detector, text []byte, full bool) {
	if full {
		d.Show(text)
	} else {
		d.ShowWhole(text)
	}
}

// name decodes the column names and makes them distinct.
func (t *shapeTable) name(tb *dbase.Table) {
	for _, f := range tb.Fields {
		n, _, ok := t.set.Decode(f.Name)
		if !ok {
			n = t.set.Lossy(f.Name)
		}
		t.names = append(t.names, distinct(t.names, n))
	}
}

// distinct adds a number to a name that is taken already.
func distinct(taken []string, name string) string {
	for i, n := 2, name; ; i++ {
		if !slices.Contains(taken, n) {
			return n
		}
		n = fmt.Sprintf("%s_%d", name, i)
	}
}

// tableRow is one record of the .dbf.
type tableRow struct {
	deleted bool
	attrs   []feature.Attribute
}

// rows iterates over the table; an error ends it and is kept in t.failed.
func (t *shapeTable) rows() iter.Seq[tableRow] {
	return func(yield func(tableRow) bool) {
		if t.file == "" {
			return
		}
		tb, f, err := t.table()
		if f != nil {
			defer f.Close() //nolint:errcheck // read only
		}
		if err == nil {
			err = tb.Each(func(_ int, deleted bool, values [][]byte) error {
				if !yield(tableRow{deleted, t.decode(values)}) {
					return errStop
				}
				return nil
			})
		}
		t.failed = err
	}
}

// decode turns the raw values of a row into text.
func (t *shapeTable) decode(values [][]byte) []feature.Attribute {
	out := make([]feature.Attribute, 0, len(values))
	for i, v := range values {
		if v == nil {
			continue
		}
		text, _, ok := t.set.Decode(v)
		if !ok {
			text = t.set.Lossy(v)
		}
		out = append(out, feature.Attribute{Name: t.names[i], Value: text})
	}
	return out
}

// each implements source. Shapes of records struck out are left out.
func (t *shapeTable) each(ctx context.Context, fn func(*record) error) error {
	t.failed = nil
	next, stop := iter.Pull(t.rows())
	defer stop()
	row, at := 0, -1
	err := t.geometry.each(ctx, func(r *record) error {
		at++
		attrs, ok := next()
		if t.failed != nil {
			return t.failed
		}
		if ok && attrs.deleted {
			return nil
		}
		row++
		r.row, r.attrs = row, attrs.attrs
		if r.shape.Kind == "" && at < len(t.shapes) && t.shapes[at] != 0 {
			r.shape.Fault = invalid("shape_damaged", "这一行的图形记录已损坏，或坐标不是有限数；请重新导出",
				"The shape of this row is damaged, or a coordinate is not finite; export it again.")
		}
		return fn(r)
	})
	return err //nolint:wrapcheck // passed on as it is
}

func readFull(r io.Reader, b []byte) (int, error) {
	n, err := io.ReadFull(r, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return n, err //nolint:wrapcheck // an *fs.PathError says which file
}
