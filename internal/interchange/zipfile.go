package interchange

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/interchange/archive"
)

// zipFile is an archive with one data set in it: a shapefile, one file of any
// other format, a KMZ; an Excel workbook is a zip file too.
type zipFile struct{}

func (zipFile) name() string           { return "zip" }
func (zipFile) content(u *upload) bool { return u.begins("PK\x03\x04", "PK\x05\x06") }
func (zipFile) called(u *upload) bool  { return u.hasExt(".zip", ".kmz", ".xlsx") }

func (zipFile) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	if !(zipFile{}).content(u) {
		return nil, invalid("wrong_content", "文件名是 "+u.ext+"，内容却不是；文件可能已损坏，请重新导出",
			"The name says "+u.ext+" but the content does not; the file may be damaged, export it again.")
	}
	j.nested++
	if j.nested > 1 {
		return nil, nestedArchive()
	}
	a, err := archive.Open(u.path, j.zipLimits())
	if err != nil {
		return nil, err //nolint:wrapcheck // a fault or wrapped
	}
	defer a.Close() //nolint:errcheck // read only
	return inside(ctx, j, u, a)
}

// inside finds what the archive holds and opens it.
func inside(ctx context.Context, j *job, u *upload, a *archive.Archive) (*opened, error) {
	if f, err := office(a); f != nil || err != nil {
		if err != nil {
			return nil, err
		}
		j.format = f.name()
		return f.open(ctx, j, u)
	}
	if sets := shapefiles(a.Entries); len(sets) > 0 {
		j.format = "shapefile"
		return openShapefile(ctx, j, a, sets)
	}
	if u.hasExt(".kmz") {
		j.format = kml{}.name()
		return openKMZ(ctx, j, a)
	}
	entry, err := single(j, a.Entries)
	if err != nil {
		return nil, err
	}
	return openEntry(ctx, j, a, entry)
}

// office tells Office documents, which are zip files, from others.
func office(a *archive.Archive) (format, error) {
	for _, e := range a.Entries {
		switch {
		case strings.HasPrefix(e.Name, "xl/"):
			return excel{}, nil
		case strings.HasPrefix(e.Name, "word/"), strings.HasPrefix(e.Name, "ppt/"):
			return nil, unsupported("Office 文档", useVector)
		case strings.HasPrefix(e.Name, "META-INF/manifest.xml"):
			return nil, unsupported(".ods", useXLSX)
		case strings.HasSuffix(strings.ToLower(path.Dir(e.Name)), ".gdb"):
			return nil, unsupported("File Geodatabase（.gdb）", useVector)
		}
	}
	return nil, nil //nolint:nilnil // no Office document and nothing wrong
}

// dataExts are the formats taken out of archives, the surest first.
func dataExts() []string {
	return []string{".gpkg", ".fgb", ".geojson", ".ndjson", ".geojsonl", ".geojsons", ".jsonl", ".json", ".kml", ".dxf", ".xlsx", ".csv", ".tsv", ".txt"}
}

// single picks the one data file of an archive, or the one asked for.
func single(j *job, entries []archive.Entry) (archive.Entry, error) {
	found := candidates(entries)
	if j.opts.Layer != "" {
		if i := slices.IndexFunc(found, func(e archive.Entry) bool { return e.Name == j.opts.Layer || e.Stem == j.opts.Layer }); i >= 0 {
			j.opts.Layer = ""
			return found[i], nil
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return archive.Entry{}, nothingInside(entries)
	}
	var names []string
	for _, e := range found {
		names = append(names, e.Name)
	}
	return archive.Entry{}, whichLayer(names)
}

// candidates are the data files of the archive; notes in .txt or .csv count
// only where there is nothing better.
func candidates(entries []archive.Entry) []archive.Entry {
	var sure, text []archive.Entry
	for _, e := range entries {
		switch {
		case !slices.Contains(dataExts(), e.Ext):
		case e.Ext == ".txt" || e.Ext == ".csv" || e.Ext == ".tsv":
			text = append(text, e)
		default:
			sure = append(sure, e)
		}
	}
	if len(sure) > 0 {
		return sure
	}
	return text
}

// nothingInside says what is missing or in the way.
func nothingInside(entries []archive.Entry) error {
	for _, e := range entries {
		switch e.Ext {
		case ".shx", ".dbf":
			return invalid("shp_missing", "压缩包缺少 .shp 文件，请把 .shp、.shx、.dbf、.prj 一起压缩",
				"The archive lacks the .shp file; pack the .shp, .shx, .dbf and .prj together.")
		case ".zip", ".kmz":
			return nestedArchive()
		}
	}
	for _, e := range entries {
		u := &upload{name: e.Name, ext: e.Ext}
		if err := refused(u); err != nil {
			return err
		}
	}
	return invalid("zip_nothing", "压缩包里没有可导入的文件；请放入 shapefile、GeoPackage、GeoJSON、KML、DXF、FlatGeobuf、CSV、Excel 或国土 TXT",
		"The archive holds nothing that can be imported; pack a shapefile, GeoPackage, GeoJSON, KML, DXF, FlatGeobuf, CSV, Excel or 国土TXT file.")
}

func nestedArchive() error {
	return invalid("zip_in_zip", "压缩包里还有压缩包，请先解压，只上传里面的那个 .zip",
		"There is an archive inside the archive; unpack it and upload the inner one.")
}

// openEntry takes the file out and opens it as what it is.
func openEntry(ctx context.Context, j *job, a *archive.Archive, e archive.Entry) (*opened, error) {
	target, err := j.temp(e.Ext)
	if err != nil {
		return nil, err
	}
	if _, err := a.Extract(e, target); err != nil {
		return nil, err //nolint:wrapcheck // a fault or wrapped
	}
	u, err := newUpload(target, path.Base(e.Name), j.limits.InflatedBytes)
	if err != nil {
		return nil, err
	}
	return openUpload(ctx, j, u)
}

// openUpload recognises a file and opens it.
func openUpload(ctx context.Context, j *job, u *upload) (*opened, error) {
	f, err := recognise(u)
	if err != nil {
		return nil, err
	}
	j.size = max(j.size, u.size)
	j.format = f.name()
	return f.open(ctx, j, u)
}

// layerChoice is the detail of a refusal that asks for a layer.
type layerChoice []string

// whichLayer asks for a layer.
func whichLayer(names []string) error {
	const most = 50
	if len(names) > most {
		names = names[:most]
	}
	list := strings.Join(names, "、")
	return invalid("needs_layer", "文件里有多个图层，请选择要导入的一个："+clipTo(list, 400),
		"The file holds several layers; choose one: "+clipTo(list, 400)).With(layerChoice(names))
}

func clipTo(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
