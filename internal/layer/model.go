// Package layer is the map in memory: the layers as immutable snapshots at a
// revision, from which everything that shows the map is served. What is where,
// and how far it has come, is the chronicle's; geometries are kept here, encoded.
package layer

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/campaign"
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

// ParcelRow is a parcel as the map shows it. Its colour is that of the least
// advanced case on it; stage 0 is a parcel without a case.
type ParcelRow struct {
	ID       int64
	Code     string
	Label    string
	Unit     string
	Stage    int
	Cases    []int64 // by id; the page shows one track of them
	Deadline campaign.Date
	Area     geo.Area
	Shape    string // names the geometry
}

// Snapshot is the layers at a revision; it never changes.
type Snapshot struct {
	Revision   int64
	parcelsRev int64
	unitsRev   int64
	parcels    []*parcel // by id
	units      []*unit
	shapes     map[string]*shape
	references map[string]*reference // by code
	view       *chronicle.View       // of which land, blocks and parks are made when asked for
	blocks     *block.Desk
	encoded    encodings
}

// Source is the database as this room reads it.
type Source interface {
	// Shapes reads geometries by name.
	Shapes(ctx context.Context, names []string) (map[string]orb.MultiPolygon, error)
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

	making   sync.Mutex // held while a snapshot is made
	mu       sync.Mutex
	snapshot *Snapshot
	moved    chan struct{} // closed and replaced at each new snapshot
	past     []*Snapshot   // the last asked last
}

// NewModel loads the layers as the chronicle has them.
func NewModel(ctx context.Context, source Source, book *chronicle.Book, blocks *block.Desk) (*Model, error) {
	m := &Model{source: source, book: book, blocks: blocks, moved: make(chan struct{})}
	err := m.reload(ctx, book.Revision())
	return m, err
}

// reload makes the newest snapshot anew.
func (m *Model) reload(ctx context.Context, revision int64) error {
	m.making.Lock()
	defer m.making.Unlock()
	layers, err := m.source.ReferenceLayers(ctx, nil)
	if err != nil {
		return err
	}
	references, err := newReferences(layers)
	if err != nil {
		return err
	}
	s, err := m.build(ctx, m.book.At(revision, ""), &Snapshot{})
	if err != nil {
		return err
	}
	s.references = references
	m.swap(s)
	return nil
}

// build makes the snapshot of a view. It takes over from another snapshot what
// is the same there: encoded parcels and geometries.
func (m *Model) build(ctx context.Context, v *chronicle.View, from *Snapshot) (*Snapshot, error) {
	s := &Snapshot{Revision: v.Revision, parcelsRev: v.MapRevision(), unitsRev: v.UnitsRevision(), view: v, blocks: m.blocks}
	rows := rowsOf(v)
	names := landShapes(v)
	for i := range rows {
		names = append(names, rows[i].Shape)
	}
	for _, u := range v.Units {
		names = append(names, u.Shape)
	}
	var err error
	if s.shapes, err = m.shapes(ctx, from.shapes, names); err != nil {
		return nil, err
	}
	s.parcels = make([]*parcel, len(rows))
	for i := range rows {
		s.parcels[i] = from.same(&rows[i])
		if s.parcels[i] == nil {
			s.parcels[i] = newParcel(rows[i], s.shapes[rows[i].Shape])
		}
	}
	for _, u := range v.Units {
		s.units = append(s.units, &unit{Unit: u, shape: s.shapes[u.Shape]})
	}
	return s, nil
}

// rowsOf are the parcels of a view, by id.
func rowsOf(v *chronicle.View) []ParcelRow {
	parcels := v.Parcels()
	rows := make([]ParcelRow, len(parcels))
	for i, p := range parcels {
		rows[i] = rowOf(v, p)
	}
	return rows
}

func rowOf(v *chronicle.View, p *chronicle.Parcel) ParcelRow {
	r := ParcelRow{ID: p.ID, Code: p.Code, Label: p.Label, Unit: p.Unit, Area: p.Area, Shape: p.Shape}
	cases := v.OnParcel(p.ID)
	for i, c := range cases {
		r.Cases = append(r.Cases, c.ID)
		if i == 0 {
			r.Label, r.Stage, r.Deadline = c.Label, c.Stage, c.Deadline
		}
	}
	slices.Sort(r.Cases)
	return r
}

// District encloses the boundaries of all units, those outside the campaign too; the zero box where none is known.
func (s *Snapshot) District() orb.Bound {
	var all orb.Bound
	for _, u := range s.units {
		switch {
		case u.shape == nil:
		case all.IsZero():
			all = u.shape.bound
		default:
			all = all.Union(u.shape.bound)
		}
	}
	return all
}

// same is the encoded parcel that shows just what a row says, nil when there is none.
func (s *Snapshot) same(r *ParcelRow) *parcel {
	i, ok := slices.BinarySearchFunc(s.parcels, r.ID, func(p *parcel, id int64) int { return int(p.ID - id) })
	if !ok {
		return nil
	}
	p := s.parcels[i]
	if p.row.Code == r.Code && p.row.Label == r.Label && p.row.Unit == r.Unit && p.row.Stage == r.Stage && p.row.Deadline == r.Deadline &&
		p.row.Area == r.Area && p.row.Shape == r.Shape && slices.Equal(p.row.Cases, r.Cases) {
		return p
	}
	return nil
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

// AsOf is the snapshot of a view of an earlier day. Boundaries of units are
// today's.
func (m *Model) AsOf(ctx context.Context, v *chronicle.View) (*Snapshot, error) {
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
	s, err := m.build(ctx, v, now)
	if err != nil {
		return nil, err
	}
	if s.references, err = m.referencesAt(ctx, now, v.Revision); err != nil {
		return nil, err
	}
	if len(m.past) >= keptDays {
		m.past = slices.Delete(m.past, 0, 1)
	}
	m.past = append(m.past, s)
	return s, nil
}

// Geometries are shapes by name as GeoJSON.
func (m *Model) Geometries(ctx context.Context, names []string) (map[string][]byte, error) {
	found, err := m.shapes(ctx, m.Now().shapes, names)
	if err != nil {
		return nil, err
	}
	texts := make(map[string][]byte, len(names))
	for _, name := range names {
		if s := found[name]; s != nil {
			texts[name] = s.json
		}
	}
	return texts, nil
}

// Apply brings the snapshot to a change's revision, which the chronicle has
// read, and returns the properties of the parcels that changed. Changes come
// in order of revision.
func (m *Model) Apply(ctx context.Context, c Change) ([]Properties, error) {
	if c.Units {
		return nil, m.reload(ctx, c.Revision)
	}
	now := m.Now()
	if c.Revision <= now.Revision {
		return now.Properties(c.Parcels), nil
	}
	v := m.book.At(c.Revision, "")
	var rows []ParcelRow
	var names []string
	for _, id := range c.Parcels {
		if p := v.Parcel(id); p != nil {
			rows = append(rows, rowOf(v, p))
			names = append(names, p.Shape)
		}
	}
	if c.Land {
		names = append(names, landShapes(v)...)
	}
	known, err := m.shapes(ctx, now.shapes, names)
	if err != nil {
		return nil, err
	}
	next := now.with(c, rows, known)
	next.parcelsRev, next.view, next.blocks = v.MapRevision(), v, m.blocks
	if next.references, err = m.freshReferences(ctx, now, c); err != nil {
		return nil, err
	}
	m.swap(next)
	return next.Properties(c.Parcels), nil
}

// shapes are those known, and those named, read where they are not known.
func (m *Model) shapes(ctx context.Context, known map[string]*shape, names []string) (map[string]*shape, error) {
	var missing []string
	for _, name := range names {
		if name != "" && known[name] == nil {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return known, nil
	}
	geometries, err := m.source.Shapes(ctx, missing)
	if err != nil {
		return nil, err
	}
	all := make(map[string]*shape, len(known)+len(geometries))
	maps.Copy(all, known)
	for name, g := range geometries {
		all[name] = newShape(g)
	}
	return all, nil
}

// shape is a geometry, encoded once.
type shape struct {
	bound orb.Bound
	json  []byte
}

func newShape(g orb.MultiPolygon) *shape {
	return &shape{bound: g.Bound(), json: geojson.AppendMultiPolygon(nil, g)}
}

type parcel struct {
	ParcelRow           // with the label as shown
	row       ParcelRow // as the chronicle says
	shape     *shape
	feature   []byte
}

type unit struct {
	chronicle.Unit

	shape *shape
}

// with is the snapshot after a change.
func (s *Snapshot) with(c Change, rows []ParcelRow, shapes map[string]*shape) *Snapshot {
	next := &Snapshot{Revision: c.Revision, parcelsRev: s.parcelsRev, unitsRev: s.unitsRev, units: s.units, parcels: s.parcels, shapes: shapes}
	if len(c.Parcels) == 0 {
		return next
	}
	replaced := make(map[int64]*parcel, len(rows))
	for i := range rows {
		replaced[rows[i].ID] = newParcel(rows[i], shapes[rows[i].Shape])
	}
	next.parcels = merge(s.parcels, c.Parcels, replaced)
	return next
}

// merge puts replaced parcels in place of those touched; touched ones without replacement are gone.
func merge(old []*parcel, touched []int64, replaced map[int64]*parcel) []*parcel {
	gone := make(map[int64]bool, len(touched))
	for _, id := range touched {
		gone[id] = true
	}
	merged := make([]*parcel, 0, len(old)+len(replaced))
	for _, p := range old {
		if !gone[p.ID] {
			merged = append(merged, p)
		} else if r := replaced[p.ID]; r != nil {
			merged = append(merged, r)
			delete(replaced, p.ID)
		}
	}
	for _, p := range replaced {
		merged = append(merged, p)
	}
	if len(replaced) > 0 {
		slices.SortFunc(merged, func(a, b *parcel) int { return int(a.ID - b.ID) })
	}
	return merged
}
