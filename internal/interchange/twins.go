package interchange

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"
	"math"

	"github.com/paulmach/orb"
)

// twins finds rows that a file holds twice: the same code, or the same row
// altogether. The same shape under two codes is only pointed out, since
// parcels may overlap. It keeps the codes and a hash of each row.
type twins struct {
	seed   maphash.Seed
	codes  map[string]int
	shapes map[uint64]twin
}

// twin is the first row with a shape.
type twin struct {
	row  int
	rest uint64 // hash of its attributes
}

func newTwins() *twins {
	return &twins{seed: maphash.MakeSeed(), codes: map[string]int{}, shapes: map[uint64]twin{}}
}

// check compares an accepted row with those before it.
func (t *twins) check(r *record, code string, mp orb.MultiPolygon, find func(Finding)) *rejection {
	if first, ok := t.codes[code]; ok && code != "" {
		return sameCode(code, first)
	}
	shape, rest := t.shape(mp), t.attributes(r)
	first, known := t.shapes[shape]
	switch {
	case !known:
		t.shapes[shape] = twin{r.row, rest}
	case code == "" && first.rest == rest:
		return sameRow(first.row)
	default:
		find(Finding{Row: r.row, Code: "same_shape", Text: Text{
			fmt.Sprintf("图形与第 %d 行完全相同", first.row), fmt.Sprintf("The shape is the same as that of row %d.", first.row),
		}})
	}
	if code != "" {
		t.codes[code] = r.row
	}
	return nil
}

// shape is a hash that does not depend on where a ring begins or on the order of rings.
func (t *twins) shape(mp orb.MultiPolygon) uint64 {
	var sum uint64
	for _, polygon := range mp {
		for _, ring := range polygon {
			sum += t.ring(ring)
		}
	}
	return sum
}

func (t *twins) ring(r orb.Ring) uint64 {
	n := len(r) - 1 // the last point repeats the first
	if n < 1 {
		return 0
	}
	start := 0
	for i := range n {
		if r[i][0] < r[start][0] || r[i][0] == r[start][0] && r[i][1] < r[start][1] {
			start = i
		}
	}
	var h maphash.Hash
	h.SetSeed(t.seed)
	var b [16]byte
	for i := range n {
		p := r[(start+i)%n]
		binary.LittleEndian.PutUint64(b[:8], math.Float64bits(p[0]))
		binary.LittleEndian.PutUint64(b[8:], math.Float64bits(p[1]))
		_, _ = h.Write(b[:]) // never fails
	}
	return h.Sum64()
}

func (t *twins) attributes(r *record) uint64 {
	var h maphash.Hash
	h.SetSeed(t.seed)
	for _, a := range r.attrs {
		_, _ = h.WriteString(a.Name)
		_ = h.WriteByte(0)
		_, _ = h.WriteString(a.Value)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}
