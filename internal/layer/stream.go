package layer

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/flat"
	"github.com/guatu/guatu/internal/auth"
)

// Geometries of parcels are held as far as the model's memory reaches. Those beyond it are away: their boxes are
// here and their names, so filters, tags and what a scope sees are as ever; what they look like is read when
// somebody asks, some features at a time, while the answer is sent. Geometries never change under their names, so
// an answer is of one revision although it is read bit by bit.

// fetchTime is the longest that reading the geometries of one group may take.
const fetchTime = 10 * time.Second

// stream is an answer that is made while it is sent, because some of its geometries are away.
type stream struct {
	source     Source
	press      *press
	coding     Coding
	head, tail []byte
	groups     [][]*feature // written one after the other, each in one piece
	write      func(b []byte, features []*feature, opens bool) []byte
}

// away says that some geometry is not in memory.
func away(features []*feature) bool {
	return slices.ContainsFunc(features, func(f *feature) bool { return f.shape != nil && f.shape.form == formAway })
}

// send writes the answer. It holds no connection while the client reads, and stops where the client went away; a query that runs
// then is let end, so that its connection stays good: it is short.
func (s *stream) send(ctx context.Context, w io.Writer) (sent int64, err error) {
	var told []piece // without their bytes
	put := func(plain []byte) error {
		p := s.press.pack(s.coding, plain)
		n, err := w.Write(p.bytes)
		sent += int64(n)
		p.bytes = nil
		told = append(told, p)
		return err
	}
	if s.coding == Gzip {
		if _, err := w.Write(gzipHeader()); err != nil {
			return sent, fmt.Errorf("send a layer: %w", err)
		}
	}
	if err := put(s.head); err != nil {
		return sent, fmt.Errorf("send a layer: %w", err)
	}
	var buffer []byte
	for i, group := range s.groups {
		features, err := s.present(ctx, group)
		if err != nil {
			return sent, err
		}
		buffer = s.write(buffer[:0], features, i == 0)
		if err := put(buffer); err != nil {
			return sent, fmt.Errorf("send a layer: %w", err)
		}
	}
	if err := put(s.tail); err != nil {
		return sent, fmt.Errorf("send a layer: %w", err)
	}
	if s.coding == Gzip {
		_, err = w.Write(gzipTrailer(told))
	}
	return sent, err
}

// present are features with their geometries; those that are away are read.
func (s *stream) present(ctx context.Context, features []*feature) ([]*feature, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("send a layer: %w", err)
	}
	present := slices.Clone(features)
	var names []string
	var at []int
	for i, f := range features {
		if f.shape != nil && f.shape.form == formAway {
			names, at = append(names, f.face.(*row).parcel.Shape), append(at, i) //nolint:forcetypeassert // parcels alone are away
		}
	}
	if len(names) == 0 {
		return present, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchTime)
	defer cancel()
	err := s.source.EachShape(ctx, names, func(i int, mp orb.MultiPolygon) {
		f := *features[at[i]]
		f.shape = newShape(mp)
		present[at[i]] = &f
	})
	return present, err
}

// away says that some geometry of the collection is not in memory.
func (c *collection) away() bool {
	return slices.ContainsFunc(c.chunks, func(ch *chunk) bool { return ch.away() })
}

func (c *chunk) away() bool {
	c.looked.Do(c.look)
	return c.isAway
}

// groups are the features of the chunks.
func (c *collection) groups() [][]*feature {
	groups := make([][]*feature, len(c.chunks))
	for i, ch := range c.chunks {
		groups[i] = ch.features
	}
	return groups
}

func (c *collection) stream(head []byte, groups [][]*feature, scope auth.Scope, coding Coding) Answer {
	write := func(b []byte, features []*feature, opens bool) []byte {
		return (&chunk{features: features, opens: opens}).append(b, scope)
	}
	return Answer{Coding: coding, Length: -1, stream: &stream{press: c.press, coding: coding, head: head, tail: []byte(tail), groups: groups, write: write}}
}

func (c *collection) flatStream(head flat.Head, groups [][]*feature, scope auth.Scope, coding Coding) Answer {
	write := func(b []byte, features []*feature, _ bool) []byte {
		return flat.AppendBlock(b, FlatColumns(), flatFeatures(features, scope))
	}
	return Answer{Coding: coding, Length: -1, stream: &stream{press: c.press, coding: coding, head: flat.AppendHead(nil, head), tail: flat.AppendEnd(nil), groups: groups, write: write}}
}
