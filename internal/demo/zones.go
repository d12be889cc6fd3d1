package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/ledger"
)

// About what zones are drawn, degrees: some 30 m, some 10 m.
const (
	landReach = 0.0003
	zoneReach = 0.0001
)

// against is what a plot speaks against, as its zones are drawn.
type against string

const (
	againstPlanning against = "planning"
	againstZoning   against = "zoning"
)

// zones are the layers of plans and zones, schematic: building land about every plot but those the plan
// does not want, zones closed to industry about some, former village clusters.
func (w *world) zones() []ledger.Change {
	layers := []struct {
		code, class, name string
		reach             float64
		on                func(*matter) bool
	}{
		{"planning", "building", "规划建设用地", landReach, func(m *matter) bool { return m.against != againstPlanning }},
		{"env_zones", "farming", "农产品安全保障区", 0, func(m *matter) bool { return m.against == againstZoning }},
		{"village_clusters", "cluster", "原村级工业集聚区", zoneReach, func(m *matter) bool { return m.clustered }},
	}
	var changes []ledger.Change
	for _, l := range layers {
		change := ledger.ReplaceReference{Layer: l.code, Whole: true}
		for i, box := range w.boxes(l.on, l.reach) {
			change.Features = append(change.Features, ledger.ReferenceDraft{
				Code: fmt.Sprintf("z%03d", i+1), Name: l.name, Class: l.class, Geometry: box.ToPolygon(), Attributes: map[string]string{"说明": "示意", "来源": "演示数据"},
			})
		}
		changes = append(changes, change)
	}
	return changes
}

// boxes are about the plots of which on says yes, and on no part of the others: near ones of a unit become one.
func (w *world) boxes(on func(*matter) bool, reach float64) []orb.Bound {
	in, out := map[string][]orb.Bound{}, map[string][]orb.Bound{}
	for _, m := range w.matters {
		if m.plot == nil {
			continue
		}
		side := in
		if !on(m) {
			side = out
		}
		side[m.town.unit] = append(side[m.town.unit], m.plot.shape.Bound())
	}
	var all []orb.Bound
	for _, t := range w.towns {
		all = append(all, joined(in[t.unit], out[t.unit], reach)...)
	}
	return all
}

// joined enlarges boxes, and makes one of two that meet, as long as that covers nothing of the others.
func joined(boxes, others []orb.Bound, reach float64) []orb.Bound {
	free := func(b orb.Bound) bool {
		return !slices.ContainsFunc(others, func(o orb.Bound) bool { return o.Intersects(b) })
	}
	var list []orb.Bound
	for _, b := range boxes {
		if wide := b.Pad(reach); free(wide) {
			b = wide
		}
		for again := true; again; {
			again = false
			for i, other := range list {
				if both := b.Union(other); other.Intersects(b) && free(both) {
					list, b, again = slices.Delete(list, i, i+1), both, true
					break
				}
			}
		}
		list = append(list, b)
	}
	return list
}

// drawZones brings the layers in. Its operation has an id by name, like that of the ground.
func (l *loader) drawZones(ctx context.Context, w *world) error {
	op := ledger.Operation{OpID: uuid.NewSHA1(namespace, []byte("zones")), Device: device, HappenedAt: l.now, Changes: w.zones()}
	if _, err := l.ledger.Apply(ctx, auth.System(), op); err != nil {
		return fmt.Errorf("zones: %w", err)
	}
	return nil
}

// layOver measures the overlays as the program does beside a running server.
func (l *loader) layOver(ctx context.Context, name string) error {
	op := ledger.Operation{OpID: uuid.NewSHA1(namespace, []byte("overlays, "+name)), Device: device, HappenedAt: l.now, Changes: []ledger.Change{ledger.NewLayOver(nil)}}
	if _, err := l.ledger.Apply(ctx, auth.System(), op); err != nil && !errors.Is(err, ledger.ErrNothingNew) {
		return fmt.Errorf("overlays, %s: %w", name, err)
	}
	return nil
}
