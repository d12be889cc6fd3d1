package ledger

import (
	"context"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindFindingWaive is the kind of entries by which a finding is let be.
const KindFindingWaive = "finding.waive"

// WaiveFinding lets a finding be (不作处理), for a reason; taken back by undoing.
type WaiveFinding struct {
	Rule   string `json:"rule"`
	One    int64  `json:"one"`
	Other  int64  `json:"other,omitempty"`
	Reason string `json:"reason"`
}

func (WaiveFinding) kind() string   { return KindFindingWaive }
func (c WaiveFinding) content() any { return c }
func (WaiveFinding) names(*Locks)   {}

func (c WaiveFinding) decide(ctx context.Context, w *work) error {
	rule, known := campaign.FindingRuleOf(c.Rule)
	switch {
	case !known:
		return fault.New(fault.KindInvalid, "unknown_rule", "没有“"+c.Rule+"”这条核查规则", "there is no rule "+c.Rule)
	case strings.TrimSpace(c.Reason) == "":
		return fault.New(fault.KindInvalid, "reason_missing", "请填写不作处理的原因", "please give the reason for letting it be")
	case !rule.Waivable:
		return fault.New(fault.KindConflict, "not_waivable", "“"+rule.Name.ZH+"”不能不作处理，请"+rule.Way.ZH, rule.Name.EN+" cannot be let be: "+rule.Way.EN)
	}
	area, before, found, err := w.tx.FindingNow(ctx, c.Rule, c.One, c.Other)
	if err != nil {
		return err
	}
	if !found {
		return fault.New(fault.KindNotFound, "no_finding", "该问题已不存在，可能已被处理", "there is no such finding; it may have been put right")
	}
	after := Waiver{ID: before.ID, Version: before.Version + 1, Rule: c.Rule, One: c.One, Other: c.Other, Area: area, Reason: strings.TrimSpace(c.Reason), Author: w.actor.ID, MadeAt: w.now, Batch: w.batch}
	if before.ID == 0 {
		if after.ID, err = w.newID(ctx); err != nil {
			return err
		}
	}
	return w.recordWaiver(before, after, Entry{Kind: KindFindingWaive})
}

// recordWaiver takes the new state of a waiver and appends the entry that says what changed.
func (w *work) recordWaiver(before, after Waiver, e Entry) error {
	w.writes.Waivers = append(w.writes.Waivers, after)
	e.Noun, e.NounID, e.Version = NounWaiver, after.ID, after.Version
	return w.recordNoun(before.ID != 0, e, func() (Fields, error) { return WaiverFields(before) }, func() (Fields, error) { return WaiverFields(after) })
}

// allWaivers puts the waivers of the batch back.
func (u *undo) allWaivers(ctx context.Context) error {
	ids := u.touched.Nouns[NounWaiver]
	if len(ids) == 0 {
		return nil
	}
	if err := u.load(ctx, NounWaiver, ids); err != nil {
		return err
	}
	there, err := u.tx.Waivers(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := u.undoWaiver(id, there[id]); err != nil {
			return err
		}
	}
	return u.blocked()
}

// undoWaiver puts one back; old is the waiver as it is, without an id where it is gone.
func (u *undo) undoWaiver(id int64, old Waiver) error {
	now := Fields{}
	if old.ID != 0 {
		var err error
		if now, err = WaiverFields(old); err != nil {
			return err
		}
	}
	fields, version := u.before(id, now, "rule")
	if len(u.inTheWay) > 0 {
		return nil
	}
	if len(fields) > 0 {
		after, err := WaiverOf(id, version+1, fields)
		if err != nil {
			return err
		}
		return u.recordWaiver(old, after, Entry{Kind: KindUndo, Body: u.said()})
	}
	body := u.said()
	body.Before = now
	u.entries = append(u.entries, Entry{Kind: KindUndo, KindVersion: 1, Noun: NounWaiver, NounID: id, Version: version + 1, Body: body})
	u.writes.RemovedWaivers = append(u.writes.RemovedWaivers, id)
	return nil
}
