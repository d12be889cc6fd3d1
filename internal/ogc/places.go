package ogc

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/chronicle"
)

// place is where something may lie: a box, or a point, which is a box without extent.
type place struct {
	bound orb.Bound
	meets func(orb.MultiPolygon) bool
}

func boundPlace(b orb.Bound) *place {
	return &place{b, func(mp orb.MultiPolygon) bool { return meetsBox(mp, b) }}
}

func pointPlace(p orb.Point) *place {
	return &place{p.Bound(), func(mp orb.MultiPolygon) bool { return geo.Contains(mp, p) }}
}

// places finds the parcels that meet places, each place once.
type places struct {
	ctx    context.Context // of the one query
	view   *chronicle.View
	ground Ground
	shapes Shapes
	found  map[*place]map[int64]bool
}

// within tests whether a feature meets a place; one without geometry meets none.
func within(p *place) Filter {
	return func(where *places, f *Feature) (truth, error) {
		parcels, err := where.meeting(p)
		if err != nil {
			return no, err
		}
		for _, id := range f.Parcels {
			if parcels[id] {
				return yes, nil
			}
		}
		if len(f.Parcels) == 0 {
			return unknown, nil
		}
		return no, nil
	}
}

// anywhere tests whether a feature meets one of some boxes.
func anywhere(bounds []orb.Bound) Filter {
	f := within(boundPlace(bounds[0]))
	for _, b := range bounds[1:] {
		f = or(f, within(boundPlace(b)))
	}
	return f
}

// meeting are the parcels that meet a place. Geometry is read only of those whose box is not all inside.
func (w *places) meeting(p *place) (map[int64]bool, error) {
	if known, ok := w.found[p]; ok {
		return known, nil
	}
	if w.found == nil {
		w.found = map[*place]map[int64]bool{}
	}
	found := map[int64]bool{}
	var ids []int64
	var names []string
	for id, whole := range w.ground.ParcelsIn(p.bound) {
		if whole {
			found[id] = true
			continue
		}
		if parcel := w.view.Parcel(id); parcel != nil {
			ids, names = append(ids, id), append(names, parcel.Shape)
		}
	}
	err := w.shapes.EachShape(w.ctx, names, func(i int, mp orb.MultiPolygon) {
		if p.meets(mp) {
			found[ids[i]] = true
		}
	})
	w.found[p] = found
	return found, err
}

// meetsBox tells whether a shape and a box have a point in common.
func meetsBox(mp orb.MultiPolygon, b orb.Bound) bool {
	corners := []orb.Point{b.Min, {b.Max[0], b.Min[1]}, b.Max, {b.Min[0], b.Max[1]}}
	for _, corner := range corners {
		if geo.Contains(mp, corner) {
			return true
		}
	}
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if edgeMeets(ring[i-1], ring[i], b) {
					return true
				}
			}
		}
	}
	return false
}

// edgeMeets clips an edge to a box (Liang and Barsky): whether anything is left.
func edgeMeets(p, q orb.Point, b orb.Bound) bool {
	from, to := 0.0, 1.0
	for axis := range 2 {
		d := q[axis] - p[axis]
		low, high := b.Min[axis]-p[axis], b.Max[axis]-p[axis]
		if d == 0 {
			if low > 0 || high < 0 {
				return false
			}
			continue
		}
		t0, t1 := low/d, high/d
		from, to = max(from, min(t0, t1)), min(to, max(t0, t1))
	}
	return from <= to
}
