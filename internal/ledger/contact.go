package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about contacts.
const (
	KindContactPut   = "contact.put"
	KindContactErase = "contact.erase"
)

// Contact is who can be reached at an enterprise, as the journal knows it: by the
// hash of what is sealed, never by what that says.
type Contact struct {
	ID         int64
	Version    int64
	Enterprise int64
	Subject    uuid.UUID // the person, by whom the key goes
	Sealed     []byte    // SHA-256; nil once erased
	Erased     bool
}

// ContactFields are the journalled fields of a contact.
func ContactFields(c Contact) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("enterprise", c.Enterprise)
	s.put("subject", c.Subject)
	s.putText("sealed", hex.EncodeToString(c.Sealed))
	if c.Erased {
		s.put("erased", true)
	}
	return s.fields, s.err
}

// Secret is what is sealed of a person, with their key where it is a new one.
type Secret struct {
	Subject uuid.UUID
	Key     []byte // wrapped; nil: the person has one
	Sealed  []byte
}

// PutContact enters the contact of an enterprise, or another one in its place.
type PutContact struct {
	Enterprise  int64
	BaseVersion int64 // of the contact; 0: none was there
	Subject     uuid.UUID
	Key         []byte // wrapped; nil: the person has one
	Sealed      []byte
	Digest      string // of the details, by a key of the program
}

func (PutContact) kind() string { return KindContactPut }

// content leaves out what is sealed: that differs each time.
func (c PutContact) content() any {
	return struct {
		Enterprise int64  `json:"enterprise"`
		Base       int64  `json:"base_version"`
		Digest     string `json:"digest"`
	}{c.Enterprise, c.BaseVersion, c.Digest}
}

func (c PutContact) names(l *Locks) { l.Enterprises = append(l.Enterprises, c.Enterprise) }

func (c PutContact) decide(ctx context.Context, w *work) error {
	before, err := w.contact(c.Enterprise, c.BaseVersion)
	if err != nil {
		return err
	}
	if len(c.Sealed) == 0 {
		return errContactChanged()
	}
	if before.ID != 0 && !before.Erased && before.Subject != c.Subject {
		return errContactChanged()
	}
	sum := sha256.Sum256(c.Sealed)
	after := Contact{ID: before.ID, Version: before.Version + 1, Enterprise: c.Enterprise, Subject: c.Subject, Sealed: sum[:]}
	if after.ID == 0 {
		if after.ID, err = w.newID(ctx); err != nil {
			return err
		}
	}
	w.writes.Secrets = append(w.writes.Secrets, Secret{c.Subject, c.Key, c.Sealed})
	return w.recordContact(before, after, Entry{Kind: KindContactPut, BaseVersion: c.BaseVersion})
}

// EraseContact destroys the key of a contact for good. It cannot be taken back.
type EraseContact struct {
	Enterprise  int64  `json:"enterprise"`
	BaseVersion int64  `json:"base_version"`
	Reason      string `json:"reason"`
}

func (EraseContact) kind() string     { return KindContactErase }
func (c EraseContact) content() any   { return c }
func (c EraseContact) names(l *Locks) { l.Enterprises = append(l.Enterprises, c.Enterprise) }

func (c EraseContact) decide(_ context.Context, w *work) error {
	if strings.TrimSpace(c.Reason) == "" {
		return fault.New(fault.KindInvalid, "reason_missing", "请填写清除理由", "please give the reason for erasing it")
	}
	before, err := w.contact(c.Enterprise, c.BaseVersion)
	if err != nil {
		return err
	}
	if before.ID == 0 || before.Erased {
		return fault.New(fault.KindNotFound, "no_contact", "没有联系方式，或已清除", "there is no contact, or it was erased")
	}
	after := before
	after.Version, after.Sealed, after.Erased = before.Version+1, nil, true
	w.writes.DestroyedKeys = append(w.writes.DestroyedKeys, before.Subject)
	return w.recordContact(before, after, Entry{Kind: KindContactErase, BaseVersion: c.BaseVersion, Body: noted(c.Reason)})
}

// contact is the contact of a locked enterprise; without an id where none was entered.
func (w *work) contact(enterprise, base int64) (Contact, error) {
	if _, err := w.enterprise(enterprise); err != nil {
		return Contact{}, err
	}
	c := w.there.Contacts[enterprise]
	if c.Version != base {
		return c, errContactChanged()
	}
	return c, nil
}

func errContactChanged() error {
	return fault.New(fault.KindConflict, "contact_changed", "他人刚刚修改了联系方式，请核对后再保存", "somebody has just changed the contact; please compare and save again")
}

func (w *work) recordContact(before, after Contact, e Entry) error {
	was := Fields{}
	var err error
	if before.ID != 0 {
		if was, err = ContactFields(before); err != nil {
			return err
		}
	}
	will, err := ContactFields(after)
	if err != nil {
		return err
	}
	said := e.Body
	e.Body = diff(was, will)
	e.Body.Note, e.Body.Undoes = said.Note, said.Undoes
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounContact, after.ID, after.Version
	w.entries = append(w.entries, e)
	w.writes.Contacts = append(w.writes.Contacts, after)
	w.there.Contacts[after.Enterprise] = after
	return nil
}
