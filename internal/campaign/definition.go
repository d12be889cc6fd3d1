// Package campaign is the vocabulary of a land campaign and its rules.
//
// A campaign (专项行动) is data: its tracks, their milestones in main order,
// the slots of the map's legend, its clock. The rules are pure functions of
// that data and of a case; clock and actor are arguments.
package campaign

import "time"

// Text is a wording in both languages of the interface.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Definition is everything that makes one campaign different from another.
type Definition struct {
	Code       string `json:"code"`
	Year       int    `json:"year"`
	CasePrefix string `json:"case_prefix"`
	Demo       bool   `json:"demo"` // 演示数据 is shown everywhere
	// Edition counts what the program offers for this campaign; see Upgraded.
	Edition int     `json:"edition,omitempty"`
	Name    Text    `json:"name"`
	Title   Text    `json:"title"`
	Clock   Clock   `json:"clock"`
	Groups  []Group `json:"groups"`
	Slots   []Slot  `json:"slots"`
	Tracks  []Track `json:"tracks"`

	// What follows came later: a definition without it is written as before.
	Start      Date       `json:"start,omitempty"` // the span of the year's tasks
	End        Date       `json:"end,omitempty"`   // 距12月31日还有 n 天 counts to it
	ThreeYears Span       `json:"three_years,omitzero"`
	Calendar   Calendar   `json:"calendar,omitzero"`
	Metrics    []Metric   `json:"metrics,omitempty"` // in the order of the headline figures
	Targets    []Target   `json:"targets,omitempty"`
	Lights     *LightRule `json:"lights,omitempty"` // nil: DefaultLightRule

	Caliber   Text        `json:"caliber,omitzero"`    // 口径 line at the foot of pages with figures
	Sides     []SideState `json:"sides,omitempty"`     // side states (暂缓, 反弹重开, …)
	Templates []Template  `json:"templates,omitempty"` // milestones that are not applicable together
	Kinds     []Choice    `json:"kinds,omitempty"`     // of operators: 企业, 作坊
	Disposals []Choice    `json:"disposals,omitempty"` // 处置方式: exactly one per case when it closes
	Villages  []Village   `json:"villages,omitempty"`
	Bulletins []Bulletin  `json:"bulletins,omitempty"` // issues, oldest first
	Issuing   *Issuing    `json:"issuing,omitempty"`   // how they go out; nil: none can be issued
	Past      []Past      `json:"past,omitempty"`      // figures of earlier years, for 同比
	District  Text        `json:"district,omitzero"`   // 秀洲区: where it is held
	Coverage  *Coverage   `json:"coverage,omitempty"`  // 有园单位: what every unit must have
	Todos     []Todo      `json:"todos,omitempty"`     // 待办, in the order of the strip
	Land      *LandRules  `json:"land,omitempty"`      // recovered land; nil: see LandRule
	// SupervisedAfter is from how many days late on a parcel carries the plate 督 (挂牌督办); 0: none does.
	SupervisedAfter int `json:"supervised_after,omitempty"`
	// Ladder says who is told of a case that is late, and when (逾期催办); empty: nobody is.
	Ladder []Rung `json:"ladder,omitempty"`
	// Appraisal is how units are appraised (考核); nil: they are not.
	Appraisal *Appraisal `json:"appraisal,omitempty"`
	// Rotation is how screens turn their pages; nil: see Turning.
	Rotation *Rotation `json:"rotation,omitempty"`

	Sheets      []Sheet           `json:"sheets,omitempty"`      // forms and ledgers of the tracks
	Eligibility []EligibilityRule `json:"eligibility,omitempty"` // R1 to R4: who is a target
	Zones       []Zone            `json:"zones,omitempty"`       // layers of plans and zones, from files
	Overlays    []Overlay         `json:"overlays,omitempty"`    // shares of parcels in zones (叠加分析)
	Watches     []Watch           `json:"watches,omitempty"`     // lists under watch
	Bans        []Ban             `json:"bans,omitempty"`        // capacity that nobody may add
	Acceptance  *JointVisits      `json:"acceptance,omitempty"`  // joint visits (验收批次); nil: there are none
	Revisits    *Revisits         `json:"revisits,omitempty"`    // 回头看; nil: there are none
	Power       *Power            `json:"power,omitempty"`       // 用电核查; nil: there is none
	Enforcement *Enforcement      `json:"enforcement,omitempty"` // 联动执法; nil: there is none
	Assurance   *Assurance        `json:"assurance,omitempty"`   // 要素保障; nil: there is none
}

// Coverage says what every responsible unit must have: a case of a track that
// has reached a milestone (a park built or being built).
type Coverage struct {
	Name      Text   `json:"name"` // 有园单位
	Track     string `json:"track"`
	Milestone string `json:"milestone"`
}

// Past is what an earlier year had reached in a metric at the end of a day.
type Past struct {
	Unit   string     `json:"unit,omitempty"` // empty: the district
	Metric MetricCode `json:"metric"`
	On     Date       `json:"on"`
	Done   int64      `json:"done"` // in the metric's exact unit, as Counting adds it
}

// Choice is one value of a code list.
type Choice struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
}

// Village is a village or community (村、社区) of a unit.
type Village struct {
	Code string `json:"code"` // 12 digits
	Name Text   `json:"name"`
	Unit string `json:"unit"` // code of the responsible unit
}

// Group joins slots of the legend: 未启动, 推进中, 已完成.
type Group struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
}

// Slot is one of the nine stages of the map, with its digit.
type Slot struct {
	Slot  int    `json:"slot"`
	Name  Text   `json:"name"`
	Group string `json:"group"`
}

// Track is one line of work (低散乱整治, 低效提升, …) with its milestones in main order.
type Track struct {
	Code       string      `json:"code"`
	Name       Text        `json:"name"`
	Prefix     string      `json:"prefix,omitempty"` // of its cases' codes; empty: the campaign's
	Milestones []Milestone `json:"milestones"`
	// Funnel names the milestones of the progress funnel, in main order; empty: all but the first.
	Funnel []string `json:"funnel,omitempty"`
	// Exits says that its cases lead out of production: banned capacity may be listed on it.
	Exits bool `json:"exits,omitempty"`

	// What of the campaign the track's rules need; set by Definition.Track.
	calendar  Calendar
	sides     []SideState
	disposals []Choice
}

// Milestone is one step of a track.
type Milestone struct {
	Code               string `json:"code"`
	Slot               int    `json:"slot"`
	Name               Text   `json:"name"`         // 腾空
	Button             Text   `json:"button"`       // 标记已腾空
	State              Text   `json:"state"`        // 已腾空
	PlanLabel          Text   `json:"plan_label"`   // 计划腾空
	Missing            Text   `json:"missing"`      // 尚未腾空
	Act                Text   `json:"act,omitzero"` // 验收: what cannot be done yet, where the button says more
	MayBeNotApplicable bool   `json:"may_be_not_applicable"`
	// By are the roles that may mark it; empty: whoever may mark milestones.
	By []string `json:"by,omitempty"`

	// Checks are boxes that must be ticked when it is marked (两断三清).
	Checks []Choice `json:"checks,omitempty"`
	// Observe are boxes that whoever stands before it is asked about (两断三清); one that stays open does not hold the mark.
	Observe []Choice `json:"observe,omitempty"`
	// Photos are the slots for photos of it (大门全景, 电表).
	Photos []PhotoSlot `json:"photos,omitempty"`
	// EvidenceOf names milestones whose photos must be whole before this one can be marked.
	EvidenceOf []string `json:"evidence_of,omitempty"`
	// OtherThan names milestones whose marker may not mark this one (验收人不能是标记腾空的人).
	OtherThan []string `json:"other_than,omitempty"`
	// Within is the time limit from the day of another milestone; it plans this one where no plan was made.
	Within *Limit `json:"within,omitempty"`
	// Measured says that the case's land must have been accepted (认定面积) before; nil: nothing is asked.
	Measured *Measured `json:"measured,omitempty"`
	// Locks says that the case's land cannot be changed once it is done.
	Locks bool `json:"locks,omitempty"`
	// Returns says that 退回整改 takes this milestone back.
	Returns bool `json:"returns,omitempty"`
}

// Measured asks for the accepted areas of a case, but not of one whose land another
// case counts (面积计入房东案), nor of one whose outcome frees none.
type Measured struct {
	Unless []string `json:"unless"` // outcomes (处置方式) that leave the firm where it is
}

// Limit is a term that begins with a milestone.
type Limit struct {
	Term

	From string `json:"from"` // code of the milestone
}

// Template marks several milestones not applicable for one reason (强制执法).
type Template struct {
	Code       string   `json:"code"`
	Name       Text     `json:"name"`
	Milestones []string `json:"milestones"`
}

// Clock says what time it is in a campaign: the real one, or a demo's that is offset.
type Clock struct {
	Mode          string `json:"mode"` // real or offset
	OffsetSeconds int64  `json:"offset_seconds,omitempty"`
}

// Now is the campaign's time at the given real time, in China's time zone.
func (c Clock) Now(actual time.Time) time.Time {
	return actual.Add(time.Duration(c.OffsetSeconds) * time.Second).In(Shanghai())
}

// Shanghai is the time zone of every civil day: UTC+8, no summer time since 1991.
func Shanghai() *time.Location { return time.FixedZone("CST", 8*60*60) }
