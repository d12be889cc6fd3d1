package ledger

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about the land of a case and about templates.
const (
	KindCaseMeasure  = "case.measure"
	KindCaseTemplate = "case.template"
)

// MeasureCase enters the recovered land as accepted (认定面积) and its effective part.
type MeasureCase struct {
	Case        int64    `json:"case"`
	Recovered   geo.Area `json:"recovered"`
	Effective   geo.Area `json:"effective"`
	Reason      string   `json:"reason,omitempty"` // asked for where it differs much from the parcels
	BaseVersion int64    `json:"base_version,omitempty"`
}

func (MeasureCase) kind() string     { return KindCaseMeasure }
func (c MeasureCase) content() any   { return c }
func (c MeasureCase) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c MeasureCase) decide(_ context.Context, w *work) error {
	return w.sideways(c.Case, KindCaseMeasure, c.BaseVersion, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		if t.Locked(from) {
			return from, fault.New(fault.KindConflict, "locked", "该事项已验收，数据已锁定，请申请解锁", "the case has been accepted and its data are locked; ask for them to be unlocked")
		}
		if err := c.check(from); err != nil {
			return from, err
		}
		from.Recovered, from.Effective = c.Recovered, c.Effective
		return from, nil
	})
}

func (c MeasureCase) check(from campaign.Case) error {
	switch {
	case c.Recovered < 0 || c.Effective < 0:
		return fault.New(fault.KindInvalid, "negative_area", "面积不能为负数", "an area cannot be negative")
	case c.Effective > c.Recovered:
		beyond := (c.Effective - c.Recovered).Mu()
		return fault.New(fault.KindConflict, "effective_beyond", "有效范围超出腾退范围 "+beyond+" 亩", "the effective land exceeds the recovered land by "+beyond+" mu")
	}
	land := from.Land()
	if land == 0 || strings.TrimSpace(c.Reason) != "" {
		return nil
	}
	const much = 5.0 // per cent
	if differs := 100 * math.Abs(float64(c.Recovered-land)) / float64(land); differs > much {
		return fault.New(fault.KindConflict, "area_differs",
			fmt.Sprintf("认定面积与图斑面积相差 %.1f%%，请填写原因", differs), fmt.Sprintf("the accepted area differs from the parcels by %.1f %%; give the reason", differs))
	}
	return nil
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
	return w.sideways(c.Case, KindCaseTemplate, c.BaseVersion, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
		def, err := w.definition(from.Campaign)
		if err != nil {
			return from, err
		}
		return def.Skip(t, from, c.Template, c.Reason, w.actor.ID)
	})
}
