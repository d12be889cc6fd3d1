package figures

import "github.com/guatu/guatu/internal/campaign"

// Reached turns the number of cases now at each stage into cumulative numbers:
// reached[k] = Σ at[j], j ≥ k. It never increases along the order.
func Reached(at []int) []int {
	reached := make([]int, len(at))
	sum := 0
	for k := len(at) - 1; k >= 0; k-- {
		sum += at[k]
		reached[k] = sum
	}
	return reached
}

// FunnelStep is one milestone of the funnel (整治进度) with its cumulative number.
type FunnelStep struct {
	Name          campaign.Text
	Count         int // cases that have passed it, those it does not apply to included
	NotApplicable int // of these, the ones it does not apply to: 含不需拆除 58
}

// FunnelRow is a step with what was lost since the row before.
type FunnelRow struct {
	FunnelStep
	Loss int // cases of the row before that have not passed it; 0 in the first row
}

// Funnel lists the loss from each step to the next.
func Funnel(steps []FunnelStep) []FunnelRow {
	rows := make([]FunnelRow, len(steps))
	for i, s := range steps {
		rows[i].FunnelStep = s
		if i > 0 {
			rows[i].Loss = steps[i-1].Count - s.Count
		}
	}
	return rows
}

// LossText prints −71, and nothing where nothing is lost.
func (r FunnelRow) LossText() string {
	if r.Loss == 0 {
		return ""
	}
	return Signed(-int64(r.Loss), 0, Screen)
}
