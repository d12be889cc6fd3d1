package dossier

import (
	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// Areas are the areas of a case, 0.0001 m²; zero where one is not known.
type Areas struct {
	Certificate geo.Area // on the parcels' certificates (证载面积)
	Parcels     geo.Area // of the parcels' shapes, geodesic on the CGCS2000 ellipsoid (图斑面积)
	Plane       geo.Area // of the same in the plane of EPSG:4549
	Land        geo.Area // what the case counts of them
	Recovered   geo.Area // accepted (认定面积)
	Effective   geo.Area
	Deducted    geo.Area // accepted and not effective (扣除)
	Floor       geo.Area
	// Differs is by how many per cent accepted and counted land differ, where that is more than may be without a reason; else 0.
	Differs float64
}

func areasOf(c *Case) Areas {
	a := Areas{Land: c.Case.Land(), Recovered: c.Case.Recovered, Effective: c.Case.Effective, Floor: c.Case.Floor}
	for _, p := range c.Parcels {
		a.Parcels += p.Area
		a.Plane += p.PlaneArea
	}
	a.Certificate = certificateArea(c.Definition.LandRule().Certificate, c.Parcels)
	if a.Effective > 0 {
		a.Deducted = a.Recovered - a.Effective
	}
	if differs := c.Case.Differs(); differs > campaign.MuchDifference {
		a.Differs = differs
	}
	return a
}

// landIn is the case that counts the land of the parcels where this one counts only the firm (本案只计家数).
func landIn(c *Case) *Summary {
	if len(c.Parcels) == 0 || c.Case.Land() > 0 {
		return nil
	}
	for i, n := range c.Neighbours {
		if n.Land > 0 {
			return &c.Neighbours[i]
		}
	}
	return nil
}

// extended are the open milestones whose plan is later than the first plan (延期).
func extended(t campaign.Track, c campaign.Case) []string {
	var codes []string
	for _, m := range t.Milestones {
		if mark := c.Marks[m.Code]; !mark.Passed() && mark.PlanOriginal != "" && mark.PlanOn > mark.PlanOriginal {
			codes = append(codes, m.Code)
		}
	}
	return codes
}
