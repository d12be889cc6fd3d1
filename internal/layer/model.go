// Package layer is the map in memory: the layers as immutable snapshots at a
// revision, from which everything that shows the map is served. What is where,
// and how far it has come, is the chronicle's; geometries are kept here, encoded.
package layer

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
)

// Names of the layers.
const (
	Parcels   = "parcels"
	Units     = "units"
	Recovered = "recovered" // recovered land, by case
	Effective = "effective" // the effective part of it
	Blocks    = "blocks"    // 连片区块
	Parks     = "parks"     // cases of the track that counts floor area
)

// Snapshot is the layers at a revision; it never changes.
type Snapshot struct {
	Revision   int64
	layers     map[string]*collection // parcels, units and reference layers
	drawn      map[string]*drawing    // the others, made of the view when asked for
	references map[string]*reference  // by code
	shapes     *shapes
	view       *chronicle.View
	blocks     *block.Desk
	source     Source
}

// Source is the database as this room reads it.
type Source interface {
	// EachShape reads geometries by name and puts each with the index of its name, in any order.
	EachShape(ctx context.Context, names []string, put func(i int, mp orb.MultiPolygon)) error
	// ReferenceLayers reads some reference layers in one consistent view, nil being all.
	ReferenceLayers(ctx context.Context, codes []string) ([]ReferenceLayer, error)
	// ReferenceLayersAt reads the reference layers as they were at a revision.
	ReferenceLayersAt(ctx context.Context, revision int64) ([]ReferenceLayer, error)
}

// Change says what one committed operation touched.
type Change struct {
	Revision int64 // its last entry
	Parcels  []int64
	Units    bool
	// References are the reference layers touched.
	References []string
	Land       bool // recovered land was touched
}

// Model holds the newest snapshot, and those of earlier days that were asked for.
type Model struct {
	source Source
	book   *chronicle.Book
	blocks *block.Desk
	press  *press
	most   int64 // bytes that geometries of parcels may take

	making   sync.Mutex // held while a snapshot is made
	mu       sync.Mutex
	snapshot *Snapshot
	moved    chan struct{} // closed and replaced at each new snapshot
	past     []*Snapshot   // the last asked last
}

// NewModel loads the layers as the chronicle has them.
func NewModel(ctx context.Context, source Source, book *chronicle.Book, blocks *block.Desk) (*Model, error) {
	return NewModelWithin(ctx, source, book, blocks, math.MaxInt64)
}

// NewModelWithin is NewModel with so many bytes of memory for the geometries of a layer; what is beyond is read
// from the database when somebody asks for it.
func NewModelWithin(ctx context.Context, source Source, book *chronicle.Book, blocks *block.Desk, most int64) (*Model, error) {
	p, err := newPress()
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	m := &Model{source: source, book: book, blocks: blocks, press: p, most: most, moved: make(chan struct{})}
	err = m.reload(ctx, &Snapshot{shapes: &shapes{}}, book.Revision())
	return m, err
}

// reload makes the newest snapshot from everything there is.
func (m *Model) reload(ctx context.Context, from *Snapshot, revision int64) error {
	m.making.Lock()
	defer m.making.Unlock()
	layers, err := m.source.ReferenceLayers(ctx, nil)
	if err != nil {
		return err
	}
	references, err := m.press.newReferences(layers, from.references)
	if err != nil {
		return err
	}
	v := m.book.At(auth.Everything(), revision, "")
	known := from.shapes.only(shapesOf(v))
	s, err := m.build(ctx, v, from, known, references)
	if err != nil {
		return err
	}
	s.layers[Parcels].past = &past{from: s.layers[Parcels].revision}
	m.swap(s)
	return nil
}

// build makes the snapshot of a view. It takes over from another snapshot what
// is the same there: features and what they are packed to.
func (m *Model) build(ctx context.Context, v *chronicle.View, from *Snapshot, known *shapes, references map[string]*reference) (*Snapshot, error) {
	features, fresh := from.parcels(v)
	if err := m.know(ctx, known, otherShapes(v)); err != nil {
		return nil, err
	}
	names := make([]string, len(fresh))
	for i, f := range fresh {
		names[i] = f.row.parcel.Shape
	}
	if err := m.knowParcels(ctx, known, names); err != nil {
		return nil, err
	}
	for _, f := range fresh {
		f.shape = known.named(f.row.parcel.Shape)
	}
	s := m.bare(v, known, references)
	s.layers[Parcels] = m.press.anew(from.layers[Parcels], v.MapRevision(), filters{bound: true, unit: true, stage: true}, features)
	units := make([]*feature, len(v.Units))
	for i, u := range v.Units {
		units[i] = newUnit(int64(i), u, known.named(u.Shape))
	}
	s.layers[Units] = m.press.anew(from.layers[Units], v.UnitsRevision(), filters{}, units)
	s.drawn = s.drawings(m.press, from.drawn, false)
	return s, nil
}

// bare is a snapshot of a view with its reference layers alone.
func (m *Model) bare(v *chronicle.View, known *shapes, references map[string]*reference) *Snapshot {
	s := &Snapshot{Revision: v.Revision, layers: make(map[string]*collection, len(references)+2), references: references, shapes: known, view: v, blocks: m.blocks, source: m.source}
	for code, r := range references {
		s.layers[code] = r.collection
	}
	return s
}

// shapesOf names the geometries of a view.
func shapesOf(v *chronicle.View) []string {
	names := otherShapes(v)
	for _, p := range v.Parcels() {
		names = append(names, p.Shape)
	}
	return names
}

// otherShapes names the geometries of a view that are no parcel's.
func otherShapes(v *chronicle.View) []string {
	names := landShapes(v)
	for _, u := range v.Units {
		names = append(names, u.Shape)
	}
	return names
}

// District encloses the boundaries of all units, those outside the campaign too; the zero box where none is known.
func (s *Snapshot) District() orb.Bound {
	var all orb.Bound
	s.layers[Units].each(Query{}, func(u *feature) {
		switch {
		case u.shape == nil:
		case all.IsZero():
			all = u.shape.bound
		default:
			all = all.Union(u.shape.bound)
		}
	})
	return all
}

// Count is how many features a layer has that is not drawn of others.
func (s *Snapshot) Count(name string) int { return s.layers[name].len() }

// UnitsRevision is the last one that changed the units or the campaign.
func (s *Snapshot) UnitsRevision() int64 { return s.layers[Units].revision }

// parcel is the feature of a row: the one that is here, where it shows just that, else a new one.
func (s *Snapshot) parcel(r row) *feature {
	if f := s.layers[Parcels].find(r.parcel.ID); f != nil && f.same(&r) {
		return f
	}
	return newParcel(r, s.shapes.named(r.parcel.Shape))
}

// Now is the newest snapshot.
func (m *Model) Now() *Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.snapshot
}

func (m *Model) swap(s *Snapshot) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.snapshot = s
	close(m.moved)
	m.moved = make(chan struct{})
}

// At waits for a snapshot of at least the revision a reader must see.
func (m *Model) At(ctx context.Context, revision int64) (*Snapshot, error) {
	for {
		m.mu.Lock()
		s, moved := m.snapshot, m.moved
		m.mu.Unlock()
		if s.Revision >= revision {
			return s, nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return nil, fault.New(fault.KindUnavailable, "revision_not_here", "数据正在更新，请稍后重试", "this revision has not arrived here yet; please try again").Because(ctx.Err())
		}
	}
}

// keptDays is how many earlier days are held ready: two to compare, and some
// that somebody slides over.
const keptDays = 8

// AsOf is the snapshot of a view of an earlier day, whoever's view it is: who selects
// from it says who looks. Boundaries of units are today's.
func (m *Model) AsOf(ctx context.Context, v *chronicle.View) (*Snapshot, error) {
	v = v.For(auth.Everything())
	m.making.Lock()
	defer m.making.Unlock()
	now := m.Now()
	if v.Revision == now.Revision {
		return now, nil
	}
	for i, s := range m.past {
		if s.Revision == v.Revision {
			m.past = append(slices.Delete(m.past, i, i+1), s)
			return s, nil
		}
	}
	references, err := m.referencesAt(ctx, now, v.Revision)
	if err != nil {
		return nil, err
	}
	s, err := m.build(ctx, v, now, now.shapes, references)
	if err != nil {
		return nil, err
	}
	s.layers[Parcels].places = nil
	if len(m.past) >= keptDays {
		m.past = slices.Delete(m.past, 0, 1)
	}
	m.past = append(m.past, s)
	return s, nil
}

// ForgetPast lets the earlier days go that are held ready.
func (m *Model) ForgetPast() {
	m.making.Lock()
	defer m.making.Unlock()
	m.past = nil
}

// Geometries are shapes by name as GeoJSON.
func (m *Model) Geometries(ctx context.Context, names []string) (map[string][]byte, error) {
	known := m.Now().shapes
	missing := known.missing(names, true)
	texts := make(map[string][]byte, len(names))
	if len(missing) > 0 { // they are read for this once
		if err := m.source.EachShape(ctx, missing, func(i int, mp orb.MultiPolygon) { texts[missing[i]] = newShape(mp).append(nil) }); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		if s := known.named(name); s != nil && s.form != formAway {
			texts[name] = s.append(nil)
		}
	}
	return texts, nil
}

// Apply brings the snapshot to a change's revision, which the chronicle has
// read, and returns it. Changes come in order of revision.
func (m *Model) Apply(ctx context.Context, c Change) (*Snapshot, error) {
	now := m.Now()
	if c.Units {
		err := m.reload(ctx, now, c.Revision)
		return m.Now(), err
	}
	if c.Revision <= now.Revision {
		return now, nil
	}
	v := m.book.At(auth.Everything(), c.Revision, "")
	if err := m.knowChanged(ctx, now.shapes, c, v); err != nil {
		return nil, err
	}
	references, err := m.freshReferences(ctx, now, c)
	if err != nil {
		return nil, err
	}
	next := m.bare(v, now.shapes, references)
	next.Revision = c.Revision
	next.layers[Parcels], next.layers[Units] = now.parcelsAfter(c, v), now.layers[Units]
	next.drawn = next.drawings(m.press, now.drawn, true)
	m.swap(next)
	return next, nil
}

// knowChanged reads the geometries of what a change touched.
func (m *Model) knowChanged(ctx context.Context, known *shapes, c Change, v *chronicle.View) error {
	var names []string
	for _, id := range c.Parcels {
		if p := v.Parcel(id); p != nil {
			names = append(names, p.Shape)
		}
	}
	if err := m.knowParcels(ctx, known, names); err != nil || !c.Land {
		return err
	}
	return m.know(ctx, known, landShapes(v))
}

// parcelsAfter are the parcels after a change, which goes into their past.
func (s *Snapshot) parcelsAfter(c Change, v *chronicle.View) *collection {
	before := s.layers[Parcels]
	if len(c.Parcels) == 0 {
		return before.at(v.MapRevision())
	}
	keys := slices.Compact(slices.Sorted(slices.Values(c.Parcels)))
	now := make(map[int64]*feature, len(keys))
	for _, id := range keys {
		if p := v.Parcel(id); p != nil {
			now[id] = s.parcel(row{p, v.OnParcel(id)})
		}
	}
	before.past.add(c.Revision, keys)
	return before.with(v.MapRevision(), keys, now)
}

// know reads the geometries of names that are not known.
func (m *Model) know(ctx context.Context, known *shapes, names []string) error {
	return m.read(ctx, known, known.missing(names, true), func(s *shape) *shape { return s })
}

// knowParcels reads those of parcels; what is beyond the model's memory is known and away.
func (m *Model) knowParcels(ctx context.Context, known *shapes, names []string) error {
	return m.read(ctx, known, known.missing(names, false), func(s *shape) *shape {
		if known.held.Load()+s.size() > m.most {
			return s.sentAway()
		}
		known.held.Add(s.size())
		return s
	})
}

func (m *Model) read(ctx context.Context, known *shapes, missing []string, keep func(*shape) *shape) error {
	if len(missing) == 0 {
		return nil
	}
	found := make([]*shape, len(missing))
	if err := m.source.EachShape(ctx, missing, func(i int, mp orb.MultiPolygon) { found[i] = keep(newShape(mp)) }); err != nil {
		return err
	}
	known.add(missing, found)
	return nil
}

// ParcelsIn are the parcels whose boxes meet a bound, each with whether the bound holds its whole box.
func (s *Snapshot) ParcelsIn(b orb.Bound) map[int64]bool {
	parcels := s.layers[Parcels]
	found := map[int64]bool{}
	for _, key := range parcels.places.in(parcels, b) {
		box := parcels.find(key).shape.bound
		found[key] = b.Contains(box.Min) && b.Contains(box.Max)
	}
	return found
}
