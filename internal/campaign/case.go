package campaign

import (
	"maps"
	"math"

	"github.com/guatu/guatu/geo"
)

// Case is one matter of a campaign (一企一档): who, where, how far.
type Case struct {
	ID          int64
	Version     int64
	Campaign    int64
	Track       string
	Code        string // XZ-2020-0231
	Label       string // the firm's name, or “XX村作坊12号” where a name would be a person's
	Unit        string // code of the responsible unit (责任主体)
	Responsible string // 责任人
	Note        string
	Marks       map[string]Mark // by milestone code
	Shares      []Share

	Batch      string // 批次
	Village    string // code of the village
	Kind       string // of the operator: 企业, 作坊; a code of the campaign's list
	Disposal   string // 处置方式, a code of the campaign's list
	Enterprise int64  // 0: none known
	// Recovered and Effective are the land as accepted (认定面积, 有效面积), 0 before; effective lies within recovered.
	Recovered, Effective geo.Area
	Floor                geo.Area           // floor area of a park; never added to land
	Sides                map[string]Side    // side states in force, by code
	Requests             map[string]Request // asked for and not decided, by code of the side state
	Rebounds             int                // how often it rebounded; never un-counted
	// Photos are a noun of their own beside the case; the rules look at them.
	Photos []Photo
}

// Mark is what is known of one milestone of a case.
type Mark struct {
	PlanOn        Date   `json:"plan_on,omitempty"`
	PlanOriginal  Date   `json:"plan_original,omitempty"` // frozen when the first plan is set
	DoneOn        Date   `json:"done_on,omitempty"`
	NotApplicable bool   `json:"not_applicable,omitempty"`
	Reason        string `json:"reason,omitempty"` // why not applicable
	Note          string `json:"note,omitempty"`
	Actor         string `json:"actor,omitempty"` // who marked it
	// Checks are the boxes that were ticked.
	Checks string `json:"checks,omitempty"` // codes in order, separated by commas: marks compare as values
}

// Reached is the furthest milestone of the track that is done: its state is the case's; the first where none is.
func (t Track) Reached(c Case) Milestone {
	days := make(map[string]Date, len(c.Marks))
	for code, mark := range c.Marks {
		days[code] = mark.DoneOn
	}
	return t.Furthest(days)
}

// Furthest is Reached, given the days of the milestones done.
func (t Track) Furthest(days map[string]Date) Milestone {
	furthest := t.Milestones[0]
	for _, m := range t.Milestones {
		if days[m.Code] != "" {
			furthest = m
		}
	}
	return furthest
}

// Passed says whether later milestones may follow: done, or not applicable with a reason.
func (m Mark) Passed() bool { return m.DoneOn != "" || m.NotApplicable }

// Share is the land of one parcel that a case counts; 0 counts only the firm (只计家数).
type Share struct {
	Parcel int64    `json:"parcel"`
	Area   geo.Area `json:"area"` // 0.0001 m²
}

// Land is the sum of the case's shares.
func (c Case) Land() geo.Area {
	var sum geo.Area
	for _, s := range c.Shares {
		sum += s.Area
	}
	return sum
}

// CountsElsewhere says that the case counts only the firm (只计家数): it has parcels, whose land another case counts.
func (c Case) CountsElsewhere() bool { return len(c.Shares) > 0 && c.Land() == 0 }

// MuchDifference is by how many per cent accepted land may differ from the parcels without a reason.
const MuchDifference = 5.0

// Differs is by how many per cent of the parcels' land the accepted land differs from it; 0 where either is not known.
func (c Case) Differs() float64 { return Differs(c.Recovered, c.Land()) }

// Differs is by how many per cent of one area another differs from it; 0 where either is not known.
func Differs(accepted, land geo.Area) float64 {
	if land == 0 || accepted == 0 {
		return 0
	}
	return 100 * math.Abs(float64(accepted-land)) / float64(land)
}

// withMark is a copy of the case with one milestone changed; the argument stays as it was.
func (c Case) withMark(code string, m Mark) Case {
	marks := make(map[string]Mark, len(c.Marks)+1)
	maps.Copy(marks, c.Marks)
	marks[code] = m
	c.Marks = marks
	return c
}

// Standing is what the rules derive from a case's milestones.
type Standing struct {
	Stage    int    // slot of the furthest milestone done
	Next     string // first milestone of the main order neither done nor not applicable; "" when closed
	Deadline Date   // plan date of Next
}

// Standing derives stage, next milestone and deadline.
func (t Track) Standing(c Case) Standing {
	s := Standing{Stage: t.Milestones[0].Slot}
	for _, m := range t.Milestones {
		mark := c.Marks[m.Code]
		if mark.DoneOn != "" {
			s.Stage = m.Slot
		}
		if s.Next == "" && !mark.Passed() {
			s.Next, s.Deadline = m.Code, mark.PlanOn
		}
	}
	return s
}
