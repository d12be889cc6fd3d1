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

// reference is a reference layer, its features encoded once; it never changes.
type reference struct {
	revision int64
	features []referenceFeature
	classes  map[string]int
}

type referenceFeature struct {
	bound orb.Bound
	json  []byte
}

// newReferences encodes layers; the error names a feature that cannot be written.
func newReferences(layers []ReferenceLayer) (map[string]*reference, error) {
	encoded := make(map[string]*reference, len(layers))
	for _, l := range layers {
		r := &reference{revision: l.Revision, features: make([]referenceFeature, len(l.Features)), classes: map[string]int{}}
		for i, row := range l.Features {
			text, err := row.encode()
			if err != nil {
				return nil, fmt.Errorf("reference layer %s, feature %d: %w", l.Code, row.ID, err)
			}
			r.features[i] = referenceFeature{bound: row.Geometry.Bound(), json: text}
			r.classes[row.Class]++
		}
		encoded[l.Code] = r
	}
	return encoded, nil
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
	fresh, err := newReferences(layers)
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
	return newReferences(layers)
}

func (r ReferenceRow) encode() ([]byte, error) {
	b := fmt.Appendf(nil, `{"type":"Feature","id":%d,"properties":{"id":%d,"code":`, r.ID, r.ID)
	b = appendString(b, r.Code)
	b = append(b, `,"label":`...)
	b = appendString(b, r.Name)
	b = append(b, `,"class":`...)
	b = appendString(b, r.Class)
	if len(r.Attributes) > 0 {
		text, err := json.Marshal(r.Attributes)
		if err != nil {
			return nil, err
		}
		b = append(append(b, `,"attributes":`...), text...)
	}
	b, err := geojson.AppendGeometry(append(b, `},"geometry":`...), r.Geometry)
	return append(b, '}'), err
}

// matching gives the encoded features that a query selects; of queries, reference layers know the box.
func (r *reference) matching(q Query, put func(feature []byte)) {
	for _, f := range r.features {
		if q.Bound == nil || q.Bound.Intersects(f.bound) {
			put(f.json)
		}
	}
}

// Layers lists the layers there are: those of the campaign, then the reference layers by code.
func (s *Snapshot) Layers(ctx context.Context, scope auth.Scope) ([]Info, error) {
	if err := scope.Check(); err != nil {
		return nil, err
	}
	var list []Info
	for _, code := range []string{Parcels, Units, Recovered, Effective, Blocks, Parks} {
		revision, _ := s.revisionOf(code) // one of ours
		info := Info{Code: code, Revision: revision}
		if err := s.features(ctx, code, Query{}, func([]byte) { info.Features++ }); err != nil {
			return nil, err
		}
		list = append(list, info)
	}
	for _, code := range slices.Sorted(maps.Keys(s.references)) {
		r := s.references[code]
		list = append(list, Info{Code: code, Reference: true, Revision: r.revision, Features: len(r.features), Classes: r.classes})
	}
	return list, nil
}
