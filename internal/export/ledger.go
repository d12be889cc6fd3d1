package export

import (
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// entry is a line of the ledger: a case with what is known beside it.
type entry struct {
	*chronicle.Case

	number int
	facts  Facts
	land   *chronicle.Land
}

// ledger is a row for each chosen case, with the columns that offices know (domain.md 4.1) as far as something is
// recorded for them. Telephone numbers and identity numbers are never among them.
func (s selection) ledger() *Table {
	fields := s.ledgerFields()
	t := &Table{
		Name: ledgerName, Title: campaign.Text{ZH: "台账", EN: "Ledger"}, Columns: columnsOf(fields), Len: len(s.cases),
		each: func(ctx context.Context, _ bool, do func(Row) error) error {
			return s.entries(ctx, func(e entry) error {
				return do(Row{Cells: cellsOf(fields, e), Code: e.Code, Label: e.Label, Stage: e.Stage})
			})
		},
	}
	t.Total = s.totals(t.Columns)
	return t
}

// totals is the foot: areas are summed up in m² and converted once.
func (s selection) totals(columns []Column) []Cell {
	known := map[string]Cell{
		"unit": words("合计"), "label": words(strconv.FormatInt(s.total.Cases, 10) + " 家"),
		"land_mu": number(s.total.Land.Hundredths()), "recovered_mu": number(s.total.Recovered.Hundredths()), "effective_mu": number(s.total.Effective.Hundredths()),
		"recovered_m2": number(int64(s.total.Recovered)), "effective_m2": number(int64(s.total.Effective)), "floor_m2": number(int64(s.total.Floor)),
	}
	cells := make([]Cell, len(columns))
	for i, c := range columns {
		cells[i] = known[c.Key]
	}
	return cells
}

func (s selection) entries(ctx context.Context, do func(entry) error) error {
	for start := 0; start < len(s.cases); start += batch {
		part := s.cases[start:min(start+batch, len(s.cases))]
		facts, err := s.factsOf(ctx, part)
		if err != nil {
			return err
		}
		for i, c := range part {
			if err := do(entry{c, start + i + 1, facts[c.ID], s.view.LandOf(c.ID)}); err != nil {
				return err
			}
		}
	}
	return nil
}

// factsOf are known of now alone.
func (s selection) factsOf(ctx context.Context, cases []*chronicle.Case) (map[int64]Facts, error) {
	if s.past {
		return map[int64]Facts{}, nil
	}
	ids := make([]int64, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
	}
	return s.Library.LedgerFacts(ctx, s.view.Scope(), ids)
}

func (s selection) ledgerFields() []field[entry] {
	fields := []field[entry]{
		counted("number", "序号", "序号", "No.", func(e entry) int64 { return int64(e.number) }),
		text("unit", "责任主体", "责任主体", "Unit", func(e entry) string { return s.unit(e.Unit) }),
		text("village", "村（社区）", "村社区", "Village", func(e entry) string { return s.village(e.Case) }),
		text("batch", "批次", "批次", "Batch", func(e entry) string { return e.Batch }),
		text("code", "编号", "编号", "Case code", func(e entry) string { return e.Code }),
		text("track", "类别", "类别", "Track", func(e entry) string { return s.track(e.Case) }),
		text("label", "企业（作坊）名称", "企业名称", "Operator", func(e entry) string { return e.Label }),
	}
	fields = append(fields, s.operatorFields()...)
	fields = append(fields,
		text("tenancy", "是否租赁（只计家数）", "是否租赁", "Tenant (counted without land)", tenancy),
		text("parcels", "图斑编号", "图斑编号", "Parcel codes", func(e entry) string { return s.parcelCodes(e.Case) }),
		mu("land_mu", "占地面积", "占地亩", "Land", func(e entry) geo.Area { return e.Land() }),
		squareMetres("floor_m2", "建筑面积", "建筑面积", "Floor area", func(e entry) geo.Area { return e.Floor }),
		text("disposal", "处置方式", "处置方式", "Way of disposal", func(e entry) string { return named(s.view.Definition.Disposals, e.Disposal) }),
		counted("stage", "阶段", "阶段", "Stage", func(e entry) int64 { return int64(e.Stage) }),
		text("state", "状态", "状态", "State", func(e entry) string { return s.state(e.Case) }),
		text("sides", "特殊状态", "特殊状态", "Side states", func(e entry) string { return s.sides(e.Case) }),
	)
	fields = append(fields, s.milestoneFields()...)
	fields = append(fields, s.checkFields()...)
	fields = append(fields,
		counted("late", "逾期（天）", "逾期天", "Days late", func(e entry) int64 { return int64(s.view.Late(e.Case)) }),
		mu("recovered_mu", "腾退面积", "腾退亩", "Recovered", func(e entry) geo.Area { return e.Recovered }),
		squareMetres("recovered_m2", "腾退面积", "腾退面积", "Recovered", func(e entry) geo.Area { return e.Recovered }),
		mu("effective_mu", "有效面积", "有效亩", "Effective", func(e entry) geo.Area { return e.Effective }),
		squareMetres("effective_m2", "有效面积", "有效面积", "Effective", func(e entry) geo.Area { return e.Effective }),
		text("use", "后续用途", "后续用途", "Later use", func(e entry) string { return s.use(e.land) }),
	)
	return append(fields, s.personFields()...)
}

// operatorFields are those of the enterprise; of an earlier day they are not known.
func (s selection) operatorFields() []field[entry] {
	kind := text("kind", "类型", "类型", "Kind", func(e entry) string { return named(s.view.Definition.Kinds, e.Kind) })
	if s.past {
		return []field[entry]{kind}
	}
	last := s.view.Definition.Year - 1
	return []field[entry]{
		text("credit", "统一社会信用代码", "信用代码", "Credit code", func(e entry) string { return e.facts.Credit }),
		kind,
		text("industry", "行业（GB/T 4754）", "行业", "Industry", func(e entry) string { return e.facts.Industry }),
		text("scale", "规上/规下", "规上规下", "Scale", func(e entry) string { return scale(e.facts) }),
		text("evaluations", "亩均评价（"+strconv.Itoa(last-2)+"至"+strconv.Itoa(last)+"年）", "亩均评价", "Classes of three years", func(e entry) string { return classes(e.facts, last) }),
		taxField(last),
	}
}

func taxField(year int) field[entry] {
	c := Column{Key: "tax", Name: campaign.Text{ZH: strconv.Itoa(year) + "年亩均税收（万元/亩）", EN: "Tax per mu (10,000 yuan)"}, Short: "亩均税收", Kind: Number, Places: 2}
	return field[entry]{c, func(e entry) Cell {
		yuan, known := e.facts.Taxes[strconv.Itoa(year)]
		if !known {
			return Cell{}
		}
		return number(int64(math.Round(yuan / 100))) // hundredths of 10,000 yuan
	}}
}

func (s selection) personFields() []field[entry] {
	if s.past {
		return nil
	}
	return []field[entry]{
		text("responsible", "责任人", "责任人", "Responsible", func(e entry) string { return e.facts.Responsible }),
		text("note", "备注", "备注", "Note", func(e entry) string { return e.facts.Note }),
	}
}

// milestones are those of the tracks of the chosen cases, each once, in the order of the campaign.
func (s selection) milestones() []campaign.Milestone {
	var all []campaign.Milestone
	for _, t := range s.view.Definition.Tracks {
		if !slices.ContainsFunc(s.cases, func(c *chronicle.Case) bool { return c.Track == t.Code }) {
			continue
		}
		for _, m := range t.Milestones {
			if !slices.ContainsFunc(all, func(o campaign.Milestone) bool { return o.Code == m.Code }) {
				all = append(all, m)
			}
		}
	}
	return all
}

// milestoneFields are the planned day and the day of each milestone.
func (s selection) milestoneFields() []field[entry] {
	var fields []field[entry]
	for _, m := range s.milestones() {
		fields = append(fields,
			dated("plan_"+m.Code, m.PlanLabel.ZH, m.PlanLabel.ZH, m.PlanLabel.EN, func(e entry) campaign.Date { return e.Planned(m.Code) }),
			text("done_"+m.Code, m.State.ZH, m.State.ZH, m.State.EN, func(e entry) string {
				if on, passed := e.Passed(m.Code); on != "" || !passed {
					return string(on)
				}
				return "不适用"
			}),
		)
	}
	return fields
}

// checkFields are the boxes of the milestones (两断三清), each once.
func (s selection) checkFields() []field[entry] {
	if s.past {
		return nil
	}
	var fields []field[entry]
	for _, m := range s.milestones() {
		for _, check := range m.Checks {
			if slices.ContainsFunc(fields, func(f field[entry]) bool { return f.Key == "check_"+check.Code }) {
				continue
			}
			fields = append(fields, text("check_"+check.Code, check.Name.ZH, check.Name.ZH, check.Name.EN, func(e entry) string {
				if slices.Contains(e.facts.Checks, check.Code) {
					return "√"
				}
				return ""
			}))
		}
	}
	return fields
}

func (s selection) village(c *chronicle.Case) string {
	if v, ok := s.view.Definition.Village(c.Village); ok {
		return v.Name.ZH
	}
	return c.Village
}

func (s selection) parcelCodes(c *chronicle.Case) string {
	var codes []string
	for _, share := range c.Shares {
		if p := s.view.Parcel(share.Parcel); p != nil {
			codes = append(codes, p.Code)
		}
	}
	return strings.Join(codes, "、")
}

func (s selection) sides(c *chronicle.Case) string {
	var names []string
	for _, code := range c.SideCodes() {
		side, _ := s.view.Definition.Side(code)
		names = append(names, side.Name.ZH)
	}
	return strings.Join(names, "、")
}

// tenancy: a case on a parcel without land of it counts as a firm alone.
func tenancy(e entry) string {
	if len(e.Shares) > 0 && e.Land() == 0 {
		return "是"
	}
	return ""
}

func scale(f Facts) string {
	switch {
	case f.Operator == "":
		return ""
	case f.AboveScale:
		return "规上"
	}
	return "规下"
}

// classes are those of three years, the last being last; 未评价 is a dash.
func classes(f Facts, last int) string {
	if f.Operator == "" {
		return ""
	}
	var all []string
	for year := last - 2; year <= last; year++ {
		class := f.Evaluations[strconv.Itoa(year)]
		if class == "" {
			class = "—"
		}
		all = append(all, class)
	}
	return strings.Join(all, "/")
}
