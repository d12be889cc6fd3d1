// Package appraisal (考核) gives units their points by the campaign's formula, on any day, and names the facts that make each of them.
//
// What was done comes from the figures of that day; orders, bulletins and what was criticised are kept here with every version of
// them, so that a day shows what was known of them at its end.
package appraisal

import (
	"cmp"
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/report"
)

// Figures is the room that counts.
type Figures interface {
	Figures(ctx context.Context, scope auth.Scope, q report.Query) (report.Figures, error)
}

// Sheet is the appraisal of all units at a view.
type Sheet struct {
	View  *chronicle.View
	Items []campaign.AppraisalItem // none: the campaign does not appraise
	Whole campaign.Score           // what all items earn together
	Units []Unit
}

// Unit is what a unit has.
type Unit struct {
	Code string
	campaign.Appraised

	Points []Points // in the order of the items
	Score  campaign.Score
	Place  int  // equal scores share it; 0 without any task
	Opens  bool // the reader may see the facts
}

// Points are those of a unit in an item: the sum of its facts.
type Points struct {
	Item   string
	Points campaign.Score
	Facts  int
	Bears  bool // false: the unit carries no task of it
}

// Detail are the facts that make the points of a unit in an item.
type Detail struct {
	View *chronicle.View
	Unit string
	Item campaign.AppraisalItem
	// Of a metric: what is done, in its exact unit, and the task, in its steps.
	Metric     campaign.Metric
	Done, Task int64
	Points     Points
	Facts      []Fact
}

// Fact is one thing that earned points or took them off.
type Fact struct {
	Points campaign.Score
	On     campaign.Date   // when it was done or answered; "" where it was not, or has no day
	Due    campaign.Date   // the day that it was missed by; "" for none
	Case   *chronicle.Case // nil where it is none
	Amount int64           // what the metric counts of the case, in its exact unit
	Times  int             // how often it rebounded, or days late
	Title  string          // number of the document
	Words  string          // what it is about
	Level  campaign.Text   // of what was criticised
}

// Desk appraises.
type Desk struct {
	Figures Figures
	Records *Records
}

// reading is one question.
type reading struct {
	sheet report.Figures
	shown *chronicle.View // as the reader sees cases
	known known
}

// read refuses who is no part of the administration: the appraisal is no figure of the public or of a wall.
func (d *Desk) read(ctx context.Context, scope auth.Scope, asOf campaign.Date) (*reading, error) {
	if !scope.SeesPeople("") {
		return nil, auth.NoRight()
	}
	sheet, err := d.Figures.Figures(ctx, auth.Everything(), report.Query{By: report.ByUnit, AsOf: asOf})
	if err != nil {
		return nil, err
	}
	known, err := d.Records.at(ctx, sheet.View.Revision)
	return &reading{sheet, sheet.View.For(scope), known}, err
}

// Sheet appraises all units as known at the end of a day, "" being now. Everybody of the administration sees all points.
func (d *Desk) Sheet(ctx context.Context, scope auth.Scope, asOf campaign.Date) (Sheet, error) {
	r, err := d.read(ctx, scope, asOf)
	if err != nil {
		return Sheet{}, err
	}
	out := Sheet{View: r.shown}
	formula := r.sheet.View.Definition.Appraisal
	if formula == nil {
		return out, nil
	}
	out.Items, out.Whole = formula.Items, formula.Whole()
	for i := range r.sheet.Rows {
		u, err := r.unit(&r.sheet.Rows[i], formula)
		if err != nil {
			return out, err
		}
		u.Opens = scope.Sees(u.Code, "")
		out.Units = append(out.Units, u)
	}
	rank(out.Units)
	return out, nil
}

func (r *reading) unit(row *report.Row, formula *campaign.Appraisal) (Unit, error) {
	u := Unit{Code: row.Code}
	for _, item := range formula.Items {
		d, err := r.detail(row, item)
		if err != nil {
			return u, err
		}
		u.Points = append(u.Points, d.Points)
		if !item.Earns() {
			u.Off += d.Points.Points
			continue
		}
		u.Earned += d.Points.Points
		if d.Points.Bears {
			u.Full += item.Weight
		}
	}
	u.Score = u.Appraised.Score(formula.Whole())
	return u, nil
}

// rank gives places, the highest score first; units without any task have none.
func rank(units []Unit) {
	var order []*Unit
	for i := range units {
		if units[i].Full > 0 {
			order = append(order, &units[i])
		}
	}
	slices.SortStableFunc(order, func(a, b *Unit) int { return cmp.Compare(b.Score, a.Score) })
	for i, u := range order {
		u.Place = i + 1
		if i > 0 && order[i-1].Score == u.Score {
			u.Place = order[i-1].Place
		}
	}
}

// Detail opens a cell of the sheet: the facts that make it, for the district and for the unit itself.
func (d *Desk) Detail(ctx context.Context, scope auth.Scope, asOf campaign.Date, unit, item string) (Detail, error) {
	r, err := d.read(ctx, scope, asOf)
	if err != nil {
		return Detail{}, err
	}
	if !scope.Sees(unit, "") {
		return Detail{}, fault.New(fault.KindDenied, "not_your_unit", "只能查看本责任主体的考核明细", "only what makes the points of your own unit can be seen")
	}
	i := slices.IndexFunc(r.sheet.Rows, func(row report.Row) bool { return row.Code == unit })
	found, ok := r.sheet.View.Definition.Appraisal.Item(item)
	if i < 0 || !ok {
		return Detail{}, fault.New(fault.KindNotFound, "no_such_points", "没有这个责任主体或考核项目", "there is no such unit or item of the appraisal")
	}
	return r.detail(&r.sheet.Rows[i], found)
}
