package interchange

import (
	"context"
	"regexp"
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
	o, err := j.vector(ctx, "DXF", file)
	if err != nil {
		return nil, err
	}
	o.closedLines = true
	return o, nil
}
