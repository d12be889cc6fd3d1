package ledger

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/fault"
)

// Ways in which a held operation is settled.
const (
	SettledReplayed  = "replayed"  // somebody sent it again
	SettledDismissed = "dismissed" // for a reason
)

// HeldOperation is an operation of a phone that a rule refused (未入账), kept as it was asked for.
type HeldOperation struct {
	OpID       uuid.UUID
	Actor      string
	Device     string
	HappenedAt time.Time
	ToldAt     time.Time // by the phone's clock
	ReceivedAt time.Time
	Refusal    Refusal
	Asked      json.RawMessage // the changes as the interface takes them
	Cases      []int64
	Photos     [][]byte // SHA-256
	Settled    string   // "" while it waits
	SettledBy  string
	SettledAt  time.Time
	Reason     string
}

// Replays says whose operation is sent again: the author of the journal's entries is who sends it, on their own responsibility.
type Replays struct {
	// Author is who did it, as the server knows it or, of what came on a file, as the file says.
	Author string `json:"author"`
	// File says that it came on a file: the server has not heard of it from the phone.
	File bool `json:"file,omitempty"`
	// Op is the id that the operation had on the phone.
	Op uuid.UUID `json:"op"`
}

// heldOf is what is kept of a refused operation; ok is false where it is none of a phone, or was refused as a repeat.
func heldOf(op Operation, actor string, r Refusal, now time.Time) (HeldOperation, bool) {
	if op.Told == nil || op.Replays != nil || len(op.Asked) == 0 || r.Code == codeReplayed {
		return HeldOperation{}, false
	}
	h := op.kept()
	h.OpID, h.Actor, h.ReceivedAt, h.Refusal = op.OpID, actor, now, r
	return h, true
}

// kept is what an operation of a phone asked for and is about.
func (op Operation) kept() HeldOperation {
	h := HeldOperation{Device: op.Device, HappenedAt: op.HappenedAt, Asked: op.Asked, Photos: [][]byte{}}
	if op.Told != nil {
		h.ToldAt = op.Told.At
	}
	var l Locks
	for _, c := range op.Changes {
		c.names(&l)
		if attached, is := c.(AttachPhoto); is {
			if hash, err := photoHash(attached.SHA256); err == nil && hash != nil {
				h.Photos = append(h.Photos, hash)
			}
		}
	}
	slices.Sort(l.Cases)
	h.Cases = append([]int64{}, slices.Compact(l.Cases)...)
	return h
}

// codeReplayed is the refusal of what somebody sent for its author already.
const codeReplayed = "replayed_already"

// heldID is the id under which an operation may be held; nil for one of a desk.
func (op Operation) heldID() uuid.UUID {
	switch {
	case op.Replays != nil:
		return op.Replays.Op
	case op.Told != nil:
		return op.OpID
	}
	return uuid.Nil
}

// settleHeld settles the operation that this one sends again, in the same transaction: once, whoever sends it.
func (w *work) settleHeld(op Operation) error {
	h, held := w.there.Held, w.there.Held != nil
	if op.Replays == nil {
		if held && h.Settled == SettledReplayed { // the phone comes with what was brought on a file
			return fault.New(fault.KindConflict, codeReplayed, "已由他人凭文件代为补报，未重复入账", "somebody sent it for you from a file already; it was not entered twice")
		}
		return nil
	}
	switch {
	case w.there.Entered:
		return fault.New(fault.KindConflict, "entered_already", "这项操作已送达并入账，不用补报", "this was delivered and entered already; it need not be sent again")
	case held && h.Settled != "":
		return errSettled()
	case held && h.Actor != op.Replays.Author:
		return fault.New(fault.KindInvalid, "other_author", "原作者与留存的记录不符", "the author is not the one that was kept")
	case !held:
		h = new(op.kept())
		h.OpID, h.Actor, h.ReceivedAt, h.Refusal = op.Replays.Op, op.Replays.Author, w.now, Refusal{}
	}
	w.replays = &Replays{Op: h.OpID, Author: h.Actor, File: !held || h.Refusal.Code == ""}
	w.writes.Settled = append(w.writes.Settled, h.settledBy(w, SettledReplayed, ""))
	return nil
}

func (h HeldOperation) settledBy(w *work, how, reason string) HeldOperation {
	h.Settled, h.SettledBy, h.SettledAt, h.Reason = how, w.actor.ID, w.now, reason
	return h
}

func errSettled() *fault.Error {
	return fault.New(fault.KindConflict, "already_settled", "这项操作已有人处理", "somebody settled this already")
}
