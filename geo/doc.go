// Package geo holds the measures and shapes of a land campaign: areas in
// 0.0001 m² and in mu, geodesic area and length, validity with reason and
// place, bounding boxes and tiles.
//
// Geometries are those of github.com/paulmach/orb, coordinates longitude
// first, in degrees of CGCS2000 (EPSG:4490) unless a name says otherwise. No
// function changes its argument. The package knows no database, no HTTP and
// no domain; codecs and reference systems are its subpackages.
package geo
