package caseimport

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
)

// totals checks what the rows that add others up say against the sum of those.
func (s *sheet) totals() []TotalReport {
	all := make([]TotalReport, len(s.Totals))
	for i, t := range s.Totals {
		all[i] = TotalReport{Row: t.Number, Label: t.Label}
		for _, c := range s.columns {
			if !c.target.measures() {
				continue
			}
			said, _, err := grid.Area(t.Cell(c.Column))
			if err != nil {
				continue
			}
			all[i].Checks++
			if sum := s.sum(c, t); math.Abs(sum-said) > tolerance(t) {
				all[i].Wrong = append(all[i].Wrong, campaign.Text{
					ZH: fmt.Sprintf("第 %d 行“%s”的%s写的是 %s，各行相加是 %s，请核对", t.Number, t.Label, c.Name(), amountText(said), amountText(sum)),
					EN: fmt.Sprintf("row %d (%s): %s says %s, the rows add up to %s", t.Number, t.Label, c.Name(), amountText(said), amountText(sum)),
				})
			}
		}
	}
	return all
}

// tolerance is what rounding each row to two decimals can do.
func tolerance(t grid.Total) float64 { return 0.005*float64(t.To-t.From) + 0.011 }

// sum adds up the rows of a total as they stand, in the column's unit.
func (s *sheet) sum(c column, t grid.Total) float64 {
	sum := 0.0
	for _, r := range s.Rows[t.From:t.To] {
		amount, unit, err := grid.Area(r.Cell(c.Column))
		if err != nil {
			continue
		}
		if unit != "" && unit != c.unit {
			amount = grid.In(amount, unit, c.unit)
		}
		sum += amount
	}
	return sum
}

// amountText writes an amount with thousands separators and at most two decimals.
func amountText(n float64) string {
	text := strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64)
	whole, rest, _ := strings.Cut(text, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}

func unitWord(u grid.Unit) campaign.Text {
	switch u {
	case grid.Mu:
		return campaign.Text{ZH: "亩", EN: "mu"}
	case grid.SquareMetre:
		return campaign.Text{ZH: "平方米", EN: "m²"}
	case grid.TenThousand:
		return campaign.Text{ZH: "万平方米", EN: "10,000 m²"}
	case grid.Hectare:
		return campaign.Text{ZH: "公顷", EN: "ha"}
	}
	return campaign.Text{}
}
