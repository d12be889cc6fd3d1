package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
)

// Query chooses entries; what is zero chooses nothing away.
type Query struct {
	From, Until time.Time // recorded: From <= t < Until
	Kinds       []Kind
	Person      string // code of the person, or the account
	Address     string
	Outcome     string // Done (or begun), AnyRefusal, or the code of a refusal
	Object      string // contained in it
	Before      int64  // entries with a lesser id
	Limit       int
}

// AnyRefusal is the outcome of a Query for whatever was not done.
const AnyRefusal = "refused"

// chosen are the filters that were set, for the log: readings of the log are logged.
func (q Query) chosen() map[string]any {
	all := map[string]any{"kind": q.Kinds, "person": q.Person, "address": q.Address, "outcome": q.Outcome, "object": q.Object}
	if len(q.Kinds) == 0 {
		delete(all, "kind")
	}
	for name, at := range map[string]time.Time{"from": q.From, "until": q.Until} {
		if !at.IsZero() {
			all[name] = at.UTC().Format(time.RFC3339)
		}
	}
	for name, value := range all {
		if value == "" {
			delete(all, name)
		}
	}
	return all
}

// Library reads the log.
type Library interface {
	// AccessEntries are the newest entries that match, newest first. The database itself looks whether the reader may.
	AccessEntries(ctx context.Context, reader auth.Actor, q Query) ([]Row, error)
	Heads(ctx context.Context) (Heads, error)
	Anchors(ctx context.Context, from campaign.Date) ([]Anchor, error)
}

// Desk is the log for the audit administrator.
type Desk struct {
	Log     *Log
	Library Library
	Key     Public
	Keep    time.Duration
}

func mayRead(reader auth.Actor) error {
	if reader.Role != campaign.RoleAuditor {
		return auth.NoRight()
	}
	return nil
}

// Entries are a page of the log, newest first.
func (d *Desk) Entries(ctx context.Context, reader auth.Actor, q Query) ([]Row, error) {
	if err := mayRead(reader); err != nil {
		return nil, err
	}
	d.Log.Note(ctx, Entry{Kind: LogRead, Object: "access_log", Details: q.chosen()})
	return d.Library.AccessEntries(ctx, reader, q)
}

const exportPage = 1000

// Export hands over every entry that matches and was there when it began, newest first; that it leaves is logged before.
func (d *Desk) Export(ctx context.Context, reader auth.Actor, q Query, each func([]Row) error) error {
	if err := mayRead(reader); err != nil {
		return err
	}
	heads, err := d.Library.Heads(ctx)
	if err != nil {
		return err
	}
	if err := d.Log.Record(ctx, Entry{Kind: LogExport, Object: "access_log", Details: q.chosen()}); err != nil {
		return err
	}
	q.Before, q.Limit = heads.Access.ID+1, exportPage
	for {
		rows, err := d.Library.AccessEntries(ctx, reader, q)
		if err != nil {
			return err
		}
		if err := each(rows); err != nil || len(rows) < exportPage {
			return err
		}
		q.Before = rows[len(rows)-1].ID
	}
}

// State is how the chains stand.
type State struct {
	Heads

	Now      time.Time
	Anchors  []Anchor // the last ones, newest first
	Key      Public
	Keep     time.Duration
	Verified *Verification // nil: never
}

// Verification is the last one.
type Verification struct {
	At       time.Time
	Findings int
}

const anchorsShown = 7

// State is how the chains stand, by what the log says.
func (d *Desk) State(ctx context.Context, reader auth.Actor) (State, error) {
	s := State{Now: d.Log.clock(), Key: d.Key, Keep: d.Keep}
	if err := mayRead(reader); err != nil {
		return s, err
	}
	var err error
	if s.Heads, err = d.Library.Heads(ctx); err != nil {
		return s, err
	}
	if s.Anchors, err = d.Library.Anchors(ctx, ""); err != nil {
		return s, err
	}
	slices.Reverse(s.Anchors)
	s.Anchors = s.Anchors[:min(len(s.Anchors), anchorsShown)]
	rows, err := d.Library.AccessEntries(ctx, reader, Query{Kinds: []Kind{LogVerified}, Limit: 1})
	if err != nil || len(rows) == 0 {
		return s, err
	}
	s.Verified = &Verification{At: rows[0].RecordedAt}
	if err := json.Unmarshal([]byte(rows[0].Text), s.Verified); err != nil {
		return s, fmt.Errorf("entry %d of the access log: %w", rows[0].ID, err)
	}
	return s, nil
}
