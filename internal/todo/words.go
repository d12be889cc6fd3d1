package todo

import (
	"fmt"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
)

// oldest says how long the oldest has waited.
func oldest(days int) campaign.Text {
	switch {
	case days < 0:
		return campaign.Text{}
	case days == 0:
		return campaign.Text{ZH: "最早今天", EN: "oldest: today"}
	case days == 1:
		return campaign.Text{ZH: "最早 1 天前", EN: "oldest: 1 day ago"}
	}
	return campaign.Text{ZH: fmt.Sprintf("最早 %d 天前", days), EN: fmt.Sprintf("oldest: %d days ago", days)}
}

// joined names the parts: 重叠 1·代码 1.
func joined(parts []Part) campaign.Text {
	var zh, en []string
	for _, p := range parts {
		zh = append(zh, fmt.Sprintf("%s %d", p.Name.ZH, p.Number))
		en = append(en, fmt.Sprintf("%s %d", p.Name.EN, p.Number))
	}
	return campaign.Text{ZH: strings.Join(zh, "·"), EN: strings.Join(en, " · ")}
}

// longLate is from when on what is late is told apart: more than 30 days.
const longLate = 31

// lateParts are what is late for long, and what is late and in a side state that the campaign tells of.
func (s *strip) lateParts(g *Group) []Part {
	long := g.Query
	long.Late, long.LateFrom = false, longLate
	parts := []Part{{Code: "long", Name: campaign.Text{ZH: "30天以上", EN: "over 30 days"}, Query: long}}
	for _, code := range g.Tells {
		side, _ := s.view.Definition.Side(code) // checked with the definition
		told := g.Query
		told.Side = code
		parts = append(parts, Part{Code: code, Name: side.Name, Query: told})
	}
	return parts
}
