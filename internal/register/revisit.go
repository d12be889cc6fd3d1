package register

import (
	"cmp"
	"context"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// Revisits are the draws with what became of them, and what is still to be looked at.
type Revisits struct {
	Rule  campaign.Revisits
	Sheet campaign.Sheet
	Pool  []Pool
	Draws []Draw // the last first; none for those outside
	Rows  []CaseRow
}

// Pool is how many cases of a track can be drawn.
type Pool struct {
	Track campaign.Track
	Cases int
}

// Draw is a draw as it is on record, with what came of it.
type Draw struct {
	campaign.Draw

	Done, Rebounds int
	Reproduced     bool // drawing again from the record gives the same
}

// CaseRow is a row of a sheet with its case.
type CaseRow struct {
	Case *chronicle.Case
	Row  campaign.Filled
	Open bool
	Late int  // days past its due day, of one that is open
	Own  bool // the reader was drawn for it
}

// RevisitIDs are the cases of a track, for a draw: all there are, whoever asks.
func (d *Desk) RevisitIDs(v *chronicle.View, track string) []int64 {
	var ids []int64
	for _, c := range v.Cases() {
		if c.Track == track {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Revisits reads them: rows of the reader's area alone, open ones first, by the day they are due.
func (d *Desk) Revisits(ctx context.Context, scope auth.Scope, v *chronicle.View) (Revisits, error) {
	r, err := d.read(ctx, scope, v)
	if err != nil || v.Definition.Revisits == nil {
		return Revisits{}, err
	}
	out := Revisits{Rule: *v.Definition.Revisits}
	out.Sheet, _ = v.Definition.Sheet(out.Rule.Sheet)
	rows := r.page.sheets(out.Rule.Sheet)
	out.Draws = r.draws(rows)
	drawnFor := r.drawnFor(out.Draws)
	if !scope.SeesPeople("") {
		out.Draws = nil
	}
	for _, each := range r.ofCases(rows) {
		if each.Open = out.Rule.Open(each.Row); each.Open {
			due := campaign.Date(each.Row.Values[campaign.RevisitDueOn])
			each.Late = max(0, due.DaysUntil(r.Day))
		}
		each.Own = drawnFor[each.Row.Values[campaign.RevisitDraw]+" "+each.Case.Code]
		out.Rows = append(out.Rows, each)
	}
	slices.SortStableFunc(out.Rows, byDue)
	for _, t := range v.Definition.Tracks {
		if out.Sheet.On(t.Code) {
			out.Pool = append(out.Pool, Pool{t, r.drawable(t.Code, rows)})
		}
	}
	return out, nil
}

// byDue puts what is open in front, by its day; then what was looked at last.
func byDue(a, b CaseRow) int {
	if a.Open != b.Open {
		return cmp.Compare(boolRank(a.Open), boolRank(b.Open))
	}
	if a.Open {
		return cmp.Compare(a.Row.Values[campaign.RevisitDueOn], b.Row.Values[campaign.RevisitDueOn])
	}
	return cmp.Compare(b.Row.Values[campaign.RevisitOn], a.Row.Values[campaign.RevisitOn])
}

func boolRank(first bool) int {
	if first {
		return 0
	}
	return 1
}

// ofCases are rows with their cases, those of the reader's area alone.
func (r *reading) ofCases(rows []campaign.Filled) []CaseRow {
	var list []CaseRow
	for _, f := range rows {
		if c := r.Case(f.OfID); c != nil && sees(r.scope, c.Unit, c.Village) {
			list = append(list, CaseRow{Case: c, Row: f})
		}
	}
	return list
}

func (r *reading) draws(rows []campaign.Filled) []Draw {
	var list []Draw
	for _, f := range r.page.sheets(campaign.SheetDraw) {
		one := Draw{Draw: campaign.DrawOf(f.Values)}
		one.Reproduced = one.Draw.Reproduced()
		for _, row := range rows {
			if row.Values[campaign.RevisitDraw] != one.Number || row.Values[campaign.RevisitResult] == "" {
				continue
			}
			one.Done++
			if row.Values[campaign.RevisitResult] == campaign.ResultRebound {
				one.Rebounds++
			}
		}
		list = append(list, one)
	}
	slices.Reverse(list)
	return list
}

// drawnFor are the draws and cases for which the reader was drawn.
func (r *reading) drawnFor(draws []Draw) map[string]bool {
	own := map[string]bool{}
	for _, d := range draws {
		for _, lot := range d.Drawn {
			if slices.Contains(lot.Persons, r.scope.Actor().ID) {
				own[d.Number+" "+lot.Code] = true
			}
		}
	}
	return own
}

// drawable is how many cases of a track could be drawn now.
func (r *reading) drawable(track string, rows []campaign.Filled) int {
	waiting := map[int64]bool{}
	for _, f := range rows {
		waiting[f.OfID] = waiting[f.OfID] || r.Definition.Revisits.Open(f)
	}
	n := 0
	for _, c := range r.Cases() {
		if on, _ := c.Passed(r.Definition.Revisits.After); c.Track == track && on != "" && !r.Excluded(c) && !r.Uncounted(c) && !waiting[c.ID] {
			n++
		}
	}
	return n
}
