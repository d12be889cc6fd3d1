package interchange

import (
	"fmt"
	"strconv"

	"github.com/guatu/guatu/internal/fault"
)

// invalid is a refusal of the file.
func invalid(code, zh, en string) *fault.Error {
	return fault.New(fault.KindInvalid, code, zh, en)
}

// unsupported refuses a format by name and says what to use instead.
func unsupported(what, instead string) *fault.Error {
	return invalid("unsupported_format", "不支持 "+what+"，请改用 "+instead,
		"Not supported: "+english(what)+". Use "+english(instead)+" instead.")
}

// english is the English of the words in unsupported.
func english(words string) string {
	if en, ok := refusalEnglish()[words]; ok {
		return en
	}
	return words
}

func notGeoJSON() *fault.Error {
	return invalid("not_geojson", "文件是 JSON，但不是 GeoJSON；请导出为 GeoJSON 再导入",
		"The file is JSON but not GeoJSON; export it as GeoJSON.")
}

func unknownFormat() *fault.Error {
	return invalid("unknown_format",
		"认不出文件格式；可导入 shapefile（.zip）、GeoPackage、GeoJSON、KML/KMZ、DXF、FlatGeobuf、CSV、Excel（.xlsx）和国土 TXT",
		"The format is not recognised. Importable: zipped shapefile, GeoPackage, GeoJSON, KML/KMZ, DXF, FlatGeobuf, CSV, Excel (.xlsx) and 国土TXT.")
}

func emptyFile() *fault.Error {
	return invalid("empty_file", "文件是空的，请检查后重新导出", "The file is empty; export it again.")
}

func fileTooLarge(limit int64) *fault.Error {
	mb := strconv.FormatInt(limit>>20, 10)
	return invalid("file_too_large", "文件超过 "+mb+" MB，请拆分后再导入", "The file is larger than "+mb+" MB; split it.")
}

func needCRS() *fault.Error {
	return invalid("needs_crs",
		"文件没有坐标系说明，请选择：CGCS2000（4490）/ 3度带120E（4549）/ 带号40（4528）",
		"The file states no coordinate system. Choose CGCS2000 (4490), 3-degree CM 120E (4549) or zone 40 (4528).")
}

func unknownCRS(name string) *fault.Error {
	return invalid("unknown_crs", "不认识坐标系“"+clip(name)+"”，请填 EPSG 编号，如 4490、4549、4528",
		"Unknown coordinate system \""+clip(name)+"\"; give an EPSG code such as 4490, 4549 or 4528.")
}

func unknownEncoding(name string) *fault.Error {
	return invalid("unknown_encoding", "不认识编码“"+clip(name)+"”，请选择 GBK 或 UTF-8",
		"Unknown encoding \""+clip(name)+"\"; choose GBK or UTF-8.")
}

func noColumn(field, column string) *fault.Error {
	return invalid("no_such_column", "文件没有字段“"+clip(column)+"”，不能作为"+fieldName(field)+"，请重新选择",
		"The file has no column \""+clip(column)+"\" to read as "+field+"; choose another.")
}

func fieldName(field string) string {
	switch field {
	case fieldCode:
		return "地块编号"
	case fieldLabel:
		return "名称"
	}
	return field
}

func noPolygons() *fault.Error {
	return invalid("nothing_to_import", "文件中没有可导入的面图形，请检查图层、几何类型和错误清单",
		"The file holds no polygon that can be imported; check the layer, the geometry type and the rejected rows.")
}

func tooManyFeatures(limit int) *fault.Error {
	return invalid("too_many_features", fmt.Sprintf("文件超过 %d 行，请拆分后再导入", limit),
		fmt.Sprintf("The file has more than %d rows; split it.", limit))
}

func tooManyVerticesInAll(limit int) *fault.Error {
	return invalid("too_many_vertices", fmt.Sprintf("全部图形的顶点超过 %d 个，请拆分或简化", limit),
		fmt.Sprintf("The shapes have more than %d vertices in all; split or simplify them.", limit))
}

// clip keeps a stranger's word short enough for a sentence.
func clip(s string) string {
	const most = 40
	r := []rune(s)
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
