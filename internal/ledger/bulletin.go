package ledger

import (
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// Bulletin is an issue of the 通报 on its way: figures frozen at a revision, then what people did with it.
type Bulletin struct {
	ID       int64
	Version  int64
	Campaign string
	Monthly  bool
	Number   int
	On       campaign.Date // its figures are those known at the end of this day
	Revision int64         // the last one recorded by then
	// Before is the issue before it, against which places move and what is told late is told; its Number is 0 for the first.
	Before  campaign.Bulletin
	CheckBy campaign.Date // until the end of this day the units may answer
	Stage   string        // campaign.BulletinFrozen, …
	Outlook string        // 下一步工作: what the office adds in words
	Reason  string        // why it was returned; "" once it is drafted again
	Acts    map[string]Act
	Files   []BulletinFile   // of an issued one
	Issuing campaign.Issuing // its head and where it goes, as the campaign had them when it was begun
}

// Act is who brought something to a stage of its way, and when.
type Act struct {
	By string    `json:"by"` // code of the person
	At time.Time `json:"at"`
}

// BulletinFile is a file that was issued, by its SHA-256 in hexadecimal.
type BulletinFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

// BulletinAnswer is what a unit says to the frozen figures: right (确认无误), or an objection, which the office replies to.
type BulletinAnswer struct {
	ID       int64
	Version  int64
	Bulletin int64
	Unit     string // code
	Agrees   bool
	Reason   string
	By       string // code of the person
	At       time.Time
	Reply    string
	Replier  string
}

// BulletinFields are the journalled fields of a bulletin.
func BulletinFields(b Bulletin) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("campaign", b.Campaign)
	s.put("number", b.Number)
	s.put("on", b.On)
	s.put("revision", b.Revision)
	s.put("check_by", b.CheckBy)
	s.put("stage", b.Stage)
	s.put("acts", b.Acts)
	s.put("issuing", b.Issuing)
	s.putText("outlook", b.Outlook)
	s.putText("reason", b.Reason)
	if b.Monthly {
		s.put("monthly", true)
	}
	if b.Before.Number != 0 {
		s.put("before", b.Before)
	}
	if len(b.Files) > 0 {
		s.put("files", b.Files)
	}
	return s.fields, s.err
}

// BulletinOf is the bulletin that has these fields.
func BulletinOf(id, version int64, f Fields) (Bulletin, error) {
	b := Bulletin{ID: id, Version: version}
	r := &reader{fields: f}
	for key, into := range map[string]any{
		"campaign": &b.Campaign, "number": &b.Number, "on": &b.On, "revision": &b.Revision, "check_by": &b.CheckBy, "stage": &b.Stage, "acts": &b.Acts,
		"outlook": &b.Outlook, "reason": &b.Reason, "monthly": &b.Monthly, "before": &b.Before, "files": &b.Files, "issuing": &b.Issuing,
	} {
		r.get(key, into)
	}
	return b, r.err
}

// BulletinAnswerFields are the journalled fields of an answer.
func BulletinAnswerFields(a BulletinAnswer) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("bulletin", a.Bulletin)
	s.put("unit", a.Unit)
	s.put("agrees", a.Agrees)
	s.put("by", a.By)
	s.putTime("at", a.At)
	s.putText("reason", a.Reason)
	s.putText("reply", a.Reply)
	s.putText("replier", a.Replier)
	return s.fields, s.err
}

// BulletinAnswerOf is the answer that has these fields.
func BulletinAnswerOf(id, version int64, f Fields) (BulletinAnswer, error) {
	a := BulletinAnswer{ID: id, Version: version}
	r := &reader{fields: f}
	for key, into := range map[string]any{
		"bulletin": &a.Bulletin, "unit": &a.Unit, "agrees": &a.Agrees, "by": &a.By, "at": &a.At, "reason": &a.Reason, "reply": &a.Reply, "replier": &a.Replier,
	} {
		r.get(key, into)
	}
	return a, r.err
}

// Issue is it as the campaign lists it.
func (b Bulletin) Issue() campaign.Bulletin {
	return campaign.Bulletin{Number: b.Number, On: b.On, Monthly: b.Monthly}
}

// DocumentNumber is its 发文字号; its year is that of its day.
func (b Bulletin) DocumentNumber() string {
	return b.Issuing.DocumentNumber(string(b.On[:4]), b.Issue())
}

// Authors are who brought the bulletin to its stages.
func (b Bulletin) Authors() map[string]string {
	by := make(map[string]string, len(b.Acts))
	for stage, act := range b.Acts {
		by[stage] = act.By
	}
	return by
}
