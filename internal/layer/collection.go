package layer

import (
	"context"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/guatu/guatu/internal/auth"
)

// collection is a layer at a revision; it never changes. The next one shares with
// it every chunk without a change.
type collection struct {
	revision int64
	knows    filters
	chunks   []*chunk // by key
	press    *press
	places   *places // nil where so few will ask for boxes that looking at every feature is less work
	past     *past   // nil where changes are not told apart
	whole    wholes
	flat     wholes
}

// with is the collection after some of its features changed.
func (c *collection) with(revision int64, keys []int64, now map[int64]*feature) *collection {
	next := &collection{revision: revision, knows: c.knows, press: c.press, past: c.past, chunks: c.chunks, places: c.places}
	if len(keys) > 0 {
		next.chunks = replace(c.chunks, keys, now)
		next.places = c.places.moved(c, keys, now)
	}
	return next
}

// at is the same collection at another revision.
func (c *collection) at(revision int64) *collection {
	if c.revision == revision {
		return c
	}
	return c.with(revision, nil, nil)
}

// anew is a collection of features by key that shares with one before, which may be nil, the chunks that are the same.
func (p *press) anew(before *collection, revision int64, knows filters, features []*feature) *collection {
	var chunks []*chunk
	if before != nil {
		chunks = before.chunks
	}
	return &collection{revision: revision, knows: knows, press: p, chunks: regroup(chunks, features), places: &places{}}
}

// changed are the keys of features that two collections show differently, or only one of them.
func changed(a, b *collection) []int64 {
	var keys []int64
	note := func(other *collection) func(*feature) {
		return func(f *feature) {
			if o := other.find(f.key); o == nil || !f.equal(o) {
				keys = append(keys, f.key)
			}
		}
	}
	a.each(Query{}, note(b))
	b.each(Query{}, note(a))
	slices.Sort(keys)
	return slices.Compact(keys)
}

func (c *collection) len() int {
	n := 0
	for _, ch := range c.chunks {
		n += len(ch.features)
	}
	return n
}

// find is the feature of a key, nil when there is none.
func (c *collection) find(key int64) *feature {
	if c == nil {
		return nil
	}
	i, _ := slices.BinarySearchFunc(c.chunks, key, func(ch *chunk, key int64) int {
		if ch.last() < key {
			return -1
		}
		return 1
	})
	if i == len(c.chunks) {
		return nil
	}
	features := c.chunks[i].features
	j, found := slices.BinarySearchFunc(features, key, byKey)
	if !found {
		return nil
	}
	return features[j]
}

// walk finds the features of rising keys, nil for those that are not there.
func (c *collection) walk() func(key int64) *feature {
	var chunks []*chunk
	if c != nil {
		chunks = c.chunks
	}
	at := 0
	return func(key int64) *feature {
		for len(chunks) > 0 {
			if at == len(chunks[0].features) {
				chunks, at = chunks[1:], 0
				continue
			}
			switch f := chunks[0].features[at]; {
			case f.key == key:
				return f
			case f.key > key:
				return nil
			}
			at++
		}
		return nil
	}
}

// each gives the features that a query selects, by key.
func (c *collection) each(q Query, put func(*feature)) {
	if q.Bound != nil && c.places != nil {
		for _, key := range c.places.in(c, *q.Bound) {
			if f := c.find(key); q.takes(f) {
				put(f)
			}
		}
		return
	}
	for _, ch := range c.chunks {
		for _, f := range ch.features {
			if q.takes(f) {
				put(f)
			}
		}
	}
}

// Answer is a layer, or a part of one, ready to be sent; it may be written many times.
type Answer struct {
	Coding Coding
	Length int // bytes as sent; below 0 where that is not known before
	stream *stream
	parts  [][]byte
	chunks []*chunk   // in place of the parts of a whole layer that is not packed,
	scope  auth.Scope // as this one sees them
}

// encode answers a query. A whole layer is put together once from its chunks.
func (c *collection) encode(q Query, scope auth.Scope, coding Coding) Answer {
	if q = q.known(c.knows); !q.all() {
		var features []*feature
		c.each(q, func(f *feature) { features = append(features, f) })
		return c.some(c.head(nil), features, scope, coding)
	}
	if c.away() {
		return c.stream(c.head(nil), c.groups(), scope, coding)
	}
	at := &c.whole.of(scope)[coding.slot()]
	if a := at.Load(); a != nil {
		return *a
	}
	a := c.join(scope, coding)
	if a.Length >= 0 {
		at.Store(&a)
	}
	return a
}

func (c Coding) slot() int {
	switch c {
	case Gzip:
		return 1
	case Zstd:
		return 2
	case Identity:
	}
	return 0
}

const tail = "]}\n"

// head begins the answer; extra are members with a comma before each.
func (c *collection) head(extra []byte) []byte {
	b := strconv.AppendInt([]byte(`{"type":"FeatureCollection","revision":`), c.revision, 10)
	b = append(b, extra...)
	return append(b, `,"coordinate_system":"CGCS2000 (EPSG:4490), longitude latitude, degrees","features":[`...)
}

// some answers with features of the collection.
func (c *collection) some(head []byte, features []*feature, scope auth.Scope, coding Coding) Answer {
	if away(features) {
		return c.stream(head, slices.Collect(slices.Chunk(features, chunkSize)), scope, coding)
	}
	return c.press.answer(coding, append((&chunk{features: features, opens: true}).append(head, scope), tail...))
}

func (p *press) answer(coding Coding, plain []byte) Answer {
	return newAnswer(coding, join(coding, []piece{p.pack(coding, plain)}))
}

// oneWrite is how large an answer may be to be copied together: few writes cost
// less than the copy, which is made once.
const oneWrite = 256 << 10

func newAnswer(coding Coding, parts [][]byte) Answer {
	a := Answer{Coding: coding, parts: parts}
	for _, part := range parts {
		a.Length += len(part)
	}
	if coding != Identity && a.Length <= oneWrite {
		a.parts = [][]byte{slices.Concat(parts...)}
	}
	return a
}

// join puts the whole layer together; chunks that are not packed yet are now, on all processors.
func (c *collection) join(scope auth.Scope, coding Coding) Answer {
	head := c.head(nil)
	if coding == Identity {
		a := newAnswer(coding, [][]byte{head, []byte(tail)})
		a.chunks, a.scope = c.chunks, scope
		for _, ch := range c.chunks {
			size := int(ch.as(scope).size.Load())
			if size == 0 {
				a.Length = -1 // writing it all to know its size would be writing it twice
				break
			}
			a.Length += size
		}
		return a
	}
	pieces := make([]piece, len(c.chunks)+2)
	pieces[0], pieces[len(pieces)-1] = c.press.pack(coding, head), c.press.pack(coding, []byte(tail))
	inParallel(len(c.chunks), func(i int) { pieces[i+1] = c.chunks[i].piece(c.press, scope, coding) })
	return newAnswer(coding, join(coding, pieces))
}

// inParallel does n pieces of work, on all processors where they are many.
func inParallel(n int, work func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				work(i)
			}
		})
	}
	wg.Wait()
}

// Send writes the answer, and gives the number of bytes. What is not packed is made on the way, a chunk at a time.
func (a Answer) Send(ctx context.Context, w io.Writer) (int64, error) {
	if a.stream != nil {
		return a.stream.send(ctx, w)
	}
	var sent int64
	write := func(b []byte) error {
		n, err := w.Write(b)
		sent += int64(n)
		if err != nil {
			return fmt.Errorf("send a layer: %w", err)
		}
		return nil
	}
	var buffer []byte
	for i, part := range a.parts {
		if err := write(part); err != nil {
			return sent, err
		}
		if i > 0 {
			continue
		}
		for _, ch := range a.chunks {
			buffer = ch.append(buffer[:0], a.scope)
			ch.as(a.scope).size.Store(int64(len(buffer)))
			if err := write(buffer); err != nil {
				return sent, err
			}
		}
	}
	return sent, nil
}

// Bytes is the whole answer as sent; an error is of the database, where it had to be read.
func (a Answer) Bytes(ctx context.Context) ([]byte, error) {
	b := make(sink, 0, max(0, a.Length))
	_, err := a.Send(ctx, &b)
	return b, err
}

// Cold is the snapshot with nothing of its parcels packed or found yet, for measuring.
func (s *Snapshot) Cold() *Snapshot {
	cold := *s
	cold.layers = maps.Clone(s.layers)
	var features []*feature
	c := s.layers[Parcels]
	c.each(Query{}, func(f *feature) { features = append(features, f) })
	cold.layers[Parcels] = c.press.anew(nil, c.revision, c.knows, features)
	return &cold
}
