package report

import (
	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
)

// addBlocks adds the members of the blocks to their rows.
func (k *counting) addBlocks(total *tally, rows []*tally, index map[string]int) {
	all := append([]*tally{total}, rows...)
	for _, b := range k.blocks {
		here := map[*tally]bool{}
		for _, m := range b.Members {
			if k.query.Unit != "" && m.Case.Unit != k.query.Unit {
				continue
			}
			total.row.InBlocks.Land += m.Area
			here[total] = true
			if i, ok := index[k.key(m.Case)]; ok {
				rows[i].row.InBlocks.Land += m.Area
				here[rows[i]] = true
			}
		}
		for t := range here {
			t.row.InBlocks.Blocks++
		}
	}
	for _, t := range all {
		t.row.InBlocks.finish(t.row.Metrics)
	}
}

// finish holds the land in blocks against all recovered land.
func (n *InBlocks) finish(metrics []Metric) {
	for i := range metrics {
		if m := &metrics[i]; m.Metric.Code == campaign.MetricRecovered {
			n.Of = geo.Area(m.Done)
			n.Rate = figures.Share(int64(n.Land), int64(n.Of))
		}
	}
}
