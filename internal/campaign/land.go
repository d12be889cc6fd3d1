package campaign

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/fault"
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

// unmeasured tells whether a milestone asks for accepted areas which the case has not.
func (m Milestone) unmeasured(c Case) bool {
	return m.Measured != nil && c.Recovered == 0 && !c.CountsElsewhere() && !slices.Contains(m.Measured.Unless, c.Disposal)
}

// MeasuresLand tells whether a milestone of the track asks for accepted areas.
func (t Track) MeasuresLand() bool {
	return slices.ContainsFunc(t.Milestones, func(m Milestone) bool { return m.Measured != nil })
}

// measured refuses a milestone that asks for accepted areas while there are none:
// the count would rise and the land not.
func (t Track) measured(c Case, m Milestone) error {
	if !m.unmeasured(c) {
		return nil
	}
	var zh, en string
	for _, d := range t.disposals {
		if slices.Contains(m.Measured.Unless, d.Code) {
			zh, en = zh+"、"+d.Name.ZH, en+", or the outcome is "+d.Name.EN
		}
	}
	return fault.New(fault.KindConflict, "not_measured",
		fmt.Sprintf("还不能%s：尚未登记认定面积（面积计入房东案%s的除外）", m.act().ZH, zh),
		fmt.Sprintf("cannot %s: the accepted area has not been entered (unless another case counts the land%s)", m.act().EN, en))
}

// StaysMeasured refuses a change that takes the accepted areas from under a
// milestone that stands on them; a case that had none already may change.
func (t Track) StaysMeasured(before, after Case) error {
	for _, m := range t.Milestones {
		if after.Marks[m.Code].DoneOn != "" && m.unmeasured(after) && !m.unmeasured(before) {
			return fault.New(fault.KindConflict, "stays_measured",
				fmt.Sprintf("该事项%s，认定面积不能为空；如需改正，请先撤回%s", m.State.ZH, m.Name.ZH),
				fmt.Sprintf("the case is %s and keeps an accepted area; take the acceptance back first", m.State.EN))
		}
	}
	return nil
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
