package grid

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// ReadTables reads a workbook, or a text with commas or tabs (.csv, .txt) as one sheet.
func ReadTables(path, name string) ([]Sheet, error) {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv", ".txt":
		return readText(path, name)
	}
	return Read(path, name)
}

// readText reads what offices and meters write: UTF-8 with or without a mark, UTF-16 with one, else GB18030.
func readText(path, name string) ([]Sheet, error) {
	f, err := os.Open(path) //nolint:gosec // the caller's own temporary file
	if err != nil {
		return nil, fmt.Errorf("open the upload: %w", err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	raw, err := io.ReadAll(io.LimitReader(f, mostInside+1))
	if err != nil {
		return nil, fmt.Errorf("read the upload: %w", err)
	}
	text, ok := decoded(raw)
	if len(raw) > mostInside || !ok {
		return nil, refused("text_unreadable", name, "不是文本表格，或太大；请另存为 CSV（UTF-8 或 GBK）", "this is no table as text, or too large; please save it as CSV in UTF-8 or GBK")
	}
	s := Sheet{Name: strings.TrimSuffix(name, filepath.Ext(name)), merged: map[at]at{}}
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.Comma = -1, true, separator(text)
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return []Sheet{s}, nil
		}
		if err != nil {
			return nil, damaged(name).Because(err)
		}
		if len(s.Cells) == MostRows {
			return nil, refused("workbook_too_large", name, fmt.Sprintf("超过 %d 行，请拆分", MostRows), fmt.Sprintf("it has more than %d rows; please split it", MostRows))
		}
		s.Cells = append(s.Cells, cleaned(cells[:min(len(cells), mostColumns)]))
	}
}

// decoded is the text of bytes; false where they are none.
func decoded(raw []byte) (string, bool) {
	if bytes.HasPrefix(raw, []byte{0xFF, 0xFE}) || bytes.HasPrefix(raw, []byte{0xFE, 0xFF}) {
		text, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(raw)
		return string(text), err == nil
	}
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", false
	}
	if utf8.Valid(raw) {
		return strings.TrimPrefix(string(raw), "\ufeff"), true
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	return string(text), err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

// separator is what stands between the cells of the first line that has any.
func separator(text string) rune {
	for line := range strings.Lines(text) {
		for _, each := range []rune{'\t', ',', ';'} {
			if strings.ContainsRune(line, each) {
				return each
			}
		}
	}
	return ','
}
