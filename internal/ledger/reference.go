package ledger

import (
	"encoding/hex"

	"github.com/paulmach/orb"
)

// Reference is one feature of a reference layer (底图要素): a river, a road, a
// zone. Its geometry is a row of reference_shape, named by hash.
type Reference struct {
	ID      int64
	Version int64
	// Layer and Class are plain codes: water, roads; river, lake, main_road.
	Layer string
	Code  string // stable within the layer
	Name  string // may be empty
	Class string
	Shape []byte // SHA-256 of the little-endian EWKB
	// Attributes are what else is known of it, for people to read.
	Attributes map[string]string
}

// ReferenceShape is the geometry of a feature as it is stored: a Polygon,
// MultiPolygon, LineString or MultiLineString in EPSG:4490.
type ReferenceShape struct {
	Hash []byte // SHA-256 of EWKB
	EWKB []byte
}

// ReferenceDraft is a feature as a file or a person gives it.
type ReferenceDraft struct {
	Code  string
	Name  string
	Class string
	// Geometry is a Polygon, MultiPolygon, LineString or MultiLineString in
	// EPSG:4490, longitude and latitude in degrees.
	Geometry   orb.Geometry
	Attributes map[string]string
}

// ReferenceFields are the journalled fields of a feature of a reference layer.
func ReferenceFields(r Reference) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("layer", r.Layer)
	s.put("code", r.Code)
	s.putText("name", r.Name)
	s.put("class", r.Class)
	s.put("shape", hex.EncodeToString(r.Shape))
	if len(r.Attributes) > 0 {
		s.put("attributes", r.Attributes)
	}
	return s.fields, s.err
}

// ReferenceOf is the feature that has these fields.
func ReferenceOf(id, version int64, f Fields) (Reference, error) {
	r := Reference{ID: id, Version: version}
	in := &reader{fields: f}
	in.get("layer", &r.Layer)
	in.get("code", &r.Code)
	in.get("name", &r.Name)
	in.get("class", &r.Class)
	in.get("attributes", &r.Attributes)
	r.Shape = in.getHash("shape")
	return r, in.err
}
