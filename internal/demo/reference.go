package demo

import (
	"maps"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/ledger"
)

// feature is a feature of a reference layer of the demo. The names are real; the
// courses are schematic (示意): a few places of our own choosing, as true as the outlines.
type feature struct {
	code, name, class string
	through           []orb.Point // of a line: what it runs through; of a lake: its middle
	reach             [2]float64  // of a lake: half its length and breadth in metres, 0 for lines
	turned            float64     // of a lake: how its length is turned from east, in radians
	also              map[string]string
}

// water is what is drawn of the rivers, canals and lakes.
func water() []feature {
	return []feature{
		{code: "sushou_tang", name: "京杭大运河（苏州塘）", class: "canal", through: []orb.Point{{120.729, 30.998}, {120.734, 30.957}, {120.721, 30.915}, {120.729, 30.880}, {120.742, 30.845}, {120.750, 30.815}, {120.764, 30.790}, {120.773, 30.766}}},
		{code: "hangzhou_tang", name: "京杭大运河（杭州塘）", class: "canal", through: []orb.Point{{120.773, 30.766}, {120.752, 30.749}, {120.722, 30.744}, {120.690, 30.732}, {120.655, 30.724}, {120.620, 30.703}, {120.592, 30.692}, {120.560, 30.676}}},
		{code: "lanxi_tang", name: "澜溪塘", class: "canal", through: []orb.Point{{120.528, 30.776}, {120.562, 30.806}, {120.586, 30.834}, {120.622, 30.853}, {120.658, 30.874}, {120.672, 30.905}, {120.668, 30.945}}},
		{code: "xincheng_tang", name: "新塍塘", class: "river", through: []orb.Point{{120.562, 30.806}, {120.590, 30.806}, {120.614, 30.798}, {120.645, 30.791}, {120.680, 30.787}, {120.708, 30.775}, {120.740, 30.768}, {120.764, 30.760}}},
		{code: "changshui_tang", name: "长水塘", class: "river", through: []orb.Point{{120.704, 30.558}, {120.714, 30.600}, {120.722, 30.640}, {120.738, 30.680}, {120.750, 30.718}, {120.764, 30.750}}},
		{code: "beijiao_he", name: "北郊河", class: "river", through: []orb.Point{{120.696, 30.781}, {120.708, 30.800}, {120.732, 30.813}, {120.751, 30.813}, {120.778, 30.803}, {120.802, 30.788}, {120.824, 30.768}}},
		{code: "liansi_dang", name: "莲泗荡", class: "lake", through: []orb.Point{{120.766, 30.897}}, reach: [2]float64{900, 520}, turned: 0.5},
		{code: "dayang_dang", name: "大漾荡", class: "lake", through: []orb.Point{{120.752, 30.925}}, reach: [2]float64{560, 420}, turned: -0.4},
		{code: "maoyang_dang", name: "毛漾荡", class: "lake", through: []orb.Point{{120.764, 30.944}}, reach: [2]float64{520, 300}, turned: 0.9},
		{code: "tianbei_dang", name: "田北荡", class: "lake", through: []orb.Point{{120.708, 30.938}}, reach: [2]float64{480, 300}, turned: 0.2},
		{code: "lin_hu", name: "麟湖", class: "lake", through: []orb.Point{{120.806, 30.833}}, reach: [2]float64{1000, 620}, turned: -0.5},
		{code: "shijiu_yang", name: "石臼漾", class: "lake", through: []orb.Point{{120.716, 30.783}}, reach: [2]float64{420, 260}, turned: -0.3},
		{code: "xiu_hu", name: "秀湖", class: "lake", through: []orb.Point{{120.698, 30.762}}, reach: [2]float64{430, 260}, turned: 0.3},
	}
}

// roads are the main roads that are drawn, as they were in 2020.
func roads() []feature {
	return []feature{
		{code: "S12", name: "申嘉湖高速", class: "highway", through: []orb.Point{{120.892, 30.874}, {120.846, 30.872}, {120.800, 30.884}, {120.745, 30.892}, {120.700, 30.879}, {120.650, 30.845}, {120.606, 30.824}, {120.566, 30.792}, {120.532, 30.764}}, also: map[string]string{"编号": "S12"}},
		{code: "G15W", name: "常台高速（乍嘉苏段）", class: "highway", through: []orb.Point{{120.698, 30.998}, {120.701, 30.950}, {120.703, 30.905}, {120.698, 30.850}, {120.690, 30.800}, {120.684, 30.768}, {120.696, 30.728}, {120.722, 30.700}, {120.762, 30.680}, {120.812, 30.662}}, also: map[string]string{"编号": "G15W"}},
		{code: "G60", name: "沪昆高速（沪杭段）", class: "highway", through: []orb.Point{{120.822, 30.690}, {120.772, 30.664}, {120.730, 30.650}, {120.690, 30.634}, {120.640, 30.612}}, also: map[string]string{"编号": "G60"}},
		{code: "G320", name: "320国道", class: "national_road", through: []orb.Point{{120.812, 30.762}, {120.776, 30.744}, {120.740, 30.736}, {120.700, 30.722}, {120.660, 30.708}, {120.624, 30.686}, {120.578, 30.664}}, also: map[string]string{"编号": "G320"}},
		{code: "sujia_gonglu", name: "苏嘉公路", class: "main_road", through: []orb.Point{{120.744, 30.998}, {120.747, 30.955}, {120.738, 30.912}, {120.744, 30.872}, {120.760, 30.836}, {120.774, 30.800}, {120.780, 30.770}}},
		{code: "youli_gonglu", name: "油黎公路", class: "main_road", through: []orb.Point{{120.790, 30.776}, {120.812, 30.802}, {120.832, 30.832}, {120.834, 30.868}, {120.842, 30.912}}},
		{code: "zhongshan_xilu", name: "中山西路", class: "main_road", through: []orb.Point{{120.772, 30.757}, {120.745, 30.759}, {120.716, 30.764}, {120.690, 30.773}, {120.662, 30.778}}},
	}
}

// referenceDrafts are features as the ledger takes them.
func referenceDrafts(features []feature) []ledger.ReferenceDraft {
	drafts := make([]ledger.ReferenceDraft, len(features))
	for i, f := range features {
		attributes := map[string]string{"说明": "示意", "来源": "演示数据"}
		maps.Copy(attributes, f.also)
		drafts[i] = ledger.ReferenceDraft{Code: f.code, Name: f.name, Class: f.class, Geometry: f.geometry(), Attributes: attributes}
	}
	return drafts
}

func (f feature) geometry() orb.Geometry {
	if f.reach[0] > 0 {
		return shore(f.through[0], f.reach, f.turned)
	}
	if f.class == "river" || f.class == "canal" {
		return course(meander(f.through))
	}
	return course(f.through)
}
