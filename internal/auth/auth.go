// Package auth says who acts and what they may see.
//
// The Gate lets people in: accounts, passwords, sessions. A Session names an
// Actor, a person of the campaign; whatever leaves a room with data in it asks
// for the Actor's Scope.
package auth

// Actor is the person, or the program itself, that asks for a change.
type Actor struct {
	ID   string // code of the person; System for the program itself
	Name string
	Role string
	Unit string // unit code; "" for the whole district
	// Village is the code of the one village of the unit that is theirs; "" for the whole unit.
	Village string
}

// System acts for jobs and set-up.
func System() Actor { return Actor{ID: "system", Name: "系统", Role: "system"} }
