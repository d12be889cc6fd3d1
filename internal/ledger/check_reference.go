package ledger

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/fault"
)

// plainCode is what codes of layers and classes look like, as in the schema.
var plainCode = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

// takenLayers are layers of the map that are no reference layers.
var takenLayers = []string{"parcels", "units", "cases", "enterprises", "recovered", "effective", "blocks", "parks"} //nolint:gochecknoglobals // a constant list

// Longest texts of a feature, in characters.
const (
	longestReferenceCode = 80
	longestReferenceName = 200
	longestAttribute     = 2000
	mostAttributes       = 100
)

// check refuses what no layer may hold; the fault names the feature.
func (c ReplaceReference) check() error {
	if !plainCode.MatchString(c.Layer) || slices.Contains(takenLayers, c.Layer) {
		return fault.New(fault.KindInvalid, "bad_reference_layer",
			fmt.Sprintf("图层代码“%s”有误：只能用 1 至 40 个小写字母、数字和下划线，且不能与地块、责任主体等图层同名", c.Layer),
			fmt.Sprintf("the layer code %q is wrong: 1 to 40 lower-case letters, digits and underscores, and not the name of another layer such as parcels or units", c.Layer))
	}
	if len(c.Features) == 0 && !c.Whole {
		return fault.New(fault.KindInvalid, "no_reference_features", "没有给出任何底图要素", "no reference features are given")
	}
	if err := c.checkSize(); err != nil {
		return err
	}
	seen := make(map[string]bool, len(c.Features))
	for i, d := range c.Features {
		zh, en := d.fault()
		if zh == "" && seen[d.Code] {
			zh, en = "编号重复", "its code is given twice"
		}
		if zh != "" {
			return badReference(c.Layer, i, d, zh, en)
		}
		seen[d.Code] = true
	}
	return nil
}

// checkSize counts before anything else is looked at.
func (c ReplaceReference) checkSize() error {
	vertices := 0
	for _, d := range c.Features {
		vertices += verticesOf(d.Geometry)
	}
	if len(c.Features) > MostReferences || vertices > MostReferenceVertices {
		return fault.New(fault.KindInvalid, "reference_too_large",
			fmt.Sprintf("图层 %s 的一次改动有 %d 个要素、%d 个节点，超过上限（%d 个要素、%d 个节点），请分批导入", c.Layer, len(c.Features), vertices, MostReferences, MostReferenceVertices),
			fmt.Sprintf("the change of layer %s has %d features and %d vertices, more than %d features or %d vertices; please bring it in parts", c.Layer, len(c.Features), vertices, MostReferences, MostReferenceVertices))
	}
	return nil
}

// badReference says which feature it is: by its place in the list, from 1, and its code.
func badReference(layer string, i int, d ReferenceDraft, zh, en string) error {
	code := string([]rune(d.Code)[:min(longestReferenceCode, utf8.RuneCountInString(d.Code))])
	return fault.New(fault.KindInvalid, "bad_reference_feature",
		fmt.Sprintf("图层 %s 第 %d 个要素（编号“%s”）有误：%s", layer, i+1, code, zh),
		fmt.Sprintf("layer %s, feature %d (code %q): %s", layer, i+1, code, en))
}

// fault says what is wrong with a feature by itself; empty when nothing is.
func (d ReferenceDraft) fault() (zh, en string) {
	switch {
	case d.Code == "" || !readable(d.Code, longestReferenceCode):
		return fmt.Sprintf("编号应为 1 至 %d 个字符，不含控制字符", longestReferenceCode), fmt.Sprintf("a code is 1 to %d characters without control characters", longestReferenceCode)
	case !readable(d.Name, longestReferenceName):
		return fmt.Sprintf("名称应不超过 %d 个字符，不含控制字符", longestReferenceName), fmt.Sprintf("a name is at most %d characters without control characters", longestReferenceName)
	case !plainCode.MatchString(d.Class):
		return fmt.Sprintf("类别“%s”有误：只能用 1 至 40 个小写字母、数字和下划线", d.Class), fmt.Sprintf("the class %q is wrong: 1 to 40 lower-case letters, digits and underscores", d.Class)
	}
	if len(d.Attributes) > mostAttributes {
		return fmt.Sprintf("属性超过 %d 项", mostAttributes), fmt.Sprintf("it has more than %d attributes", mostAttributes)
	}
	for key, value := range d.Attributes {
		if key == "" || !readable(key, longestReferenceName) || !readable(value, longestAttribute) {
			return "属性“" + key + "”为空名、过长或含控制字符", fmt.Sprintf("the attribute %q has no name, is too long or has control characters", key)
		}
	}
	return geometryFault(d.Geometry)
}

// readable says that a text is UTF-8, not too long and of one line.
func readable(text string, longest int) bool {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > longest {
		return false
	}
	for _, r := range text {
		if unicode.IsControl(r) {
			return false
		}
	}
	return true
}

func geometryFault(g orb.Geometry) (zh, en string) {
	switch g := g.(type) {
	case orb.Polygon:
		return polygonFault(orb.MultiPolygon{g})
	case orb.MultiPolygon:
		return polygonFault(g)
	case orb.LineString:
		return linesFault(orb.MultiLineString{g})
	case orb.MultiLineString:
		return linesFault(g)
	}
	return "图形应为线或面", "its geometry is neither a line nor a polygon"
}

func polygonFault(mp orb.MultiPolygon) (zh, en string) {
	empty := len(mp) == 0
	for _, p := range mp {
		empty = empty || len(p) == 0
		for _, r := range p {
			empty = empty || len(r) == 0
		}
	}
	if empty {
		return "图形为空", "its geometry is empty"
	}
	if found := geo.Validate(mp); len(found) > 0 {
		return "图形无效：" + found[0].ZH(), "its geometry is invalid: " + found[0].EN()
	}
	return "", ""
}

// linesFault looks for finite degrees within the range of EPSG:4490, and a length.
func linesFault(lines orb.MultiLineString) (zh, en string) {
	if len(lines) == 0 {
		return "图形为空", "its geometry is empty"
	}
	for _, line := range lines {
		distinct := false
		for _, p := range line {
			if math.IsNaN(p[0]) || math.IsNaN(p[1]) || math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90 {
				return fmt.Sprintf("坐标（%v，%v）不是经纬度（度）", p[0], p[1]), fmt.Sprintf("the position (%v, %v) is no longitude and latitude in degrees", p[0], p[1])
			}
			distinct = distinct || p != line[0]
		}
		if !distinct {
			return "线至少要有两个不同的点", "a line needs at least two different points"
		}
	}
	return "", ""
}

func verticesOf(g orb.Geometry) int {
	n := 0
	switch g := g.(type) {
	case orb.Polygon:
		for _, r := range g {
			n += len(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			n += verticesOf(p)
		}
	case orb.LineString:
		n = len(g)
	case orb.MultiLineString:
		for _, line := range g {
			n += len(line)
		}
	}
	return n
}
