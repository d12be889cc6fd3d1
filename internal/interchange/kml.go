package interchange

import (
	"context"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/interchange/archive"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// kml is KML; a KMZ reaches it out of its archive. NetworkLinks are not followed.
type kml struct{}

func (kml) name() string { return "kml" }

func (kml) content(u *upload) bool {
	t := u.text()
	return strings.HasPrefix(t, "<kml") || strings.HasPrefix(t, "<?xml") && strings.Contains(t, "<kml")
}

func (kml) called(u *upload) bool { return u.hasExt(".kml") }

func (kml) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	if !u.begins("<", "\xef\xbb\xbf<", " ", "\n", "\r", "\t", "\xff\xfe", "\xfe\xff") {
		return nil, unknownFormat()
	}
	file, err := j.hand(u.path, ".kml")
	if err != nil {
		return nil, err
	}
	o, err := j.vector(ctx, "LIBKML", file)
	if err != nil {
		return nil, err
	}
	o.crs = lonLatWGS84()
	o.source = withoutStyle{o.source}
	return o, nil
}

// openKMZ reads every KML file of the archive: doc.kml often only links to the
// others, and links are not followed.
func openKMZ(ctx context.Context, j *job, a *archive.Archive) (*opened, error) {
	const most = 20
	o := &opened{crs: lonLatWGS84(), encoding: "UTF-8"}
	var rows chain
	for _, e := range a.Entries {
		if e.Ext != ".kml" {
			continue
		}
		if len(rows) == most {
			return nil, invalid("kmz_files", "KMZ 里的 KML 文件太多，请拆分后再导入", "The KMZ holds too many KML files; split it.")
		}
		one, err := openEntry(ctx, j, a, e)
		if err != nil {
			return nil, err
		}
		rows = append(rows, one.source)
		o.total += one.total
		o.findings = append(o.findings, one.findings...)
	}
	if len(rows) == 0 {
		return nil, nothingInside(a.Entries)
	}
	o.source = rows
	return o, nil
}

// withoutStyle drops the columns that LIBKML makes of how a placemark is drawn.
type withoutStyle struct{ source }

// each implements source.
func (w withoutStyle) each(ctx context.Context, fn func(*record) error) error {
	drawn := []string{"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "timestamp", "begin", "end"}
	return w.source.each(ctx, func(r *record) error {
		r.attrs = slices.DeleteFunc(r.attrs, func(a feature.Attribute) bool { return slices.Contains(drawn, a.Name) })
		return fn(r)
	})
}
