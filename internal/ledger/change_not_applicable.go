package ledger

import (
	"context"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
)

// Kinds of entries about milestones that are not applicable.
const (
	KindCaseNotApplicable = "case.not_applicable"
	KindCaseApplicable    = "case.applicable"
	KindCaseTemplate      = "case.template"
)

// MarkNotApplicable marks a milestone of a case as not applicable (不适用).
type MarkNotApplicable struct {
	Case        int64  `json:"case"`
	Milestone   string `json:"milestone"`
	Reason      string `json:"reason"`
	BaseVersion int64  `json:"base_version"`
}

func (MarkNotApplicable) kind() string     { return KindCaseNotApplicable }
func (c MarkNotApplicable) content() any   { return c }
func (c MarkNotApplicable) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c MarkNotApplicable) decide(ctx context.Context, w *work) error {
	return w.markFact(ctx, fact{caseID: c.Case, milestone: c.Milestone, base: c.BaseVersion, kind: KindCaseNotApplicable},
		func(t campaign.Track, from campaign.Case, _ campaign.Date) (campaign.Case, error) {
			return t.MarkNotApplicable(from, c.Milestone, strings.TrimSpace(c.Reason), w.actor.ID)
		})
}

// MarkApplicable takes “not applicable” back from a milestone of a case (取消不适用).
type MarkApplicable struct {
	Case        int64  `json:"case"`
	Milestone   string `json:"milestone"`
	Reason      string `json:"reason,omitempty"`
	BaseVersion int64  `json:"base_version,omitempty"`
}

func (MarkApplicable) kind() string     { return KindCaseApplicable }
func (c MarkApplicable) content() any   { return c }
func (c MarkApplicable) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c MarkApplicable) decide(_ context.Context, w *work) error {
	return w.sideways(c.Case, Entry{Kind: KindCaseApplicable, BaseVersion: c.BaseVersion, Body: noted(c.Reason)}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		return t.MarkApplicable(from, c.Milestone)
	})
}

// ApplyTemplate marks the milestones of a template not applicable, those that are passed already left alone.
type ApplyTemplate struct {
	Case        int64  `json:"case"`
	Template    string `json:"template"`
	Reason      string `json:"reason,omitempty"` // empty: the template's name
	BaseVersion int64  `json:"base_version,omitempty"`
}

func (ApplyTemplate) kind() string     { return KindCaseTemplate }
func (c ApplyTemplate) content() any   { return c }
func (c ApplyTemplate) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c ApplyTemplate) decide(_ context.Context, w *work) error {
	return w.sideways(c.Case, Entry{Kind: KindCaseTemplate, BaseVersion: c.BaseVersion}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		def, err := w.definition(from.Campaign)
		if err != nil {
			return from, err
		}
		return def.Skip(t, from, c.Template, c.Reason, w.actor.ID)
	})
}
