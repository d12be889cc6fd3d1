package caseimport

import (
	"fmt"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/ledger"
)

// known is what is there, by what rows are found by.
type known struct {
	view    *chronicle.View
	actor   auth.Actor
	units   units
	answers Answers
	cases   map[string]*chronicle.Case   // by code
	firms   map[int64]ledger.Enterprise  // by id
	credits map[string]ledger.Enterprise // by credit code
	of      map[int64][]*chronicle.Case  // cases by enterprise
	named   map[nameKey][]*chronicle.Case
	parcels map[string]*chronicle.Parcel // by code
	taken   map[string]*entry            // what earlier rows of the files are about
}

type nameKey struct{ unit, track, name string }

func newKnown(v *chronicle.View, actor auth.Actor, u units, firms []ledger.Enterprise, a Answers) *known {
	k := &known{
		view: v, actor: actor, units: u, answers: a, cases: map[string]*chronicle.Case{}, firms: map[int64]ledger.Enterprise{}, credits: map[string]ledger.Enterprise{},
		of: map[int64][]*chronicle.Case{}, named: map[nameKey][]*chronicle.Case{}, parcels: map[string]*chronicle.Parcel{}, taken: map[string]*entry{},
	}
	former := k.enter(firms)
	for _, c := range v.Cases() {
		k.cases[c.Code] = c
		if c.Reduced {
			continue
		}
		k.of[c.Enterprise] = append(k.of[c.Enterprise], c)
		for _, name := range slices.Compact(slices.Sorted(slices.Values(append([]string{plain(c.Label), plain(k.firms[c.Enterprise].Name)}, former[c.Enterprise]...)))) {
			if name != "" {
				key := nameKey{c.Unit, c.Track, name}
				k.named[key] = append(k.named[key], c)
			}
		}
	}
	for _, p := range v.Parcels() {
		k.parcels[p.Code] = p
	}
	return k
}

// enter takes the enterprises in, and says under which names they were entered a second time: codes and names of those that
// were merged find the one that each of them is.
func (k *known) enter(firms []ledger.Enterprise) (former map[int64][]string) {
	former = map[int64][]string{}
	for _, f := range firms {
		k.firms[f.ID] = f
	}
	for _, f := range firms {
		itself, seen := f.Itself(func(id int64) (ledger.Enterprise, bool) { e, there := k.firms[id]; return e, there })
		if !seen {
			continue
		}
		if f.Code != "" {
			k.credits[f.Code] = itself
		}
		if itself.ID != f.ID {
			former[itself.ID] = append(former[itself.ID], plain(f.Name))
		}
	}
	return former
}

// match is what a row is about: a case that is there, or a new one, of a firm that is there or not.
type match struct {
	found *chronicle.Case
	firm  int64 // 0: not known
}

// find finds the case of a row: by its code, by the credit code, by unit and name. A row that could be several is refused.
func (k *known) find(e *entry) match {
	if e.track == "" {
		e.track = k.view.Definition.Tracks[0].Code
	}
	m := k.search(e)
	if len(e.Reasons) > 0 {
		return m
	}
	unit := e.Unit
	if m.found != nil {
		unit = m.found.Unit
		if e.Unit != "" && e.Unit != unit {
			e.refuse("编号 "+m.found.Code+" 属"+k.units.name(unit).ZH+"，不属"+k.units.name(e.Unit).ZH, m.found.Code+" belongs to "+k.units.name(unit).EN)
			return m
		}
	}
	if k.actor.Unit != "" && unit != k.actor.Unit || m.found != nil && m.found.Reduced {
		other := auth.OtherUnit(k.units.name(unit), k.units.name(k.actor.Unit))
		e.refuse(other.ZH, other.EN)
		return m
	}
	k.take(e, m)
	return m
}

func (k *known) search(e *entry) match {
	if e.code != "" {
		c, there := k.cases[e.code]
		if !there {
			e.refuse("没有编号 "+e.code+"；新事项的编号由系统给出，请留空", "there is no case "+e.code+"; codes of new ones are given by the system, leave it empty")
			return match{}
		}
		e.track = c.Track
		return match{c, c.Enterprise}
	}
	if e.Unit == "" {
		e.refuse("没有写责任主体", "it names no responsible unit")
		return match{}
	}
	if firm, there := k.credits[e.credit]; there && e.credit != "" {
		return match{k.one(e, k.ofTrack(firm.ID, e.track)), firm.ID}
	}
	return k.byName(e)
}

func (k *known) ofTrack(firm int64, track string) []*chronicle.Case {
	var found []*chronicle.Case
	for _, c := range k.of[firm] {
		if c.Track == track {
			found = append(found, c)
		}
	}
	return found
}

// one is the case where there is one; several are a reason to refuse.
func (k *known) one(e *entry, found []*chronicle.Case) *chronicle.Case {
	if len(found) > 1 {
		e.refuse(fmt.Sprintf("系统里有 %d 件（%s、%s…），请在“编号”一列写明是哪一件", len(found), found[0].Code, found[1].Code), fmt.Sprintf("there are %d cases; say which by its code", len(found)))
	}
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// byName finds by unit, track and name; a firm of the same name with another credit code is another, and a person has to look.
func (k *known) byName(e *entry) match {
	c := k.one(e, k.named[nameKey{e.Unit, e.track, plain(e.label)}])
	if c == nil {
		return match{}
	}
	if stored := k.firms[c.Enterprise].Code; stored != "" && e.credit != "" && stored != e.credit {
		e.refuse("同名企业 "+c.Code+" 的信用代码是 "+stored+"，与本行不同，请核对；若是另一家，请在名称中区分", c.Code+" has the same name and another credit code, "+stored)
	}
	return match{c, c.Enterprise}
}

// take refuses a second row about the same matter.
func (k *known) take(e *entry, m match) {
	key := "name " + e.Unit + " " + e.track + " " + plain(e.label)
	switch {
	case m.found != nil:
		key = "case " + m.found.Code
	case e.credit != "":
		key = "credit " + e.track + " " + e.credit
	}
	if first, again := k.taken[key]; again {
		e.refuse(fmt.Sprintf("与“%s”第 %d 行重复；若是两家，请写信用代码或在名称中区分", first.File, first.Row), fmt.Sprintf("the same as row %d of %s", first.Row, first.File))
		return
	}
	k.taken[key] = e
}

// parcelIDs are the parcels a row names.
func (k *known) parcelIDs(e *entry) []int64 {
	var ids []int64
	for _, code := range e.parcels {
		p, there := k.parcels[code]
		switch {
		case !there:
			e.refuse("没有图斑 "+code+"，请先导入图斑或改正编号", "there is no parcel "+code)
		case k.actor.Unit != "" && p.Unit != "" && p.Unit != k.actor.Unit:
			e.refuse("图斑 "+code+" 属"+k.units.name(p.Unit).ZH, "parcel "+code+" belongs to "+k.units.name(p.Unit).EN)
		default:
			ids = append(ids, p.ID)
		}
	}
	return ids
}
