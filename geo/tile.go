package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// MaxZoom is the deepest zoom of Tile: a tile there is 15 cm wide.
const MaxZoom = 28

// MaxTileLatitude is where the square of the Web Mercator tiles ends, in degrees.
const MaxTileLatitude = 85.0511287798066

// Tile is a square of the usual web map pyramid (OGC WebMercatorQuad): Z zooms
// in, X counts from the antimeridian to the east, Y from the north.
type Tile struct {
	Z, X, Y int
}

// TileAt is the tile that holds a point of longitude and latitude. Latitudes
// beyond ±MaxTileLatitude and longitudes beyond ±180° fall into the tiles at
// the edge, zooms beyond 0…MaxZoom are taken as the nearest. A point on the
// seam belongs to the tile east or south of it.
func TileAt(p orb.Point, zoom int) Tile {
	zoom = min(max(zoom, 0), MaxZoom)
	n := float64(int(1) << zoom)
	lat := min(max(p[1], -MaxTileLatitude), MaxTileLatitude) * math.Pi / 180
	x := (p[0] + 180) / 360 * n
	y := (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * n
	return Tile{Z: zoom, X: int(min(max(x, 0), n-1)), Y: int(min(max(y, 0), n-1))}
}

// Valid tells whether the tile exists.
func (t Tile) Valid() bool {
	return t.Z >= 0 && t.Z <= MaxZoom && t.X >= 0 && t.Y >= 0 && t.X < 1<<t.Z && t.Y < 1<<t.Z
}

// Bound is the tile's box of longitude and latitude in degrees.
func (t Tile) Bound() orb.Bound {
	return orb.Bound{
		Min: orb.Point{tileLon(t.X, t.Z), tileLat(t.Y+1, t.Z)},
		Max: orb.Point{tileLon(t.X+1, t.Z), tileLat(t.Y, t.Z)},
	}
}

func tileLon(x, z int) float64 { return float64(x)/float64(int(1)<<z)*360 - 180 }

func tileLat(y, z int) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*float64(y)/float64(int(1)<<z)))) * 180 / math.Pi
}

// Parent is the tile one zoom out; of the world tile, itself.
func (t Tile) Parent() Tile {
	if t.Z == 0 {
		return t
	}
	return Tile{Z: t.Z - 1, X: t.X / 2, Y: t.Y / 2}
}

// Children are the four tiles one zoom in: north-west, north-east, south-west, south-east.
func (t Tile) Children() [4]Tile {
	z, x, y := t.Z+1, 2*t.X, 2*t.Y
	return [4]Tile{{z, x, y}, {z, x + 1, y}, {z, x, y + 1}, {z, x + 1, y + 1}}
}

// String is the tile as it stands in an address: "14/13685/6719".
func (t Tile) String() string { return fmt.Sprintf("%d/%d/%d", t.Z, t.X, t.Y) }

// TilesCovering are the tiles of one zoom that meet a box, row by row from the
// north-west; false, and none, if there are more than limit.
func TilesCovering(b orb.Bound, zoom, limit int) ([]Tile, bool) {
	nw := TileAt(orb.Point{b.Min[0], b.Max[1]}, zoom)
	se := TileAt(orb.Point{b.Max[0], b.Min[1]}, zoom)
	wide, high := se.X-nw.X+1, se.Y-nw.Y+1
	if wide <= 0 || high <= 0 {
		return nil, true
	}
	if wide > limit || high > limit || wide*high > limit {
		return nil, false
	}
	tiles := make([]Tile, 0, wide*high)
	for y := nw.Y; y <= se.Y; y++ {
		for x := nw.X; x <= se.X; x++ {
			tiles = append(tiles, Tile{Z: nw.Z, X: x, Y: y})
		}
	}
	return tiles, true
}
