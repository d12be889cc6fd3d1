package appraisal

import (
	"cmp"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/report"
)

// detail are the facts of a unit in an item, with their points.
func (r *reading) detail(row *report.Row, item campaign.AppraisalItem) (Detail, error) {
	d := Detail{View: r.shown, Unit: row.Code, Item: item}
	if item.Earns() {
		return r.earned(d, row)
	}
	off, err := r.faults(&d, row)
	if err != nil {
		return d, err
	}
	for i, points := range item.TakenOff(off) {
		d.Facts[i].Points = points
	}
	return d.summed(true), nil
}

func (d Detail) summed(bears bool) Detail {
	d.Points = Points{Item: d.Item.Code, Facts: len(d.Facts), Bears: bears}
	for i := range d.Facts {
		d.Points.Points += d.Facts[i].Points
	}
	return d
}

// earned are the cases that a metric counts, in the order in which they were done.
func (r *reading) earned(d Detail, row *report.Row) (Detail, error) {
	i := slices.IndexFunc(row.Metrics, func(m report.Metric) bool { return m.Metric.Code == d.Item.Metric })
	if i < 0 {
		return d.summed(false), nil
	}
	m := &row.Metrics[i]
	d.Metric, d.Done, d.Task = m.Metric, m.Done, m.Task
	cases, err := r.cases(m.Filter)
	if err != nil {
		return d, err
	}
	done := m.Metric.Counts.Milestone
	slices.SortStableFunc(cases, func(a, b *chronicle.Case) int { return cmp.Compare(dayOf(a, done), dayOf(b, done)) })
	counter, amounts := r.shown.Counter(m.Metric), make([]int64, len(cases))
	for n, c := range cases {
		amounts[n], _ = counter.Of(c)
	}
	for n, points := range d.Item.Earned(m.Task, m.Metric.Measure, amounts) {
		d.Facts = append(d.Facts, Fact{Points: points, On: dayOf(cases[n], done), Case: cases[n], Amount: amounts[n]})
	}
	return d.summed(m.HasTask && m.Task > 0), nil
}

func dayOf(c *chronicle.Case, milestone string) campaign.Date {
	on, _ := c.Passed(milestone)
	return on
}

func (r *reading) cases(f chronicle.Filter) ([]*chronicle.Case, error) {
	found, _, err := r.shown.Select(f)
	return slices.Clone(found), err
}

// faults puts the facts that take points off into a detail, and says what each would without the cap.
func (r *reading) faults(d *Detail, row *report.Row) (off []campaign.Score, err error) {
	switch d.Item.Counts {
	case campaign.AppraiseLate:
		return r.ofCases(d, row.Late.Filter, r.shown.Late, func(*chronicle.Case) int { return 1 })
	case campaign.AppraiseRebound:
		times := func(c *chronicle.Case) int { return c.Rebounds }
		return r.ofCases(d, row.Rebounded.Filter, times, times)
	case campaign.AppraiseOrder:
		d.Facts = r.known.orders(row.Code, r.shown.Day)
	case campaign.AppraiseAnswer:
		d.Facts = r.known.answers(row.Code, r.shown.Day)
	case campaign.AppraiseSheet:
		return r.criticised(d, row.Code), nil
	}
	for range d.Facts {
		off = append(off, d.Item.Off)
	}
	return off, nil
}

// ofCases are the cases of a filter, each with a number that is shown and how often it counts.
func (r *reading) ofCases(d *Detail, f chronicle.Filter, shows, counts func(*chronicle.Case) int) (off []campaign.Score, err error) {
	cases, err := r.cases(f)
	for _, c := range cases {
		d.Facts = append(d.Facts, Fact{Case: c, Due: c.Deadline, Times: shows(c)})
		off = append(off, d.Item.Off*campaign.Score(counts(c)))
	}
	return off, err
}

func (r *reading) criticised(d *Detail, unit string) []campaign.Score {
	rows := r.known.rows(d.Item.Sheet, unit, r.shown.Day)
	sheet, _ := r.shown.Definition.Sheet(d.Item.Sheet)
	level, _ := sheet.Field(campaign.CriticismLevel)
	for _, row := range rows {
		fact := Fact{On: campaign.Date(row.Values[campaign.CriticismOn]), Words: row.Values[campaign.CriticismMatter], Title: row.Values["document"]}
		for _, o := range level.Options {
			if o.Code == row.Values[campaign.CriticismLevel] {
				fact.Level = o.Name
			}
		}
		d.Facts = append(d.Facts, fact)
	}
	return d.Item.Criticised(rows)
}
