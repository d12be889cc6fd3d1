package demo

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// otherTracks adds the cases of the other tracks.
func (w *world) otherTracks(accepted []*matter) {
	var all []*matter
	for _, t := range w.towns {
		all = append(all, w.upgrades(t)...)
		all = append(all, w.outdateds(t)...)
	}
	w.settle(all)
	all = append(all, w.moves(accepted, w.parks(&all))...)
	slices.SortStableFunc(all, func(a, b *matter) int { return cmp.Compare(a.on[0], b.on[0]) })
	for _, m := range all {
		m.batch = batchOf(m.on[0])
	}
	w.matters = append(w.matters, all...)
}

// upgrades are the low-output firms of a unit: the upgraded ones as its figures say.
func (w *world) upgrades(t town) []*matter {
	const listed, planned, started, accepted, closed = 0, 1, 2, 3, 4
	var all []*matter
	for i := range t.upgrades {
		m := &matter{track: upgrade, town: t, disposal: "upgrade", area: 1_50 + int64(w.r.IntN(22_00))}
		m.firm.kind = enterprise
		switch {
		case int64(i) < t.upgraded.done && i%8 != 0:
			m.reached = closed
		case int64(i) < t.upgraded.done:
			m.reached = accepted
		default:
			m.reached = []int{started, started, planned, started, planned, listed}[i%6]
		}
		w.date(m, []int{20, 30, 70}, accepted, campaign.Date("2020-04-20"))
		all = append(all, m)
	}
	return all
}

// outdateds are the firms of a unit whose outdated equipment goes: looms of the water-jet kind for the most part.
func (w *world) outdateds(t town) []*matter {
	const accepted = 4
	var all []*matter
	for i := range t.outdated {
		looms := 12 + w.r.IntN(90)
		m := &matter{track: outdated, town: t, disposal: "close", area: 80 + int64(w.r.IntN(9_00)), note: fmt.Sprintf("淘汰喷水织机 %d 台", looms)}
		m.firm.kind = enterprise
		m.reached = []int{5, 5, 3, 5, 2, 4, 5, 1, 5, 3, 5, 0}[i%12]
		if t.unit == "honghe" || t.unit == "wangdian" || t.unit == "gaoxin" {
			m.note = fmt.Sprintf("淘汰燃煤锅炉、老旧设备 %d 台套", 1+looms/10)
		}
		w.date(m, []int{10, 25, 20, 15}, accepted, campaign.Date("2020-03-25"))
		all = append(all, m)
	}
	return all
}

// date gives a case of another track its days; `accepted` is the milestone on which closing follows.
func (w *world) date(m *matter, paces []int, accepted int, earliest campaign.Date) {
	days := visits(w.calendar, earliest, lastDay)
	last := days[w.r.IntN(len(days))]
	switch {
	case m.reached == accepted: // not closed yet: within five days of work
		last = days[len(days)-1-w.r.IntN(3)]
	case m.reached > accepted:
		last = days[w.r.IntN(len(days)-8)]
	}
	last = max(last, "2020-03-16")
	n := min(m.reached, accepted)
	listed := w.onWork(max("2020-01-06", last.AddDays(-30*n-w.r.IntN(20))))
	if listed >= haltFrom && listed <= haltTo {
		listed = w.onWork(haltTo.AddDays(1))
	}
	m.on = march(w.r, w.calendar, min(listed, last), last, paces[:n])
	if m.reached > accepted {
		m.on = append(m.on, w.calendar.AddWorkdays(last, 1+w.r.IntN(4)))
	}
}

// parkStory is one of the eight parks; names and floor areas are invented.
type parkStory struct {
	unit, village, name string
	floor               int64 // 0.01 万㎡
	on                  []campaign.Date
	due                 campaign.Date
}

func parkStories() []parkStory {
	return []parkStory{
		{"xincheng", "火炬村", "新塍镇针织小微企业园", 5_12, []campaign.Date{"2020-01-08", "2020-01-20", "2020-06-18", "2020-08-20"}, ""},
		{"wangdian", "建设村", "王店镇集成装饰小微企业园", 6_05, []campaign.Date{"2020-01-08", "2020-02-27", "2020-07-24", "2020-09-10"}, ""},
		{"gaoxin", "新义村", "高新区光伏小微企业园", 4_10, []campaign.Date{"2020-01-09", "2020-03-05", "2020-08-28"}, "2020-10-20"},
		{"wangjiangjing", "双桥村", "王江泾镇织造小微企业园", 6_00, []campaign.Date{"2020-01-09", "2020-04-16"}, "2020-11-20"},
		{"honghe", "洪合村", "洪合镇毛衫小微企业园", 4_00, []campaign.Date{"2020-01-10", "2020-05-14"}, "2020-11-30"},
		{"wangdian", "国庆村", "王店镇小家电小微企业园", 3_20, []campaign.Date{"2020-03-18", "2020-08-06"}, "2020-12-20"},
		{"wangjiangjing", "虹阳村", "王江泾镇虹阳小微企业园", 2_80, []campaign.Date{"2020-05-20"}, "2020-10-28"},
		{"honghe", "泰石桥村", "洪合镇毛衫小微企业园二期", 2_50, []campaign.Date{"2020-06-10"}, "2020-11-12"},
	}
}

// parks adds the parks to the cases and gives the plots that firms move into, by
// unit: the park built this year, or one of an earlier year.
func (w *world) parks(all *[]*matter) map[string]*plot {
	const ratio = 1.6 // floor area to land
	into := map[string]*plot{}
	for _, s := range parkStories() {
		t := w.town(s.unit)
		m := &matter{track: parks, town: t, village: w.village(s.unit, s.village), on: s.on, reached: len(s.on) - 1, due: s.due}
		m.floor = geo.Area(s.floor) * 100 * geo.SquareMetre
		m.firm = firm{name: s.name, label: s.name}
		m.plot = &plot{town: t, village: m.village, label: s.name, area: m.floor.SquareMetres() / ratio}
		m.responsible = surnames[w.r.IntN(len(surnames))] + "某"
		*all = append(*all, m)
		if m.reached >= 2 {
			into[s.unit] = m.plot
		}
	}
	for _, s := range []parkStory{{unit: "wangjiangjing", village: "南汇村", name: "王江泾镇南汇小微企业园（2019年投用）"}, {unit: "honghe", village: "建北村", name: "洪合镇毛衫小微企业园（2018年投用）"}} {
		into[s.unit] = &plot{town: w.town(s.unit), village: w.village(s.unit, s.village), label: s.name, area: 21_000}
	}
	return into
}

// moves are the firms that moved into a park or agreed to; where a rectified
// firm went into a park it is the same operator (其中整治企业).
func (w *world) moves(accepted []*matter, into map[string]*plot) []*matter {
	var all []*matter
	for _, t := range w.towns {
		var followed []*matter
		for _, m := range inTown(accepted, t) {
			if m.disposal == "park" && m.firm.kind == enterprise && !m.landless && m.reached == closedAt {
				followed = append(followed, m)
			}
		}
		for i := range int(t.movedIn.done) + t.agreed {
			m := &matter{track: moveIn, town: t, landless: true, plot: into[t.unit], village: into[t.unit].village}
			if int64(i) < t.movedIn.done {
				m.reached = 1
			}
			if i < len(followed) && m.reached == 1 {
				m.follows = followed[i]
				m.firm = m.follows.firm
			} else {
				m.firm = w.names.firm(t, enterprise, w.someVillage(t.unit))
			}
			w.moveDays(m)
			all = append(all, m)
		}
	}
	return all
}

// moveDays are the days of agreement and moving in; a rectified firm goes once its case is accepted.
func (w *world) moveDays(m *matter) {
	days := worked(w.calendar, "2020-03-02", "2020-09-25")
	at := w.r.IntN(len(days) - 20)
	if m.follows != nil {
		at = max(0, slices.IndexFunc(days, func(d campaign.Date) bool { return d > m.follows.on[closedAt] }))
	}
	m.on = []campaign.Date{days[at]}
	if m.reached == 1 {
		m.on = append(m.on, days[min(at+3+w.r.IntN(15), len(days)-1)])
	}
}
