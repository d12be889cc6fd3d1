package flat

// Decode reads a file. It never panics, holds no more than a small multiple of
// the bytes, and keeps none of them. The error is an [Error].
func Decode(b []byte) (*File, error) {
	r := &reader{b: b}
	f := &File{Head: r.head()}
	f.Features = make([]Feature, 0, min(f.Counts.Features, r.left()))
	var sum Counts
	for r.fault == nil {
		size := r.count(1)
		if size == 0 {
			break
		}
		features, counts := r.block(size, f.Columns)
		if n := len(f.Features); n > 0 && len(features) > 0 && f.Features[n-1].ID >= features[0].ID {
			r.fail("ids do not rise")
		}
		f.Features = append(f.Features, features...)
		sum = sum.Add(counts)
	}
	switch {
	case r.fault == nil && r.left() > 0:
		r.fail("something after the end")
	case r.fault == nil && sum != f.Counts:
		r.fail("not as many as the head says")
	}
	if r.fault != nil {
		return nil, r.fault
	}
	return f, nil
}

func (r *reader) head() (h Head) {
	if string(r.take(len(magic))) != magic {
		r.fail("not a flat layer")
	}
	if r.byte() != version {
		r.fail("a version that is not known")
	}
	flags := r.byte()
	if flags&^flagDelta != 0 {
		r.fail("a flag that is not known")
	}
	h.Layer, h.Class, h.Revision = r.text(), r.text(), r.natural()
	if h.Delta = flags&flagDelta != 0; h.Delta {
		h.Since = r.natural()
		h.Removed = r.ids(r.count(1))
	}
	for range r.count(2) {
		c := Column{Name: r.text(), Kind: Kind(r.byte())}
		if c.Kind < Number || c.Kind > Numbers {
			r.fail("a column of a kind that is not known")
			return h
		}
		h.Columns = append(h.Columns, c)
	}
	for _, n := range []*int{&h.Counts.Features, &h.Counts.Polygons, &h.Counts.Rings, &h.Counts.Points} {
		*n = int(min(r.natural(), int64(r.left())*4+1)) // not above the bits
	}
	return h
}

// block reads one, which has so many bytes.
func (r *reader) block(size int, columns []Column) ([]Feature, Counts) {
	content := reader{b: r.b[:r.at+size], at: r.at}
	features, counts := content.content(columns)
	if content.fault == nil && content.left() > 0 {
		content.fail("a block longer than its content")
	}
	r.at += size
	if content.fault != nil {
		r.fault = content.fault
	}
	return features, counts
}

func (r *reader) content(columns []Column) ([]Feature, Counts) {
	n := r.count(3 + len(columns)) // an id, an anchor, a value of each column at least
	if n == 0 {
		r.fail("a block without features")
		return nil, Counts{}
	}
	features := make([]Feature, n)
	values := make([]Value, n*len(columns))
	for i, id := range r.ids(n) {
		features[i].ID = id
		features[i].Values, values = values[:len(columns):len(columns)], values[len(columns):]
	}
	for i, c := range columns {
		if r.fault != nil {
			return nil, Counts{}
		}
		r.column(c.Kind, features, i)
	}
	return features, r.shapes(features)
}

// shapes reads those of a block's features.
func (r *reader) shapes(features []Feature) (sum Counts) {
	anchors := make([][2]int64, len(features))
	var at [2]int64
	for i := range features {
		at = r.step(at)
		anchors[i] = at
	}
	for i := range features {
		s := r.counts()
		sum = sum.Add(s.holding)
		if s.holding.Polygons > 0 {
			s.anchor = anchors[i]
			features[i].Shape = s
		}
	}
	r.steps(features, sum)
	return sum
}

// steps reads the vertices behind the anchors.
func (r *reader) steps(features []Feature, sum Counts) {
	kx, ky := uint(r.byte()), uint(r.byte())
	if max(kx, ky) > mostRice || sum.Points > r.left()*4+len(features) {
		r.fail("more vertices than the bytes could hold")
	}
	bits := bitReader{r: r}
	for _, f := range features {
		if f.Shape == nil {
			continue
		}
		for at, n := f.Shape.anchor, 1; n < f.Shape.holding.Points && r.fault == nil; n++ {
			next := r.inside(at, [2]int64{unfold(bits.rice(kx)), unfold(bits.rice(ky))})
			f.Shape.deltas = appendStep(f.Shape.deltas, at, next)
			at = next
		}
	}
	bits.end()
}

// counts reads polygons, rings and points of a shape.
func (r *reader) counts() *Shape {
	s := &Shape{holding: Counts{Features: 1}}
	begin := r.at
	s.holding.Polygons = r.count(2)
	for range s.holding.Polygons {
		rings := r.count(1)
		if rings == 0 {
			r.fail("a polygon without rings")
		}
		s.holding.Rings += rings
		for range rings {
			points := r.uint()
			if points < 3 || points > uint64(r.left())*4+1 { //nolint:gosec // not below 0
				r.fail("a ring without three points, or with too many")
				return s
			}
			s.holding.Points += int(points) //nolint:gosec // not above the bits
		}
	}
	if s.holding.Polygons > 0 {
		s.counts = append([]byte(nil), r.b[begin:r.at]...)
	}
	return s
}

func (r *reader) column(kind Kind, features []Feature, column int) {
	var words []string
	if kind == Word {
		for range r.count(1) {
			words = append(words, r.text())
		}
	}
	before := ""
	for _, f := range features {
		if r.fault != nil {
			return
		}
		v := &f.Values[column]
		switch kind {
		case Number:
			v.Number = r.uint()
		case Text:
			v.Text = r.textAfter(before)
			before = v.Text
		case Word:
			v.Text = r.word(words)
		case Numbers:
			v.Numbers = r.numbers()
		}
	}
}

func (r *reader) word(words []string) string {
	i := r.uint()
	if i >= uint64(len(words)) {
		r.fail("a word that is not there")
		return ""
	}
	return words[i]
}

func (r *reader) numbers() []int64 {
	var numbers []int64
	last := int64(0)
	for range r.count(1) {
		last += r.int()
		numbers = append(numbers, last)
	}
	return numbers
}
