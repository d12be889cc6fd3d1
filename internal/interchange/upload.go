package interchange

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// upload is the file as it came, or one taken out of its archive.
type upload struct {
	path, name string
	// ext is lower-case with its dot; head is the beginning of the content.
	ext  string
	head []byte
	size int64
}

// newUpload looks at the beginning of the file.
func newUpload(path, name string, limit int64) (*upload, error) {
	f, err := os.Open(path) //nolint:gosec // the caller's own temporary file
	if err != nil {
		return nil, fmt.Errorf("open the upload: %w", err)
	}
	defer f.Close() //nolint:errcheck // read only
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at the upload: %w", err)
	}
	switch {
	case !info.Mode().IsRegular():
		return nil, unknownFormat()
	case info.Size() == 0:
		return nil, emptyFile()
	case info.Size() > limit:
		return nil, fileTooLarge(limit)
	}
	head := make([]byte, 8<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read the upload: %w", err)
	}
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	return &upload{path: path, name: name, ext: strings.ToLower(filepath.Ext(name)), head: head[:n], size: info.Size()}, nil
}

// begins tells whether the content begins with one of the marks.
func (u *upload) begins(marks ...string) bool {
	for _, m := range marks {
		if bytes.HasPrefix(u.head, []byte(m)) {
			return true
		}
	}
	return false
}

// text is the beginning without a byte order mark and white space, lower-case.
func (u *upload) text() string {
	b := bytes.TrimPrefix(u.head, []byte{0xEF, 0xBB, 0xBF})
	return strings.ToLower(string(bytes.TrimLeft(b, " \t\r\n\x1e")))
}

// hasExt tells whether the name ends so.
func (u *upload) hasExt(exts ...string) bool {
	return slices.Contains(exts, u.ext)
}

// binary tells whether the beginning holds what no text holds.
func (u *upload) binary() bool {
	return bytes.IndexByte(u.head, 0) >= 0 && !u.begins("\xff\xfe", "\xfe\xff")
}
