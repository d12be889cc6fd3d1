package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindCaseMove is the kind of entries that moving a case makes.
const KindCaseMove = "case.move"

// MoveCase hands a case over to another unit (移交责任主体). The figures of both units are others from then on; those of days
// before stay, as all figures of earlier days do.
type MoveCase struct {
	Case        int64  `json:"case"`
	Unit        string `json:"unit"`
	Village     string `json:"village,omitempty"` // of that unit; "" is not known
	Reason      string `json:"reason"`
	BaseVersion int64  `json:"base_version"`
}

func (MoveCase) kind() string     { return KindCaseMove }
func (c MoveCase) content() any   { return c }
func (c MoveCase) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c MoveCase) decide(ctx context.Context, w *work) error {
	cw, err := w.seen(ctx, c.Case, c.BaseVersion, c.Reason)
	if err != nil {
		return err
	}
	def, err := w.definition(cw.now.Campaign)
	if err != nil {
		return err
	}
	if err := c.check(ctx, w, def, cw.now); err != nil {
		return err
	}
	next := cw.now
	next.Unit, next.Village = c.Unit, c.Village
	if err := w.record(cw, next, Entry{Kind: KindCaseMove, BaseVersion: c.BaseVersion, Body: noted(c.Reason)}); err != nil {
		return err
	}
	return w.moveSheets(ctx, c)
}

// seen is a case as its author saw it, with a reason given.
func (w *work) seen(ctx context.Context, id, base int64, reason string) (*caseWork, error) {
	cw, err := w.caseNow(id)
	if err != nil {
		return nil, err
	}
	if base != 0 && base != cw.now.Version {
		return nil, w.changedByAnother(ctx, NounCase, id, base)
	}
	if strings.TrimSpace(reason) == "" {
		return nil, fault.New(fault.KindInvalid, "reason_missing", "请填写理由", "please give the reason")
	}
	return cw, nil
}

func (c MoveCase) check(ctx context.Context, w *work, def campaign.Definition, now campaign.Case) error {
	names, err := w.tx.UnitNames(ctx)
	if err != nil {
		return err
	}
	name, known := names[c.Unit]
	switch v, found := def.Village(c.Village); {
	case !known:
		return fault.New(fault.KindInvalid, "unknown_unit", fmt.Sprintf("没有“%s”这个责任主体", c.Unit), fmt.Sprintf("there is no unit %q", c.Unit))
	case c.Unit == now.Unit:
		return fault.New(fault.KindConflict, "same_unit", now.Code+" 已属"+name.ZH, now.Code+" belongs to "+name.EN+" already")
	case c.Village != "" && (!found || v.Unit != c.Unit):
		return fault.New(fault.KindInvalid, "unknown_village", name.ZH+"没有这个村（社区）", name.EN+" has no such village")
	}
	return nil
}

// moveSheets takes the sheets of the case along: who sees and fills them is said by their unit.
func (w *work) moveSheets(ctx context.Context, c MoveCase) error {
	filled, err := w.filledOf(ctx, NounCase, c.Case)
	if err != nil {
		return err
	}
	for _, old := range filled {
		next := old
		next.Unit = c.Unit
		var s campaign.Sheet
		if !campaign.KeptByProgram(old.Sheet) {
			if _, s, err = w.sheet(old.Sheet); err != nil {
				return err
			}
		}
		if err := w.writeSheet(s, old, next, Entry{Kind: KindCaseMove, Body: noted(c.Reason)}); err != nil {
			return err
		}
	}
	return nil
}
