package dossier

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// Event is one entry of a case's timeline (痕迹) in words.
type Event struct {
	ledger.Recorded
	Text   campaign.Text
	Note   string
	Undone bool
}

const milestonePrefix = "milestone/"

// timeline puts entries into words, newest first.
func timeline(track campaign.Track, entries []ledger.Recorded) []Event {
	undone := map[uuid.UUID]bool{}
	for _, e := range entries {
		if e.Body.Undoes != nil {
			undone[*e.Body.Undoes] = true
		}
	}
	events := make([]Event, 0, len(entries))
	for _, e := range slices.Backward(entries) {
		text, note := Words(track, e)
		events = append(events, Event{Recorded: e, Text: text, Note: note, Undone: undone[e.BatchID]})
	}
	return events
}

// Words says what an entry about a case did, and the note that went with it.
func Words(track campaign.Track, e ledger.Recorded) (text campaign.Text, note string) {
	switch e.Kind {
	case ledger.KindCaseList:
		return campaign.Text{ZH: "列入清单", EN: "listed"}, ""
	case ledger.KindUndo:
		return campaign.Text{ZH: "撤销", EN: "taken back"}, e.Body.Note
	case ledger.KindConflictResolve:
		return campaign.Text{ZH: "核对后改正", EN: "corrected after comparing"}, ""
	case ledger.KindCaseAmend:
		return amended(track, e.Body)
	}
	for _, k := range e.Body.Keys() {
		if code, isMark := strings.CutPrefix(k, milestonePrefix); isMark {
			return marked(track, code, e.Body.After[k])
		}
	}
	return campaign.Text{ZH: e.Kind, EN: e.Kind}, ""
}

func marked(track campaign.Track, code string, value json.RawMessage) (text campaign.Text, note string) {
	var m campaign.Mark
	i := track.Index(code)
	if i < 0 || json.Unmarshal(value, &m) != nil {
		return campaign.Text{ZH: code, EN: code}, ""
	}
	kind := track.Milestones[i]
	if m.NotApplicable {
		return campaign.Text{ZH: kind.Name.ZH + "：不适用", EN: kind.Name.EN + ": not applicable"}, m.Reason
	}
	return campaign.Text{ZH: kind.State.ZH + "（" + m.DoneOn.Short() + "）", EN: kind.State.EN + " (" + m.DoneOn.Short() + ")"}, m.Note
}

func amended(track campaign.Track, b ledger.Body) (text campaign.Text, note string) {
	var zh, en []string
	for _, k := range b.Keys() {
		if code, isMark := strings.CutPrefix(k, milestonePrefix); isMark {
			if i := track.Index(code); i >= 0 {
				zh, en = append(zh, track.Milestones[i].PlanLabel.ZH), append(en, track.Milestones[i].PlanLabel.EN)
			}
			continue
		}
		if name, known := fieldName(k); known {
			zh, en = append(zh, name.ZH), append(en, name.EN)
		}
	}
	return campaign.Text{ZH: "修改了" + strings.Join(zh, "、"), EN: "changed " + strings.Join(en, ", ")}, ""
}

func fieldName(key string) (campaign.Text, bool) {
	switch key {
	case "label":
		return campaign.Text{ZH: "名称", EN: "name"}, true
	case "responsible":
		return campaign.Text{ZH: "责任人", EN: "person responsible"}, true
	case "note":
		return campaign.Text{ZH: "说明", EN: "note"}, true
	}
	return campaign.Text{}, false
}
