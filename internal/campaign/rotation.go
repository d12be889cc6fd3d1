package campaign

import "fmt"

// Rotation is how screens turn their pages by themselves (轮播), over and over.
type Rotation struct {
	Turns []Turn `json:"turns"` // none: they stand still
}

// Turn is a page of a screen and how long it stands.
type Turn struct {
	Page    TurnPage `json:"screen"`
	Unit    string   `json:"unit,omitempty"` // of TurnUnit
	Seconds int      `json:"seconds"`        // each unit of TurnUnits stands as long
}

// TurnPage is what a turn shows.
type TurnPage string

// The pages of a screen.
const (
	TurnDistrict TurnPage = "district"
	TurnUnits    TurnPage = "units" // every responsible unit in turn
	TurnUnit     TurnPage = "unit"
	TurnParks    TurnPage = "parks"
	TurnLate     TurnPage = "late"
)

// A page must be read before it goes, and must not stand as if it were the only one.
const (
	shortestTurn, longestTurn = 5, 3600
	mostTurns                 = 40
)

// Name is what a page is called; nothing for an unknown one.
func (p TurnPage) Name() Text {
	return map[TurnPage]Text{
		TurnDistrict: {"全区", "the district"}, TurnUnits: {"各责任主体轮流", "every unit in turn"}, TurnUnit: {"责任主体", "unit"},
		TurnParks: {"小微企业园", "small-firm parks"}, TurnLate: {"逾期清单", "late cases"},
	}[p]
}

// Turning is the campaign's rotation, or the usual one where it has none of its own.
func (d Definition) Turning() Rotation {
	if d.Rotation != nil {
		return *d.Rotation
	}
	return Rotation{Turns: []Turn{
		{Page: TurnDistrict, Seconds: 30}, {Page: TurnUnits, Seconds: 20}, {Page: TurnParks, Seconds: 20}, {Page: TurnLate, Seconds: 20},
	}}
}

// check reports unknown pages, units where none are shown, and times that nobody can read by.
func (r Rotation) check() error {
	if len(r.Turns) > mostTurns {
		return fmt.Errorf("rotation: %d turns, at most %d", len(r.Turns), mostTurns)
	}
	for i, t := range r.Turns {
		if t.Page.Name() == (Text{}) {
			return fmt.Errorf("rotation: turn %d: unknown page %q", i+1, t.Page)
		}
		if (t.Page == TurnUnit) != (t.Unit != "") {
			return fmt.Errorf("rotation: turn %d: a unit belongs to page %q alone", i+1, TurnUnit)
		}
		if t.Seconds < shortestTurn || t.Seconds > longestTurn {
			return fmt.Errorf("rotation: turn %d: %d seconds, not %d to %d", i+1, t.Seconds, shortestTurn, longestTurn)
		}
	}
	return nil
}
