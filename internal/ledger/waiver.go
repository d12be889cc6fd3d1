package ledger

import (
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/geo"
)

// Waiver is that somebody lets a finding be, for a reason. It holds as long as the finding does not grow.
type Waiver struct {
	ID         int64
	Version    int64
	Rule       string
	One, Other int64 // the nouns of the finding; Other is 0 where there is one
	Area       geo.Area
	Reason     string
	Author     string // code of the person
	MadeAt     time.Time
	Batch      uuid.UUID // by which it is taken back
}

// WaiverFields are the journalled fields of a waiver.
func WaiverFields(w Waiver) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("rule", w.Rule)
	s.put("one", w.One)
	if w.Other != 0 {
		s.put("other", w.Other)
	}
	s.put("area", w.Area)
	s.put("reason", w.Reason)
	s.put("author", w.Author)
	s.putTime("made_at", w.MadeAt)
	s.put("batch", w.Batch)
	return s.fields, s.err
}

// WaiverOf is the waiver that has these fields.
func WaiverOf(id, version int64, f Fields) (Waiver, error) {
	w := Waiver{ID: id, Version: version}
	r := &reader{fields: f}
	r.get("rule", &w.Rule)
	r.get("one", &w.One)
	r.get("other", &w.Other)
	r.get("area", &w.Area)
	r.get("reason", &w.Reason)
	r.get("author", &w.Author)
	r.get("made_at", &w.MadeAt)
	r.get("batch", &w.Batch)
	return w, r.err
}
