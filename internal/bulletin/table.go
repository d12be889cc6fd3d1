package bulletin

import (
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/ooxml"
	"github.com/guatu/guatu/internal/report"
)

// Formats of cells: what is shown with words is a number all the same.
const (
	whole   = "0"
	tenth   = "0.0"
	mu      = "0.00"
	signed  = `+0.0;"−"0.0;0.0`
	gains   = `+0;"−"0;0`
	gainsMu = `+0.00;"−"0.00;0.00`
	moved   = `"↑"0;"↓"0;"—"`
)

// Table is the 附表 as a spreadsheet: 进度表 in the columns of the desk, one side of A3.
func (c *Content) Table() ([]byte, error) {
	file, err := export.WriteForm(c.form())
	if err != nil {
		return nil, err
	}
	return ooxml.Repack(file)
}

func (c *Content) form() export.Form {
	columns := c.columns()
	f := export.Form{
		Name: "进度表", Title: c.Definition().Name.ZH + "工作进度表（" + c.series() + "）", Total: true,
		Left: "填报单位（盖章）：", Middle: "统计截止：" + c.Bulletin.On.Written() + "24时", Right: "单位：家、亩、%",
		Foot: []string{"单位负责人：　　　　　　　　审核人：　　　　　　　　填报人：　　　　　　　　联系电话：　　　　　　　　填报日期：", "口径：" + c.Definition().Caliber.ZH + "；统计期" + string(c.Span.From) + " 00:00至" + string(c.Span.To) + " 24:00。"},
	}
	if c.Definition().Demo {
		f.Title += "（演示数据）"
	}
	if c.Sheet.Rounding {
		f.Foot = append(f.Foot, "因四舍五入，分项合计与总计可能有0.01亩出入。")
	}
	for _, col := range columns {
		f.Heads = append(f.Heads, col.head)
	}
	for i := range c.Sheet.Rows {
		f.Rows = append(f.Rows, cells(columns, &c.Sheet.Rows[i], i+1))
	}
	f.Rows = append(f.Rows, cells(columns, &c.Sheet.Total, 0))
	return f
}

func cells(columns []column, r *report.Row, order int) []export.FormCell {
	line := make([]export.FormCell, len(columns))
	for i, col := range columns {
		line[i] = col.cell(r, order)
	}
	return line
}

// column is one of the table: its head, and what a row has in it. The order of the total is 0.
type column struct {
	head export.FormHead
	cell func(r *report.Row, order int) export.FormCell
}

func number(n float64, format string) export.FormCell {
	return export.FormCell{Number: n, Format: format}
}

func words(s string) export.FormCell { return export.FormCell{Text: s} }

const none = "—"

// columns are those of screens.md 4.2.
func (c *Content) columns() []column {
	list := []column{
		{export.FormHead{Name: "序号", Width: 6}, func(_ *report.Row, order int) export.FormCell {
			if order == 0 {
				return words("")
			}
			return number(float64(order), whole)
		}},
		{export.FormHead{Name: "责任主体", Width: 26}, func(r *report.Row, _ int) export.FormCell { return words(r.Name.ZH) }},
	}
	list = append(list, c.firms()...)
	for _, code := range []campaign.MetricCode{campaign.MetricRecovered, campaign.MetricEffective} {
		if m := metricOf(&c.Sheet.Total, code); m.Metric.Code != "" {
			list = append(list, areas(m.Metric)...)
		}
	}
	return append(list, c.rest()...)
}

func (c *Content) firms() []column {
	const group = "整治（家）"
	list := []column{
		{export.FormHead{Group: group, Name: "任务", Width: 8}, taskCell(campaign.MetricRectified)},
		{export.FormHead{Group: group, Name: "其中企业", Width: 10}, partCell},
	}
	lead, _ := leadOf(c.Definition())
	track, _ := c.Definition().Track(lead.Counts.Track)
	begins := c.Definition().Groups[0].Code
	for i := range c.Sheet.Total.Steps {
		step := &c.Sheet.Total.Steps[i]
		if slot := step.Milestone.Slot; slot == 0 || c.Definition().Slots[slot-1].Group == begins {
			continue
		}
		counted := step.Milestone.Code == lead.Counts.Milestone
		list = append(list, column{export.FormHead{Group: group, Name: track.Milestones[track.Index(step.Milestone.Code)].State.ZH, Width: 8}, func(r *report.Row, _ int) export.FormCell {
			if counted { // what counts, without what rebounded
				return number(float64(metricOf(r, lead.Code).Done), whole)
			}
			return number(float64(r.Steps[i].Reached.Cases), whole)
		}})
	}
	return append(list, column{export.FormHead{Group: group, Name: "完成率", Width: 8}, rateCell(campaign.MetricRectified)})
}

func areas(m campaign.Metric) []column {
	group := strings.TrimPrefix(m.Name.ZH, "其中") + "（" + m.Unit.ZH + "）" // it stands beside the land it is a part of
	return []column{
		{export.FormHead{Group: group, Name: "任务", Width: 9}, taskCell(m.Code)},
		{export.FormHead{Group: group, Name: "完成", Width: 10}, func(r *report.Row, _ int) export.FormCell {
			return number(printed(metricOf(r, m.Code).Done, m.Measure), mu)
		}},
		{export.FormHead{Group: group, Name: "完成率", Width: 8}, rateCell(m.Code)},
	}
}

func (c *Content) rest() []column {
	const group = "本期新增（家/亩）"
	lead := campaign.MetricRectified
	return []column{
		{export.FormHead{Name: "50亩以上连片率", Width: 10}, func(r *report.Row, _ int) export.FormCell { return rate(r.InBlocks.Rate) }},
		{export.FormHead{Group: group, Name: "家", Width: 9}, func(r *report.Row, _ int) export.FormCell { return number(float64(added(r, lead)), gains) }},
		{export.FormHead{Group: group, Name: "亩", Width: 10}, func(r *report.Row, _ int) export.FormCell {
			return number(printed(added(r, campaign.MetricRecovered), campaign.MeasureLand), gainsMu)
		}},
		{export.FormHead{Name: "序时差", Width: 8}, func(r *report.Row, _ int) export.FormCell {
			if gap := metricOf(r, lead).Gap; gap.Known {
				return number(float64(gap.Tenths)/10, signed)
			}
			return words(none)
		}},
		{export.FormHead{Name: "灯", Width: 6}, func(r *report.Row, _ int) export.FormCell { return words(metricOf(r, lead).Light.Lamp().ZH) }},
		{export.FormHead{Group: "排名·升降", Name: "排名", Width: 6}, func(r *report.Row, _ int) export.FormCell {
			if r.Place == 0 {
				return words("")
			}
			return number(float64(r.Place), whole)
		}},
		{export.FormHead{Group: "排名·升降", Name: "升降", Width: 6}, func(r *report.Row, _ int) export.FormCell {
			if !r.Movement.Known {
				return words("")
			}
			return number(float64(r.Movement.Up), moved)
		}},
		{export.FormHead{Name: "逾期", Width: 7}, func(r *report.Row, _ int) export.FormCell { return number(float64(r.Late.Cases), whole) }},
		{export.FormHead{Name: "反弹", Width: 7}, func(r *report.Row, _ int) export.FormCell { return number(float64(r.Rebounds), whole) }},
	}
}

// partCell is 其中企业: what is done, shown with its task.
func partCell(r *report.Row, _ int) export.FormCell {
	m := metricOf(r, campaign.MetricRectifiedEnterprises)
	if !m.HasTask {
		return number(float64(m.Done), whole)
	}
	return number(float64(m.Done), `0"/`+strconv.FormatInt(m.Task, 10)+`"`)
}

func taskCell(code campaign.MetricCode) func(*report.Row, int) export.FormCell {
	return func(r *report.Row, _ int) export.FormCell {
		m := metricOf(r, code)
		if !m.HasTask {
			return words(none)
		}
		if m.Metric.Measure == campaign.MeasureCount {
			return number(float64(m.Task), whole)
		}
		if m.Task%100 == 0 {
			return number(float64(m.Task)/100, whole)
		}
		return number(float64(m.Task)/100, mu)
	}
}

func rateCell(code campaign.MetricCode) func(*report.Row, int) export.FormCell {
	return func(r *report.Row, _ int) export.FormCell { return rate(metricOf(r, code).Rate) }
}

func rate(r figures.Rate) export.FormCell {
	if !r.Known {
		return words(none)
	}
	return number(float64(r.Tenths)/10, tenth)
}

// printed is an exact amount as it is printed, in hundredths of its unit rounded once.
func printed(exact int64, of campaign.Measure) float64 {
	return float64(figures.Steps(exact, of)) / 100
}
