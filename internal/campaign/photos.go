package campaign

import (
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// PhotoSlot is a place for a photo that a milestone asks for (大门全景, 电表).
type PhotoSlot struct {
	Choice

	// Required says that milestones which look at the evidence (Milestone.EvidenceOf) need a photo here.
	Required bool `json:"required,omitempty"`
}

// Photo is a photo of a case as far as the rules look at it.
type Photo struct {
	Milestone string
	Slot      string // "" for one beside the named slots
	Arrived   bool   // its file is stored; before that it is only announced
}

// MostPhotos is how many photos one milestone of a case can have.
const MostPhotos = 200

// MayAttach says whether a photo may be put into a slot of a milestone ("" is
// beside the slots); else why not. Photos may come at any time, also after acceptance.
func (t Track) MayAttach(c Case, milestone, slot string) error {
	i := t.Index(milestone)
	if i < 0 {
		return unknownMilestone(milestone)
	}
	if _, known := t.Milestones[i].PhotoSlot(slot); slot != "" && !known {
		return fault.New(fault.KindInvalid, "unknown_slot", fmt.Sprintf("“%s”没有“%s”这个照片栏", t.Milestones[i].Name.ZH, slot), fmt.Sprintf("%s has no photo slot %q", t.Milestones[i].Name.EN, slot))
	}
	n := 0
	for _, p := range c.Photos {
		if p.Milestone == milestone {
			n++
		}
	}
	if n >= MostPhotos {
		return fault.New(fault.KindConflict, "too_many_photos", fmt.Sprintf("“%s”已有 %d 张照片，不能再加", t.Milestones[i].Name.ZH, n), fmt.Sprintf("%s has %d photos already", t.Milestones[i].Name.EN, n))
	}
	return nil
}

// PhotoSlot finds a photo slot by its code.
func (m Milestone) PhotoSlot(code string) (PhotoSlot, bool) {
	i := slices.IndexFunc(m.Photos, func(s PhotoSlot) bool { return s.Code == code })
	if i < 0 {
		return PhotoSlot{}, false
	}
	return m.Photos[i], true
}

// Lacking is what the evidence of a milestone lacks, in words: required slots
// without a photo (电表照片), and photos that were announced and have not arrived.
// Nothing for a milestone that is not done.
func (t Track) Lacking(c Case, milestone string) []Text {
	i := t.Index(milestone)
	if i < 0 || c.Marks[milestone].DoneOn == "" {
		return nil
	}
	var lacking []Text
	for _, s := range t.Milestones[i].Photos {
		has := slices.ContainsFunc(c.Photos, func(p Photo) bool { return p.Milestone == milestone && p.Slot == s.Code })
		if s.Required && !has {
			lacking = append(lacking, Text{s.Name.ZH + "照片", "photo: " + s.Name.EN})
		}
	}
	for _, p := range c.Photos {
		if p.Milestone == milestone && !p.Arrived {
			name := t.Milestones[i].slotName(p.Slot)
			lacking = append(lacking, Text{name.ZH + "照片（未送达）", "photo: " + name.EN + " (not arrived)"})
		}
	}
	return lacking
}

// slotName is the wording of a slot; a photo beside the slots is named by the milestone.
func (m Milestone) slotName(code string) Text {
	if s, known := m.PhotoSlot(code); known {
		return s.Name
	}
	return m.Name
}

// evidenced refuses a milestone while the evidence it looks at is not whole (已标记·证据未齐).
func (t Track) evidenced(c Case, m Milestone) error {
	var zh, en []string
	for _, code := range m.EvidenceOf {
		for _, l := range t.Lacking(c, code) {
			zh, en = append(zh, l.ZH), append(en, l.EN)
		}
	}
	if len(zh) == 0 {
		return nil
	}
	return fault.New(fault.KindConflict, "evidence_missing",
		fmt.Sprintf("还缺 %d 项材料：%s", len(zh), strings.Join(zh, "、")), fmt.Sprintf("%d items are missing: %s", len(en), strings.Join(en, ", ")))
}

// checkPhotos reports slots without code or words, and evidence of milestones that do not come before.
func (m Milestone) checkPhotos(earlier map[string]bool) error {
	slots := make([]Choice, len(m.Photos))
	for i, s := range m.Photos {
		slots[i] = s.Choice
	}
	for _, code := range m.EvidenceOf {
		if !earlier[code] {
			return fmt.Errorf("evidence of %q, which does not come before", code)
		}
	}
	return checkChoices("photo slot", slots)
}
