package ledger

import "github.com/guatu/guatu/internal/campaign"

// Order is a 督办单: what a unit is to see to by a day, and how far it is with it.
type Order struct {
	ID       int64
	Version  int64
	Campaign string
	Year     int // of the day it was issued; numbers begin anew with it
	Number   int
	Unit     string // code
	Matter   string
	Cases    []int64 // of the unit; none where the matter is another
	DueOn    campaign.Date
	Stage    string // campaign.OrderIssued, …
	Answer   string // 办理情况, as the unit said it last
	Reason   string // why it was returned or withdrawn; "" once it is answered again
	Acts     map[string]Act
	Meeting  int64 // that decided it; 0: none did
}

// DocumentNumber is its number as it is written.
func (o Order) DocumentNumber() string { return campaign.OrderNumber(o.Year, o.Number) }

// OrderFields are the journalled fields of an order.
func OrderFields(o Order) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("campaign", o.Campaign)
	s.put("year", o.Year)
	s.put("number", o.Number)
	s.put("unit", o.Unit)
	s.put("matter", o.Matter)
	s.put("due_on", o.DueOn)
	s.put("stage", o.Stage)
	s.put("acts", o.Acts)
	s.putText("answer", o.Answer)
	s.putText("reason", o.Reason)
	if o.Meeting != 0 {
		s.put("meeting", o.Meeting)
	}
	if len(o.Cases) > 0 {
		s.put("cases", o.Cases)
	}
	return s.fields, s.err
}

// OrderOf is the order that has these fields.
func OrderOf(id, version int64, f Fields) (Order, error) {
	o := Order{ID: id, Version: version}
	r := &reader{fields: f}
	for key, into := range map[string]any{
		"campaign": &o.Campaign, "year": &o.Year, "number": &o.Number, "unit": &o.Unit, "matter": &o.Matter, "cases": &o.Cases, "due_on": &o.DueOn,
		"stage": &o.Stage, "answer": &o.Answer, "reason": &o.Reason, "acts": &o.Acts, "meeting": &o.Meeting,
	} {
		r.get(key, into)
	}
	return o, r.err
}
