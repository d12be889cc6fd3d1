package register

import (
	"context"
	"math/big"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// Action is an action of several departments with its sites, those of the reader's area.
type Action struct {
	Row   campaign.Filled
	Sites []CaseRow
}

// Enforcement reads the actions of the reader's area (联动执法), the last first.
func (d *Desk) Enforcement(ctx context.Context, scope auth.Scope, v *chronicle.View) (actions, sites campaign.Sheet, list []Action, err error) {
	r, err := d.read(ctx, scope, v)
	if err != nil || v.Definition.Enforcement == nil {
		return actions, sites, nil, err
	}
	rule := *v.Definition.Enforcement
	actions, _ = v.Definition.Sheet(rule.Actions)
	sites, _ = v.Definition.Sheet(rule.Sites)
	rows := r.ofCases(r.page.sheets(rule.Sites))
	for _, f := range r.page.sheets(rule.Actions) {
		if !sees(scope, f.Unit, "") {
			continue
		}
		one := Action{Row: f}
		for _, site := range rows {
			if site.Row.Values[campaign.SiteAction] == f.Values[campaign.ActionNumber] {
				one.Sites = append(one.Sites, site)
			}
		}
		list = append(list, one)
	}
	slices.Reverse(list)
	return actions, sites, list, nil
}

// Assurance is what is agreed and paid, and how much land is in use again, of each unit and together.
type Assurance struct {
	Units  []UnitAssurance
	All    UnitAssurance
	Sheets []Totals // how it adds up: funds, channels, use again, and what parks are given
}

// UnitAssurance are a unit's sums; Unit is "" for all together.
type UnitAssurance struct {
	Unit         string
	Agreed, Paid string // 万元
	Sources      []SourceSum
	Recovered    geo.Area // what the campaign counts
	Reused       string   // mu; of a case no more than it recovered
	Rate         string   // per cent, one decimal; "" where nothing is recovered
}

// SourceSum is what one source gives.
type SourceSum struct {
	Source       campaign.Choice
	Agreed, Paid string
}

// Assurance adds up funds and land (要素保障). Sums are figures: everybody inside sees those of all units.
func (d *Desk) Assurance(ctx context.Context, scope auth.Scope, v *chronicle.View) (Assurance, error) {
	r, err := d.read(ctx, scope, v)
	if err != nil || v.Definition.Assurance == nil {
		return Assurance{}, err
	}
	out := Assurance{All: r.assured("")}
	for _, u := range r.Units {
		if !u.Outside {
			out.Units = append(out.Units, r.assured(u.Code))
		}
	}
	rule := v.Definition.Assurance
	for _, code := range append([]string{rule.Funds, rule.Channels, rule.Reuse}, rule.Parks...) {
		if s, ok := v.Definition.Sheet(code); ok {
			out.Sheets = append(out.Sheets, r.totals(s))
		}
	}
	return out, nil
}

// assured are the sums of a unit, or of all.
func (r *reading) assured(unit string) UnitAssurance {
	rule := r.Definition.Assurance
	sheet, _ := r.Definition.Sheet(rule.Funds)
	rows := r.counting(sheet, unit)
	out := UnitAssurance{Unit: unit, Agreed: sumOf(sheet, campaign.FundsAgreed, rows), Paid: sumOf(sheet, campaign.FundsPaid, rows)}
	source, _ := sheet.Field(campaign.FundsSource)
	for _, o := range source.Options {
		of := slices.DeleteFunc(slices.Clone(rows), func(f campaign.Filled) bool { return f.Values[campaign.FundsSource] != o.Code })
		if len(of) > 0 {
			out.Sources = append(out.Sources, SourceSum{o.Choice, sumOf(sheet, campaign.FundsAgreed, of), sumOf(sheet, campaign.FundsPaid, of)})
		}
	}
	reuse, _ := r.Definition.Sheet(rule.Reuse)
	out.Recovered = r.recovered(reuse, unit)
	reused := r.reused(reuse, unit)
	out.Reused, out.Rate = reused.FloatString(2), rate(reused, out.Recovered)
	return out
}

func sumOf(s campaign.Sheet, field string, rows []campaign.Filled) string {
	f, _ := s.Field(field)
	return f.Sum(rows)
}

// counting are the rows of a sheet that are added up, of a unit or of all.
func (r *reading) counting(s campaign.Sheet, unit string) []campaign.Filled {
	return slices.DeleteFunc(r.page.sheets(s.Code), func(f campaign.Filled) bool {
		return unit != "" && f.Unit != unit || !r.counts(s, f)
	})
}

// recovered is the land that counts of the tracks of a sheet.
func (r *reading) recovered(s campaign.Sheet, unit string) (sum geo.Area) {
	for _, c := range r.Cases() {
		if s.On(c.Track) && (unit == "" || c.Unit == unit) && r.done(c) {
			sum += c.Recovered
		}
	}
	return sum
}

// reused is the land in use again in mu, of a case no more than what it recovered.
func (r *reading) reused(s campaign.Sheet, unit string) *big.Rat {
	of := map[int64]*big.Rat{}
	for _, f := range r.counting(s, unit) {
		mu, ok := new(big.Rat).SetString(f.Values[campaign.ReuseLand])
		if !ok {
			continue
		}
		if of[f.OfID] == nil {
			of[f.OfID] = new(big.Rat)
		}
		of[f.OfID].Add(of[f.OfID], mu)
	}
	sum := new(big.Rat)
	for id, mu := range of {
		if most := inMu(r.Case(id).Recovered); mu.Cmp(most) > 0 {
			mu = most
		}
		sum.Add(sum, mu)
	}
	return sum
}

// inMu is an area in mu, exactly.
func inMu(a geo.Area) *big.Rat { return big.NewRat(int64(a)*3, int64(geo.SquareMetre)*2000) } //nolint:mnd // 15 mu are a hectare

// rate is how much of the land is in use again, in per cent.
func rate(reused *big.Rat, recovered geo.Area) string {
	if recovered == 0 {
		return ""
	}
	share := new(big.Rat).Quo(reused, inMu(recovered))
	return share.Mul(share, big.NewRat(100, 1)).FloatString(1) //nolint:mnd // per cent
}
