package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Cut is a polygon taken apart.
type Cut struct {
	Simple bool // the line does not cross itself
	Whole  orb.MultiPolygon
	Pieces []orb.MultiPolygon
	Sliver []bool // which pieces are too narrow or too small to be a parcel, as 数据核查 has it
}

// Joined is the ground of several polygons.
type Joined struct {
	Ground  orb.MultiPolygon
	Touch   bool     // they lie edge to edge
	Overlap geo.Area // counted twice by their areas
	Gap     float64  // m to the nearest other, the largest of them
}

// Trimmed is land without some ground.
type Trimmed struct {
	Recovered, Effective orb.MultiPolygon // nil: nothing is left
	Off                  geo.Area         // of the recovered land
}

// Successor is a parcel that takes the place of others.
type Successor struct {
	Parcel Parcel
	Ground orb.MultiPolygon
	Area   geo.Area
}

// Moved is what a succession of parcels does to a case: land it counted of the old ones, and of each new one.
type Moved struct {
	Case   campaign.Case
	Locked bool
	Before geo.Area
	After  []geo.Area // by successor
	Stands []int      // successors it stands on
	Off    geo.Area   // recorded land (腾退范围) that goes off with ground it does not stand on
}

// succession puts parcels in the place of others, with the cases that stand on them; splitting and merging are this.
type succession struct {
	*work
	kind, note string
	old        []LockedParcel
	next       []Successor
	moved      []Moved
}

// parcelThere is a locked parcel as its author saw it, and all its cases are locked with it.
func (w *work) parcelThere(id, base int64) (LockedParcel, error) {
	p, ok := w.there.Parcels[id]
	if !ok {
		return p, fault.New(fault.KindNotFound, "parcel_not_found", "没有这个地块", "there is no such parcel")
	}
	changed := base != 0 && base != p.Version
	for _, c := range p.Cases {
		if _, locked := w.there.Cases[c]; !locked {
			changed = true // listed after the cases were looked up
		}
	}
	if changed {
		return p, fault.New(fault.KindConflict, "parcel_changed", "他人刚刚修改了图斑 "+p.Code+"，请核对后再办", "somebody has just changed parcel "+p.Code+"; please compare and try again")
	}
	return p, nil
}

// casesOfParcels are locked with the parcels.
func casesOfParcels(ctx context.Context, tx Tx, ids []int64, l *Locks) error {
	there, err := tx.ParcelsNow(ctx, ids)
	for _, p := range there {
		l.Cases = append(l.Cases, p.Cases...)
	}
	return err
}

// heirs makes parcels of the pieces, with codes that no parcel ever had: root-1, root-2, ….
func (s *succession) heirs(ctx context.Context, root Parcel, pieces []orb.MultiPolygon) error {
	taken, err := s.tx.ParcelCodes(ctx, root.Code+"-")
	if err != nil {
		return err
	}
	number := 0
	for _, mp := range pieces {
		next := Parcel{Version: 1, Label: root.Label, Unit: root.Unit, Attributes: root.Attributes}
		for next.Code == "" || slices.Contains(taken, next.Code) {
			number++
			next.Code = fmt.Sprintf("%s-%d", root.Code, number)
		}
		if next.ID, err = s.newID(ctx); err != nil {
			return err
		}
		mp = geo.Normalise(mp)
		if found := geo.Validate(mp); len(found) > 0 {
			return badPolygon(found)
		}
		if next.Shape, err = landShape(mp); err != nil {
			return err
		}
		s.next = append(s.next, Successor{next, mp, geo.GeodesicArea(mp)})
	}
	return nil
}

// recount gives the cases the land of the new parcels: of each those that stand on it share, in the proportion of what they
// counted, as much as was counted of the old ones; where that was all, nothing is left over.
func (s *succession) recount(stands map[int64][]int) error {
	var whole geo.Area
	before := map[int64]geo.Area{}
	for _, p := range s.old {
		whole += geo.Area(p.Area)
		for _, id := range p.Cases {
			c, err := s.caseNow(id)
			if err != nil {
				return err
			}
			for _, share := range c.now.Shares {
				if share.Parcel == p.ID {
					before[id] += share.Area
				}
			}
		}
	}
	counted := map[string]geo.Area{}
	for _, id := range slices.Sorted(maps.Keys(before)) {
		c, err := s.caseNow(id)
		if err != nil {
			return err
		}
		track, err := s.track(c.now)
		if err != nil {
			return err
		}
		counted[place(c.now)] += before[id]
		on, named := stands[id]
		if !named {
			on = allOf(s.next)
		}
		s.moved = append(s.moved, Moved{Case: c.now, Locked: track.Locked(c.now), Before: before[id], After: make([]geo.Area, len(s.next)), Stands: on})
	}
	for i, next := range s.next {
		s.countOn(i, next.Area, whole, counted)
	}
	return nil
}

// place is where a case counts land once: its track of its campaign.
func place(c campaign.Case) string { return fmt.Sprint(c.Campaign, " ", c.Track) }

func allOf(list []Successor) []int {
	on := make([]int, len(list))
	for i := range list {
		on[i] = i
	}
	return on
}

// countOn shares one new parcel among the cases that stand on it.
func (s *succession) countOn(i int, area, whole geo.Area, counted map[string]geo.Area) {
	for _, at := range slices.Sorted(maps.Keys(counted)) {
		var standing []*Moved
		var weights []geo.Area
		for m := range s.moved {
			if place(s.moved[m].Case) == at && slices.Contains(s.moved[m].Stands, i) {
				standing, weights = append(standing, &s.moved[m]), append(weights, s.moved[m].Before)
			}
		}
		for m, part := range Apportion(proportion(area, counted[at], whole), weights) {
			standing[m].After[i] = part
		}
	}
}

// proportion is area × part ÷ whole, at most area; rounded down.
func proportion(area, part, whole geo.Area) geo.Area {
	if part >= whole {
		return area
	}
	hi, lo := bits.Mul64(uint64(area), uint64(part)) //nolint:gosec // areas are not negative
	q, _ := bits.Div64(hi, lo, uint64(whole))        //nolint:gosec // likewise
	return geo.Area(q)                               //nolint:gosec // not more than area
}

// Apportion divides an area in proportion to weights; what rounding leaves goes to the heaviest, so that the parts add up
// exactly. Nothing goes to anybody when nobody weighs.
func Apportion(area geo.Area, weights []geo.Area) []geo.Area {
	parts := make([]geo.Area, len(weights))
	var sum geo.Area
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return parts
	}
	rest, heaviest := area, 0
	for i, w := range weights {
		parts[i] = proportion(area, w, sum)
		rest -= parts[i]
		if w > weights[heaviest] {
			heaviest = i
		}
	}
	parts[heaviest] += rest
	return parts
}

// after is the land a case counts of the new parcels.
func (m Moved) after() (sum geo.Area) {
	for _, a := range m.After {
		sum += a
	}
	return sum
}

// settle writes old and new parcels and what changes for the cases.
func (s *succession) settle() error {
	var from, into []int64
	for _, p := range s.old {
		from = append(from, p.ID)
	}
	for _, n := range s.next {
		into = append(into, n.Parcel.ID)
	}
	for _, p := range s.old {
		fields, err := ParcelFields(p.Parcel)
		if err != nil {
			return err
		}
		s.entries = append(s.entries, Entry{
			Kind: s.kind, KindVersion: 1, Noun: NounParcel, NounID: p.ID, BaseVersion: p.Version, Version: p.Version + 1,
			Body: Body{Before: fields, Into: into, Note: s.note},
		})
	}
	s.writes.RemovedParcels = append(s.writes.RemovedParcels, from...)
	for _, n := range s.next {
		fields, err := ParcelFields(n.Parcel)
		if err != nil {
			return err
		}
		s.entries = append(s.entries, Entry{
			Kind: s.kind, KindVersion: 1, Noun: NounParcel, NounID: n.Parcel.ID, Version: 1,
			Body: Body{After: fields, From: from, Note: s.note},
		})
		s.writes.Parcels, s.writes.Shapes = append(s.writes.Parcels, n.Parcel), append(s.writes.Shapes, n.Ground)
	}
	for _, m := range s.moved {
		if err := s.moveCase(m, from); err != nil {
			return err
		}
	}
	return nil
}

// moveCase puts a case on the new parcels.
func (s *succession) moveCase(m Moved, from []int64) error {
	c, err := s.caseNow(m.Case.ID)
	if err != nil {
		return err
	}
	next := c.now
	next.Shares = slices.DeleteFunc(slices.Clone(next.Shares), func(share campaign.Share) bool { return slices.Contains(from, share.Parcel) })
	for _, i := range m.Stands {
		next.Shares = append(next.Shares, campaign.Share{Parcel: s.next[i].Parcel.ID, Area: m.After[i]})
	}
	slices.SortFunc(next.Shares, func(a, b campaign.Share) int { return cmp.Compare(a.Parcel, b.Parcel) })
	return s.record(c, next, Entry{Kind: s.kind, Body: noted(s.note)})
}

// lockedStay refuses what would change the land of an accepted case.
func (s *succession) lockedStay() error {
	for _, m := range s.moved {
		differs := m.after() - m.Before
		if m.Locked && m.Before > 0 && max(differs, -differs) > scrap {
			return fault.New(fault.KindConflict, "parcel_case_locked", m.Case.Code+" 已验收，数据已锁定，它计入的面积不能变：请让它占原来的全部范围，或先申请解锁",
				m.Case.Code+" has been accepted and its data are locked: let it keep all of its ground, or ask for it to be unlocked")
		}
	}
	return nil
}
