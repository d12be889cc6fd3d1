package interchange

import (
	"fmt"
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/interchange/feature"
)

// rejection is why a row is not imported. Its place is in the file's own coordinates.
type rejection struct {
	reason Text
	place  *orb.Point
	// mendable tells that Options.Repair may help.
	mendable bool
}

func noGeometry() *rejection {
	return &rejection{reason: Text{"这一行没有图形，请补画后再导入", "The row has no geometry; draw it and import again."}}
}

func emptyGeometry() *rejection {
	return &rejection{reason: Text{"这一行的图形是空的，请补画后再导入", "The geometry of the row is empty; draw it and import again."}}
}

func notPolygon(kind string) *rejection {
	return &rejection{reason: Text{
		"不是面，而是" + kindName(kind) + "；地块须为面",
		"Not a polygon but " + clip(kind) + "; parcels are polygons.",
	}}
}

func openLine() *rejection {
	return &rejection{reason: Text{"多段线没有闭合，不能作为地块；请在 CAD 中闭合", "The polyline is not closed, so it is no parcel; close it in the CAD program."}}
}

func kindName(kind string) string {
	names := map[string]string{
		"Point": "点", "MultiPoint": "多点", "LineString": "线", "MultiLineString": "多线", "GeometryCollection": "几何集合",
	}
	if zh, ok := names[kind]; ok {
		return zh + "（" + kind + "）"
	}
	return "“" + clip(kind) + "”"
}

func badShape(s feature.Shape) *rejection {
	return &rejection{reason: Text{s.Fault.ZH, s.Fault.EN}}
}

// outOfRange rejects a shape that is not on the earth once converted.
func outOfRange(p orb.Point) *rejection {
	return &rejection{reason: Text{
		fmt.Sprintf("坐标（%g，%g）不在经纬度范围内，请核对坐标系与坐标次序（经度在前）", p[0], p[1]),
		fmt.Sprintf("The coordinate (%g, %g) is no place on earth; check the coordinate system and the order (longitude first).", p[0], p[1]),
	}}
}

// invalidShape rejects a shape that is not valid, with the first place that shows it.
func invalidShape(fs []geo.Finding) *rejection {
	f := fs[0]
	more, moreEN := "", ""
	if len(fs) > 1 {
		more, moreEN = fmt.Sprintf("；共 %d 处", len(fs)), fmt.Sprintf("; %d places in all", len(fs))
	}
	said := Text{"图形不合法：", "The shape is not valid: "}
	if f.Reason == geo.ReasonSelfIntersection {
		said = Text{"图形自相交，位置已在图上标出：", "The shape crosses itself, the place is marked on the map: "}
	}
	r := &rejection{
		reason:   Text{said.ZH + f.ZH() + more, said.EN + f.EN() + moreEN},
		mendable: f.Reason != geo.ReasonInvalidCoordinate && f.Reason != geo.ReasonOutOfRange,
	}
	if !math.IsNaN(f.Place[0]+f.Place[1]) && !math.IsInf(f.Place[0]+f.Place[1], 0) {
		p := f.Place
		r.place = &p
	}
	return r
}

func sameCode(code string, row int) *rejection {
	return &rejection{reason: Text{
		fmt.Sprintf("编号“%s”与第 %d 行重复，请只保留一行", clip(code), row),
		fmt.Sprintf("The code %q is that of row %d already; keep one of them.", clip(code), row),
	}}
}

func sameRow(row int) *rejection {
	return &rejection{reason: Text{
		fmt.Sprintf("与第 %d 行完全相同，请只保留一行", row),
		fmt.Sprintf("The row is the same as row %d; keep one of them.", row),
	}}
}

// nulInText rejects a row whose text holds the character 0, which no database keeps.
func nulInText(r *record) *rejection {
	for _, a := range r.attrs {
		if strings.IndexByte(a.Value, 0) >= 0 || strings.IndexByte(a.Name, 0) >= 0 {
			name := strings.ReplaceAll(clip(a.Name), "\x00", "")
			return &rejection{reason: Text{
				"字段“" + name + "”里有空字符（NUL），请删去后再导入",
				"The column \"" + name + "\" holds the character NUL; remove it and import again.",
			}}
		}
	}
	return nil
}

func notMended(row *rejection) *rejection {
	return &rejection{
		reason: Text{row.reason.ZH + "；修复后已没有面积，请重画", row.reason.EN + "; mended, no area is left. Draw it anew."},
		place:  row.place,
	}
}
