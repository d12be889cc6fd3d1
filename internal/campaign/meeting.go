package campaign

import "fmt"

// Kinds of meetings that lead a campaign.
const (
	MeetingLeading = "leading" // 领导小组会议
	MeetingJoint   = "joint"   // 联席会议
	MeetingRegular = "regular" // 例会
)

// What an item of an agenda is made from.
const (
	AgendaUndone  = "undone"  // a decision of the meeting before that is not carried out
	AgendaLate    = "late"    // late cases of a unit
	AgendaBlocker = "blocker" // a blocker past its day
	AgendaOrder   = "order"   // an order that its unit owes an answer to
	AgendaOwn     = "own"     // what the office adds
)

// MeetingKinds are the kinds of meetings, in their order.
func MeetingKinds() []Choice {
	return []Choice{
		{MeetingRegular, Text{"例会", "regular meeting"}},
		{MeetingLeading, Text{"领导小组会议", "meeting of the leading group"}},
		{MeetingJoint, Text{"联席会议", "joint meeting"}},
	}
}

// MeetingName is how a meeting is called: 2020年第3次例会. False for a kind that is none.
func MeetingName(kind string, year, number int) (Text, bool) {
	c, known := findChoice(MeetingKinds(), kind)
	return Text{fmt.Sprintf("%d年第%d次%s", year, number, c.Name.ZH), fmt.Sprintf("%s %d of %d", c.Name.EN, number, year)}, known
}

// KnownAgenda tells whether an item of an agenda may be of this.
func KnownAgenda(of string) bool {
	switch of {
	case AgendaUndone, AgendaLate, AgendaBlocker, AgendaOrder, AgendaOwn:
		return true
	}
	return false
}
