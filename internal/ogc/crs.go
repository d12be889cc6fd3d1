package ogc

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/crs"
)

// System is a coordinate system by its name.
type System struct {
	URI string
	// Degrees tells apart degrees and metres.
	Degrees bool
	forward func(orb.Point) orb.Point // longitude, latitude of EPSG:4490 → in the order of the system's axes
	back    func(orb.Point) orb.Point
}

// Forward brings longitude and latitude to the system, in the order of its axes.
func (s System) Forward(p orb.Point) orb.Point { return s.forward(p) }

// Back is the inverse of Forward.
func (s System) Back(p orb.Point) orb.Point { return s.back(p) }

const (
	// CRS84 is what everything is in unless something else is asked for: longitude, latitude.
	CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
	epsg  = "http://www.opengis.net/def/crs/EPSG/0/"
	// StorageCRS is what geometry is kept in.
	StorageCRS = epsg + "4490"
)

// Systems are all there are; CRS84 first. CGCS2000 and WGS 84 are the same within centimetres and taken for the same.
func Systems() []System {
	same := func(p orb.Point) orb.Point { return p }
	turned := func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} }
	plane := crs.GaussKruger3(40, false)
	return []System{
		{CRS84, true, same, same},
		{StorageCRS, true, turned, turned},
		{epsg + "4326", true, turned, turned},
		{
			epsg + "4549", false,
			func(p orb.Point) orb.Point { return turned(plane.Forward(p)) },
			func(p orb.Point) orb.Point { return plane.Inverse(turned(p)) },
		},
	}
}

// SystemOf finds a system; "" is CRS84.
func SystemOf(uri string) (System, bool) {
	all := Systems()
	if uri == "" {
		return all[0], true
	}
	i := slices.IndexFunc(all, func(s System) bool { return s.URI == uri })
	if i < 0 {
		return System{}, false
	}
	return all[i], true
}
