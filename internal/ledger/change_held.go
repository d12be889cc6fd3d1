package ledger

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/fault"
)

// KindHeldDismiss settles a held operation without entering it.
const KindHeldDismiss = "held.dismiss"

// DismissHeld says why what a phone asked for is not to be entered (不予入账). The operation and its pictures are kept; the
// campaign's state does not change, so the journal has no entry of it: who dismissed it stands with the operation.
type DismissHeld struct {
	Op     uuid.UUID `json:"op"`
	Reason string    `json:"reason"`
}

func (DismissHeld) kind() string     { return KindHeldDismiss }
func (c DismissHeld) content() any   { return c }
func (c DismissHeld) names(l *Locks) { l.Held = c.Op }

func (c DismissHeld) decide(_ context.Context, w *work) error {
	reason := strings.TrimSpace(c.Reason)
	h := w.there.Held
	switch {
	case h == nil:
		return fault.New(fault.KindNotFound, "held_not_found", "没有这项未入账的操作", "no such operation is held")
	case h.Settled != "":
		return errSettled()
	case reason == "":
		return fault.New(fault.KindInvalid, "reason_missing", "请填写不予入账的原因", "please say why it is not entered")
	}
	w.writes.Settled = append(w.writes.Settled, h.settledBy(w, SettledDismissed, reason))
	return nil
}
