package demo

import (
	"math"

	"github.com/paulmach/orb"
)

// course is a smooth line through the points: a centripetal Catmull–Rom spline
// would be overkill for points this even; the uniform one (Catmull and Rom 1974) does.
func course(through []orb.Point) orb.LineString {
	const steps = 8
	n := len(through)
	at := func(i int) orb.Point { return through[min(max(i, 0), n-1)] }
	line := orb.LineString{}
	for i := range n - 1 {
		for s := range steps {
			line = append(line, spline(at(i-1), at(i), at(i+1), at(i+2), float64(s)/steps))
		}
	}
	return append(line, at(n-1))
}

// spline is the point at t from b (0) to c (1).
func spline(a, b, c, d orb.Point, t float64) orb.Point {
	var p orb.Point
	for k := range p {
		p[k] = round(b[k] + 0.5*t*((c[k]-a[k])+t*((2*a[k]-5*b[k]+4*c[k]-d[k])+t*(3*(b[k]-c[k])+d[k]-a[k]))))
	}
	return p
}

// meander gives a line small bends between its points, the same every time.
func meander(through []orb.Point) []orb.Point {
	const bends, most = 3, 0.07
	var winding []orb.Point
	for i, to := range through[1:] {
		from := through[i]
		r := edgeRand(from, to)
		winding = append(winding, from)
		for k := range bends {
			t := (float64(k) + 1) / (bends + 1)
			swing := (r.Float64()*2 - 1) * most * math.Sin(math.Pi*t)
			winding = append(winding, orb.Point{
				from[0] + (to[0]-from[0])*t - (to[1]-from[1])*swing,
				from[1] + (to[1]-from[1])*t + (to[0]-from[0])*swing,
			})
		}
	}
	return append(winding, through[len(through)-1])
}

// shore is a lake about its middle: an ellipse with bays, the same every time.
// Its reach is half its length and breadth in metres, turned from east in radians.
func shore(middle orb.Point, reach [2]float64, turned float64) orb.Polygon {
	const corners, waves, bay = 56, 5, 0.11
	r := edgeRand(middle, middle)
	var heights, phases [waves]float64
	for k := range waves {
		heights[k], phases[k] = bay*r.Float64(), 2*math.Pi*r.Float64()
	}
	east, north := degreesPerMetre(middle[1])
	sin, cos := math.Sincos(turned)
	ring := make(orb.Ring, corners, corners+1)
	for i := range ring {
		angle := 2 * math.Pi * float64(i) / corners
		far := 1.0
		for k := range waves {
			far += heights[k] * math.Sin(float64(k+2)*angle+phases[k])
		}
		x, y := far*reach[0]*math.Cos(angle), far*reach[1]*math.Sin(angle)
		ring[i] = orb.Point{round(middle[0] + (x*cos-y*sin)*east), round(middle[1] + (x*sin+y*cos)*north)}
	}
	return orb.Polygon{append(ring, ring[0])}
}

// ground is what plots keep clear of: lines with a distance in metres.
type ground struct {
	line  orb.LineString
	clear float64
}

// keptGround is that of rivers, lakes and roads. A lake keeps clear what it covers and its shore.
func keptGround(features []feature) []ground {
	distance := map[string]float64{"canal": 60, "river": 40, "lake": 30, "highway": 60, "national_road": 35, "main_road": 30}
	var all []ground
	for _, f := range features {
		switch g := f.geometry().(type) {
		case orb.LineString:
			all = append(all, ground{g, distance[f.class]})
		case orb.Polygon:
			all = append(all, ground{orb.LineString(g[0]), distance[f.class]}, ground{orb.LineString{f.through[0]}, min(f.reach[0], f.reach[1])})
		}
	}
	return all
}

// meets says whether a disc of a radius in metres comes too near.
func (g ground) meets(at orb.Point, radius float64) bool {
	east, north := degreesPerMetre(at[1])
	reach := radius + g.clear
	last := g.line[0]
	for _, p := range g.line {
		x0, y0, x1, y1 := (last[0]-at[0])/east, (last[1]-at[1])/north, (p[0]-at[0])/east, (p[1]-at[1])/north
		last = p
		dx, dy := x1-x0, y1-y0
		t := 0.0
		if length := dx*dx + dy*dy; length > 0 {
			t = min(max(-(x0*dx+y0*dy)/length, 0), 1)
		}
		if math.Hypot(x0+t*dx, y0+t*dy) < reach {
			return true
		}
	}
	return false
}
