package ledger

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Operation is what one person asks for with one gesture: it is applied whole or not at all.
type Operation struct {
	// OpID is made by the author; a repeat with the same id gets the same answer.
	OpID uuid.UUID
	// Device names the phone, browser or program it came from.
	Device string
	// HappenedAt is when it happened, by the author's claim; zero means now.
	HappenedAt time.Time
	// Told is what a phone says of its own time; nil: it was no phone. How long it waited is no part of what the id is bound
	// to: a repeat has waited longer, and the first word counts.
	Told *Told
	// Replays, if not nil, says whose operation is sent again.
	Replays *Replays
	// Asked are the changes as the interface took them, kept with an operation of a phone that is refused.
	Asked   json.RawMessage
	Changes []Change
}

// Results an operation can have.
const (
	Received    = "received"    // claimed, not decided
	Applied     = "applied"     // written as asked
	Merged      = "merged"      // written beside another person's change (soft)
	Quarantined = "quarantined" // contradicts what stands; kept, a person resolves it (hard)
	Refused     = "refused"     // a rule forbids it; nothing written
)

// Grades of a conflict.
const (
	Soft = "soft"
	Hard = "hard"
)

// Outcome is the answer to an operation; a repeat gets an equal one.
type Outcome struct {
	OpID       uuid.UUID
	BatchID    uuid.UUID
	Result     string
	Revision   int64 // of the last entry; 0 when nothing was written
	First      int64 // revision of the first entry
	RecordedAt time.Time
	Entries    []EntryRef // the first MostListed
	Conflicts  []Conflict
	Refusal    *Refusal
}

// MostListed is how many entries an outcome lists; there are Revision-First+1.
const MostListed = 1000

// Unlisted is how many entries the outcome does not list.
func (o Outcome) Unlisted() int64 {
	if o.Revision == 0 {
		return 0
	}
	return o.Revision - o.First + 1 - int64(len(o.Entries))
}

// EntryRef names one journal entry of an operation.
type EntryRef struct {
	ID      int64
	Kind    string
	Noun    string
	NounID  int64
	Version int64
}

// Conflict says where an operation met another person's change.
type Conflict struct {
	Grade      string        `json:"grade"`
	ConflictID int64         `json:"conflict_id,omitempty"` // in quarantine, for hard ones
	Noun       string        `json:"noun"`
	NounID     int64         `json:"noun_id"`
	Fields     []string      `json:"fields"`
	Text       campaign.Text `json:"text"`
}

// Refusal is a recorded refusal: the repeat of a refused operation is refused in the same words.
type Refusal struct {
	Kind   fault.Kind      `json:"kind"`
	Code   string          `json:"code"`
	ZH     string          `json:"zh"`
	EN     string          `json:"en"`
	Detail json.RawMessage `json:"detail,omitempty"`
}

// Fault is the refusal as the error it was.
func (r Refusal) Fault() *fault.Error {
	f := fault.New(r.Kind, r.Code, r.ZH, r.EN)
	if len(r.Detail) > 0 {
		f = f.With(r.Detail)
	}
	return f
}

func refusalOf(f *fault.Error) (*Refusal, error) {
	r := &Refusal{Kind: f.Kind, Code: f.Code, ZH: f.ZH, EN: f.EN}
	if f.Detail == nil {
		return r, nil
	}
	detail, err := canonical(f.Detail)
	r.Detail = detail
	return r, err
}

// fingerprint is the hash an operation's id is bound to: device, time and content.
func (op Operation) fingerprint() ([]byte, error) {
	type change struct {
		Kind    string
		Content any
	}
	content := struct {
		Device     string
		HappenedAt time.Time
		ToldAt     *time.Time `json:",omitempty"`
		Replays    *Replays   `json:",omitempty"`
		Changes    []change
	}{Device: op.Device, HappenedAt: op.HappenedAt.UTC(), Replays: op.Replays}
	if op.Told != nil {
		at := op.Told.At.UTC()
		content.ToldAt = &at
	}
	for _, c := range op.Changes {
		content.Changes = append(content.Changes, change{c.kind(), c.content()})
	}
	text, err := canonical(content)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}
