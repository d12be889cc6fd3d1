package layer

import (
	"context"
	"sync"
	"sync/atomic"
)

// drawing is a layer that is made of the view when first asked for.
type drawing struct {
	revision int64
	press    *press
	before   *collection // the last one that was made, for what has not changed since

	making sync.Mutex
	made   atomic.Pointer[collection]
}

// get makes the collection once; a failure is not kept.
func (d *drawing) get(features func() ([]*feature, error)) (*collection, error) {
	if c := d.made.Load(); c != nil {
		return c, nil
	}
	d.making.Lock()
	defer d.making.Unlock()
	if c := d.made.Load(); c != nil {
		return c, nil
	}
	found, err := features()
	if err != nil {
		return nil, err
	}
	for i, f := range found {
		f.key = int64(i) // ids may repeat: two parks may share a parcel
	}
	c := d.press.anew(d.before, d.revision, filters{bound: true, unit: true}, found)
	d.made.Store(c)
	return c, nil
}

// last is the newest collection made, nil when there is none.
func (d *drawing) last() *collection {
	if d == nil {
		return nil
	}
	if c := d.made.Load(); c != nil {
		return c
	}
	return d.before
}

// drawings are the layers of land and parks at a snapshot's view; those of before where nothing they show has changed.
func (s *Snapshot) drawings(p *press, before map[string]*drawing, same bool) map[string]*drawing {
	revision := max(s.view.MapRevision(), s.view.DefinedAt)
	drawn := map[string]*drawing{}
	for _, name := range []string{Recovered, Effective, Blocks, Parks} {
		if d := before[name]; same && d != nil && d.revision == revision {
			drawn[name] = d
			continue
		}
		drawn[name] = &drawing{revision: revision, press: p, before: before[name].last()}
	}
	return drawn
}

func (s *Snapshot) draw(ctx context.Context, name string) ([]*feature, error) {
	switch name {
	case Recovered:
		return s.recovered(), nil
	case Effective:
		return s.effective(), nil
	case Parks:
		return s.parks(), nil
	}
	return s.contiguous(ctx)
}

// shapes are geometries by name. They are only added to: a name is a geometry's hash.
type shapes struct {
	mu    sync.RWMutex
	known map[string]*shape
	held  atomic.Int64 // bytes, of those that may be away
}

// besideShape is about what a feature takes in memory besides its geometry's bytes: structures, names, its part of what is packed.
const besideShape = 300

func (s *shapes) named(name string) *shape {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.known[name]
}

// missing are those of names that are not known, or, where they are asked for whole, away.
func (s *shapes) missing(names []string, whole bool) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var missing []string
	for _, name := range names {
		if known := s.known[name]; name != "" && (known == nil || whole && known.form == formAway) {
			missing = append(missing, name)
		}
	}
	return missing
}

func (s *shape) size() int64 { return besideShape + (1+jsonOfOutline)*int64(len(s.bytes)) }

// add makes shapes known by their names; nil is one that was not found.
func (s *shapes) add(names []string, found []*shape) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, name := range names {
		if found[i] != nil {
			s.known[name] = found[i]
		}
	}
}

// only are new shapes with those of names that are known here.
func (s *shapes) only(names []string) *shapes {
	s.mu.RLock()
	defer s.mu.RUnlock()
	kept := make(map[string]*shape, len(names))
	for _, name := range names {
		if found := s.known[name]; found != nil {
			kept[name] = found
		}
	}
	only := &shapes{known: kept}
	for _, found := range kept {
		if found.form != formAway {
			only.held.Add(found.size())
		}
	}
	return only
}
