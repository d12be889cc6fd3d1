package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/fault"
)

// recordLand takes the new state of land and appends the entry that says what changed.
func (w *work) recordLand(ctx context.Context, before, after Land, e Entry) error {
	var was Fields
	var err error
	if before.ID != 0 {
		was, err = LandFields(before)
	}
	if err == nil && after.ID == 0 {
		after.ID, err = w.newID(ctx)
	}
	if err != nil {
		return err
	}
	will, err := LandFields(after)
	if err != nil {
		return err
	}
	body := diff(was, will)
	if body.Empty() {
		return nil
	}
	body.Undoes, body.Note = e.Body.Undoes, e.Body.Note
	e.KindVersion, e.Noun, e.NounID, e.Version, e.Body = 1, NounLand, after.ID, after.Version, body
	w.entries = append(w.entries, e)
	w.lands[after.ID] = &after
	w.there.Lands[after.Case] = after
	return nil
}

// landAreas are the geodesic areas of land, whether its polygons are stored or come with this operation.
func (w *work) landAreas(ctx context.Context, l Land) (recovered, effective geo.Area, err error) {
	areas, err := w.tx.ShapeAreas(ctx, [][]byte{l.Recovered, l.Effective})
	for _, mp := range w.writes.Shapes {
		if err != nil {
			return 0, 0, err
		}
		var name []byte
		name, err = landShape(mp)
		areas[string(name)] = geo.GeodesicArea(mp)
	}
	return areas[string(l.Recovered)], areas[string(l.Effective)], err
}

func (w *work) removeLand(before Land, e Entry) error {
	was, err := LandFields(before)
	if err != nil {
		return err
	}
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounLand, before.ID, max(before.Version+1, e.Version)
	e.Body.Before = was
	w.entries = append(w.entries, e)
	w.lands[before.ID] = nil
	w.cleared = append(w.cleared, before.Case)
	delete(w.there.Lands, before.Case)
	return nil
}

// settleLand holds the land of the whole operation against everybody's, once all is decided.
func (w *work) settleLand(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(w.lands)) {
		if l := w.lands[id]; l != nil {
			w.writes.Lands = append(w.writes.Lands, *l)
		} else {
			w.writes.RemovedLands = append(w.writes.RemovedLands, id)
		}
	}
	if len(w.writes.Lands) == 0 {
		return nil
	}
	shapes := make(map[string]orb.MultiPolygon, len(w.writes.Shapes))
	for _, mp := range w.writes.Shapes {
		name, err := landShape(mp)
		if err != nil {
			return err
		}
		shapes[string(name)] = mp
	}
	found, err := w.tx.LandFaults(ctx, w.writes.Lands, shapes, w.cleared)
	if err != nil || len(found) == 0 {
		return err
	}
	return found[0].refusal().With(found)
}

// refusal says a fault of land: what, where it meets what, and by how much.
func (f LandFault) refusal() *fault.Error {
	switch f.Fault {
	case LandOverlaps:
		return fault.New(fault.KindConflict, f.Fault, "与 "+f.Other+" 重叠 "+muZH(f.Area)+"，不能保存", fmt.Sprintf("overlaps %s by %s; it cannot be saved", f.Other, muEN(f.Area)))
	case LandEarlier:
		return fault.New(fault.KindConflict, f.Fault, "与往年已腾退的 "+f.Other+" 重叠 "+muZH(f.Area)+"，不能重复计入", fmt.Sprintf("overlaps %s of an earlier campaign by %s; it cannot be counted again", f.Other, muEN(f.Area)))
	case LandOutside:
		return fault.New(fault.KindConflict, f.Fault, "图形超出"+f.Other+"范围 "+muZH(f.Area), fmt.Sprintf("the polygon leaves %s by %s", f.Other, muEN(f.Area)))
	}
	return fault.New(fault.KindConflict, f.Fault, "有效范围超出腾退范围 "+muZH(f.Area), "the effective land exceeds the recovered land by "+muEN(f.Area))
}

// Text is the fault in words.
func (f LandFault) Text() (zh, en string) {
	r := f.refusal()
	return r.ZH, r.EN
}

// muZH is an area in mu, and in m² where it is too small for hundredths of a mu.
func muZH(a geo.Area) string {
	if a.Hundredths() == 0 {
		return a.SquareMetresText() + " ㎡"
	}
	return a.Mu() + " 亩"
}

func muEN(a geo.Area) string {
	if a.Hundredths() == 0 {
		return a.SquareMetresText() + " m²"
	}
	return a.Mu() + " mu"
}
