// Package auth says who acts and what they may see.
//
// The Gate lets people in: accounts, passwords, sessions. A Session names an
// Actor, a person of the campaign; whatever leaves a room with data in it asks
// for the Actor's Scope.
package auth

import "github.com/guatu/guatu/internal/campaign"

// Actor is the person, or the program itself, that asks for a change.
type Actor struct {
	ID   string // code of the person; System for the program itself
	Name string
	Role string
	Unit string // unit code; "" for the whole district
}

// System acts for jobs and set-up.
func System() Actor { return Actor{ID: "system", Name: "系统", Role: "system"} }

// Scope is what an actor may see. The zero Scope sees nothing.
type Scope struct {
	actor Actor
	whole bool
}

// ScopeOf makes the scope of an actor; nobody's sees nothing, nor does that of
// one of the three administrators. Every other actor sees the whole district
// until roles narrow this, here and nowhere else.
func ScopeOf(a Actor) Scope {
	return Scope{actor: a, whole: a.ID != "" && !campaign.Administers(a.Role)}
}

// Actor is the one the scope was made for.
func (s Scope) Actor() Actor { return s.actor }

// Check refuses a scope that sees nothing.
func (s Scope) Check() error {
	if !s.whole {
		return NoRight()
	}
	return nil
}

// Class names scopes that see the same; part of every ETag.
func (s Scope) Class() string {
	if s.whole {
		return "w"
	}
	return "n"
}
