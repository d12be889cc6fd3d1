package secret

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Held is a contact with what is sealed of it.
type Held struct {
	ledger.Contact

	Key    []byte // wrapped; nil once it was destroyed
	Sealed []byte
}

// Register is the database as this room reads it.
type Register interface {
	// Contact is the contact of an enterprise that the scope sees; a fault where it does not see the enterprise, false where none was entered.
	Contact(ctx context.Context, scope auth.Scope, enterprise int64) (Held, bool, error)
}

// Witness records that somebody read personal data. Without its word nothing is shown.
type Witness interface {
	Shown(ctx context.Context, actor auth.Actor, object, reason string) error
}

// Desk gives contacts out.
type Desk struct {
	vault    *Vault
	register Register
	witness  Witness
}

// NewDesk makes a desk.
func NewDesk(vault *Vault, register Register, witness Witness) *Desk {
	return &Desk{vault, register, witness}
}

// Contact is the contact of an enterprise as it is shown unasked.
type Contact struct {
	Version int64 // 0: none was entered
	Erased  bool
	Masked  Details
}

// KindShow is the right to read: those who work on cases.
const KindShow = "contact.show"

// Contact is what may be shown unasked; nothing is recorded.
func (d *Desk) Contact(ctx context.Context, scope auth.Scope, enterprise int64) (Contact, error) {
	held, there, err := d.register.Contact(ctx, scope, enterprise)
	if err != nil || !there {
		return Contact{}, err
	}
	c := Contact{Version: held.Version, Erased: held.Erased}
	if held.Erased {
		return c, nil
	}
	full, err := d.vault.Unseal(held.Subject, held.Key, held.Sealed)
	c.Masked = full.Masked()
	return c, err
}

// Show opens the contact on purpose, for a reason; it is witnessed first.
func (d *Desk) Show(ctx context.Context, scope auth.Scope, enterprise int64, reason string) (Details, error) {
	actor := scope.Actor()
	if err := actor.May(KindShow); err != nil {
		return Details{}, err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return Details{}, fault.New(fault.KindInvalid, "reason_missing", "请填写查看原因", "please give the reason for looking at it")
	}
	held, there, err := d.register.Contact(ctx, scope, enterprise)
	if err != nil {
		return Details{}, err
	}
	if !there || held.Erased {
		return Details{}, fault.New(fault.KindNotFound, "no_contact", "没有联系方式，或已清除", "there is no contact, or it was erased")
	}
	if err := d.witness.Shown(ctx, actor, fmt.Sprintf("enterprise/%d", enterprise), reason); err != nil {
		return Details{}, err
	}
	return d.vault.Unseal(held.Subject, held.Key, held.Sealed)
}

// Sealed makes the change that enters a contact. What was entered before stays
// under the same key, so that erasing destroys it as well.
func (d *Desk) Sealed(ctx context.Context, scope auth.Scope, enterprise, base int64, details Details) (ledger.PutContact, error) {
	change := ledger.PutContact{Enterprise: enterprise, BaseVersion: base}
	details, err := details.Checked()
	if err != nil {
		return change, err
	}
	held, there, err := d.register.Contact(ctx, scope, enterprise)
	if fault.KindOf(err) == fault.KindNotFound {
		return change, nil // the ledger refuses it in its own words
	}
	if err != nil {
		return change, err
	}
	key := held.Key
	change.Subject, change.Digest = held.Subject, d.vault.Digest(details)
	if !there || held.Erased {
		change.Subject = uuid.New()
		key = d.vault.NewKey(change.Subject)
		change.Key = key
	}
	change.Sealed, err = d.vault.Seal(change.Subject, key, details)
	return change, err
}
