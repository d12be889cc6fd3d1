package layer

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/auth"
)

// ReferenceRow is a feature of a reference layer as the database gives it.
type ReferenceRow struct {
	ID         int64
	Code       string
	Name       string
	Class      string
	Attributes map[string]string
	Geometry   orb.Geometry // lines or polygons, EPSG:4490
}

// ReferenceLayer is a reference layer (底图要素), empty when all its features are gone.
type ReferenceLayer struct {
	Code     string
	Revision int64          // last entry that touched this layer
	Features []ReferenceRow // by id
}

// Info says of a layer what there is to fetch.
type Info struct {
	Code      string
	Reference bool // one of the reference layers; those of the campaign are not
	Revision  int64
	Features  int
	Classes   map[string]int // features by class, of reference layers
}

// reference is a reference layer; it never changes.
type reference struct {
	*collection

	classes map[string]int
}

// newReferences encodes layers; the error names a feature that cannot be
// written. What is the same before is shared, and what is not is kept as their past.
func (p *press) newReferences(layers []ReferenceLayer, before map[string]*reference) (map[string]*reference, error) {
	made := make(map[string]*reference, len(layers))
	for _, l := range layers {
		r := &reference{classes: map[string]int{}}
		features := make([]*feature, len(l.Features))
		for i, row := range l.Features {
			var err error
			if features[i], err = row.encode(); err != nil {
				return nil, fmt.Errorf("reference layer %s, feature %d: %w", l.Code, row.ID, err)
			}
			r.classes[row.Class]++
		}
		r.collection = p.anewWithPast(before[l.Code], l.Revision, features)
		made[l.Code] = r
	}
	return made, nil
}

// anewWithPast is a collection that can tell what changed since the one before.
func (p *press) anewWithPast(before *reference, revision int64, features []*feature) *collection {
	if before == nil {
		c := p.anew(nil, revision, filters{bound: true}, features)
		c.past = &past{from: revision}
		return c
	}
	c := p.anew(before.collection, revision, filters{bound: true}, features)
	c.past = before.past
	if keys := changed(before.collection, c); len(keys) > 0 {
		c.past.add(revision, keys)
	}
	return c
}

// freshReferences are the reference layers after a change: those it touched read again, the others as they are.
func (m *Model) freshReferences(ctx context.Context, now *Snapshot, c Change) (map[string]*reference, error) {
	if len(c.References) == 0 {
		return now.references, nil
	}
	layers, err := m.source.ReferenceLayers(ctx, c.References)
	if err != nil {
		return nil, err
	}
	fresh, err := m.press.newReferences(layers, now.references)
	if err != nil {
		return nil, err
	}
	all := maps.Clone(now.references)
	maps.Copy(all, fresh)
	return all, nil
}

// referencesAt are the reference layers at an earlier revision; most days they are today's.
func (m *Model) referencesAt(ctx context.Context, now *Snapshot, revision int64) (map[string]*reference, error) {
	if !slices.ContainsFunc(slices.Collect(maps.Values(now.references)), func(r *reference) bool { return r.revision > revision }) {
		return now.references, nil
	}
	layers, err := m.source.ReferenceLayersAt(ctx, revision)
	if err != nil {
		return nil, err
	}
	return m.press.newReferences(layers, nil)
}

func (r ReferenceRow) encode() (*feature, error) {
	b := fmt.Appendf(nil, `{"type":"Feature","id":%d,"properties":{"id":%d,"code":`, r.ID, r.ID)
	b = appendString(b, r.Code)
	b = append(b, `,"label":`...)
	b = appendString(b, r.Name)
	b = append(b, `,"class":`...)
	b = appendString(b, r.Class)
	if len(r.Attributes) > 0 {
		attributes, err := json.Marshal(r.Attributes)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"attributes":`...), attributes...)
	}
	geometry, err := geojson.AppendGeometry(nil, r.Geometry)
	return &feature{face: &text{json: append(b, '}')}, key: r.ID, shape: &shape{bound: r.Geometry.Bound(), bytes: geometry, form: formText}}, err
}

// Layers lists the layers there are: those of the campaign, then the reference layers by code.
func (s *Snapshot) Layers(ctx context.Context, scope auth.Scope) ([]Info, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	var list []Info
	for _, code := range []string{Parcels, Units, Recovered, Effective, Blocks, Parks} {
		c, err := s.collection(ctx, code)
		if err != nil {
			return nil, err
		}
		list = append(list, Info{Code: code, Revision: c.revision, Features: c.len()})
	}
	for _, code := range slices.Sorted(maps.Keys(s.references)) {
		r := s.references[code]
		list = append(list, Info{Code: code, Reference: true, Revision: r.revision, Features: r.len(), Classes: r.classes})
	}
	return list, nil
}
