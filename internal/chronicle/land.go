package chronicle

import (
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// Land is a version of the recovered land of a case (腾退范围). Areas are 0.0001 m².
type Land struct {
	ID   int64
	From int64 // revision
	Case int64
	Use  string // later use; "" is not known
	// Recovered and Effective name the geometries; Effective is "" where nothing can be used again.
	Recovered, Effective string
	Area                 geo.Area // of the recovered polygon, geodesic
	PlaneArea            geo.Area // likewise, EPSG:4549
	EffectiveArea        geo.Area // of the effective polygon, geodesic

	gone bool
}

// LandRow is a version of land as the database gives it.
type LandRow struct {
	Land

	To int64
}

func (b *Book) takeLands(known []*history[*Land], rows []LandRow) []*history[*Land] {
	b.mu.Lock()
	defer b.mu.Unlock()
	var fresh []*history[*Land]
	for i := range rows {
		l := rows[i].Land
		l.Use = b.words.keep(l.Use)
		var h *history[*Land]
		h, fresh = bring(b.lands, fresh, l.ID, &l, l.until(rows[i].To))
		if of := b.landOf[l.Case]; !slices.Contains(of, h) {
			b.landOf[l.Case] = append(slices.Clip(of), h)
		}
	}
	return merged(known, fresh, func(a, b *history[*Land]) int { return compare(a.all()[0].ID, b.all()[0].ID) })
}

// until is the end of the version, nil where it still holds.
func (l Land) until(to int64) *Land {
	if to == 0 {
		return nil
	}
	l.From, l.gone = to, true
	return &l
}

func landAt(h *history[*Land], revision int64) *Land {
	if l := h.at(revision); l != nil && !l.gone {
		return l
	}
	return nil
}

// Lands are the recovered lands there were, by id.
func (v *View) Lands() []*Land {
	found := make([]*Land, 0, len(v.page.lands))
	for _, h := range v.page.lands {
		if l := landAt(h, v.Revision); l != nil {
			found = append(found, l)
		}
	}
	return found
}

// LandOf is the recovered land of a case, nil where none is recorded.
func (v *View) LandOf(caseID int64) *Land {
	v.book.mu.RLock()
	histories := v.book.landOf[caseID]
	v.book.mu.RUnlock()
	for _, h := range histories {
		if l := landAt(h, v.Revision); l != nil {
			return l
		}
	}
	return nil
}

// DayOf is the civil day on which a revision was recorded; "" for one that has not been read.
func (v *View) DayOf(revision int64) campaign.Date {
	days := v.page.days
	i, _ := slices.BinarySearchFunc(days, revision, func(d DayRow, r int64) int { return compare(d.Last, r) })
	if i == len(days) {
		return ""
	}
	return days[i].On
}
