package register

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Track is the page of a track: what its sheets add up to, its lists, its ledgers.
type Track struct {
	Track    campaign.Track
	Sheets   []Totals
	Lists    []ListSize
	Areas    []Progress
	Verdicts map[campaign.Verdict]int // of the enterprises, where the track has targets by rule
}

// ListSize is a list under watch with how many are on it, in the reader's area.
type ListSize struct {
	Watch campaign.Watch
	Count int
}

// Totals are what a sheet adds up to, for each unit in its order, and together.
type Totals struct {
	Sheet campaign.Sheet
	Units []UnitTotals
	All   UnitTotals
	Left  []Left // of a ledger with a balance
}

// UnitTotals are the sums of a unit's rows: those of completed cases, or all where
// the sheet is not of cases.
type UnitTotals struct {
	Unit   string
	Filled int // sheets or rows there are
	Counts int // of them added up
	Sums   []Sum
}

// Sum is a number's sum, or how many chose each option.
type Sum struct {
	Field   string
	Value   string
	Options []Chosen
}

// Chosen is how many chose an option.
type Chosen struct {
	Code  string
	Name  campaign.Text
	Count int
}

// Left is what is left of a group of a ledger.
type Left struct {
	Group  campaign.Text
	Amount campaign.Text
}

// Track reads the page of a track. Sums are figures: everybody inside sees those of all units.
func (d *Desk) Track(ctx context.Context, scope auth.Scope, v *chronicle.View, code string) (Track, error) {
	t, ok := v.Definition.Track(code)
	if !ok {
		return Track{}, fault.New(fault.KindNotFound, "unknown_track", "没有“"+code+"”这条线", "there is no track "+code)
	}
	r, err := d.read(ctx, scope, v)
	if err != nil {
		return Track{}, err
	}
	out := Track{Track: t}
	for _, s := range v.Definition.Sheets {
		if slices.Contains(s.Tracks, code) {
			out.Sheets = append(out.Sheets, r.totals(s))
		}
	}
	if out.Areas, err = d.progress(ctx, r, code); err != nil {
		return Track{}, err
	}
	for _, w := range v.Definition.Watches {
		if w.Track == code {
			out.Lists = append(out.Lists, ListSize{w, len(r.watched(w))})
		}
	}
	if slices.ContainsFunc(v.Definition.Sheets, func(s campaign.Sheet) bool { return s.Of == campaign.OfEnterprise && slices.Contains(s.Tracks, code) }) {
		out.Verdicts = r.verdicts()
	}
	return out, nil
}

func (r *reading) verdicts() map[campaign.Verdict]int {
	counts := make(map[campaign.Verdict]int)
	for _, e := range r.firmsInOrder() {
		counts[campaign.Verdict(r.ofFirm(e)["eligibility.result"])]++
	}
	return counts
}

// totals adds a sheet up.
func (r *reading) totals(s campaign.Sheet) Totals {
	rows := r.page.sheets(s.Code)
	byUnit := map[string][]campaign.Filled{}
	for _, f := range rows {
		byUnit[f.Unit] = append(byUnit[f.Unit], f)
	}
	t := Totals{Sheet: s, All: r.sums(s, "", rows)}
	for _, u := range r.Units {
		if !u.Outside {
			t.Units = append(t.Units, r.sums(s, u.Code, byUnit[u.Code]))
		}
	}
	if s.Balance != nil {
		t.Left = r.left(s, rows)
	}
	return t
}

func (r *reading) sums(s campaign.Sheet, unit string, rows []campaign.Filled) UnitTotals {
	t := UnitTotals{Unit: unit, Filled: len(rows)}
	rows = slices.DeleteFunc(slices.Clone(rows), func(f campaign.Filled) bool { return !r.counts(s, f) })
	t.Counts = len(rows)
	for _, f := range s.Fields {
		if f.Total {
			t.Sums = append(t.Sums, sum(f, rows))
		}
	}
	return t
}

// counts tells whether a row is added up: of a case when the case is completed, or, of an open sheet, as long as it is on the list.
func (r *reading) counts(s campaign.Sheet, f campaign.Filled) bool {
	if f.Of != campaign.OfCase {
		return true
	}
	c := r.Case(f.OfID)
	return c != nil && (r.done(c) || s.Open && !r.Excluded(c))
}

func sum(f campaign.Field, rows []campaign.Filled) Sum {
	if _, number := f.Decimals(); number {
		return Sum{Field: f.Code, Value: f.Sum(rows)}
	}
	s := Sum{Field: f.Code}
	options := f.Options
	if f.Type == campaign.FieldYesNo {
		options = []campaign.Option{{Choice: campaign.Choice{Code: "yes", Name: f.Words("yes")}}}
	}
	for _, o := range options {
		n := 0
		for _, row := range rows {
			if slices.Contains(strings.Split(row.Values[f.Code], ","), o.Code) {
				n++
			}
		}
		s.Options = append(s.Options, Chosen{o.Code, o.Name, n})
	}
	return s
}

func (r *reading) left(s campaign.Sheet, rows []campaign.Filled) []Left {
	sums := s.Left(rows)
	amount, _ := s.Field(s.Balance.Amount)
	var list []Left
	for key, n := range sums {
		var zh, en []string
		for i, value := range strings.Split(key, "/") {
			f, _ := s.Field(s.Balance.Group[i])
			words := f.Words(value)
			zh, en = append(zh, words.ZH), append(en, words.EN)
		}
		list = append(list, Left{campaign.Text{ZH: strings.Join(zh, "、"), EN: strings.Join(en, ", ")}, amount.Words(n)})
	}
	slices.SortFunc(list, func(a, b Left) int { return cmp.Compare(a.Group.EN, b.Group.EN) })
	return list
}

// firm is an enterprise that the reader may see; nil where there is none.
func (r *reading) firm(id int64) *ledger.Enterprise {
	if e, ok := r.firms[id]; ok && sees(r.scope, e.Unit, e.Village) {
		return &e
	}
	return nil
}

// firmsInOrder are the enterprises that stand for themselves: one that was merged is another.
func (r *reading) firmsInOrder() []*ledger.Enterprise {
	list := make([]*ledger.Enterprise, 0, len(r.firms))
	for _, e := range r.firms {
		if e.MergedInto == 0 {
			list = append(list, &e)
		}
	}
	slices.SortFunc(list, func(a, b *ledger.Enterprise) int { return cmp.Compare(a.ID, b.ID) })
	return list
}
