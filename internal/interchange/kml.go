package interchange

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/interchange/archive"
	"github.com/guatu/guatu/internal/interchange/charset"
)

// kml is KML (OGC 07-147r2); a KMZ reaches it out of its archive. It is read
// in Go: LIBKML of GDAL 3.6 makes underscores of Chinese column names, takes
// no text in GBK, and runs once for each folder. Links are not followed.
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
	set, err := j.xmlEncoding(u)
	if err != nil {
		return nil, err
	}
	s := &kmlSource{path: u.path, set: set, limits: j.limits}
	// One look at the whole text: where it is cut must not be found after half
	// of it was handed over.
	n := 0
	err = s.each(ctx, func(*record) error {
		n++
		if n > j.limits.Features {
			return tooManyFeatures(j.limits.Features)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	o := &opened{source: s, crs: lonLatWGS84(), encoding: set.Name, total: n}
	switch {
	case j.opts.Layer != "" && !slices.Contains(s.folders, j.opts.Layer):
		return nil, whichLayer(s.folders)
	case j.opts.Layer != "":
		s.only, o.total = j.opts.Layer, 0
	case len(s.folders) > 1:
		o.findings = append(o.findings, severalLayers(s.folders))
	}
	return o, nil
}

var declaredEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["']([^"']+)["']`)

// xmlEncoding is what the sender or a mark says, then the XML declaration,
// then what decodes the text: many programs write GBK and declare UTF-8.
func (j *job) xmlEncoding(u *upload) (charset.Charset, error) {
	_, _, marked := charset.Mark(u.head)
	m := declaredEncoding.FindSubmatch(u.head)
	if marked || j.opts.Encoding != "" || m == nil {
		return j.textEncoding(u)
	}
	if c, ok := charset.Lookup(string(m[1])); ok && c != charset.UTF8() {
		return c, nil
	}
	return j.textEncoding(u)
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
