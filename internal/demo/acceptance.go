package demo

import (
	"strconv"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// acceptance is what waits at the steps of acceptance (验收销号) on the evening before
// the demo's day: applications, the last joint visits, notices, forms that are out to be stamped.
func (l *loader) acceptance(w *world) []ledger.Change {
	var changes []ledger.Change
	accepted, standing := map[string][]*matter{}, 0
	for _, m := range w.matters {
		if m.track != rectify || len(m.incidents) > 0 || m.withdrawn || m.minute > 0 {
			continue
		}
		switch m.reached {
		case acceptedAt - 2, acceptedAt - 1:
			changes = append(changes, l.fill(m, "application", map[string]string{
				"applied_on": string(m.on[m.reached]), "applicant": m.village.Name.ZH, "statement": "两断三清已完成，申请验收",
			}))
		case acceptedAt:
			accepted[m.town.unit] = append(accepted[m.town.unit], m)
			changes = append(changes, l.waits(m, standing)...)
			standing++
		}
	}
	for _, t := range w.towns {
		changes = append(changes, l.visited(t, accepted[t.unit])...)
	}
	return changes
}

// waits puts what is accepted and not closed where such cases wait: every third is made
// public, one of them is objected to, every third is out to be stamped.
func (l *loader) waits(m *matter, n int) []ledger.Change {
	ask := func(side, reason string) ledger.Change {
		return ledger.AskSide{Case: l.cases[m], Side: side, Reason: reason}
	}
	switch {
	case n == 0:
		return []ledger.Change{ask("publicised", ""), ask("objected", "面积有异议：与相邻地块界线不符")}
	case n%3 == 0:
		return []ledger.Change{ask("publicised", "")}
	case n%3 == 1:
		return []ledger.Change{ask("stamping", "")}
	}
	return nil
}

// visited is the joint visit that accepted the cases of a town.
func (l *loader) visited(t town, cases []*matter) []ledger.Change {
	if len(cases) == 0 {
		return nil
	}
	last := cases[0].on[acceptedAt]
	for _, m := range cases {
		last = max(last, m.on[acceptedAt])
	}
	var changes []ledger.Change
	n := 0
	for _, m := range cases {
		if m.on[acceptedAt] != last {
			continue
		}
		n++
		changes = append(changes, l.fill(m, "inspection", map[string]string{
			"visit": string(last) + "-" + t.prefix, "on": string(last), "departments": "economy,land,environment,emergency", "result": "pass", "opinion": "现场核查两断三清到位，同意通过",
		}))
	}
	return append(changes, ledger.FillSheet{Sheet: "visit", Of: campaign.OfUnit, OfID: l.units[t.unit], Values: map[string]string{
		"number": string(last) + "-" + t.prefix, "on": string(last), "departments": "economy,land,environment,emergency", "members": "俞某、马某",
		"route": t.short() + "片区", "cases": strconv.Itoa(n), "passed": strconv.Itoa(n),
	}})
}
