package geo

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Reason is why a shape is not valid: a stable code.
type Reason string

// The reasons. The first four are wrong by themselves; the others are judged
// only in shapes free of the four, nesting and connection only in shapes whose
// edges do not cross. PostGIS's name for the reason stands behind each.
const (
	ReasonInvalidCoordinate    Reason = "invalid_coordinate"     // Invalid Coordinate: not finite
	ReasonOutOfRange           Reason = "out_of_range"           // beyond ±180°, ±90°; PostGIS does not ask
	ReasonRingNotClosed        Reason = "ring_not_closed"        // refused by PostGIS before it can ask
	ReasonTooFewPoints         Reason = "too_few_points"         // Too few points in geometry component
	ReasonSelfIntersection     Reason = "self_intersection"      // Self-intersection
	ReasonRingSelfIntersection Reason = "ring_self_intersection" // Ring Self-intersection: a ring touches itself
	ReasonDuplicateRings       Reason = "duplicate_rings"        // Self-intersection: two rings are the same line
	ReasonHoleOutsideShell     Reason = "hole_outside_shell"     // Hole lies outside shell
	ReasonNestedHoles          Reason = "nested_holes"           // Holes are nested
	ReasonNestedShells         Reason = "nested_shells"          // Nested shells
	ReasonDisconnectedInterior Reason = "disconnected_interior"  // Interior is disconnected
)

// RingRef names a ring: its part in the multipolygon, and its place there, 0
// being the exterior ring. Both count from 0.
type RingRef struct {
	Part int `json:"part"`
	Ring int `json:"ring"`
}

// Finding is one reason why a shape is not valid, and where.
type Finding struct {
	Reason Reason `json:"reason"`
	// Place is a point of the shape at which the reason shows; not finite
	// where the shape has no finite point there.
	Place orb.Point `json:"place"`
	// Ring is the ring at fault, Other the one it is at odds with (often Ring itself).
	Ring  RingRef `json:"ring"`
	Other RingRef `json:"other"`
}

// MaxFindings is the greatest number of findings of one shape; the search ends there.
const MaxFindings = 64

// Validate says why a multipolygon of longitude and latitude is not valid
// under OGC Simple Features 1.2.1, in the sense of ST_IsValid of PostGIS 3.3;
// nil if it is. An empty shape is valid. Other than ST_IsValidReason it finds
// more than one reason, sorted by ring; of shapes beyond 5000 edges it names
// the first bad crossing and duplicates only. The time is O(n log n).
func Validate(mp orb.MultiPolygon) []Finding { return validate(mp, true) }

// ValidatePlane is Validate for coordinates of a plane system: any finite number will do.
func ValidatePlane(mp orb.MultiPolygon) []Finding { return validate(mp, false) }

// IsValid tells whether Validate finds nothing.
func IsValid(mp orb.MultiPolygon) bool { return len(Validate(mp)) == 0 }

func validate(mp orb.MultiPolygon, degrees bool) []Finding {
	if plainly(mp, degrees) {
		return nil
	}
	return thoroughly(mp, degrees)
}

// thoroughly is validate without a look whether the shape is plainly valid.
func thoroughly(mp orb.MultiPolygon, degrees bool) []Finding {
	c := &checker{}
	c.basics(mp, degrees)
	if len(c.findings) > 0 {
		return c.findings
	}
	c.collect(mp)
	c.intersections()
	if len(c.findings) > 0 {
		return c.findings
	}
	c.holesInShells()
	c.nestedHoles()
	c.nestedShells()
	if len(c.findings) == 0 {
		c.connection()
	}
	return c.findings
}

// checker gathers the findings about one shape.
type checker struct {
	findings []Finding
	parts    []part
	rings    []*loop
	edges    []edge
	touches  []touch // in the order found
	touching map[touch]bool
}

// add notes a finding and tells whether more are wanted.
func (c *checker) add(reason Reason, place orb.Point, ring, other RingRef) bool {
	f := Finding{Reason: reason, Place: place, Ring: ring, Other: other}
	if slices.Contains(c.findings, f) {
		return true
	}
	if len(c.findings) < MaxFindings {
		c.findings = append(c.findings, f)
	}
	return len(c.findings) < MaxFindings
}

// basics checks each ring by itself: coordinates, closure, number of points.
func (c *checker) basics(mp orb.MultiPolygon, degrees bool) {
	for i, polygon := range mp {
		for j, r := range polygon {
			ref := RingRef{Part: i, Ring: j}
			if !c.coordinates(r, ref, degrees) || len(r) == 0 {
				continue
			}
			if r[0] != r[len(r)-1] {
				c.add(ReasonRingNotClosed, r[len(r)-1], ref, ref)
			}
			// A closed ring of three different corners counts four points.
			if len(withoutRepeats(r)) < 4 {
				c.add(ReasonTooFewPoints, r[0], ref, ref)
			}
		}
	}
}

// coordinates reports the first bad coordinate of a ring and tells whether there is none.
func (c *checker) coordinates(r orb.Ring, ref RingRef, degrees bool) bool {
	for _, p := range r {
		if !finite(p) {
			c.add(ReasonInvalidCoordinate, p, ref, ref)
			return false
		}
		if degrees && (math.Abs(p[0]) > 180 || math.Abs(p[1]) > 90) {
			c.add(ReasonOutOfRange, p, ref, ref)
			return false
		}
	}
	return true
}

func finite(p orb.Point) bool {
	return !math.IsNaN(p[0]) && !math.IsInf(p[0], 0) && !math.IsNaN(p[1]) && !math.IsInf(p[1], 0)
}

// withoutRepeats is a new ring without points equal to the one before.
func withoutRepeats(r orb.Ring) orb.Ring {
	out := make(orb.Ring, 0, len(r))
	for _, p := range r {
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
	}
	return out
}

// ZH says in Chinese what is wrong and where.
func (f Finding) ZH() string {
	at := fmt.Sprintf("（%.7f，%.7f）", f.Place[0], f.Place[1])
	ring, other := ringZH(f.Ring), ringZH(f.Other)
	switch f.Reason {
	case ReasonInvalidCoordinate:
		return ring + "含有无效坐标（非有限数）"
	case ReasonOutOfRange:
		return fmt.Sprintf("%s的坐标%s超出经纬度范围", ring, at)
	case ReasonRingNotClosed:
		return fmt.Sprintf("%s没有闭合，末点为%s", ring, at)
	case ReasonTooFewPoints:
		return fmt.Sprintf("%s的不同顶点不足3个，位于%s", ring, at)
	case ReasonSelfIntersection:
		if f.Ring == f.Other {
			return fmt.Sprintf("%s在%s处自相交", ring, at)
		}
		return fmt.Sprintf("%s与%s在%s处相交或重边", ring, other, at)
	case ReasonRingSelfIntersection:
		return fmt.Sprintf("%s在%s处与自身相接", ring, at)
	case ReasonDuplicateRings:
		return fmt.Sprintf("%s与%s完全重复，位于%s", ring, other, at)
	case ReasonHoleOutsideShell:
		return fmt.Sprintf("%s不在外环之内，位于%s", ring, at)
	case ReasonNestedHoles:
		return fmt.Sprintf("%s套在%s之内，位于%s", ring, other, at)
	case ReasonNestedShells:
		return fmt.Sprintf("%s落在%s之内，位于%s", ring, other, at)
	case ReasonDisconnectedInterior:
		return fmt.Sprintf("%s在%s处把面的内部隔断", ring, at)
	}
	return string(f.Reason)
}

func ringZH(r RingRef) string {
	if r.Ring == 0 {
		return fmt.Sprintf("第%d个面的外环", r.Part+1)
	}
	return fmt.Sprintf("第%d个面的第%d个孔", r.Part+1, r.Ring)
}

// EN says in English what is wrong and where.
func (f Finding) EN() string {
	at := fmt.Sprintf("at (%.7f, %.7f)", f.Place[0], f.Place[1])
	ring, other := ringEN(f.Ring), ringEN(f.Other)
	switch f.Reason {
	case ReasonInvalidCoordinate:
		return ring + " has a coordinate that is not finite"
	case ReasonOutOfRange:
		return fmt.Sprintf("%s leaves longitude and latitude %s", ring, at)
	case ReasonRingNotClosed:
		return fmt.Sprintf("%s is not closed; it ends %s", ring, at)
	case ReasonTooFewPoints:
		return fmt.Sprintf("%s has fewer than 3 different corners, %s", ring, at)
	case ReasonSelfIntersection:
		if f.Ring == f.Other {
			return fmt.Sprintf("%s crosses itself %s", ring, at)
		}
		return fmt.Sprintf("%s crosses or shares an edge with %s %s", ring, other, at)
	case ReasonRingSelfIntersection:
		return fmt.Sprintf("%s touches itself %s", ring, at)
	case ReasonDuplicateRings:
		return fmt.Sprintf("%s is the same line as %s, %s", ring, other, at)
	case ReasonHoleOutsideShell:
		return fmt.Sprintf("%s lies outside its shell %s", ring, at)
	case ReasonNestedHoles:
		return fmt.Sprintf("%s lies inside %s %s", ring, other, at)
	case ReasonNestedShells:
		return fmt.Sprintf("%s lies inside %s %s", ring, other, at)
	case ReasonDisconnectedInterior:
		return fmt.Sprintf("%s cuts the interior in two %s", ring, at)
	}
	return string(f.Reason)
}

func ringEN(r RingRef) string {
	if r.Ring == 0 {
		return fmt.Sprintf("the exterior ring of part %d", r.Part+1)
	}
	return fmt.Sprintf("hole %d of part %d", r.Ring, r.Part+1)
}
