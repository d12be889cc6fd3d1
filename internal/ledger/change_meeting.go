package ledger

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about meetings.
const (
	KindMeetingCall   = "meeting.call"
	KindMeetingAgenda = "meeting.agenda"
	KindMeetingDecide = "meeting.decide"
	KindMeetingDone   = "meeting.done"
	KindMeetingClose  = "meeting.close"
)

// CallMeeting calls a meeting with an agenda; what is late, held up or unanswered was put on it by whoever asks.
type CallMeeting struct {
	Kind   string
	On     campaign.Date
	Agenda []AgendaItem
}

func (CallMeeting) kind() string   { return KindMeetingCall }
func (c CallMeeting) content() any { return map[string]any{"kind": c.Kind, "on": c.On} } // the agenda is made from what is there: a repeat may find another
func (CallMeeting) names(*Locks)   {}

func (c CallMeeting) decide(ctx context.Context, w *work) error {
	def, err := w.definition(w.there.Running)
	if err != nil {
		return err
	}
	if _, known := campaign.MeetingName(c.Kind, 0, 0); !known {
		return fault.New(fault.KindInvalid, "unknown_meeting", "没有“"+c.Kind+"”这种会议", "there is no meeting of kind "+c.Kind)
	}
	day, err := campaign.ParseDate(string(c.On))
	if err != nil {
		return fault.New(fault.KindInvalid, "day_missing", "请填写会议日期", "please say on which day it is").Because(err)
	}
	m := Meeting{Version: 1, Campaign: def.Code, Kind: c.Kind, Year: day.Year(), On: c.On, Agenda: c.Agenda, Acts: map[string]Act{MeetingCalled: {w.actor.ID, w.now}}}
	if m.Number, err = w.tx.MeetingsCalled(ctx, def.Code, m.Year, c.Kind); err != nil {
		return err
	}
	m.Number++
	if m.ID, err = w.newID(ctx); err != nil {
		return err
	}
	return w.recordMeeting(Meeting{}, m, c.kind())
}

// ChangeMeeting changes a meeting whose minutes do not stand yet: its agenda, what it decided, which of that is done, or closes it.
type ChangeMeeting struct {
	Kind        string        `json:"kind"`
	Meeting     int64         `json:"meeting"`
	BaseVersion int64         `json:"base_version"`
	Agenda      []AgendaItem  `json:"agenda,omitempty"`   // the whole of it
	Text        string        `json:"text,omitempty"`     // of a decision
	Unit        string        `json:"unit,omitempty"`     // to which a decision goes as an order
	DueOn       campaign.Date `json:"due_on,omitempty"`   // of a decision
	Cases       []int64       `json:"cases,omitempty"`    // of the unit, that the order is about
	Decision    int           `json:"decision,omitempty"` // its place, from 1
}

func (c ChangeMeeting) kind() string         { return c.Kind }
func (c ChangeMeeting) content() any         { return c }
func (c ChangeMeeting) names(l *Locks)       { l.Cases = append(l.Cases, c.Cases...) }
func meetingFault(code, zh, en string) error { return fault.New(fault.KindConflict, code, zh, en) }

func (c ChangeMeeting) decide(ctx context.Context, w *work) error {
	before, err := w.tx.MeetingNow(ctx, c.Meeting)
	switch {
	case err != nil:
		return err
	case before.ID == 0:
		return fault.New(fault.KindNotFound, "meeting_not_found", "没有这次会议", "there is no such meeting")
	case before.Version != c.BaseVersion:
		return w.changedByAnother(ctx, NounMeeting, before.ID, c.BaseVersion)
	case before.Closed() && c.Kind != KindMeetingDone:
		return meetingFault("meeting_closed", "会议纪要已定稿，不能再改", "the minutes stand")
	}
	after := before
	after.Version++
	after.Agenda, after.Decisions, after.Acts = slices.Clone(before.Agenda), slices.Clone(before.Decisions), maps.Clone(before.Acts)
	switch c.Kind {
	case KindMeetingAgenda:
		after.Agenda, err = cleaned(c.Agenda)
	case KindMeetingDecide:
		err = c.decided(ctx, w, &after)
	case KindMeetingDone:
		err = c.done(w, &after)
	case KindMeetingClose:
		after.Acts[MeetingClosed] = Act{w.actor.ID, w.now}
	default:
		err = fault.New(fault.KindInvalid, "unknown_change", "没有“"+c.Kind+"”这种改动", "there is no change of kind "+c.Kind)
	}
	if err != nil {
		return err
	}
	return w.recordMeeting(before, after, c.kind())
}

// cleaned is an agenda without empty lines.
func cleaned(agenda []AgendaItem) ([]AgendaItem, error) {
	var list []AgendaItem
	for _, item := range agenda {
		if item.Text = strings.TrimSpace(item.Text); item.Text == "" {
			continue
		}
		if !campaign.KnownAgenda(item.Of) {
			return nil, fault.New(fault.KindInvalid, "unknown_agenda", "议题来源不明", "an item of the agenda is of nothing known")
		}
		list = append(list, item)
	}
	return list, nil
}

// decided adds a decision; one for a unit goes to it as an order in the same operation.
func (c ChangeMeeting) decided(ctx context.Context, w *work, m *Meeting) error {
	d := Decision{Text: strings.TrimSpace(c.Text), Unit: c.Unit, DueOn: c.DueOn}
	if d.Text == "" {
		return fault.New(fault.KindInvalid, "matter_missing", "请填写议定事项", "please say what was decided")
	}
	if d.Unit != "" {
		order, err := IssueOrder{Unit: d.Unit, Matter: m.Name().ZH + "议定：" + d.Text, Cases: c.Cases, DueOn: d.DueOn}.issue(ctx, w, m.ID)
		if err != nil {
			return err
		}
		d.Order = order.ID
	}
	m.Decisions = append(m.Decisions, d)
	return nil
}

// done says that a decision was carried out that went to no unit; an order says that itself.
func (c ChangeMeeting) done(w *work, m *Meeting) error {
	if c.Decision < 1 || c.Decision > len(m.Decisions) {
		return fault.New(fault.KindNotFound, "decision_not_found", "没有这项议定事项", "there is no such decision")
	}
	d := &m.Decisions[c.Decision-1]
	if d.Order != 0 || d.DoneOn != "" {
		return meetingFault("decision_over", "该议定事项已办结，或由督办单办理", "it is done, or its order says when it is")
	}
	d.DoneOn, d.DoneBy = w.today(), w.actor.ID
	return nil
}

func (w *work) recordMeeting(before, after Meeting, kind string) error {
	w.writes.Meetings = append(w.writes.Meetings, after)
	return w.recordNoun(before.ID != 0, Entry{Kind: kind, Noun: NounMeeting, NounID: after.ID, Version: after.Version},
		func() (Fields, error) { return MeetingFields(before) }, func() (Fields, error) { return MeetingFields(after) })
}
