package layer

import (
	"bytes"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
)

func invented(r *rand.Rand, key int64) *feature {
	at := orb.Point{120 + r.Float64(), 30 + r.Float64()}
	s := newShape(orb.MultiPolygon{{{at, {at[0] + 0.01, at[1]}, {at[0], at[1] + 0.01}, at}}})
	f := &text{stage: r.IntN(9)}
	// Owners lie together, as units do, with some among others.
	of := owner{strconv.FormatInt(key/700, 10), strconv.Itoa(r.IntN(2))}
	if r.IntN(500) == 0 {
		of.unit = "0"
	}
	before := []byte(`{"id":` + strconv.FormatInt(key, 10))
	f.json, f.veil = labelled(of, before, strconv.Itoa(r.IntN(100)), func(b []byte) []byte { return append(b, '}') })
	return &feature{face: f, key: key, shape: s}
}

// edit changes, adds and removes a few features.
func edit(r *rand.Rand, held map[int64]*feature, newest int64) (keys []int64, now map[int64]*feature) {
	now = map[int64]*feature{}
	for range 1 + r.IntN(3) {
		key := r.Int64N(newest + 5)
		if r.IntN(8) == 0 { // a whole batch is gone, or comes
			for k := key; k < key+300; k++ {
				keys = append(keys, k)
				if r.IntN(2) == 0 {
					now[k] = invented(r, k)
				}
			}
		}
		keys = append(keys, key)
		if r.IntN(4) > 0 {
			now[key] = invented(r, key)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, key := range keys {
		delete(held, key)
		if now[key] != nil {
			held[key] = now[key]
		}
	}
	return keys, now
}

func inOrder(held map[int64]*feature) []*feature {
	var features []*feature
	for _, f := range held {
		features = append(features, f)
	}
	slices.SortFunc(features, func(a, b *feature) int { return byKey(a, b.key) })
	return features
}

func bytesOf(t *testing.T, a Answer) []byte {
	t.Helper()
	b, err := a.Bytes(t.Context())
	require.NoError(t, err)
	return b
}

// TestEditedChunksAreAsMadeAnew: after any sequence of edits what is joined is the layer, in every
// coding, and boxes find in the tree that was carried along what they find in a new one.
func TestEditedChunksAreAsMadeAnew(t *testing.T) {
	t.Parallel()
	p, err := newPress()
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(5, 25))
	held := map[int64]*feature{}
	for key := range int64(2000) {
		held[key] = invented(r, key)
	}
	knows := filters{bound: true, stage: true}
	everywhere := orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	scopes := []auth.Scope{auth.Everything(), {}}
	for _, unit := range []string{"0", "1", "2"} {
		scopes = append(scopes, auth.ScopeOf(auth.Actor{ID: "a", Role: "town", Unit: unit}), auth.ScopeOf(auth.Actor{ID: "a", Role: "village", Unit: unit, Village: "1"}))
	}
	c := p.anew(nil, 1, knows, inOrder(held))
	for step := range int64(200) {
		keys, now := edit(r, held, 2000)
		c = c.with(step+2, keys, now)
		fresh := p.anew(nil, step+2, knows, inOrder(held))
		scope := scopes[r.IntN(len(scopes))]
		want := bytesOf(t, c.encode(Query{Bound: &everywhere}, scope, Identity))
		require.Equal(t, string(want), string(bytesOf(t, fresh.encode(Query{}, scope, Identity))))
		require.Equal(t, string(want), string(bytesOf(t, c.encode(Query{}, scope, Identity))))
		require.Equal(t, len(want), c.encode(Query{}, scope, Identity).Length)
		z, err := gzip.NewReader(bytes.NewReader(bytesOf(t, c.encode(Query{}, scope, Gzip))))
		require.NoError(t, err)
		z.Multistream(false)
		plain, err := io.ReadAll(z)
		require.NoError(t, err, "checksum and length are those of the whole")
		require.Equal(t, string(want), string(plain))
		box := orb.Bound{Min: orb.Point{120 + r.Float64(), 30 + r.Float64()}}
		box.Max = orb.Point{box.Min[0] + 0.1, box.Min[1] + 0.1}
		q := Query{Bound: &box, Stages: []int{1, 2, 3, 4, 5}}
		require.Equal(t, string(bytesOf(t, fresh.encode(q, scope, Identity))), string(bytesOf(t, c.encode(q, scope, Identity))))
		require.Equal(t, regroup(c.chunks, inOrder(held)), c.chunks, "read afresh, the same chunks")
		for i, ch := range c.chunks {
			require.LessOrEqual(t, len(ch.features), 2*chunkSize)
			require.Equal(t, i == 0, ch.opens)
		}
	}
	for key := range held {
		c = c.with(999, []int64{key}, nil)
	}
	assert.Contains(t, string(bytesOf(t, c.encode(Query{}, auth.Everything(), Identity))), `"features":[]}`)
}

// TestAnEditPacksOneChunk: all others are those of the collection before.
func TestAnEditPacksOneChunk(t *testing.T) {
	t.Parallel()
	p, err := newPress()
	require.NoError(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	held := map[int64]*feature{}
	for key := range int64(10_000) {
		held[key] = invented(r, key)
	}
	before := p.anew(nil, 1, filters{}, inOrder(held))
	after := before.with(2, []int64{4711}, map[int64]*feature{4711: invented(r, 4711)})
	require.Len(t, before.chunks, 39)
	require.Len(t, after.chunks, 39)
	other := 0
	for i := range after.chunks {
		if after.chunks[i] != before.chunks[i] {
			other++
		}
	}
	assert.Equal(t, 1, other)
	for unit := range 15 {
		town := auth.ScopeOf(auth.Actor{ID: "a", Role: "town", Unit: strconv.Itoa(unit)})
		apart := 0
		for _, ch := range after.chunks {
			if s := ch.as(town); s != &ch.full && s != &ch.public {
				apart++
			}
		}
		assert.Less(t, apart, 20, "a unit's own people share most chunks with others")
	}
	assert.Same(t, before.places, before.with(3, []int64{5}, map[int64]*feature{5: {key: 5, shape: before.find(5).shape}}).places, "nothing moved")
	assert.Equal(t, []int64{4711}, changed(before, after))
}

func TestChecksumsCombine(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		a, b := make([]byte, r.IntN(5000)), make([]byte, r.IntN(5000))
		for i := range a {
			a[i] = byte(r.Int())
		}
		for i := range b {
			b[i] = byte(r.Int())
		}
		combined := crcTimes(crcShift(len(b)), crc32.ChecksumIEEE(a)) ^ crc32.ChecksumIEEE(b)
		require.Equal(t, crc32.ChecksumIEEE(slices.Concat(a, b)), combined)
	}
}

func TestThePastIsBounded(t *testing.T) {
	t.Parallel()
	p := &past{from: 10}
	for rev := int64(11); rev <= 2000; rev++ {
		p.add(rev, []int64{rev % 7})
	}
	_, ok := p.since(10)
	assert.False(t, ok)
	keys, ok := p.since(1990)
	assert.True(t, ok)
	assert.Equal(t, []int64{0, 1, 2, 3, 4, 5, 6}, keys)
	assert.LessOrEqual(t, len(p.changes), keptChanges)
	p.add(2001, make([]int64, keptKeys+1))
	_, ok = p.since(2000)
	assert.False(t, ok, "too much to tell")
	keys, ok = p.since(2001)
	assert.True(t, ok)
	assert.Empty(t, keys)
	assert.Zero(t, p.keys)
}
