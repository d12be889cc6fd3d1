// Package campaign is the vocabulary of a land campaign and its rules.
//
// A campaign (专项行动) is data: its tracks, their milestones in main order,
// the slots of the map's legend, its clock. The rules are pure functions of
// that data and of a case; clock and actor are arguments.
package campaign

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
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
	Milestones []Milestone `json:"milestones"`
}

// Milestone is one step of a track.
type Milestone struct {
	Code               string `json:"code"`
	Slot               int    `json:"slot"`
	Name               Text   `json:"name"`       // 腾空
	Button             Text   `json:"button"`     // 标记已腾空
	State              Text   `json:"state"`      // 已腾空
	PlanLabel          Text   `json:"plan_label"` // 计划腾空
	Missing            Text   `json:"missing"`    // 尚未腾空
	MayBeNotApplicable bool   `json:"may_be_not_applicable"`
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
	if err := d.checkPlan(); err != nil {
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
		seen[m.Code], last = true, m.Slot
	}
	if t.Milestones[0].MayBeNotApplicable {
		return errors.New("the first milestone lists the case and cannot be not applicable")
	}
	return nil
}

// Track finds a track by its code.
func (d Definition) Track(code string) (Track, bool) {
	for _, t := range d.Tracks {
		if t.Code == code {
			return t, true
		}
	}
	return Track{}, false
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
