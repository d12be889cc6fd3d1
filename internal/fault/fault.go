// Package fault names the kinds of failure that the whole program shares.
//
// A fault carries a stable code, a sentence for the user in Chinese and in
// English, and the cause for the log. Only the sentence ever leaves the
// server; an error that is no fault is reported as an unknown failure.
package fault

import (
	"errors"
	"fmt"
)

// Kind says who has to act on a failure.
type Kind int

// The kinds of failure. KindUnknown is what a plain error counts as.
const (
	KindUnknown      Kind = iota // a defect of the program; the user cannot mend it
	KindInvalid                  // the request itself is wrong, whatever the state
	KindNotFound                 // what was named does not exist, or not for this actor
	KindConflict                 // the state forbids it: a rule, or another person's change
	KindDenied                   // the actor has no right to it
	KindStale                    // based on an older version than the one that counts
	KindUnavailable              // the server cannot do it at this moment; try again
	KindUnidentified             // nobody is signed in
	KindTooMany                  // too much at once; wait and try again
)

// Error is a failure with a code, a text in both languages and a cause.
type Error struct {
	Kind Kind
	// Code is stable and machine-readable, snake_case.
	Code string
	// ZH and EN say what happened, where, and what to do.
	ZH, EN string
	// Detail is structured data for clients, for example the entries in the way of an undo.
	Detail any
	cause  error
}

// New makes a fault of the given kind and code with its text in Chinese and English.
func New(kind Kind, code, zh, en string) *Error {
	return &Error{Kind: kind, Code: code, ZH: zh, EN: en}
}

// Because returns a copy of the fault with the cause attached.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// With returns a copy of the fault with structured detail attached.
func (e *Error) With(detail any) *Error {
	c := *e
	c.Detail = detail
	return &c
}

// Error implements error for the log: code, English text and cause.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.EN, e.cause)
	}
	return e.Code + ": " + e.EN
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.cause }

// KindOf returns the kind of the first fault in err's chain, KindUnknown if there is none.
func KindOf(err error) Kind {
	if f, ok := As(err); ok {
		return f.Kind
	}
	return KindUnknown
}

// As finds the first fault in err's chain.
func As(err error) (*Error, bool) {
	var f *Error
	ok := errors.As(err, &f)
	return f, ok
}

// Is reports whether err holds a fault with that code.
func Is(err error, code string) bool {
	f, ok := As(err)
	return ok && f.Code == code
}
