package report

import (
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/figures"
)

// rank orders the units by the printed rate of a metric, or a unit's villages,
// and says how each moved since the last issued bulletin.
func (d *Desk) rank(v *chronicle.View, f *Figures, q Query) (Ranking, error) {
	out := Ranking{Metric: q.Rank}
	if q.By != ByUnit && q.By != ByVillage {
		return out, nil
	}
	out.Places = contend(f.Rows, q.Rank)
	out.Spread = out.Places.Spread()
	var earlier figures.Ranking
	if f.Bulletin.Number > 0 {
		then, err := d.before(v, f.Bulletin.On)
		if err != nil {
			return out, err
		}
		rows, err := d.rowsOn(then, q)
		if err != nil {
			return out, err
		}
		earlier = contend(rows, q.Rank)
	}
	for _, p := range out.Places {
		if row := rowOf(f.Rows, p.Unit); row != nil {
			row.Place, row.Movement = p.Place, out.Places.Movement(p.Unit, earlier)
		}
	}
	return out, nil
}

func contend(rows []Row, metric campaign.MetricCode) figures.Ranking {
	var all []figures.Contender
	for i := range rows {
		for n := range rows[i].Metrics {
			if m := &rows[i].Metrics[n]; m.Metric.Code == metric && m.Rate.Known {
				all = append(all, figures.Contender{Unit: rows[i].Code, Order: i + 1, Rate: m.Rate})
			}
		}
	}
	return figures.Rank(all)
}
