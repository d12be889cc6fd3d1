package layer

import (
	"cmp"
	"slices"
	"sync"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
)

// chunkSize is about how many features are packed together: one edit packs so
// many again, and a layer of 10,000 is 40 pieces, 2 % larger than in one.
const chunkSize = 256

// usualFeature is about how many bytes a feature has as JSON.
const usualFeature = 640

// chunk is some features in a row with what they are packed to; it never
// changes, and the snapshots share it as long as none of its features does.
type chunk struct {
	features []*feature // by key, never none
	opens    bool       // the layer begins with it: no separator before it
	sights

	flatCounted sync.Once
	flatCounts  flat.Counts
}

func newChunk(features []*feature, opens bool) *chunk {
	return &chunk{features: features, opens: opens}
}

func (c *chunk) last() int64 { return c.features[len(c.features)-1].key }

// append adds the features as JSON, as somebody sees them.
func (c *chunk) append(b []byte, scope auth.Scope) []byte {
	for i, f := range c.features {
		if i > 0 || !c.opens {
			b = append(b, separator...)
		}
		b = f.append(b, scope)
	}
	return b
}

func (c *chunk) piece(p *press, scope auth.Scope, coding Coding) piece {
	return c.as(scope).packed.piece(p, coding, func() []byte { return c.append(make([]byte, 0, usualFeature*len(c.features)), scope) })
}

func byKey(f *feature, key int64) int { return cmp.Compare(f.key, key) }

// split makes chunks of features in order.
func split(features []*feature) []*chunk {
	var chunks []*chunk
	for n := max(1, (len(features)+chunkSize/2)/chunkSize); n > 0 && len(features) > 0; n-- {
		part := (len(features) + n - 1) / n
		chunks = append(chunks, newChunk(features[:part:part], false))
		features = features[part:]
	}
	return chunks
}

// opened marks the first chunk as such, and the others as not.
func opened(chunks []*chunk) []*chunk {
	for i, c := range chunks {
		if c.opens != (i == 0) {
			chunks[i] = newChunk(c.features, i == 0)
		}
	}
	return chunks
}

// regroup puts features, by key, into chunks. Chunks of before that hold the
// same features stay what they are.
func regroup(before []*chunk, features []*feature) []*chunk {
	var chunks []*chunk
	for _, c := range before {
		n, found := slices.BinarySearchFunc(features, c.last(), byKey)
		if found {
			n++
		}
		if slices.EqualFunc(features[:n], c.features, (*feature).equal) {
			chunks = append(chunks, c)
		} else {
			chunks = append(chunks, split(features[:n])...)
		}
		features = features[n:]
	}
	return opened(append(chunks, split(features)...))
}

// replace makes the chunks after a change of some features: keys are those
// touched, rising; those without a feature now are gone. Chunks without any are shared.
func replace(before []*chunk, keys []int64, now map[int64]*feature) []*chunk {
	chunks := make([]*chunk, 0, len(before)+1)
	for i, c := range before {
		n := len(keys)
		if i+1 < len(before) {
			n, _ = slices.BinarySearch(keys, c.last()+1)
		}
		if n == 0 {
			chunks = append(chunks, c)
			continue
		}
		chunks = joined(chunks, merge(c.features, keys[:n], now))
		keys = keys[n:]
	}
	if len(before) == 0 {
		chunks = split(merge(nil, keys, now))
	}
	return opened(chunks)
}

// joined adds features as chunks of their own, or to the last one where both are small.
func joined(chunks []*chunk, features []*feature) []*chunk {
	if n := len(chunks); n > 0 && len(features) > 0 && len(chunks[n-1].features)+len(features) <= chunkSize/2 {
		return append(chunks[:n-1], split(slices.Concat(chunks[n-1].features, features))...)
	}
	return append(chunks, split(features)...)
}

// merge puts what is now in place of what was touched.
func merge(before []*feature, keys []int64, now map[int64]*feature) []*feature {
	merged := make([]*feature, 0, len(before)+len(keys))
	for _, key := range keys {
		n, found := slices.BinarySearchFunc(before, key, byKey)
		merged = append(merged, before[:n]...)
		if found {
			n++
		}
		before = before[n:]
		if f := now[key]; f != nil {
			merged = append(merged, f)
		}
	}
	return append(merged, before...)
}
