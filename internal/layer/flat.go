package layer

import (
	"sync"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/fault"
)

// FlatColumns are the attributes of a parcel in the flat form (geo/flat):
// what its GeoJSON says, the area in 0.0001 m².
func FlatColumns() []flat.Column {
	return []flat.Column{
		{Name: "code", Kind: flat.Text}, {Name: "label", Kind: flat.Text}, {Name: "unit", Kind: flat.Word},
		{Name: "stage", Kind: flat.Number}, {Name: "area", Kind: flat.Number}, {Name: "deadline", Kind: flat.Word}, {Name: "cases", Kind: flat.Numbers},
	}
}

// Flat is the selection of a whole layer, or of what changed in it, in the
// flat form. Parcels alone have one: nothing else is large.
func (s Selection) Flat() (Selection, error) {
	if s.name != Parcels {
		return s, fault.New(fault.KindNotFound, "no_flat_form", "这个图层没有紧凑格式", "this layer has no flat form")
	}
	s.flat, s.tag = true, s.tag+"-f"
	return s, nil
}

func (r *ParcelRow) flatValues() []flat.Value {
	return []flat.Value{
		{Text: r.Code}, {Text: r.shownLabel()}, {Text: r.Unit}, {Number: uint64(r.Stage)}, {Number: uint64(r.Area)}, {Text: string(r.Deadline)}, {Numbers: r.Cases}, //nolint:gosec // neither is below 0
	}
}

func (f *feature) flat() flat.Feature {
	x := flat.Feature{ID: f.key, Values: f.row.flatValues()}
	if f.shape != nil {
		x.Shape = f.shape.flat
	}
	return x
}

// flatBlock is a chunk in the flat form, packed once.
type flatBlock struct {
	counted sync.Once
	counts  flat.Counts
	packed  packed
}

func (c *chunk) flatCounts() flat.Counts {
	c.flat.counted.Do(func() {
		for _, f := range c.features {
			c.flat.counts = c.flat.counts.Add(f.flat().Shape.Counts())
		}
	})
	return c.flat.counts
}

func (c *chunk) flatPiece(p *press, coding Coding) piece {
	return c.flat.packed.piece(p, coding, func() []byte { return flatOf(c.features) })
}

func flatOf(features []*feature) []byte {
	block := make([]flat.Feature, len(features))
	for i, f := range features {
		block[i] = f.flat()
	}
	return flat.AppendBlock(nil, FlatColumns(), block)
}

func (c *collection) flatHead(class string) flat.Head {
	return flat.Head{Layer: Parcels, Class: class, Revision: c.revision, Columns: FlatColumns()}
}

// encodeFlat is the whole layer, put together from its chunks once.
func (c *collection) encodeFlat(class string, coding Coding) Answer {
	at := &c.flat[coding.slot()]
	if a := at.Load(); a != nil {
		return *a
	}
	head := c.flatHead(class)
	for _, ch := range c.chunks {
		head.Counts = head.Counts.Add(ch.flatCounts())
	}
	pieces := make([]piece, len(c.chunks)+2)
	pieces[0] = c.press.pack(coding, flat.AppendHead(nil, head))
	pieces[len(pieces)-1] = c.press.pack(coding, flat.AppendEnd(nil))
	inParallel(len(c.chunks), func(i int) { pieces[i+1] = c.chunks[i].flatPiece(c.press, coding) })
	a := newAnswer(coding, join(coding, pieces))
	if coding != Identity { // what is not packed is not kept: few ask for it
		at.Store(&a)
	}
	return a
}

// flatDelta has the features of keys as they are now, and the keys that are gone.
func (c *collection) flatDelta(class string, since int64, keys []int64, coding Coding) Answer {
	head := c.flatHead(class)
	head.Delta, head.Since = true, since
	var features []flat.Feature
	for _, key := range keys {
		if f := c.find(key); f != nil {
			features = append(features, f.flat())
		} else {
			head.Removed = append(head.Removed, key)
		}
	}
	return c.press.answer(coding, flat.Encode(head, features))
}
