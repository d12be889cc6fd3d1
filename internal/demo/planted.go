package demo

import (
	"github.com/guatu/guatu/internal/campaign"
)

// plant makes the stories that a visitor is shown out of cases that are there.
func (w *world) plant(accepted, open []*matter) {
	w.plantLatest(open)
	w.plantBuilding(open)
	w.plantRebound(open)
	w.plantRiver(open)
	w.plantLateFact(open)
	w.plantMorning(open)
	w.plantAsked(open)
	w.plantEnforced(accepted, open)
}

// pick takes a case of a unit that has reached just this milestone and of which nothing is told yet.
func pick(all []*matter, unit string, reached int) *matter {
	for _, m := range all {
		if m.town.unit == unit && m.reached == reached && !m.told && !m.kept {
			m.told = true
			return m
		}
	}
	return &matter{} // the tables of units have one of each
}

// plantLatest is the case that is late the longest, over compensation.
func (w *world) plantLatest(open []*matter) {
	m := pick(open, "youchegang", stoppedAt)
	m.village = w.village("youchegang", "合心村")
	m.firm = firm{name: "宏联织造厂", label: "宏*织造厂", kind: enterprise, class: "1751"}
	w.names.used[m.firm.name] = true
	w.names.known(&m.firm)
	m.late = lateBy()[0]
	m.lastOn = "2020-07-30"
	m.incidents = append(m.incidents, w.side(m, "2020-08-24", m.town.officer, "blocked", "补偿未谈拢"))
}

// plantBuilding is the building in 王店 whose landlord's case counts the land,
// with five tenants that count as firms only: three are gone, two are not.
func (w *world) plantBuilding(open []*matter) {
	l := pick(open, "wangdian", signedAt)
	l.village = w.village("wangdian", "南梅村")
	l.firm = firm{name: "南梅村联建厂房", label: "南梅村联建厂房", kind: enterprise, class: "3351"}
	w.names.known(&l.firm)
	l.plot = &plot{town: l.town, village: l.village, label: l.firm.label, preset: presetBuilding}
	l.fixed, l.area = true, 924
	l.note = "房东；厂房内有承租户五家，面积计入本案"
	w.landlord = l
	w.tenants = append(w.tenants, pick(open, "wangdian", vacatedAt), pick(open, "wangdian", stoppedAt))
	for _, m := range w.tenants {
		m.fixed, m.area, m.landless = true, 0, true
		m.village, m.plot = l.village, l.plot
		m.note = "承租户；本案只计家数，面积计入房东案"
	}
	beside := pick(open, "wangdian", valuedAt)
	beside.village, beside.note = l.village, "与联建厂房重叠，待测绘核定"
	beside.firm.kind = workshop
	beside.plot = &plot{town: l.town, village: l.village, preset: presetBeside}
	beside.fixed, beside.area = true, 519
}

// plantRebound is the workshop in 洪合 that was closed and draws power again.
func (w *world) plantRebound(open []*matter) {
	m := pick(open, "honghe", checkedAt)
	if m.track == "" {
		m = pick(open, "honghe", demolishedAt)
	}
	m.village = w.village("honghe", "凤桥村")
	m.firm = firm{name: "凤桥村毛衫作坊86号", label: "凤桥村毛衫作坊86号", kind: workshop, class: "1763"}
	w.names.used[m.firm.name] = true
	m.fixed, m.area, m.effective = true, 362, 268
	m.on, m.reached = []campaign.Date{"2020-07-09", "2020-07-14"}, closedAt
	m.disposal, m.withdrawn = "close", true
	m.note = "回头看发现恢复供电，原销号撤回"
}

// plantRiver is the strip along the canal whose title is disputed.
func (w *world) plantRiver(open []*matter) {
	m := pick(open, "wangjiangjing", valuedAt)
	m.village = w.village("wangjiangjing", "长虹村")
	m.firm.kind = workshop
	m.plot = &plot{town: m.town, village: m.village, preset: presetStrip}
	m.fixed, m.area = true, 490
	m.note = "沿河地块，在河道管理线内"
	m.incidents = append(m.incidents, w.side(m, "2020-09-10", m.town.officer, "disputed", "权属：河道管理线内用地，村与水利部门均主张权属"))
}

// plantLateFact is a signing of 20 August that was entered on 5 September (补报).
func (w *world) plantLateFact(open []*matter) {
	m := pick(open, "xincheng", signedAt)
	m.lastOn, m.reportedOn = "2020-08-20", "2020-09-05"
}

// plantMorning is what was entered just before the demo's clock begins.
func (w *world) plantMorning(open []*matter) {
	for i, m := range []*matter{pick(open, "wangjiangjing", signedAt), pick(open, "xincheng", stoppedAt), pick(open, "honghe", vacatedAt)} {
		m.lastOn, m.minute = today, 8*60+17+i*14
	}
}

// plantEnforced are cases without a contract: production was stopped by order.
func (w *world) plantEnforced(accepted, open []*matter) {
	var some []*matter
	for i, m := range accepted {
		if i%43 == 20 && !m.told {
			some = append(some, m)
		}
	}
	for _, unit := range []string{"wangjiangjing", "youchegang", "honghe", "xincheng"} {
		some = append(some, pick(open, unit, stoppedAt))
	}
	for _, m := range some {
		m.enforced, m.told = true, true
	}
}

// hinder reports blockers: with that of the longest delay nine are in force, three of them in 油车港, the red unit.
func (w *world) hinder(open []*matter) {
	reasons := []string{"权属不清", "搬迁场地未落实", "补偿未谈拢", "涉诉", "资金未到位", "补偿未谈拢", "搬迁场地未落实"}
	i := 0
	for _, m := range open {
		if m.late >= 12 && len(m.incidents) == 0 && i < len(reasons)-1 {
			m.incidents = append(m.incidents, w.side(m, w.onWork(today.AddDays(2-m.late)), m.town.officer, "blocked", reasons[i]))
			i++
		}
	}
	for i, unit := range []string{"youchegang", "gaoxin"} {
		m := pick(open, unit, valuedAt)
		m.incidents = append(m.incidents, w.side(m, w.onWork(today.AddDays(-5*i-8)), m.town.officer, "blocked", reasons[len(reasons)-1-i]))
	}
}

// incidents are the side states that come once the days of each case are known.
func (w *world) incidents(accepted, open []*matter) {
	w.reboundOf(open)
	w.reboundAndBack(accepted, "wangjiangjing", "2020-07-16", "2020-08-06", "转租他人")
	w.reboundAndBack(accepted, "xincheng", "2020-07-28", "2020-08-20", "设备回搬")
	w.enforce()
}

// reboundOf reports the rebound of the workshop in 洪合, then takes its closing and its acceptance back.
func (w *world) reboundOf(open []*matter) {
	for _, m := range open {
		if m.withdrawn {
			m.incidents = append(m.incidents, w.side(m, "2020-08-27", m.town.officer, "rebounded", "恢复供电"),
				w.takeBack(m, "2020-08-28", "closed"), w.takeBack(m, "2020-08-31", "accepted"),
				w.amend(m, "2020-09-01", m.town.lead, map[string]string{"plan:accepted": "2020-10-20", "note": m.note}))
		}
	}
}

// reboundAndBack is a rebound that has been put right; its land counts again.
func (w *world) reboundAndBack(accepted []*matter, unit string, from, to campaign.Date, reason string) {
	for _, m := range accepted {
		if m.town.unit == unit && m.reached == closedAt && !m.told && m.on[closedAt] < "2020-06-01" {
			m.told = true
			m.incidents = append(m.incidents, w.side(m, from, m.town.officer, "rebounded", reason), w.leave(m, to, m.town.lead, "rebounded", "整改完成，两断三清复核通过"))
			return
		}
	}
}

// enforce puts the cases without a contract under enforcement until the town has checked them.
func (w *world) enforce() {
	for _, m := range w.matters {
		if !m.enforced {
			continue
		}
		m.incidents = append(m.incidents, w.side(m, m.on[filedAt], m.town.officer, "enforced", "无证无照，拒不签约"))
		if m.reached >= checkedAt {
			m.incidents = append(m.incidents, w.leave(m, m.on[checkedAt], m.town.officer, "enforced", ""))
		}
	}
}

// plantAsked are holds, an extension, a return and a strike, asked for by the
// town and decided by the district.
func (w *world) plantAsked(open []*matter) {
	w.held(pick(open, "xincheng", signedAt), "2020-09-07", "2020-09-09", "经营者住院，家属请求延至十月办理")
	w.held(pick(open, "wangjiangjing", valuedAt), "2020-09-14", "2020-09-16", "企业名下房产被查封，待法院解封")
	w.held(pick(open, "honghe", valuedAt), "2020-09-28", "", "合伙人纠纷，请求暂缓")

	m := pick(open, "youchegang", signedAt)
	m.lastOn, m.due = settled, "2020-10-12"
	m.incidents = append(m.incidents, w.extend(m, "2020-09-17", "stopped", "2020-11-20", "出口订单未交货"), w.decide(m, "2020-09-21", "extended"))

	m = pick(open, "gaoxin", signedAt)
	m.lastOn = settled
	m.incidents = append(m.incidents, w.side(m, "2020-08-31", m.town.officer, "struck", "疑似与园区企业重复列入"),
		w.decide(m, "2020-09-02", "struck"), w.leave(m, "2020-09-10", "zhou", "struck", "核实为两家企业，恢复列入"))

	m = w.checked(open)
	m.lastOn = "2020-09-15"
	m.incidents = append(m.incidents, w.side(m, "2020-09-22", "yu", "returned", "清理不彻底"),
		w.amend(m, "2020-09-24", m.town.lead, map[string]string{"plan:town_checked": "2020-10-16"}))
}

// settled is a day by which the cases were signed or valued of which more is asked later.
const settled = campaign.Date("2020-08-25")

func (w *world) held(m *matter, on, decided campaign.Date, reason string) {
	m.lastOn = settled
	m.incidents = append(m.incidents, w.side(m, on, m.town.officer, "held", reason))
	if decided != "" {
		m.incidents = append(m.incidents, w.decide(m, decided, "held"))
	}
}

// checked is a case that the town has checked, in whichever unit.
func (w *world) checked(open []*matter) *matter {
	for _, t := range w.towns {
		if m := pick(open, t.unit, checkedAt); m.track != "" {
			return m
		}
	}
	return &matter{}
}
