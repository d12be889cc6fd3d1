package ledger

import (
	"context"
	"encoding/hex"
)

// KindLogHead is the kind of entries that hold the head of the access log.
const KindLogHead = "log.head"

// NounLog is the access log; its versions are its entries.
const NounLog = "access_log"

// EnterLogHead enters the head of the access log, so that neither chain can be
// written anew without the other.
type EnterLogHead struct {
	ID   int64
	Hash []byte
}

func (EnterLogHead) kind() string   { return KindLogHead }
func (c EnterLogHead) content() any { return c }
func (EnterLogHead) names(*Locks)   {}

func (c EnterLogHead) decide(_ context.Context, w *work) error {
	fields := &fieldSet{fields: Fields{}}
	fields.put("hash", hex.EncodeToString(c.Hash))
	w.entries = append(w.entries, Entry{Kind: KindLogHead, KindVersion: 1, Noun: NounLog, Version: c.ID, Body: Body{After: fields.fields}})
	return fields.err
}
