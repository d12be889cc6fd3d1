package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
)

// The weeks before the demo's day, each ending on a Tuesday, and the land in
// hundredths of a mu that is accepted in them: the pace of the forecast.
var weeks = [...]struct { //nolint:gochecknoglobals // figures of the story
	from, to campaign.Date
	cases    int
	land     int64
}{
	{"2020-09-02", "2020-09-08", 9, 45_00},
	{"2020-09-09", "2020-09-15", 8, 39_50},
	{"2020-09-16", "2020-09-22", 11, 54_50},
	{"2020-09-25", "2020-09-29", 11, 49_50},
}

// stretches are the months before those weeks, with the cases accepted in them:
// 168 by the end of June, the last seventeen in the rush of its last week.
var stretches = [...]struct { //nolint:gochecknoglobals // figures of the story
	from, to campaign.Date
	cases    int
}{
	{"2020-03-16", "2020-03-31", 22},
	{"2020-04-01", "2020-04-30", 46},
	{"2020-05-01", "2020-05-31", 46},
	{"2020-06-01", "2020-06-22", 37},
	{"2020-06-23", "2020-06-30", 17},
	{"2020-07-01", "2020-07-31", 47},
	{"2020-08-01", "2020-08-31", 43},
}

// byJune is how many cases were closed by the end of June.
const (
	byJune   = 151
	endJune  = campaign.Date("2020-06-30")
	unclosed = 16 // accepted and not closed on the demo's day
)

// Codes of tracks.
const (
	rectify  = "rectify"
	upgrade  = "upgrade"
	outdated = "outdated"
	parks    = "parks"
	moveIn   = "move_in"
)

// accepted are the cases that the district has accepted, in that order.
func (w *world) accepted() []*matter {
	var all []*matter
	units := w.sequence()
	add := func(days []campaign.Date, n int) {
		for _, day := range spread(days, n) {
			all = append(all, &matter{track: rectify, town: units[len(all)], on: []campaign.Date{day}})
		}
	}
	for _, s := range stretches {
		add(visits(w.calendar, s.from, s.to), s.cases)
	}
	early := len(all)
	for _, week := range weeks {
		add(visits(w.calendar, week.from, week.to), week.cases)
	}
	w.kinds(all)
	w.acceptedLand(all, early)
	w.close(all, early)
	w.keep(all)
	for _, m := range all {
		m.disposal = w.outcome()
	}
	return all
}

// sequence says in which unit the next case is accepted: the order of the units
// by rate has to change after the last bulletin.
func (w *world) sequence() []town {
	var before, after []town
	for _, t := range w.towns {
		for i := range int(t.rectified.done) {
			if i < t.lately {
				after = append(after, t)
			} else {
				before = append(before, t)
			}
		}
	}
	w.r.Shuffle(len(before), func(i, j int) { before[i], before[j] = before[j], before[i] })
	w.r.Shuffle(len(after), func(i, j int) { after[i], after[j] = after[j], after[i] })
	return append(before, after...)
}

// kinds makes enterprises of as many as the unit's figures say, workshops of the others.
func (w *world) kinds(accepted []*matter) {
	for _, t := range w.towns {
		of := inTown(accepted, t)
		for i, n := range w.r.Perm(len(of)) {
			of[n].firm.kind = workshop
			if int64(i) < t.enterprises.done {
				of[n].firm.kind = enterprise
			}
		}
	}
}

// acceptedLand shares the land out: first that of the last weeks, then the rest
// of each unit's figure.
func (w *world) acceptedLand(all []*matter, early int) {
	w.tenants = w.closedTenants(all[:early])
	from := early
	for _, week := range weeks {
		land(w.r, week.land, all[from:from+week.cases])
		from += week.cases
	}
	for _, t := range w.towns {
		rest := t.recovered.done
		for _, m := range inTown(all[early:], t) {
			rest -= m.area
		}
		land(w.r, rest, inTown(all[:early], t))
		effective(w.r, t.effective.done, inTown(all, t))
	}
	w.measuredLess(all[:early])
}

// measuredLess are two plots by a river of which 6.3 % of the parcel is not
// accepted, so that the difference and its reason can be shown.
func (w *world) measuredLess(early []*matter) {
	n := 0
	for _, m := range early {
		if n < 2 && m.area > 1_50 && m.area < 3_00 && !m.told {
			m.surplus, m.told = m.area*67/1000, true
			n++
		}
	}
}

// closedTenants are three firms of the building in 王店 that are gone already;
// the land is their landlord's.
func (w *world) closedTenants(early []*matter) []*matter {
	var found []*matter
	for _, m := range inTown(early, w.town("wangdian")) {
		if len(found) < 3 && m.firm.kind == workshop && m.on[0] > endJune {
			m.fixed, m.landless, m.told = true, true, true
			found = append(found, m)
		}
	}
	return found
}

// close closes what was accepted within the days it may take; sixteen of the
// last weeks, with 79 mu, are not closed yet.
func (w *world) close(all []*matter, early int) {
	recent := all[early+weeks[0].cases:]
	open := w.subset(recent, unclosed, 78_55, 78_90)
	for i, m := range all {
		m.reached = acceptedAt
		if slices.Contains(open, m) {
			if m.due = w.calendar.AddWorkdays(m.on[0], 5); m.due < today {
				m.due = today.AddDays(9 + w.r.IntN(9)) // the public notice runs
			}
			continue
		}
		day := w.calendar.AddWorkdays(m.on[0], 1+w.r.IntN(4))
		switch {
		case i < byJune && day > endJune:
			day = endJune
		case i >= byJune && day <= endJune:
			day = w.calendar.AddWorkdays(endJune, 1+w.r.IntN(2))
		}
		m.reached = closedAt
		m.on = append(m.on, min(day, today))
	}
}

// subset finds n matters whose land sums up between two values.
func (w *world) subset(among []*matter, n int, least, most int64) []*matter {
	for {
		var chosen []*matter
		var sum int64
		for _, i := range w.r.Perm(len(among))[:n] {
			chosen = append(chosen, among[i])
			sum += among[i].area
		}
		if sum >= least && sum <= most {
			return chosen
		}
	}
}

// keep lets the buildings stand that figures say need no demolition.
func (w *world) keep(accepted []*matter) {
	for _, t := range w.towns {
		n := t.kept - t.keptOpen()
		of := inTown(accepted, t)
		for _, i := range w.r.Perm(len(of)) {
			if n > 0 && !of[i].told {
				of[i].kept = true
				n--
			}
		}
	}
}

// keptOpen is how many of the kept buildings are at stage 7: one in the four larger towns.
func (t town) keptOpen() int {
	if t.unit == "honghe" || t.unit == "gaoxin" {
		return 0
	}
	return 1
}

// outcome is one of the four disposals.
func (w *world) outcome() string {
	switch n := w.r.IntN(100); {
	case n < 58:
		return "close"
	case n < 80:
		return "park"
	case n < 92:
		return "upgrade"
	}
	return "move"
}

// Indices of milestones of the track.
const (
	filedAt = iota + 1
	plannedAt
	notifiedAt
	valuedAt
	signedAt
	stoppedAt
	vacatedAt
	demolishedAt
	checkedAt
	acceptedAt
	closedAt
)

// furthest is the last milestone passed of a case at stages 1 to 7.
func (w *world) furthest(stage int) int {
	switch stage {
	case 1:
		return 0
	case 2:
		return filedAt + w.r.IntN(3)
	case 7:
		return demolishedAt + w.r.IntN(2)
	}
	return stage + 1 // 3 valued, 4 signed, 5 stopped, 6 vacated
}

// openCases are the cases under way or not begun.
func (w *world) openCases() []*matter {
	var all []*matter
	for _, t := range w.towns {
		kept := t.keptOpen()
		for i, n := range t.open {
			for range n {
				m := &matter{track: rectify, town: t, reached: w.furthest(i + 1)}
				m.firm.kind = []string{enterprise, workshop}[w.r.IntN(2)]
				if i+1 == 7 && kept > 0 {
					m.kept, m.reached = true, checkedAt
					kept--
				}
				all = append(all, m)
			}
		}
	}
	return all
}

// openLand shares out what is at stake beside the accepted land: 96 mu of it is vacated.
func (w *world) openLand(all []*matter) {
	const vacated, others = 96_20, 838_80
	var sixth, rest []*matter
	for _, m := range all {
		if m.reached == vacatedAt {
			sixth = append(sixth, m)
		} else {
			rest = append(rest, m)
		}
	}
	land(w.r, vacated, sixth)
	land(w.r, others, rest)
}

// list puts the cases in the order in which they were found, and gives each the
// days of what happened to it.
func (w *world) list(accepted, open []*matter) []*matter {
	type found struct {
		*matter
		rank float64
	}
	var all []found
	for i, m := range accepted {
		all = append(all, found{m, float64(i) + 60*w.r.Float64()})
	}
	for _, m := range open {
		all = append(all, found{m, float64(len(accepted)) + float64(demolishedAt-m.reached)*25 + 30*w.r.Float64()})
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.rank, b.rank) })
	var ordered []*matter
	for _, f := range all {
		if f.matter != w.landlord {
			ordered = append(ordered, f.matter)
		}
	}
	const landlordNumber = 231
	ordered = slices.Insert(ordered, landlordNumber-1, w.landlord)
	for i, day := range w.listDays(len(ordered)) {
		ordered[i].live(w, day)
	}
	return ordered
}

// listDays are the days on which n cases were found, most of them before summer.
func (w *world) listDays(n int) []campaign.Date {
	days := spread(worked(w.calendar, "2020-01-06", haltFrom), 110)
	days = append(days, spread(worked(w.calendar, haltTo, "2020-03-31"), 190)...)
	days = append(days, spread(worked(w.calendar, "2020-04-01", "2020-05-31"), 110)...)
	return append(days, spread(worked(w.calendar, "2020-06-01", "2020-09-11"), n-len(days))...)
}

// paces are the usual days from one milestone to the next.
func paces() []int { return []int{8, 14, 10, 18, 26, 16, 22, 18, 12, 10} }

// live gives a case its days, from the day it was listed.
func (m *matter) live(w *world, listed campaign.Date) {
	var closed []campaign.Date
	last := w.lastStep(m, listed)
	reached := m.reached
	if len(m.on) > 0 { // accepted, and perhaps closed
		last, closed, reached = m.on[0], m.on[1:], acceptedAt
	}
	m.on = append(march(w.r, w.calendar, listed, last, paces()[:reached]), closed...)
	m.batch = batchOf(listed)
}

// lastStep is the day of the last milestone of an open case: before its
// deadline where it is late.
func (w *world) lastStep(m *matter, listed campaign.Date) campaign.Date {
	days := worked(w.calendar, listed, lastDay)
	earliest := days[min(m.reached*3/2, len(days)-1)]
	switch {
	case m.reached == 0:
		return listed
	case m.lastOn != "":
		return m.lastOn
	case m.late > 0:
		return max(earliest, w.onWork(today.AddDays(-m.late-6-w.r.IntN(14))))
	}
	return max(earliest, w.onWork(lastDay.AddDays(-w.r.IntN(40))))
}

// onWork is the day, or the next one of work.
func (w *world) onWork(d campaign.Date) campaign.Date {
	for !w.calendar.IsWorkday(d) {
		d = d.AddDays(1)
	}
	return d
}

func inTown(all []*matter, t town) []*matter {
	var found []*matter
	for _, m := range all {
		if m.town.unit == t.unit {
			found = append(found, m)
		}
	}
	return found
}

func newRand() *rand.Rand { return rand.New(rand.NewPCG(seed, 2)) } //nolint:gosec // the same story every time is the point

const seed = 20200930
