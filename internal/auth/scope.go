package auth

import "github.com/guatu/guatu/internal/campaign"

// Scope is what somebody may see; the zero Scope sees nothing.
//
// Of what is theirs people see everything. Of other units they see what the
// wall shows to everybody: geometry, stage, unit, days, areas, codes; no names
// of firms, no people, no documents, notes or reasons. People without a unit are the whole
// district's; a village grid worker's area may be a village of the unit. An
// operator of a park (园区运营方) is a firm among firms and sees what everybody sees. The three
// administrators (三员) see nothing of the campaign.
type Scope struct{ actor Actor }

// ScopeOf makes the scope of an actor; nobody's sees nothing.
func ScopeOf(a Actor) Scope { return Scope{a} }

// Everything is the scope of the program itself.
func Everything() Scope { return ScopeOf(System()) }

// Actor is the one the scope was made for.
func (s Scope) Actor() Actor { return s.actor }

// Check refuses a scope that sees nothing.
func (s Scope) Check() error {
	if s.nothing() {
		return NoRight()
	}
	return nil
}

// nothing is what nobody sees, and the administrators.
func (s Scope) nothing() bool { return s.actor.ID == "" || campaign.Administers(s.actor.Role) }

// outsider sees of everything only what everybody sees.
func (s Scope) outsider() bool {
	return s.nothing() || s.actor.Role == campaign.RolePark || s.actor.Role == RoleWall
}

// Whole tells that everything of the district is seen.
func (s Scope) Whole() bool { return s.actor.Unit == "" && !s.outsider() }

// Sees tells whether names, people and documents of something are seen, given the
// unit and the village it belongs to. What belongs to no unit is nobody else's; of
// what belongs to no village a village's own people see nothing.
func (s Scope) Sees(unit, village string) bool {
	switch {
	case s.outsider():
		return false
	case s.Whole(), unit == "":
		return true
	}
	return unit == s.actor.Unit && (s.actor.Village == "" || village == s.actor.Village)
}

// SeesPeople tells whether the people of a unit are seen; those of the district, "", are seen by everybody inside.
func (s Scope) SeesPeople(unit string) bool {
	return !s.outsider() && (s.Whole() || unit == "" || unit == s.actor.Unit)
}

// Class names scopes that see the same: it is part of every tag and of every key of what is kept.
func (s Scope) Class() string {
	switch {
	case s.nothing():
		return "n"
	case s.outsider():
		return "p"
	case s.Whole():
		return "w"
	case s.actor.Village != "":
		return "u." + s.actor.Unit + "." + s.actor.Village
	}
	return "u." + s.actor.Unit
}
