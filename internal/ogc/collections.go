package ogc

import (
	"cmp"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// Names of the collections.
const (
	CasesID   = "cases"
	ParcelsID = "parcels"
)

// Responsible and Note are properties of cases that are read for the features shown.
const (
	Responsible = "responsible"
	Note        = "note"
)

// Collections are what a campaign has.
func Collections(d campaign.Definition) []*Collection {
	return []*Collection{cases(d), parcels(d)}
}

// Find is the collection with an id, nil for none.
func Find(d campaign.Definition, id string) *Collection {
	for _, c := range Collections(d) {
		if c.ID == id {
			return c
		}
	}
	return nil
}

// property is a Property and where its value comes from.
type property[T any] struct {
	Property

	of func(v *chronicle.View, noun T) Value
}

func text(s string) Value { return Value{Text: s, Known: s != ""} }

func number(n float64) Value { return Value{Number: n, Known: true} }

func area(a geo.Area) Value { return number(a.SquareMetres()) }

func words[T any](name, title string, of func(v *chronicle.View, noun T) string) property[T] {
	return property[T]{Property{Name: name, Title: title, Kind: String}, func(v *chronicle.View, noun T) Value { return text(of(v, noun)) }}
}

func date[T any](name, title string, of func(v *chronicle.View, noun T) campaign.Date) property[T] {
	return property[T]{Property{Name: name, Title: title, Kind: Date}, func(v *chronicle.View, noun T) Value { return text(string(of(v, noun))) }}
}

func squareMetres[T any](name, title string, of func(noun T) geo.Area) property[T] {
	return property[T]{Property{Name: name, Title: title, Kind: Number}, func(_ *chronicle.View, noun T) Value { return area(of(noun)) }}
}

func whole[T any](name, title string, of func(v *chronicle.View, noun T) int) property[T] {
	return property[T]{Property{Name: name, Title: title, Kind: Integer}, func(v *chronicle.View, noun T) Value { return number(float64(of(v, noun))) }}
}

// editable marks a property that the ledger changes.
func editable[T any](p property[T]) property[T] {
	p.Editable = true
	return p
}

func plain[T any](list []property[T]) []Property {
	all := make([]Property, len(list))
	for i, p := range list {
		all[i] = p.Property
	}
	return all
}

func valuesOf[T any](list []property[T], v *chronicle.View, noun T) func(int) Value {
	return func(i int) Value { return list[i].of(v, noun) }
}

// cases are the cases of all tracks, on the ground of their parcels.
func cases(d campaign.Definition) *Collection {
	list := caseProperties(d)
	return &Collection{
		ID: CasesID, Title: "整治事项", Description: "一件一个要素，图形为所在图斑；可修改的属性经台账入账。Cases on the ground of their parcels; editable properties go through the ledger.",
		Properties: plain(list),
		list: func(v *chronicle.View) []Feature {
			found := v.Cases()
			features := make([]Feature, len(found))
			for i, c := range found {
				f := Feature{ID: c.ID, Version: c.Version, value: valuesOf(list, v, c)}
				for _, s := range c.Shares {
					if p := v.Parcel(s.Parcel); p != nil {
						f.Parcels, f.Shapes = append(f.Parcels, p.ID), append(f.Shapes, p.Shape)
					}
				}
				features[i] = f
			}
			slices.SortFunc(features, func(a, b Feature) int { return cmp.Compare(a.ID, b.ID) })
			return features
		},
	}
}

func caseProperties(d campaign.Definition) []property[*chronicle.Case] {
	type of = *chronicle.Case
	list := []property[of]{
		words("code", "编号", func(_ *chronicle.View, c of) string { return c.Code }),
		editable(words("label", "企业（作坊）名称", func(_ *chronicle.View, c of) string { return c.Label })),
		words("track", "类别", func(_ *chronicle.View, c of) string { return c.Track }),
		words("unit", "责任主体", func(_ *chronicle.View, c of) string { return c.Unit }),
		editable(words("village", "村（社区）", func(_ *chronicle.View, c of) string { return c.Village })),
		editable(words("kind", "类型", func(_ *chronicle.View, c of) string { return c.Kind })),
		editable(words("batch", "批次", func(_ *chronicle.View, c of) string { return c.Batch })),
		editable(words("disposal", "处置方式", func(_ *chronicle.View, c of) string { return c.Disposal })),
		whole("stage", "阶段", func(_ *chronicle.View, c of) int { return c.Stage }),
		words("state", "状态", func(v *chronicle.View, c of) string {
			t, _ := v.Definition.Track(c.Track)
			return t.Furthest(c.Days()).State.ZH
		}),
		words("next", "下一节点", func(_ *chronicle.View, c of) string { return c.Next }),
		date("deadline", "期限", func(_ *chronicle.View, c of) campaign.Date { return c.Deadline }),
		whole("late", "逾期天数", func(v *chronicle.View, c of) int { return v.Late(c) }),
		squareMetres("land_m2", "占地面积（㎡）", func(c of) geo.Area { return c.Land() }),
		squareMetres("recovered_m2", "腾退面积（㎡）", func(c of) geo.Area { return c.Recovered }),
		squareMetres("effective_m2", "有效面积（㎡）", func(c of) geo.Area { return c.Effective }),
	}
	for _, m := range milestones(d) {
		list = append(list, date("done_"+m.Code, m.State.ZH, func(_ *chronicle.View, c of) campaign.Date { on, _ := c.Passed(m.Code); return on }))
	}
	for _, later := range []Property{{Name: Responsible, Title: "责任人"}, {Name: Note, Title: "备注"}} {
		later.Kind, later.Editable, later.Unfiltered = String, true, true
		list = append(list, property[of]{later, func(*chronicle.View, of) Value { return Value{} }})
	}
	return list
}

// milestones are those of all tracks, each once.
func milestones(d campaign.Definition) []campaign.Milestone {
	var all []campaign.Milestone
	for _, t := range d.Tracks {
		for _, m := range t.Milestones {
			if !slices.ContainsFunc(all, func(o campaign.Milestone) bool { return o.Code == m.Code }) {
				all = append(all, m)
			}
		}
	}
	return all
}

// first is the least advanced case on a parcel, nil without one.
func first(v *chronicle.View, p *chronicle.Parcel) *chronicle.Case {
	if on := v.OnParcel(p.ID); len(on) > 0 {
		return on[0]
	}
	return nil
}

func parcels(campaign.Definition) *Collection {
	list := parcelProperties()
	return &Collection{
		ID: ParcelsID, Title: "图斑", Description: "一个图斑一个要素，阶段为其上进度最慢的一件。Parcels with the stage of the least advanced case on them.",
		Properties: plain(list),
		list: func(v *chronicle.View) []Feature {
			found := v.Parcels()
			features := make([]Feature, len(found))
			for i, p := range found {
				features[i] = Feature{ID: p.ID, Version: p.From, Parcels: []int64{p.ID}, Shapes: []string{p.Shape}, value: valuesOf(list, v, p)}
			}
			return features
		},
	}
}

func parcelProperties() []property[*chronicle.Parcel] {
	type of = *chronicle.Parcel
	return []property[of]{
		words("code", "图斑编号", func(_ *chronicle.View, p of) string { return p.Code }),
		words("label", "名称", func(_ *chronicle.View, p of) string { return p.Label }),
		words("unit", "责任主体", func(_ *chronicle.View, p of) string { return p.Unit }),
		whole("stage", "阶段（0为未列入）", func(v *chronicle.View, p of) int {
			if c := first(v, p); c != nil {
				return c.Stage
			}
			return 0
		}),
		words("case_code", "编号", func(v *chronicle.View, p of) string {
			if c := first(v, p); c != nil {
				return c.Code
			}
			return ""
		}),
		date("deadline", "期限", func(v *chronicle.View, p of) campaign.Date {
			if c := first(v, p); c != nil {
				return c.Deadline
			}
			return ""
		}),
		squareMetres("area_m2", "图斑面积（椭球，㎡）", func(p of) geo.Area { return p.Area }),
		squareMetres("plane_m2", "平面面积（EPSG:4549，㎡）", func(p of) geo.Area { return p.PlaneArea }),
	}
}
