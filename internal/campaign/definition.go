// Package campaign is the vocabulary of a land campaign and its rules.
//
// A campaign (专项行动) is data: its tracks, their milestones in main order,
// the slots of the map's legend, its clock. The rules are pure functions of
// that data and of a case; clock and actor are arguments.
package campaign

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Text is a wording in both languages of the interface.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Definition is everything that makes one campaign different from another.
type Definition struct {
	Code       string  `json:"code"`
	Year       int     `json:"year"`
	CasePrefix string  `json:"case_prefix"`
	Demo       bool    `json:"demo"` // 演示数据 is shown everywhere
	Name       Text    `json:"name"`
	Title      Text    `json:"title"`
	Clock      Clock   `json:"clock"`
	Groups     []Group `json:"groups"`
	Slots      []Slot  `json:"slots"`
	Tracks     []Track `json:"tracks"`

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
	Past      []Past      `json:"past,omitempty"`      // figures of earlier years, for 同比
	District  Text        `json:"district,omitzero"`   // 秀洲区: where it is held
	Coverage  *Coverage   `json:"coverage,omitempty"`  // 有园单位: what every unit must have
	Todos     []Todo      `json:"todos,omitempty"`     // 待办, in the order of the strip
	Land      *LandRules  `json:"land,omitempty"`      // recovered land; nil: see LandRule
	// SupervisedAfter is from how many days late on a parcel carries the plate 督 (挂牌督办); 0: none does.
	SupervisedAfter int `json:"supervised_after,omitempty"`
}

// Coverage says what every responsible unit must have: a case of a track that
// has reached a milestone (a park built or being built).
type Coverage struct {
	Name      Text   `json:"name"` // 有园单位
	Track     string `json:"track"`
	Milestone string `json:"milestone"`
}

// Bulletin is an issue of the 通报 with the day whose figures it printed.
type Bulletin struct {
	Number int  `json:"number"`
	On     Date `json:"on"`
}

// Past is what an earlier year had reached in a metric at the end of a day.
type Past struct {
	Unit   string     `json:"unit,omitempty"` // empty: the district
	Metric MetricCode `json:"metric"`
	On     Date       `json:"on"`
	Done   int64      `json:"done"` // in the metric's exact unit, as Counting adds it
}

// LastBulletin is the last issue before a day; false when there is none.
func (d Definition) LastBulletin(before Date) (Bulletin, bool) {
	var last Bulletin
	for _, b := range d.Bulletins {
		if b.On < before && b.On > last.On {
			last = b
		}
	}
	return last, last.Number > 0
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

	// What of the campaign the track's rules need; set by Definition.Track.
	calendar Calendar
	sides    []SideState
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
	// Photos are the slots for photos of it (大门全景, 电表).
	Photos []PhotoSlot `json:"photos,omitempty"`
	// EvidenceOf names milestones whose photos must be whole before this one can be marked.
	EvidenceOf []string `json:"evidence_of,omitempty"`
	// OtherThan names milestones whose marker may not mark this one (验收人不能是标记腾空的人).
	OtherThan []string `json:"other_than,omitempty"`
	// Within is the time limit from the day of another milestone; it plans this one where no plan was made.
	Within *Limit `json:"within,omitempty"`
	// Locks says that the case's land cannot be changed once it is done.
	Locks bool `json:"locks,omitempty"`
	// Returns says that 退回整改 takes this milestone back.
	Returns bool `json:"returns,omitempty"`
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

//go:embed rectify2020.json
var rectify2020 []byte

// Rectify2020 is the campaign of 秀洲政办发〔2020〕22号 as it is offered to an empty database.
func Rectify2020() (Definition, error) { return ParseDefinition(rectify2020) }

// ParseDefinition reads a campaign from JSON and checks it.
func ParseDefinition(text []byte) (Definition, error) {
	var d Definition
	if err := json.Unmarshal(text, &d); err != nil {
		return Definition{}, fmt.Errorf("read campaign: %w", err)
	}
	return d, d.Check()
}

// ReadDefinition reads a campaign as somebody wrote it: an unknown key is a slip, not to be dropped in silence.
func ReadDefinition(text []byte) (Definition, error) {
	var d Definition
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return Definition{}, fmt.Errorf("read campaign: %w", err)
	}
	return d, nil
}

// Check reports what is wrong with the definition: missing codes, slots out of
// range or falling along the main order, unknown groups, a malformed calendar,
// targets of unknown metrics or with checkpoints out of order, crossed lights.
func (d Definition) Check() error {
	if d.Code == "" || len(d.Tracks) == 0 {
		return fmt.Errorf("campaign %q: code and at least one track are needed", d.Code)
	}
	if d.Clock.Mode != "real" && d.Clock.Mode != "offset" {
		return fmt.Errorf("campaign %q: clock mode %q is neither real nor offset", d.Code, d.Clock.Mode)
	}
	groups := make(map[string]bool, len(d.Groups))
	for _, g := range d.Groups {
		groups[g.Code] = true
	}
	for i, s := range d.Slots {
		if s.Slot != i+1 || !groups[s.Group] {
			return fmt.Errorf("campaign %q: slot %d: slots count from 1 and name a group", d.Code, s.Slot)
		}
	}
	for _, t := range d.Tracks {
		if err := t.check(len(d.Slots)); err != nil {
			return fmt.Errorf("campaign %q: track %q: %w", d.Code, t.Code, err)
		}
	}
	if d.SupervisedAfter < 0 {
		return fmt.Errorf("campaign %q: supervised after %d days", d.Code, d.SupervisedAfter)
	}
	if err := errors.Join(d.checkPlan(), d.checkLists(), d.checkTodos()); err != nil {
		return fmt.Errorf("campaign %q: %w", d.Code, err)
	}
	return nil
}

func (t Track) check(slots int) error {
	if len(t.Milestones) == 0 {
		return errors.New("no milestone")
	}
	seen := map[string]bool{}
	last := 1
	for i, m := range t.Milestones {
		if m.Code == "" || seen[m.Code] {
			return fmt.Errorf("milestone %d: code %q is empty or repeated", i+1, m.Code)
		}
		if m.Slot < last || m.Slot > slots {
			return fmt.Errorf("milestone %q: slot %d falls along the main order or is unknown", m.Code, m.Slot)
		}
		if err := m.check(seen); err != nil {
			return fmt.Errorf("milestone %q: %w", m.Code, err)
		}
		seen[m.Code], last = true, m.Slot
	}
	for _, code := range t.Funnel {
		if !seen[code] {
			return fmt.Errorf("funnel: unknown milestone %q", code)
		}
	}
	if t.Milestones[0].MayBeNotApplicable {
		return errors.New("the first milestone lists the case and cannot be not applicable")
	}
	return nil
}

// check reports unknown roles, references to milestones that do not come before, repeated boxes and slots, and bad time limits.
func (m Milestone) check(earlier map[string]bool) error {
	for _, role := range m.By {
		if !KnownRole(role) {
			return fmt.Errorf("by: unknown role %q", role)
		}
	}
	for _, code := range m.OtherThan {
		if !earlier[code] {
			return fmt.Errorf("other than %q, which does not come before", code)
		}
	}
	if m.Within != nil {
		if err := m.Within.Check(); err != nil {
			return err
		}
		if !earlier[m.Within.From] {
			return fmt.Errorf("a time limit from %q, which does not come before", m.Within.From)
		}
	}
	if err := m.checkPhotos(earlier); err != nil {
		return err
	}
	return checkChoices("check", m.Checks)
}

// checkChoices reports empty and repeated codes and words that lack a language.
func checkChoices(what string, list []Choice) error {
	seen := make(map[string]bool, len(list))
	for _, c := range list {
		if c.Code == "" || seen[c.Code] || c.Name.ZH == "" || c.Name.EN == "" {
			return fmt.Errorf("%s %q: code is empty or repeated, or a language is missing", what, c.Code)
		}
		seen[c.Code] = true
	}
	return nil
}

// checkLists covers side states, templates, code lists and villages.
func (d Definition) checkLists() error {
	for what, list := range map[string][]Choice{"kind": d.Kinds, "disposal": d.Disposals} {
		if err := checkChoices(what, list); err != nil {
			return err
		}
	}
	if d.Coverage != nil {
		if t, ok := d.Track(d.Coverage.Track); !ok || t.Index(d.Coverage.Milestone) < 0 {
			return errors.New("coverage: unknown track or milestone")
		}
	}
	if err := d.LandRule().check(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, s := range d.Sides {
		if s.Code == "" || seen[s.Code] || s.Name.ZH == "" || s.Name.EN == "" || len([]rune(s.Badge)) != 1 {
			return fmt.Errorf("side state %q: code is empty or repeated, a language is missing, or the badge is not one character", s.Code)
		}
		if err := checkChoices("reason of "+s.Code, s.Reasons); err != nil {
			return err
		}
		seen[s.Code] = true
	}
	for _, v := range d.Villages {
		if v.Code == "" || seen[v.Code] || v.Name.ZH == "" || v.Unit == "" {
			return fmt.Errorf("village %q: code is empty or repeated, or it lacks a name or a unit", v.Code)
		}
		seen[v.Code] = true
	}
	for i, b := range d.Bulletins {
		if _, err := ParseDate(string(b.On)); err != nil || b.Number < 1 || i > 0 && (b.Number <= d.Bulletins[i-1].Number || b.On <= d.Bulletins[i-1].On) {
			return fmt.Errorf("bulletin %d on %q: issues count up with their days", b.Number, b.On)
		}
	}
	for _, p := range d.Past {
		if _, ok := d.Metric(p.Metric); !ok {
			return fmt.Errorf("past figure of %s: unknown metric %q", p.On, p.Metric)
		}
	}
	for _, t := range d.Templates {
		for _, code := range t.Milestones {
			if m, ok := d.milestone(code); !ok || !m.MayBeNotApplicable {
				return fmt.Errorf("template %q: milestone %q is unknown or must not be skipped", t.Code, code)
			}
		}
	}
	return nil
}

func (d Definition) milestone(code string) (Milestone, bool) {
	for _, t := range d.Tracks {
		if i := t.Index(code); i >= 0 {
			return t.Milestones[i], true
		}
	}
	return Milestone{}, false
}

// Side finds a side state by its code.
func (d Definition) Side(code string) (SideState, bool) { return findSide(d.Sides, code) }

// Village finds a village by its code.
func (d Definition) Village(code string) (Village, bool) {
	for _, v := range d.Villages {
		if v.Code == code {
			return v, true
		}
	}
	return Village{}, false
}

// Prefix begins the codes of a track's cases.
func (d Definition) Prefix(t Track) string {
	if t.Prefix != "" {
		return t.Prefix
	}
	return d.CasePrefix
}

// Track finds a track by its code.
func (d Definition) Track(code string) (Track, bool) {
	for _, t := range d.Tracks {
		if t.Code == code {
			t.calendar, t.sides = d.Calendar, d.Sides
			return t, true
		}
	}
	return Track{}, false
}

// Steps are the milestones of the track's funnel.
func (t Track) Steps() []Milestone {
	var steps []Milestone
	for i, m := range t.Milestones {
		if len(t.Funnel) == 0 && i > 0 || slices.Contains(t.Funnel, m.Code) {
			steps = append(steps, m)
		}
	}
	return steps
}

// Index is the place of a milestone in the main order, -1 if the track has none of that code.
func (t Track) Index(code string) int {
	for i, m := range t.Milestones {
		if m.Code == code {
			return i
		}
	}
	return -1
}
