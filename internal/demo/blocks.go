package demo

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"
)

// estates are the old industrial estates whose land comes free as a whole, with
// the least land in hundredths of a mu: nine contiguous blocks of 50 mu and more.
var estates = [...]struct { //nolint:gochecknoglobals // figures of the story
	unit string
	land int64
}{
	{"wangjiangjing", 74_00},
	{"wangjiangjing", 58_00},
	{"youchegang", 51_00},
	{"xincheng", 79_00},
	{"xincheng", 56_00},
	{"wangdian", 66_00},
	{"wangdian", 53_00},
	{"honghe", 54_00},
	{"gaoxin", 88_00},
}

// joinEstates moves accepted plots together, village by village.
func (w *world) joinEstates() {
	r := rand.New(rand.NewPCG(seed, 3)) //nolint:gosec // the same picture every time is the point
	for _, e := range estates {
		var all []*matter
		for _, m := range w.matters {
			if m.movable(e.unit) {
				all = append(all, m)
			}
		}
		slices.SortStableFunc(all, func(a, b *matter) int { return cmp.Compare(a.village.Code, b.village.Code) })
		var plots []*plot
		sum := int64(0)
		for _, m := range all {
			if sum < e.land {
				plots = append(plots, m.plot)
				sum += m.area
			}
		}
		w.joinEstate(r, plots)
	}
}

// joinEstate lays plots out along the streets of one estate on free ground.
func (w *world) joinEstate(r *rand.Rand, plots []*plot) {
	slices.SortStableFunc(plots, func(a, b *plot) int { return cmp.Compare(b.area, a.area) })
	shapes := quarter(r, plots)
	middle, radius := extent(shapes)
	unit := plots[0].town.unit
	boundary := w.bounds[unit]
	box := boundary.Bound()
	var at orb.Point
	for {
		at = orb.Point{round(box.Min[0] + r.Float64()*(box.Max[0]-box.Min[0])), round(box.Min[1] + r.Float64()*(box.Max[1]-box.Min[1]))}
		if w.free(unit, boundary, at, radius) {
			break
		}
	}
	w.taken[unit] = append(w.taken[unit], taken{at, radius})
	angle := (r.Float64() - 0.5) * 1.2
	for i, p := range plots {
		p.site, p.moved = site{shapes[i], at, angle, middle}, true
		p.shape = p.site.place(shapes[i])
	}
}
