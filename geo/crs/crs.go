// Package crs converts coordinates between CGCS2000 longitude and latitude
// (EPSG:4490) and what parcels arrive in or are drawn on: the Gauss-Krüger
// grids of CGCS2000 (EPSG:4549, EPSG:4528 and their neighbours), Web Mercator
// (EPSG:3857), and the obfuscated GCJ-02 and BD-09 of Chinese map services.
//
// Geographic points are longitude, latitude in degrees; plane points easting,
// northing in metres, whatever axis order the registry names. WGS 84
// (EPSG:4326) and CGCS2000 are taken as one, as PROJ does: the ellipsoids
// differ by 0.1 mm, the frames by centimetres.
package crs

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo/geodesic"
)

// Codes of the EPSG registry that the product speaks by name.
const (
	CGCS2000    = 4490 // longitude, latitude; the storage system
	WGS84       = 4326 // longitude, latitude
	WebMercator = 3857
	GaussCM120E = 4549 // 3° zone on 120° E, easting without zone number
	GaussZone40 = 4528 // the same grid, easting with zone number 40 before it
)

const degree = math.Pi / 180

// Projection converts between longitude and latitude in degrees and a plane in metres.
type Projection interface {
	// Forward projects longitude, latitude to easting, northing.
	Forward(lonLat orb.Point) orb.Point
	// Inverse gives the longitude, latitude of an easting, northing.
	Inverse(plane orb.Point) orb.Point
}

// Lookup finds a projection by its EPSG code: Web Mercator, and every Gauss-Krüger
// grid of CGCS2000, 6° zones (4491–4512) and 3° zones (4513–4554). For
// EPSG:4490 and EPSG:4326 it returns LonLat. The second result is false for any other code.
func Lookup(epsg int) (Projection, bool) {
	switch {
	case epsg == CGCS2000 || epsg == WGS84:
		return LonLat{}, true
	case epsg == WebMercator:
		return Mercator{}, true
	case epsg >= 4491 && epsg <= 4501:
		return GaussKruger6(13+epsg-4491, true), true
	case epsg >= 4502 && epsg <= 4512:
		return GaussKruger6(13+epsg-4502, false), true
	case epsg >= 4513 && epsg <= 4533:
		return GaussKruger3(25+epsg-4513, true), true
	case epsg >= 4534 && epsg <= 4554:
		return GaussKruger3(25+epsg-4534, false), true
	}
	return nil, false
}

// LonLat is the projection that changes nothing.
type LonLat struct{}

// Forward returns the point.
func (LonLat) Forward(p orb.Point) orb.Point { return p }

// Inverse returns the point.
func (LonLat) Inverse(p orb.Point) orb.Point { return p }

// falseEasting of every Gauss-Krüger grid of China, and what a zone number adds to it.
const (
	falseEasting = 500_000
	zoneEasting  = 1_000_000
)

// GaussKruger3 is the 3° zone of CGCS2000 whose central meridian is 3°·zone:
// zone 40 lies on 120° E. With prefixed the zone number stands before the easting.
func GaussKruger3(zone int, prefixed bool) *TransverseMercator {
	return gauss(float64(3*zone), zone, prefixed)
}

// GaussKruger6 is the 6° zone of CGCS2000 whose central meridian is 6°·zone - 3°.
func GaussKruger6(zone int, prefixed bool) *TransverseMercator {
	return gauss(float64(6*zone-3), zone, prefixed)
}

func gauss(meridian float64, zone int, prefixed bool) *TransverseMercator {
	easting := float64(falseEasting)
	if prefixed {
		easting += float64(zone) * zoneEasting
	}
	return NewTransverseMercator(geodesic.CGCS2000(), meridian, 1, easting)
}

// Mercator is Web Mercator (EPSG:3857): the Mercator projection of a sphere
// through latitudes that are not spherical. Its areas are wrong by 36 % in
// Xiuzhou. Latitudes are not cut off at ±85.05°; the poles go to infinity.
type Mercator struct{}

// mercatorRadius is the radius of the sphere in m.
const mercatorRadius = 6378137

// Forward projects longitude, latitude to metres.
func (Mercator) Forward(p orb.Point) orb.Point {
	return orb.Point{mercatorRadius * p[0] * degree, mercatorRadius * math.Asinh(math.Tan(p[1]*degree))}
}

// Inverse gives longitude, latitude of metres.
func (Mercator) Inverse(p orb.Point) orb.Point {
	return orb.Point{p[0] / mercatorRadius / degree, math.Atan(math.Sinh(p[1]/mercatorRadius)) / degree}
}
