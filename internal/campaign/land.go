package campaign

import (
	"errors"
	"fmt"
	"math"

	"github.com/guatu/guatu/geo"
)

// LandRules say how a campaign treats recovered land (腾退范围).
type LandRules struct {
	// Exclusions are taken off the recovered land in this order; ground under two of them goes to the first.
	Exclusions []Exclusion `json:"exclusions"`
	Uses       []Choice    `json:"uses"`   // later use: 复垦, 收储, …
	Blocks     BlockRule   `json:"blocks"` // 连片区块
	// Certificate names the attribute of a parcel that holds the area on its certificate (证载面积), in mu.
	Certificate string `json:"certificate,omitempty"`
}

// Exclusion is ground that is no effective land: what a reference layer shows,
// with so many metres about it. A line without breadth becomes twice as broad.
type Exclusion struct {
	Code    string   `json:"code"`
	Name    Text     `json:"name"` // 河道
	Layer   string   `json:"layer"`
	Classes []string `json:"classes,omitempty"` // none: all of the layer
	Metres  float64  `json:"metres"`
}

// BlockRule says what recovered land is contiguous (连片).
type BlockRule struct {
	Gap   float64  `json:"gap"`   // metres across which land still joins
	Least geo.Area `json:"least"` // from which size on a block counts, 0.0001 m²
}

// LandRule are the campaign's rules about land; a campaign without has no
// exclusions, and joins blocks of 50 mu across 30 m.
func (d Definition) LandRule() LandRules {
	if d.Land != nil {
		return *d.Land
	}
	const mu50, usualGap = 50_00, 30
	return LandRules{Blocks: BlockRule{Gap: usualGap, Least: geo.FromHundredths(mu50)}}
}

// Exclusion finds one by its code.
func (r LandRules) Exclusion(code string) (Exclusion, bool) {
	for _, e := range r.Exclusions {
		if e.Code == code {
			return e, true
		}
	}
	return Exclusion{}, false
}

const farthestBuffer = 1000.0 // metres

func (r LandRules) check() error {
	codes := make([]Choice, len(r.Exclusions))
	for i, e := range r.Exclusions {
		codes[i] = Choice{e.Code, e.Name}
		if e.Layer == "" || math.IsNaN(e.Metres) || e.Metres < 0 || e.Metres > farthestBuffer {
			return fmt.Errorf("exclusion %q: no layer, or not 0 to %v metres", e.Code, farthestBuffer)
		}
	}
	if err := errors.Join(checkChoices("exclusion", codes), checkChoices("later use", r.Uses)); err != nil {
		return err
	}
	if !(r.Blocks.Gap > 0 && r.Blocks.Gap <= farthestBuffer) || r.Blocks.Least <= 0 {
		return errors.New("blocks: a gap in metres and a least area are needed")
	}
	return nil
}
