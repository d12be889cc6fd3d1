package dossier

import (
	"encoding/json"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// pictured adds what the photo shows: its slot, else its milestone.
func (v *voice) pictured(said campaign.Text, b ledger.Body) campaign.Text {
	fields := b.After
	if len(fields) == 0 {
		fields = b.Before
	}
	var milestone, slot string
	if json.Unmarshal(fields["milestone"], &milestone) != nil {
		return said
	}
	_ = json.Unmarshal(fields["slot"], &slot) // absent beside the slots
	i := v.track.Index(milestone)
	if i < 0 {
		return said
	}
	name := v.track.Milestones[i].Name
	if s, known := v.track.Milestones[i].PhotoSlot(slot); known {
		name = s.Name
	}
	return text(said.ZH+"："+name.ZH, said.EN+": "+name.EN)
}
