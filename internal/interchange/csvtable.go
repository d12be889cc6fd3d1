package interchange

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"strings"

	"github.com/guatu/guatu/internal/interchange/charset"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// csvTable is text in columns, with WKT or rings in one of them or a vertex a row.
type csvTable struct{}

func (csvTable) name() string         { return "csv" }
func (csvTable) content(*upload) bool { return false } // any text may be a table
func (csvTable) called(u *upload) bool {
	return u.hasExt(".csv", ".tsv", ".txt", ".tab.txt") && !u.binary()
}

func (csvTable) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	set, err := j.textEncoding(u)
	if err != nil {
		return nil, err
	}
	s := &csvSource{path: u.path, set: set, limits: j.limits}
	if err := s.begin(); err != nil {
		return nil, err
	}
	return j.table(ctx, s, set.Name)
}

// csvSource reads the rows of a table; a column without a name gets one.
type csvSource struct {
	path    string
	set     charset.Charset
	limits  Limits
	comma   rune
	columns []string
}

// begin finds the delimiter and the names of the columns in the first line.
func (s *csvSource) begin() error {
	f, err := os.Open(s.path)
	if err != nil {
		return err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	r := bufio.NewReaderSize(s.set.Reader(f), 64<<10)
	line, _ := r.Peek(64 << 10) // a short file is all there is
	s.comma = delimiter(string(line))
	names, err := s.reader(r).Read()
	if err != nil {
		return s.wrong(err)
	}
	if len(names) > s.limits.Columns {
		return feature.TooManyColumns(s.limits.Columns)
	}
	for _, n := range names {
		if n = strings.TrimSpace(n); n == "" {
			n = "列"
		}
		s.columns = append(s.columns, distinct(s.columns, n))
	}
	return nil
}

// delimiter is whichever stands most often outside quotes in the first line.
func delimiter(text string) rune {
	best, most := ',', 0
	for _, c := range ",\t;|，" {
		n, quoted := 0, false
		for _, r := range text {
			switch {
			case r == '"':
				quoted = !quoted
			case r == c && !quoted:
				n++
			}
			if r == '\n' && !quoted {
				break
			}
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// reader reads rows whose text is bounded.
func (s *csvSource) reader(r io.Reader) *csv.Reader {
	c := csv.NewReader(r)
	c.Comma, c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = s.comma, -1, true, true
	return c
}

// each implements source.
func (s *csvSource) each(ctx context.Context, fn func(*record) error) error {
	f, err := os.Open(s.path)
	if err != nil {
		return err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	bounded := &boundedReader{r: s.set.Reader(bufio.NewReader(f)), most: s.limits.FeatureBytes, left: s.limits.FeatureBytes}
	c := s.reader(bounded)
	for row := 0; ; row++ {
		fields, err := c.Read()
		bounded.left = bounded.most
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.wrong(err)
		}
		if row == 0 {
			continue
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := fn(&record{row: row, attrs: s.attributes(fields)}); err != nil {
			return err
		}
	}
}

// attributes names the values of a row; empty ones are none.
func (s *csvSource) attributes(fields []string) []feature.Attribute {
	var out []feature.Attribute
	for i, v := range fields {
		if v == "" || i >= len(s.columns) {
			continue
		}
		out = append(out, feature.Attribute{Name: s.columns[i], Value: strings.Clone(v)})
	}
	return out
}

// wrong explains what a table cannot be read for.
func (s *csvSource) wrong(err error) error {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		return emptyFile()
	case errors.Is(err, errRowTooLong):
		return invalid("row_too_long", "表格有一行过长，可能引号没有配对；请检查后重新导出",
			"A row of the table is too long; a quote may be unpaired. Check it and export it again.")
	case errors.As(err, &parse):
		return invalid("csv_syntax", "表格格式有误，请检查引号与分隔符后重新导出", "The table is malformed; check quotes and delimiters and export it again.").Because(err)
	}
	return err
}

var errRowTooLong = errors.New("row too long")

// boundedReader fails when a row goes on for too long; left is renewed at each row.
type boundedReader struct {
	r          io.Reader
	most, left int
	failed     error // of r, the end left out
}

// Read implements io.Reader.
func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left < -1<<20 { // what is read ahead belongs to the next rows
		return 0, errRowTooLong
	}
	n, err := b.r.Read(p)
	b.left -= n
	if err != nil && !errors.Is(err, io.EOF) {
		b.failed = err
	}
	return n, err //nolint:wrapcheck // a reader passes its source's errors on as they are
}
