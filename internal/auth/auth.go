// Package auth says who acts and what they may see.
//
// Until accounts exist (the rights issue), a person of the campaign is picked
// in the page; the server then binds to loopback only. Whatever leaves a room
// with data in it asks for a Scope already now.
package auth

import "github.com/guatu/guatu/internal/fault"

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

// ScopeOf makes the scope of an actor. Every actor sees the whole district
// until the rights issue narrows this, here and nowhere else.
func ScopeOf(a Actor) Scope { return Scope{actor: a, whole: true} }

// Public is the scope of a reader on this machine who picked no person yet.
func Public() Scope { return Scope{whole: true} }

// Actor is the one the scope was made for.
func (s Scope) Actor() Actor { return s.actor }

// Check refuses a scope that sees nothing.
func (s Scope) Check() error {
	if !s.whole {
		return fault.New(fault.KindDenied, "no_right", "您没有此项权限，可联系区整治办", "you have no right to this; please ask the district office")
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
