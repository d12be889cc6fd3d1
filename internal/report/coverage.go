package report

import (
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// CoverageOf counts the units that have what every unit must have; nil where the campaign asks for nothing.
func CoverageOf(v *chronicle.View) *Coverage {
	c := v.Definition.Coverage
	if c == nil {
		return nil
	}
	reach, _ := v.Reach(c.Track, c.Milestone) // checked with the definition
	having := map[string]bool{}
	for _, cs := range v.Cases() {
		if reached, _ := reach.By(cs); reached {
			having[cs.Unit] = true
		}
	}
	out := &Coverage{Name: c.Name}
	for _, u := range v.Units {
		switch {
		case u.Outside:
		case having[u.Code]:
			out.With++
			out.Of++
		default:
			out.Of++
			out.Missing = append(out.Missing, u.Code)
		}
	}
	return out
}

// ofListed counts, of the firms that moved in, those on the list of the main track.
func ofListed(v *chronicle.View, unit string) Count {
	var n Count
	m, ok := v.Definition.Metric(campaign.MetricMovedIn)
	if !ok {
		return n
	}
	track := mainTrack(v.Definition).Code
	n.Filter = chronicle.Filter{Metric: m.Code, Unit: unit, OperatorsOf: track}
	found, _, err := v.Select(n.Filter)
	if err != nil {
		return Count{}
	}
	for _, c := range found {
		n.add(c)
	}
	return n
}
