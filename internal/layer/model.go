// Package layer is the map in memory: the layers as an immutable snapshot at a
// revision, fed by the journal, from which everything that shows the map is served.
package layer

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/geojson"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Names of the layers.
const (
	Parcels = "parcels"
	Units   = "units"
)

// ParcelRow is a parcel as the database gives it. Its colour is that of the
// least advanced case on it; stage 0 is a parcel without a case.
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

// UnitRow is a unit as the database gives it.
type UnitRow struct {
	ID      int64
	Code    string
	Short   campaign.Text
	Sort    int
	Outside bool
	Shape   string // "" when the boundary is unknown
}

// Content is the layers at one revision of the journal.
type Content struct {
	Revision   int64 // last entry of the journal
	ParcelsRev int64 // last entry that touched the layer
	UnitsRev   int64
	Parcels    []ParcelRow // by id
	Units      []UnitRow   // by sort
	Shapes     map[string]orb.MultiPolygon
}

// Source is the database as this room reads it.
type Source interface {
	// LayerContent reads everything in one consistent view.
	LayerContent(ctx context.Context) (Content, error)
	// ParcelRows reads some parcels as they are now; absent ones are gone.
	ParcelRows(ctx context.Context, ids []int64) ([]ParcelRow, error)
	// Shapes reads geometries by name.
	Shapes(ctx context.Context, names []string) (map[string]orb.MultiPolygon, error)
}

// Change says what one committed operation touched.
type Change struct {
	Revision int64 // its last entry
	Parcels  []int64
	Units    bool
}

// Model holds the newest snapshot.
type Model struct {
	source Source

	mu       sync.Mutex // held while a snapshot is made
	snapshot *Snapshot
	moved    chan struct{} // closed and replaced at each new snapshot
}

// NewModel loads the layers.
func NewModel(ctx context.Context, source Source) (*Model, error) {
	m := &Model{source: source, moved: make(chan struct{})}
	err := m.Reload(ctx)
	return m, err
}

// Reload reads everything again.
func (m *Model) Reload(ctx context.Context) error {
	content, err := m.source.LayerContent(ctx)
	if err != nil {
		return err
	}
	s := &Snapshot{Revision: content.Revision, parcelsRev: content.ParcelsRev, unitsRev: content.UnitsRev, shapes: map[string]*shape{}}
	for name, geometry := range content.Shapes {
		s.shapes[name] = newShape(geometry)
	}
	for _, row := range content.Units {
		s.units = append(s.units, &unit{UnitRow: row, shape: s.shapes[row.Shape]})
	}
	s.parcels = make([]*parcel, len(content.Parcels))
	for i, row := range content.Parcels {
		s.parcels[i] = newParcel(row, s.shapes[row.Shape])
	}
	m.mu.Lock()
	m.swap(s)
	m.mu.Unlock()
	return nil
}

// Now is the newest snapshot.
func (m *Model) Now() *Snapshot {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.snapshot
}

func (m *Model) swap(s *Snapshot) {
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

// Apply brings the snapshot to a change's revision and returns the properties
// of the parcels that changed. Changes come in order of revision.
func (m *Model) Apply(ctx context.Context, c Change) ([]Properties, error) {
	if c.Units {
		return nil, m.Reload(ctx)
	}
	now := m.Now()
	if c.Revision <= now.Revision {
		return now.Properties(c.Parcels), nil
	}
	rows, err := m.source.ParcelRows(ctx, c.Parcels)
	if err != nil {
		return nil, err
	}
	fresh, err := m.freshShapes(ctx, now, rows)
	if err != nil {
		return nil, err
	}
	next := now.with(c, rows, fresh)
	m.mu.Lock()
	m.swap(next)
	m.mu.Unlock()
	return next.Properties(c.Parcels), nil
}

func (m *Model) freshShapes(ctx context.Context, now *Snapshot, rows []ParcelRow) (map[string]*shape, error) {
	var names []string
	for _, r := range rows {
		if now.shapes[r.Shape] == nil {
			names = append(names, r.Shape)
		}
	}
	if len(names) == 0 {
		return nil, nil //nolint:nilnil // nothing new is the ordinary case
	}
	geometries, err := m.source.Shapes(ctx, names)
	if err != nil {
		return nil, err
	}
	fresh := make(map[string]*shape, len(geometries))
	for name, g := range geometries {
		fresh[name] = newShape(g)
	}
	return fresh, nil
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
	ParcelRow
	shape   *shape
	feature []byte
}

type unit struct {
	UnitRow
	shape *shape
}

// Snapshot is the layers at a revision; it never changes.
type Snapshot struct {
	Revision   int64
	parcelsRev int64
	unitsRev   int64
	parcels    []*parcel // by id
	units      []*unit
	shapes     map[string]*shape
	encoded    encodings
}

// with is the snapshot after a change.
func (s *Snapshot) with(c Change, rows []ParcelRow, fresh map[string]*shape) *Snapshot {
	next := &Snapshot{Revision: c.Revision, parcelsRev: s.parcelsRev, unitsRev: s.unitsRev, units: s.units, parcels: s.parcels, shapes: s.shapes}
	if len(c.Parcels) == 0 {
		return next
	}
	next.parcelsRev = c.Revision
	if len(fresh) > 0 {
		next.shapes = make(map[string]*shape, len(s.shapes)+len(fresh))
		for _, from := range []map[string]*shape{s.shapes, fresh} {
			maps.Copy(next.shapes, from)
		}
	}
	replaced := make(map[int64]*parcel, len(rows))
	for _, r := range rows {
		replaced[r.ID] = newParcel(r, next.shapes[r.Shape])
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
