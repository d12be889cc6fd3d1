package campaign

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// Skip marks the milestones of a template not applicable, in the order of the
// track. One that is passed already stays; one that cannot follow yet is marked
// when its turn comes, so the template may be applied again.
func (d Definition) Skip(t Track, c Case, template, reason, actor string) (Case, error) {
	for _, s := range d.Templates {
		if s.Code != template {
			continue
		}
		if reason = strings.TrimSpace(reason); reason == "" {
			reason = s.Name.ZH
		}
		return t.skip(c, s, reason, actor)
	}
	return c, fault.New(fault.KindInvalid, "unknown_template", fmt.Sprintf("没有“%s”这个模板", template), fmt.Sprintf("there is no template %q", template))
}

func (t Track) skip(c Case, s Template, reason, actor string) (Case, error) {
	skipped := 0
	for _, m := range t.Milestones {
		if c.Marks[m.Code].Passed() || !slices.Contains(s.Milestones, m.Code) {
			continue
		}
		next, err := t.MarkNotApplicable(c, m.Code, reason, actor)
		if err != nil {
			if skipped > 0 {
				break
			}
			return c, err
		}
		c = next
		skipped++
	}
	return c, nil
}

// Skips are the milestones that a template would mark not applicable now, in
// the order of the track; a fault says why there is none.
func (d Definition) Skips(t Track, c Case, template string) ([]string, error) {
	next, err := d.Skip(t, c, template, "", "")
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, m := range t.Milestones {
		if next.Marks[m.Code].NotApplicable && !c.Marks[m.Code].NotApplicable {
			codes = append(codes, m.Code)
		}
	}
	if len(codes) == 0 {
		return nil, fault.New(fault.KindConflict, "nothing_to_skip", "这些节点都已办理", "these milestones are all marked already")
	}
	return codes, nil
}

// TemplatesOf are those of the campaign whose every milestone the track has and may skip.
func (d Definition) TemplatesOf(t Track) []Template {
	var list []Template
	for _, s := range d.Templates {
		fits := true
		for _, code := range s.Milestones {
			i := t.Index(code)
			fits = fits && i >= 0 && t.Milestones[i].MayBeNotApplicable
		}
		if fits {
			list = append(list, s)
		}
	}
	return list
}

// Locked says that the case's data stand: a milestone that locks them is done,
// and no side state unlocks them.
func (t Track) Locked(c Case) bool {
	for _, s := range t.sides {
		if _, in := c.Sides[s.Code]; in && s.Unlocks {
			return false
		}
	}
	for _, m := range t.Milestones {
		if m.Locks && c.Marks[m.Code].DoneOn != "" {
			return true
		}
	}
	return false
}

// MayMeasure refuses land for a case whose data stand.
func (t Track) MayMeasure(c Case) error {
	if t.Locked(c) {
		return fault.New(fault.KindConflict, "locked", "该事项已验收，数据已锁定，请申请解锁", "the case has been accepted and its data are locked; ask for them to be unlocked")
	}
	return nil
}

// MayBecome refuses what would leave cases without ground: another code or clock
// of the campaign, and tracks or milestones that are gone, in another order or of
// another stage. Words, limits, boxes, targets and lights may change freely, and
// milestones be added.
func (d Definition) MayBecome(next Definition) error {
	if next.Code != d.Code {
		return fault.New(fault.KindConflict, "campaign_code", "专项行动的代码不能改变", "the code of a campaign cannot change")
	}
	if next.Clock != d.Clock {
		return fault.New(fault.KindConflict, "campaign_clock", "专项行动的时钟不能改变", "the clock of a campaign cannot change")
	}
	for _, t := range d.Tracks {
		other, ok := next.Track(t.Code)
		if !ok {
			return fault.New(fault.KindConflict, "track_gone", fmt.Sprintf("不能去掉“%s”这条线", t.Name.ZH), "a track cannot be removed: "+t.Name.EN)
		}
		last := -1
		for _, m := range t.Milestones {
			i := other.Index(m.Code)
			if i <= last {
				return fault.New(fault.KindConflict, "milestone_gone",
					fmt.Sprintf("不能去掉“%s”这个节点，也不能改变节点的先后", m.Name.ZH), "milestones cannot be removed or change their order: "+m.Name.EN)
			}
			if other.Milestones[i].Slot != m.Slot {
				return fault.New(fault.KindConflict, "milestone_slot", fmt.Sprintf("不能改变“%s”所在的阶段", m.Name.ZH), "a milestone keeps its stage: "+m.Name.EN)
			}
			last = i
		}
	}
	return nil
}
