package dossier

import (
	"encoding/json"

	"github.com/guatu/guatu/internal/campaign"
)

// worded gives conflicts their words; the list is changed.
func worded(d campaign.Definition, conflicts []Conflict) []Conflict {
	for i := range conflicts {
		k := &conflicts[i]
		track, _ := d.Track(k.Case.Track)
		(&voice{d, track}).compare(k)
	}
	return conflicts
}

// compare says what contradicts: which field, what stands, what was kept.
func (v *voice) compare(k *Conflict) {
	name, known := v.field(k.Field, func(m campaign.Milestone) campaign.Text { return m.Name })
	if !known {
		name = text("其他内容", "something else")
	}
	standing, kept := v.value(k.Field, k.Standing), v.value(k.Field, k.Kept.Kept)
	k.FieldName, k.StandingText, k.KeptText = name, standing, kept
	k.Text = text(name.ZH+"：现值 "+standing.ZH+"，另一值 "+kept.ZH, name.EN+": stands "+standing.EN+", other "+kept.EN)
}

// value says a value of a field in words.
func (v *voice) value(field string, value json.RawMessage) campaign.Text {
	for _, m := range v.track.Milestones {
		if field == milestonePrefix+m.Code {
			return mark(m, value)
		}
	}
	var said string
	if json.Unmarshal(value, &said) != nil || said == "" {
		return text("空", "empty")
	}
	switch field {
	case "disposal":
		return named(v.definition.Disposals, said)
	case "kind":
		return named(v.definition.Kinds, said)
	case "village":
		if place, ok := v.definition.Village(said); ok {
			return place.Name
		}
	}
	return text(said, said)
}

func named(list []campaign.Choice, code string) campaign.Text {
	for _, c := range list {
		if c.Code == code {
			return c.Name
		}
	}
	return text(code, code)
}

// mark says what is known of a milestone: 已停产（09-10）, 不适用, 计划停产 10-20.
func mark(m campaign.Milestone, value json.RawMessage) campaign.Text {
	var k campaign.Mark
	if json.Unmarshal(value, &k) != nil {
		return text("空", "empty")
	}
	switch {
	case k.NotApplicable:
		return text("不适用："+k.Reason, "not applicable: "+k.Reason)
	case k.DoneOn != "":
		return text(m.State.ZH+"（"+k.DoneOn.Short()+"）", m.State.EN+" ("+k.DoneOn.Short()+")")
	case k.PlanOn != "":
		return text(m.PlanLabel.ZH+" "+k.PlanOn.Short(), m.PlanLabel.EN+" "+k.PlanOn.Short())
	}
	return text("空", "empty")
}
