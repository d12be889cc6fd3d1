package basemap

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/guatu/guatu/internal/fault"
)

// Tile names a tile: layer, zoom, column from the west, row from the north.
type Tile struct {
	Layer   string
	Z, X, Y int
}

// Image is a tile as it is sent.
type Image struct {
	Type string // image/png or image/jpeg
	Body []byte
}

// mostZoom is the nearest one that 天地图 has.
const mostZoom = 18

// Layers are those that may be asked for: map and imagery in Web Mercator, each with its names.
func Layers() []string { return []string{"vec_w", "cva_w", "img_w", "cia_w"} }

// Check refuses layers and numbers that no tile has.
func (t Tile) Check() error {
	if !slices.Contains(Layers(), t.Layer) {
		return fault.New(fault.KindNotFound, "no_such_basemap", "没有这个底图图层", "there is no such base map layer")
	}
	if t.Z < 1 || t.Z > mostZoom || t.X < 0 || t.Y < 0 || t.X >= 1<<t.Z || t.Y >= 1<<t.Z {
		return fault.New(fault.KindInvalid, "bad_tile", "瓦片编号有误", "there is no tile of this number")
	}
	return nil
}

func (t Tile) path() string { return fmt.Sprintf("%s/%d/%d/%d", t.Layer, t.Z, t.X, t.Y) }

// imageOf knows an image by its first bytes: 天地图 tells some refusals as text with status 200.
func imageOf(body []byte) (Image, error) {
	switch {
	case bytes.HasPrefix(body, []byte("\x89PNG\r\n\x1a\n")):
		return Image{"image/png", body}, nil
	case bytes.HasPrefix(body, []byte{0xff, 0xd8, 0xff}):
		return Image{"image/jpeg", body}, nil
	}
	return Image{}, errors.New("the answer is no image")
}
