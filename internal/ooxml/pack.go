// Package ooxml writes office documents (ECMA-376) of which the same content is the same bytes: parts in order, stored as they are, without
// times. Documents are those of Word; a package of another writer is brought into the same form.
package ooxml

import (
	"archive/zip"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"
)

// part is a file of a package.
type part struct {
	name    string
	content []byte
}

// epoch is the time of every part: the earliest that a ZIP file can say.
var epoch = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) //nolint:gochecknoglobals // a constant

// pack writes a package; the types of its content come first, as readers expect. Parts are stored: what compressors make of them changes
// with their versions.
func pack(parts []part) ([]byte, error) {
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.name, b.name) }) // "[" sorts before letters and "_"
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, p := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: p.name, Method: zip.Store, Modified: epoch})
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", p.name, err)
		}
		if _, err := w.Write(p.content); err != nil {
			return nil, fmt.Errorf("pack %s: %w", p.name, err)
		}
	}
	err := z.Close()
	return out.Bytes(), err
}

// Repack brings a package into the form of this one: the same parts are the same bytes.
func Repack(file []byte) ([]byte, error) {
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return nil, fmt.Errorf("read a package: %w", err)
	}
	parts := make([]part, len(z.File))
	for i, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.Name, err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", f.Name, err)
		}
		parts[i] = part{f.Name, content}
	}
	return pack(parts)
}
