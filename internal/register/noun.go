package register

import (
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// Kept is a sheet of a noun with what is filled in it.
type Kept struct {
	Sheet   campaign.Sheet
	Of      string
	OfID    int64
	Rows    []campaign.Filled
	Refusal error // why the reader may not fill it; nil: they may
}

// Sheets are the sheets of a noun: of a case those of its track and those of its operator.
type Sheets struct {
	Unit    string
	List    []Kept
	Missing []Missing
	Verdict *campaign.Judgement // of the operator, as the rules say now
}

// Missing is what sheets lack before a milestone can be marked.
type Missing struct {
	Milestone campaign.Text
	Items     []campaign.Text
}

// Of reads the sheets of a noun. Those of other units are not to be seen.
func (d *Desk) Of(ctx context.Context, scope auth.Scope, v *chronicle.View, kind string, id int64) (Sheets, error) {
	r, err := d.read(ctx, scope, v)
	if err != nil {
		return Sheets{}, err
	}
	switch kind {
	case campaign.OfCase:
		return r.caseSheets(id)
	case campaign.OfEnterprise:
		e := r.firm(id)
		if e == nil {
			return Sheets{}, fault.New(fault.KindNotFound, "enterprise_not_found", "没有这家企业", "there is no such enterprise")
		}
		out := Sheets{Unit: e.Unit}
		r.add(&out, kind, id, "")
		out.Verdict = r.verdictOf(id)
		return out, nil
	}
	out := Sheets{}
	r.add(&out, kind, id, "")
	return out, nil
}

func (r *reading) caseSheets(id int64) (Sheets, error) {
	c := r.Case(id)
	if c == nil || !sees(r.scope, c.Unit, c.Village) {
		return Sheets{}, fault.New(fault.KindNotFound, "case_not_found", "没有这个事项，可能已被撤销", "there is no such case; it may have been undone")
	}
	out := Sheets{Unit: c.Unit}
	r.add(&out, campaign.OfCase, id, c.Track)
	if r.firm(c.Enterprise) != nil {
		r.add(&out, campaign.OfEnterprise, c.Enterprise, c.Track)
		if slices.ContainsFunc(out.List, func(k Kept) bool { return k.Of == campaign.OfEnterprise }) {
			out.Verdict = r.verdictOf(c.Enterprise)
		}
	}
	t, _ := r.Definition.Track(c.Track)
	for _, m := range t.Milestones {
		if _, passed := c.Passed(m.Code); passed {
			continue
		}
		if items := r.Definition.Missing(c.Track, m.Code, r.page.of[noun{campaign.OfCase, id}]); len(items) > 0 {
			out.Missing = append(out.Missing, Missing{m.Name, items})
		}
	}
	return out, nil
}

// add adds the sheets of one noun; of a case and its operator those of the track.
func (r *reading) add(out *Sheets, kind string, id int64, track string) {
	for _, s := range r.Definition.Sheets {
		if s.Of != kind || track != "" && !s.On(track) {
			continue
		}
		k := Kept{Sheet: s, Of: kind, OfID: id, Refusal: r.scope.Actor().MayFill(s, "sheet.fill")}
		for _, f := range r.page.of[noun{kind, id}] {
			if f.Sheet == s.Code && (kind == campaign.OfCase || kind == campaign.OfEnterprise || sees(r.scope, f.Unit, "")) {
				k.Rows = append(k.Rows, f)
			}
		}
		out.List = append(out.List, k)
	}
}

func (r *reading) verdictOf(id int64) *campaign.Judgement {
	e, ok := r.firms[id]
	if !ok || len(r.Definition.Eligibility) == 0 {
		return nil
	}
	j := r.Definition.Judge(r.Definition.Facts(e.Operator(), r.page.of[noun{campaign.OfEnterprise, id}]))
	return &j
}

// sees tells whether names and documents of something are seen, given the unit and the village it belongs to.
func sees(scope auth.Scope, unit, village string) bool { return scope.Sees(unit, village) }
