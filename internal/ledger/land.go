package ledger

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/ewkb"
)

// Where the polygon of recovered land comes from.
const (
	LandFromParcels = "parcels" // the union of the parcels whose land the case counts
	LandDrawn       = "drawn"   // a polygon of its own
)

// Land is the recovered land of a case (腾退范围) and the effective part of it.
// Its polygons are rows of shape, named by hash. What is counted are the
// accepted areas of the case, which stand beside it.
type Land struct {
	ID        int64
	Version   int64
	Case      int64
	Recovered []byte // SHA-256 of the EWKB
	Effective []byte // likewise; nil: nothing of it can be used again
	Origin    string
	Use       string // later use, a code of the campaign's list; "" is not known
	// Deductions are what lies between recovered and effective; they add up exactly.
	Deductions []Deduction
}

// Deduction is ground taken off for one reason (扣除).
type Deduction struct {
	Area geo.Area `json:"area"` // 0.0001 m²
	Code string   `json:"code"` // of the campaign's exclusion; DeductedOtherwise for what none explains
}

// DeductedOtherwise is ground that was taken off and that no rule of the campaign explains.
const DeductedOtherwise = "other"

// Deducted is what the exclusions leave of recovered ground.
type Deducted struct {
	Effective orb.MultiPolygon // nil: nothing
	ByRule    []geo.Area       // in the order of the rules, then what no rule explains
}

// Kinds of LandFault.
const (
	LandOverlaps     = "land_overlaps"
	LandEarlier      = "land_earlier" // overlaps land that another campaign has recovered
	LandOutside      = "land_outside"
	EffectiveOutside = "effective_outside"
	LandInvalid      = "land_invalid"
)

// LandFault is what is wrong with land as it would be recorded, and where.
type LandFault struct {
	Fault string    `json:"fault"`
	Case  int64     `json:"case_id"`
	Other string    `json:"other,omitempty"` // code of the case it overlaps, name of the unit it leaves
	Area  geo.Area  `json:"area,omitempty"`  // 0.0001 m²
	Place orb.Point `json:"place,omitzero"`  // longitude, latitude
	// Ground is what is wrong, to be drawn; refusals do not keep it.
	Ground orb.MultiPolygon `json:"-"`
}

// LandFields are the journalled fields of recovered land.
func LandFields(l Land) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("case", l.Case)
	s.put("recovered", hex.EncodeToString(l.Recovered))
	s.putText("effective", hex.EncodeToString(l.Effective))
	s.put("origin", l.Origin)
	s.putText("use", l.Use)
	if len(l.Deductions) > 0 {
		s.put("deductions", l.Deductions)
	}
	return s.fields, s.err
}

// LandOf is the land that has these fields.
func LandOf(id, version int64, f Fields) (Land, error) {
	l := Land{ID: id, Version: version}
	r := &reader{fields: f}
	r.get("case", &l.Case)
	r.get("origin", &l.Origin)
	r.get("use", &l.Use)
	r.get("deductions", &l.Deductions)
	l.Recovered = r.getHash("recovered")
	if l.Effective = r.getHash("effective"); len(l.Effective) == 0 {
		l.Effective = nil
	}
	return l, r.err
}

// landShape names a polygon as shape keeps it.
func landShape(mp orb.MultiPolygon) ([]byte, error) {
	wire, err := ewkb.MarshalMultiPolygon(mp, 4490)
	sum := sha256.Sum256(wire)
	return sum[:], err
}

// scrap is an area that is no ground of its own, as in land_faults and land_effective.
const scrap geo.Area = 500

// settle makes the areas by rule add up to what lies between recovered and
// effective: the largest takes scraps and what rounding left.
func settle(codes []string, areas []geo.Area, total geo.Area) []Deduction {
	var list []Deduction
	rest, largest := total, -1
	for i, a := range areas {
		if a <= scrap {
			continue
		}
		rest -= a
		list = append(list, Deduction{a, codes[i]})
		if largest < 0 || a > list[largest].Area {
			largest = len(list) - 1
		}
	}
	switch {
	case rest == 0:
	case largest >= 0 && list[largest].Area+rest > 0:
		list[largest].Area += rest
	case rest > 0:
		list = append(list, Deduction{rest, DeductedOtherwise})
	}
	return list
}
