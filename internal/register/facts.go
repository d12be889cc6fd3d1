package register

import (
	"strconv"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ledger"
)

// ofFirm are the facts of an enterprise: its own, of its sheets, its verdict, and
// how many cases it has (cases.TRACK) and of them completed (done.TRACK).
func (r *reading) ofFirm(e *ledger.Enterprise) campaign.Facts {
	filled := r.page.of[noun{campaign.OfEnterprise, e.ID}]
	f := r.Definition.Facts(e.Operator(), filled)
	for _, one := range filled {
		if one.Sheet == campaign.SheetEligibility {
			f["eligibility.result"], f["eligibility.why"] = one.Values[campaign.EligibleResult], one.Values[campaign.EligibleWhy]
		}
	}
	if f["eligibility.result"] == "" {
		f["eligibility.result"] = string(campaign.VerdictOpen)
	}
	for _, t := range r.Definition.Tracks {
		n := r.cases[e.ID][t.Code]
		f["cases."+t.Code], f["done."+t.Code] = strconv.Itoa(n.all), strconv.Itoa(n.done)
	}
	return f
}

// overdue is how many days a milestone is late that is planned and not passed; a case that is paused is not late.
func (r *reading) overdue(c *chronicle.Case, milestone string) int {
	due := c.Planned(milestone)
	if due == "" || due >= r.Day || r.Paused(c) {
		return 0
	}
	return due.DaysUntil(r.Day)
}

// addPast adds how many days ago the days of a case's sheets were that are over (past.SHEET.FIELD).
func (r *reading) addPast(f campaign.Facts) {
	for _, s := range r.Definition.Sheets {
		for _, field := range s.Fields {
			day := campaign.Date(f[s.Code+"."+field.Code])
			if field.Type == campaign.FieldDate && day != "" && day < r.Day {
				f["past."+s.Code+"."+field.Code] = strconv.Itoa(day.DaysUntil(r.Day))
			}
		}
	}
}

// ofCase are the facts of a case: those of its operator and its sheets, its
// milestones (milestone.CODE: yes, no; late.CODE: days), days late, the day due, and days of its sheets that are over (past.SHEET.FIELD: days).
func (r *reading) ofCase(c *chronicle.Case) campaign.Facts {
	f := campaign.Facts{}
	if e, known := r.firms[c.Enterprise]; known {
		f = r.ofFirm(&e)
	}
	f.Add(r.Definition, r.page.of[noun{campaign.OfCase, c.ID}])
	r.addPast(f)
	f["disposal"], f["kind"], f["stage"] = c.Disposal, c.Kind, strconv.Itoa(c.Stage)
	f["late"], f["due"] = strconv.Itoa(r.Late(c)), string(c.Deadline)
	t, _ := r.Definition.Track(c.Track)
	for _, m := range t.Milestones {
		if on, passed := c.Passed(m.Code); on != "" || passed {
			f["milestone."+m.Code] = "yes"
		} else {
			f["milestone."+m.Code] = "no"
			f["late."+m.Code] = strconv.Itoa(r.overdue(c, m.Code))
		}
	}
	return f
}
