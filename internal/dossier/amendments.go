package dossier

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Amendment is a change of the campaign's data: who, when, why, and what.
type Amendment struct {
	Version, Revision int64
	At                time.Time
	Actor, ActorName  string
	Note              string
	Differences       []campaign.Difference
}

// Amendments are the changes of the running campaign's data, newest first; the
// data it began with are the last and differ from nothing. They name people of
// the district office: who is of a unit is refused.
func (d *Desk) Amendments(ctx context.Context, scope auth.Scope) ([]Amendment, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	if !scope.Whole() {
		return nil, auth.NoRight()
	}
	running, err := d.store.Running(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := d.store.Timeline(ctx, scope, ledger.NounCampaign, running.ID)
	if err != nil {
		return nil, err
	}
	unit, err := d.unitNames(ctx, running.ID)
	if err != nil {
		return nil, err
	}
	list := make([]Amendment, 0, len(entries))
	for _, e := range entries {
		a := Amendment{Version: e.Version, Revision: e.ID, At: e.RecordedAt, Actor: e.Actor, ActorName: e.ActorName, Note: e.Body.Note}
		if a.Differences, err = amended(e, unit); err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	slices.Reverse(list)
	return list, nil
}

// Differences are what one definition of the running campaign has otherwise than another.
func (d *Desk) Differences(ctx context.Context, before, after campaign.Definition) ([]campaign.Difference, error) {
	running, err := d.store.Running(ctx)
	if err != nil {
		return nil, err
	}
	unit, err := d.unitNames(ctx, running.ID)
	if err != nil {
		return nil, err
	}
	return campaign.Differences(before, after, unit)
}

func (d *Desk) unitNames(ctx context.Context, campaignID int64) (func(code string) campaign.Text, error) {
	units, err := d.store.Units(ctx, campaignID)
	if err != nil {
		return nil, err
	}
	return func(code string) campaign.Text {
		for _, u := range units {
			if u.Code == code {
				return u.Short
			}
		}
		return campaign.Text{}
	}, nil
}

func amended(e ledger.Recorded, unit func(code string) campaign.Text) ([]campaign.Difference, error) {
	old, next := e.Body.Before["definition"], e.Body.After["definition"]
	if old == nil || next == nil {
		return nil, nil
	}
	var before, after campaign.Definition
	for text, d := range map[*json.RawMessage]*campaign.Definition{&old: &before, &next: &after} {
		if err := json.Unmarshal(*text, d); err != nil {
			return nil, fmt.Errorf("entry %d: %w", e.ID, err)
		}
	}
	return campaign.Differences(before, after, unit)
}
