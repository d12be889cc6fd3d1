package interchange

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/crs"
)

// LooksLikeGCJ02 tells whether a parcel sent at one place (EPSG:4490) is the
// parcel stored at another, moved as Amap's GCJ-02 moves it: about 480 m to the
// south-east in Xiuzhou, the direction included, within 30 m.
func LooksLikeGCJ02(stored, sent orb.Point) bool {
	const near = 30.0
	return geo.Distance(crs.ToGCJ02(stored), sent) < near
}

// lookAround points out that a file lies outside the expected district, and
// whether GCJ-02 would explain it.
func (in *intake) lookAround() {
	d := in.job.opts.District
	if d.IsZero() || d.Intersects(in.report.Bound) {
		return
	}
	b := in.report.Bound
	centre := b.Center()
	away := geo.Distance(centre, nearest(d, centre))
	place := in.job.opts.DistrictName
	if place == (Text{}) {
		place = Text{"范围", "the district"}
	}
	text := Text{
		fmt.Sprintf("图形在%s以外 %.0f 米左右，请核对坐标系", place.ZH, away),
		fmt.Sprintf("The shapes lie about %.0f m outside %s; check the coordinate system.", away, place.EN),
	}
	const offset = 700 // m: the offset of GCJ-02 with some room
	if back := (orb.Bound{Min: crs.FromGCJ02(b.Min), Max: crs.FromGCJ02(b.Max)}); away < offset && d.Intersects(back) {
		text = Text{
			fmt.Sprintf("图形在%s以外 %.0f 米左右，可能是高德（GCJ-02）坐标", place.ZH, away),
			fmt.Sprintf("The shapes lie about %.0f m outside %s; they may be in Amap's GCJ-02.", away, place.EN),
		}
	}
	in.find(Finding{Code: "far_away", Text: text, Place: &centre})
}

// nearest is the point of a box that is nearest to p.
func nearest(b orb.Bound, p orb.Point) orb.Point {
	return orb.Point{min(max(p[0], b.Min[0]), b.Max[0]), min(max(p[1], b.Min[1]), b.Max[1])}
}

// repairNote says by how much mending changed a row: before is the shape in the
// file's own coordinates, after in longitude and latitude. The area before is
// that of the lines as drawn, loops of the other direction counted against it.
func (in *intake) repairNote(row int, why *rejection, before, after orb.MultiPolygon) (*Finding, error) {
	f := &Finding{Row: row, Code: "repaired"}
	if in.ref.toLonLat == nil {
		s, ok, err := in.drawn.take(row)
		if err != nil {
			return nil, err
		}
		if _, on := degrees(s.Polygons); !ok || !s.Area() || !on {
			f.Text = Text{"已修复（" + why.reason.ZH + "），面积可能改变，请核对", "Repaired (" + why.reason.EN + "); the area may have changed, check it."}
			return f, nil
		}
		before = geo.Normalise(s.Polygons)
	} else {
		before = crs.MultiPolygon(before, in.ref.toLonLat)
		if why.place != nil {
			p := in.ref.toLonLat(*why.place)
			f.Place = &p
		}
	}
	f.Text = areaChanged(why, geo.GeodesicArea(before), geo.GeodesicArea(after))
	return f, nil
}

func areaChanged(why *rejection, was, is geo.Area) Text {
	change := is.SquareMetres() - was.SquareMetres()
	sign := "+"
	if math.Signbit(change) {
		sign = "−"
	}
	size := geo.FromSquareMetres(math.Abs(change))
	return Text{
		fmt.Sprintf("已修复（%s）；面积由 %s 亩变为 %s 亩（%s%s 平方米）", why.reason.ZH, was.Mu(), is.Mu(), sign, size.SquareMetresText()),
		fmt.Sprintf("Repaired (%s); the area went from %s to %s mu (%s%s m²).", why.reason.EN, was.Mu(), is.Mu(), sign, size.SquareMetresText()),
	}
}
