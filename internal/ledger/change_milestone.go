package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// MarkMilestone marks a milestone of a case done on a day.
type MarkMilestone struct {
	Case        int64         `json:"case"`
	Milestone   string        `json:"milestone"`
	On          campaign.Date `json:"on"` // empty: the day it happened
	Note        string        `json:"note"`
	Checks      []string      `json:"checks,omitempty"` // boxes ticked
	BaseVersion int64         `json:"base_version"`     // 0: the author states none
}

func (MarkMilestone) kind() string     { return KindCaseMilestone }
func (c MarkMilestone) content() any   { return c }
func (c MarkMilestone) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c MarkMilestone) decide(ctx context.Context, w *work) error {
	return w.markFact(ctx, fact{caseID: c.Case, milestone: c.Milestone, base: c.BaseVersion, kind: KindCaseMilestone},
		func(t campaign.Track, from campaign.Case, today campaign.Date) (campaign.Case, error) {
			on := c.On
			if on == "" {
				on = w.happenedOn()
			}
			if err := w.evidenced(ctx, from, c.Milestone); err != nil {
				return from, err
			}
			return t.MarkDone(from, c.Milestone, campaign.Done{On: on, Actor: w.actor.ID, Note: c.Note, Checks: c.Checks}, today)
		})
}

// evidenced refuses a milestone for what the sheets of its case lack; where none of
// them asks for anything, they are not read.
func (w *work) evidenced(ctx context.Context, c campaign.Case, milestone string) error {
	def, err := w.definition(c.Campaign)
	if err != nil || len(def.Missing(c.Track, milestone, nil)) == 0 {
		return err
	}
	filled, err := w.filledOf(ctx, NounCase, c.ID)
	if err != nil {
		return err
	}
	return campaign.LacksEvidence(def.Missing(c.Track, milestone, filled))
}

// fact is a mark on a milestone as its author saw the case.
type fact struct {
	caseID    int64
	milestone string
	base      int64
	kind      string
}

type marking func(campaign.Track, campaign.Case, campaign.Date) (campaign.Case, error)

// markFact marks a milestone. A milestone is a fact, never a field: when
// somebody marked it after the author last looked, both marks are kept.
func (w *work) markFact(ctx context.Context, f fact, mark marking) error {
	cw, err := w.caseNow(f.caseID)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	since, err := w.since(ctx, cw.now, f.base)
	if err != nil {
		return err
	}
	if w.doubt != "" {
		return w.keepDoubtful(ctx, cw.now, f, track, mark)
	}
	key := markKey + f.milestone
	if other := lastTouching(since, key); other != nil && cw.now.Marks[f.milestone].Passed() {
		return w.keepMark(ctx, cw.now, f, track, *other, mark)
	}
	next, err := mark(track, cw.now, w.today())
	if err != nil {
		return err
	}
	if len(since) > 0 {
		w.conflicts = append(w.conflicts, Conflict{Grade: Soft, Noun: NounCase, NounID: f.caseID, Fields: touched(since)})
	}
	return w.record(cw, next, Entry{Kind: f.kind, BaseVersion: f.base})
}

// keepMark keeps the second of two contradicting marks for a person to resolve.
func (w *work) keepMark(ctx context.Context, c campaign.Case, f fact, track campaign.Track, other Recorded, mark marking) error {
	kept, err := w.asIfUnmarked(c, f.milestone, track, mark)
	if err != nil {
		return err
	}
	m := track.Milestones[track.Index(f.milestone)]
	standing, err := canonical(c.Marks[f.milestone])
	if err != nil {
		return err
	}
	at := other.RecordedAt.In(campaign.Shanghai()).Format("15:04")
	return w.keep(ctx, Kept{Noun: NounCase, NounID: c.ID, Field: markKey + f.milestone, Standing: standing, Kept: kept}, campaign.Text{
		ZH: fmt.Sprintf("%s已于 %s %s，您的内容已保留，待镇责任人核对", other.ActorName, at, m.Button.ZH),
		EN: fmt.Sprintf("%s did this at %s (%s); your entry is kept and the town lead will compare", other.ActorName, at, m.State.EN),
	})
}

// asIfUnmarked is the mark as it would be, had nobody marked this milestone.
func (w *work) asIfUnmarked(c campaign.Case, milestone string, track campaign.Track, mark marking) (json.RawMessage, error) {
	c.Marks = maps.Clone(c.Marks)
	delete(c.Marks, milestone)
	next, err := mark(track, c, w.today())
	if err != nil {
		return nil, err
	}
	return canonical(next.Marks[milestone])
}

// keep puts a contradicting value into quarantine.
func (w *work) keep(ctx context.Context, k Kept, text campaign.Text) error {
	ids, err := w.tx.NewIDs(ctx, 1)
	if err != nil {
		return err
	}
	k.ID, k.Version, k.Actor, k.HappenedAt = ids[0], 1, w.actor.ID, w.happenedAt
	w.writes.Conflicts = append(w.writes.Conflicts, k)
	w.conflicts = append(w.conflicts, Conflict{Grade: Hard, ConflictID: k.ID, Noun: k.Noun, NounID: k.NounID, Fields: []string{k.Field}, Text: text})
	fields, err := KeptFields(k)
	return w.create(KindConflictKept, NounQuarantine, k.ID, fields, err)
}

// since are the entries others made on a case after the version its author saw.
func (w *work) since(ctx context.Context, c campaign.Case, base int64) ([]Recorded, error) {
	if base == 0 || base >= c.Version {
		if base > c.Version {
			return nil, fault.New(fault.KindStale, "base_version_unknown", "该事项没有这个版本，请刷新后再试", "the case has no such version; please reload")
		}
		return nil, nil
	}
	return w.tx.Entries(ctx, Query{Noun: NounCase, NounIDs: []int64{c.ID}, AfterVersion: base})
}

func lastTouching(entries []Recorded, key string) *Recorded {
	for i := len(entries) - 1; i >= 0; i-- {
		if slices.Contains(entries[i].Body.Keys(), key) {
			return &entries[i]
		}
	}
	return nil
}

func touched(entries []Recorded) []string {
	keys := map[string]bool{}
	for _, e := range entries {
		for _, k := range e.Body.Keys() {
			if !isDerived(k) {
				keys[k] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}
