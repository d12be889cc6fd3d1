package audit

import (
	"context"
	"time"

	"github.com/guatu/guatu/internal/auth"
)

// Query chooses entries; what is zero chooses nothing away.
type Query struct {
	From, Until time.Time // recorded: From <= t < Until
	Kinds       []Kind
	Person      string // code of the person, or the account
	Address     string
	Outcome     string // OutcomeDone, OutcomeRefused, or a code
	Object      string // contained in it
	Before      int64  // entries with a lesser id
	Limit       int
}

// Wide outcomes of a Query.
const (
	OutcomeDone    = "done"    // done or begun
	OutcomeRefused = "refused" // any refusal
)

// Library reads the log.
type Library interface {
	// AccessEntries are the newest entries that match, newest first, for who may read the log.
	AccessEntries(ctx context.Context, reader auth.Actor, q Query) ([]Row, error)
}
