package layer

import (
	"slices"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// FlatColumns are the attributes of a parcel in the flat form (geo/flat):
// what its GeoJSON says, the area in 0.0001 m², reduced 1 where the label is not shown.
func FlatColumns() []flat.Column {
	return []flat.Column{
		{Name: "code", Kind: flat.Text},
		{Name: "label", Kind: flat.Text},
		{Name: "unit", Kind: flat.Word},
		{Name: "stage", Kind: flat.Number},
		{Name: "area", Kind: flat.Number},
		{Name: "deadline", Kind: flat.Word},
		{Name: "cases", Kind: flat.Numbers},
		{Name: "reduced", Kind: flat.Number},
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

func flatFeatures(features []*feature, scope auth.Scope) []flat.Feature {
	out := make([]flat.Feature, len(features))
	values := make([]flat.Value, 0, len(features)*len(FlatColumns()))
	for i, f := range features {
		n := len(values)
		values = f.face.(*row).appendFlat(values, scope) //nolint:forcetypeassert // parcels alone have a flat form
		out[i] = flat.Feature{ID: f.key, Shape: f.shape.flat(), Values: values[n:]}
	}
	return out
}

// flatPiece is the chunk as a block, packed once for those who see it alike.
func (c *chunk) flatPiece(p *press, scope auth.Scope, coding Coding) piece {
	return c.as(scope).flat.piece(p, coding, func() []byte {
		features := flatFeatures(c.features, scope)
		c.flatCounted.Do(func() { c.flatCounts = flat.CountsOf(features) }) // at hand here
		return flat.AppendBlock(nil, FlatColumns(), features)
	})
}

// counts are those of the chunk in the flat form, the same for everybody.
func (c *chunk) counts() flat.Counts {
	c.flatCounted.Do(func() {
		for _, f := range c.features {
			c.flatCounts = c.flatCounts.Add(f.shape.counts())
		}
	})
	return c.flatCounts
}

func (c *collection) flatHead(scope auth.Scope) flat.Head {
	return flat.Head{Layer: Parcels, Class: scope.Class(), Revision: c.revision, Columns: FlatColumns()}
}

// encodeFlat is the whole layer, put together from its chunks once a scope class.
func (c *collection) encodeFlat(scope auth.Scope, coding Coding) Answer {
	if c.away() {
		head := c.flatHead(scope)
		for _, ch := range c.chunks {
			head.Counts = head.Counts.Add(ch.counts())
		}
		return c.flatStream(head, c.groups(), scope, coding)
	}
	at := &c.flat.of(scope)[coding.slot()]
	if a := at.Load(); a != nil {
		return *a
	}
	pieces := make([]piece, len(c.chunks)+2)
	inParallel(len(c.chunks), func(i int) { pieces[i+1] = c.chunks[i].flatPiece(c.press, scope, coding) })
	head := c.flatHead(scope)
	for _, ch := range c.chunks {
		head.Counts = head.Counts.Add(ch.counts())
	}
	pieces[0] = c.press.pack(coding, flat.AppendHead(nil, head))
	pieces[len(pieces)-1] = c.press.pack(coding, flat.AppendEnd(nil))
	a := newAnswer(coding, join(coding, pieces))
	if coding != Identity { // what is not packed is not kept: few ask for it
		at.Store(&a)
	}
	return a
}

// flatDelta has the features of keys as they are now, and the keys that are gone.
func (c *collection) flatDelta(since int64, keys []int64, scope auth.Scope, coding Coding) Answer {
	head := c.flatHead(scope)
	head.Delta, head.Since = true, since
	var found []*feature
	for _, key := range keys {
		if f := c.find(key); f != nil {
			found = append(found, f)
		} else {
			head.Removed = append(head.Removed, key)
		}
	}
	if away(found) {
		for _, f := range found {
			head.Counts = head.Counts.Add(f.shape.counts())
		}
		return c.flatStream(head, slices.Collect(slices.Chunk(found, chunkSize)), scope, coding)
	}
	return c.press.answer(coding, flat.Encode(head, flatFeatures(found, scope)))
}
