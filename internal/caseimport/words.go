package caseimport

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// changes are what a row changes, in words: of the entries that the ledger made of it, what follows from others left out.
func (k *known) changes(track string, entries []ledger.Entry) []Change {
	var list []Change
	t, _ := k.view.Definition.Track(track)
	for _, e := range entries {
		if e.Kind == ledger.KindSheetJudge {
			continue
		}
		s := teller{k, t, campaign.Sheet{}}
		if e.Noun == ledger.NounSheet {
			s.sheet = k.sheetOf(e)
		}
		for _, key := range slices.Sorted(maps.Keys(keysOf(e))) {
			before, after := e.Body.Before[key], e.Body.After[key]
			if c, told := s.tell(e.Noun, key, before, after); told && !slices.Contains(list, c) { // a firm and its case are called alike
				list = append(list, c)
			}
		}
	}
	return list
}

func keysOf(e ledger.Entry) map[string]bool {
	keys := map[string]bool{}
	for key := range e.Body.Before {
		keys[key] = true
	}
	for key := range e.Body.After {
		keys[key] = true
	}
	return keys
}

// sheetOf is the sheet of an entry: one that is changed has it in neither part, so the values tell.
func (k *known) sheetOf(e ledger.Entry) campaign.Sheet {
	if s, ok := k.view.Definition.Sheet(text(e.Body.After["sheet"])); ok {
		return s
	}
	for _, s := range k.view.Definition.Sheets {
		all := true
		for key := range keysOf(e) {
			code, is := strings.CutPrefix(key, "value/")
			_, has := s.Field(code)
			all = all && (!is || has)
		}
		if all {
			return s
		}
	}
	return campaign.Sheet{}
}

// teller puts fields of a track's cases and of a sheet into words.
type teller struct {
	*known

	track campaign.Track
	sheet campaign.Sheet
}

func (s teller) tell(noun, key string, before, after json.RawMessage) (Change, bool) {
	if code, is := strings.CutPrefix(key, "milestone/"); is {
		return s.mark(code, before, after)
	}
	if code, is := strings.CutPrefix(key, "value/"); is {
		f, known := s.sheet.Field(code)
		return Change{f.Name, value(f, before), value(f, after)}, known
	}
	name, known := campaign.FieldName(key)
	if !known || slices.Contains([]string{"shares", "enterprise", "track"}, key) || noun == ledger.NounSheet {
		return Change{}, false
	}
	if key == "code" && noun == ledger.NounCase {
		return Change{}, false
	}
	return Change{name, s.plainValue(key, before), s.plainValue(key, after)}, true
}

// mark tells a milestone: its plan, or that it is done.
func (s teller) mark(code string, before, after json.RawMessage) (Change, bool) {
	i := s.track.Index(code)
	if i < 0 {
		return Change{}, false
	}
	var was, is campaign.Mark
	_ = json.Unmarshal(orNull(before), &was) // the ledger's own JSON
	_ = json.Unmarshal(orNull(after), &is)
	m := s.track.Milestones[i]
	switch {
	case is.DoneOn != was.DoneOn || is.NotApplicable != was.NotApplicable:
		return Change{m.State, dayOfMark(was), dayOfMark(is)}, true
	case is.PlanOn != was.PlanOn:
		return Change{m.PlanLabel, alike(string(was.PlanOn)), alike(string(is.PlanOn))}, true
	}
	return Change{}, false
}

func dayOfMark(m campaign.Mark) campaign.Text {
	if m.NotApplicable {
		return campaign.Text{ZH: "不适用", EN: "not applicable"}
	}
	return alike(string(m.DoneOn))
}

func orNull(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("null")
	}
	return raw
}

func alike(s string) campaign.Text { return campaign.Text{ZH: s, EN: s} }

func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(orNull(raw), &s) != nil {
		return strings.Trim(string(raw), "{}\"")
	}
	return s
}

func value(f campaign.Field, raw json.RawMessage) campaign.Text {
	if raw == nil {
		return campaign.Text{}
	}
	return f.Words(text(raw))
}

// plainValue is a field of a case or an enterprise in words.
func (s teller) plainValue(key string, raw json.RawMessage) campaign.Text {
	if raw == nil {
		return campaign.Text{}
	}
	d := s.view.Definition
	switch key {
	case "recovered", "effective", "floor":
		var a geo.Area
		_ = json.Unmarshal(raw, &a) // the ledger's own JSON
		return campaign.Text{ZH: a.Mu() + " 亩", EN: a.Mu() + " mu"}
	case "unit":
		return s.units.name(text(raw))
	case "village":
		v, _ := d.Village(text(raw))
		return v.Name
	case "kind":
		return nameOf(d.Kinds, text(raw))
	case "disposal":
		return nameOf(d.Disposals, text(raw))
	case "above_scale":
		return campaign.Text{ZH: "规上", EN: "above scale"}
	case "tax_per_mu", "evaluations":
		return alike(pairs(raw))
	}
	return alike(text(raw))
}

func nameOf(list []campaign.Choice, code string) campaign.Text {
	i := slices.IndexFunc(list, func(c campaign.Choice) bool { return c.Code == code })
	if i < 0 {
		return alike(code)
	}
	return list[i].Name
}

// pairs writes values by year.
func pairs(raw json.RawMessage) string {
	var byYear map[string]any
	if json.Unmarshal(raw, &byYear) != nil {
		return string(raw)
	}
	var parts []string
	for _, year := range slices.Sorted(maps.Keys(byYear)) {
		one, _ := json.Marshal(byYear[year]) //nolint:errchkjson // of JSON just read
		parts = append(parts, year+" "+strings.Trim(string(one), `"`))
	}
	return strings.Join(parts, "，")
}
