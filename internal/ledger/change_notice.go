package ledger

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about reminders.
const (
	KindLadderTell = "ladder.tell"
	KindCaseRemind = "case.remind"
)

// TellLadder tells the next rung of the ladder that a case is late; the system does, on the campaign's clock.
type TellLadder struct {
	Case      int64
	Milestone string
	DueOn     campaign.Date
	Rung      string
}

func (TellLadder) kind() string     { return KindLadderTell }
func (c TellLadder) content() any   { return c }
func (c TellLadder) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

// decide looks again, for the case may have moved since somebody saw that it is late.
func (c TellLadder) decide(ctx context.Context, w *work) error {
	l, err := w.lateness(ctx, c.Case)
	if err != nil {
		return err
	}
	told := Rungs(l.notices, c.Milestone, c.DueOn)
	if l.next != c.Milestone || l.deadline != c.DueOn || !slices.Contains(campaign.StepsDue(l.ladder, l.days, told), c.Rung) {
		return fault.New(fault.KindConflict, "rung_not_due", "这一级不需要催办，或已经催办", "this rung is not due, or was told")
	}
	return w.recordNotice(ctx, l, Notice{Rung: c.Rung}, c.kind())
}

// RemindCase sends a reminder of a late case by hand (催办), to whoever is named for it.
type RemindCase struct {
	Case int64  `json:"case"`
	Note string `json:"note,omitempty"`
}

func (RemindCase) kind() string     { return KindCaseRemind }
func (c RemindCase) content() any   { return c }
func (c RemindCase) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c RemindCase) decide(ctx context.Context, w *work) error {
	l, err := w.lateness(ctx, c.Case)
	if err != nil {
		return err
	}
	if l.days == 0 {
		return fault.New(fault.KindConflict, "not_late", "该事项没有逾期，不需要催办", "the case is not late")
	}
	for _, n := range l.notices {
		if n.Rung == campaign.RungHand && n.ToldOn == w.today() {
			return fault.New(fault.KindConflict, "reminded_today", "今天已经催办过", "a reminder was sent today")
		}
	}
	return w.recordNotice(ctx, l, Notice{Rung: campaign.RungHand, Words: strings.TrimSpace(c.Note)}, c.kind())
}

// lateness is how late a case is, and what was told of it.
type lateness struct {
	of       campaign.Case
	ladder   []campaign.Rung
	next     string
	deadline campaign.Date
	days     int
	notices  []Notice
}

func (w *work) lateness(ctx context.Context, id int64) (l lateness, err error) {
	cw, err := w.caseNow(id)
	if err != nil {
		return l, err
	}
	def, err := w.definition(cw.now.Campaign)
	if err != nil {
		return l, err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return l, err
	}
	st := track.Standing(cw.now)
	l = lateness{of: cw.now, ladder: def.Ladder, next: st.Next, deadline: st.Deadline}
	l.days = def.Late(st, slices.Collect(maps.Keys(cw.now.Sides)), w.today())
	l.notices, err = w.tx.NoticesOf(ctx, id)
	return l, err
}

func (w *work) recordNotice(ctx context.Context, l lateness, n Notice, kind string) error {
	id, err := w.newID(ctx)
	if err != nil {
		return fmt.Errorf("id of a notice: %w", err)
	}
	n.ID, n.Case, n.Milestone, n.DueOn = id, l.of.ID, l.next, l.deadline
	n.ToldOn, n.ToldAt, n.Person, n.Author = w.today(), w.now, l.of.Responsible, w.actor.ID
	w.writes.Notices = append(w.writes.Notices, n)
	fields, err := NoticeFields(n)
	return w.create(kind, NounNotice, id, fields, err)
}
