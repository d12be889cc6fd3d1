package layer

import (
	"slices"
	"sync"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// places finds the features of a collection in a box. The tree is made when
// first asked for; the next collection's is a copy that shares every node
// without a change.
type places struct {
	mu   sync.Mutex
	tree *rtree.RTreeG[int64] // keys
}

// in are the keys of features whose boxes meet a bound, rising.
func (p *places) in(c *collection, b orb.Bound) []int64 {
	var keys []int64
	p.of(c).Search(b.Min, b.Max, func(_, _ [2]float64, key int64) bool {
		keys = append(keys, key)
		return true
	})
	slices.Sort(keys)
	return keys
}

func (p *places) of(c *collection) *rtree.RTreeG[int64] {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tree == nil {
		p.tree = &rtree.RTreeG[int64]{}
		c.each(Query{}, func(f *feature) { put(p.tree, f) })
	}
	return p.tree
}

func put(tree *rtree.RTreeG[int64], f *feature) {
	if f != nil && f.shape != nil {
		tree.Insert(f.shape.bound.Min, f.shape.bound.Max, f.key)
	}
}

// moved are the places after some features of a collection changed; the same when none of them moved.
func (p *places) moved(c *collection, keys []int64, now map[int64]*feature) *places {
	p.mu.Lock()
	defer p.mu.Unlock()
	var next *places
	for _, key := range keys {
		old, f := c.find(key), now[key]
		if old.box() == f.box() {
			continue
		}
		if p.tree == nil {
			return &places{}
		}
		if next == nil {
			next = &places{tree: p.tree.Copy()}
		}
		if old != nil && old.shape != nil {
			next.tree.Delete(old.shape.bound.Min, old.shape.bound.Max, key)
		}
		put(next.tree, f)
	}
	if next == nil {
		return p
	}
	return next
}

// box is where a feature is found, if anywhere.
type box struct {
	orb.Bound

	found bool
}

func (f *feature) box() box {
	if f == nil || f.shape == nil {
		return box{}
	}
	return box{f.shape.bound, true}
}
