package interchange

import (
	"fmt"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"github.com/guatu/guatu/geo"
)

// overlaps finds accepted rows of one file that lie on each other. It keeps
// their shapes up to a limit and works up to a limit, and says so when it stops.
type overlaps struct {
	tree     rtree.RTreeG[int32]
	lap      lap
	kept     []keptShape
	vertices int
	work     int
	stopped  bool
}

type keptShape struct {
	row   int
	mp    orb.MultiPolygon
	bound orb.Bound
}

const (
	// keptVertices is what is kept of a file: 64 MiB of coordinates.
	keptVertices = 4_000_000
	// mostWork is the steps spent on one file, some seconds.
	mostWork = 400_000_000
	// leastOverlap is the area in m² worth a finding: shared borders drawn twice give less.
	leastOverlap = 1.0
)

// add compares a shape, whose box is b, with those before it and keeps it.
func (o *overlaps) add(row int, mp orb.MultiPolygon, b orb.Bound, find func(Finding)) {
	if o.stopped {
		return
	}
	o.tree.Search([2]float64(b.Min), [2]float64(b.Max), func(_, _ [2]float64, i int32) bool {
		k := &o.kept[i]
		w, ok := common(k.bound, b)
		o.work++
		if !ok || roughArea(w) < leastOverlap || o.lap.apart(k.mp, mp, w) {
			return true
		}
		m2, place, steps := o.lap.of(k.mp, mp, w)
		if m2 >= leastOverlap {
			find(overlapFound(row, k.row, m2, place))
		}
		o.work += steps
		return o.work < mostWork
	})
	o.vertices += vertices(mp)
	if o.work >= mostWork || o.vertices > keptVertices {
		o.stopped, o.kept = true, nil
		o.tree = rtree.RTreeG[int32]{}
		find(Finding{Code: "overlaps_unchecked", Text: Text{
			fmt.Sprintf("图形太多，第 %d 行以后没有检查文件内部的重叠", row),
			fmt.Sprintf("There are too many shapes: overlaps inside the file were not checked after row %d.", row),
		}})
		return
	}
	o.tree.Insert([2]float64(b.Min), [2]float64(b.Max), int32(len(o.kept))) //nolint:gosec // at most 500,000 rows
	o.kept = append(o.kept, keptShape{row, mp, b})
}

func overlapFound(row, other int, m2 float64, place orb.Point) Finding {
	mu := geo.FromSquareMetres(m2).Mu()
	return Finding{Row: row, Code: "overlap_in_file", Place: &place, Text: Text{
		fmt.Sprintf("与第 %d 行重叠约 %s 亩，请核对", other, mu),
		fmt.Sprintf("Overlaps row %d by about %s mu; check it.", other, mu),
	}}
}
