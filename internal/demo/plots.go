package demo

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// plot is a parcel of the demo: of one case, of several, or of none.
type plot struct {
	town    town
	village campaign.Village
	label   string
	area    float64 // m², wished
	preset  preset
	shape   orb.MultiPolygon
	site    site
	moved   bool // from its quarter to a canal or a block, which leaves a gap there
	index   int  // among the parcels of the import
}

// preset is a plot whose shape is the story's.
type preset int

const (
	presetNone     preset = iota
	presetBuilding        // with six operators
	presetBeside          // overlaps it by 0.36 mu
	presetStrip           // along a river
)

// perMu is one mu in m².
const perMu = 2000. / 3

// plotOf is the plot of a case, sized when its area is known.
func (w *world) plotOf(m *matter) *plot {
	return &plot{town: m.town, village: m.village, label: m.firm.label}
}

// layOut gives every plot its shape and its number: village by village, and
// with them some plots that are on no list.
func (w *world) layOut() {
	byVillage := map[string][]*plot{}
	var villages []string
	for _, p := range w.allPlots() {
		if byVillage[p.village.Code] == nil {
			villages = append(villages, p.village.Code)
		}
		byVillage[p.village.Code] = append(byVillage[p.village.Code], p)
	}
	slices.Sort(villages)
	for _, code := range villages {
		w.layOutVillage(byVillage[code])
	}
	for i, p := range w.plots {
		p.index = i
	}
}

// allPlots are those of the cases, each once, and some more.
func (w *world) allPlots() []*plot {
	var all []*plot
	seen := map[*plot]bool{}
	for _, m := range w.matters {
		if m.plot == nil {
			continue
		}
		if !m.landless && m.plot.preset == presetNone && m.plot.area == 0 {
			m.plot.area = float64(m.area+m.surplus) / 100 * perMu
		}
		if m.plot.label == "" {
			m.plot.label = m.firm.label
		}
		if !seen[m.plot] {
			seen[m.plot] = true
			all = append(all, m.plot)
		}
	}
	const unlisted = 30
	for i := range unlisted {
		t := w.towns[i%len(w.towns)]
		v := w.someVillage(t.unit)
		all = append(all, &plot{town: t, village: v, label: w.names.firm(t, enterprise, v).label, area: 800 + 5000*w.r.Float64()})
	}
	return all
}

// layOutVillage makes quarters of up to nine plots of like size; presets stand apart.
func (w *world) layOutVillage(all []*plot) {
	const most = 9
	var ordinary []*plot
	for _, p := range all {
		switch p.preset {
		case presetNone:
			ordinary = append(ordinary, p)
		case presetStrip:
			w.put([]*plot{p}, [][][2]float64{strip()})
		case presetBuilding, presetBeside:
		}
	}
	building, beside := slices.IndexFunc(all, isPreset(presetBuilding)), slices.IndexFunc(all, isPreset(presetBeside))
	if building >= 0 && beside >= 0 {
		w.put([]*plot{all[building], all[beside]}, overlapping())
	}
	slices.SortStableFunc(ordinary, func(a, b *plot) int { return cmp.Compare(b.area, a.area) })
	for chunk := range slices.Chunk(ordinary, most) {
		w.put(chunk, quarter(w.r, chunk))
	}
}

func isPreset(wanted preset) func(*plot) bool {
	return func(p *plot) bool { return p.preset == wanted }
}

// put places shapes in metres about a free spot of the unit.
func (w *world) put(plots []*plot, shapes [][][2]float64) {
	middle, radius := extent(shapes)
	centre := w.spot(plots[0], radius)
	angle := (w.r.Float64() - 0.5) * 1.2
	for i, p := range plots {
		p.site = site{shapes[i], centre, angle, middle}
		p.shape = p.site.place(shapes[i])
		w.plots = append(w.plots, p)
	}
}

// extent is the middle of shapes in metres and half their diagonal.
func extent(shapes [][][2]float64) (middle [2]float64, radius float64) {
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, shape := range shapes {
		for _, c := range shape {
			low = [2]float64{min(low[0], c[0]), min(low[1], c[1])}
			high = [2]float64{max(high[0], c[0]), max(high[1], c[1])}
		}
	}
	return [2]float64{(low[0] + high[0]) / 2, (low[1] + high[1]) / 2}, math.Hypot(high[0]-low[0], high[1]-low[1]) / 2
}

// spot is free ground well inside the unit: within a kilometre of the village's
// first plots where there is room.
func (w *world) spot(p *plot, radius float64) orb.Point {
	const near, tries = 1000.0, 60
	boundary := w.bounds[p.town.unit]
	b := boundary.Bound()
	centre, settled := w.centres[p.village.Code]
	for n := 0; ; n++ {
		at := orb.Point{round(b.Min[0] + w.r.Float64()*(b.Max[0]-b.Min[0])), round(b.Min[1] + w.r.Float64()*(b.Max[1]-b.Min[1]))}
		if settled && n < tries {
			east, north := degreesPerMetre(centre[1])
			at = orb.Point{round(centre[0] + (w.r.Float64()*2-1)*near*east), round(centre[1] + (w.r.Float64()*2-1)*near*north)}
		}
		if !w.free(p.town.unit, boundary, at, radius) {
			continue
		}
		w.taken[p.town.unit] = append(w.taken[p.town.unit], taken{at, radius})
		if !settled {
			w.centres[p.village.Code] = at
		}
		return at
	}
}

// free says whether a disc lies inside the unit, on nobody's ground and clear of water and roads.
func (w *world) free(unit string, boundary orb.MultiPolygon, at orb.Point, radius float64) bool {
	const between = 80.0 // metres from quarter to quarter
	if !geo.Contains(boundary, at) || geo.DistanceToEdge(boundary, at) < radius+between {
		return false
	}
	return !slices.ContainsFunc(w.taken[unit], func(o taken) bool { return geo.Distance(o.at, at) < o.radius+radius+between }) &&
		!slices.ContainsFunc(w.ground, func(g ground) bool { return g.meets(at, radius) })
}

// taken is the ground of a quarter, a disc of a radius in metres.
type taken struct {
	at     orb.Point
	radius float64
}

// quarter lays out plots along a street: rows of lots of unlike width that share
// their sides, each of exactly the area it should have.
func quarter(r *rand.Rand, plots []*plot) [][][2]float64 {
	const inRow, lane = 4, 7.0
	var shapes [][][2]float64
	y := 0.0
	for row := range slices.Chunk(plots, inRow) {
		sum := 0.
		for _, p := range row {
			sum += p.area
		}
		depth := math.Sqrt(sum/float64(len(row))) * (0.9 + 0.4*r.Float64())
		lots, back := rowOf(r, row, depth)
		for _, lot := range lots {
			for i := range lot {
				lot[i][1] += y
			}
			shapes = append(shapes, lot)
		}
		y += back + lane
	}
	return shapes
}

// rowOf lays lots side by side along a street at y = 0. The far edge of a lot has
// a bend; its width follows from its area, in which it is linear.
func rowOf(r *rand.Rand, row []*plot, depth float64) (lots [][][2]float64, back float64) {
	lean := func() float64 { return (r.Float64() - 0.5) * 0.16 * depth }
	x, s, d := 0.0, lean(), depth*(0.92+0.16*r.Float64())
	for _, p := range row {
		s1, d1, bend := lean(), depth*(0.92+0.16*r.Float64()), (r.Float64()-0.3)*0.12*depth
		// 2A = (x1 − x)(d + d1) + (s1 − s)·… by the shoelace formula, with the
		// triangle of the bend, ½·bend·(x1 + s1 − x − s); solved for x1.
		x1 := (2*p.area - s1*d + (x+s)*d1 + x*d - bend*(s1-x-s)) / (d + d1 + bend)
		far := [2]float64{(x + s + x1 + s1) / 2, (d+d1)/2 + bend}
		lots = append(lots, [][2]float64{{x, 0}, {x1, 0}, {x1 + s1, d1}, far, {x + s, d}})
		back = max(back, d, d1, far[1])
		x, s, d = x1, s1, d1
	}
	return lots, back
}

// overlapping are the building with its tenants and the lot beside it, drawn
// 3.75 m too far over a depth of 64 m: 240 m², 0.36 mu.
func overlapping() [][][2]float64 {
	return [][][2]float64{
		{{0, 0}, {96, 0}, {96, 64}, {60, 66}, {0, 61}},
		{{92.25, 0}, {146, 0}, {148, 63}, {96, 64}, {92.25, 64}},
	}
}

// strip is a narrow plot along a bending river.
func strip() [][2]float64 {
	return [][2]float64{{0, 0}, {70, 9}, {150, 6}, {230, 24}, {228, 39}, {149, 20}, {69, 23}, {-2, 13}}
}

// place turns a shape in metres into degrees about a centre, on the CGCS2000
// ellipsoid, so that areas stay what they are within some 10⁻⁵.
func place(centre orb.Point, angle float64, middle [2]float64, corners [][2]float64) orb.MultiPolygon {
	east, north := degreesPerMetre(centre[1])
	ring := make(orb.Ring, 0, len(corners)+1)
	sin, cos := math.Sincos(angle)
	for _, c := range corners {
		x, y := c[0]-middle[0], c[1]-middle[1]
		ring = append(ring, orb.Point{round(centre[0] + (x*cos-y*sin)*east), round(centre[1] + (x*sin+y*cos)*north)})
	}
	return geo.Normalise(orb.MultiPolygon{{append(ring, ring[0])}})
}

// degreesPerMetre are the lengths of a degree, inverted, by the ellipsoid's radii of curvature.
func degreesPerMetre(lat float64) (east, north float64) {
	const a, f = 6378137.0, 1 / 298.257222101
	const e2 = f * (2 - f)
	sin, cos := math.Sincos(lat * math.Pi / 180)
	w := math.Sqrt(1 - e2*sin*sin)
	prime, meridian := a/w, a*(1-e2)/(w*w*w)
	return 180 / (math.Pi * prime * cos), 180 / (math.Pi * meridian)
}

// attributes are what a file says of a plot; three of four have a certificate, whose area is not quite that of the drawing.
func (p *plot) attributes(i int) map[string]string {
	all := map[string]string{"村（社区）": villageName(p.village), "来源": "演示数据"}
	if i%4 != 3 {
		differs := 1 + float64(i*37%13-6)/400
		all["证载面积（亩）"] = geo.FromSquareMetres(geo.GeodesicArea(p.shape).SquareMetres() * differs).Mu()
	}
	return all
}

// drafts are the plots as a file would give them.
func (w *world) drafts(each func(ledger.ParcelDraft) error) error {
	numbers := map[string]int{}
	for i, p := range w.plots {
		numbers[p.town.prefix]++
		err := each(ledger.ParcelDraft{
			Row: i + 1, Code: fmt.Sprintf("XZ-%s-%03d", p.town.prefix, numbers[p.town.prefix]), Label: p.label, Geometry: p.shape,
			Attributes: p.attributes(i),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
