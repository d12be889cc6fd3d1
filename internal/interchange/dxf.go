package interchange

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
)

// dxf is AutoCAD's text exchange format: hatches and closed polylines are parcels.
type dxf struct{}

// dxfStart is the first group of a DXF, perhaps after comments (999).
var dxfStart = regexp.MustCompile(`^(?:\s*999\s*\n[^\n]*\n)*\s*0\s*\r?\n\s*section\s*\r?\n`)

func (dxf) name() string           { return "dxf" }
func (dxf) content(u *upload) bool { return dxfStart.MatchString(u.text()) }
func (dxf) called(u *upload) bool  { return u.hasExt(".dxf") }

func (dxf) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	file, err := j.hand(u.path, ".dxf")
	if err != nil {
		return nil, err
	}
	if err := wholeDrawing(u.path, u.size); err != nil {
		return nil, err
	}
	o, err := j.vector(ctx, "DXF", file)
	if err != nil {
		return nil, err
	}
	o.closedLines = true
	return o, nil
}

// wholeDrawing refuses a drawing that does not end as all do: GDAL reads what
// is there of one cut short and says nothing.
func wholeDrawing(path string, size int64) error {
	f, err := os.Open(path) //nolint:gosec // the caller's own temporary file
	if err != nil {
		return err //nolint:wrapcheck // an *fs.PathError says which file
	}
	defer f.Close() //nolint:errcheck // read only
	const most = 4 << 10
	tail := make([]byte, min(size, most))
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		return fmt.Errorf("read the end of the drawing: %w", err)
	}
	if strings.HasSuffix(strings.TrimRight(string(tail), " \t\r\n\x1a\x00"), "EOF") {
		return nil
	}
	return invalid("dxf_cut", "DXF 没有以 EOF 结束，文件不完整，因此没有导入；请重新导出或重新上传",
		"The DXF does not end with EOF, so it is incomplete and nothing is imported; export or upload it again.")
}
