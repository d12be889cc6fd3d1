package campaign

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Zone is a reference layer of zones (规划、区划、集聚区) that comes from files of
// other offices: what it is called, and how a file tells the class of a feature.
type Zone struct {
	Layer   string   `json:"layer"`
	Name    Text     `json:"name"`
	Field   string   `json:"field,omitempty"` // column that tells the class, by name or by code; empty: all are of the first class
	Classes []Choice `json:"classes"`
}

// Zone finds one by its layer.
func (d Definition) Zone(layer string) (Zone, bool) {
	i := slices.IndexFunc(d.Zones, func(z Zone) bool { return z.Layer == layer })
	if i < 0 {
		return Zone{}, false
	}
	return d.Zones[i], true
}

// Class is the code of a feature's class, given what its file says; false where the zone does not know it.
func (z Zone) Class(attributes map[string]string) (string, bool) {
	if z.Field == "" {
		return z.Classes[0].Code, true
	}
	said := strings.TrimSpace(attributes[z.Field])
	for _, c := range z.Classes {
		if said == c.Code || said == c.Name.ZH || said == c.Name.EN {
			return c.Code, true
		}
	}
	return said, false
}

func (d Definition) checkZones() error {
	var wrong []error
	seen := map[string]bool{}
	for _, z := range d.Zones {
		if z.Layer == "" || seen[z.Layer] || z.Name.ZH == "" || z.Name.EN == "" || len(z.Classes) == 0 {
			wrong = append(wrong, fmt.Errorf("zones %q: layer is empty or repeated, or it lacks a language or classes", z.Layer))
		}
		seen[z.Layer] = true
		wrong = append(wrong, checkChoices("class of "+z.Layer, z.Classes))
	}
	return errors.Join(wrong...)
}

// lies tells whether an overlay names a layer of zones and classes of it.
func (d Definition) lies(o Overlay) bool {
	z, ok := d.Zone(o.Layer)
	return ok && !slices.ContainsFunc(o.Classes, func(code string) bool {
		return !slices.ContainsFunc(z.Classes, func(c Choice) bool { return c.Code == code })
	})
}
