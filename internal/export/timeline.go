package export

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// step is a milestone of a case that is done, planned or not applicable.
type step struct {
	of        *chronicle.Case
	order     int
	milestone campaign.Milestone
	done      campaign.Date
	passed    bool
	planned   campaign.Date
}

// timeline is a row for each milestone of the chosen cases that was passed or planned.
func (s selection) timeline() *Table {
	fields := []field[step]{
		text("case_code", "编号", "编号", "Case code", func(p step) string { return p.of.Code }),
		text("unit", "责任主体", "责任主体", "Unit", func(p step) string { return s.unit(p.of.Unit) }),
		text("track", "类别", "类别", "Track", func(p step) string { return s.track(p.of) }),
		counted("order", "节点序号", "序号", "Place of the milestone", func(p step) int64 { return int64(p.order) }),
		text("milestone", "节点", "节点", "Milestone", func(p step) string { return p.milestone.Name.ZH }),
		dated("planned_on", "计划日期", "计划", "Planned on", func(p step) campaign.Date { return p.planned }),
		dated("done_on", "完成日期", "完成", "Done on", func(p step) campaign.Date { return p.done }),
		text("not_applicable", "不适用", "不适用", "Not applicable", func(p step) string {
			if p.passed && p.done == "" {
				return "是"
			}
			return ""
		}),
	}
	n := 0
	for _, c := range s.cases {
		n += len(s.steps(c))
	}
	return &Table{
		Name: timelineName, Title: campaign.Text{ZH: "节点", EN: "Timeline"}, Columns: columnsOf(fields), Len: n,
		each: func(_ context.Context, _ bool, do func(Row) error) error {
			for _, c := range s.cases {
				for _, p := range s.steps(c) {
					if err := do(Row{Cells: cellsOf(fields, p), Code: c.Code}); err != nil {
						return err
					}
				}
			}
			return nil
		},
	}
}

func (s selection) steps(c *chronicle.Case) []step {
	t, _ := s.view.Definition.Track(c.Track)
	var steps []step
	for i, m := range t.Milestones {
		p := step{of: c, order: i + 1, milestone: m, planned: c.Planned(m.Code)}
		if p.done, p.passed = c.Passed(m.Code); p.passed || p.planned != "" {
			steps = append(steps, p)
		}
	}
	return steps
}
