package campaign

import "errors"

// Assurance (要素保障) says which sheets hold what is spent, by which channels land is vacated, and what is built on it anew.
type Assurance struct {
	Funds    string `json:"funds"`    // rows of a case: agreed, paid, source
	Channels string `json:"channels"` // sheet of a case: how its land was vacated
	Reuse    string `json:"reuse"`    // rows of a case: land that is in use again
	// Parks are the sheets of what parks are given: loans, land quotas, grants.
	Parks []string `json:"parks"`
}

// Fields of the sheets of Assurance.
const (
	FundsAgreed  = "agreed"
	FundsPaid    = "paid"
	FundsSource  = "source"
	ChannelField = "channel"
	ReuseUse     = "use"
	ReuseLand    = "land"
)

func (d Definition) checkAssurance() error {
	if d.Assurance == nil {
		return nil
	}
	a := *d.Assurance
	wrong := []error{d.plays(a.Funds, OfCase, []string{FundsAgreed, FundsPaid, FundsSource}), d.plays(a.Reuse, OfCase, []string{ReuseUse, ReuseLand})}
	s, ok := d.Sheet(a.Channels)
	if _, has := s.Field(ChannelField); !ok || !has || s.Of != OfCase {
		wrong = append(wrong, errors.New("assurance: there is no sheet of the channels of cases"))
	}
	for _, code := range a.Parks {
		wrong = append(wrong, d.plays(code, OfCase, nil))
	}
	return errors.Join(wrong...)
}

// Enforcement (联动执法) says which sheets hold what several departments do together: the actions, and what came of each site.
type Enforcement struct {
	Actions string `json:"actions"` // rows of a unit
	Sites   string `json:"sites"`   // rows of a case, by the number of the action
}

// Fields of the sheets of Enforcement.
const (
	ActionNumber = "number"
	SiteAction   = "action"
)

func (d Definition) checkEnforcement() error {
	if d.Enforcement == nil {
		return nil
	}
	e := *d.Enforcement
	return errors.Join(d.plays(e.Actions, OfUnit, []string{ActionNumber, "on", "lead", "departments", "plan", "outcome"}),
		d.plays(e.Sites, OfCase, []string{SiteAction, "measures", "outcome"}))
}
