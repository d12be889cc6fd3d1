package dossier

import (
	"github.com/guatu/guatu/internal/campaign"
)

// Form is the form of a case's acceptance (验收表) and its stamped copy.
type Form struct {
	Standing  FormStanding
	Side      string // side state in which the copy is awaited
	Milestone string // whose photo slot takes it
	Slot      string
	Since     campaign.Date // day of its standing; "" while it is open
}

// FormStanding is how far a form is.
type FormStanding string

// A form is not printed for stamping, out to be stamped (待盖章), or back (已回传).
const (
	FormOpen FormStanding = "open"
	FormOut  FormStanding = "out"
	FormBack FormStanding = "back"
)

// formOf is the form of a case; nil where the track has none.
func formOf(t campaign.Track, c *Case) *Form {
	s, has := t.Awaits()
	if !has {
		return nil
	}
	f := Form{Standing: FormOpen, Side: s.Code, Milestone: s.Evidence.Milestone, Slot: s.Evidence.Slot}
	for _, p := range c.Photos {
		if p.Arrived && p.Milestone == f.Milestone && p.Slot == f.Slot {
			f.Standing, f.Since = FormBack, campaign.DateOf(p.AddedAt)
		}
	}
	if side, out := c.Case.Sides[s.Code]; out {
		f.Standing, f.Since = FormOut, side.Since
	}
	return &f
}
