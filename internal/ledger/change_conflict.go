package ledger

import (
	"context"
	"maps"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Kinds of journal entries about hard conflicts.
const (
	KindConflictKept    = "conflict.kept"
	KindConflictResolve = "conflict.resolve"
)

// Ways to resolve a hard conflict.
const (
	ChooseKept     = "kept"     // the value that was kept takes the place of the one that stands
	ChooseStanding = "standing" // what stands stays
)

// ResolveConflict closes a hard conflict; a person chose.
type ResolveConflict struct {
	Conflict int64  `json:"conflict"`
	Choose   string `json:"choose"`
	Reason   string `json:"reason,omitempty"`
}

func (ResolveConflict) kind() string     { return KindConflictResolve }
func (c ResolveConflict) content() any   { return c }
func (c ResolveConflict) names(l *Locks) { l.Conflicts = append(l.Conflicts, c.Conflict) }

// looksUp reads which case the conflict is about.
func (c ResolveConflict) looksUp(ctx context.Context, tx Tx, l *Locks) error {
	entries, err := tx.Entries(ctx, Query{Noun: NounQuarantine, NounIDs: []int64{c.Conflict}})
	if err != nil || len(entries) == 0 {
		return err
	}
	var caseID int64
	r := &reader{fields: entries[0].Body.After}
	r.get("noun_id", &caseID)
	l.Cases = append(l.Cases, caseID)
	return r.err
}

func (c ResolveConflict) decide(_ context.Context, w *work) error {
	k, ok := w.there.Conflicts[c.Conflict]
	if !ok {
		return fault.New(fault.KindNotFound, "conflict_not_found", "没有这条待核对内容", "there is no such conflict")
	}
	if k.Resolution != "" {
		return fault.New(fault.KindConflict, "already_resolved", "这条内容已核对过", "this conflict was resolved already")
	}
	if c.Choose != ChooseKept && c.Choose != ChooseStanding {
		return fault.New(fault.KindInvalid, "choice_missing", "请选择保留哪一项", "please choose which value stays")
	}
	if k.Why != "" && c.Choose == ChooseStanding && strings.TrimSpace(c.Reason) == "" {
		return fault.New(fault.KindInvalid, "reason_missing", "请填写不采纳的原因", "please say why it is dismissed")
	}
	before, err := KeptFields(k)
	if err != nil {
		return err
	}
	k.Resolution = c.Choose
	after, err := KeptFields(k)
	if err != nil {
		return err
	}
	k.Version++
	w.writes.Conflicts = append(w.writes.Conflicts, k)
	body := diff(before, after)
	body.Note = noted(c.Reason).Note
	w.entries = append(w.entries, Entry{Kind: KindConflictResolve, KindVersion: 1, Noun: NounQuarantine, NounID: k.ID, Version: k.Version, Body: body})
	if c.Choose == ChooseStanding {
		return nil
	}
	return w.takeKept(k, c.Reason)
}

// takeKept writes the kept value into the case.
func (w *work) takeKept(k Kept, why string) error {
	cw, err := w.caseNow(k.NounID)
	if err != nil {
		return err
	}
	fields := Fields{}
	maps.Copy(fields, cw.fields)
	fields[k.Field] = k.Kept
	if string(k.Kept) == "null" {
		delete(fields, k.Field)
	}
	next, err := CaseOf(cw.now.ID, cw.now.Version, fields)
	if err != nil {
		return err
	}
	track, err := w.track(next)
	if err != nil {
		return err
	}
	if err := track.Legal(next); err != nil {
		return err
	}
	return w.record(cw, next, Entry{Kind: KindConflictResolve, Body: noted(why)})
}
