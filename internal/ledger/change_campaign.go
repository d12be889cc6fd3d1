package ledger

import (
	"context"
	"reflect"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindCampaignAmend is the kind of entries that change a campaign's data.
const KindCampaignAmend = "campaign.amend"

// AmendCampaign changes the running campaign's data: names, targets, lights,
// milestones, code lists. It is refused when somebody else changed it since the
// author looked, or when cases stand on what it would remove.
type AmendCampaign struct {
	BaseVersion int64               `json:"base_version"`
	Definition  campaign.Definition `json:"definition"`
	Note        string              `json:"note,omitempty"` // why: a document, a meeting

	// Preview, if not nil, is given the data as they stand; nothing is written, and Apply returns ErrDryRun.
	Preview *campaign.Definition `json:"-"`
}

func (AmendCampaign) kind() string   { return KindCampaignAmend }
func (c AmendCampaign) content() any { return c }
func (AmendCampaign) names(*Locks)   {}

func (c AmendCampaign) decide(ctx context.Context, w *work) error {
	old, ok := w.there.Campaigns[w.there.Running]
	if !ok {
		return fault.New(fault.KindNotFound, "no_campaign", "尚未建立专项行动", "no campaign has been set up yet")
	}
	if old.Version != c.BaseVersion {
		return w.changedByAnother(ctx, NounCampaign, old.ID, c.BaseVersion)
	}
	if err := c.Definition.Check(); err != nil {
		return fault.New(fault.KindInvalid, "bad_campaign", "专项行动的设置有误："+err.Error(), "the campaign's data are wrong: "+err.Error()).Because(err)
	}
	if err := c.Definition.CheckWords(); err != nil {
		return err
	}
	if err := old.Definition.MayBecome(c.Definition); err != nil {
		return err
	}
	if c.Preview != nil {
		*c.Preview = old.Definition
		return ErrDryRun
	}
	next := Campaign{ID: old.ID, Version: old.Version + 1, Definition: c.Definition}
	before, err := CampaignFields(old)
	if err != nil {
		return err
	}
	after, err := CampaignFields(next)
	if err != nil {
		return err
	}
	body := diff(before, after)
	if body.Empty() {
		return nil
	}
	body.Note = c.Note
	w.writes.Campaigns = append(w.writes.Campaigns, next)
	anew := !reflect.DeepEqual(old.Definition.Eligibility, c.Definition.Eligibility)
	w.entries = append(w.entries, Entry{Kind: KindCampaignAmend, KindVersion: 1, Noun: NounCampaign, NounID: next.ID, BaseVersion: c.BaseVersion, Version: next.Version, Body: body})
	if anew {
		return w.judgedAnew(ctx, c.Definition)
	}
	return nil
}
