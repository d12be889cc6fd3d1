package audit

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
)

// Gate is the witness of the gate: it logs what happens there.
func (l *Log) Gate() auth.Witness { return gate{l} }

type gate struct{ log *Log }

// Before implements auth.Witness.
func (g gate) Before(ctx context.Context, e auth.Event) error { return g.log.Record(ctx, entryOf(e)) }

// After implements auth.Witness.
func (g gate) After(ctx context.Context, e auth.Event) error { return g.log.Settle(ctx, entryOf(e)) }

func entryOf(e auth.Event) Entry {
	out := Entry{Kind: Kind(e.Deed), Outcome: e.Refusal, Actor: e.By, Login: e.Login, Address: e.Address, Agent: e.Agent}
	if e.Account != "" {
		out.Object = "account/" + e.Account
	}
	return out
}
