package export

import (
	"fmt"
	"strconv"

	"github.com/guatu/guatu/internal/campaign"
)

// stageColours are the fills of the nine slots on a light ground, the same as on the map (frontend/src/domain/palette.ts); first that of no case.
func stageColours() []string {
	return []string{"#FFFFFF", "#DFDFED", "#BFC0F7", "#9CA2FF", "#689ABE", "#6E7F81", "#007565", "#075D34", "#2B4000", "#27251A"}
}

// stagesOf are the slots of a campaign with their colours, by slot; 0 is no case.
func stagesOf(d campaign.Definition) []stage {
	colours := stageColours()
	all := make([]stage, len(colours))
	all[0] = stage{campaign.Text{ZH: "未列入", EN: "no case"}, colours[0]}
	for _, s := range d.Slots {
		if s.Slot > 0 && s.Slot < len(all) {
			all[s.Slot] = stage{s.Name, colours[s.Slot]}
		}
	}
	return all
}

// rgb are the parts of a colour #RRGGBB.
func rgb(colour string) (r, g, b uint8) {
	n, _ := strconv.ParseUint(colour[1:], 16, 32) // our own digits
	return uint8(n >> 16 & 0xff), uint8(n >> 8 & 0xff), uint8(n & 0xff)
}

// label is “3 已评估”, and “未列入” where there is no case.
func (j *job) label(slot int) string {
	if slot == 0 {
		return j.stages[0].name.ZH
	}
	return fmt.Sprintf("%d %s", slot, j.stages[slot].name.ZH)
}
