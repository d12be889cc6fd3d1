package export

import (
	"context"
	"io"

	"github.com/guatu/guatu/internal/campaign"
)

// format is one kind of file.
type format struct {
	extension, media string
	spatial          bool // for polygons; else for tables
	several          bool // holds several tables
	walks            int  // how often the rows are walked
	write            func(ctx context.Context, j *job, w io.Writer) error
}

// formats are all kinds of files, by the name they are asked for with.
func formats() map[string]format {
	return map[string]format{
		"xlsx":    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", false, false, 1, writeExcel},
		"shp":     {".zip", "application/zip", true, false, 3, writeShapefile},
		"gpkg":    {".gpkg", "application/geopackage+sqlite3", true, true, 1, writeGeoPackage},
		"geojson": {".geojson", "application/geo+json", true, false, 1, writeGeoJSON},
		"kml":     {".kml", "application/vnd.google-earth.kml+xml", true, false, 1, writeKML},
		"dxf":     {".dxf", "image/vnd.dxf", true, false, 1, writeDXF},
		"landtxt": {".txt", "text/plain", true, false, 1, writeLandTXT},
	}
}

// job is the writing of one file.
type job struct {
	*Desk

	tables  []*Table
	request Request
	head    head
	stages  []stage // by slot, 0 being no case
	walked  func()  // tells the progress that a row is done
}

// stage is a slot of the map's legend: how it is called, and its colour #RRGGBB.
type stage struct {
	name   campaign.Text
	colour string
}

func (j *job) run(ctx context.Context, w io.Writer, f format, rows int, progress Progress) error {
	done, total := 0, rows*f.walks
	j.walked = func() {
		done++
		if progress != nil && (done%256 == 0 || done == total) {
			progress(done, total)
		}
	}
	return f.write(ctx, j, w)
}

// table is the one table of most formats.
func (j *job) table() *Table { return j.tables[0] }

// each walks the rows of a table, tells the progress, and stops when nobody waits any longer.
func (j *job) each(ctx context.Context, t *Table, shapes bool, do func(Row) error) error {
	return t.Walk(ctx, shapes, func(r Row) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		j.walked()
		return do(r)
	})
}

func (j *job) utf8() bool { return j.request.Encoding == "UTF-8" }
