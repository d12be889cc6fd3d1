package campaign

import (
	"fmt"
	"slices"
)

// Rungs of the overdue ladder (逾期催办), in their order: who is told that a case is late.
const (
	RungPerson = "person" // 责任人
	RungUnit   = "unit"   // 责任主体
	RungLeader = "leader" // 区领导
	RungWall   = "wall"   // 大屏逾期清单
	// RungHand is a reminder that the district sends by hand: no rung of the ladder, it may come at any time.
	RungHand = "hand"
)

// Rung is a step of the ladder: from how many days late on somebody is told.
type Rung struct {
	Code     string `json:"code"`
	Name     Text   `json:"name"`
	LateDays int    `json:"late_days"`
}

// RungName is what a rung is called; that of a reminder by hand where it is none of the campaign's.
func (d Definition) RungName(code string) Text {
	for _, r := range d.Ladder {
		if r.Code == code {
			return r.Name
		}
	}
	return Text{"人工催办", "reminder by hand"}
}

// StepsDue are the rungs of a ladder whose day has come for something late by so many days, without those that were told.
func StepsDue(ladder []Rung, late int, told []string) []string {
	var due []string
	for _, r := range ladder {
		if late >= r.LateDays && !slices.Contains(told, r.Code) {
			due = append(due, r.Code)
		}
	}
	return due
}

// NextRung is the rung that comes next, and the day it comes if nothing happens; false where all were told.
func NextRung(ladder []Rung, deadline Date, told []string) (Rung, Date, bool) {
	for _, r := range ladder {
		if !slices.Contains(told, r.Code) {
			return r, deadline.AddDays(r.LateDays), true
		}
	}
	return Rung{}, "", false
}

// Reaches says whether what was told on a rung was told to this reader: by hand and first to the person named for the case, or
// to the lead of the unit where nobody is named; then to the lead; then to the leaders of the district. The wall's list is nobody's.
func Reaches(rung, person, reader, role string) bool {
	switch rung {
	case RungPerson, RungHand:
		return person != "" && person == reader || person == "" && role == RoleTown
	case RungUnit:
		return role == RoleTown
	case RungLeader:
		return role == RoleCommander
	}
	return false
}

// checkLadder reports unknown and repeated rungs, missing words, and days that do not rise.
func (d Definition) checkLadder() error {
	known := []string{RungPerson, RungUnit, RungLeader, RungWall}
	place, days := -1, 0
	for _, r := range d.Ladder {
		at := slices.Index(known, r.Code)
		if at <= place || r.LateDays <= days || r.Name.ZH == "" || r.Name.EN == "" {
			return fmt.Errorf("ladder %q: rungs are person, unit, leader, wall in this order, each with words in both languages and more days late than the one before", r.Code)
		}
		place, days = at, r.LateDays
	}
	return nil
}
