package dossier

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Event is one entry of a case's timeline (痕迹) in words.
type Event struct {
	ledger.Recorded
	Text   campaign.Text
	Note   string
	Undone bool
	// On is the civil day it happened; Late says that it was recorded on a later one (补报).
	On   campaign.Date
	Late bool
}

// timeline puts entries into words, newest first.
func timeline(d campaign.Definition, track campaign.Track, entries []ledger.Recorded) []Event {
	undone, batches := map[uuid.UUID]bool{}, map[uuid.UUID]campaign.Text{}
	sheets := sheetsOf(d, entries)
	for _, e := range entries {
		if e.Body.Undoes != nil {
			undone[*e.Body.Undoes] = true
		}
		batches[e.BatchID], _ = Words(d, track, e)
	}
	events := make([]Event, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		if e.Kind == ledger.KindPhotoReceive {
			continue // a receipt, nobody's act: the photo itself says that it is there
		}
		said, note := Words(d, track, e)
		if s, ofSheet := sheets[e.NounID]; ofSheet && e.Noun == ledger.NounSheet {
			said = filledIn(said, s, e.Body)
		}
		if e.Body.Undoes != nil {
			said = takenBack(said, batches[*e.Body.Undoes])
		}
		on := happenedOn(e)
		late := on < campaign.DateOf(e.RecordedAt.In(campaign.Shanghai()))
		events = append(events, Event{Recorded: e, Text: said, Note: note, Undone: undone[e.BatchID], On: on, Late: late})
	}
	return events
}

// takenBack says what was taken back, where that is in the case's own journal.
func takenBack(said, what campaign.Text) campaign.Text {
	if what.ZH == "" {
		return said
	}
	return text(said.ZH+"“"+what.ZH+"”", said.EN+": “"+what.EN+"”")
}

// happenedOn is the day the author claims, or the earlier day of a milestone that was marked.
func happenedOn(e ledger.Recorded) campaign.Date {
	on := campaign.DateOf(e.HappenedAt.In(campaign.Shanghai()))
	if e.Kind != ledger.KindCaseMilestone && e.Kind != ledger.KindCaseList {
		return on
	}
	for key, value := range e.Body.After {
		var m campaign.Mark
		if strings.HasPrefix(key, milestonePrefix) && json.Unmarshal(value, &m) == nil && m.DoneOn != "" && m.DoneOn < on {
			on = m.DoneOn
		}
	}
	return on
}

// Words says what an entry about a case did, and the note that went with it.
func Words(d campaign.Definition, track campaign.Track, e ledger.Recorded) (said campaign.Text, note string) {
	v := &voice{d, track}
	said, note = v.deed(deedOf(e)), e.Body.Note
	switch e.Kind {
	case ledger.KindCaseMilestone, ledger.KindCaseNotApplicable, ledger.KindCaseTemplate:
		return v.marked(said, e.Body)
	case ledger.KindCaseAsk:
		return v.asked(said, e.Body)
	case ledger.KindCaseAssign:
		return assigned(said, e.Body), note
	case ledger.KindCaseDecide:
		return v.moved(said, e.Body), note
	case ledger.KindCaseMeasure:
		return measured(said, e.Body), note
	case ledger.KindPhotoAttach, ledger.KindPhotoRemove:
		return v.pictured(said, e.Body), note
	case ledger.KindLadderTell, ledger.KindCaseRemind:
		return v.reminded(said, e.Body)
	}
	return said, note
}

// marked adds the day and the note of what was done, or why it is not applicable.
func (v *voice) marked(said campaign.Text, b ledger.Body) (words campaign.Text, note string) {
	for _, m := range v.track.Milestones {
		var mark campaign.Mark
		if value, touched := b.After[milestonePrefix+m.Code]; !touched || json.Unmarshal(value, &mark) != nil {
			continue
		}
		if mark.NotApplicable {
			return said, mark.Reason
		}
		if mark.DoneOn != "" {
			return text(m.State.ZH+"（"+mark.DoneOn.Short()+"）", m.State.EN+" ("+mark.DoneOn.Short()+")"), mark.Note
		}
	}
	return said, b.Note
}

// asked adds the plan that is to move, and the reason.
func (v *voice) asked(said campaign.Text, b ledger.Body) (words campaign.Text, note string) {
	for key, value := range b.After {
		var r campaign.Request // a side state has its reason under the same name
		if !strings.HasPrefix(key, requestPrefix) && !strings.HasPrefix(key, sidePrefix) || json.Unmarshal(value, &r) != nil {
			continue
		}
		if i := v.track.Index(r.Milestone); i >= 0 {
			m := v.track.Milestones[i]
			said = text(said.ZH+"："+m.Name.ZH+"至"+r.Until.Short(), said.EN+": "+m.Name.EN+" until "+r.Until.Short())
		}
		return said, r.Reason
	}
	return said, b.Note
}

// assigned adds who is to end a side state, and by when.
func assigned(said campaign.Text, b ledger.Body) campaign.Text {
	for key, value := range b.After {
		var s campaign.Side
		if !strings.HasPrefix(key, sidePrefix) || json.Unmarshal(value, &s) != nil {
			continue
		}
		said = text(said.ZH+"："+s.Owner, said.EN+": "+s.Owner)
		if s.Until != "" {
			said = text(said.ZH+"（"+s.Until.Short()+"前）", said.EN+" (by "+s.Until.Short()+")")
		}
	}
	return said
}

// moved adds the plan that an approved extension moved.
func (v *voice) moved(said campaign.Text, b ledger.Body) campaign.Text {
	for _, m := range v.track.Milestones {
		var mark campaign.Mark
		if value, touched := b.After[milestonePrefix+m.Code]; touched && json.Unmarshal(value, &mark) == nil && mark.PlanOn != "" {
			return text(said.ZH+"："+m.Name.ZH+"至"+mark.PlanOn.Short(), said.EN+": "+m.Name.EN+" until "+mark.PlanOn.Short())
		}
	}
	return said
}

// reminded says whom a reminder reached and what was late; by hand also what was said with it.
func (v *voice) reminded(said campaign.Text, b ledger.Body) (words campaign.Text, note string) {
	var milestone, rung, person string
	for key, into := range map[string]*string{"milestone": &milestone, "rung": &rung, "person": &person, "words": &note} {
		_ = json.Unmarshal(b.After[key], into) // what an entry lacks stays empty
	}
	if rung != campaign.RungHand {
		name := v.definition.RungName(rung)
		said = text(said.ZH+"："+name.ZH, said.EN+": "+name.EN)
	}
	if person != "" && (rung == campaign.RungPerson || rung == campaign.RungHand) {
		said = text(said.ZH+person, said.EN+" "+person)
	}
	if i := v.track.Index(milestone); i >= 0 {
		said = text(said.ZH+"（"+v.track.Milestones[i].Missing.ZH+"）", said.EN+" ("+v.track.Milestones[i].Missing.EN+")")
	}
	return said, note
}

// measured says the areas that were entered.
func measured(said campaign.Text, b ledger.Body) campaign.Text {
	var zh, en []string
	for _, k := range []string{"recovered", "effective", "floor"} {
		var a geo.Area
		value, touched := b.After[k]
		if !touched || json.Unmarshal(value, &a) != nil {
			continue
		}
		name, _ := campaign.FieldName(k)
		size := text(a.Mu()+" 亩", a.Mu()+" mu")
		if k == "floor" {
			size = text(a.SquareMetresText()+" ㎡", a.SquareMetresText()+" m²")
		}
		zh, en = append(zh, name.ZH+" "+size.ZH), append(en, name.EN+" "+size.EN)
	}
	if len(zh) == 0 {
		return said
	}
	return text(strings.Join(zh, "，"), strings.Join(en, ", "))
}
