package caseimport

import (
	"path/filepath"
	"strings"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
)

// units finds responsible units by what people call them.
type units struct {
	all  []chronicle.Unit
	main campaign.Definition
}

// unitOf is the unit whose full or short name a cell is.
func (u units) named(text string) (code string, known bool) {
	text = plain(text)
	for _, unit := range u.all {
		if unit.Outside {
			continue
		}
		for _, name := range []string{unit.Name.ZH, unit.Short.ZH, unit.Short.ZH + "镇", unit.Short.ZH + "街道", unit.Code} {
			if text == plain(name) && text != "" {
				return unit.Code, true
			}
		}
	}
	return "", false
}

// within finds the one unit that a text names; "" where it names none or several.
func (u units) within(text string) string {
	found := ""
	text = plain(text)
	for _, unit := range u.all {
		if unit.Outside || !strings.Contains(text, plain(unit.Short.ZH)) && !strings.Contains(text, plain(unit.Name.ZH)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = unit.Code
	}
	return found
}

// name is how a unit is called.
func (u units) name(code string) campaign.Text {
	for _, unit := range u.all {
		if unit.Code == code {
			return unit.Name
		}
	}
	return campaign.Text{}
}

// place decides whose sheet it is: as said, the actor's own, or as title, sheet or file call it.
func (s *sheet) placed(u units, actor auth.Actor, a Answers) {
	if code := a.Units[s.place]; code != "" {
		s.unit, s.from = code, "answer"
		return
	}
	if actor.Unit != "" {
		s.unit, s.from = actor.Unit, "actor"
		return
	}
	for _, hint := range []struct{ from, text string }{
		{"title", strings.Join(s.Title, " ")}, {"sheet", s.Sheet}, {"file", strings.TrimSuffix(s.file, filepath.Ext(s.file))},
	} {
		if code := u.within(hint.text); code != "" {
			s.unit, s.from = code, hint.from
			return
		}
	}
}

// village finds a village of a unit by its name, with or without 村 and 社区, or its code.
func (u units) village(unit, text string) (code string, known bool) {
	wanted := bareVillage(text)
	for _, v := range u.main.Villages {
		if v.Unit == unit && (v.Code == text || bareVillage(v.Name.ZH) == wanted) {
			return v.Code, true
		}
	}
	return "", false
}

func bareVillage(name string) string {
	name = plain(name)
	for _, end := range []string{"村委会", "居委会", "社区", "村"} {
		if bare := strings.TrimSuffix(name, end); bare != "" && bare != name {
			return bare
		}
	}
	return name
}
