package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindCaseMeasure is the kind of entries about the land of a case.
const KindCaseMeasure = "case.measure"

// MeasureCase enters the recovered land as accepted (认定面积) and its effective part.
type MeasureCase struct {
	Case      int64    `json:"case"`
	Recovered geo.Area `json:"recovered"`
	Effective geo.Area `json:"effective"`
	// FromLand takes both areas from the recorded polygons, to the last digit.
	FromLand bool `json:"from_land,omitempty"`
	// Floor is the floor area of a park; nil leaves it as it is.
	Floor       *geo.Area `json:"floor,omitempty"`
	Reason      string    `json:"reason,omitempty"` // asked for where it differs much from the parcels
	BaseVersion int64     `json:"base_version,omitempty"`
}

func (MeasureCase) kind() string   { return KindCaseMeasure }
func (c MeasureCase) content() any { return c }

func (c MeasureCase) names(l *Locks) {
	l.Cases = append(l.Cases, c.Case)
	l.Land = l.Land || c.FromLand
}

func (c MeasureCase) decide(ctx context.Context, w *work) error {
	if c.FromLand {
		there, err := w.landThere(c.Case)
		if err != nil {
			return err
		}
		if c.Recovered, c.Effective, err = w.landAreas(ctx, there); err != nil {
			return err
		}
	}
	return w.sideways(c.Case, Entry{Kind: KindCaseMeasure, BaseVersion: c.BaseVersion, Body: noted(c.Reason)}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		if err := t.MayMeasure(from); err != nil {
			return from, err
		}
		measured := from
		measured.Recovered, measured.Effective = c.Recovered, c.Effective
		if c.Floor != nil {
			measured.Floor = *c.Floor
		}
		return measured, c.check(measured)
	})
}

func (c MeasureCase) check(measured campaign.Case) error {
	switch {
	case c.Recovered < 0 || c.Effective < 0 || measured.Floor < 0:
		return fault.New(fault.KindInvalid, "negative_area", "面积不能为负数", "an area cannot be negative")
	case c.Effective > c.Recovered:
		beyond := (c.Effective - c.Recovered).Mu()
		return fault.New(fault.KindConflict, "effective_beyond", "有效范围超出腾退范围 "+beyond+" 亩", "the effective land exceeds the recovered land by "+beyond+" mu")
	}
	if differs := measured.Differs(); differs > campaign.MuchDifference && strings.TrimSpace(c.Reason) == "" {
		return fault.New(fault.KindConflict, "area_differs",
			fmt.Sprintf("认定面积与图斑面积相差 %.1f%%，请填写原因", differs), fmt.Sprintf("the accepted area differs from the parcels by %.1f %%; give the reason", differs))
	}
	return nil
}
