package interchange

import "strings"

// refusal is a format that is known and not read: how to tell it, what it is
// called and what to use instead.
type refusal struct {
	magic   []string
	exts    []string
	what    string
	instead string
}

const (
	useZip     = ".zip"
	useVector  = "shapefile（.zip）、GeoPackage 或 GeoJSON"
	useDXF     = "DXF（另存为文本 DXF）"
	useXLSX    = ".xlsx"
	useShpZip  = ".zip：把 .shp、.shx、.dbf、.prj 一起压缩"
	useOneZip  = "解压后里面的那个 .zip"
	useTextCSV = "CSV 或 .xlsx"
)

// refusalEnglish is the English of what is refused and of each piece of advice.
func refusalEnglish() map[string]string {
	return map[string]string{
		"二进制 DXF": "binary DXF", "图片": "pictures", "单独的 .shp": "a .shp alone", "单独的 shapefile 组成文件": "a part of a shapefile alone",
		"Access 数据库（.mdb）": "Access databases (.mdb)", "File Geodatabase（.gdb）": "File Geodatabase (.gdb)",
		"旧版 Office 文件": "old Office files", "Office 文档": "Office documents",
		useVector:  "a zipped shapefile, GeoPackage or GeoJSON",
		useDXF:     "DXF saved as text",
		useShpZip:  "a .zip with the .shp, .shx, .dbf and .prj together",
		useOneZip:  "the .zip inside it",
		useTextCSV: "CSV or .xlsx",
	}
}

// refusals are tried in order, content before names: a name may lie.
func refusals() []refusal {
	return []refusal{
		{magic: []string{"Rar!"}, what: ".rar", instead: useZip},
		{magic: []string{"7z\xbc\xaf"}, what: ".7z", instead: useZip},
		{magic: []string{"\x1f\x8b"}, what: ".gz", instead: useZip},
		{magic: []string{"BZh"}, what: ".bz2", instead: useZip},
		{magic: []string{"\xfd7zXZ"}, what: ".xz", instead: useZip},
		{magic: []string{"\x28\xb5\x2f\xfd"}, what: ".zst", instead: useZip},
		{magic: []string{"AutoCAD Binary DXF"}, what: "二进制 DXF", instead: useDXF},
		{magic: []string{"%PDF"}, what: "PDF", instead: useVector},
		{magic: []string{"\x89PNG", "\xff\xd8\xff", "GIF8", "II*\x00", "MM\x00*"}, exts: []string{".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp"}, what: "图片", instead: useVector},
		{magic: []string{"\x00\x00\x27\x0a"}, what: "单独的 .shp", instead: useShpZip},
		{magic: []string{"\x00\x01\x00\x00Standard"}, what: "Access 数据库（.mdb）", instead: useVector},
		{magic: []string{"PAR1"}, what: "Parquet", instead: useVector},
		{exts: []string{".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix"}, what: "单独的 shapefile 组成文件", instead: useShpZip},
		{exts: []string{".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".z", ".lzh", ".arj", ".cab"}, instead: useZip},
		{exts: []string{".gdb", ".mdb", ".accdb", ".mif", ".mid", ".tab", ".map", ".gml", ".gpx", ".osm", ".pbf", ".dgn", ".e00", ".vct", ".sxf", ".topojson", ".parquet", ".sqlite", ".db", ".shz", ".mbtiles", ".qgs", ".qgz", ".mxd", ".lyr", ".wl", ".wt", ".wp"}, instead: useVector},
		{exts: []string{".dwg", ".dws", ".dwt"}, instead: useDXF},
		{exts: []string{".xls", ".xlsm", ".xlsb", ".et", ".ods", ".numbers"}, instead: useXLSX},
		{exts: []string{".doc", ".docx", ".wps", ".pdf", ".ppt", ".pptx"}, instead: useVector},
	}
}

// refused finds the refusal for a file, nil if there is none.
func refused(u *upload) error {
	if len(u.head) > 262 && string(u.head[257:262]) == "ustar" {
		return unsupported(".tar", useZip)
	}
	if u.begins("\xd0\xcf\x11\xe0") {
		return oleFile(u)
	}
	if t := u.text(); strings.HasPrefix(t, "<!doctype html") || strings.HasPrefix(t, "<html") {
		return invalid("unsupported_format", "文件其实是网页（HTML），可能是下载失败的页面；请重新下载原文件",
			"The file is really a web page (HTML), perhaps of a failed download; download the file again.")
	}
	if u.binary() && u.begins("AC10") {
		return unsupported("DWG", useDXF)
	}
	if u.binary() && u.begins("BM") { // a table may begin so too
		return unsupported("图片", useVector)
	}
	for _, r := range refusals() {
		if !u.begins(r.magic...) && (!u.hasExt(r.exts...) || recognisable(u)) {
			continue
		}
		if r.what == "" {
			r.what = u.ext
		}
		return unsupported(r.what, r.instead)
	}
	return nil
}

// recognisable tells whether the content is of a format read here, whatever the name says.
func recognisable(u *upload) bool {
	for _, f := range formats() {
		if f.content(u) {
			return true
		}
	}
	return false
}

// oleFile is an old Office file, or a new one behind a password.
func oleFile(u *upload) error {
	if u.hasExt(".xlsx", ".xlsm") {
		return invalid("excel_password", "Excel 文件有密码或是旧格式，请去掉密码并另存为 .xlsx",
			"The Excel file is protected by a password or of the old format; save it as .xlsx without a password.")
	}
	what := u.ext
	if what == "" {
		what = "旧版 Office 文件"
	}
	return unsupported(what, useXLSX)
}
