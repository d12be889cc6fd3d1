package auth

import (
	"context"
	"encoding/hex"

	"github.com/guatu/guatu/internal/fault"
)

// Deed is what happens at the gate.
type Deed string

// Deeds at the gate, as the access log calls them.
const (
	SignedIn        Deed = "session.begin"
	SignedOut       Deed = "session.end"
	SessionsEnded   Deed = "session.end_all"
	PasswordChanged Deed = "password.change"
	AccountMade     Deed = "account.create"
	AccountApproved Deed = "account.approve"
	AccountClosed   Deed = "account.disable"
	AccountOpened   Deed = "account.enable"
	PasswordReset   Deed = "account.reset"
)

// Event is a deed, let through or refused.
type Event struct {
	Deed    Deed
	Refusal string // code of the refusal; "" if it was let through
	// By is the person who did it, Login the account it was done with: known ones alone. What was typed and
	// is no account is given by its fingerprint, because there are people who type their password there.
	By, Login      string
	Account        string // whose account it was done to, if not the own
	Address, Agent string // of a sign-in
}

// Witness writes down what happens at the gate.
type Witness interface {
	// Before returns when an event is written down for good; after an error what it is about must not happen.
	Before(ctx context.Context, e Event) error
	// After writes down what has happened; if it cannot yet, it keeps trying and gives an error.
	After(ctx context.Context, e Event) error
}

// Watched is the gate with a witness for all that happens from now on.
func (g *Gate) Watched(w Witness) *Gate {
	watched := *g
	watched.witness = w
	return &watched
}

// nobody writes nothing down: the gate of a test.
type nobody struct{}

func (nobody) Before(context.Context, Event) error { return nil }
func (nobody) After(context.Context, Event) error  { return nil }

// refusalOf is the code of a refusal; "" of none.
func refusalOf(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	if err != nil {
		return "failed"
	}
	return ""
}

// attempted is who tried to sign in, as it may be written down.
func attempted(account Account, typed string) string {
	if account.Login != "" {
		return account.Login
	}
	const enough = 8 // bytes: who tries again is recognised
	return "sha256:" + hex.EncodeToString(fingerprint(typed)[:enough])
}
