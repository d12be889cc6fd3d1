package export

import (
	"context"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// onParcel is a parcel with the chosen cases on it, the least advanced first.
type onParcel struct {
	*chronicle.Parcel

	cases []*chronicle.Case
}

// first is the least advanced case, which colours the parcel; nil without one.
func (p onParcel) first() *chronicle.Case {
	if len(p.cases) == 0 {
		return nil
	}
	return p.cases[0]
}

// parcels is a row for each parcel: of the whole map, or those that the chosen cases lie on.
func (s selection) parcels() *Table {
	fields, rows := s.parcelFields(), s.chosenParcels()
	return &Table{
		Name: parcelsName, Title: campaign.Text{ZH: "图斑", EN: "Parcels"}, Columns: columnsOf(fields), Len: len(rows),
		each: func(ctx context.Context, shapes bool, do func(Row) error) error {
			return inBatches(ctx, rows, s.Shapes, func(p onParcel) string { return p.Shape }, shapes, func(p onParcel, shape orb.MultiPolygon) error {
				r := Row{Cells: cellsOf(fields, p), Shape: shape, Code: p.Code, Label: p.Label, Hectares: p.Area.Hectares()}
				if c := p.first(); c != nil {
					r.Stage = c.Stage
				}
				return do(r)
			})
		},
	}
}

func (s selection) chosenParcels() []onParcel {
	var rows []onParcel
	if s.whole {
		for _, p := range s.view.Parcels() {
			rows = append(rows, onParcel{p, s.view.OnParcel(p.ID)})
		}
		return rows
	}
	chosen := map[int64][]*chronicle.Case{}
	for _, c := range s.cases {
		for _, share := range c.Shares {
			chosen[share.Parcel] = append(chosen[share.Parcel], c)
		}
	}
	for _, p := range s.view.Parcels() {
		if on := chosen[p.ID]; on != nil {
			slices.SortStableFunc(on, func(a, b *chronicle.Case) int { return a.Stage - b.Stage })
			rows = append(rows, onParcel{p, on})
		}
	}
	return rows
}

func (s selection) parcelFields() []field[onParcel] {
	ofCase := func(of func(*chronicle.Case) string) func(onParcel) string {
		return func(p onParcel) string {
			if c := p.first(); c != nil {
				return of(c)
			}
			return ""
		}
	}
	return []field[onParcel]{
		text("code", "图斑编号", "图斑编号", "Parcel code", func(p onParcel) string { return p.Code }),
		text("label", "名称", "名称", "Label", func(p onParcel) string { return p.Label }),
		text("unit", "责任主体", "责任主体", "Unit", func(p onParcel) string { return s.unit(p.Unit) }),
		counted("cases", "件数", "件数", "Cases", func(p onParcel) int64 { return int64(len(p.cases)) }),
		text("case_code", "编号（进度最慢的一件）", "编号", "Case code (least advanced)", ofCase(func(c *chronicle.Case) string { return c.Code })),
		text("case_label", "企业（作坊）名称", "企业名称", "Operator", ofCase(func(c *chronicle.Case) string { return c.Label })),
		text("track", "类别", "类别", "Track", ofCase(s.track)),
		counted("stage", "阶段（1至9，0为未列入）", "阶段", "Stage (1 to 9, 0: no case)", func(p onParcel) int64 {
			if c := p.first(); c != nil {
				return int64(c.Stage)
			}
			return 0
		}),
		text("state", "状态", "状态", "State", ofCase(s.state)),
		dated("deadline", "下一节点期限", "期限", "Deadline", func(p onParcel) campaign.Date {
			if c := p.first(); c != nil {
				return c.Deadline
			}
			return ""
		}),
		squareMetres("area_m2", "图斑面积（椭球）", "椭球面积", "Geodesic area", func(p onParcel) geo.Area { return p.Area }),
		squareMetres("plane_m2", "平面面积（EPSG:4549）", "平面面积", "Plane area, EPSG:4549", func(p onParcel) geo.Area { return p.PlaneArea }),
		mu("area_mu", "图斑面积（椭球）", "面积亩", "Geodesic area", func(p onParcel) geo.Area { return p.Area }),
	}
}

// unit is a unit's name, or its code where it is none of the campaign's.
func (s selection) unit(code string) string {
	for _, u := range s.view.Units {
		if u.Code == code {
			return u.Name.ZH
		}
	}
	return code
}

func (s selection) track(c *chronicle.Case) string {
	t, _ := s.view.Definition.Track(c.Track)
	return t.Name.ZH
}

// state is what the furthest milestone that was reached is called.
func (s selection) state(c *chronicle.Case) string {
	if t, ok := s.view.Definition.Track(c.Track); ok {
		return t.Furthest(c.Days()).State.ZH
	}
	return ""
}
