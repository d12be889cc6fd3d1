package demo

import (
	"cmp"
	"slices"
	"time"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// step is one thing that somebody does about a case on a day.
type step struct {
	day      campaign.Date
	actor    string
	matter   *matter
	minute   int           // of the day; 0: in working hours
	happened campaign.Date // by the author's claim; empty: then
	keep     string        // the operation is the step's own, and is remembered under this name
	do       func(l *loader, m *matter) []ledger.Change
}

// work is what one person does on one day, in one operation.
type work struct {
	at, happened time.Time
	steps        []step
}

// agenda is everything that happens, in order of time. What one person does on
// one day is one operation; the order within a day is that of persons, and no
// two people touch a case on one day in an order that matters.
func (w *world) agenda(track map[string]campaign.Track) []work {
	var all []step
	for _, m := range w.matters {
		all = append(all, w.stepsOf(m, track[m.track])...)
	}
	slices.SortStableFunc(all, func(a, b step) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.minute, b.minute), cmp.Compare(rank(a.actor), rank(b.actor)), cmp.Compare(a.actor, b.actor))
	})
	var works []work
	for i, s := range all {
		if i > 0 && together(all[i-1], s) {
			works[len(works)-1].steps = append(works[len(works)-1].steps, s)
			continue
		}
		works = append(works, work{steps: []step{s}})
	}
	w.clock(works)
	return works
}

// rank puts those first in a day who list, and the district last.
func rank(actor string) int {
	switch actor {
	case "xu":
		return 0
	case "yu", "ma":
		return 2
	case "zhou":
		return 3
	}
	return 1
}

func together(a, b step) bool {
	return a.day == b.day && a.minute == b.minute && a.actor == b.actor && a.keep == "" && b.keep == "" && a.happened == b.happened
}

// clock gives each work its time: between nine and five, rising through the
// day; on the demo's own day before nine.
func (w *world) clock(works []work) {
	for i := 0; i < len(works); {
		day := works[i].steps[0].day
		n := 1
		for i+n < len(works) && works[i+n].steps[0].day == day {
			n++
		}
		minutes := make([]int, n)
		for j := range minutes {
			minutes[j] = 9*60 + w.r.IntN(8*60)
			if day == today {
				minutes[j] = 8*60 + w.r.IntN(55)
			}
			if fixed := works[i+j].steps[0].minute; fixed > 0 {
				minutes[j] = fixed
			}
		}
		slices.Sort(minutes)
		for j, minute := range minutes {
			works[i+j].at = at(day, minute, (i+j)%60)
			works[i+j].happened = works[i+j].at
			if on := works[i+j].steps[0].happened; on != "" {
				works[i+j].happened = at(on, 15*60, 0)
			}
			if works[i+j].steps[0].minute > 0 {
				works[i+j].happened = works[i+j].at.Add(-19 * time.Minute)
			}
		}
		i += n
	}
}

// at is a minute of a day of the story.
func at(day campaign.Date, minute, second int) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, string(day), campaign.Shanghai()) // a day of our own
	return t.Add(time.Duration(minute)*time.Minute + time.Duration(second)*time.Second)
}

// stepsOf are the milestones of a case and what else happens to it.
func (w *world) stepsOf(m *matter, t campaign.Track) []step {
	steps := []step{{day: m.on[0], actor: "xu", matter: m, do: list}}
	for i := 1; i <= m.reached; i++ {
		if m.enforced && i > plannedAt && i <= signedAt {
			continue
		}
		s := step{day: m.on[i], actor: w.marker(m, t, i), matter: m, do: filling(w.filler.before(m, t.Milestones[i].Code), mark(t, i))}
		if i == m.reached {
			s.minute = m.minute
			if m.reportedOn != "" {
				s.day, s.happened = m.reportedOn, m.on[i]
			}
		}
		if m.withdrawn && i >= acceptedAt {
			s.keep = t.Milestones[i].Code
		}
		steps = append(steps, s)
	}
	return append(steps, m.incidents...)
}

// filling fills sheets in the same operation, before what asks for them.
func filling(sheets func(*loader) []ledger.Change, do func(*loader, *matter) []ledger.Change) func(*loader, *matter) []ledger.Change {
	if sheets == nil {
		return do
	}
	return func(l *loader, m *matter) []ledger.Change { return append(sheets(l), do(l, m)...) }
}

// marker is who marks a milestone: the officer in the field, the town's lead who
// checks, the acceptance team, the district's office that closes.
func (w *world) marker(m *matter, t campaign.Track, i int) string {
	switch code := t.Milestones[i].Code; {
	case code == "valued":
		return "xu"
	case code == "town_checked", m.track == parks, code == "agreed", m.skips(i):
		return m.town.lead
	case code == "accepted":
		return []string{"yu", "ma"}[len(m.firm.name)%2]
	case code == "closed":
		return "zhou"
	}
	return m.town.officer
}

// skips are the milestones at which a template marks what does not apply.
func (m *matter) skips(i int) bool {
	return m.track == rectify && (m.enforced && i == plannedAt || m.kept && i == demolishedAt)
}

// list puts the case on the list.
func list(l *loader, m *matter) []ledger.Change {
	c := ledger.ListCase{Track: m.track, Unit: m.town.unit, On: m.on[0], Plans: m.plans, Landless: m.landless, Batch: m.batch, Village: m.village.Code, Floor: m.floor}
	if m.plot != nil {
		c.Parcels = []int64{l.parcels[m.plot.index]}
	}
	switch {
	case m.follows != nil:
		c.Enterprise = l.enterprises[m.follows]
	case m.firm.kind != "":
		c.Operator = m.firm.draft()
	default:
		c.Label = m.firm.label
	}
	return []ledger.Change{c}
}

// mark passes a milestone: the plan of the case is set with its disposal, what
// is accepted is measured, a building that stays is not demolished.
func mark(t campaign.Track, i int) func(*loader, *matter) []ledger.Change {
	milestone := t.Milestones[i]
	return func(l *loader, m *matter) []ledger.Change {
		id := l.cases[m]
		done := ledger.MarkMilestone{Case: id, Milestone: milestone.Code, On: m.on[i], Checks: checksOf(milestone)}
		switch {
		case i == plannedAt && m.track == rectify || i == 1 && (m.track == upgrade || m.track == outdated || m.track == parks):
			changes := []ledger.Change{ledger.AmendCase{Case: id, BaseVersion: l.versions[id], Fields: m.described()}}
			if m.enforced {
				return append(changes, ledger.ApplyTemplate{Case: id, Template: "enforcement", Reason: "拒不签约，依法强制执法"})
			}
			return append(changes, done)
		case i == demolishedAt && m.track == rectify && m.kept:
			return []ledger.Change{ledger.ApplyTemplate{Case: id, Template: "kept", Reason: "厂房由镇统一收储，不需拆除"}}
		case i == acceptedAt && m.track == rectify && !m.landless:
			return []ledger.Change{m.measure(id), m.land(id), done}
		}
		return []ledger.Change{done}
	}
}

// described are the fields that a case gets with its plan.
func (m *matter) described() map[string]string {
	fields := map[string]string{"responsible": m.responsible}
	for name, value := range map[string]string{"disposal": m.disposal, "note": m.note} {
		if value != "" {
			fields[name] = value
		}
	}
	return fields
}

// measure enters the land as accepted.
func (m *matter) measure(id int64) ledger.Change {
	c := ledger.MeasureCase{Case: id, Recovered: geo.FromHundredths(m.area), Effective: geo.FromHundredths(m.effective)}
	if m.surplus > 0 {
		c.Reason = "图斑含河道管理范围，认定时扣除"
	}
	return c
}

// checksOf are all the boxes of a milestone: in the story everything is in order.
func checksOf(m campaign.Milestone) []string {
	var codes []string
	for _, c := range m.Checks {
		codes = append(codes, c.Code)
	}
	return codes
}

// side asks for a side state, or puts the case into it.
func (w *world) side(m *matter, on campaign.Date, actor, side, reason string) step {
	return step{day: on, actor: actor, matter: m, do: func(l *loader, m *matter) []ledger.Change {
		return []ledger.Change{ledger.AskSide{Case: l.cases[m], Side: side, Reason: reason}}
	}}
}

// extend asks for a later plan.
func (w *world) extend(m *matter, on campaign.Date, milestone string, until campaign.Date, reason string) step {
	return step{day: on, actor: m.town.lead, matter: m, do: func(l *loader, m *matter) []ledger.Change {
		return []ledger.Change{ledger.AskSide{Case: l.cases[m], Side: "extended", Reason: reason, Milestone: milestone, Until: until}}
	}}
}

// decide approves what was asked for.
func (w *world) decide(m *matter, on campaign.Date, side string) step {
	return step{day: on, actor: "zhou", matter: m, do: func(l *loader, m *matter) []ledger.Change {
		return []ledger.Change{ledger.DecideSide{Case: l.cases[m], Side: side, Approve: true}}
	}}
}

// leave ends a side state.
func (w *world) leave(m *matter, on campaign.Date, actor, side, note string) step {
	return step{day: on, actor: actor, matter: m, do: func(l *loader, m *matter) []ledger.Change {
		return []ledger.Change{ledger.LeaveSide{Case: l.cases[m], Side: side, Note: note}}
	}}
}

// amend changes fields of the case.
func (w *world) amend(m *matter, on campaign.Date, actor string, fields map[string]string) step {
	return step{day: on, actor: actor, matter: m, do: func(l *loader, m *matter) []ledger.Change {
		id := l.cases[m]
		return []ledger.Change{ledger.AmendCase{Case: id, BaseVersion: l.versions[id], Fields: fields}}
	}}
}

// takeBack undoes an operation of the case: after a rebound its closing and its acceptance are void.
func (w *world) takeBack(m *matter, on campaign.Date, milestone string) step {
	return step{day: on, actor: "zhou", matter: m, keep: "undo " + milestone, do: func(l *loader, m *matter) []ledger.Change {
		return []ledger.Change{ledger.UndoBatch{Batch: l.kept[kept{m, milestone}], Reason: "反弹：原验收、销号撤回，整改后重新申报"}}
	}}
}

// kept names an operation that is referred to later.
type kept struct {
	matter *matter
	name   string
}
