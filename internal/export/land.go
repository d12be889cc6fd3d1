package export

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// landOf is recovered land with its case.
type landOf struct {
	*chronicle.Land

	of *chronicle.Case
}

// recovered is a row for each recovered polygon of the chosen cases.
func (s selection) recovered() *Table {
	fields := append(s.landFields(),
		squareMetres("area_m2", "腾退范围面积（椭球）", "椭球面积", "Geodesic area", func(l landOf) geo.Area { return l.Area }),
		squareMetres("plane_m2", "平面面积（EPSG:4549）", "平面面积", "Plane area, EPSG:4549", func(l landOf) geo.Area { return l.PlaneArea }),
		squareMetres("accepted_m2", "腾退面积（认定）", "认定面积", "Recovered land as accepted", func(l landOf) geo.Area { return l.of.Recovered }),
		mu("accepted_mu", "腾退面积（认定）", "认定亩", "Recovered land as accepted", func(l landOf) geo.Area { return l.of.Recovered }),
	)
	return s.lands(recoveredName, campaign.Text{ZH: "腾退范围", EN: "Recovered land"}, fields, func(l *chronicle.Land) (string, geo.Area) { return l.Recovered, l.Area })
}

// effective is a row for each effective polygon of the chosen cases.
func (s selection) effective() *Table {
	fields := append(s.landFields(),
		squareMetres("area_m2", "有效范围面积（椭球）", "椭球面积", "Geodesic area", func(l landOf) geo.Area { return l.EffectiveArea }),
		squareMetres("accepted_m2", "有效面积（认定）", "认定面积", "Effective land as accepted", func(l landOf) geo.Area { return l.of.Effective }),
		mu("accepted_mu", "有效面积（认定）", "认定亩", "Effective land as accepted", func(l landOf) geo.Area { return l.of.Effective }),
	)
	return s.lands(effectiveName, campaign.Text{ZH: "有效范围", EN: "Effective land"}, fields, func(l *chronicle.Land) (string, geo.Area) { return l.Effective, l.EffectiveArea })
}

func (s selection) lands(name string, title campaign.Text, fields []field[landOf], part func(*chronicle.Land) (shape string, area geo.Area)) *Table {
	var rows []landOf
	for _, c := range s.cases {
		if l := s.view.LandOf(c.ID); l != nil {
			if shape, _ := part(l); shape != "" {
				rows = append(rows, landOf{l, c})
			}
		}
	}
	shapeOf := func(l landOf) string { shape, _ := part(l.Land); return shape }
	return &Table{
		Name: name, Title: title, Columns: columnsOf(fields), Len: len(rows),
		each: func(ctx context.Context, shapes bool, do func(Row) error) error {
			return inBatches(ctx, rows, s.Shapes, shapeOf, shapes, func(l landOf, shape orb.MultiPolygon) error {
				_, area := part(l.Land)
				return do(Row{Cells: cellsOf(fields, l), Shape: shape, Code: l.of.Code, Label: l.of.Label, Stage: l.of.Stage, Hectares: area.Hectares()})
			})
		},
	}
}

func (s selection) landFields() []field[landOf] {
	return []field[landOf]{
		text("case_code", "编号", "编号", "Case code", func(l landOf) string { return l.of.Code }),
		text("case_label", "企业（作坊）名称", "企业名称", "Operator", func(l landOf) string { return l.of.Label }),
		text("unit", "责任主体", "责任主体", "Unit", func(l landOf) string { return s.unit(l.of.Unit) }),
		counted("stage", "阶段（1至9）", "阶段", "Stage (1 to 9)", func(l landOf) int64 { return int64(l.of.Stage) }),
		text("state", "状态", "状态", "State", func(l landOf) string { return s.state(l.of) }),
		text("use", "后续用途", "后续用途", "Later use", func(l landOf) string { return s.use(l.Land) }),
	}
}

// use is what the land is used for later, in words.
func (s selection) use(l *chronicle.Land) string {
	if l == nil {
		return ""
	}
	return named(s.view.Definition.LandRule().Uses, l.Use)
}

// named is what a code of a list is called, or the code where it is none of the list.
func named(list []campaign.Choice, code string) string {
	for _, c := range list {
		if c.Code == code {
			return c.Name.ZH
		}
	}
	return code
}
