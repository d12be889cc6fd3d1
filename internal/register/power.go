package register

import (
	"cmp"
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// Power is what the readings of electricity say of cases that are through.
type Power struct {
	Rule     campaign.Power
	Checks   campaign.Sheet
	Flags    []Flagged
	Checked  []CaseRow // what was found, the last first
	Readings int       // rows there are, of the reader's area
	Last     string    // the last month that was read; "" for none
}

// Flagged is a case that draws power and that somebody must look at.
type Flagged struct {
	campaign.PowerFlag

	Case *chronicle.Case
	Late int
}

// Power judges the readings of the reader's area.
func (d *Desk) Power(ctx context.Context, scope auth.Scope, v *chronicle.View) (Power, error) {
	r, err := d.read(ctx, scope, v)
	if err != nil || v.Definition.Power == nil {
		return Power{}, err
	}
	out := Power{Rule: *v.Definition.Power}
	out.Checks, _ = v.Definition.Sheet(out.Rule.Checks)
	out.Checked = r.ofCases(r.page.sheets(out.Rule.Checks))
	slices.SortStableFunc(out.Checked, func(a, b CaseRow) int {
		return cmp.Compare(b.Row.Values[campaign.RevisitOn], a.Row.Values[campaign.RevisitOn])
	})
	seen := map[int64]bool{}
	for _, each := range r.ofCases(r.page.sheets(out.Rule.Readings)) {
		out.Readings++
		out.Last = max(out.Last, each.Row.Values[campaign.PowerMonth])
		if !seen[each.Case.ID] {
			seen[each.Case.ID] = true
			out.Flags = append(out.Flags, r.flag(each.Case)...)
		}
	}
	slices.SortStableFunc(out.Flags, func(a, b Flagged) int {
		return cmp.Compare(a.DueOn+campaign.Date(a.Case.Code), b.DueOn+campaign.Date(b.Case.Code))
	})
	return out, nil
}

// flag is the case, if it draws power; one that was reopened is worked on already.
func (r *reading) flag(c *chronicle.Case) []Flagged {
	if r.Excluded(c) || r.Uncounted(c) {
		return nil
	}
	through, _ := c.Passed(r.Definition.Power.After)
	flag, found := r.Definition.Power.Flag(through, r.page.of[noun{campaign.OfCase, c.ID}])
	if !found {
		return nil
	}
	return []Flagged{{flag, c, max(0, flag.DueOn.DaysUntil(r.Day))}}
}

// PowerRows are the readings there are of cases, by case: for those who bring more in.
func (d *Desk) PowerRows(ctx context.Context, scope auth.Scope, v *chronicle.View) ([]campaign.Filled, error) {
	r, err := d.read(ctx, scope, v)
	if err != nil || v.Definition.Power == nil {
		return nil, err
	}
	var rows []campaign.Filled
	for _, each := range r.ofCases(r.page.sheets(v.Definition.Power.Readings)) {
		rows = append(rows, each.Row)
	}
	return rows, nil
}
