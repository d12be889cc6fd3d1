package campaign

import (
	"fmt"
	"slices"
)

// Todo is a list of what waits for somebody (待办), counted on the first page of the desk.
type Todo struct {
	Code string `json:"code"`
	Name Text   `json:"name"`
	// Page is where it stands, in the order of the list: the acceptance page (验收销号), or the strip of the first page where none is named.
	Page string `json:"page,omitempty"`
	// Roles act on it; everybody else follows it (全区在办).
	Roles []string `json:"roles,omitempty"`

	Track string `json:"track,omitempty"` // only this one; empty: all

	// What it lists: one of these.
	Next     string `json:"next,omitempty"`     // a milestone is to be done next and no side state stops it
	Side     string `json:"side,omitempty"`     // a side state is in force
	Asked    bool   `json:"asked,omitempty"`    // a side state was asked for and not decided
	Findings bool   `json:"findings,omitempty"` // the data contradict each other
	Late     bool   `json:"late,omitempty"`
	Told     bool   `json:"told,omitempty"` // the reader was told that it is late; who was told nothing has no such list
	// Tells are side states that the second line counts.
	Tells []string `json:"tells,omitempty"`
}

// Mine says whether a role acts on it.
func (t Todo) Mine(role string) bool { return slices.Contains(t.Roles, role) }

// checkTodos reports lists without a code or words, and such of unknown milestones or side states.
func (d Definition) checkTodos() error {
	seen := map[string]bool{}
	for _, t := range d.Todos {
		if t.Code == "" || seen[t.Code] || t.Name.ZH == "" || t.Name.EN == "" {
			return fmt.Errorf("to-do %q: code is empty or repeated, or a language is missing", t.Code)
		}
		seen[t.Code] = true
		kinds := 0
		for _, is := range []bool{t.Next != "", t.Side != "", t.Asked, t.Findings, t.Late, t.Told} {
			if is {
				kinds++
			}
		}
		_, milestone := d.milestone(t.Next)
		_, side := d.Side(t.Side)
		if _, ok := d.Track(t.Track); !ok && t.Track != "" {
			return fmt.Errorf("to-do %q: unknown track %q", t.Code, t.Track)
		}
		if kinds != 1 || t.Next != "" && !milestone || t.Side != "" && !side {
			return fmt.Errorf("to-do %q lists one thing: a milestone or side state of the campaign, requests, findings, what is late or was told", t.Code)
		}
		for _, code := range t.Tells {
			if _, ok := d.Side(code); !ok {
				return fmt.Errorf("to-do %q tells of an unknown side state %q", t.Code, code)
			}
		}
	}
	return nil
}
