package ledger

import (
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// Notice is a reminder (催办): somebody was told that a case is late. It is never changed.
type Notice struct {
	ID        int64
	Case      int64
	Milestone string        // that is due
	DueOn     campaign.Date // the day it was planned for
	Rung      string        // campaign.RungPerson, …
	ToldOn    campaign.Date
	ToldAt    time.Time
	Person    string // who was named for the case then; "" where nobody was
	Author    string // code of the person; the system on the ladder
	Words     string // what was said beside it; by hand alone
}

// Stands says that a notice is about what is due now: a milestone that was done, or planned anew, is another matter.
func (n Notice) Stands(milestone string, deadline campaign.Date) bool {
	return n.Milestone == milestone && n.DueOn == deadline
}

// Rungs are those of a list that were told of what is due now.
func Rungs(list []Notice, milestone string, deadline campaign.Date) []string {
	var told []string
	for _, n := range list {
		if n.Stands(milestone, deadline) {
			told = append(told, n.Rung)
		}
	}
	return told
}

// NoticeFields are the journalled fields of a notice.
func NoticeFields(n Notice) (Fields, error) {
	s := &fieldSet{fields: Fields{}}
	s.put("case", n.Case)
	s.put("milestone", n.Milestone)
	s.put("due_on", n.DueOn)
	s.put("rung", n.Rung)
	s.put("told_on", n.ToldOn)
	s.putTime("told_at", n.ToldAt)
	s.putText("person", n.Person)
	s.put("author", n.Author)
	s.putText("words", n.Words)
	return s.fields, s.err
}
