package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Row is an entry exactly as stored.
type Row struct {
	ID         int64
	PrevHash   []byte
	Hash       []byte
	RecordedAt time.Time
	Entry

	Text string // the details, the exact text
}

// Genesis is the hash the first entry follows.
func Genesis() []byte {
	sum := sha256.Sum256([]byte("guatu access log"))
	return sum[:]
}

// sum is the hash of an entry: one field a line, the details last, after the hash before it.
func (r Row) sum() []byte {
	micro := func(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }
	var b bytes.Buffer
	b.Write(r.PrevHash)
	b.WriteString(strings.Join([]string{
		strconv.FormatInt(r.ID, 10), micro(r.RecordedAt), micro(r.HappenedAt), string(r.Kind), r.Outcome, r.Actor, r.Login,
		r.Address, r.Agent, r.Request, r.Object, r.Text,
	}, "\n"))
	sum := sha256.Sum256(b.Bytes())
	return sum[:]
}

// Head is the last entry of a chain.
type Head struct {
	ID   int64 `json:"id"`
	Hash Hex   `json:"hash"`
}

// Hex is a hash that is written in hexadecimal.
type Hex []byte

// MarshalText implements encoding.TextMarshaler.
func (h Hex) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hex) UnmarshalText(text []byte) error {
	var err error
	*h, err = hex.DecodeString(string(text))
	return err
}

// String is the hash in hexadecimal.
func (h Hex) String() string { return hex.EncodeToString(h) }

// Heads are the last entries of both chains at one moment.
type Heads struct {
	Journal Head `json:"journal"`
	Access  Head `json:"access"`
}

// Evidence is the database as verify reads it, in one consistent view.
type Evidence interface {
	// Heads are the last ids and hashes the database claims.
	Heads(ctx context.Context) (Heads, error)
	// Log is every row by id.
	Log(ctx context.Context) iter.Seq2[Row, error]
	// JournalHashes are the hashes of these entries of the journal; what is not there is absent.
	JournalHashes(ctx context.Context, ids []int64) (map[int64][]byte, error)
	// Entered are the heads of the log that the journal holds, oldest first, with the revision that holds each.
	Entered(ctx context.Context) ([]Entered, error)
}

// Entered is a head of the log as an entry of the journal tells it.
type Entered struct {
	Revision int64
	Head
}
