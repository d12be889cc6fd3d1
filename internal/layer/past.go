package layer

import (
	"slices"
	"strconv"
	"sync"

	"github.com/guatu/guatu/internal/auth"
)

// How much of the past of a layer is kept to tell a reader what changed.
const (
	keptChanges = 1024
	keptKeys    = 4096
)

// past is what changed in a layer, change by change, as far back as it is kept.
type past struct {
	mu      sync.Mutex
	from    int64 // whoever has this revision, or a later one, can be told
	changes []pastChange
	keys    int // in all changes
}

type pastChange struct {
	revision int64
	keys     []int64
}

// add keeps a change; what is too old or too much is dropped.
func (p *past) add(revision int64, keys []int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes = append(p.changes, pastChange{revision, keys})
	p.keys += len(keys)
	drop := 0
	for ; drop < len(p.changes) && (p.keys > keptKeys || len(p.changes)-drop > keptChanges); drop++ {
		p.from = p.changes[drop].revision
		p.keys -= len(p.changes[drop].keys)
	}
	p.changes = slices.Delete(p.changes, 0, drop)
}

// since are the keys touched after a revision, rising; not ok when that is too
// long ago. Some may be named that the reader has already.
func (p *past) since(revision int64) (keys []int64, ok bool) {
	if p == nil {
		return nil, false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if revision < p.from {
		return nil, false
	}
	for i := len(p.changes) - 1; i >= 0 && p.changes[i].revision > revision; i-- {
		keys = append(keys, p.changes[i].keys...)
	}
	slices.Sort(keys)
	return slices.Compact(keys), true
}

// delta answers with the features of keys as they are now, and the keys that are gone.
func (c *collection) delta(since int64, keys []int64, scope auth.Scope, coding Coding) Answer {
	extra := strconv.AppendInt([]byte(`,"since":`), since, 10)
	extra = append(extra, `,"removed":[`...)
	open := len(extra)
	var features []*feature
	for _, key := range keys {
		if f := c.find(key); f != nil {
			features = append(features, f)
			continue
		}
		if len(extra) > open {
			extra = append(extra, ',')
		}
		extra = strconv.AppendInt(extra, key, 10)
	}
	return c.some(c.head(append(extra, ']')), features, scope, coding)
}
