package geo

import (
	"cmp"
	"math"
	"slices"
)

// fanout of the packed tree.
const fanout = 16

// boxIndex finds boxes that meet a box. It is a tree packed by
// sort-tile-recursive (Leutenegger 1997) and never changed after it was made.
type boxIndex struct {
	items  []int32
	levels [][]box // the boxes in the order of items, then the unions of every fanout of them
}

// newBoxIndex indexes boxes by their place in the slice.
func newBoxIndex(boxes []box) *boxIndex {
	ix := &boxIndex{items: packOrder(boxes)}
	level := make([]box, len(boxes))
	for i, item := range ix.items {
		level[i] = boxes[item]
	}
	ix.levels = append(ix.levels, level)
	for len(level) > 1 {
		level = unions(level)
		ix.levels = append(ix.levels, level)
	}
	return ix
}

func unions(level []box) []box {
	up := make([]box, 0, (len(level)+fanout-1)/fanout)
	for group := range slices.Chunk(level, fanout) {
		u := group[0]
		for _, b := range group[1:] {
			u = u.union(b)
		}
		up = append(up, u)
	}
	return up
}

// packOrder sorts the boxes into vertical slices by x, and each slice by y.
func packOrder(boxes []box) []int32 {
	order := make([]int32, len(boxes))
	for i := range order {
		order[i] = int32(i)
	}
	by := func(axis int) func(i, j int32) int {
		return func(i, j int32) int {
			return cmp.Compare(boxes[i][axis]+boxes[i][axis+2], boxes[j][axis]+boxes[j][axis+2])
		}
	}
	slices.SortFunc(order, by(0))
	leaves := math.Ceil(float64(len(boxes)) / fanout)
	slice := fanout * max(1, int(math.Ceil(math.Sqrt(leaves))))
	for part := range slices.Chunk(order, slice) {
		slices.SortFunc(part, by(1))
	}
	return order
}

// query calls visit for each item whose box meets b, until visit returns false.
func (ix *boxIndex) query(b box, visit func(item int) bool) bool {
	return ix.search(box.meets, b, visit)
}

// covering is query for the items whose box covers b.
func (ix *boxIndex) covering(b box, visit func(item int) bool) {
	ix.search(box.covers, b, visit)
}

func (ix *boxIndex) search(wanted func(node, b box) bool, b box, visit func(int) bool) bool {
	top := len(ix.levels) - 1
	for i := range ix.levels[top] {
		if !ix.descend(top, i, wanted, b, visit) {
			return false
		}
	}
	return true
}

// descend relies on it that a union is wanted whenever one of its boxes is.
func (ix *boxIndex) descend(level, node int, wanted func(node, b box) bool, b box, visit func(int) bool) bool {
	if !wanted(ix.levels[level][node], b) {
		return true
	}
	if level == 0 {
		return visit(int(ix.items[node]))
	}
	below := ix.levels[level-1]
	for child := node * fanout; child < min((node+1)*fanout, len(below)); child++ {
		if !ix.descend(level-1, child, wanted, b, visit) {
			return false
		}
	}
	return true
}
