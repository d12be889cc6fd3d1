package interchange

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"unicode/utf8"

	"github.com/guatu/guatu/internal/interchange/charset"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// recoded looks at the GeoJSON that GDAL made of a layer. GDAL passes bytes on
// that are not UTF-8, as GeoPackages of careless programs hold them; then a
// new file is written whose strings are decoded as those of a .dbf are.
func (j *job) recoded(path string) (string, charset.Charset, []Finding, error) {
	unicode := charset.UTF8()
	f, err := os.Open(path) //nolint:gosec // a name of our own
	if err != nil {
		return "", unicode, nil, err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	if found, sure, err := charset.Detect(f); err != nil || sure && found == unicode {
		return path, unicode, nil, err //nolint:wrapcheck // wrapped by Detect
	}
	hints, stated, err := hintsOf(j.opts.Encoding, "", 0)
	if err != nil {
		return "", unicode, nil, err
	}
	// The names of the columns may be right where the text in them is not.
	names, values := charset.NewDetector(), charset.NewDetector(hints...)
	err = j.strings(f, io.Discard, func(text []byte, name bool) error {
		if name {
			names.ShowWhole(text)
		} else {
			values.ShowWhole(text)
		}
		return nil
	})
	if err != nil {
		return "", unicode, nil, err
	}
	set, notes := settle(values, hints, stated, j.opts.Encoding != "")
	ofNames, _ := names.Best()
	out, err := j.rewrite(f, ofNames, set)
	return out, set, notes, err
}

// rewrite writes the text anew with its strings decoded.
func (j *job) rewrite(f *os.File, names, values charset.Charset) (path string, err error) {
	if path, err = j.temp(".geojson"); err != nil {
		return "", err
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // a name of our own
	if err != nil {
		return "", fmt.Errorf("write the decoded text: %w", err)
	}
	defer func() { err = firstOf(err, out.Close()) }()
	w := bufio.NewWriterSize(out, 64<<10)
	err = j.strings(f, w, func(text []byte, name bool) error {
		set := values
		if name {
			set = names
		}
		s, _, ok := set.Decode(text)
		if !ok {
			s = set.Lossy(text)
		}
		quoted, err := json.Marshal(s)
		if err == nil {
			_, err = w.Write(quoted)
		}
		return err //nolint:wrapcheck // wrapped below
	})
	if err = firstOf(err, w.Flush()); err != nil {
		return "", fmt.Errorf("write the decoded text: %w", err)
	}
	return path, nil
}

// strings calls fn with the bytes of each string of a JSON text, telling the
// names of members from values, and writes what stands between them to plain.
func (j *job) strings(f *os.File, plain io.Writer, fn func(text []byte, name bool) error) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read the text: %w", err)
	}
	r := bufio.NewReaderSize(f, 64<<10)
	for {
		between, err := r.ReadSlice('"')
		found := err == nil
		if found {
			between = between[:len(between)-1]
		}
		if _, err := plain.Write(between); err != nil {
			return fmt.Errorf("write the text: %w", err)
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return fmt.Errorf("read the text: %w", err)
		}
		text, err := j.quoted(r)
		if err != nil {
			return err
		}
		next, _ := r.Peek(1) // the end of the text is seen above
		if err := fn(text, len(next) == 1 && next[0] == ':'); err != nil {
			return err
		}
	}
}

// quoted reads a string behind its first quote, escapes undone byte by byte.
func (j *job) quoted(r *bufio.Reader) ([]byte, error) {
	var out []byte
	for {
		c, err := r.ReadByte()
		switch {
		case err != nil:
			return nil, fmt.Errorf("read a string: %w", err)
		case len(out) > j.limits.FieldBytes:
			return nil, feature.FieldTooLong(strconv.Itoa(len(out)), j.limits.FieldBytes)
		case c == '"':
			return out, nil
		case c == '\\':
			if out, err = escaped(out, r); err != nil {
				return nil, err
			}
		default:
			out = append(out, c)
		}
	}
}

// escaped appends what stands behind a backslash.
func escaped(out []byte, r *bufio.Reader) ([]byte, error) {
	c, err := r.ReadByte()
	if err != nil {
		return nil, fmt.Errorf("read a string: %w", err)
	}
	plain := map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f'}
	if b, ok := plain[c]; ok {
		return append(out, b), nil
	}
	if c != 'u' {
		return append(out, c), nil
	}
	var hex [4]byte
	if _, err := io.ReadFull(r, hex[:]); err != nil {
		return nil, fmt.Errorf("read a string: %w", err)
	}
	n, err := strconv.ParseUint(string(hex[:]), 16, 16)
	if err != nil {
		return nil, fmt.Errorf("read a string: %w", err)
	}
	return utf8.AppendRune(out, rune(n)), nil
}

// settle decides the encoding after all text was shown, and says what is odd about it.
func settle(d *charset.Detector, hints []charset.Charset, stated string, forced bool) (charset.Charset, []Finding) {
	best, sure := d.Best()
	if forced {
		best, sure = hints[0], !d.Failed(0)
	}
	switch {
	case !sure:
		return best, []Finding{{Code: "encoding_doubtful", Text: Text{
			"汉字可能乱码，请选择 GBK 或 UTF-8", "The text may be garbled; choose GBK or UTF-8.",
		}}}
	case len(hints) > 0 && best != hints[0]:
		return best, []Finding{{Code: "encoding_wrong", Text: Text{
			"文件自称的编码（" + clip(stated) + "）不对，已按 " + best.Name + " 读取，请核对汉字",
			"The file's stated encoding (" + clip(stated) + ") is wrong; it was read as " + best.Name + ". Check the text.",
		}}}
	}
	return best, nil
}
