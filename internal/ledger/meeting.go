package ledger

import "github.com/guatu/guatu/internal/campaign"

// Meeting is a meeting that leads the campaign (例会、领导小组会议、联席会议): what it is about, and what it decided.
type Meeting struct {
	ID        int64
	Version   int64
	Campaign  string
	Kind      string // campaign.MeetingRegular, …
	Year      int    // of its day; numbers of a kind begin anew with it
	Number    int
	On        campaign.Date
	Agenda    []AgendaItem
	Decisions []Decision
	Acts      map[string]Act // called, closed
}

// Acts of a meeting: it was called, and its minutes stand.
const (
	MeetingCalled = "called"
	MeetingClosed = "closed"
)

// AgendaItem is a line of an agenda and what it is about.
type AgendaItem struct {
	Of    string  `json:"of"` // campaign.AgendaLate, …
	Text  string  `json:"text"`
	Unit  string  `json:"unit,omitempty"`
	Cases []int64 `json:"cases,omitempty"`
	Order int64   `json:"order,omitempty"`
}

// Decision is what a meeting decided. For a unit it is an order (督办单); else the office says when it is done.
type Decision struct {
	Text   string        `json:"text"`
	Unit   string        `json:"unit,omitempty"`
	DueOn  campaign.Date `json:"due_on,omitempty"`
	Order  int64         `json:"order,omitempty"`
	DoneOn campaign.Date `json:"done_on,omitempty"`
	DoneBy string        `json:"done_by,omitempty"` // code of the person
}

// Open tells whether a decision is still to be carried out, by the stage of its order.
func (d Decision) Open(stage string) bool {
	if d.Order != 0 {
		return stage != campaign.OrderClosed && stage != campaign.OrderWithdrawn
	}
	return d.DoneOn == ""
}

// Name is how the meeting is called.
func (m Meeting) Name() campaign.Text {
	name, _ := campaign.MeetingName(m.Kind, m.Year, m.Number)
	return name
}

// Closed tells whether its minutes stand.
func (m Meeting) Closed() bool { return !m.Acts[MeetingClosed].At.IsZero() }

// MeetingFields are the journalled fields of a meeting.
func MeetingFields(m Meeting) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("campaign", m.Campaign)
	s.put("kind", m.Kind)
	s.put("year", m.Year)
	s.put("number", m.Number)
	s.put("on", m.On)
	s.put("acts", m.Acts)
	if len(m.Agenda) > 0 {
		s.put("agenda", m.Agenda)
	}
	if len(m.Decisions) > 0 {
		s.put("decisions", m.Decisions)
	}
	return s.fields, s.err
}
