package ledger

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// What the names of fields begin with that a case has by code.
const (
	markKey    = "milestone/"
	sideKey    = "side/"
	requestKey = "request/"
)

// derived fields follow from the others; they are journalled so that history
// can be replayed without the rules of its day, but they never contradict.
var derived = [...]string{"stage", "next", "deadline", "arrived", "size"} //nolint:gochecknoglobals // a constant list

// Parcel is a parcel as the journal knows it. Its geometry is a row of shape, named by hash.
type Parcel struct {
	ID         int64
	Version    int64
	Code       string
	Label      string
	Unit       string // unit code, "" outside every unit
	Shape      []byte // SHA-256 of the EWKB
	Attributes map[string]string
}

// Enterprise is an operator: a firm (企业) or a workshop (作坊).
type Enterprise struct {
	ID      int64
	Version int64
	Code    string // unified social credit code; workshops often have none
	Name    string
	Label   string // what may be shown publicly
	Kind    string // a code of the campaign's list
	Unit    string
	Village string
	// Industry is a class of GB/T 4754; AboveScale is 规上.
	Industry    string
	AboveScale  bool
	Evaluations map[string]string  // class A to D by year; absent: 未评价
	TaxPerMu    map[string]float64 // yuan per mu by year
	MergedInto  int64              // the enterprise that this one is, entered twice; 0: it stands for itself
}

// Itself is the enterprise that this one is after all merges; find gives one by id. False where the reader does not see it.
func (e Enterprise) Itself(find func(id int64) (Enterprise, bool)) (Enterprise, bool) {
	for e.MergedInto != 0 {
		next, there := find(e.MergedInto)
		if !there {
			return e, false
		}
		e = next
	}
	return e, true
}

// Unit is a responsible unit (责任主体).
type Unit struct {
	ID       int64
	Version  int64
	Campaign string
	Code     string
	Sort     int
	Name     campaign.Text
	Short    campaign.Text
	Outside  bool
	Shape    []byte // nil: boundary unknown
}

// Person is somebody of the campaign, with a role and an area.
type Person struct {
	ID      int64
	Version int64
	Code    string
	Sort    int
	Name    string
	Role    string
	Unit    string
	Village string // code; "" for the whole unit
}

// Campaign is a campaign's definition under its version.
type Campaign struct {
	ID         int64
	Version    int64
	Definition campaign.Definition
}

// Kept is a value that contradicts what stands (a hard conflict).
type Kept struct {
	ID         int64
	Version    int64
	Noun       string
	NounID     int64
	Field      string
	Standing   json.RawMessage
	Kept       json.RawMessage
	Actor      string
	HappenedAt time.Time
	Resolution string // "", kept or standing
	Why        string // what is wrong with its time; "": it contradicts what stands
}

// fieldSet collects fields; its first error sticks.
type fieldSet struct {
	fields Fields
	err    error
}

func (s *fieldSet) put(key string, value any) {
	text, err := canonical(value)
	if err != nil && s.err == nil {
		s.err = err
	}
	s.fields[key] = text
}

func (s *fieldSet) putText(key, value string) {
	if value != "" {
		s.put(key, value)
	}
}

// CaseFields are the journalled fields of a case with its derived standing.
func CaseFields(c campaign.Case, st campaign.Standing) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("campaign", c.Campaign)
	s.put("track", c.Track)
	s.put("code", c.Code)
	s.put("label", c.Label)
	s.put("unit", c.Unit)
	s.putText("responsible", c.Responsible)
	s.putText("note", c.Note)
	if len(c.Shares) > 0 {
		s.put("shares", c.Shares)
	}
	for code, m := range c.Marks {
		if m != (campaign.Mark{}) {
			s.put(markKey+code, m)
		}
	}
	s.facts(c)
	s.put("stage", st.Stage)
	s.putText("next", st.Next)
	s.putText("deadline", string(st.Deadline))
	return s.fields, s.err
}

// facts are what the figures count of a case, and its side states.
func (s *fieldSet) facts(c campaign.Case) {
	s.putText("batch", c.Batch)
	s.putText("village", c.Village)
	s.putText("kind", c.Kind)
	s.putText("disposal", c.Disposal)
	s.putNumber("enterprise", c.Enterprise)
	s.putNumber("recovered", int64(c.Recovered))
	s.putNumber("effective", int64(c.Effective))
	s.putNumber("floor", int64(c.Floor))
	s.putNumber("rebounds", int64(c.Rebounds))
	for code, side := range c.Sides {
		s.put(sideKey+code, side)
	}
	for code, request := range c.Requests {
		s.put(requestKey+code, request)
	}
}

func (s *fieldSet) putNumber(key string, value int64) {
	if value != 0 {
		s.put(key, value)
	}
}

// CaseOf is the case that has these fields.
func CaseOf(id, version int64, f Fields) (campaign.Case, error) {
	c := campaign.Case{ID: id, Version: version, Marks: map[string]campaign.Mark{}}
	r := &reader{fields: f}
	r.get("campaign", &c.Campaign)
	r.get("track", &c.Track)
	r.get("code", &c.Code)
	r.get("label", &c.Label)
	r.get("unit", &c.Unit)
	r.get("responsible", &c.Responsible)
	r.get("note", &c.Note)
	r.get("shares", &c.Shares)
	r.facts(&c)
	for key := range f {
		switch {
		case strings.HasPrefix(key, markKey):
			c.Marks = into(r, key, markKey, c.Marks)
		case strings.HasPrefix(key, sideKey):
			c.Sides = into(r, key, sideKey, c.Sides)
		case strings.HasPrefix(key, requestKey):
			c.Requests = into(r, key, requestKey, c.Requests)
		}
	}
	return c, r.err
}

// into reads a field that a noun has by code; m may be nil.
func into[V any](r *reader, key, prefix string, m map[string]V) map[string]V {
	var v V
	r.get(key, &v)
	if m == nil {
		m = map[string]V{}
	}
	m[strings.TrimPrefix(key, prefix)] = v
	return m
}

// Short is what the history keeps of a case's milestones and side states; its
// maps are nil for other nouns.
type Short struct {
	Sides   map[string]string        // code of the reason by side state in force, empty where it was given in words
	Passed  map[string]campaign.Date // milestones done, with their day, and not applicable ones, with an empty day
	Planned map[string]campaign.Date // days for which milestones are planned
}

// Short takes from a case's fields what the history keeps of them.
func (f Fields) Short() (Short, error) {
	s := Short{Sides: map[string]string{}, Passed: map[string]campaign.Date{}, Planned: map[string]campaign.Date{}}
	r := &reader{fields: f}
	for key := range f {
		if code, is := strings.CutPrefix(key, markKey); is {
			var m campaign.Mark
			r.get(key, &m)
			if m.Passed() {
				s.Passed[code] = m.DoneOn
			}
			if m.PlanOn != "" {
				s.Planned[code] = m.PlanOn
			}
		}
		if code, is := strings.CutPrefix(key, sideKey); is {
			var side campaign.Side
			r.get(key, &side)
			s.Sides[code] = side.Code
		}
	}
	return s, r.err
}

// EnterpriseFields are the journalled fields of an enterprise.
func EnterpriseFields(e Enterprise) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.putText("code", e.Code)
	s.put("name", e.Name)
	s.put("label", e.Label)
	s.put("kind", e.Kind)
	s.putText("unit", e.Unit)
	s.putText("village", e.Village)
	s.putText("industry", e.Industry)
	if e.AboveScale {
		s.put("above_scale", true)
	}
	if len(e.Evaluations) > 0 {
		s.put("evaluations", e.Evaluations)
	}
	if len(e.TaxPerMu) > 0 {
		s.put("tax_per_mu", e.TaxPerMu)
	}
	s.putNumber("merged_into", e.MergedInto)
	return s.fields, s.err
}

// EnterpriseOf is the enterprise that has these fields.
func EnterpriseOf(id, version int64, f Fields) (Enterprise, error) {
	e := Enterprise{ID: id, Version: version}
	r := &reader{fields: f}
	r.get("code", &e.Code)
	r.get("name", &e.Name)
	r.get("label", &e.Label)
	r.get("kind", &e.Kind)
	r.get("unit", &e.Unit)
	r.get("village", &e.Village)
	r.get("industry", &e.Industry)
	r.get("above_scale", &e.AboveScale)
	r.get("evaluations", &e.Evaluations)
	r.get("tax_per_mu", &e.TaxPerMu)
	r.get("merged_into", &e.MergedInto)
	return e, r.err
}

// ParcelFields are the journalled fields of a parcel.
func ParcelFields(p Parcel) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("code", p.Code)
	s.putText("label", p.Label)
	s.putText("unit", p.Unit)
	s.put("shape", hex.EncodeToString(p.Shape))
	if len(p.Attributes) > 0 {
		s.put("attributes", p.Attributes)
	}
	return s.fields, s.err
}

// ParcelOf is the parcel that has these fields.
func ParcelOf(id, version int64, f Fields) (Parcel, error) {
	p := Parcel{ID: id, Version: version}
	r := &reader{fields: f}
	r.get("code", &p.Code)
	r.get("label", &p.Label)
	r.get("unit", &p.Unit)
	r.get("attributes", &p.Attributes)
	p.Shape = r.getHash("shape")
	return p, r.err
}

// UnitFields are the journalled fields of a unit.
func UnitFields(u Unit) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("campaign", u.Campaign)
	s.put("code", u.Code)
	s.put("sort", u.Sort)
	s.put("name", u.Name)
	s.put("short", u.Short)
	if u.Outside {
		s.put("outside", true)
	}
	s.putText("shape", hex.EncodeToString(u.Shape))
	return s.fields, s.err
}

// PersonFields are the journalled fields of a person.
func PersonFields(p Person) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("code", p.Code)
	s.put("sort", p.Sort)
	s.put("name", p.Name)
	s.put("role", p.Role)
	s.putText("unit", p.Unit)
	s.putText("village", p.Village)
	return s.fields, s.err
}

// CampaignFields are the journalled fields of a campaign.
func CampaignFields(c Campaign) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("definition", c.Definition)
	return s.fields, s.err
}

// KeptFields are the journalled fields of a hard conflict.
func KeptFields(k Kept) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("noun", k.Noun)
	s.put("noun_id", k.NounID)
	s.put("field", k.Field)
	s.put("standing", k.Standing)
	s.put("kept", k.Kept)
	s.put("actor", k.Actor)
	s.put("happened_at", k.HappenedAt.UTC().Format(time.RFC3339Nano))
	s.putText("resolution", k.Resolution)
	s.putText("why", k.Why)
	return s.fields, s.err
}

// reader takes fields apart; its first error sticks.
type reader struct {
	fields Fields
	err    error
}

func (r *reader) get(key string, into any) {
	text, ok := r.fields[key]
	if !ok || r.err != nil {
		return
	}
	if err := json.Unmarshal(text, into); err != nil {
		r.err = fmt.Errorf("read field %s: %w", key, err)
	}
}

func (r *reader) facts(c *campaign.Case) {
	r.get("batch", &c.Batch)
	r.get("village", &c.Village)
	r.get("kind", &c.Kind)
	r.get("disposal", &c.Disposal)
	r.get("enterprise", &c.Enterprise)
	r.get("recovered", &c.Recovered)
	r.get("effective", &c.Effective)
	r.get("floor", &c.Floor)
	r.get("rebounds", &c.Rebounds)
}

func (r *reader) getHash(key string) []byte {
	var text string
	r.get(key, &text)
	hash, err := hex.DecodeString(text)
	if err != nil && r.err == nil {
		r.err = fmt.Errorf("read field %s: %w", key, err)
	}
	return hash
}

func isDerived(key string) bool {
	for _, d := range derived {
		if d == key {
			return true
		}
	}
	return false
}
