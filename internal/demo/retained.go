package demo

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/ledger"
)

// site says where a plot lies: its lot in metres, and how that is turned into degrees.
type site struct {
	lot    [][2]float64
	centre orb.Point
	angle  float64
	middle [2]float64
}

func (s site) place(corners [][2]float64) orb.MultiPolygon {
	return place(s.centre, s.angle, s.middle, corners)
}

// recovers says whether the case's land is accepted some day.
func (m *matter) recovers() bool {
	return m.track == rectify && !m.landless && m.reached >= acceptedAt
}

// cut is the line across a lot, along its street, in front of which so many m² lie.
func cut(lot [][2]float64, area float64) (left, right [2]float64) {
	base, width := lot[0][1], lot[1][0]-lot[0][0]
	leanLeft := (lot[4][0] - lot[0][0]) / (lot[4][1] - base)
	leanRight := (lot[2][0] - lot[1][0]) / (lot[2][1] - base)
	h := area / width // the width grows by k with the height: area = width·h + k·h²/2
	if k := leanRight - leanLeft; math.Abs(k) > 1e-9 {
		h = (math.Sqrt(max(0, width*width+2*k*area)) - width) / k
	}
	return [2]float64{lot[0][0] + leanLeft*h, base + h}, [2]float64{lot[1][0] + leanRight*h, base + h}
}

// front is the ground before such a line, with a metre of the street.
func (s site) front(area float64) orb.MultiPolygon {
	left, right := cut(s.lot, area)
	a, b := s.lot[0], s.lot[1]
	return s.place([][2]float64{{a[0], a[1] - 1}, {b[0], b[1] - 1}, b, right, left, a})
}

// behind is the ground of the lot beyond such a line.
func (s site) behind(area float64) orb.MultiPolygon {
	left, right := cut(s.lot, area)
	return s.place(append([][2]float64{left, right}, s.lot[2:]...))
}

// retain lays out what of the accepted land can not be used again: roads that
// stay, kept and disputed ground along the street, as large as the story says.
// Of a plot by the river less is recovered than the parcel has.
func (w *world) retain() []ledger.ReferenceDraft {
	kinds := []struct{ class, name string }{{"kept_road", "保留道路"}, {"kept", "保留用地"}, {"kept_road", "保留道路"}, {"kept_road", "保留道路"}, {"disputed", "争议用地"}}
	var drafts []ledger.ReferenceDraft
	for _, m := range w.matters {
		if !m.recovers() {
			continue
		}
		surplus := float64(m.surplus) / 100 * perMu
		if m.surplus > 0 {
			m.recovered = m.plot.site.behind(surplus)
		}
		kind := kinds[m.plot.index%len(kinds)]
		drafts = append(drafts, ledger.ReferenceDraft{
			Code: fmt.Sprintf("r%03d", len(drafts)+1), Name: villageName(m.village) + kind.name, Class: kind.class,
			Geometry:   m.plot.site.front(surplus + float64(m.area-m.effective)/100*perMu)[0],
			Attributes: map[string]string{"说明": "示意", "来源": "演示数据"},
		})
	}
	return drafts
}

// bankOf names the canals along which a plot of the unit lies whose land the canal's verge cuts.
var bankOf = [...]struct{ unit, canal string }{ //nolint:gochecknoglobals // figures of the story
	{"wangjiangjing", "sushou_tang"}, {"xincheng", "lanxi_tang"}, {"honghe", "hangzhou_tang"},
}

// moveToBanks moves an accepted plot of three units to a canal, so near that its
// verge and a road along it take off just what is not effective. The others stay
// where they are.
func (w *world) moveToBanks() {
	for _, b := range bankOf {
		course := courseOf(b.canal)
		for _, m := range w.matters {
			if m.movable(b.unit) && m.area >= 3_00 && m.area <= 6_00 && w.toBank(m, course) {
				break
			}
		}
	}
}

// movable says whether the plot of a case whose land is accepted may lie elsewhere in the unit.
func (m *matter) movable(unit string) bool {
	return m.recovers() && m.town.unit == unit && m.surplus == 0 && !m.withdrawn && m.plot.preset == presetNone && !m.plot.moved
}

func courseOf(code string) orb.LineString {
	all := water()
	i := slices.IndexFunc(all, func(f feature) bool { return f.code == code })
	line, _ := all[i].geometry().(orb.LineString) // a canal is one
	return line
}

// toBank tries places along the course, on its left.
func (w *world) toBank(m *matter, course orb.LineString) bool {
	const verge, nearest, deepest = 50.0, 27.0, 20.0 // metres from the middle of the canal
	const ofVerge = 0.6                              // of what is lost; a road along it takes the rest
	area, lost := float64(m.area)/100*perMu, ofVerge*float64(m.area-m.effective)/100*perMu
	broad := max(lost/deepest, math.Sqrt(area))
	deep := area / broad
	away := verge - lost/broad
	if away < nearest {
		return false
	}
	for i := range len(course) - 1 {
		a, b := course[i], course[i+1]
		east, north := degreesPerMetre(a[1])
		dx, dy := (b[0]-a[0])/east, (b[1]-a[1])/north
		length := math.Hypot(dx, dy)
		if length < broad+20 { // the verge is straight beside the plot: the next reach turns by few degrees
			continue
		}
		s := site{lot: [][2]float64{{0, 0}, {broad, 0}, {broad, deep}, {broad / 2, deep}, {0, deep}}, angle: math.Atan2(dy, dx), middle: [2]float64{broad / 2, deep / 2}}
		x, y := dx/2-dy/length*(away+deep/2), dy/2+dx/length*(away+deep/2)
		s.centre = orb.Point{round(a[0] + x*east), round(a[1] + y*north)}
		radius := math.Hypot(broad, deep) / 2
		if w.clear(m.town.unit, s.centre, radius) {
			w.taken[m.town.unit] = append(w.taken[m.town.unit], taken{s.centre, radius})
			m.plot.site, m.plot.shape, m.plot.moved = s, s.place(s.lot), true
			return true
		}
	}
	return false
}

// clear says whether a disc lies inside the unit and away from all plots; it may lie by the water.
func (w *world) clear(unit string, at orb.Point, radius float64) bool {
	boundary := w.bounds[unit]
	if !geo.Contains(boundary, at) || geo.DistanceToEdge(boundary, at) < radius+20 {
		return false
	}
	if slices.ContainsFunc(w.taken[unit], func(o taken) bool { return geo.Distance(o.at, at) < o.radius+radius+40 }) {
		return false
	}
	return !slices.ContainsFunc(keptGround(roads()), func(g ground) bool { return g.meets(at, radius) })
}

// land records what was recovered, on the day it is accepted.
func (m *matter) land(id int64) ledger.Change {
	uses := []string{"reserve", "reclaim", "rebuild", "workshops", "supply", "idle"}
	use := uses[m.plot.index%len(uses)]
	if m.on[acceptedAt] > "2020-08-01" {
		use = "idle"
	}
	return ledger.RecordLand{Case: id, Recovered: m.recovered, Use: use}
}
