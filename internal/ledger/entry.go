package ledger

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// Nouns of the journal.
const (
	NounCampaign       = "campaign"
	NounUnit           = "unit"
	NounPerson         = "person"
	NounParcel         = "parcel"
	NounCase           = "case"
	NounEnterprise     = "enterprise"
	NounReference      = "reference"
	NounLand           = "land"
	NounSheet          = "sheet"
	NounPhoto          = "photo"
	NounContact        = "contact"
	NounWaiver         = "waiver"
	NounBulletin       = "bulletin"
	NounBulletinAnswer = "bulletin_answer"
	NounOrder          = "order"
	NounNotice         = "notice"
	NounMeeting        = "meeting"
	NounQuarantine     = "quarantine"
)

// Fields are the journalled fields of a noun, each value as canonical JSON.
type Fields map[string]json.RawMessage

// Body is what a journal entry says of its noun: changed fields only.
// A created noun has no Before, a removed one no After.
type Body struct {
	After  Fields  `json:"after,omitempty"`
	Before Fields  `json:"before,omitempty"`
	Told   *Told   `json:"device,omitempty"` // of an operation that came from a phone
	From   []int64 `json:"from,omitempty"`   // nouns of the same kind that this one succeeds: parcels it was cut from or joined of
	Into   []int64 `json:"into,omitempty"`   // nouns that succeed this one
	Note   string  `json:"note,omitempty"`   // why, where the author said so: of an undo, a decision, a measurement
	// Replays is whose operation was sent again.
	Replays *Replays   `json:"replays,omitempty"`
	Undoes  *uuid.UUID `json:"undoes,omitempty"` // the batch this entry compensates
}

// Told is what a phone says of its own time: a claim, kept beside happened_at (the author's, by the server's clock as the
// phone knew it) and recorded_at (the server's). Where the three do not agree somebody's clock was wrong, or was set.
type Told struct {
	// As are the rights it was judged by, where its author no longer had them when it came.
	As *Held `json:"as,omitempty"`
	// At is when it was done, by the phone's clock.
	At time.Time `json:"at"`
	// WaitedMS is how long it lay on the phone before it was sent, by the same clock, in milliseconds.
	WaitedMS int64 `json:"waited_ms"`
}

// Entry is one row of the journal before it has a place in the chain.
type Entry struct {
	Kind        string
	KindVersion int
	Noun        string
	NounID      int64
	BaseVersion int64 // version the author saw; 0 if not stated
	Version     int64 // version of the noun after this entry
	Body        Body
}

// Recorded is an entry with its place.
type Recorded struct {
	Entry
	ID         int64
	RecordedAt time.Time
	HappenedAt time.Time
	Actor      string
	ActorName  string
	Device     string
	OpID       uuid.UUID
	BatchID    uuid.UUID
}

// canonical is JSON with sorted keys, no spaces and no HTML escapes.
func canonical(v any) (json.RawMessage, error) {
	if s, ok := v.(string); ok && plain(s) {
		return append(append([]byte{'"'}, s...), '"'), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("encode %T: %w", v, err)
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

// Canonical is the JSON of a value as the journal keeps it.
func Canonical(v any) (json.RawMessage, error) { return canonical(v) }

// plain says that a string needs no escape in JSON.
func plain(s string) bool {
	for _, r := range s {
		if r < ' ' || r == '"' || r == '\\' || r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return true
}

// Text is the body as it is hashed and stored: canonical JSON. The fields are
// canonical already, so they are joined, not encoded again.
func (b Body) Text() ([]byte, error) {
	text := []byte{'{'}
	for _, part := range []struct {
		key    string
		fields Fields
	}{{`"after":{`, b.After}, {`"before":{`, b.Before}} {
		if len(part.fields) > 0 {
			text = append(joined(append(separated(text), part.key...), part.fields), '}')
		}
	}
	if b.Told != nil {
		told, err := canonical(b.Told)
		if err != nil {
			return nil, err
		}
		text = append(append(separated(text), `"device":`...), told...)
	}
	text = withIDs(withIDs(text, "from", b.From), "into", b.Into)
	if b.Note != "" {
		note, err := canonical(b.Note)
		if err != nil {
			return nil, err
		}
		text = append(append(separated(text), `"note":`...), note...)
	}
	if b.Replays != nil {
		replays, err := canonical(b.Replays)
		if err != nil {
			return nil, err
		}
		text = append(append(separated(text), `"replays":`...), replays...)
	}
	if b.Undoes != nil {
		text = fmt.Appendf(separated(text), `"undoes":"%s"`, b.Undoes)
	}
	return append(text, '}'), nil
}

// withIDs appends ids under a key, where there are any.
func withIDs(text []byte, key string, ids []int64) []byte {
	if len(ids) == 0 {
		return text
	}
	text = fmt.Appendf(separated(text), `"%s":[`, key)
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = strconv.AppendInt(text, id, 10)
	}
	return append(text, ']')
}

// joined appends the fields, sorted by key. Keys are codes of this program: nothing in them needs an escape.
func joined(text []byte, fields Fields) []byte {
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		text = append(append(separated(text), '"'), key...)
		text = append(append(text, `":`...), fields[key]...)
	}
	return text
}

// separated appends a comma unless the text has just opened a brace.
func separated(text []byte) []byte {
	if text[len(text)-1] == '{' {
		return text
	}
	return append(text, ',')
}

// ParseBody reads the text of a journal entry.
func ParseBody(text []byte) (Body, error) {
	var b Body
	if err := json.Unmarshal(text, &b); err != nil {
		return Body{}, fmt.Errorf("read journal body: %w", err)
	}
	return b, nil
}

// diff keeps the fields that differ.
func diff(before, after Fields) Body {
	b := Body{Before: Fields{}, After: Fields{}}
	for k, v := range after {
		if old, had := before[k]; !had {
			b.After[k] = v
		} else if !bytes.Equal(old, v) {
			b.Before[k], b.After[k] = old, v
		}
	}
	for k, v := range before {
		if _, has := after[k]; !has {
			b.Before[k] = v
		}
	}
	return b
}

// Empty says that nothing changed.
func (b Body) Empty() bool { return len(b.Before) == 0 && len(b.After) == 0 }

// Keys are the fields the entry touches, sorted.
func (b Body) Keys() []string {
	keys := map[string]bool{}
	for k := range b.Before {
		keys[k] = true
	}
	for k := range b.After {
		keys[k] = true
	}
	return slices.Sorted(maps.Keys(keys))
}

// Apply is the state after the entry, given the state before it; f is changed.
func (b Body) Apply(f Fields) Fields {
	if f == nil {
		f = Fields{}
	}
	for k := range b.Before {
		if _, stays := b.After[k]; !stays {
			delete(f, k)
		}
	}
	maps.Copy(f, b.After)
	return f
}

// revert puts the fields back as they were before the entry; f is changed.
func (b Body) revert(f Fields) Fields {
	for k := range b.After {
		if _, was := b.Before[k]; !was {
			delete(f, k)
		}
	}
	maps.Copy(f, b.Before)
	return f
}
