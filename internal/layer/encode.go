package layer

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// Selection is what a reader asked for, found but not encoded yet.
type Selection struct {
	snapshot *Snapshot
	scope    auth.Scope
	name     string
	query    Query
	tag      string
	since    int64
	keys     []int64
	delta    bool // the keys are told, not the whole
	flat     bool // in the flat form
}

// Select finds the features of a layer that a query selects.
func (s *Snapshot) Select(scope auth.Scope, name string, q Query) (Selection, error) {
	if err := scope.Check(); err != nil {
		return Selection{}, err
	}
	rev, err := s.revisionOf(name)
	tag := make([]byte, 0, 64)
	tag = strconv.AppendInt(append(append(tag, name...), '-'), rev, 10)
	tag = append(append(tag, '-'), scope.Class()...)
	return Selection{snapshot: s, scope: scope, name: name, query: q, tag: string(tag)}, err
}

// Since finds what changed in a layer after a revision that a reader has of it;
// the whole layer where that is too long ago, or not kept of this layer.
func (s *Snapshot) Since(scope auth.Scope, name string, revision int64) (Selection, error) {
	sel, err := s.Select(scope, name, Query{})
	if err != nil {
		return sel, err
	}
	if c := s.layers[name]; c != nil && revision <= c.revision {
		if sel.keys, sel.delta = c.past.since(revision); sel.delta {
			sel.since, sel.tag = revision, sel.tag+"-d"
		}
	}
	return sel, nil
}

// ETag names the answer in a coding: it changes whenever the bytes may.
func (s Selection) ETag(coding Coding) string { return coding.Tag(s.tag) }

// Encode is the selection as GeoJSON, or in the flat form. A whole layer is encoded and packed once a
// snapshot and scope class, from chunks of which most are those of the snapshot before and of other classes.
func (s Selection) Encode(ctx context.Context, coding Coding) (Answer, error) {
	c, err := s.snapshot.collection(ctx, s.name)
	if err != nil {
		return Answer{}, err
	}
	a := s.of(c, coding)
	if a.stream != nil {
		a.stream.source = s.snapshot.source
	}
	return a, nil
}

func (s Selection) of(c *collection, coding Coding) Answer {
	switch {
	case s.flat && s.delta:
		return c.flatDelta(s.since, s.keys, s.scope, coding)
	case s.flat:
		return c.encodeFlat(s.scope, coding)
	case s.delta:
		return c.delta(s.since, s.keys, s.scope, coding)
	}
	return c.encode(s.query, s.scope, coding)
}

func (s *Snapshot) revisionOf(name string) (int64, error) {
	if c := s.layers[name]; c != nil {
		return c.revision, nil
	}
	if d := s.drawn[name]; d != nil {
		return d.revision, nil
	}
	return 0, fault.New(fault.KindNotFound, "layer_not_found", "没有这个图层", "there is no such layer")
}

// collection is a layer by name, drawn now where it was not asked for before.
func (s *Snapshot) collection(ctx context.Context, name string) (*collection, error) {
	if c := s.layers[name]; c != nil {
		return c, nil
	}
	return s.drawn[name].get(func() ([]*feature, error) { return s.draw(ctx, name) })
}

func newUnit(key int64, u chronicle.Unit, s *shape) *feature {
	b := fmt.Appendf(nil, `{"type":"Feature","id":%d,"properties":{"id":%d,"code":`, u.ID, u.ID)
	b = appendString(b, u.Code)
	b = append(b, `,"label":`...)
	b = appendString(b, u.Short.ZH)
	b = append(b, `,"label_en":`...)
	b = appendString(b, u.Short.EN)
	b = fmt.Appendf(b, `,"order":%d,"outside":%t}`, u.Sort, u.Outside)
	return &feature{face: &text{json: b}, key: key, shape: s}
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return r < ' ' || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029' || r == '\uFFFD'
	}) {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...) // a string always encodes
	}
	return append(b, quoted...)
}
