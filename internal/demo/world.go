package demo

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// world is the whole story before it is told: the same every time.
type world struct {
	r          *rand.Rand
	filler     *filler
	definition campaign.Definition
	calendar   campaign.Calendar
	towns      []town
	names      *namer
	bounds     map[string]orb.MultiPolygon
	taken      map[string][]taken   // ground, by unit
	ground     []ground             // of water and roads
	centres    map[string]orb.Point // of the villages that have plots, by code

	plots    []*plot
	retained []ledger.ReferenceDraft // ground that stays what it is
	matters  []*matter               // in the order in which they are listed
	landlord *matter
	tenants  []*matter // of the landlord's building that are gone
}

// newWorld invents the story of a campaign as it is offered.
func newWorld(def campaign.Definition) *world {
	r := newRand()
	w := &world{r: r, filler: newFiller(), definition: def, calendar: def.Calendar, towns: towns(), names: newNamer(r), bounds: boundaries(), taken: map[string][]taken{}, ground: keptGround(slices.Concat(water(), roads())), centres: map[string]orb.Point{}}
	accepted, open := w.accepted(), w.openCases()
	w.plant(accepted, open)
	w.delay(open)
	w.openLand(open)
	w.hinder(open)
	w.settle(accepted)
	w.settle(open)
	w.matters = w.list(accepted, open)
	w.incidents(accepted, open)
	w.otherTracks(accepted)
	track := map[string]campaign.Track{}
	for _, m := range w.matters {
		if _, known := track[m.track]; !known {
			track[m.track], _ = def.Track(m.track) // the tracks of the campaign as it is offered
		}
		m.plan(r, track[m.track])
	}
	w.layOut()
	w.moveToBanks()
	w.joinEstates()
	w.retained = w.retain()
	return w
}

func (w *world) town(unit string) town {
	for _, t := range w.towns {
		if t.unit == unit {
			return t
		}
	}
	return town{}
}

// village finds a place of a unit by its name.
func (w *world) village(unit, name string) campaign.Village {
	for _, v := range w.definition.Villages {
		if v.Unit == unit && villageName(v) == name {
			return v
		}
	}
	return campaign.Village{}
}

// someVillage is a village of the unit; a community, where there are few workshops, now and then.
func (w *world) someVillage(unit string) campaign.Village {
	var all []campaign.Village
	for _, v := range w.definition.Villages {
		if v.Unit == unit {
			all = append(all, v)
		}
	}
	for {
		v := all[w.r.IntN(len(all))]
		if strings.HasSuffix(v.Name.ZH, "村委会") || w.r.IntN(4) == 0 {
			return v
		}
	}
}

// settle gives matters a place, an operator, somebody in charge and a plot.
func (w *world) settle(all []*matter) {
	for _, m := range all {
		if m.village.Code == "" {
			m.village = w.someVillage(m.town.unit)
		}
		if m.firm.name == "" {
			m.firm = w.names.firm(m.town, m.firm.kind, m.village)
		}
		m.responsible = surnames[w.r.IntN(len(surnames))] + "某"
		if m.plot == nil {
			m.plot = w.plotOf(m)
		}
	}
}
