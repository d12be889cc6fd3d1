package ledger

import (
	"context"
	"crypto/sha256"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries that set a campaign up.
const (
	KindCampaignSetUp = "campaign.set_up"
	KindUnitSetUp     = "unit.set_up"
	KindPersonSetUp   = "person.set_up"
)

// SetUpCampaign makes the running campaign with its units and people. There may be none yet.
type SetUpCampaign struct {
	Definition campaign.Definition `json:"definition"`
	Units      []UnitDraft         `json:"units"`
	People     []Person            `json:"people"`
}

// UnitDraft is a unit with its boundary; an empty Boundary is unknown.
type UnitDraft struct {
	Unit
	Boundary orb.MultiPolygon // EPSG:4490
}

func (SetUpCampaign) kind() string   { return KindCampaignSetUp }
func (c SetUpCampaign) content() any { return c }
func (SetUpCampaign) names(*Locks)   {}

func (c SetUpCampaign) decide(ctx context.Context, w *work) error {
	if w.there.Running != 0 {
		return fault.New(fault.KindConflict, "campaign_exists", "专项行动已经建立", "a campaign has been set up already")
	}
	if err := c.Definition.Check(); err != nil {
		return fault.New(fault.KindInvalid, "bad_campaign", "专项行动的定义有误", "the definition of the campaign is wrong").Because(err)
	}
	ids, err := w.tx.NewIDs(ctx, 1+len(c.Units)+len(c.People))
	if err != nil {
		return err
	}
	made := Campaign{ID: ids[0], Version: 1, Definition: c.Definition}
	w.there.Running, w.there.Campaigns[made.ID] = made.ID, made
	w.writes.Campaigns = append(w.writes.Campaigns, made)
	fields, err := CampaignFields(made)
	if err := w.create(KindCampaignSetUp, NounCampaign, made.ID, fields, err); err != nil {
		return err
	}
	if err := c.units(w, ids[1:]); err != nil {
		return err
	}
	return c.people(w, ids[1+len(c.Units):])
}

func (c SetUpCampaign) units(w *work, ids []int64) error {
	for i, draft := range c.Units {
		u := draft.Unit
		u.ID, u.Version, u.Campaign = ids[i], 1, c.Definition.Code
		if len(draft.Boundary) > 0 {
			wire, err := ewkb.MarshalMultiPolygon(draft.Boundary, 4490)
			if err != nil {
				return err
			}
			hash := sha256.Sum256(wire)
			u.Shape = hash[:]
			w.writes.Shapes = append(w.writes.Shapes, draft.Boundary)
		}
		w.writes.Units = append(w.writes.Units, u)
		fields, err := UnitFields(u)
		if err := w.create(KindUnitSetUp, NounUnit, u.ID, fields, err); err != nil {
			return err
		}
	}
	return nil
}

func (c SetUpCampaign) people(w *work, ids []int64) error {
	for i, p := range c.People {
		p.ID, p.Version = ids[i], 1
		w.writes.People = append(w.writes.People, p)
		fields, err := PersonFields(p)
		if err := w.create(KindPersonSetUp, NounPerson, p.ID, fields, err); err != nil {
			return err
		}
	}
	return nil
}
