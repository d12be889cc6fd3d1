package bulletin

import (
	"fmt"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/report"
)

// Kinds of corrections of what earlier issues printed.
const (
	LateFact  = "late"    // 补报: done by the day of the last issue, known after it
	Amended   = "amended" // 更正: counted in both, with another amount
	TakenBack = "back"    // 核减: counted in the last issue and no longer
)

// Correction is what an issue says of earlier ones, of one unit. It names nobody.
type Correction struct {
	Kind string
	Unit string // code
	// Firms and Land are what the main metric and the recovered land gained by it, exact; negative when lost.
	Firms, Land int64
}

// corrections sorts what moved since the last issue: progress of the period is none.
func corrections(m *report.Moves) []Correction {
	lead, known := leadOf(m.To.Definition)
	if !known {
		return nil
	}
	index := map[[2]string]int{}
	var found []Correction
	for i := range m.Cases {
		move := &m.Cases[i]
		firms, land := delta(move, lead.Code), delta(move, campaign.MetricRecovered)
		kind := kindOf(move, lead, firms, land)
		if kind == "" {
			continue
		}
		key := [2]string{kind, move.Case().Unit}
		at, there := index[key]
		if !there {
			at = len(found)
			index[key] = at
			found = append(found, Correction{Kind: kind, Unit: move.Case().Unit})
		}
		found[at].Firms += firms
		found[at].Land += land
	}
	return found
}

func kindOf(m *report.Move, lead campaign.Metric, firms, land int64) string {
	late := false
	for _, p := range m.Milestones {
		late = late || p.Late && p.Milestone == lead.Counts.Milestone
	}
	switch {
	case m.Case().Track != lead.Counts.Track || firms == 0 && land == 0:
		return ""
	case firms > 0 && late:
		return LateFact
	case firms < 0:
		return TakenBack
	case firms == 0:
		return Amended
	}
	return ""
}

func delta(m *report.Move, code campaign.MetricCode) int64 {
	for _, d := range m.Deltas {
		if d.Metric == code {
			return d.Done
		}
	}
	return 0
}

// leadOf is the metric that comes first.
func leadOf(d campaign.Definition) (campaign.Metric, bool) {
	if len(d.Metrics) == 0 {
		return campaign.Metric{}, false
	}
	return d.Metrics[0], true
}

// Corrected are the sentences about earlier issues, none where there is nothing to say.
func (c *Content) Corrected() []string {
	var said []string
	for _, kind := range []struct{ code, words string }{
		{LateFact, "补报：上期统计截止前已完成、上期未计入的，本期计入"},
		{Amended, "更正：上期已计入、面积有改动的，按改动后的面积计"},
		{TakenBack, "更正：上期已计入、本期核减（含反弹、撤销验收）的"},
	} {
		var parts []string
		for _, u := range c.Sheet.View.Units {
			for _, each := range c.Late {
				if each.Kind == kind.code && each.Unit == u.Code {
					parts = append(parts, u.Name.ZH+each.amounts(kind.code != Amended))
				}
			}
		}
		if len(parts) > 0 {
			said = append(said, kind.words+"："+strings.Join(parts, "；")+"。")
		}
	}
	return said
}

func (x Correction) amounts(counts bool) string {
	land := figures.Signed(figures.Steps(x.Land, campaign.MeasureLand), 2, figures.Document) + "亩"
	if !counts {
		return land
	}
	return fmt.Sprintf("%s家、%s", figures.Signed(x.Firms, 0, figures.Document), land)
}
